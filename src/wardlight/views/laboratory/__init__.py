"""Requests, specimens, blood, images and results, from the ward and back to it."""
