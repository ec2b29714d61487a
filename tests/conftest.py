"""Property tests try the same examples on every machine, however slow it is."""

from hypothesis import settings

settings.register_profile("graphmagic", deadline=None, derandomize=True, database=None)
settings.load_profile("graphmagic")
