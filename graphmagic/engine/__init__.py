"""How a fetch becomes NumPy calls: plans, the passes that improve them, and the state of a session."""
