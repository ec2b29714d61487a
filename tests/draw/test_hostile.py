"""Whatever stands in a name, a value, a source line: in the picture it is text."""

from __future__ import annotations

import warnings
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphmagic import draw
from graphmagic.draw.dot import to_dot
from graphmagic.draw.labels import printable
from graphmagic.draw.model import Cluster, Drawing, Edge, EdgeKind, Kind, Node
from graphmagic.draw.render import render
from graphmagic.draw.svg import finish

TITLE = "{http://www.w3.org/2000/svg}title"
NASTY = [
    "<script>alert('x')</script>",
    '"]; evil [label="x',
    "\\N \\G \\T \\l\\n",
    "x\\",
    "&lt;b&gt;",
    "&#60;b&#62;",
    "&copy;",
    "<<b>x</b>>",
    "--> <!-- ]]>",
    "a\nb\r\n\tc\x00\x1b",
    "naïve ☃ 😀",
    "\u202egnp.exe",
    "\ud800",
    "javascript:alert(1)",
    "{|}",
    "%0A%n",
    "</title></svg>",
    "&",
    "\\\\\\N",
]
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.sampled_from("<>&\"'\\;#[]{}|%-=/NGTLHEnlr \n\x00x1"), min_size=1, max_size=12),
    st.text(min_size=1, max_size=12),
).filter(lambda text: text.strip() != "")


def drawing(a, b, c):
    return Drawing(
        a,
        b,
        (
            Node("one", Kind.OPERATION, a, (b, c), (c, a), "s"),
            Node("two", Kind.VARIABLE, b, (c,), (b,), "s"),
            Node("three", Kind.CONSTANT, c, (), (a, b, c)),
            Node("four", Kind.SCOPE, a, (), (c,)),
        ),
        (Edge("one", "two", EdgeKind.DATA, c, (a,)), Edge("two", "four", EdgeKind.CONTROL, "", (b, c))),
        (Cluster("s", b),),
    )


def skeleton(root):
    """All elements with the names of their attributes; the words in texts may break into several."""
    return {(element.tag, tuple(sorted(element.attrib))) for element in root.iter()}


def picture_of(*words):
    shown = drawing(*words)
    return ElementTree.fromstring(finish(render(to_dot(shown), "svg"), shown.name, shown.description))


@pytest.mark.usefixtures("graphviz_engine")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts, texts, texts)
def test_text_never_becomes_markup_and_stays_itself(a, b, c):
    root = picture_of(a, b, c)

    assert skeleton(root) == skeleton(picture_of("a", "b", "c"))
    titles = [element.text.replace("\xa0", " ") for element in root.iter(TITLE)]
    lines = [(a,), (b,), (c, a), (b,), (a, b, c), (c,), (a,), (b, c)]
    expected = {"\n".join(map(printable, line)).replace("\xa0", " ") for line in lines}
    assert expected <= set(titles) | {""}


@settings(max_examples=200, deadline=None)
@given(texts, texts, texts)
def test_graphviz_reads_as_many_nodes_as_were_meant(a, b, c):
    pygraphviz = pytest.importorskip("pygraphviz")
    with warnings.catch_warnings(record=True):
        graph = pygraphviz.AGraph(string=to_dot(drawing(a, b, c)))

    assert sorted(graph.nodes()) == ["n0", "n1", "n2", "n3"]
    assert sorted(graph.edges()) == [("n0", "n1"), ("n1", "n3")]
    assert [s.name for s in graph.subgraphs()] == ["cluster_0"]


@pytest.mark.usefixtures("graphviz_engine")
@pytest.mark.parametrize("nasty", NASTY)
def test_values_and_source_lines_of_a_real_graph(build, nasty):
    source = f"x = tf.constant({nasty!r}.encode('utf-8', 'replace'), name='x')  # {printable(nasty)}"
    graph, _ = build(source, nasty.replace("\0", ""))
    benign, _ = build("x = tf.constant(b'safe', name='x')", "safe")
    picture = draw.picture(graph, name=nasty, values={nasty: None})

    assert skeleton(ElementTree.fromstring(picture.svg())) == skeleton(
        ElementTree.fromstring(draw.picture(benign).svg())
    )
    assert len(picture.text.splitlines()) == 2
