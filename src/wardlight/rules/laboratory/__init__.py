"""Requests, specimens, blood, images and results."""
