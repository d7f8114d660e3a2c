"""Paper that leaves a node and comes back to it."""
