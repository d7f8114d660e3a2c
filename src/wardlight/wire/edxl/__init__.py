"""What is told outside in the words of EDXL and CAP, and what neighbours tell in them."""
