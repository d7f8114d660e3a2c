"""Wardlight: what a hospital network runs on while its own computers are down."""

__version__ = "0.3.0"
