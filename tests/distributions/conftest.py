"""The table of distributions stands next to the tests, and is also read by the script that records answers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
