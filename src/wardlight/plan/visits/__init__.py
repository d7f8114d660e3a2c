"""Visits that take one slot each."""
