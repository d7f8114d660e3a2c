"""What is open, who diverts, how full it is, and what is told outside."""
