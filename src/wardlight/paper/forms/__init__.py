"""The form library: one readable file for each form, and what prints it."""
