"""Settings of models with names (``tf.contrib.training.HParams``)."""

from __future__ import annotations

import json
from typing import Any

from graphmagic.names import namespace as _namespace

__all__ = ["HParams"]


class HParams:
    """Settings of a model, which may be read from text.

    Args:
        hparam_def: must be None.
        model_structure: must be None.
        **values: the settings: numbers, strings, booleans, or lists of them.

    >>> settings = HParams(rate=0.1, sizes=[8, 16], is_deep=True)
    >>> settings.parse("rate=0.5,sizes=[4,2],is_deep=false").values()
    {'rate': 0.5, 'sizes': [4, 2], 'is_deep': False}
    """

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **values: Any) -> None:
        if hparam_def is not None or model_structure is not None:
            raise ValueError("graphmagic's HParams are made of names and values, not of messages.")
        self._names: list[str] = []
        for name, value in values.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: Any) -> None:
        """Add a setting.

        Raises:
            ValueError: its name is taken, or its value is an empty list.
        """
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        if isinstance(value, (list, tuple)) and not value:
            raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
        self._names.append(name)
        setattr(self, name, list(value) if isinstance(value, (list, tuple)) else value)

    def set_hparam(self, name: str, value: Any) -> None:
        """Change a setting; the new value becomes of the type of the old one.

        Raises:
            KeyError: there is none of this name.
            ValueError: one is a list, the other is not, or the value is of another type.
        """
        old = self._known(name)
        if isinstance(old, list) != isinstance(value, (list, tuple)):
            what = (
                "a list for single-valued"
                if isinstance(value, (list, tuple))
                else "a single value for multi-valued"
            )
            raise ValueError(f"Must not pass {what} parameter: {name}")
        if isinstance(old, list):
            setattr(self, name, [_like(name, item, old[0]) for item in value])
        else:
            setattr(self, name, _like(name, value, old))

    def _known(self, name: str) -> Any:
        if name not in self._names:
            raise KeyError(f"there is no hyperparameter {name!r}, only {', '.join(self._names) or 'none'}")
        return getattr(self, name)

    def del_hparam(self, name: str) -> None:
        """Remove a setting, if it is there."""
        if name in self._names:
            self._names.remove(name)
            delattr(self, name)

    def parse(self, values: str) -> HParams:
        """Change settings to what a text says, such as ``rate=0.5,sizes=[4,2]``.

        Raises:
            ValueError: the text is no such list.
            KeyError: a setting is not there.
        """
        changes = _assignments(values)
        for name, text in changes.items():
            old = self._known(name)
            if isinstance(old, list):
                self.set_hparam(name, [_read(name, item, old[0]) for item in _items(text)])
            else:
                self.set_hparam(name, _read(name, text, old))
        return self

    def override_from_dict(self, values_dict: dict[str, Any]) -> HParams:
        """Change several settings."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    def parse_json(self, values_json: str) -> HParams:
        """Change settings to what a JSON object says."""
        return self.override_from_dict(json.loads(values_json))

    def to_json(self, indent: Any = None, separators: Any = None, sort_keys: bool = False) -> str:
        """The settings as a JSON object."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def values(self) -> dict[str, Any]:
        """The settings by name."""
        return {name: getattr(self, name) for name in self._names}

    def get(self, key: str, default: Any = None) -> Any:
        """A setting, or something else if it is not there."""
        return getattr(self, key) if key in self._names else default

    def __contains__(self, key: str) -> bool:
        return key in self._names

    def __repr__(self) -> str:
        return f"HParams({', '.join(f'{name}={value!r}' for name, value in sorted(self.values().items()))})"


def _assignments(text: str) -> dict[str, str]:
    """The parts of ``a=1,b=[2,3]`` by name."""
    found: dict[str, str] = {}
    depth, part = 0, ""
    for character in [*text, ","]:
        depth += (character == "[") - (character == "]")
        if character == "," and not depth:
            name, equals, value = part.partition("=")
            if part.strip() and not equals:
                raise ValueError(f"Malformed hyperparameter value: {part}")
            if part.strip():
                found[name.strip()] = value.strip()
            part = ""
        else:
            part += character
    return found


def _items(text: str) -> list[str]:
    if not (text.startswith("[") and text.endswith("]")):
        raise ValueError(f"Could not parse hparam: a list is written as [1,2], not {text}")
    return [item.strip() for item in text[1:-1].split(",")]


def _read(name: str, text: str, like: Any) -> Any:
    if isinstance(like, bool):
        if text.lower() not in ("true", "false", "1", "0"):
            raise ValueError(f"Could not parse hparam '{name}' of type 'bool' with value '{text}'")
        return text.lower() in ("true", "1")
    kind: Any = str if like is None else type(like)
    try:
        return kind(text)
    except ValueError:
        raise ValueError(
            f"Could not parse hparam '{name}' of type '{kind.__name__}' with value '{text}'"
        ) from None


def _like(name: str, value: Any, old: Any) -> Any:
    """A value as the type of another one."""
    if old is None or value is None or type(value) is type(old):
        return value
    is_text = isinstance(old, str) or isinstance(value, str)
    is_flag = isinstance(old, bool) or isinstance(value, bool)
    if is_text or is_flag or (isinstance(old, int) and int(value) != value):
        raise ValueError(f"Could not cast hparam '{name}' of type '{type(old)}' from value {value!r}")
    return type(old)(value)


__getattr__, __dir__ = _namespace(__name__)
