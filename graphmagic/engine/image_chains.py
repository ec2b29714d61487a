"""The pass that makes one step of each layer of images: convolution, bias, relu and pooling, and of its gradient.

A relu before a pooling moves behind it, which is exact: the largest element of a window is the same before and after
one, and so is where it stands, unless nothing is above zero, and then the relu's gradient is zero.  For going back the
step notes in a byte per element which elements won, so nothing before the pooling is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from graphmagic import dtypes
from graphmagic.engine.program import Program
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef

__all__ = ["Chain", "chain_images"]

Members = dict[str, Operation]
MakeKernel = Callable[[int], Callable[..., Any]]

CHAIN = OpDef("Chain", listed=False)
ADDITIONS = ("BiasAdd", "Add", "AddV2")
# For what uses the gradient before a relu: its part in the chain, and which of its inputs that gradient is.
SINKS = {
    "BiasAddGrad": ("bias", 0),
    "Unbroadcast": ("bias", 0),
    "Conv2DBackpropFilter": ("filters", 2),
    "Conv2DBackpropInput": ("images", 2),
}


class Chain(Operation):
    """Operations on images that one step computes, for a few images after the others.

    Attributes:
        members: the operations.
        arguments: what the kernel reads, None for what this chain does not need.
        results: what it writes, None for what nobody needs.
        make_kernel: makes the kernel for so many threads.
    """

    __slots__ = ("arguments", "make_kernel", "members", "results")

    def __init__(self, stands: Operation, members: Members, make_kernel: MakeKernel) -> None:
        super().__init__(
            stands.graph,
            CHAIN,
            stands.name,
            (),
            (),
            (),
            {},
            stands.device,
            stands.site,
            stands.id,
            stands.block,
        )
        self.members = tuple(members.values())
        self.make_kernel = make_kernel
        self.arguments: tuple[Tensor | None, ...] = ()
        self.results: tuple[Tensor | None, ...] = ()

    def connect(self, arguments: Sequence[Tensor | None], results: Sequence[Tensor | None]) -> None:
        """Say what the kernel reads and writes."""
        self.arguments, self.results = tuple(arguments), tuple(results)
        self.inputs = tuple([t for t in arguments if t is not None])
        self.outputs = [t for t in results if t is not None]


def chain_images(program: Program) -> Program:
    """Make one step of each layer of images, and one of its gradient.

    Args:
        program: a program whose shapes are settled.

    >>> import graphmagic as tf
    >>> from graphmagic.engine.passes import improve
    >>> from graphmagic.engine.shaping import settle_shapes
    >>> x, filters = tf.placeholder(tf.float32, [2, 4, 4, 1]), tf.placeholder(tf.float32, [3, 3, 1, 5])
    >>> y = tf.nn.relu(tf.nn.conv2d(x, filters, [1, 1, 1, 1], "SAME"))
    >>> pooled = tf.nn.max_pool(y, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    >>> grads = tf.gradients(pooled, filters)
    >>> shapes = [(2, 4, 4, 1), (3, 3, 1, 5)]
    >>> settled = settle_shapes(improve(Program((pooled, *grads), (), feeds=(x, filters))), shapes)
    >>> for step in chain_images(settled).steps: print([op.type for op in step.members])
    ['Conv2D', 'Relu', 'MaxPool']
    ['MaxPoolGrad', 'ReluGrad', 'Conv2DBackpropFilter']
    """
    types = {op.type for op in program.steps}
    if not types & {"Relu", "ReluGrad"} or not any(t.startswith(("Conv2D", "MaxPool")) for t in types):
        return program
    finder = _Finder(program)
    for op in program.steps:
        if op.type == "Relu":
            finder.look_around(op)
    for op in program.steps:
        if op.type == "ReluGrad":
            finder.look_back(op)
    steps = [
        finder.chains.get(op, op) for op in program.steps if op in finder.chains or op not in finder.inside
    ]
    return replace(program, steps=tuple(steps), shapes={**program.shapes, **finder.shapes})


class _Finder:
    """Finds the chains around one relu after the other.

    Attributes:
        chains: the chains, by the operation in whose place they stand.
        inside: all members of chains.
        shapes: those of what chains note for going back.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.chains: dict[Operation, Chain] = {}
        self.inside: set[Operation] = set()
        self.shapes: dict[Tensor, tuple[int, ...]] = {}
        self._winners: dict[Operation, tuple[Operation, Tensor]] = {}  # of pooling, for a relu's gradient
        self._position = {op: index for index, op in enumerate(program.steps)}
        self._fed = set(program.feeds)
        self._users: dict[Tensor, list[Operation]] = {}
        for op in program.steps:
            for tensor in dict.fromkeys(map(program.source, op.inputs)):
                self._users.setdefault(tensor, []).append(op)
        kept = [*program.fetches, *program.watches, *[t for op in program.targets for t in op.outputs]]
        self._kept = set(map(program.source, kept))

    # ----- what is known of the neighbours -----

    def _input(self, op: Operation, index: int) -> Tensor:
        return self.program.source(op.inputs[index])

    def _shape(self, tensor: Tensor) -> tuple[int, ...] | None:
        return self.program.shapes.get(self.program.source(tensor))

    def _makes(self, tensor: Tensor, *types: str) -> bool:
        """Whether a step of one of these types computes a tensor."""
        return tensor.op in self._position and tensor not in self._fed and tensor.op.type in types

    def _is_only_for(self, tensor: Tensor, user: Operation) -> bool:
        return self._users.get(tensor) == [user] and tensor not in self._kept

    def _is_there(self, tensor: Tensor, before: Operation) -> bool:
        return self._position.get(tensor.op, -1) < self._position[before]

    # ----- forward -----

    def look_around(self, relu: Operation) -> None:
        """Make a chain of a relu with the convolution before it and the pooling after it, as far as they are there."""
        if relu.outputs[0] in self._fed or relu.control_inputs:
            return
        before, after = self._before(relu), self._after(relu)
        for members in ({**before, "relu": relu, **after}, {"relu": relu, **after}, {**before, "relu": relu}):
            make_kernel = self._fitting(relu, members)
            if make_kernel is not None:
                self._add_forward(members, make_kernel)
                return

    def _fitting(self, relu: Operation, members: Members) -> MakeKernel | None:
        function = relu.opdef.chain_function
        if len(members) == 1 or function is None:
            return None
        made: MakeKernel | None = function(members, self._shape)
        return made

    def _before(self, relu: Operation) -> Members:
        members: Members = {}
        user, value = relu, self._input(relu, 0)
        if self._makes(value, *ADDITIONS) and self._is_only_for(value, user):
            members["bias"] = user = value.op
            value = self._input(user, 0)
        if not self._makes(value, "Conv2D") or not self._is_only_for(value, user):
            return {}
        if any(op.control_inputs for op in (user, value.op)):
            return {}
        return {"convolution": value.op, **members}

    def _after(self, relu: Operation) -> Members:
        """The pooling that alone uses a relu's result, besides their gradients."""
        result = relu.outputs[0]
        users = self._users.get(result, [])
        pools = [op for op in users if op.type == "MaxPool"]
        others = [op for op in users if op.type != "MaxPool"]
        if len(pools) != 1 or result in self._kept or pools[0].outputs[0] in self._fed:
            return {}
        backward = [op for op in others if op.type == "ReluGrad" and self._pool_gradient(op, pools[0])]
        made_of = [self._input(op, 0).op for op in backward]
        if set(others) != {*backward, *made_of} or len(set(made_of)) != len(made_of):
            return {}
        return {"pool": pools[0]}

    def _pool_gradient(self, relu_grad: Operation, pool: Operation) -> Operation | None:
        """The gradient of a pooling that a relu's gradient is made of, if it is made of nothing else."""
        value, relu_result = self._input(relu_grad, 0), self._input(relu_grad, 1)
        if not self._makes(value, "MaxPoolGrad") or not self._is_only_for(value, relu_grad):
            return None
        op = value.op
        fits = self._input(op, 0) is relu_result and self._input(op, 1) is pool.outputs[0]
        is_alike = all(
            op.attrs[key] == pool.attrs[key] for key in ("ksize", "strides", "padding", "data_format")
        )
        is_free = not op.control_inputs and self._input(op, 2) is not relu_result
        return op if fits and is_alike and is_free else None

    def _add_forward(self, members: Members, make_kernel: MakeKernel) -> None:
        relu, pool = members["relu"], members.get("pool")
        chain = Chain(relu if pool is None else pool, members, make_kernel)
        winners = None if pool is None else self._note_winners(chain, relu, pool)
        convolution, bias = members.get("convolution"), members.get("bias")
        x = self._input(relu, 0) if convolution is None else self._input(convolution, 0)
        filters = None if convolution is None else self._input(convolution, 1)
        out = (pool or relu).outputs[0]
        chain.connect((x, filters, None if bias is None else self._input(bias, 1)), (out, winners))
        self._place(chain, pool or relu)

    def _note_winners(self, chain: Chain, relu: Operation, pool: Operation) -> Tensor | None:
        backward = [op for op in self._users[relu.outputs[0]] if op.type == "ReluGrad"]
        shape = self._shape(pool.outputs[0])
        if not backward or shape is None:
            return None
        winners = Tensor(chain, 1, dtypes.int8)
        self.shapes[winners] = (shape[0], 4, *shape[1:])
        self._winners.update((op, (self._input(op, 0).op, winners)) for op in backward)
        return winners

    def _place(self, chain: Chain, stands: Operation) -> None:
        self.chains[stands] = chain
        self.inside.update(chain.members)

    # ----- backward -----

    def look_back(self, relu_grad: Operation) -> None:
        """Make a chain of a relu's gradient with that of the pooling and those that use it."""
        result = relu_grad.outputs[0]
        if result in self._fed or (relu_grad.control_inputs and relu_grad not in self._winners):
            return
        members: Members = {"relu": relu_grad}
        if relu_grad in self._winners:
            members = {"pool": self._winners[relu_grad][0], **members}
        for user in self._users.get(result, []):
            role, index = SINKS.get(user.type, ("", 0))
            joins = role and role not in members and self._is_sink(user, index, result)
            if joins and self._fitting(relu_grad, {**members, role: user}) is not None:
                members[role] = user
        make_kernel = self._fitting(relu_grad, members)
        if make_kernel is not None and {"pool", "filters", "images"} & set(members):
            self._add_backward(members, make_kernel)

    def _is_sink(self, op: Operation, index: int, result: Tensor) -> bool:
        """Whether an operation can be computed as soon as the relu's gradient is."""
        if op.control_inputs or op.outputs[0] in self._fed or self._input(op, index) is not result:
            return False
        others = [self._input(op, i) for i in range(len(op.inputs)) if i != index]
        return all(t is not result and self._is_there(t, result.op) for t in others)

    def _add_backward(self, members: Members, make_kernel: MakeKernel) -> None:
        relu, pool = members["relu"], members.get("pool")
        chain = Chain(relu, members, make_kernel)
        dy, top, winners = self._input(relu, 0), self._input(relu, 1), None
        if pool is not None:
            dy, top, winners = self._input(pool, 2), self._input(pool, 1), self._winners[relu][1]
        to_filters, to_images = members.get("filters"), members.get("images")
        x = None if to_filters is None else self._input(to_filters, 0)
        filters = None if to_images is None else self._input(to_images, 1)
        result = relu.outputs[0]
        others = [op for op in self._users.get(result, []) if op not in chain.members]
        out = result if others or result in self._kept else None
        sinks = [members.get(role) for role in ("bias", "filters", "images")]
        gradients = [None if op is None else op.outputs[0] for op in sinks]
        chain.connect((dy, top, winners, x, filters), (out, *gradients))
        self._place(chain, relu)
