"""Which patient goes to which hospital, and when."""
