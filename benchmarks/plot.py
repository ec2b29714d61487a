"""The ratios as a picture: an SVG with a line for each piece of work, on a logarithmic scale."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from benchmarks.case import Case
from benchmarks.measure import ratio
from benchmarks.table import PEERS

__all__ = ["picture"]

COLOURS = {"tensorflow": "#b3541e", "numpy": "#1f5c99", "jax": "#5b7a1e"}
LEFT, WIDTH, STEP, TOP = 320, 520, 26, 76
APART = 7  # peers stand below each other, since their figures often agree
LOWEST, HIGHEST = 0.005, 8.0


def picture(rows: Sequence[tuple[Case, dict[str, list[float]]]]) -> str:
    """An SVG document: dots are median ratios, bars their quartiles, open rings are aims."""
    rows = [(case, figures) for case, figures in rows if set(figures) & set(PEERS)]
    height = TOP + STEP * len(rows) + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 30}" height="{height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{LEFT + WIDTH + 30}" height="{height}" fill="white"/>',
        *_legend(),
        *_stripes(len(rows)),
        *_grid(height),
    ]
    for number, (case, figures) in enumerate(rows):
        parts += _line(case, figures, TOP + STEP * number + STEP // 2)
    return "\n".join([*parts, "</svg>", ""])


def _at(value: float) -> float:
    share = math.log(min(max(value, LOWEST), HIGHEST) / LOWEST) / math.log(HIGHEST / LOWEST)
    return round(LEFT + WIDTH * share, 1)


def _legend() -> list[str]:
    parts = ['<text x="10" y="18">our time divided by theirs; left of 1 we are faster</text>']
    for number, (peer, name) in enumerate(PEERS.items()):
        x = LEFT + 130 * number
        parts.append(f'<circle cx="{x}" cy="14" r="4" fill="{COLOURS[peer]}"/>')
        parts.append(f'<text x="{x + 9}" y="18">{name}</text>')
    key = f'cx="{LEFT}" cy="34" r="5" fill="none" stroke="#555" stroke-dasharray="2 1"'
    parts.append(f'<circle {key}/><text x="{LEFT + 9}" y="38">what is aimed at</text>')
    parts.append(f'<path d="M{LEFT + 122} 34h16" stroke="#555" stroke-width="2"/>')
    parts.append(f'<text x="{LEFT + 144}" y="38">half of all rounds</text>')
    return parts


def _stripes(count: int) -> list[str]:
    size = f'width="{LEFT + WIDTH + 20}" height="{STEP}" fill="#f6f6f6"'
    return [f'<rect x="5" y="{TOP + STEP * number}" {size}/>' for number in range(0, count, 2)]


def _grid(height: int) -> list[str]:
    parts = []
    for value in (0.01, 0.03, 0.1, 0.3, 1.0, 3.0):
        colour = "#555" if value == 1 else "#ddd"
        parts.append(f'<path d="M{_at(value)} {TOP - 8}V{height - 16}" stroke="{colour}"/>')
        parts.append(f'<text x="{_at(value)}" y="{TOP - 14}" text-anchor="middle">{value:g}</text>')
    return parts


def _line(case: Case, figures: dict[str, list[float]], y: int) -> list[str]:
    parts = [f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{html.escape(case.what)}</text>']
    shown = [peer for peer in PEERS if peer in case.aims or peer in figures]
    for number, peer in enumerate(shown):
        at = y + APART * (number - (len(shown) - 1) / 2)
        if peer in case.aims:
            ring = f'r="5" fill="none" stroke="{COLOURS[peer]}" stroke-dasharray="2 1"'
            parts.append(f'<circle cx="{_at(case.aims[peer])}" cy="{at}" {ring}/>')
        if peer in figures:
            middle, low, high = ratio(figures["graphmagic"], figures[peer])
            parts.append(
                f'<path d="M{_at(low)} {at}H{_at(high)}" stroke="{COLOURS[peer]}" stroke-width="2"/>'
            )
            parts.append(f'<circle cx="{_at(middle)}" cy="{at}" r="3.5" fill="{COLOURS[peer]}"/>')
    return parts
