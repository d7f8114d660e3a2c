"""The standards' words, both directions: bytes of other systems in, bytes for them out."""
