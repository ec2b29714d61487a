"""What Keras writes: the table of a model, and how its training goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphmagic.keras.base_layers import history_of

__all__ = ["begun", "progress", "table_of"]


def table_of(model: Any, width: int) -> Iterator[str]:
    """The lines of a table of the layers of a model.

    Args:
        model: the model.
        width: how wide it is.
    """
    yield f'Model: "{model.name}"'
    yield "_" * width
    yield _row(width, "Layer (type)", "Output Shape", "Param #")
    yield "=" * width
    shapes = {layer: tensor.shape for tensor, (layer, _) in history_of().items()}
    for number, layer in enumerate(model.layers, 1):
        shape = tuple(shapes[layer].as_list()) if shapes[layer].ndims is not None else "?"
        yield _row(width, f"{layer.name} ({type(layer).__name__})", str(shape), str(layer.count_params()))
        yield ("=" if number == len(model.layers) else "_") * width
    trained = sum(int(v.shape.num_elements() or 0) for v in model.trainable_weights)
    yield f"Total params: {model.count_params():,}"
    yield f"Trainable params: {trained:,}"
    yield f"Non-trainable params: {model.count_params() - trained:,}"
    yield "_" * width


def _row(width: int, *fields: str) -> str:
    """Fields in columns that end after 45, 85 and 100 percent of the width."""
    line = ""
    for part, field in zip((0.45, 0.85, 1.0), fields, strict=True):
        end = int(width * part)
        line = f"{line}{field}"[:end].ljust(end)
        line = line[:-1] + " " if part < 1.0 else line
    return line


def begun(count: int, checked: int) -> str:
    """What stands above the first epoch.

    >>> begun(8, 2)
    'Train on 8 samples, validate on 2 samples'
    """
    return f"Train on {count} samples" + (f", validate on {checked} samples" if checked else "")


def progress(verbose: int, count: int, seconds: float, logs: dict[str, float]) -> str:
    """What stands below an epoch: a bar, unless `verbose` is 2, the time it took, losses and metrics.

    >>> progress(2, 8, 0.2, {"loss": 0.5})
    '8/8 - 0s - loss: 0.5000'
    >>> progress(1, 8, 0.0004, {"loss": 0.5})
    '8/8 [==============================] - 0s 50us/sample - loss: 0.5000'
    """
    said = " - ".join(f"{name}: {value:.4f}" for name, value in logs.items())
    if verbose == 2:
        return f"{count}/{count} - {seconds:.0f}s - {said}"
    each = seconds / max(count, 1)
    pace = f"{each * 1e6:.0f}us" if each < 1e-3 else f"{each * 1e3:.0f}ms" if each < 1 else f"{each:.0f}s"
    return f"{count}/{count} [{'=' * 30}] - {seconds:.0f}s {pace}/sample - {said}"
