"""Tables from keys to values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import ints, strings

WORDS = strings(b"a", b"z", b"bb")
FILE = "InitializeTableFromTextFileV2"
PLACE = Path(__file__).with_name("lookups.txt")


def _after(tf: Any, first: Any, then: Any) -> Any:
    with tf.control_dependencies(first):
        return then()


def _table(tf: Any, keys: Any = (b"a", b"bb", b"c"), values: Any = (5, 6, 7), default: Any = -1) -> Any:
    pairs = tf.lookup.KeyValueTensorInitializer(tf.constant(list(keys)), tf.constant(list(values), tf.int64))
    return tf.lookup.StaticHashTable(pairs, default)


def _filled(then: Any, **options: Any) -> Any:
    def build(tf: Any, *inputs: Any) -> Any:
        table = _table(tf, **options)
        return _after(tf, [tf.tables_initializer()], lambda: then(table, *inputs))

    return build


def _back(tf: Any, keys: Any) -> Any:
    pairs = tf.lookup.KeyValueTensorInitializer(tf.constant([1, 2], tf.int64), tf.constant(["one", "two"]))
    table = tf.lookup.StaticHashTable(pairs, "UNK")
    return _after(tf, [tf.tables_initializer()], lambda: table.lookup(keys))


def _vocabulary(tf: Any, keys: Any) -> Any:
    pairs = tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([0, 1], tf.int64))
    table = tf.lookup.StaticVocabularyTable(pairs, 3)
    return _after(tf, [tf.tables_initializer()], lambda: table.lookup(keys))


def _of_file(key: int, value: int, then: Any, key_type: str = "string", **options: Any) -> Any:
    def build(tf: Any, *inputs: Any) -> Any:
        found = tf.lookup.TextFileInitializer(
            str(PLACE), tf.as_dtype(key_type), key, tf.int64, value, delimiter=" ", **options
        )
        table = tf.lookup.StaticHashTable(found, -1)
        return _after(tf, [tf.tables_initializer()], lambda: then(table, *inputs))

    return build


def _mutable(tf: Any) -> Any:
    return raw(tf, "MutableHashTableV2", key_dtype=tf.string, value_dtype=tf.int64)


def _changed(then: Any) -> Any:
    """What is seen after two entries are put in and one of them is changed."""

    def build(tf: Any, *inputs: Any) -> Any:
        table = _mutable(tf)
        first = raw(tf, "LookupTableInsertV2", table, tf.constant(["a", "b"]), tf.constant([5, 6], tf.int64))
        second = _after(
            tf,
            [first],
            lambda: raw(tf, "LookupTableInsertV2", table, tf.constant(["b"]), tf.constant([7], tf.int64)),
        )
        return _after(tf, [second], lambda: then(tf, table, *inputs))

    return build


def _find(tf: Any, table: Any, keys: Any) -> Any:
    return raw(tf, "LookupTableFindV2", table, keys, tf.constant(-1, tf.int64))


def _without(tf: Any, table: Any, keys: Any) -> Any:
    removed = raw(tf, "LookupTableRemoveV2", table, keys)
    return _after(tf, [removed], lambda: raw(tf, "LookupTableSizeV2", table))


def _exported(tf: Any, table: Any) -> Any:
    keys, values = raw(tf, "LookupTableExportV2", table, Tkeys=tf.string, Tvalues=tf.int64)
    return [tf.size(keys), tf.reduce_sum(values)]


CASES = [
    Case("HashTableV2", "find", _filled(lambda table, x: table.lookup(x)), (WORDS,)),
    Case(
        "LookupTableFindV2",
        "matrix",
        _filled(lambda table, x: table.lookup(x)),
        (np.array([[b"c", b""]], object),),
    ),
    Case("LookupTableFindV2", "scalar", _filled(lambda table, x: table.lookup(x)), (np.array(b"c", object),)),
    Case("LookupTableFindV2", "empty", _filled(lambda table, x: table.lookup(x)), (strings(),)),
    Case("LookupTableFindV2", "strings", _back, (np.array([2, 9], np.int64),)),
    Case("LookupTableFindV2", "unknown_words", _vocabulary, (WORDS,)),
    Case(
        "LookupTableImportV2",
        "twice_alike",
        _filled(lambda t, x: t.lookup(x), keys=(b"a", b"a"), values=(5, 5)),
        (WORDS,),
    ),
    Case("LookupTableSizeV2", "size", _filled(lambda table: table.size())),
    Case(FILE, "lines", _of_file(-2, -1, lambda t, x: t.lookup(x)), (strings(b"bb 20", b"a"),)),
    Case(FILE, "columns", _of_file(0, 1, lambda t, x: t.lookup(x)), (WORDS,)),
    Case(FILE, "numbers", _of_file(1, -1, lambda t, x: t.lookup(x), "int64"), (np.array([30, 1], "q"),)),
    Case(FILE, "some", _of_file(0, 1, lambda t, x: t.lookup(x), vocab_size=2), (strings(b"a", b"ccc"),)),
    Case("MutableHashTableV2", "changed", _changed(_find), (WORDS,)),
    Case("LookupTableInsertV2", "changed", _changed(_find), (strings(b"b"),)),
    Case("LookupTableRemoveV2", "one", _changed(_without), (strings(b"a", b"q"),)),
    Case("LookupTableExportV2", "all", _changed(_exported)),
]

MISTAKES = [
    Mistake("LookupTableFindV2", "not_filled", lambda tf, x: _table(tf).lookup(x), (WORDS,)),
    Mistake("LookupTableFindV2", "keys", lambda tf, x: _table(tf).lookup(x), (ints(3),)),
    Mistake(
        "LookupTableImportV2",
        "different",
        lambda tf: _table(tf, (b"a", b"a"), (5, 6)) and tf.tables_initializer(),
    ),
    Mistake("LookupTableImportV2", "shapes", lambda tf: _table(tf, (b"a",))),
    Mistake("LookupTableSizeV2", "no_table", lambda tf: raw(tf, "LookupTableSizeV2", tf.constant(1))),
    Mistake(FILE, "number", _of_file(1, 0, lambda t, x: t.lookup(x)), (WORDS,)),
    Mistake(FILE, "type", _of_file(-2, -1, lambda t, x: t.lookup(x), "float32"), (WORDS,)),
    Mistake(
        "LookupTableInsertV2",
        "types",
        _changed(lambda tf, t, x: raw(tf, "LookupTableInsertV2", t, x, tf.constant([1]))),
        (WORDS,),
    ),
    Mistake(
        "LookupTableRemoveV2",
        "types",
        _changed(lambda tf, t, x: raw(tf, "LookupTableRemoveV2", t, x)),
        (ints(3),),
    ),
    Mistake(
        "LookupTableExportV2",
        "no_table",
        lambda tf: raw(tf, "LookupTableExportV2", tf.constant(1), Tkeys=tf.int32, Tvalues=tf.int64),
    ),
]
