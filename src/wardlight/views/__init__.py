"""What is known now: folds over the log, kept in memory, rebuilt from it at any time."""
