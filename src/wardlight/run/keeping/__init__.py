"""A node's log looked after: keys, backups, mirror, evidence, retention."""
