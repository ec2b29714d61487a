"""The lines of the table: `Case` says how an operation is used rightly, `Mistake` how wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from operator import attrgetter
from typing import Any

__all__ = ["Case", "Mistake", "applied", "load_parts", "raw"]

# what is loaded when first used
PARTS = (
    *(
        "contrib.seq2seq",
        "data",
        "files",
        "image",
        "lookup",
        "nn.ctc",
        "nn.ctc_decoding",
        "parsing",
        "queues",
    ),
    *("readers", "summary"),
)

Build = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """One use of an operation, written once and built with both libraries.

    Attributes:
        op: the operation type that the case is about.
        name: tells it from the other cases of the type.
        build: ``build(tf, *tensors)`` returns a tensor, an operation, or a list of them.
        inputs: the arrays that the tensors are fed with; no two dimensions of one size.
        grad: the inputs to differentiate with respect to; the recorded answer may be that there is no gradient.
        order: how many times finite differences check the derivative; the inputs stay away from kinks and borders.
        ulp: how many units in the last place values may differ from the recorded ones.
        atol: how much they may differ besides.
        grad_ulp: the same for recorded gradients.
        grad_atol: the same for recorded gradients.
        runs: how many consecutive runs are compared.
        square: why an input has two sizes that are equal, where it must.
        reference: computes the expected outputs from the inputs, for what TensorFlow has no operation for.
        gradients: the right gradients, where they are not the recorded ones; None stands for those.
        why: the reason for `gradients`.
        shapes: static shapes we infer on purpose where TensorFlow infers less, by mode.
    """

    op: str
    name: str
    build: Build
    inputs: tuple[Any, ...] = ()
    grad: tuple[int, ...] = ()
    order: int = 2
    ulp: float = 0
    atol: float = 0.0
    grad_ulp: float = 4
    grad_atol: float = 1e-7
    runs: int = 1
    square: str = ""
    reference: Callable[..., Any] | None = None
    gradients: tuple[Any, ...] | None = None
    why: str = ""
    shapes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.op}-{self.name}"


@dataclass(frozen=True)
class Mistake:
    """One wrong use of an operation, and the error it must give.

    Attributes:
        op: the operation type that the mistake is about.
        name: tells it from the other mistakes of the type.
        build: ``build(tf, *tensors)``; it fails, or what it returns fails when it is run.
        inputs: the arrays that the tensors are fed with.  Known shapes find mistakes of shape while building,
            unknown ones let them through to the run, so each mistake is made both ways.
        initialize: whether to run the initializers of the variables first.
        says: by mode ``(stage, kind, text)`` where the right answer is not the one recorded; `why` says why.
        why: the reason for `says`.
    """

    op: str
    name: str
    build: Build
    inputs: tuple[Any, ...] = ()
    initialize: bool = True
    says: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    why: str = ""

    @property
    def id(self) -> str:
        return f"{self.op}-{self.name}"

    @property
    def modes(self) -> tuple[str, ...]:
        return ("full", "unknown") if self.inputs else ("full",)


def applied(function: str, *arguments: Any, **keywords: Any) -> Build:
    """What calls one function, by its dotted name, with the tensors and then further arguments."""
    return lambda tf, *tensors: attrgetter(function)(tf)(*tensors, *arguments, **keywords)


def load_parts() -> None:
    """Declare the types of graphmagic that are declared when first used."""
    for part in PARTS:
        import_module(f"graphmagic.{part}")


def raw(tf: Any, op_type: str, *inputs: Any, **attrs: Any) -> Any:
    """One operation by its type, for types that no public function makes directly."""
    if tf.__name__ == "graphmagic":
        from graphmagic.graph.apply import apply_op
        from graphmagic.graph.opdef import registry

        if op_type not in registry:
            load_parts()
        op = apply_op(registry[op_type], *inputs, **attrs)
        return op.outputs[0] if len(op.outputs) == 1 else list(op.outputs) or op
    import inspect

    function = getattr(tf.raw_ops, op_type)
    names = list(inspect.signature(function).parameters)
    result = function(**dict(zip(names, inputs, strict=False)), **attrs)
    return list(result) if isinstance(result, tuple) else result
