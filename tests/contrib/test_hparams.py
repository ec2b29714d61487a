"""Settings with names: reading them from text, and what does not fit."""

import pytest

import graphmagic as tf


def settings():
    return tf.contrib.training.HParams(rate=0.1, steps=3, name="a", sizes=[8, 16], is_deep=True)


def test_settings_are_attributes_and_text_changes_them():
    found = settings().parse("rate=1e-2, steps=5,name=b c,sizes=[4,2],is_deep=False")

    assert found.values() == {"rate": 0.01, "steps": 5, "name": "b c", "sizes": [4, 2], "is_deep": False}
    assert (found.rate, "steps" in found, found.get("other", 7)) == (0.01, True, 7)
    assert settings().parse_json(found.to_json()).values() == found.values()
    found.add_hparam("more", 1)
    found.del_hparam("rate")
    assert str(found) == "HParams(is_deep=False, more=1, name='b c', sizes=[4, 2], steps=5)"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (KeyError, "other=1"),
        (ValueError, "steps=1.5"),
        (ValueError, "sizes=3"),
        (ValueError, "is_deep=perhaps"),
        (ValueError, "steps"),
    ],
)
def test_text_that_does_not_fit_changes_nothing_there(kind, text):
    found = settings()

    with pytest.raises(kind):
        found.parse(text)
    assert found.values() == settings().values()


def test_values_of_other_types_are_refused():
    found = settings()
    found.set_hparam("rate", 2)

    assert found.rate == 2.0
    for name, value in (("steps", 1.5), ("steps", "3"), ("sizes", 3), ("name", [1]), ("is_deep", 1)):
        with pytest.raises(ValueError, match=r"hparam|Must not pass"):
            found.set_hparam(name, value)
