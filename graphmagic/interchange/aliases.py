"""Types of operations that graphmagic has under another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.dtypes import variant
from graphmagic.graph.opdef import registry

__all__ = ["ALIASES", "alias"]

Attrs = dict[str, Any]


def _as(kind: str, **renamed: str) -> Callable[[Attrs], tuple[str, Attrs]]:
    """The same operation, with some attributes under other names."""

    def alias(attrs: Attrs) -> tuple[str, Attrs]:
        attrs = dict(attrs)
        attrs.update({new: attrs[old] for new, old in renamed.items() if old in attrs})
        return kind, attrs

    return alias


def _div(attrs: Attrs) -> tuple[str, Attrs]:
    """Version 1's division: that of C."""
    return "TruncateDiv" if attrs["T"].is_integer else "RealDiv", attrs


def _by_type(plain: str, of_variants: str) -> Callable[[Attrs], tuple[str, Attrs]]:
    """One operation for numbers, another one for lists and optional values."""
    return lambda attrs: (of_variants if attrs["T"] is variant else plain, attrs)


# For each type of TensorFlow the type and attributes of graphmagic.
ALIASES: dict[str, Callable[[Attrs], tuple[str, Attrs]]] = {
    "AddN": _by_type("AddN", "VariantAddN"),
    "AddV2": _as("Add"),
    "BatchMatMul": _as("BatchMatMulV2"),
    "BatchMatMulV3": _as("BatchMatMulV2", T="Ta"),
    "CheckNumericsV2": _as("CheckNumerics"),
    "Div": _div,
    "FusedBatchNorm": _as("FusedBatchNormV3", U="T"),
    "FusedBatchNormV2": _as("FusedBatchNormV3"),
    "Inv": _as("Reciprocal"),
    "Mod": _as("TruncateMod"),
    "PlaceholderV2": _as("Placeholder"),
    "RefIdentity": _as("Identity"),
    "Snapshot": _as("Identity"),
    "Variable": _as("VariableV2"),
    "ZerosLike": _by_type("ZerosLike", "VariantZerosLike"),
    # Resource variables become ordinary ones: the handle is the variable itself.
    "VarHandleOp": _as("VariableV2"),
    "ReadVariableOp": _as("Identity", T="dtype"),
    "VarIsInitializedOp": _as("IsVariableInitialized"),
    "AssignVariableOp": _as("Assign", T="dtype"),
    "AssignAddVariableOp": _as("AssignAdd", T="dtype"),
    "AssignSubVariableOp": _as("AssignSub", T="dtype"),
}


def alias(kind: str) -> Callable[[Attrs], tuple[str, Attrs]] | None:
    """What becomes of the attributes of a type of operation that graphmagic knows under another name.

    >>> alias("ResourceApplyAdam")({})[0], alias("MatMul")
    ('ApplyAdam', None)
    """
    update = kind.removeprefix("Resource")
    if update != kind and update.startswith(("Apply", "SparseApply")) and registry.get(update) is not None:
        return _as(update)
    return ALIASES.get(kind)
