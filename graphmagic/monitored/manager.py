"""`tf.train.SessionManager`: opens sessions that are ready, from a checkpoint if there is one."""

from __future__ import annotations

import time
from typing import Any

from graphmagic import errors, logging
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.session import Session
from graphmagic.train.checkpoint_state import get_checkpoint_state

__all__ = ["SessionManager"]


class SessionManager:
    """Opens sessions that are ready: restored from a checkpoint, else initialized.

    Args:
        local_init_op: initializes what checkpoints do not hold.
        ready_op: a tensor with the names of what has no value yet.
        ready_for_local_init_op: the same, before `local_init_op`.
        graph: the graph; the default graph if None.
        recovery_wait_secs: how many seconds between two looks at others' progress.
        local_init_run_options: settings for the run of `local_init_op`.
        local_init_feed_dict: what to feed to it.

    Raises:
        ValueError: `ready_for_local_init_op` is given without `local_init_op`.

    >>> import graphmagic as tf
    >>> v = tf.Variable(3.0)
    >>> manager = tf.train.SessionManager(ready_op=tf.report_uninitialized_variables())
    >>> with manager.prepare_session("", init_op=tf.global_variables_initializer()) as sess:
    ...     sess.run(v)
    np.float32(3.0)
    """

    def __init__(
        self,
        local_init_op: Any = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        graph: Graph | None = None,
        recovery_wait_secs: float = 30,
        local_init_run_options: Any = None,
        local_init_feed_dict: Any = None,
    ) -> None:
        if ready_for_local_init_op is not None and local_init_op is None:
            raise ValueError(
                "If you pass a ready_for_local_init_op you must also pass a local_init_op , "
                f"ready_for_local_init_op [{ready_for_local_init_op}]"
            )
        self._local_init_op, self._ready_op = local_init_op, ready_op
        self._ready_for_local = ready_for_local_init_op
        self._graph = graph if graph is not None else get_default_graph()
        self._wait = recovery_wait_secs
        self._local_options, self._local_feeds = local_init_run_options, local_init_feed_dict

    def prepare_session(
        self,
        master: str = "",
        init_op: Any = None,
        saver: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
        init_feed_dict: Any = None,
        init_fn: Any = None,
    ) -> Session:
        """Open a session that is ready.

        Args:
            master: empty.
            init_op: initializes the variables, if there is no checkpoint.
            saver: restores.
            checkpoint_dir: a folder with checkpoints.
            checkpoint_filename_with_path: one checkpoint.
            wait_for_checkpoint: wait for one.
            max_wait_secs: how long.
            config: the session's settings.
            init_feed_dict: what to feed to `init_op`.
            init_fn: called with the session after `init_op`.

        Raises:
            RuntimeError: variables are left without a value.
            ValueError: both ways to name a checkpoint are used.
        """
        sess, is_restored = self._restored(
            master, saver, checkpoint_dir, checkpoint_filename_with_path, wait_for_checkpoint, max_wait_secs, config
        )  # fmt: skip
        if not is_restored:
            if init_op is None and not init_fn and self._local_init_op is None:
                raise RuntimeError(
                    "Model is not initialized and no init_op or init_fn or local_init_op was given"
                )
            if init_op is not None:
                sess.run(init_op, feed_dict=init_feed_dict)
            if init_fn:
                init_fn(sess)
        problem = self._initialize_locally(sess)
        if problem:
            raise RuntimeError(
                "Init operations did not make model ready for local_init.  "
                f"Init op: {getattr(init_op, 'name', None)}, init fn: {init_fn}, error: {problem}"
            )
        problem = self._lacking(sess, self._ready_op, "Model not ready")
        if problem:
            raise RuntimeError(
                f"Init operations did not make model ready.  Init op: {getattr(init_op, 'name', None)}, "
                f"init fn: {init_fn}, local_init_op: {getattr(self._local_init_op, 'name', None)}, error: {problem}"
            )
        return sess

    def recover_session(
        self,
        master: str = "",
        saver: Any = None,
        checkpoint_dir: str | None = None,
        checkpoint_filename_with_path: str | None = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        config: Any = None,
    ) -> tuple[Session, bool]:
        """Open a session, restored from a checkpoint if there is one.

        Returns:
            The session, and whether it was restored and is ready.
        """
        sess, is_restored = self._restored(
            master, saver, checkpoint_dir, checkpoint_filename_with_path, wait_for_checkpoint, max_wait_secs, config
        )  # fmt: skip
        problem = self._initialize_locally(sess)
        if not is_restored:
            return sess, False
        problem = problem or self._lacking(sess, self._ready_op, "Model not ready")
        if problem:
            logging.info("Restoring model from %s did not make model ready: %s", checkpoint_dir, problem)
            return sess, False
        logging.info("Restored model from %s", checkpoint_dir or checkpoint_filename_with_path)
        return sess, True

    def wait_for_session(
        self, master: str = "", config: Any = None, max_wait_secs: float = float("inf")
    ) -> Session:
        """Open a session as soon as it is ready.

        Raises:
            DeadlineExceededError: it was not ready in time. Nobody else can initialize it, so that is at once.
        """
        sess = Session(master, graph=self._graph, config=config)
        problem = self._initialize_locally(sess) or self._lacking(sess, self._ready_op, "Model not ready")
        if problem:
            raise errors.DeadlineExceededError(
                None, None, f"Session was not ready after waiting 0 secs: {problem}"
            )
        return sess

    def _restored(
        self, master: str, saver: Any, folder: Any, path: Any, wait: bool, longest: float, config: Any
    ) -> tuple[Session, bool]:
        if folder and path:
            raise ValueError("Can not provide both checkpoint_dir and checkpoint_filename_with_path.")
        sess = Session(master, graph=self._graph, config=config)
        if saver is None or not (folder or path):
            return sess, False
        if path:
            saver.restore(sess, path)
            return sess, True
        started = time.monotonic()
        state = get_checkpoint_state(folder)
        while state is None or not state.model_checkpoint_path:
            if not wait or time.monotonic() - started >= longest:
                return sess, False
            logging.info("Waiting for checkpoint to be available.")
            time.sleep(self._wait)
            state = get_checkpoint_state(folder)
        saver.restore(sess, state.model_checkpoint_path)
        saver.recover_last_checkpoints(state.all_model_checkpoint_paths)
        return sess, True

    def _initialize_locally(self, sess: Session) -> str:
        """Run the operation for what checkpoints do not hold; what is in the way of it, if something is."""
        if self._local_init_op is None:
            return ""
        problem = self._lacking(sess, self._ready_for_local, "Model not ready for local init")
        if problem:
            return problem
        logging.info("Running local_init_op.")
        sess.run(self._local_init_op, feed_dict=self._local_feeds, options=self._local_options)
        logging.info("Done running local_init_op.")
        return ""

    @staticmethod
    def _lacking(sess: Session, op: Any, said: str) -> str:
        """What has no value yet, as a text; empty if all is ready."""
        if op is None:
            return ""
        try:
            found = sess.run(op)
        except errors.FailedPreconditionError as error:
            return f"{said}: {error.message}"
        if found is None or not len(found):
            return ""
        names = ", ".join(name.decode() for name in found)
        return f"Variables not initialized: {names}"
