"""The devices of this machine as programs ask for them (``tensorflow.python.client.device_lib``)."""

from __future__ import annotations

from typing import Any

from graphmagic.engine.devices import DeviceAttributes
from graphmagic.session import Session

__all__ = ["list_local_devices"]


def list_local_devices(session_config: Any = None) -> list[DeviceAttributes]:
    """The devices that sessions have: processors, never graphics cards.

    Args:
        session_config: a `tf.ConfigProto` whose ``device_count`` may ask for several.

    >>> [(device.name, device.device_type) for device in list_local_devices()]
    [('/job:localhost/replica:0/task:0/device:CPU:0', 'CPU')]
    """
    with Session(config=session_config) as session:
        return session.list_devices()
