"""Settings of sessions and runs, under TensorFlow 1's names.

They behave as the messages of TensorFlow do: fields have defaults and can be set, unknown fields are an error.  Only
`allow_soft_placement`, `device_count`, `intra_op_parallelism_threads` and `memory_limit_bytes` change what a session
does; all others are for old programs.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any, ClassVar

from graphmagic.graph.explain import with_notes

__all__ = [
    "ConfigProto",
    "GPUOptions",
    "GraphOptions",
    "OptimizerOptions",
    "RunOptions",
]


class Message:
    """A set of named fields: plain values, lists, dicts, or further messages.

    Args:
        **fields: values for fields.

    Raises:
        ValueError: there is no such field.
        TypeError: a value has the wrong type.
    """

    FIELDS: ClassVar[dict[str, Callable[[], Any]]] = {}  # for each field what makes its default

    def __init__(self, **fields: Any) -> None:
        object.__setattr__(self, "_values", {})
        for name, value in fields.items():
            if name not in self.FIELDS:
                raise self._unknown(ValueError, name)
            self._set(name, value)

    def _unknown(self, kind: type[Exception], name: str) -> Exception:
        near = difflib.get_close_matches(name, self.FIELDS, n=1)
        return with_notes(
            kind(f'Protocol message {type(self).__name__} has no "{name}" field.'),
            f"Did you mean {near[0]!r}?" if near else "",
        )

    def _set(self, name: str, value: Any) -> None:
        default = self.FIELDS[name]()
        if isinstance(default, Message) and not isinstance(value, type(default)):
            if not isinstance(value, dict):
                raise TypeError(
                    "Parameter to initialize message field must be dict or instance of same class: expected "
                    f"{type(default)} got {type(value)}."
                )
            value = type(default)(**value)
        self._values[name] = value if isinstance(default, Message) else _checked(default, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self.FIELDS:
            raise AttributeError(name)
        values = self._values
        if name not in values:
            default = self.FIELDS[name]()
            if not isinstance(default, (Message, list, dict)):
                return default
            values[name] = default
        return values[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.FIELDS:
            raise self._unknown(AttributeError, name)
        if isinstance(self.FIELDS[name](), Message):
            raise AttributeError(
                f'Assignment not allowed to message field "{name}" in protocol message object.'
            )
        self._set(name, value)

    def HasField(self, name: str) -> bool:  # noqa: N802
        """Whether a field was set."""
        if name not in self.FIELDS:
            raise self._unknown(ValueError, name)
        return name in self._values and not _is_default(self._values[name])

    def CopyFrom(self, other: Message) -> None:  # noqa: N802
        """Take the fields of another message of this class."""
        self._values.clear()
        self._values.update(other._values)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and str(other) == str(self)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "".join(
            line
            for name in self.FIELDS
            if name in self._values and not _is_default(self._values[name])
            for line in _lines(name, self._values[name])
        )


def _checked(default: Any, value: Any) -> Any:
    """`value` as a value of the type of `default`."""
    if isinstance(default, (bool, int)):
        if not hasattr(value, "__index__"):
            raise TypeError(f"'{type(value).__name__}' object cannot be interpreted as an integer")
        return bool(value) if isinstance(default, bool) else int(value)
    if isinstance(default, float):
        return float(value)
    if isinstance(default, str) and not isinstance(value, str):
        raise TypeError(f"bad argument type for built-in operation: {value!r} is no string")
    return type(default)(value)


def _is_default(value: Any) -> bool:
    return not str(value) if isinstance(value, Message) else not value


def _lines(name: str, value: Any) -> list[str]:
    if isinstance(value, Message):
        return [f"{name} {{\n", *[f"  {line}\n" for line in str(value).splitlines()], "}\n"]
    if isinstance(value, dict):
        return [f'{name} {{\n  key: "{key}"\n  value: {item}\n}}\n' for key, item in value.items()]
    if isinstance(value, list):
        return [line for item in value for line in _lines(name, item)]
    if isinstance(value, bool):
        return [f"{name}: {str(value).lower()}\n"]
    return [f'{name}: "{value}"\n' if isinstance(value, str) else f"{name}: {value}\n"]


class OptimizerOptions(Message):
    """What to do to graphs before running them; graphmagic always does what it can.

    >>> print(OptimizerOptions(opt_level=OptimizerOptions.L0), end="")
    opt_level: -1
    """

    L0, L1 = -1, 0
    DEFAULT, OFF, ON_1, ON_2 = 0, -1, 1, 2
    FIELDS: ClassVar[dict[str, Callable[[], Any]]] = {
        "do_common_subexpression_elimination": bool,
        "do_constant_folding": bool,
        "max_folded_constant_in_bytes": int,
        "do_function_inlining": bool,
        "opt_level": int,
        "global_jit_level": int,
        "cpu_global_jit": bool,
    }


class GraphOptions(Message):
    """How graphs are prepared.

    >>> GraphOptions(infer_shapes=True).optimizer_options.opt_level
    0
    """

    FIELDS: ClassVar[dict[str, Callable[[], Any]]] = {
        "enable_recv_scheduling": bool,
        "optimizer_options": OptimizerOptions,
        "build_cost_model": int,
        "build_cost_model_after": int,
        "infer_shapes": bool,
        "place_pruned_graph": bool,
        "enable_bfloat16_sendrecv": bool,
        "timeline_step": int,
    }


class GPUOptions(Message):
    """How graphics cards are used; graphmagic uses none.

    >>> GPUOptions(allow_growth=True).allow_growth
    True
    """

    FIELDS: ClassVar[dict[str, Callable[[], Any]]] = {
        "per_process_gpu_memory_fraction": float,
        "allow_growth": bool,
        "allocator_type": str,
        "deferred_deletion_bytes": int,
        "visible_device_list": str,
        "polling_active_delay_usecs": int,
        "polling_inactive_delay_msecs": int,
        "force_gpu_compatible": bool,
    }


class ConfigProto(Message):
    """The settings of a session.

    ``allow_soft_placement=True`` runs operations on the CPU that were put on a device which is not there;
    ``device_count={"CPU": n}`` says how many CPU devices there are; ``intra_op_parallelism_threads=1`` keeps each
    operation to one thread; ``memory_limit_bytes``, which TensorFlow does not have, is how much runs and variables may
    take, and 0 is what the machine has: a run that needs more is an error.

    >>> config = ConfigProto(allow_soft_placement=True)
    >>> config.gpu_options.allow_growth = True
    >>> print(config, end="")
    gpu_options {
      allow_growth: true
    }
    allow_soft_placement: true
    """

    FIELDS: ClassVar[dict[str, Callable[[], Any]]] = {
        "device_count": dict,
        "intra_op_parallelism_threads": int,
        "inter_op_parallelism_threads": int,
        "use_per_session_threads": bool,
        "placement_period": int,
        "device_filters": list,
        "gpu_options": GPUOptions,
        "allow_soft_placement": bool,
        "log_device_placement": bool,
        "graph_options": GraphOptions,
        "operation_timeout_in_ms": int,
        "memory_limit_bytes": int,
        "isolate_session_state": bool,
        "share_cluster_devices_in_session": bool,
    }


class RunOptions(Message):
    """The settings of one run; with a trace level, `tf.RunMetadata` tells what was run, and when.

    >>> import graphmagic as tf
    >>> x, report = tf.placeholder(tf.float32, name="x"), tf.RunMetadata()
    >>> _ = tf.Session().run(tf.square(x), {x: 1.0}, RunOptions(trace_level=RunOptions.FULL_TRACE), report)
    >>> [node.timeline_label for node in report.step_stats.dev_stats[0].node_stats]
    ['_arg_x_0_0 = _Arg()', 'Square = Square(_arg_x_0_0)']
    """

    NO_TRACE, SOFTWARE_TRACE, HARDWARE_TRACE, FULL_TRACE = 0, 1, 2, 3
    FIELDS: ClassVar[dict[str, Callable[[], Any]]] = {
        "trace_level": int,
        "timeout_in_ms": int,
        "inter_op_thread_pool": int,
        "output_partition_graphs": bool,
        "report_tensor_allocations_upon_oom": bool,
    }
