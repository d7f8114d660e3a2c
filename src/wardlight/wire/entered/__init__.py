"""What staff entered, as the same facts a feed would have stated: one reader for each subject."""
