"""Wristbands and labels, and the barcodes on them."""
