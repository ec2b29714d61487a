"""The tests of this folder import the table, which lives next to them, and share one profile of hypothesis."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

settings.register_profile("ops", deadline=None, derandomize=True, max_examples=50, database=None)
settings.load_profile("ops")
