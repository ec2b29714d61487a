"""Live panels change while a cell runs; this plugin lets nbval compare their last state."""

pytest_plugins = ["graphmagic.notebook.testing"]
