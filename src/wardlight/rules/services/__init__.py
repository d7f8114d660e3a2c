"""What is open, and what is said of it outside."""
