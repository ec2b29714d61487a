"""Devices: there is the CPU; operations put elsewhere run only if the session allows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphmagic import errors
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.node import Operation

__all__ = ["PREFIX", "DeviceAttributes", "check_devices", "is_available"]

PREFIX = "/job:localhost/replica:0/task:0/device:CPU:"
_HERE = {"job": ("localhost", "*"), "replica": ("0", "*"), "task": ("0", "*")}


@dataclass(frozen=True)
class DeviceAttributes:
    """A device as `Session.list_devices` tells of it."""

    name: str
    device_type: str


def is_available(device: str, cpus: int = 1) -> bool:
    """Whether a device name means a CPU of this machine, or any device.

    >>> is_available(""), is_available("/device:CPU:0"), is_available("/device:CPU:1"), is_available("/device:GPU:0")
    (True, True, False, False)
    """
    for part in device.split("/")[1:]:
        kind, _, rest = part.partition(":")
        if kind in _HERE and rest not in _HERE[kind]:
            return False
        if kind == "device":
            name, _, number = rest.partition(":")
            if name not in ("CPU", "*") or not (
                number in ("", "*") or (number.isdigit() and int(number) < cpus)
            ):
                return False
    return True


def check_devices(steps: Iterable[Operation], cpus: int = 1) -> None:
    """Raise `InvalidArgumentError` for the first operation that was put on a device which is not there."""
    for op in steps:
        if op.device and not is_available(op.device, cpus):
            raise _missing(op, cpus)


def _missing(op: Operation, cpus: int) -> errors.OpError:
    devices = ", ".join(f"{PREFIX}{number}" for number in range(cpus))
    gpu = " The requested device appears to be a GPU, but CUDA is not enabled." if "GPU" in op.device else ""
    text = (
        f"Cannot assign a device for operation {op.name}: {{{{node {op.name}}}}} was explicitly assigned to "
        f"{op.device} but available devices are [ {devices} ]. Make sure the device specification refers to a valid "
        f"device.{gpu}"
        f"\n\t [[{op.name}]]"
    )
    return with_notes(
        errors.InvalidArgumentError(op.node_def, op, text),
        created_at(op),
        "To fix it: run it on the CPU, with tf.Session(config=tf.ConfigProto(allow_soft_placement=True)).",
    )
