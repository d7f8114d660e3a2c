"""Ward packs: the sheets of every patient of a ward."""
