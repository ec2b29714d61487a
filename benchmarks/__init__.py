"""Comparisons with TensorFlow 1's `Session.run` and with hand-written NumPy, as ratios measured in one process."""
