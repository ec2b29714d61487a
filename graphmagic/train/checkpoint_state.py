"""The file ``checkpoint``: which checkpoints a directory holds, in TensorFlow's own text format."""

from __future__ import annotations

import json
import os
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

from graphmagic.train.checkpoint_file import (
    CheckpointReader,
    atomic_write,
    checkpoint_files,
)

__all__ = [
    "CheckpointState",
    "checkpoint_exists",
    "generate_checkpoint_state_proto",
    "get_checkpoint_mtimes",
    "get_checkpoint_state",
    "latest_checkpoint",
    "list_variables",
    "load_checkpoint",
    "load_variable",
    "remove_checkpoint",
    "update_checkpoint_state",
]


@dataclass
class CheckpointState:
    """What the file ``checkpoint`` says: the newest checkpoint, and all that are kept, oldest first.

    >>> print(CheckpointState("d/m-2", ["d/m-1", "d/m-2"]), end="")
    model_checkpoint_path: "d/m-2"
    all_model_checkpoint_paths: "d/m-1"
    all_model_checkpoint_paths: "d/m-2"
    """

    model_checkpoint_path: str = ""
    all_model_checkpoint_paths: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [("model_checkpoint_path", self.model_checkpoint_path)]
        lines += [("all_model_checkpoint_paths", path) for path in self.all_model_checkpoint_paths]
        return "".join(f"{key}: {json.dumps(path, ensure_ascii=False)}\n" for key, path in lines)


_LINE = re.compile(r'\s*(\w+):\s*(?:("(?:[^"\\]|\\.)*")|\S+)\s*')


def _parse(text: str) -> CheckpointState:
    state = CheckpointState()
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{line!r} is not `key: value`")
        key, path = match[1], json.loads(match[2]) if match[2] else ""
        if key == "model_checkpoint_path":
            state.model_checkpoint_path = path
        elif key == "all_model_checkpoint_paths":
            state.all_model_checkpoint_paths.append(path)
    if not state.model_checkpoint_path:
        raise ValueError("it names no checkpoint")
    return state


def generate_checkpoint_state_proto(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> CheckpointState:
    """The content of a file ``checkpoint``; paths become relative to the directory if that is relative.

    Args:
        save_dir: the directory of the file.
        model_checkpoint_path: the newest checkpoint.
        all_model_checkpoint_paths: all that are kept, oldest first.
        all_model_checkpoint_timestamps: when they were written, in seconds since 1970; accepted for old programs.
        last_preserved_timestamp: when the last one was kept for good; accepted for old programs.

    Raises:
        ValueError: there are not as many times as checkpoints.

    >>> generate_checkpoint_state_proto("d", "d/m-2", ["d/m-1"])
    CheckpointState(model_checkpoint_path='m-2', all_model_checkpoint_paths=['m-1', 'm-2'])
    """
    paths = list(all_model_checkpoint_paths or [])
    if all_model_checkpoint_timestamps and len(all_model_checkpoint_timestamps) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths (got paths "
            f"{paths} and timestamps {all_model_checkpoint_timestamps})"
        )
    if not paths or paths[-1] != model_checkpoint_path:
        paths.append(model_checkpoint_path)
    if not os.path.isabs(save_dir):
        model_checkpoint_path = _relative(model_checkpoint_path, save_dir)
        paths = [_relative(path, save_dir) for path in paths]
    return CheckpointState(model_checkpoint_path, paths)


def _relative(path: str, directory: str) -> str:
    return path if os.path.isabs(path) else os.path.relpath(path, directory or ".")


def update_checkpoint_state(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
    *,
    save_relative_paths: bool = False,
) -> None:
    """Write the file ``checkpoint``.

    Args:
        save_dir: its directory.
        model_checkpoint_path: the newest checkpoint.
        all_model_checkpoint_paths: all that are kept, oldest first.
        latest_filename: another name for the file.
        all_model_checkpoint_timestamps: when they were written, in seconds since 1970; accepted for old programs.
        last_preserved_timestamp: when the last one was kept for good; accepted for old programs.
        save_relative_paths: write paths relative to the directory, so that it can be moved.

    Raises:
        RuntimeError: the file's name is that of a checkpoint.

    >>> import tempfile
    >>> directory = tempfile.mkdtemp()
    >>> update_checkpoint_state(directory, "m-2", ["m-1"])
    >>> [os.path.basename(path) for path in get_checkpoint_state(directory).all_model_checkpoint_paths]
    ['m-1', 'm-2']
    """
    path = os.path.join(save_dir, latest_filename or "checkpoint")
    if path == model_checkpoint_path:
        raise RuntimeError(
            f"Save path '{model_checkpoint_path}' conflicts with path used for checkpoint state."
        )
    if save_relative_paths:
        paths = [os.path.relpath(p, save_dir or ".") for p in all_model_checkpoint_paths or []]
        newest = os.path.relpath(model_checkpoint_path, save_dir or ".")
        state = CheckpointState(newest, paths if paths and paths[-1] == newest else [*paths, newest])
    else:
        state = generate_checkpoint_state_proto(
            save_dir,
            model_checkpoint_path,
            all_model_checkpoint_paths,
            all_model_checkpoint_timestamps,
            last_preserved_timestamp,
        )
    with atomic_write(path) as file:
        file.write(str(state).encode())


def get_checkpoint_state(checkpoint_dir: str, latest_filename: str | None = None) -> CheckpointState | None:
    """What the file ``checkpoint`` of a directory says, None if there is none that can be read.

    Args:
        checkpoint_dir: the directory.
        latest_filename: another name of the file.

    >>> get_checkpoint_state("/nowhere") is None
    True
    """
    directory = os.fspath(checkpoint_dir)
    path = os.path.join(directory, latest_filename or "checkpoint")
    try:
        with open(path, encoding="utf-8") as file:
            state = _parse(file.read())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        warnings.warn(f"{path}: Checkpoint ignored: {error}", stacklevel=2)
        return None
    state.model_checkpoint_path = os.path.join(directory, state.model_checkpoint_path)
    state.all_model_checkpoint_paths = [os.path.join(directory, p) for p in state.all_model_checkpoint_paths]
    return state


def checkpoint_exists(checkpoint_prefix: str) -> bool:
    """Whether there is a checkpoint with that prefix.

    >>> checkpoint_exists("/nowhere/m")
    False
    """
    return all(os.path.exists(path) for path in checkpoint_files(os.fspath(checkpoint_prefix))[1:])


def latest_checkpoint(checkpoint_dir: str, latest_filename: str | None = None) -> str | None:
    """The prefix of the newest checkpoint in a directory, None if there is none.

    Args:
        checkpoint_dir: the directory.
        latest_filename: another name of the file ``checkpoint``.

    >>> latest_checkpoint("/nowhere") is None
    True
    """
    state = get_checkpoint_state(checkpoint_dir, latest_filename)
    if state is None or not checkpoint_exists(state.model_checkpoint_path):
        return None
    return state.model_checkpoint_path


def get_checkpoint_mtimes(checkpoint_prefixes: Sequence[str]) -> list[float]:
    """When checkpoints were written; those that do not exist are left out.

    >>> get_checkpoint_mtimes(["/nowhere/m"])
    []
    """
    return [
        os.path.getmtime(checkpoint_files(prefix)[1])
        for prefix in checkpoint_prefixes
        if checkpoint_exists(prefix)
    ]


def remove_checkpoint(
    checkpoint_prefix: str, checkpoint_format_version: int = 2, meta_graph_suffix: str = "meta"
) -> None:
    """Delete the files of a checkpoint, those that there are.

    Args:
        checkpoint_prefix: what the names of its files begin with.
        checkpoint_format_version: accepted for old programs.
        meta_graph_suffix: how the name of the file with the graph ends.

    >>> remove_checkpoint("/nowhere/m")
    """
    for path in (*checkpoint_files(checkpoint_prefix)[::-1], f"{checkpoint_prefix}.{meta_graph_suffix}"):
        if os.path.exists(path):
            os.remove(path)


def load_checkpoint(ckpt_dir_or_file: str) -> CheckpointReader:
    """A reader for a checkpoint, or for the newest of a directory.

    Raises:
        ValueError: the directory holds no checkpoint.
        NotFoundError: there is no such checkpoint.

    >>> import tempfile
    >>> import graphmagic as tf
    >>> from graphmagic.train.checkpoint_file import write_checkpoint
    >>> prefix = os.path.join(tempfile.mkdtemp(), "m")
    >>> write_checkpoint(prefix, {"v": [1, 2]})
    >>> tf.train.load_checkpoint(prefix).get_tensor("v")
    array([1, 2])
    """
    path: str | None = os.fspath(ckpt_dir_or_file)
    if os.path.isdir(str(path)):
        path = latest_checkpoint(str(path))
        if path is None:
            raise ValueError(
                f"Couldn't find 'checkpoint' file or checkpoints in given directory {ckpt_dir_or_file}"
            )
    return CheckpointReader(str(path))


def load_variable(ckpt_dir_or_file: str, name: str) -> object:
    """One array of a checkpoint; arguments and errors as `load_checkpoint`.

    >>> import tempfile
    >>> from graphmagic.train.checkpoint_file import write_checkpoint
    >>> prefix = os.path.join(tempfile.mkdtemp(), "m")
    >>> write_checkpoint(prefix, {"v": [1, 2]})
    >>> load_variable(prefix, "v")
    array([1, 2])
    """
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: str) -> list[tuple[str, list[int]]]:
    """Names and shapes of what a checkpoint holds; arguments and errors as `load_checkpoint`.

    >>> import tempfile
    >>> from graphmagic.train.checkpoint_file import write_checkpoint
    >>> prefix = os.path.join(tempfile.mkdtemp(), "m")
    >>> write_checkpoint(prefix, {"v": [1, 2]})
    >>> list_variables(prefix)
    [('v', [2])]
    """
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())
