"""The table of figures, in Markdown."""

from __future__ import annotations

from statistics import median
from typing import Any

from benchmarks.case import Case
from benchmarks.measure import ratio

__all__ = ["HEAD", "PEERS", "row"]

PEERS = {"tensorflow": "TensorFlow 1", "numpy": "NumPy", "jax": "JAX"}
HEAD = "\n".join(
    [
        f"| work | ours | {' | '.join(f'to {name} | aim' for name in PEERS.values())} |",
        f"|---|---|{'---|---|' * len(PEERS)}",
    ]
)
SCALES = {"us": (1e6, "us"), "ms": (1e3, "ms"), "MB": (1.0, "MB")}


def row(case: Case, figures: dict[str, list[float]]) -> str:
    """One line: our median time, and for each peer the median ratio with quartiles, and what was aimed at."""
    scale, unit = SCALES[case.unit]
    cells = [case.what, f"{median(figures['graphmagic']) * scale:,.3g} {unit}"]
    for peer in PEERS:
        cells.append(_ratio(figures, peer))
        cells.append(_aim(case, peer, figures))
    return f"| {' | '.join(cells)} |"


def _ratio(figures: dict[str, Any], peer: str) -> str:
    if peer not in figures:
        return ""
    middle, low, high = ratio(figures["graphmagic"], figures[peer])
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _aim(case: Case, peer: str, figures: dict[str, Any]) -> str:
    if peer not in case.aims:
        return ""
    if peer not in figures:
        return f"{case.aims[peer]:g}"
    reached = ratio(figures["graphmagic"], figures[peer])[0] <= case.aims[peer]
    return f"{case.aims[peer]:g} {'reached' if reached else 'missed'}"
