"""Markup goes to the words that it belongs to, and stays well nested whatever the links are."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.data import Link
from s2scli.text.projection import MOST_SPANS, linked, project

TAGS = re.compile(r"<(/?)(\w+)>")


def parse(marked: str) -> tuple[str, list[tuple[int, int]], list[int]]:
    """``a <b>big</b> dog<p>`` → text, spans and parents; <p> is a point."""
    text, parents, around = "", [], [-1]
    spans: list[list[int]] = []
    reached = 0
    for tag in TAGS.finditer(marked):
        text += marked[reached : tag.start()]
        reached = tag.end()
        if tag[1]:
            spans[around.pop()][1] = len(text)
        else:
            spans.append([len(text), len(text)])
            parents.append(around[-1])
            if tag[2] != "p":
                around.append(len(spans) - 1)
    return text + marked[reached:], [(a, b) for a, b in spans], parents


def words(text: str) -> list[tuple[int, int]]:
    return [word.span() for word in re.finditer(r"\S+", text)]


def links_of(source: str, target: str, pairs: str) -> list[Link]:
    """Links from pairs of words' numbers, such as ``0-1 1-0``."""
    found = []
    for pair in pairs.split():
        s, t = map(int, pair.split("-"))
        found.append((*words(source)[s], *words(target)[t]))
    return found


def shown(target: str, marked: str, spans: tuple[tuple[int, int], ...]) -> str:
    """The target with the source's tags."""
    names = [tag[2] for tag in TAGS.finditer(marked) if not tag[1]]
    opens = [(start, 1, -end, n) for n, (start, end) in enumerate(spans)]
    closes = [(end, 0, -start, -n) for n, (start, end) in enumerate(spans) if names[n] != "p"]
    events = sorted([*opens, *closes], reverse=True)
    for position, opening, _, number in events:
        name = names[abs(number)]
        tag = f"<{name}>" if opening else f"</{name}>"
        target = target[:position] + tag + target[position:]
    return target


@pytest.mark.parametrize(
    ("marked", "target", "pairs", "expected"),
    [
        ("a <b>big</b> dog", "ein großer Hund", "0-0 1-1 2-2", "ein <b>großer</b> Hund"),
        # The first letter of a text stays one: books set it large, menus underline it.
        ("<b>T</b>he house", "Das Haus", "0-0 1-1", "<b>D</b>as Haus"),
        ("<b>“T</b>hey go,” he said", "„Sie gehen“, sagte er", "0-0 1-1 2-3 3-2",
         "<b>„S</b>ie gehen“, sagte er"),
        ("<b><i>T</i></b><s>he house</s> is", "Das Haus ist", "0-0 1-1 2-2",
         "<b><i>D</i></b><s>as Haus</s> ist"),
        ("<b>A</b> house", "Ein Haus", "0-0 1-1", "<b>Ein</b> Haus"),
        # Other order; punctuation stays outside, or inside.
        ("I have <b>seen</b> it.", "Ich habe es gesehen.", "0-0 1-1 2-3 3-2",
         "Ich habe es <b>gesehen</b>."),
        ("He said <b>stop!</b> and left", "Er sagte halt! und ging", "0-0 1-1 2-2 3-3 4-4",
         "Er sagte <b>halt!</b> und ging"),
        # An outlier does not make the stretch long.
        ("the <b>red car</b> of my old aunt", "das rote Auto meiner alten Tante",
         "0-0 1-1 2-2 2-5 4-3 5-4 6-5", "das <b>rote Auto</b> meiner alten Tante"),
        # A word without links within a stretch.
        ("<b>in front of</b> it", "vor dem da", "0-0 1-0 3-2", "<b>vor</b> dem da"),
        ("so <b>a b c</b>, so", "so x y z, so", "0-0 1-1 2-2 3-3 4-4", "so <b>x y z</b>, so"),
        # Nested, and all of the outer one.
        ("see <a><b>the house</b></a> now", "sieh jetzt das Haus", "0-0 1-2 2-3 3-1",
         "sieh jetzt <a><b>das Haus</b></a>"),
        # The very same word, without any link.
        ("ask <b>Peter</b> today", "heute Peter fragen", "", "heute <b>Peter</b> fragen"),
        ("<b>All</b> dogs", "Alle Hunde", "0-0 1-1", "<b>Alle</b> Hunde"),
        ("use <b>PDF</b> files", "PDF-Dateien nutzen", "", "<b>PDF</b>-Dateien nutzen"),
        ("H<b>2</b>O is wet", "H2O ist nass", "0-0 1-1 2-2", "H<b>2</b>O ist nass"),
        ("a bit of H<b>2</b>O and x<b>2</b>", "etwas H2O und x2", "0-0 1-0 3-1 4-2 5-3",
         "etwas H<b>2</b>O und x<b>2</b>"),
        ("the <b>1</b>st day", "der 1. Tag", "0-0 1-1 2-2", "der <b>1</b>. Tag"),
        ("so <b>un</b>kind of you", "so unfreundlich von dir", "0-0 1-1 2-2 3-3",
         "so <b>un</b>freundlich von dir"),
        ("so non<p>-stop now", "so non-stop jetzt", "0-0 1-1 2-2", "so non<p>-stop jetzt"),
        # Points: behind their word, in front of a full stop, between words, at the ends.
        ("I have seen<p> it.", "Ich habe es gesehen.", "0-0 1-1 2-3 3-2",
         "Ich habe es gesehen<p>."),
        ("It is old.<p> Yes it is.", "Es ist alt. Ja das ist es.", "0-0 1-1 2-2 3-3 4-4 5-5",
         "Es ist alt.<p> Ja das ist es."),
        ("one two <p> three", "eins zwei  drei", "0-0 1-1 2-2", "eins zwei <p>drei"),
        ("<p>one two<p>", "zwei eins", "0-1 1-0", "<p>zwei eins<p>"),
        # Two neighbours that want the same word.
        ("<b>ice</b> <i>cream</i> shop", "Eisdiele da", "0-0 1-0 2-0",
         "<b>Eisdiele</b> <i>da</i>"),
    ],
)  # fmt: skip
def test_stretches(marked: str, target: str, pairs: str, expected: str) -> None:
    source, spans, parents = parse(marked)
    found = project(source, target, spans, parents, links_of(source, target, pairs))
    assert shown(target, marked, found).replace("  ", " ") == expected.replace("  ", " ")


@pytest.mark.parametrize(
    ("marked", "target", "pairs", "expected"),
    [
        # No word of the translation goes into code, and code holds all of its own.
        ("Use <c>git</c> and <c>npm</c> now", "Nutzen Sie git und npm jetzt",
         "0-0 1-1 1-2 2-3 3-4 4-5", "Nutzen Sie <c>git</c> und <c>npm</c> jetzt"),
        ("<b>the <c>git</c> tool</b> and <c>npm</c>", "npm und das git Ding",
         "0-2 1-3 2-4 3-1 4-0", "<c>npm</c> und <b>das <c>git</c> Ding</b>"),
        # Of several places the one that is linked to it.
        ("<c>stop</c> if you stop", "Wenn Sie stop tun dann stop", "0-5 3-2 1-0 2-1",
         "Wenn Sie stop tun dann <c>stop</c>"),
    ],
)  # fmt: skip
def test_what_is_kept(marked: str, target: str, pairs: str, expected: str) -> None:
    source, spans, parents = parse(marked)
    names = [tag[2] for tag in TAGS.finditer(marked) if not tag[1]]
    kept = [span for span, name in zip(spans, names, strict=True) if name == "c"]
    links = links_of(source, target, pairs)
    assert shown(target, marked, project(source, target, spans, parents, links, kept)) == expected


@pytest.mark.parametrize(
    ("marked", "target", "pairs", "expected"),
    [
        ("a <b>big</b><i>red</i> car", "ein tollerer Wagen", "0-0 1-1 2-2",
         "ein <b>toll</b><i>erer</i> Wagen"),
        ("a <b>big</b><i>red</i> car", "ein großer roter Wagen", "0-0 1-1 1-2 2-3",
         "ein <b>großer</b> <i>roter</i> Wagen"),
        ("in <b>File</b>/<b>Edit</b> now", "in Datei/Bearbeiten nun", "0-0 1-1 2-2",
         "in <b>Datei</b>/<b>Bearbeiten</b> nun"),
        ("is <b>open</b> <i>closed</i>.", "ist zuzu .", "0-0 1-1 2-1", "ist <b>zu</b><i>zu</i> ."),
    ],
)  # fmt: skip
def test_no_element_of_words_is_empty(marked: str, target: str, pairs: str, expected: str) -> None:
    source, spans, parents = parse(marked)
    found = project(source, target, spans, parents, links_of(source, target, pairs))
    assert shown(target, marked, found) == expected


def test_runs_of_words() -> None:
    source, target = "the washing machine works", "die Waschmaschine läuft"
    pairs = links_of(source, target, "0-0 1-1 2-1 3-2")
    assert linked(source, target, (4, 19), pairs) == (4, 17)
    assert linked(source, target, (4, 19), []) is None


TEXTS = st.text(st.sampled_from("ab .,("), max_size=30)
TREES = st.recursive(
    TEXTS | st.just("<p>"),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<b>{''.join(parts)}</b>"),
    max_leaves=12,
)


@given(tree=TREES, target=TEXTS, data=st.data())
def test_whatever_the_links(tree: str, target: str, data: st.DataObject) -> None:
    source, spans, parents = parse(tree)
    sources, targets = words(source), words(target)
    links: list[Link] = []
    if sources and targets:
        pairs = data.draw(st.lists(st.tuples(st.sampled_from(sources), st.sampled_from(targets))))
        links = [(*one, *other) for one, other in pairs]
    found = project(source, target, spans, parents, links)
    assert len(found) == len(spans)
    for number, (start, end) in enumerate(found):
        assert 0 <= start <= end <= len(target)
        if spans[number][0] == spans[number][1]:
            assert start == end or source == target
        if parents[number] >= 0:
            outer = found[parents[number]]
            assert outer[0] <= start
            assert end <= outer[1]
        for other in range(number):
            if parents[other] == parents[number]:
                one = found[other]
                assert end <= one[0] or one[1] <= start


def test_very_many_stretches() -> None:
    count = MOST_SPANS * 20
    source = "a b " * count
    spans = [(4 * i, 4 * i + 1) for i in range(count)]
    found = project(source, source.upper() * 2, spans, [-1] * count, [])
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("source", "target", "kept", "expected"),
    [
        # No link is needed for what stays, and nothing else takes its place.
        ("Use git, npm.", "Nutzen Sie git, npm.", ["git", "npm"], ["git", "npm"]),
        ("In in loops", "In in in Schleifen", ["in"], ["in"]),
        ("Run make/make all.", "Starten Sie make/make all.", ["make", "make all"], None),
    ],
)
def test_what_stays(source: str, target: str, kept: list[str], expected: list[str] | None) -> None:
    spans, reached = [], 0
    for text in kept:
        start = source.index(text, reached)
        reached = start + len(text)
        spans.append((start, reached))
    found = project(source, target, spans, [-1] * len(spans), (), spans)
    assert [target[start:end] for start, end in found] == (expected or kept)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
