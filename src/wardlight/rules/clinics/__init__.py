"""Visits and operations, and the calls about them."""
