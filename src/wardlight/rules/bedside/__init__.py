"""Orders, observations and weights."""
