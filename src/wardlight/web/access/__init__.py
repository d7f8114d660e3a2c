"""Who may come in, as whom, and what is kept of it: with no directory service anywhere."""
