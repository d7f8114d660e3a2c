"""Medicines, observations and fluids as a ward charts them."""
