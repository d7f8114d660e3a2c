"""Sheets of paper: printed, returned, read."""
