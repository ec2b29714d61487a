"""The page of supported names is what the script writes."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "docs" / "coverage.py"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("coverage_page", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date(script):
    assert script.FILE.read_text(encoding="utf-8") == script.render(), "run: python docs/coverage.py"


@pytest.mark.parametrize("name", ["Session", "nn.relu", "train.AdamOptimizer", "newaxis", "random.normal"])
def test_what_there_is_counts(script, name):
    assert script.is_supported(name)


@pytest.mark.parametrize(
    "name", ["keras.applications", "config", "config.experimental", "nn.quantized_conv2d"]
)
def test_what_there_is_not_does_not_count(script, name):
    assert not script.is_supported(name)
