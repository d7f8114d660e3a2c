"""What comes in: hospital feeds, each acknowledged only when it is safe on disk."""
