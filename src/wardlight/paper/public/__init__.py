"""What the public reads: the page, the poster, the words on the phone, all of one decision."""
