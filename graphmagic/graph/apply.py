"""Adding an operation to a graph: convert the arguments, match the types, infer the shapes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.dtypes import ALL, DType, as_dtype
from graphmagic.graph.constants import UnusableShapeError, partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.explain import created_at, input_shapes, with_notes
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.nodedef import attr_text
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.signature import Arg
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["apply_op", "graph_of", "output_types"]


def apply_op(opdef: OpDef, *args: Any, name: str | None = None, **attrs: Any) -> Operation:
    """Add one operation to the graph.

    Args:
        opdef: the type of operation.
        *args: its inputs in the order of the signature; whatever is no tensor becomes a constant.
        name: its name; the type's name if None.  A name that ends in ``/`` is taken as it is.
        **attrs: its attributes.

    Returns:
        The new `Operation`.

    Raises:
        TypeError: the types of the inputs do not match.
        ValueError: the shapes of the inputs do not match, inputs come from different graphs, or an attribute that
            names one of a few things names none of them.
    """
    graph = graph_of(args)
    with graph.as_default(), graph.name_scope(name or opdef.name) as scope:
        _check_choices(opdef, attrs)
        inputs, all_attrs = _convert_inputs(opdef, args, {**opdef.defaults, **attrs})
        user = scope[:-1]
        inputs = [
            [graph.own(t, user) for t in item] if isinstance(item, list) else graph.own(item, user)
            for item in inputs
        ]
        outputs = [dtype for arg in opdef.outputs for dtype in output_types(arg, all_attrs)]
        return graph.create_op(opdef, inputs, outputs, all_attrs, scope, infer_shapes)


def graph_of(args: Any) -> Graph:
    """The graph that the first tensor among `args` belongs to, else the default graph.

    Raises:
        ValueError: two tensors belong to different graphs.
    """
    first: Any = None
    for item in _graph_items(args):
        if first is None:
            first = item
        elif item.graph is not first.graph:
            raise with_notes(
                ValueError(
                    f"{item} must be from the same graph as {first} (graphs are {item.graph!r} and {first.graph!r})."
                ),
                *[created_at(getattr(element, "op", element)) for element in (first, item)],
                "To fix it: make everything that works together inside one `with graph.as_default():` block.",
            )
    return get_default_graph() if first is None else first.graph


def _graph_items(args: Any) -> list[Any]:
    found = []
    for arg in args:
        if type(arg) is Tensor:
            found.append(arg)
        elif isinstance(arg, (list, tuple)):
            found += _graph_items(arg)
        elif isinstance(arg, (Tensor, Operation)) or getattr(arg, "is_graph_variable", False):
            found.append(arg)
    return found


def _check_choices(opdef: OpDef, attrs: dict[str, Any]) -> None:
    for key, allowed in opdef.choices.items():
        if key in attrs and attrs[key] not in allowed:
            listed = ", ".join(f'"{value}"' for value in allowed)
            raise ValueError(
                f"Attr '{key}' of '{opdef.name}' Op passed string '{attrs[key]}' not in: {listed}."
            )


def _convert_inputs(
    opdef: OpDef, args: Sequence[Any], attrs: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    explicit = {key: value for key, value in attrs.items() if value is not None}
    known: dict[str, str] = {key: "" for key in explicit if key not in opdef.defaults}
    inputs: list[Any] = []
    if len(args) != len(opdef.inputs):
        raise TypeError(f"{opdef.name} takes {len(opdef.inputs)} inputs, not {len(args)}")
    for key in opdef.types:
        if key in explicit:
            _check_type(opdef, key, key, explicit[key])
    for arg, value in zip(opdef.inputs, args, strict=True):
        if arg.is_list:
            inputs.append(_convert_list(opdef, arg, value, explicit, known))
        else:
            inputs.append(_convert_one(opdef, arg, arg.name, value, explicit, known))
    return inputs, explicit


def _convert_list(
    opdef: OpDef, arg: Arg, values: Any, attrs: dict[str, Any], known: dict[str, str]
) -> list[Tensor]:
    if not isinstance(values, (list, tuple)):
        raise TypeError(f"Expected list for '{arg.name}' argument to '{opdef.name}' Op, not {values!r}.")
    if arg.is_type_list:
        tensors = [convert_to_tensor(v, name=f"{arg.name}_{i}") for i, v in enumerate(values)]
        attrs[arg.type_attr] = [t.dtype.base_dtype for t in tensors]
        return tensors
    attrs[arg.number_attr] = len(values)
    if arg.type_attr and arg.type_attr not in known:  # the first tensor among the values decides the type
        for value in values:
            dtype = getattr(value, "dtype", None)
            if isinstance(dtype, DType):
                attrs[arg.type_attr], known[arg.type_attr] = dtype.base_dtype, arg.name
                break
    types = [v.dtype.base_dtype for v in values if isinstance(getattr(v, "dtype", None), DType)]
    expected = {arg.dtype} if arg.dtype is not None else set(types[:1])
    if not set(types) <= expected:
        names = ", ".join(t.name for t in types)
        problem = "don't all match" if arg.dtype is None else f"do not match expected type {arg.dtype.name}"
        raise TypeError(
            f"Tensors in list passed to '{arg.name}' of '{opdef.name}' Op have types [{names}] that {problem}."
        )
    return [_convert_one(opdef, arg, f"{arg.name}_{i}", v, attrs, known) for i, v in enumerate(values)]


def _convert_one(
    opdef: OpDef, arg: Arg, name: str, value: Any, attrs: dict[str, Any], known: dict[str, str]
) -> Tensor:
    wanted = arg.dtype or (attrs[arg.type_attr] if arg.type_attr in known else None)
    hint = attrs.get(arg.type_attr) if wanted is None else None
    tensor = _to_tensor(opdef, arg, name, value, wanted, hint)
    dtype = tensor.dtype.base_dtype
    if arg.type_attr:
        _check_type(opdef, arg.type_attr, arg.name, dtype)
        attrs[arg.type_attr] = dtype
        known.setdefault(arg.type_attr, arg.name)
    if arg.is_ref and not tensor.dtype.is_ref_dtype:
        raise TypeError(
            f"'{opdef.name}' Op requires that input '{arg.name}' be a mutable tensor (e.g.: a tf.Variable)"
        )
    return tensor


def _check_type(opdef: OpDef, attr: str, parameter: str, dtype: DType) -> None:
    allowed = opdef.types.get(attr, ALL)
    if dtype not in allowed:
        names = _listed_types(opdef, attr)
        if not names or dtype.name in names:  # TensorFlow takes it, we do not
            names = [t.name for t in allowed]
        raise TypeError(
            f"Value passed to parameter '{parameter}' has DataType {dtype.name} not in list of allowed values: "
            f"{', '.join(names)}"
        )


def _listed_types(opdef: OpDef, attr: str) -> list[str]:
    """The types that TensorFlow lists for an attribute, if they are not ours."""
    from graphmagic.graph.allowed_types import ALLOWED

    key = f"{opdef.name}.{attr}"
    return next((types.split() for types, keys in ALLOWED.items() if key in keys.split()), [])


def _to_tensor(
    opdef: OpDef, arg: Arg, name: str, value: Any, wanted: DType | None, hint: DType | None
) -> Tensor:
    if type(value) is Tensor and (wanted is None or value.dtype.base_dtype is wanted):
        return value
    if wanted is None:
        return convert_to_tensor(value, name=name, preferred_dtype=hint, as_ref=arg.is_ref)
    has_type = isinstance(getattr(value, "dtype", None), DType)
    if not has_type:
        try:
            return convert_to_tensor(value, wanted, name=name, as_ref=arg.is_ref)
        except ValueError as error:
            raise ValueError(
                f"Tried to convert '{arg.name}' to a tensor and failed. Error: {error}"
            ) from None
        except TypeError as error:
            raise TypeError(
                f"Expected {wanted.name} passed to parameter '{arg.name}' of op '{opdef.name}', got {value!r} of type "
                f"'{type(value).__name__}' instead. Error: {error}"
            ) from None
    tensor = convert_to_tensor(value, name=name, as_ref=arg.is_ref)
    found = tensor.dtype.base_dtype
    if found is not wanted:
        raise with_notes(
            TypeError(
                f"Input '{arg.name}' of '{opdef.name}' Op has type {found.name} that does not match "
                f"{_origin(opdef, arg, wanted)}."
            ),
            created_at(tensor.op),
            f"To fix it: convert it, with tf.cast(..., tf.{wanted.name}).",
        )
    return tensor


def _origin(opdef: OpDef, arg: Arg, wanted: DType) -> str:
    """Which other argument, if any, fixed the type that `arg` must have."""
    for other in opdef.inputs:
        if other is arg:
            break
        if arg.type_attr and other.type_attr == arg.type_attr:
            return f"type {wanted.name} of argument '{other.name}'"
    return f"expected type of {wanted.name}"


def output_types(arg: Arg, attrs: dict[str, Any]) -> list[DType]:
    """The types of the tensors that an output of a signature stands for."""
    if arg.is_type_list:
        return [as_dtype(t) for t in attrs[arg.type_attr]]
    dtype = as_dtype(arg.dtype or attrs[arg.type_attr])
    if arg.is_ref:
        dtype = dtype.ref_dtype
    return [dtype] * (attrs[arg.number_attr] if arg.number_attr else 1)


def infer_shapes(op: Operation, inputs: Sequence[Any]) -> None:
    """Set the static shapes of a new operation's outputs by its type's rule.

    Raises:
        ValueError: the rule rejects the shapes; the text says which operation and what shapes.
    """
    rule = op.opdef.shape_function
    if rule is None:
        return
    keywords = {key: op if key == "op" else op.attrs.get(key) for key in op.opdef.shape_attrs}
    try:
        result = rule(*inputs, **keywords)
    except UnusableShapeError as error:
        raise with_notes(ValueError(str(error)), *input_shapes(op), *_notes_of(error)) from None
    except ValueError as error:
        text = _explanation(op, inputs, keywords, error)
        raise with_notes(ValueError(text), *input_shapes(op), *_notes_of(error)) from None
    shapes = result if isinstance(result, list) else (result,)
    for tensor, shape in zip(op.outputs, shapes, strict=True):
        tensor._shape = shape if type(shape) is TensorShape else as_shape(shape)


def _notes_of(error: ValueError) -> Sequence[str]:
    """What a shape rule advises."""
    notes: Sequence[str] = getattr(error, "__notes__", ())
    return notes


class _Anything:
    """Stands for the maker of a tensor of which nothing but type and shape are known."""

    type = ""
    inputs = ()


def _explanation(op: Operation, inputs: Sequence[Any], keywords: dict[str, Any], error: ValueError) -> str:
    """What is wrong, with the constants that it depends on.

    TensorFlow looks at the shapes first and then at one constant after the other; what is wrong without the later
    ones is reported without them.
    """
    assert op.opdef.shape_function is not None
    asked = (*op.opdef.value_inputs, *op.opdef.shape_inputs)
    for count in range(len(asked)):
        seen = asked[:count]
        known = [
            item if arg.name in seen else _valueless(item)
            for arg, item in zip(op.opdef.inputs, inputs, strict=True)
        ]
        try:
            op.opdef.shape_function(*known, **keywords)
        except ValueError as earlier:
            return f"{earlier} for {describe(op)}{_seen_values(op, seen)}."
    return f"{error} for {describe(op)}{_seen_values(op, asked)}."


def _valueless(item: Any) -> Any:
    if isinstance(item, list):
        return [_valueless(tensor) for tensor in item]
    stand_in = Tensor(_Anything(), 0, item.dtype)  # type: ignore[arg-type]
    stand_in._shape = item.shape
    return stand_in


def describe(op: Operation) -> str:
    """An operation the way TensorFlow's shape errors describe it."""
    attrs = ", ".join(
        f"{key}={attr_text(op.attrs[key])}" for key in sorted(op.attrs) if not key.startswith("_")
    )
    sources = ", ".join(t.op.name if t.value_index == 0 else t.name for t in op.inputs)
    shapes = ", ".join("?" if t.shape.ndims is None else t.shape.bracketed() for t in op.inputs)
    return f"'{{{{node {op.name}}}}} = {op.type}[{attrs}]({sources})' with input shapes: {shapes}"


def _value_text(value: Any) -> str:
    """The elements of an array, each row of a matrix in brackets."""
    if value.ndim < 2:
        return " ".join(map(str, value.ravel().tolist()))
    return "".join(f"[{_value_text(row)}]" for row in value)


def _seen_values(op: Operation, seen: tuple[str, ...]) -> str:
    """The constant inputs that decide the shape, since they are often what is wrong."""
    values, partials = [], []
    args = [
        arg for arg in op.opdef.inputs for _ in range(op.attrs[arg.number_attr] if arg.number_attr else 1)
    ]
    for index, (arg, tensor) in enumerate(zip(args, op.inputs, strict=False)):
        if arg.name not in seen:
            continue
        if arg.name in op.opdef.shape_inputs:
            partials.append(f"input[{index}] = {partial_shape(tensor).bracketed()}")
        elif (value := static_value(tensor)) is not None:
            values.append(f"input[{index}] = <{_value_text(value)}>")
    text = f" and with computed input tensors: {', '.join(values)}" if values else ""
    return text + (
        f" and with input tensors computed as partial shapes: {', '.join(partials)}" if partials else ""
    )
