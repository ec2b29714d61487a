"""`tf.train.Scaffold`: the operations that start a training session, found or made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import logging, summary
from graphmagic.graph.default import add_to_collection, get_collection
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.ops.control import group, no_op
from graphmagic.ops.tables import tables_initializer
from graphmagic.ops.variable_lists import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
)
from graphmagic.ops.variable_report import report_uninitialized_variables
from graphmagic.train.saver import Saver

__all__ = ["Scaffold", "default_saver"]


def default_saver() -> Any:
    """The saver in the collection ``savers``; a new one if there is none.

    Raises:
        RuntimeError: there are several.
    """
    savers = get_collection(GraphKeys.SAVERS)
    if len(savers) > 1:
        raise RuntimeError(
            "More than one item in collection SAVERS. Please indicate which one to use by passing it to the constructor."
        )
    if savers:
        return savers[0]
    saver = Saver(sharded=True, allow_empty=True)
    add_to_collection(GraphKeys.SAVERS, saver)
    return saver


class Scaffold:
    """What a training session is started with; what is not given is found in collections, or made.

    Args:
        init_op: initializes the global variables.
        init_feed_dict: what to feed to it.
        init_fn: a function of the scaffold and a session, called after it.
        ready_op: a tensor with the names of what has no value yet.
        ready_for_local_init_op: the same, before `local_init_op`.
        local_init_op: initializes what checkpoints do not hold.
        summary_op: all summaries.
        saver: saves and restores.
        copy_from_scaffold: another one to take from what is not given.
        local_init_feed_dict: what to feed to `local_init_op`.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> scaffold = tf.train.Scaffold(init_fn=lambda scaffold, sess: v.load(5.0, sess))
    >>> with tf.train.MonitoredTrainingSession(scaffold=scaffold) as sess:
    ...     sess.run(v)
    np.float32(5.0)
    """

    def __init__(
        self,
        init_op: Any = None,
        init_feed_dict: Any = None,
        init_fn: Callable[[Scaffold, Any], Any] | None = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        local_init_op: Any = None,
        summary_op: Any = None,
        saver: Any = None,
        copy_from_scaffold: Scaffold | None = None,
        local_init_feed_dict: Any = None,
    ) -> None:
        if copy_from_scaffold is not None and not isinstance(copy_from_scaffold, Scaffold):
            raise TypeError("copy_from_scaffold is not a Scaffold instance.")
        given = {
            "init_op": init_op,
            "init_feed_dict": init_feed_dict,
            "_user_init_fn": init_fn,
            "ready_op": ready_op,
            "ready_for_local_init_op": ready_for_local_init_op,
            "local_init_op": local_init_op,
            "local_init_feed_dict": local_init_feed_dict,
            "summary_op": summary_op,
            "saver": saver,
        }
        for name, value in given.items():
            former = getattr(copy_from_scaffold, name, None)
            setattr(self, name, former if value is None else value)
        self.init_op: Any
        self.init_feed_dict: Any
        self.ready_op: Any
        self.ready_for_local_init_op: Any
        self.local_init_op: Any
        self.local_init_feed_dict: Any
        self.summary_op: Any
        self.saver: Any
        self._user_init_fn: Any

    @property
    def init_fn(self) -> Callable[[Any], Any] | None:
        """A function of the session, called after `init_op`."""
        function = self._user_init_fn
        return None if function is None else lambda sess: function(self, sess)

    def finalize(self) -> Scaffold:
        """Make what is missing, and let the graph not grow any more."""

        def fill(name: str, key: str, make: Callable[[], Any]) -> None:
            if getattr(self, name) is None:
                setattr(self, name, self.get_or_default(name, key, make))

        fill("init_op", GraphKeys.INIT_OP, lambda: group(global_variables_initializer(), no_op()))
        fill("ready_op", GraphKeys.READY_OP, report_uninitialized_variables)
        fill(
            "ready_for_local_init_op",
            GraphKeys.READY_FOR_LOCAL_INIT_OP,
            lambda: report_uninitialized_variables(global_variables()),
        )
        fill("local_init_op", GraphKeys.LOCAL_INIT_OP, self.default_local_init_op)
        fill("summary_op", GraphKeys.SUMMARY_OP, summary.merge_all)
        if self.saver is None:
            self.saver = default_saver()
        elif not getattr(self.saver, "is_built", True):
            self.saver.build()
        get_default_graph().finalize()
        logging.info("Graph was finalized.")
        return self

    @staticmethod
    def get_or_default(arg_name: str, collection_key: str, default_constructor: Callable[[], Any]) -> Any:
        """What is in a collection, or what a function makes for it.

        Raises:
            RuntimeError: there are several.
        """
        found = get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError(
                f'More than one item in the collection "{collection_key}". Please indicate which one to use by passing '
                f"it to the tf.Scaffold constructor as:  tf.Scaffold({arg_name}=item to use)"
            )
        if found:
            return found[0]
        made = default_constructor()
        if made is not None:
            add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op() -> Any:
        """Initializes the local variables and fills the look-up tables."""
        return group(local_variables_initializer(), tables_initializer())
