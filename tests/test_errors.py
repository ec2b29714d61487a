"""The tree of errors."""

import pickle

import pytest

from graphmagic import errors

KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.OpError)
]
KINDS.remove(errors.OpError)


def test_there_is_one_kind_per_code():
    codes = sorted(kind(None, None, "").error_code for kind in KINDS)

    assert codes == list(range(errors.CANCELLED, errors.UNAUTHENTICATED + 1))


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.__name__)
def test_an_error_tells_what_went_wrong(kind):
    error = kind("definition", "operation", "message")
    constant = "".join(f"_{c}" if c.isupper() else c for c in kind.__name__.removesuffix("Error")).upper()[1:]

    assert (error.node_def, error.op, error.message, str(error)) == (
        "definition",
        "operation",
        "message",
        "message",
    )
    assert error.error_code == getattr(errors, constant)


@pytest.mark.parametrize(
    "error", [*(k(None, None, "text") for k in KINDS), errors.OpError(None, None, "text", 77)]
)
def test_errors_travel_between_processes(error):
    again = pickle.loads(pickle.dumps(error))

    assert (type(again), again.message, again.error_code) == (type(error), "text", error.error_code)


def test_the_tree_in_the_docstring_is_complete():
    assert all(f"── {kind.__name__}" in errors.__doc__ for kind in KINDS)
