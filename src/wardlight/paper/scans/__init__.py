"""Back from paper: which sheet a picture shows, and which boxes on it are ticked."""
