"""What a network publishes of itself: documents for programs, a page for people, figures."""
