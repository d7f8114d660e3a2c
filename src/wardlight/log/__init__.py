"""The only store of truth: what was said to this node, in order, durable and chained by hash."""
