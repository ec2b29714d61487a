"""The pass that computes only the columns of a matrix product that something uses.

The gradient of joining two matrices takes apart the product that gives the gradient of both.  In a recurrent network
often only the part for the state is wanted, not the one for the inputs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from graphmagic.engine.program import Program
from graphmagic.graph.node import Operation

__all__ = ["narrow_products"]


def narrow_products(program: Program) -> Program:
    """Let a slice of a product, where nothing else uses that, be the product with some rows of the second matrix.

    Args:
        program: a program whose shapes are settled.

    >>> import graphmagic as tf
    >>> from graphmagic.engine.shaping import specialise
    >>> x, w = tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [5, 3])
    >>> part = tf.slice(tf.matmul(x, w, transpose_b=True), [0, 1], [-1, 4])
    >>> from graphmagic.engine.passes import improve
    >>> program = specialise(improve(Program((part,), (), feeds=(x, w))), [(2, 3), (5, 3)])
    >>> [op.type for op in program.steps], list(program.narrowed.values()), program.shape_of(part)
    (['MatMul'], [slice(1, 5, None)], (2, 4))
    """
    if not any(op.type == "Slice" for op in program.steps):
        return program
    uses = Counter(program.source(t) for op in program.steps for t in op.inputs)
    uses.update(map(program.source, (*program.fetches, *program.watches)))
    made = {op.outputs[0]: op for op in program.steps if op.type == "MatMul" and op.attrs["transpose_b"]}
    same, shapes, narrowed = dict(program.same), dict(program.shapes), {}
    for op in program.steps:
        product = made.get(program.source(op.inputs[0])) if op.type == "Slice" else None
        if product is None or uses[product.outputs[0]] > 1 or not _is_plain(program, product, op):
            continue
        columns = _columns(program, op)
        if columns is not None:
            result, part = product.outputs[0], op.outputs[0]
            narrowed[product] = columns
            shapes[result] = shapes[part]
            same.update({t: result for t, source in same.items() if source is part} | {part: result})
    steps = tuple([op for op in program.steps if op.type != "Slice" or op.outputs[0] not in same])
    return replace(program, steps=steps, same=same, shapes=shapes, narrowed=narrowed)


def _is_plain(program: Program, product: Operation, part: Operation) -> bool:
    """Whether the product and its part are computed, in any order, from matrices of known shapes."""
    if part.outputs[0] in program.feeds or product.outputs[0] in program.feeds:
        return False
    if product.control_inputs or part.control_inputs or product.outputs[0].dtype.numpy.char not in "fd":
        return False
    known = [program.shape_of(t) for t in (*product.inputs, product.outputs[0], part.outputs[0])]
    return all(shape is not None and len(shape) == 2 and 0 not in shape for shape in known)


def _columns(program: Program, op: Operation) -> slice | None:
    """The columns that a slice takes of all rows, None if it takes fewer rows or is not known."""
    begin = program.constants.get(program.source(op.inputs[1]))
    whole, part = program.shape_of(op.inputs[0]), program.shape_of(op.outputs[0])
    if begin is None or whole is None or part is None or part[0] != whole[0]:
        return None
    first = int(begin[1])
    return slice(first, first + part[1]) if 0 <= first <= whole[1] - part[1] else None
