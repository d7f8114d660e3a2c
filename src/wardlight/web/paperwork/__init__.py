"""Forms and the register of paper."""
