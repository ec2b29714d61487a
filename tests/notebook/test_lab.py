"""The main story in a real JupyterLab in a headless Chromium, watched in the page itself."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).parents[2] / "artifacts" / "lab"
CELLS = {
    "load": "%load_ext graphmagic\nimport graphmagic as tf",
    "graph": (
        "%%graph line --direction LR\nx = tf.placeholder(tf.float32, [None], name='x')\n"
        "w = tf.Variable(0.0, name='w')\nb = tf.Variable(tf.zeros([100]), name='b')\n"
        "loss = tf.reduce_mean(tf.square(w * x - 3.0 * x), name='loss')\n"
        "step = tf.group(tf.train.GradientDescentOptimizer(0.01).minimize(loss), b.assign_add(tf.ones([100])))\n"
        "init = tf.global_variables_initializer()\ndata = {x: [1.0, 2.0]}"
    ),
    "train": (
        "%%session train --watch loss\nimport pathlib, time\nsess.run(init)\n"
        "for _ in sess.steps(100000, name='step'):\n    sess.run([step, loss], data)\n    time.sleep(0.01)\n"
        "    if pathlib.Path('seen').exists(): break\nw"
    ),
    "fresh": "%%session trial\nsess.run(init)",
    "values": "%values train trial",
    "trace": "%trace loss --feed data --session train",
    "error": "%%session other\nsess.run(loss, data)",
    "interrupt": "%%session train\nwhile True:\n    sess.run(step, data)\n    time.sleep(0.01)",
    "after": "%%session train --no-panel\nbool(sess.run(w) > 0)",
    "type here": "",
}
NAMES = list(CELLS)


class Lab:
    """A notebook in JupyterLab, and what somebody does there."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def cell(self, name: str) -> Any:
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(NAMES.index(name))

    def outputs(self, name: str) -> Any:
        return self.cell(name).locator(".jp-OutputArea-output")

    def command(self, name: str) -> None:
        self.page.evaluate("(name) => void window.jupyterapp.commands.execute(name)", name)

    def start(self, name: str) -> None:
        """Select a cell and run it as users do, without waiting for its end."""
        self.cell(name).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")

    def run(self, name: str) -> None:
        """Run a cell to its end."""
        self.start(name)
        self.wait_for_end(name)

    def wait_for_end(self, name: str) -> None:
        self.expect(self.cell(name).locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))

    def expect(self, locator: Any) -> Any:
        from playwright.sync_api import expect

        return expect(locator)

    def picture(self, name: str, of: Any = None) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        (of or self.page).screenshot(path=PICTURES / f"{name}.png")


def colours_of(image: Any) -> str:
    """The colour scheme that a page gives an image, which its SVG follows."""
    return str(image.evaluate("(image) => getComputedStyle(image).colorScheme"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_server(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of a JupyterLab with settings of its own, and the folder that it serves."""
    pytest.importorskip("jupyterlab", reason="JupyterLab is not installed")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    folder = tmp_path_factory.mktemp("lab")
    work = folder / "work"
    work.mkdir()
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS.values()])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, work / "story.ipynb")
    own = {
        name: str(folder / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    }
    port, log = free_port(), folder / "log.txt"
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += ["--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={work}"]
    command += ["--LabApp.expose_app_in_browser=True", "--LabApp.news_url=None"]
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, env={**os.environ, **own}, cwd=work, stdout=out, stderr=subprocess.STDOUT
        )
    try:
        wait_for_server(f"http://127.0.0.1:{port}/api", server, log)
        yield f"http://127.0.0.1:{port}", work
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def lab(chromium: Any, served: tuple[str, Path]) -> Iterator[Lab]:
    """The notebook of the story, open and with a kernel."""
    page = chromium.new_page(viewport={"width": 1000, "height": 3200})
    page.set_default_timeout(60_000)
    page.goto(f"{served[0]}/lab/tree/story.ipynb")
    page.wait_for_function(
        "window.jupyterapp && document.querySelectorAll('.jp-Notebook .jp-CodeCell').length > 9"
    )
    page.wait_for_function(
        "(() => { const context = window.jupyterapp.shell.currentWidget?.sessionContext;"
        " return context?.session?.kernel?.status === 'idle'; })()"
    )
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    yield Lab(page)
    page.close()


def test_the_main_story(lab: Lab, served: tuple[str, Path]) -> None:
    from playwright.sync_api import expect

    expect.set_options(timeout=60_000)

    lab.run("load")
    assert lab.outputs("load").count() == 0

    lab.run("graph")
    image = lab.cell("graph").locator(".graphmagic-picture img")
    lab.expect(image).to_be_visible()
    lab.expect(
        lab.cell("graph").locator(".graphmagic-picture span[title*='created at']").first
    ).to_be_visible()
    assert colours_of(image) == "light"
    assert image.evaluate("(image) => image.clientWidth <= image.closest('.jp-OutputArea').clientWidth")

    lab.start("train")
    panel = lab.cell("train").get_by_role("region")
    lab.expect(panel).to_contain_text("running")
    first = panel.inner_text()
    lab.page.wait_for_function(
        "([text, n]) => { const panel = document.querySelectorAll('.jp-Notebook .jp-CodeCell')[n]"
        ".querySelector('[role=region]'); return panel.innerText !== text && / left/.test(panel.innerText); }",
        arg=[first, NAMES.index("train")],
    )
    lab.expect(panel.get_by_role("progressbar")).to_be_visible()
    lab.picture("while_it_trains")
    (served[1] / "seen").touch()
    lab.wait_for_end("train")
    lab.expect(panel).not_to_contain_text("running")
    lab.expect(panel).to_contain_text("stopped there")
    lab.expect(panel.get_by_role("table")).to_have_count(1)
    lab.expect(panel.get_by_role("rowheader", name="w")).to_be_visible()
    fits = panel.evaluate("(element) => element.scrollWidth <= element.clientWidth")
    assert fits, "the panel is wider than the notebook's column"
    lab.picture("panel", panel)

    lab.run("fresh")
    lab.run("values")
    lab.expect(lab.outputs("values").first).to_contain_text("≠ differ")

    lab.run("trace")
    player = lab.cell("trace").locator(".graphmagic-trace")
    lab.expect(player).to_be_visible()
    lab.picture("player", player)

    lab.run("error")
    lab.expect(lab.cell("error")).to_contain_text("uninitialized")
    lab.expect(lab.cell("error")).to_contain_text("----> 2 sess.run(loss, data)")

    lab.start("interrupt")
    lab.expect(lab.cell("interrupt").get_by_role("region")).to_contain_text("running")
    lab.command("notebook:interrupt-kernel")
    lab.wait_for_end("interrupt")
    lab.expect(lab.cell("interrupt").get_by_role("region")).to_contain_text("interrupted")
    lab.run("after")
    lab.expect(lab.outputs("after").first).to_contain_text("True")

    lab.cell("type here").locator(".cm-content").click()
    lab.page.keyboard.type("%%session tr")
    lab.page.keyboard.press("Tab")
    lab.expect(lab.page.locator(".jp-Completer-item")).to_have_text(
        [re.compile("train"), re.compile("trial")]
    )
    lab.picture("completion", lab.page.locator(".jp-Completer"))
    lab.page.keyboard.press("Escape")
    lab.picture("light")

    lab.page.evaluate(
        "window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
    )
    lab.page.wait_for_selector("body[data-jp-theme-light=false]", state="attached")
    assert colours_of(image) == "dark"
    lab.picture("dark")
    lab.picture("panel_dark", panel)

    lab.command("notebook:restart-kernel")
    lab.page.get_by_role("button", name="Confirm Kernel Restart").or_(
        lab.page.locator(".jp-Dialog .jp-mod-accept")
    ).first.click()
    lab.run("load")
    lab.run("graph")
    lab.run("fresh")
    lab.expect(lab.cell("fresh").get_by_role("region")).to_contain_text("1 run, 1 in this cell")
