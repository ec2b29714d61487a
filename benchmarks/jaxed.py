"""JAX as a peer: compiled functions that carry their state along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.case import Work

__all__ = ["calling", "stepping"]


def calling(function: Callable[..., Any], *arguments: Any) -> Work:
    """A work that calls a compiled function and waits for its result."""
    import jax

    compiled = jax.jit(function)
    return lambda: jax.block_until_ready(compiled(*arguments))


def stepping(step: Callable[..., Any], state: Any, *arguments: Any) -> Work:
    """A work that makes of a state the next one."""
    import jax

    compiled = jax.jit(step)
    held = [jax.tree.map(jax.numpy.asarray, state)]

    def work() -> None:
        held[0] = jax.block_until_ready(compiled(held[0], *arguments))

    return work
