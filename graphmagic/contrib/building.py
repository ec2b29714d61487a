"""What `tf.contrib.layers` builds networks with: several layers at once, embedded words, a step of training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.backward import gradients
from graphmagic.graph.default import add_to_collections, control_dependencies, get_collection
from graphmagic.graph.graph import GraphKeys
from graphmagic.graph.node import Tensor
from graphmagic.nn import embedding_lookup
from graphmagic.nn.norm_clipping import clip_by_global_norm
from graphmagic.ops.arithmetic import add_n
from graphmagic.ops.identity import identity
from graphmagic.ops.variable_lists import trainable_variables
from graphmagic.ops.variable_scope import get_variable, variable_scope
from graphmagic.train.adagrad import AdagradOptimizer
from graphmagic.train.adam import AdamOptimizer
from graphmagic.train.ftrl import FtrlOptimizer
from graphmagic.train.global_step import get_global_step
from graphmagic.train.gradient_descent import GradientDescentOptimizer
from graphmagic.train.momentum import MomentumOptimizer
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.rmsprop import RMSPropOptimizer

__all__ = ["apply_regularization", "embed_sequence", "optimize_loss", "repeat", "stack"]

OPTIMIZERS: dict[str, Callable[[Any], Optimizer]] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda rate: MomentumOptimizer(rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}


def repeat(inputs: Any, repetitions: int, layer: Callable[..., Any], *args: Any, **kwargs: Any) -> Tensor:
    """Apply a layer several times, each time with variables of its own.

    Args:
        inputs: a tensor.
        repetitions: how often.
        layer: a function such as `tf.contrib.layers.conv2d`.
        *args: arguments for it.
        **kwargs: keyword arguments for it; ``scope`` is the name of the whole.
    """
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        name = scope or getattr(layer, "__name__", "repeat")
        outputs = inputs
        for number in range(1, repetitions + 1):
            outputs = layer(outputs, *args, scope=f"{name}_{number}", **kwargs)
        result: Tensor = outputs
        return result


def stack(inputs: Any, layer: Callable[..., Any], stack_args: Any, **kwargs: Any) -> Tensor:
    """Apply a layer several times, with other arguments each time.

    Args:
        inputs: a tensor.
        layer: a function such as `tf.contrib.layers.fully_connected`.
        stack_args: for each time an argument, or a tuple of them.
        **kwargs: keyword arguments for all; ``scope`` is the name of the whole.
    """
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Stack", [inputs]):
        name = scope or getattr(layer, "__name__", "stack")
        outputs = inputs
        for number, given in enumerate(stack_args, 1):
            arguments = given if isinstance(given, (list, tuple)) else (given,)
            outputs = layer(outputs, *arguments, scope=f"{name}_{number}", **kwargs)
        result: Tensor = outputs
        return result


def embed_sequence(
    ids: Any, vocab_size: int | None = None, embed_dim: int | None = None, unique: bool = False,
    initializer: Any = None, regularizer: Any = None, trainable: bool = True, scope: Any = None, reuse: Any = None,
) -> Tensor:  # fmt: skip
    """A vector for each word of sequences, learned.

    Args:
        ids: the numbers of the words, shape ``[batch, length]``.
        vocab_size: how many words there are.
        embed_dim: how long the vectors are.
        unique: accepted for old programs.
        initializer: of the vectors.
        regularizer: of the vectors.
        trainable: whether training changes them.
        scope: the name of the scope.
        reuse: use the variable that is there.

    Raises:
        ValueError: the sizes of a new table are not given.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(f"Must specify vocab size and embedding dimension when not reusing. Got vocab_size={vocab_size} "
                         f"and embed_dim={embed_dim}")  # fmt: skip
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = [vocab_size, embed_dim] if vocab_size and embed_dim else None
        table = get_variable(
            "embeddings", shape, initializer=initializer, regularizer=regularizer, trainable=trainable
        )
        return embedding_lookup(table, ids)


def apply_regularization(regularizer: Callable[[Any], Any], weights_list: Any = None) -> Tensor:
    """The sum of a regularizer's losses of weights, in the collection ``regularization_losses`` too.

    Args:
        regularizer: a function such as `tf.contrib.layers.l2_regularizer` makes.
        weights_list: the weights; those of the collection ``weights`` if None.
    """
    weights = get_collection(GraphKeys.WEIGHTS) if weights_list is None else weights_list
    if not weights:
        raise ValueError("No weights to regularize.")
    penalty = add_n([regularizer(w) for w in weights], name="get_regularization_penalty")
    add_to_collections([GraphKeys.REGULARIZATION_LOSSES], penalty)
    return penalty


def optimize_loss(
    loss: Any, global_step: Any, learning_rate: Any, optimizer: Any, gradient_noise_scale: float | None = None,
    gradient_multipliers: Any = None, clip_gradients: Any = None, learning_rate_decay_fn: Any = None,
    update_ops: Any = None, variables: Any = None, name: str | None = None, summaries: Any = None,
    colocate_gradients_with_ops: bool = False, increment_global_step: bool = True,
) -> Tensor:  # fmt: skip
    """A step of training, and the loss after it is run.

    Args:
        loss: a tensor with one number.
        global_step: the variable that counts steps; that of the graph if None.
        learning_rate: a number or a tensor.
        optimizer: a name (``Adagrad``, ``Adam``, ``Ftrl``, ``Momentum``, ``RMSProp``, ``SGD``), a class, an optimizer,
            or a function of the learning rate.
        gradient_noise_scale: must be None.
        gradient_multipliers: must be None.
        clip_gradients: the largest norm of all gradients together, or a function of gradients and variables.
        learning_rate_decay_fn: a function of the learning rate and the step that gives the rate.
        update_ops: what runs before; the collection ``update_ops`` if None.
        variables: what to train; all trainable variables if None.
        name: the name of the scope.
        summaries: accepted for old programs.
        colocate_gradients_with_ops: accepted for old programs.
        increment_global_step: whether to count.

    Raises:
        ValueError: the optimizer is unknown, or what is not supported is asked for.

    >>> import graphmagic as tf
    >>> w = tf.Variable(4.0)
    >>> train = tf.contrib.layers.optimize_loss(tf.square(w), tf.train.create_global_step(), 0.25, "SGD")
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(train), sess.run(w)
    (np.float32(16.0), np.float32(2.0))
    """
    if gradient_noise_scale is not None or gradient_multipliers is not None:
        raise ValueError(
            "graphmagic's optimize_loss has neither gradient noise nor multipliers: leave them out."
        )
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        step = get_global_step() if global_step is None else global_step
        updates = get_collection(GraphKeys.UPDATE_OPS) if update_ops is None else list(update_ops)
        if updates:
            with control_dependencies(updates):
                loss = identity(loss)
        rate = learning_rate
        if learning_rate_decay_fn is not None:
            if step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, step)
        found = _optimizer(optimizer, rate)
        chosen = list(trainable_variables() if variables is None else variables)
        pairs: Any = list(zip(gradients(loss, chosen), chosen, strict=True))
        if callable(clip_gradients):
            pairs = clip_gradients(pairs)
        elif clip_gradients is not None:
            clipped, _ = clip_by_global_norm([g for g, _ in pairs], clip_gradients)
            pairs = list(zip(clipped, chosen, strict=True))
        train = found.apply_gradients(
            pairs, global_step=step if increment_global_step else None, name="train"
        )
        with control_dependencies([loss]), control_dependencies([train]):
            return identity(loss)


def _optimizer(given: Any, rate: Any) -> Optimizer:
    if isinstance(given, str):
        if given not in OPTIMIZERS:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZERS)}], you provided {given}."
            )
        return OPTIMIZERS[given](rate)
    found = given if isinstance(given, Optimizer) else given(rate)
    if not isinstance(found, Optimizer):
        raise ValueError(
            f"Unrecognized optimizer: {given}. It should be a name, a class, an optimizer or a function."
        )
    return found
