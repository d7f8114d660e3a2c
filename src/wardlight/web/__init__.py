"""Screens for wards: server-made pages that also work without a script and on an old browser."""
