"""What happened, one class per kind of happening, whichever feed or person said it."""
