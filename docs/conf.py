"""The documentation site: ``sphinx-build -W docs docs/_build/html``."""

from __future__ import annotations

import shutil
import sys
import types
from pathlib import Path
from typing import Any

import graphmagic

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))


# The reference calls it what programs call it.
class _Tf(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # above all no __path__: nothing is to be imported a second time
            raise AttributeError(name)
        return getattr(graphmagic, name)


sys.modules["tf"] = _Tf("tf")

import reference

project = "graphmagic"
author = "The graphmagic developers"
copyright = "2026, the graphmagic developers"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.mathjax"]
exclude_patterns = ["_build", "course-template", "**.ipynb_checkpoints"]
default_role = "code"
html_theme = "furo"
html_title = "graphmagic"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_show_sourcelink = False
html_copy_source = False

# Nothing comes from the network: mathematics is set by the program that the lecture decks carry too.
_MATHJAX = HERE.parent / "graphmagic" / "notebook" / "templates" / "lecture" / "static" / "tex-svg-full.js"
mathjax_path = "tex-svg-full.js"
nb_ipywidgets_js: dict[str, Any] = {}

# The tutorials are shown with the outputs they have; the tests are what runs them.
nb_execution_mode = "off"
nb_mime_priority_overrides = [("html", "text/html", 0), ("html", "image/svg+xml", 5)]
myst_enable_extensions = ["dollarmath", "amsmath", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]

autodoc_member_order = "groupwise"
autodoc_typehints = "none"
napoleon_use_rtype = False
napoleon_use_ivar = True


def _copy_notebooks() -> None:
    """Sphinx reads below its own folder only."""
    source, target = HERE.parent / "notebooks", HERE / "tutorials"
    for notebook in [*source.glob("*.ipynb"), *source.glob("solutions/*.ipynb")]:
        copy = target / notebook.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(notebook, copy)


_copy_notebooks()
reference.write(HERE / "api")


def _add_mathjax(app: Any, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        shutil.copyfile(_MATHJAX, Path(app.outdir) / "_static" / mathjax_path)


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("build-finished", _add_mathjax)
