"""Every tutorial notebook, as committed, makes a deck that shows in a browser without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.browser
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_every_slide_of_a_tutorial_shows(
    notebook: Path,
    export_deck: Callable[..., Path],
    walk_slides: Callable[[Path], list[dict[str, Any]]],
) -> None:
    looks = walk_slides(export_deck(notebook))

    assert len(looks) > 1
    assert all(look["text"] for look in looks)
    assert [look["scrolling"] for look in looks if look["scrolling"]] == []
