"""What is printed: views laid out as sheets, and sheets as PDF."""
