"""Draw the pictures of `drawing.md`, from the graphs of the tests' gallery: ``python docs/gallery_images.py``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import graphmagic as tf
from graphmagic import draw

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "draw"))

import gallery  # noqa: E402

PICTURES: Mapping[str, tuple[str, dict[str, Any]]] = {
    "linear": ("linear", {}),
    "mlp": ("mlp", {}),
    "lenet": ("lenet", {}),
    "lstm": ("lstm", {}),
    "resnet": ("resnet", {}),
    "loops": ("branches", {}),
    "expand": ("resnet", {"expand": "block_4", "collapse": ["logits", "stem"]}),
    "around": ("lenet", {"around": "conv_1/Relu", "hops": 2}),
    "fetch": ("linear", {"fetches": "prediction", "direction": "LR"}),
    "legend": ("linear", {"legend": True}),
    "dark": ("linear", {"theme": "dark", "direction": "LR"}),
}
"""What each is called, the graph it shows, and how it is drawn."""


def session_values(graph: tf.Graph) -> dict[str, Any]:
    """The values of a session in which one of the variables was initialized."""
    with tf.Session(graph=graph) as session:
        session.run(graph.get_operation_by_name("w/Assign"))
        return {state.name: state.value for state in session.variables()}


def main() -> None:
    """Write all pictures."""
    for name, (graph, options) in PICTURES.items():
        draw.picture(gallery.drawn(graph), name=graph, **options).save(HERE / "images" / f"{name}.svg")
    graph = gallery.drawn("linear")
    picture = draw.picture(graph, name="linear", direction="LR", values=session_values(graph))
    picture.save(HERE / "images" / "session.svg")


if __name__ == "__main__":
    main()
