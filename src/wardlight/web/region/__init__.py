"""Screens of the region: where ambulances go, and the map. No patient is on them."""
