"""Operations on strings (TensorFlow's ``tf.strings``)."""

from graphmagic.names import namespace as _namespace
from graphmagic.ops.string_forms import format, length, lower, regex_full_match, regex_replace, strip, upper
from graphmagic.ops.string_joining import reduce_join, substr
from graphmagic.ops.string_joining import string_join as join
from graphmagic.ops.string_numbers import as_string
from graphmagic.ops.string_numbers import string_to_hash_bucket as to_hash_bucket
from graphmagic.ops.string_numbers import string_to_hash_bucket_fast as to_hash_bucket_fast
from graphmagic.ops.string_numbers import string_to_hash_bucket_strong as to_hash_bucket_strong
from graphmagic.ops.string_numbers import string_to_number as to_number
from graphmagic.ops.string_splitting import split

__all__ = [
    "as_string",
    "format",
    "join",
    "length",
    "lower",
    "reduce_join",
    "regex_full_match",
    "regex_replace",
    "split",
    "strip",
    "substr",
    "to_hash_bucket",
    "to_hash_bucket_fast",
    "to_hash_bucket_strong",
    "to_number",
    "upper",
]

__getattr__, __dir__ = _namespace(__name__)
