"""The names that are bound for the user, and taken back."""

from __future__ import annotations

import pytest

from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.names import Names, unchanged_on_error


def test_what_we_bound_may_be_bound_again():
    names = Names({})
    names.bind("g", object())
    names.check("g", "%%graph")


def test_what_the_user_rebound_is_the_users():
    user = {}
    names = Names(user)
    names.bind("g", object())
    user["g"] = [1]

    with pytest.raises(MagicError, match=r"your own variable g \(a list\)"):
        names.check("g", "%%graph")
    names.take_back()
    assert user == {"g": [1]}


def test_a_name_equal_to_ours_is_still_the_users():
    user = {}
    names = Names(user)
    names.bind("g", [1])
    user["g"] = [1]

    assert names.is_users("g")


def test_a_deleted_name_is_free_again():
    user = {}
    names = Names(user)
    names.bind("g", 1)
    del user["g"]
    names.check("g", "%%graph")
    names.take_back()
    assert user == {}


def test_names_that_were_deleted_come_back_on_error():
    user = {"x": 1}
    with pytest.raises(KeyError), unchanged_on_error(user):
        del user["x"]
        del user["y"]

    assert user == {"x": 1}
