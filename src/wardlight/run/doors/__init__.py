"""Who reaches a node, and by which proof."""
