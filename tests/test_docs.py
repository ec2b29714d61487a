"""The documentation: its examples run, its links lead somewhere, and every page is in the table of contents."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(p for p in DOCS.rglob("*.md") if not {"_build", "course-template"} & set(p.parts))
WITH_EXAMPLES = [p for p in PAGES if ">>> " in p.read_text(encoding="utf-8")]


def name_of(page):
    return str(page.relative_to(DOCS))


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name_of)
def test_examples_run(page):
    # In a process of its own, because a page may declare operations.
    command = [sys.executable, "-m", "doctest", "-o", "ELLIPSIS", str(page)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists() or (
                target.startswith(("tutorials/", "../tutorials/", "api/"))
            ), f"{page.name}: {target}"


def test_every_page_is_in_a_table_of_contents():
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([\w/-]+)$", index, re.M))
    missing = {name_of(p).removesuffix(".md") for p in PAGES} - listed - {"index"}

    assert not missing


def test_the_map_of_the_code_has_every_folder():
    package = DOCS.parent / "graphmagic"
    folders = {init.parent.name for init in package.glob("*/__init__.py")}
    named = set(re.findall(r"`(\w+)/`", (DOCS / "architecture.md").read_text(encoding="utf-8")))

    assert folders - named == set()
