"""Saver: variables to checkpoints and back."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from graphmagic import errors, logging
from graphmagic.graph.explain import with_notes
from graphmagic.graph.graph import get_default_graph
from graphmagic.ops.placeholder import placeholder_with_default
from graphmagic.train.checkpoint_state import checkpoint_exists, remove_checkpoint, update_checkpoint_state
from graphmagic.train.global_step import global_step as current_step
from graphmagic.train.meta_graph_file import MetaGraphDef, export_graph
from graphmagic.train.saver_graph import add_restore, add_save, all_variables, check_shapes, storage_by_name

__all__ = ["Saver"]


class Saver:
    """Saves the variables of a session to checkpoints, and restores them.

    A checkpoint called ``m`` is the files ``m.data-00000-of-00001`` (the values, a NumPy ``.npz`` archive), ``m.index``
    (names, types, shapes, checksums) and ``m.meta`` (the graph), the last two JSON.  A file is replaced whole or not at
    all, and restoring changes the session only if every variable can be restored.

    Args:
        var_list: the variables, as a list, or as a dict from names in the checkpoint; all global variables if None.
        reshape: restore values of other shapes with as many elements.
        sharded: accepted for old programs.
        max_to_keep: how many checkpoints to keep; None or 0 keeps all.
        keep_checkpoint_every_n_hours: one checkpoint in so many hours is never deleted.
        name: the name scope of the operations.
        restore_sequentially: accepted for old programs.
        saver_def: the names of existing operations to use, as `as_saver_def` returns them.
        builder: not supported.
        defer_build: look for the variables at the first use.
        allow_empty: allow that there are no variables.
        write_version: accepted for old programs.
        pad_step_number: write step numbers with eight digits.
        save_relative_paths: write relative paths to the file ``checkpoint``, so that the directory can be moved.
        filename: the default path.

    Raises:
        ValueError: there are no variables, or two have the same name.
        TypeError: something else is among them.

    >>> import os, tempfile
    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0, name="v")
    >>> saver = tf.train.Saver()
    >>> with tf.Session() as sess:
    ...     sess.run(v.initializer)
    ...     path = saver.save(sess, os.path.join(tempfile.mkdtemp(), "m"), global_step=7)
    >>> with tf.Session() as sess:
    ...     saver.restore(sess, path)
    ...     os.path.basename(path), sess.run(v)
    ('m-7', np.float32(1.0))
    """

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Mapping[str, Any] | None = None,
        builder: Any = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: Any = 2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        if defer_build and var_list:
            raise ValueError(
                "If `var_list` is provided then build cannot be deferred. Either set defer_build=False or "
                "var_list=None."
            )
        self._var_list = var_list
        self._reshape = reshape
        self._max_to_keep = max_to_keep or 0
        self._hours = keep_checkpoint_every_n_hours
        self._name = name
        self._allow_empty = allow_empty
        self._pad_step_number = pad_step_number
        self._relative = save_relative_paths
        self._filename = filename or "model"
        self._last: list[tuple[str, float]] = []
        self._doomed: list[tuple[str, float]] = []
        self._next_kept_time = time.time() + self._hours * 3600
        self._names: dict[str, Any] | None = dict(saver_def) if saver_def is not None else None
        self._is_empty = False
        if self._names is None and not defer_build:
            self.build()

    # ----- the graph -----

    def build(self) -> None:
        """Add the operations that save and restore; only needed after ``defer_build=True``."""
        if self._var_list is None:
            self._var_list = all_variables()
        variables = storage_by_name(self._var_list)
        if not variables:
            if not self._allow_empty:
                raise ValueError("No variables to save")
            self._is_empty = True
            return
        with get_default_graph().name_scope(self._name or "save"):
            filename = placeholder_with_default(self._filename, [], name="filename")
            path = placeholder_with_default(filename, [], name="Const")
            saved = add_save(path, variables)
            restored = add_restore(path, variables, self._reshape)
        self._names = {
            "filename_tensor_name": path.name,
            "save_tensor_name": saved.name,
            "restore_op_name": restored.name,
            "max_to_keep": self._max_to_keep,
            "keep_checkpoint_every_n_hours": self._hours,
        }

    def as_saver_def(self) -> dict[str, Any]:
        """The names of the operations to save and restore with, and how many checkpoints are kept."""
        return dict(self._built())

    def to_proto(self, export_scope: str | None = None) -> dict[str, Any] | None:
        """`as_saver_def` with names relative to a name scope; None if it was made outside of it."""
        names = self.as_saver_def()
        if not export_scope:
            return names
        start = f"{export_scope.rstrip('/')}/"
        inside = {k: v for k, v in names.items() if isinstance(v, str) and v.startswith(start)}
        return names | {k: v.removeprefix(start) for k, v in inside.items()} if inside else None

    def _built(self) -> dict[str, Any]:
        if self._names is None:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        return self._names

    # ----- saving -----

    def save(
        self,
        sess: Any,
        save_path: str,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Write a checkpoint.

        Args:
            sess: the session whose variables are saved.
            save_path: the path of the files without what their names end in.
            global_step: a number for the end of the path, or the variable that holds it.
            latest_filename: another name for the file ``checkpoint``.
            meta_graph_suffix: what the name of the file with the graph ends in.
            write_meta_graph: whether to write that file.
            write_state: whether to write the file ``checkpoint`` and delete old checkpoints.
            strip_default_attrs: accepted for old programs.
            save_debug_info: accepted for old programs.

        Returns:
            The path with the step number, to give to `restore`; None if there are no variables.

        Raises:
            FailedPreconditionError: a variable has no value.
            ValueError: there is no such directory.
        """
        latest_filename = latest_filename or "checkpoint"
        prefix = os.fspath(save_path)
        if os.path.split(latest_filename)[0]:
            raise ValueError("'latest_filename' must not contain path components")
        if global_step is None and os.path.basename(prefix) == latest_filename:
            raise ValueError(
                f"'latest_filename' collides with 'save_path': '{latest_filename}' and '{prefix}'"
            )
        if not hasattr(sess, "run"):
            raise TypeError(f"'sess' must be a Session; {sess}")
        if global_step is not None:
            number = (
                global_step if isinstance(global_step, (int, np.integer)) else current_step(sess, global_step)
            )
            prefix = f"{prefix}-{number:08d}" if self._pad_step_number else f"{prefix}-{number}"
        if self._is_empty:
            return None
        names = self._built()
        _check_directory(os.fspath(save_path), prefix)
        written = os.fsdecode(sess.run(names["save_tensor_name"], {names["filename_tensor_name"]: prefix}))
        if write_state:
            self._note(written)
            update_checkpoint_state(
                os.path.dirname(prefix),
                written,
                self.last_checkpoints,
                latest_filename,
                save_relative_paths=self._relative,
            )
            self._delete_old(meta_graph_suffix)
        if write_meta_graph:
            with sess.graph.as_default():
                self.export_meta_graph(f"{written}.{meta_graph_suffix}")
        return written

    def export_meta_graph(
        self,
        filename: str | None = None,
        collection_list: Collection[str] | None = None,
        as_text: bool = False,
        export_scope: str | None = None,
        clear_devices: bool = False,
        clear_extraneous_savers: bool = False,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> MetaGraphDef:
        """The default graph with its collections and this saver, also as a file; see `tf.train.export_meta_graph`."""
        saver = None if self._is_empty else self._built()
        return export_graph(get_default_graph(), saver, filename, collection_list, as_text)

    # ----- restoring -----

    def restore(self, sess: Any, save_path: str | None) -> None:
        """Give the variables of a session the values that a checkpoint holds.

        Args:
            sess: the session; it stays as it was if anything fails.
            save_path: the path that `save` returned.

        Raises:
            ValueError: there is no such checkpoint.
            NotFoundError: a variable is not in the checkpoint.
            InvalidArgumentError: a variable has another type or shape there.
            DataLossError: the files are damaged.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        prefix = os.fspath(save_path)
        if not checkpoint_exists(prefix):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {prefix}")
        logging.info("Restoring parameters from %s", prefix)
        names = self._built()
        try:
            check_shapes(sess.graph.get_operation_by_name(names["restore_op_name"]), prefix)
            sess.run(names["restore_op_name"], {names["filename_tensor_name"]: prefix})
        except errors.NotFoundError as error:
            raise _explained(error, "a Variable name or other graph key that is missing") from None
        except errors.InvalidArgumentError as error:
            raise _explained(error, "a mismatch between the current graph and the graph") from None

    # ----- which checkpoints there are -----

    @property
    def last_checkpoints(self) -> list[str]:
        """The paths of the checkpoints that were saved and not deleted, oldest first."""
        return [path for path, _ in self._last]

    def set_last_checkpoints(self, last_checkpoints: Sequence[str]) -> None:
        """Say which checkpoints there are, for one that goes on where another stopped."""
        self._last = [(path, np.inf) for path in last_checkpoints]

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time: Sequence[tuple[str, float]]) -> None:
        """Say which checkpoints there are, and when they were saved."""
        self._last = list(last_checkpoints_with_time)

    def recover_last_checkpoints(self, checkpoint_paths: Sequence[str]) -> None:
        """Say which checkpoints there are; those that do not exist are left out."""
        found = [path for path in checkpoint_paths if checkpoint_exists(path)]
        self._last = [(path, os.path.getmtime(f"{path}.index")) for path in found]

    def _note(self, path: str) -> None:
        if self._max_to_keep <= 0:
            return
        self._last = [(p, t) for p, t in self._last if p != path]
        self._last.append((path, time.time()))
        if len(self._last) > self._max_to_keep:
            self._doomed.append(self._last.pop(0))

    def _delete_old(self, meta_graph_suffix: str) -> None:
        while self._doomed:
            path, saved = self._doomed.pop(0)
            if saved > self._next_kept_time:
                self._next_kept_time += self._hours * 3600
                continue
            remove_checkpoint(path, meta_graph_suffix=meta_graph_suffix)


def _check_directory(save_path: str, prefix: str) -> None:
    if not os.path.isdir(os.path.dirname(prefix) or "."):
        raise ValueError(f"Parent directory of {save_path} doesn't exist, can't save.")


def _explained(error: errors.OpError, cause: str) -> errors.OpError:
    kind: Any = type(error)
    text = (
        f"Restoring from checkpoint failed. This is most likely due to {cause} from the checkpoint. Please ensure that "
        f"you have not altered the graph expected based on the checkpoint. Original error:\n\n{error.message}"
    )
    explained: errors.OpError = kind(error.node_def, error.op, text)
    return with_notes(explained, *getattr(error, "__notes__", ()), "The session is unchanged.")
