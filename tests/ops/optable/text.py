"""Strings: joined, split, changed, read as numbers, decoded."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import EDGES, bools, extremes, floats, ints, strings

WORDS = strings(b"ab", b"", b"c d ", "é€x".encode())
TABLE = np.array([[b"a", b"b", b"c"], [b"d", b"e", b"f"]], object)


def _call(function: str, *args: Any, **keywords: Any) -> Any:
    return lambda tf, *inputs: getattr(tf, function)(*inputs, *args, **keywords)


def _strings(function: str, *args: Any, **keywords: Any) -> Any:
    return lambda tf, *inputs: getattr(tf.strings, function)(*inputs, *args, **keywords)


def _join(**keywords: Any) -> Any:
    return lambda tf, *inputs: tf.string_join(list(inputs), **keywords)


def _parts(build: Any) -> Any:
    def parts(tf: Any, *inputs: Any) -> Any:
        found = build(tf, *inputs)
        return [found.indices, found.values, found.dense_shape]

    return parts


LONG = strings(
    *[bytes((7 * i + n) % 256 for i in range(n)) for n in (0, 1, 3, 4, 8, 15, 17, 32, 33, 63, 64, 65, 130)]
)
NUMBERS = strings(b"1", b" -2.5 ", b"3e2", b".5", b"1.", b"inf", b"-NaN", b"1e-40", b"16777217")
RECORDS = strings(b"1,2.5,a b", b'-7,,"x,""y"""', b"+3,1e3,")
DEFAULTS: list[Any] = [[7], [0.5], ["?"]]

CASES = [
    Case("StringJoin", "two", _join(), (TABLE, TABLE[::-1])),
    Case("StringJoin", "separator", _join(separator=", "), (WORDS, WORDS, WORDS)),
    Case("StringJoin", "scalar", _join(separator="-"), (WORDS, np.array(b"x", object))),
    Case("StringJoin", "scalars", _join(), (np.array(b"x", object), np.array(b"y", object))),
    Case("StringJoin", "one", _join(), (WORDS,)),
    Case("StringJoin", "empty", _join(), (strings(), strings())),
    Case("ReduceJoin", "rows", _call("reduce_join", 1), (TABLE,)),
    Case("ReduceJoin", "columns", _call("reduce_join", 0, separator="-"), (TABLE,)),
    Case("ReduceJoin", "last", _call("reduce_join", -1, keepdims=True), (TABLE,)),
    Case("ReduceJoin", "all", _call("reduce_join"), (TABLE,)),
    Case("ReduceJoin", "order", _call("reduce_join", [0, 1], separator="."), (TABLE,)),
    Case("ReduceJoin", "other_order", _call("reduce_join", [1, 0], keep_dims=True), (TABLE,)),
    Case("ReduceJoin", "no_axis", _call("reduce_join", np.zeros(0, "i")), (TABLE,)),
    Case("ReduceJoin", "scalar", _call("reduce_join"), (np.array(b"x", object),)),
    Case("ReduceJoin", "empty", _call("reduce_join", 0), (np.empty((0, 3), object),)),
    Case("ReduceJoin", "fed", _call("reduce_join"), (TABLE, np.array(1, "i"))),
    Case("Substr", "scalar", _call("substr", 1, 2), (strings(b"hello", b"ab", b"xyz"),)),
    Case("Substr", "back", _call("substr", -2, 2), (strings(b"hello", b"ab", b"xyz"),)),
    Case(
        "Substr",
        "vectors",
        _call("substr"),
        (strings(b"hello", b"ab", b""), np.array([1, 2, 0], "i"), np.array([9, 1, 1], "i")),
    ),
    Case("Substr", "rows", _call("substr"), (TABLE, np.array([[0], [1]], "q"), np.array([[1], [1]], "q"))),
    Case("Substr", "characters", _call("substr", 1, 1, unit="UTF8_CHAR"), (strings("é€x".encode(), b"abc"),)),
    Case("StringSplit", "spaces", _parts(_call("string_split")), (WORDS,)),
    Case("StringSplit", "empty_pieces", _parts(_call("string_split", skip_empty=False)), (WORDS,)),
    Case("StringSplit", "bytes", _parts(_call("string_split", "")), (WORDS,)),
    Case("StringSplit", "marks", _parts(_call("string_split", delimiter=",;")), (strings(b"a,b;c", b";;d"),)),
    Case("StringSplit", "nothing", _parts(_call("string_split")), (strings(),)),
    Case("StringSplitV2", "spaces", _parts(_strings("split")), (strings(b" a  b\tc ", b"", b"d"),)),
    Case("StringSplitV2", "mark", _parts(_strings("split", "--")), (strings(b"a--b----c", b"", b"d"),)),
    Case("StringSplitV2", "twice", _parts(_strings("split", ",", 1)), (strings(b"a,b,c", b"d"),)),
    # ----- one by one -----
    Case("StringLength", "bytes", _strings("length"), (WORDS,)),
    Case("StringLength", "characters", _strings("length", unit="UTF8_CHAR"), (WORDS,)),
    Case("StringLength", "scalar", _strings("length"), (np.array(b"abc", object),)),
    Case("StringLower", "bytes", _strings("lower"), (strings(b"ABc", "É".encode()),)),
    Case("StringLower", "utf8", _strings("lower", "utf-8"), (strings(b"ABc", "É".encode()),)),
    Case("StringUpper", "bytes", _strings("upper"), (WORDS,)),
    Case("StringUpper", "utf8", _strings("upper", encoding="utf-8"), (WORDS,)),
    Case("StringStrip", "matrix", _strings("strip"), (np.array([[b" a ", b"\tb\n", b"c"]], object),)),
    Case(
        "RegexReplace",
        "tensors",
        _call("regex_replace"),
        (WORDS, np.array(b"[a-c]", object), np.array(b"<\\0>", object)),
    ),
    Case(
        "RegexReplace",
        "first",
        _call("regex_replace", replace_global=False),
        (strings(b"aab", b"ba"), np.array(b"a", object), np.array(b"", object)),
    ),
    Case(
        "StaticRegexReplace",
        "groups",
        _call("regex_replace", "(\\w)(\\w)", "\\2\\1"),
        (strings(b"abcd", b"x yz"),),
    ),
    Case(
        "StaticRegexReplace",
        "class",
        _strings("regex_replace", "[[:alpha:]]+", "A"),
        (strings(b"ab1cd", b"2"),),
    ),
    Case("StaticRegexReplace", "characters", _strings("regex_replace", "^.", "_"), (WORDS,)),
    Case("StaticRegexReplace", "first", _call("regex_replace", " *", "-", replace_global=False), (WORDS,)),
    Case("RegexFullMatch", "tensor", _strings("regex_full_match"), (WORDS, np.array(b"a.*|.", object))),
    Case("StaticRegexFullMatch", "text", _strings("regex_full_match", "a.*|...|"), (WORDS,)),
    Case(
        "StringFormat",
        "two",
        lambda tf, x, y: tf.strings.format("x={} y={}", [x, y]),
        (ints(3), floats(2, 3)),
        grad=(1,),
        order=0,
    ),
    Case("StringFormat", "long", lambda tf, x: tf.strings.format("# of #", ["a", x], "#", 2), (ints(9),)),
    # ----- numbers -----
    Case("AsString", "floats", _call("as_string"), (floats(2, 3),), grad=(0,), order=0),
    Case("AsString", "edges", _call("as_string", shortest=True), (EDGES,)),
    Case("AsString", "double", _call("as_string", scientific=True), (floats(4, dtype=np.float64),)),
    Case("AsString", "precision", _call("as_string", precision=2), (floats(4, high=2e4),)),
    Case("AsString", "scientific", _call("as_string", 3, True), (floats(4, high=2e4),)),
    Case("AsString", "width", _call("as_string", width=9, precision=1), (floats(4),)),
    Case("AsString", "integers", _call("as_string"), (extremes(np.int64),)),
    Case("AsString", "zeros", _call("as_string", width=4, fill="0"), (ints(5),)),
    Case("AsString", "signs", _call("as_string", fill="+"), (ints(5),)),
    Case("AsString", "left", _call("as_string", width=4, fill="-"), (ints(5),)),
    Case("AsString", "spaces", _call("as_string", width=4, fill=" "), (ints(5),)),
    Case("AsString", "bools", _call("as_string"), (bools(3),)),
    Case("AsString", "bytes", _call("as_string"), (extremes(np.uint8),)),
    Case("StringToNumber", "floats", _call("string_to_number"), (NUMBERS,)),
    Case("StringToNumber", "double", _strings("to_number", out_type="float64"), (NUMBERS,)),
    Case(
        "StringToNumber",
        "integers",
        _call("string_to_number", "int32"),
        (strings(b"1", b" -2 ", b"+3", b"2147483647"),),
    ),
    Case(
        "StringToNumber",
        "int64",
        _call("string_to_number", "int64"),
        (np.array(b"9223372036854775807", object),),
    ),
    Case("StringToHashBucket", "long", _call("string_to_hash_bucket", 1000), (LONG,)),
    Case("StringToHashBucket", "many", _strings("to_hash_bucket", 2**62), (LONG,)),
    Case("StringToHashBucketFast", "long", _call("string_to_hash_bucket_fast", 1000), (LONG,)),
    Case("StringToHashBucketFast", "many", _strings("to_hash_bucket_fast", 2**62), (LONG,)),
    Case("StringToHashBucketStrong", "long", _call("string_to_hash_bucket_strong", 1000, [1, 2]), (LONG,)),
    Case("StringToHashBucketStrong", "many", _strings("to_hash_bucket_strong", 2**62, [-1, 2**40]), (LONG,)),
    # ----- decoding -----
    Case("EncodeBase64", "words", _call("encode_base64"), (WORDS,)),
    Case("EncodeBase64", "pad", _call("encode_base64", pad=True), (LONG,)),
    Case("DecodeBase64", "words", _call("decode_base64"), (strings(b"YWI", b"", b"Yw==", b"_-8"),)),
    Case("DecodeRaw", "bytes", _call("decode_raw", "uint8"), (strings(b"ab", b"\xff\x00"),)),
    Case(
        "DecodeRaw",
        "integers",
        _call("decode_raw", "int32"),
        (np.array([[b"\x01\0\0\0\xff\xff\xff\xff"]], object),),
    ),
    Case(
        "DecodeRaw",
        "big",
        _call("decode_raw", "int16", little_endian=False),
        (np.array(b"\x01\0\0\x02", object),),
    ),
    Case("DecodeRaw", "floats", _call("decode_raw", "float32"), (strings(b"\0\0\x80\x3f\0\0\0\xc0"),)),
    Case("DecodeRaw", "nothing", _call("decode_raw", "float32"), (strings(b"", b""),)),
    Case("DecodeCSV", "columns", _call("decode_csv", DEFAULTS), (RECORDS,)),
    Case("DecodeCSV", "selected", _call("decode_csv", [[0.5], ["?"]], select_cols=[1, 2]), (RECORDS,)),
    Case("DecodeCSV", "matrix", _call("decode_csv", [[1], [2]]), (np.array([[b"1,2", b",3"]], object),)),
    Case("DecodeCSV", "scalar", _call("decode_csv", [[1.0], [""]]), (np.array(b"1,x", object),)),
    Case("DecodeCSV", "tabs", _call("decode_csv", [[""], [""]], "\t"), (strings(b"a\tb,c", b'"d\te"\tf'),)),
    Case(
        "DecodeCSV",
        "no_quotes",
        _call("decode_csv", [[""], [""]], use_quote_delim=False),
        (strings(b'"a,b"'),),
    ),
    Case(
        "DecodeCSV", "missing", _call("decode_csv", [[1], [2.0]], na_value="NA"), (strings(b"NA,NA", b"3,"),)
    ),
    Case(
        "DecodeCSV",
        "types",
        lambda tf, x: tf.decode_csv(
            x, [tf.constant([], tf.int64), tf.constant([], tf.float64), tf.constant(["d"])]
        ),
        (strings(b"123456789012,1e300,", b"-1,2,z"),),
    ),
    Case("DecodeCSV", "newline", _call("decode_csv", [[""], [""]]), (strings(b'"a\nb",c'),)),
    Case("DecodeCSV", "default", lambda tf, x, d: tf.decode_csv(x, [d]), (strings(b"1.5", b'""'), floats(1))),
    Case("DecodeCSV", "newlines", _call("decode_csv", [[""], [""]]), (strings(b"\na,\r\nb", b"\r,"),)),
    Case("DecodeCSV", "nothing", _call("decode_csv", [[1]]), (strings(),)),
]

MISTAKES = [
    Mistake("StringJoin", "shapes", _join(), (strings(b"a", b"b"), strings(b"a", b"b", b"c"))),
    Mistake("StringJoin", "numbers", _join(), (WORDS, ints(4))),
    Mistake("ReduceJoin", "axis", _call("reduce_join", 2), (TABLE,)),
    Mistake("ReduceJoin", "below", _call("reduce_join", -3), (TABLE,)),
    Mistake("ReduceJoin", "twice", _call("reduce_join", [0, 0]), (TABLE,)),
    Mistake("ReduceJoin", "twice_below", _call("reduce_join", [0, -2]), (TABLE,)),
    Mistake("ReduceJoin", "numbers", _call("reduce_join", 0), (ints(3),)),
    Mistake("Substr", "outside", _call("substr", 3, 1), (strings(b"hello", b"ab"),)),
    Mistake("Substr", "outside_one", _call("substr", -3, 1), (np.array(b"ab", object),)),
    Mistake("Substr", "shapes", _call("substr", [1, 2], [1]), (strings(b"hello", b"ab"),)),
    Mistake("Substr", "unit", _call("substr", 1, 2, unit="WORD"), (WORDS,)),
    Mistake("Substr", "floats", _call("substr", 1.0, 2.0), (WORDS,)),
    Mistake("StringSplit", "matrix", _call("string_split"), (TABLE,)),
    Mistake("StringSplit", "delimiters", _call("string_split", [",", ";"]), (WORDS,)),
    Mistake("StringSplit", "numbers", _call("string_split"), (ints(3),)),
    Mistake(
        "StringSplitV2",
        "separators",
        _strings("split", [",", ";"]),
        (WORDS,),
        says={
            "unknown": (
                "build",
                "ValueError",
                "Shape must be rank 0 but is rank 1 for '{{node StringSplit/StringSplitV2}} = StringSplitV2[maxsplit=-1]"
                "(input0, StringSplit/Const)' with input shapes: ?, [2].",
            ),
        },
        why="TensorFlow goes the way of ragged tensors, and names nodes for it",
    ),
    Mistake("StringLower", "encoding", _strings("lower", "latin-1"), (WORDS,)),
    Mistake("StringUpper", "numbers", _strings("upper"), (ints(3),)),
    Mistake("StringStrip", "numbers", _strings("strip"), (ints(3),)),
    Mistake("EncodeBase64", "numbers", _call("encode_base64"), (ints(3),)),
    Mistake("StaticRegexFullMatch", "numbers", _strings("regex_full_match", "a"), (ints(3),)),
    Mistake("StringLength", "numbers", _strings("length"), (ints(3),)),
    Mistake("StringLength", "unit", _strings("length", unit="WORD"), (WORDS,)),
    Mistake("RegexReplace", "vector", _call("regex_replace", ["a"], "b"), (WORDS,)),
    Mistake("StaticRegexReplace", "numbers", _call("regex_replace", "a", "b"), (ints(3),)),
    Mistake("RegexFullMatch", "vector", _strings("regex_full_match", ["a"]), (WORDS,)),
    Mistake("StringFormat", "too_few", lambda tf, x: tf.strings.format("{} {}", x), (ints(3),)),
    Mistake("AsString", "both", _call("as_string", scientific=True, shortest=True), (floats(3),)),
    Mistake("AsString", "precision", _call("as_string", precision=2), (ints(3),)),
    Mistake("AsString", "scientific", _call("as_string", scientific=True), (ints(3),)),
    Mistake("AsString", "fill", _call("as_string", width=3, fill="x"), (ints(3),)),
    Mistake("AsString", "long_fill", _call("as_string", width=3, fill="00"), (ints(3),)),
    Mistake("StringToNumber", "word", _call("string_to_number"), (strings(b"1", b"one"),)),
    Mistake("StringToNumber", "point", _call("string_to_number", "int32"), (strings(b"1.5"),)),
    Mistake("StringToNumber", "large", _call("string_to_number", "int32"), (strings(b"2147483648"),)),
    Mistake("StringToNumber", "type", _call("string_to_number", "int16"), (strings(b"1"),)),
    Mistake("StringToHashBucket", "none", _call("string_to_hash_bucket", 0), (WORDS,)),
    Mistake("StringToHashBucketFast", "none", _call("string_to_hash_bucket_fast", 0), (WORDS,)),
    Mistake("StringToHashBucketStrong", "key", _call("string_to_hash_bucket_strong", 9, [1]), (WORDS,)),
    Mistake("DecodeBase64", "character", _call("decode_base64"), (strings(b"Y+I="),)),
    Mistake("DecodeRaw", "length", _call("decode_raw", "int32"), (strings(b"abc"),)),
    Mistake("DecodeRaw", "lengths", _call("decode_raw", "uint8"), (strings(b"abc", b"ab"),)),
    Mistake("DecodeRaw", "strings", _call("decode_raw", "string"), (strings(b"abc"),)),
    Mistake(
        "DecodeCSV",
        "gradient",
        lambda tf, x, d: tf.gradients(tf.decode_csv(x, [d])[0], d),
        (strings(b"1.5"), floats(1)),
    ),
    Mistake("DecodeCSV", "empty", _call("decode_csv", [[1]]), (strings(b"1", b""),)),
    Mistake("DecodeCSV", "end", _call("decode_csv", [[1]], use_quote_delim=False), (strings(b"1\n"),)),
    Mistake("DecodeCSV", "few", _call("decode_csv", [[1], [2]]), (strings(b"1,2", b"3"),)),
    Mistake("DecodeCSV", "many", _call("decode_csv", [[1], [2]]), (strings(b"1,2,3"),)),
    Mistake("DecodeCSV", "number", _call("decode_csv", [[1], [2.0]]), (strings(b"1,2", b"1,x"),)),
    Mistake("DecodeCSV", "integer", _call("decode_csv", [[1]]), (strings(b"1.5"),)),
    Mistake(
        "DecodeCSV",
        "required",
        lambda tf, x: tf.decode_csv(x, [[1], tf.constant([], tf.float32)]),
        (strings(b"1,"),),
    ),
    Mistake("DecodeCSV", "quote", _call("decode_csv", [[""]]), (strings(b'a"b'),)),
    Mistake("DecodeCSV", "open", _call("decode_csv", [[""]]), (strings(b'"ab'),)),
    Mistake("DecodeCSV", "behind", _call("decode_csv", [[""]]), (strings(b'"a"b'),)),
    Mistake("DecodeCSV", "newline", _call("decode_csv", [[""]]), (strings(b"a\nb"),)),
    Mistake("DecodeCSV", "delimiter", _call("decode_csv", [[""]], ",,"), (strings(b"a"),)),
    Mistake("DecodeCSV", "order", _call("decode_csv", [[""], [""]], select_cols=[2, 1]), (strings(b"a"),)),
    Mistake("DecodeCSV", "counts", _call("decode_csv", [[""], [""]], select_cols=[1]), (strings(b"a"),)),
    Mistake("DecodeCSV", "defaults", _call("decode_csv", [["", "x"]]), (strings(b"a"),)),
    Mistake("DecodeCSV", "matrix", _call("decode_csv", [[[""]]]), (strings(b"a"),)),
    Mistake("DecodeCSV", "bools", _call("decode_csv", [[True]]), (strings(b"a"),)),
]
