"""Record the public names of TensorFlow: ``python tests/oracle/record_names.py``, with a Python that has TensorFlow.

It writes ``graphmagic/names/tensorflow.txt``: for each namespace of `tensorflow.compat.v1` its names, and the names
that only `tensorflow` 2 has, and which names of version 1 stand for the same object.  ``tf.contrib`` went away with
version 1; its names are those that published programs use.
"""

from __future__ import annotations

import os
import sys
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1"}

import tensorflow as tf2
import tensorflow.compat.v1 as tf1

FILE = Path(__file__).resolve().parents[2] / "graphmagic" / "names" / "tensorflow.txt"
# Namespaces that are libraries of their own, or lists of everything: the name alone is enough.
WHOLE = {"compat.v1", "compat.v2", "distribute", "estimator", "keras", "lite", "mlir", "raw_ops", "tpu"}
WHOLE |= {"app.flags", "types", "xla"}
# What modules of TensorFlow import for themselves.
NOT_PUBLIC = {
    "core",
    "include",
    "python",
    "tools",
    "tf_decorator",
    "flags.tf_decorator",
    "app.flags.tf_decorator",
}
HIDDEN = {"estimator"}  # which TensorFlow 2.16 and later have no longer

CONTRIB = {
    "distributions": ["Normal"],
    "framework": ["get_global_step"],
    "layers": [
        *("flatten", "fully_connected", "l1_regularizer", "l2_regularizer"),
        *("variance_scaling_initializer", "xavier_initializer"),
    ],
    "legacy_seq2seq": ["embedding_rnn_seq2seq"],
    "rnn": [
        *("BasicLSTMCell", "GRUCell", "OutputProjectionWrapper"),
        *("static_bidirectional_rnn", "static_rnn"),
    ],
    "tensorboard.plugins.projector": ["ProjectorConfig", "visualize_embeddings"],
}


def names(module: types.ModuleType, prefix: str, seen: frozenset[str]) -> Iterator[str]:
    for name in sorted(set(dir(module))):
        full = prefix + name
        if name.startswith("_") or full in NOT_PUBLIC:
            continue
        member = getattr(module, name)
        if not isinstance(member, types.ModuleType):
            yield full
        elif "tensorflow" in member.__name__ or "keras" in member.__name__:
            yield full
            if full not in WHOLE and member.__name__ not in seen:
                yield from names(member, f"{full}.", seen | {member.__name__})


def names_of_version_2(one: set[str]) -> Iterator[str]:
    """The names of `tensorflow` itself, and of its namespaces that version 1 has too."""
    for space in [
        "",
        *sorted(name for name in one if name.count(".") == 0 and name not in WHOLE | {"compat"}),
    ]:
        module = getattr(tf2, space, None) if space else tf2
        if isinstance(module, types.ModuleType):
            yield from (f"{space}.{n}".lstrip(".") for n in dir(module) if not n.startswith("_"))


def by_namespace(found: set[str]) -> dict[str, list[str]]:
    spaces: dict[str, list[str]] = {}
    for name in sorted(found):
        space, _, last = name.rpartition(".")
        spaces.setdefault(space, []).append(last)
    return spaces


def same_objects(found: set[str]) -> Iterator[str]:
    """Lines of names that are one function or class."""
    groups: dict[int, list[str]] = {}
    for name in sorted(found, key=lambda n: (n.count("."), n)):
        member: object = tf1
        for part in name.split("."):
            member = getattr(member, part, None)
        if callable(member):
            groups.setdefault(id(member), []).append(name)
    yield "[the same]"
    yield from (" ".join(group) for group in groups.values() if len(group) > 1)


def section(title: str, found: set[str]) -> Iterator[str]:
    yield f"[{title}]"
    for space, members in by_namespace(found).items():
        text = f"{space or 'tf'}: {' '.join(members)}"
        yield from textwrap.wrap(
            text, 110, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
        )


def main() -> None:
    contrib = [f"contrib.{space}.{name}" for space, members in CONTRIB.items() for name in members]
    one = set(names(tf1, "", frozenset())) | HIDDEN | set(contrib)
    one |= {".".join(name.split(".")[:end]) for name in contrib for end in range(1, name.count(".") + 1)}
    two = {name for name in names_of_version_2(one) if name not in one}
    FILE.write_text(
        "\n".join([*section("version 1", one), *section("version 2 only", two), *same_objects(one)]) + "\n"
    )
    sys.stdout.write(f"{len(one)} names of version 1, {len(two)} of version 2 only\n")


if __name__ == "__main__":
    main()
