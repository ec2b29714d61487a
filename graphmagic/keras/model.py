"""Models of Keras between inputs and outputs: compiled, fitted, asked for predictions."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from graphmagic.graph.default import control_dependencies, get_collection
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.keras import backend, losses, metrics, optimizers
from graphmagic.keras.base_layers import history_of
from graphmagic.keras.callbacks import History
from graphmagic.keras.reports import begun, progress, table_of
from graphmagic.ops.control import group
from graphmagic.ops.placeholder import placeholder
from graphmagic.ops.reduce import reduce_mean
from graphmagic.ops.variable_lists import is_variable_initialized, variables_initializer

__all__ = ["Model"]


class Model:
    """Layers between inputs and outputs.

    Args:
        inputs: what `Input` returned, or a list of these.
        outputs: what layers made of them.
        name: its name.

    >>> import graphmagic as tf
    >>> x = tf.keras.layers.Input(shape=(2,))
    >>> model = tf.keras.models.Model(x, tf.keras.layers.Dense(3)(x))
    >>> model.predict(np.zeros((4, 2))).shape, model.count_params()
    ((4, 3), 9)
    """

    def __init__(self, inputs: Any = None, outputs: Any = None, name: str | None = None) -> None:
        self.name, self.stop_training = name or "model", False
        self.optimizer: Any = None
        self._graph = get_default_graph()
        self.layers: list[Any] = []
        if inputs is not None:
            self._set(list(inputs) if isinstance(inputs, (list, tuple)) else [inputs], outputs)

    def _set(self, inputs: list[Any], outputs: Any) -> None:
        self.inputs, self.output = inputs, outputs
        found: list[Any] = []

        def visit(tensor: Any) -> None:
            if any(tensor is given for given in inputs) or tensor not in history_of():
                return
            layer, sources = history_of()[tensor]
            for source in sources:
                visit(source)
            if layer not in found:
                found.append(layer)

        for output in outputs if isinstance(outputs, (list, tuple)) else [outputs]:
            visit(output)
        self.layers = found

    # ----- what it is -----

    @property
    def weights(self) -> list[Any]:
        """The variables of all layers."""
        return [v for layer in self.layers for v in layer.weights]

    @property
    def trainable_weights(self) -> list[Any]:
        """Those that training changes."""
        trained = get_collection(GraphKeys.TRAINABLE_VARIABLES)
        return [v for v in self.weights if any(v is t for t in trained)]

    def count_params(self) -> int:
        """How many numbers the variables have."""
        return sum(layer.count_params() for layer in self.layers)

    def summary(self, line_length: int | None = None, positions: Any = None, print_fn: Any = None) -> None:
        """Write a table of the layers.

        Args:
            line_length: how wide it is; 65 if None.
            positions: accepted for old programs.
            print_fn: called with each line.
        """
        self._check_built()
        write = print_fn or (lambda line: sys.stdout.write(line + "\n"))
        for line in table_of(self, line_length or 65):
            write(line)

    def get_weights(self) -> list[Any]:
        """The values of all variables."""
        return list(self._session().run(self.weights))

    def set_weights(self, weights: list[Any]) -> None:
        """Give all variables values.

        Raises:
            ValueError: there are more or less values.
        """
        if len(weights) != len(self.weights):
            raise ValueError(
                f"You called `set_weights(weights)` with a weight list of length {len(weights)}, but the model was "
                f"expecting {len(self.weights)} weights."
            )
        session = self._session()
        for variable, value in zip(self.weights, weights, strict=True):
            variable.load(value, session)

    # ----- training -----

    def compile(
        self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = None, **options: Any
    ) -> None:
        """Say how it is trained.

        Args:
            optimizer: a name or an optimizer.
            loss: a name, or a function of labels and predictions.
            metrics: a list of names, or of functions of labels and predictions.
            **options: accepted for old programs.
        """
        with self._graph.as_default():
            self._compile(optimizer, loss, list(metrics or []))

    def _compile(self, optimizer: Any, loss: Any, wanted: list[Any]) -> None:
        self.optimizer, self.loss = optimizers.get(optimizer), losses.get(loss)
        is_sparse = self.loss is losses.sparse_categorical_crossentropy
        sizes = [None] * (self.output.shape.ndims or 1) if is_sparse else self.output.shape.as_list()
        self._target = placeholder("float32", [None] if is_sparse else sizes, name="target")
        total: Any = reduce_mean(self.loss(self._target, self.output))
        for extra in get_collection(GraphKeys.REGULARIZATION_LOSSES):
            total = total + extra
        functions = [metrics.get(m, self.loss) if isinstance(m, str) else m for m in wanted]
        names = [
            "acc" if m in ("accuracy", "acc") else f.__name__ for m, f in zip(wanted, functions, strict=True)
        ]
        self.metrics_names = ["loss", *names]
        self._measured = [total, *[reduce_mean(f(self._target, self.output)) for f in functions]]
        updates = [update for layer in self.layers for update in getattr(layer, "updates", [])]
        with control_dependencies(updates):
            changed = group(self.optimizer.minimize(total, var_list=self.trainable_weights))
        with control_dependencies([changed]):
            self._step = group(*backend.count_step())

    def _session(self) -> Any:
        """Keras's session, with all variables initialized."""
        session = backend.get_session()
        with self._graph.as_default():
            known = get_collection(GraphKeys.GLOBAL_VARIABLES)
            seen = self._graph.scoping.setdefault("keras", {}).setdefault("initialized", {})
            done = seen.setdefault(id(session), set())
            new = [v for v in known if v.op not in done]
            if new:
                ready = session.run([is_variable_initialized(v) for v in new])
                session.run(
                    variables_initializer([v for v, is_set in zip(new, ready, strict=True) if not is_set])
                )
                done.update(v.op for v in new)
        return session

    def _fed(self, x: Any, places: Any) -> dict[Any, Any]:
        arrays = x if isinstance(x, (list, tuple)) and len(self.inputs) > 1 else [x]
        return {t: np.asarray(a)[places] for t, a in zip(self.inputs, arrays, strict=True)}

    def _labels(self, y: Any, places: Any) -> Any:
        found = np.asarray(y, np.float32)[places]
        rank = self._target.shape.ndims
        return found.reshape(-1) if rank == 1 else found[:, None] if found.ndim == 1 and rank == 2 else found

    def fit(
        self, x: Any = None, y: Any = None, batch_size: int | None = None, epochs: int = 1, verbose: int = 1,
        callbacks: Any = None, validation_split: float = 0.0, validation_data: Any = None, shuffle: bool = True,
        **options: Any,
    ) -> History:  # fmt: skip
        """Train.

        Args:
            x: the examples, an array or a list of arrays.
            y: the labels.
            batch_size: how many examples a step sees; 32 if None.
            epochs: how often all examples are seen.
            verbose: 0 writes nothing.
            callbacks: `tf.keras.callbacks.Callback`s.
            validation_split: which part of the examples, from the end, is only evaluated.
            validation_data: examples and labels to evaluate after each epoch.
            shuffle: whether in random order.
            **options: accepted for old programs.

        Returns:
            The losses and metrics of all epochs, in ``history``.

        Raises:
            RuntimeError: it has not been compiled.
        """
        self._check_compiled(x)
        session, size = self._session(), batch_size or 32
        count = len(x[0] if len(self.inputs) > 1 else x)
        kept = count - int(count * validation_split)
        held_back = np.arange(kept, count)
        history = History()
        listeners = [*(callbacks or []), history]
        for listener in listeners:
            listener.model = self
            listener.on_train_begin()
        self.stop_training = False
        if verbose:
            checked = len(held_back) if validation_data is None else len(validation_data[1])
            sys.stdout.write(f"{begun(kept, checked)}\n")
        for epoch in range(epochs):
            start = time.perf_counter()
            for listener in listeners:
                listener.on_epoch_begin(epoch)
            order = np.random.permutation(kept) if shuffle else np.arange(kept)
            logs = self._epoch(session, x, y, order, size, listeners)
            if len(held_back) or validation_data is not None:
                given = validation_data or (x, y)
                places = held_back if validation_data is None else np.arange(len(given[1]))
                found = self._measure(session, given[0], given[1], places, size)
                logs |= {f"val_{name}": v for name, v in zip(self.metrics_names, found, strict=True)}
            if verbose:
                said = progress(verbose, kept, time.perf_counter() - start, logs)
                sys.stdout.write(f"Epoch {epoch + 1}/{epochs}\n{said}\n")
            for listener in listeners:
                listener.on_epoch_end(epoch, logs)
            if self.stop_training:
                break
        for listener in listeners:
            listener.on_train_end()
        return history

    def _check_built(self, x: Any = None) -> None:
        """Make the layers that have waited for the shape of an example."""

    def _check_compiled(self, x: Any) -> None:
        self._check_built(x)
        if self.optimizer is None:
            raise RuntimeError(
                "You must compile your model before training/testing. Use `model.compile(optimizer, loss)`."
            )

    def _epoch(self, session: Any, x: Any, y: Any, order: Any, size: int, listeners: Any) -> dict[str, Any]:
        totals = np.zeros(len(self._measured))
        for number, places in enumerate(_batches(order, size)):
            found = self._on_batch(session, x, y, places)
            totals += np.array(found) * len(places)
            for listener in listeners:
                listener.on_batch_end(number, dict(zip(self.metrics_names, found, strict=True)))
        means = totals / max(len(order), 1)
        return {name: float(v) for name, v in zip(self.metrics_names, means, strict=True)}

    def _on_batch(self, session: Any, x: Any, y: Any, places: Any) -> list[Any]:
        feeds = self._fed(x, places) | {self._target: self._labels(y, places), backend.learning_phase(): True}
        return list(session.run([self._step, *self._measured], feeds)[1:])

    def train_on_batch(self, x: Any, y: Any, **options: Any) -> Any:
        """One step; the loss, or a list of the loss and the metrics."""
        self._check_compiled(x)
        with self._graph.as_default():
            found = self._on_batch(self._session(), x, y, slice(None))
        return found if len(found) > 1 else found[0]

    def _measure(self, session: Any, x: Any, y: Any, order: Any, size: int) -> list[float]:
        totals = np.zeros(len(self._measured))
        for places in _batches(order, size):
            feeds = self._fed(x, places) | {self._target: self._labels(y, places)}
            totals += np.array(session.run(self._measured, feeds)) * len(places)
        return [float(v) for v in totals / max(len(order), 1)]

    def evaluate(
        self, x: Any = None, y: Any = None, batch_size: int | None = None, verbose: int = 1, **options: Any
    ) -> Any:
        """The loss, or a list of the loss and the metrics."""
        self._check_compiled(x)
        found = self._measure(self._session(), x, y, np.arange(len(y)), batch_size or 32)
        return found if len(found) > 1 else found[0]

    def predict(self, x: Any, batch_size: int | None = None, verbose: int = 0, **options: Any) -> Any:
        """The outputs for examples."""
        self._check_built(x)
        session, count = self._session(), len(x[0] if len(self.inputs) > 1 else x)
        parts = [
            session.run(self.output, self._fed(x, p)) for p in _batches(np.arange(count), batch_size or 32)
        ]
        if isinstance(self.output, (list, tuple)):
            return [np.concatenate(column) for column in zip(*parts, strict=True)]
        return np.concatenate(parts)

    def predict_on_batch(self, x: Any) -> Any:
        """The outputs for the examples of one batch."""
        self._check_built(x)
        return self._session().run(self.output, self._fed(x, slice(None)))

    def test_on_batch(self, x: Any, y: Any, **options: Any) -> Any:
        """The loss of one batch, or a list of the loss and the metrics."""
        return self.evaluate(x, y, len(y))

    def predict_classes(self, x: Any, batch_size: int | None = None, verbose: int = 0) -> Any:
        """The most probable classes of examples."""
        found = self.predict(x, batch_size)
        return found.argmax(-1) if found.shape[-1] > 1 else (found > 0.5).astype("int32")


def _batches(order: Any, size: int) -> Iterator[Any]:
    for start in range(0, len(order), size):
        yield order[start : start + size]
