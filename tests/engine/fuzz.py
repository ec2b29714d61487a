"""``python tests/engine/fuzz.py N [FIRST] [WITHOUT]``: check N random graphs, and report the seeds that fail.

WITHOUT is a rule of safety to switch off, such as ``fetch``: then there must be failures.
"""

import sys

from fuzzing.check import check

from graphmagic.engine.specialised import RULES

__all__ = ["failing"]


def failing(seeds: range, without: str = "") -> dict[int, str]:
    """The seeds whose graphs the engine gets wrong, with what is wrong."""
    found = {}
    for seed in seeds:
        try:
            check(seed, RULES - {without})
        except Exception as error:
            found[seed] = f"{type(error).__name__}: {error}"
    return found


if __name__ == "__main__":
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    wrong = failing(range(first, first + count), sys.argv[3] if len(sys.argv) > 3 else "")
    sys.stdout.write(f"{count} graphs, {len(wrong)} failures\n")
    for seed, message in list(wrong.items())[:20]:
        sys.stdout.write(f"seed {seed}: {message}\n")
    sys.exit(bool(wrong))
