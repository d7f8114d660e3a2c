"""Whether a dose may be given and what has to be said before."""
