"""Training sessions that look after themselves: hooks, scaffolds, recovery (parts of ``tf.train``, loaded when used)."""
