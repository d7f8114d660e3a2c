"""Wiring, settings and the command line: the only code that reads clock, environment and chance."""
