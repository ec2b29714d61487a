"""Graphs that come from TensorFlow, or go there: protocol buffers in, protocol buffers out."""
