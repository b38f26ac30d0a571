"""XLIFF: what is missing is filled in, with the source's inline elements, and nothing else."""

from __future__ import annotations

import random
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s2scli.catalogues.xliff.format import Xliff
from s2scli.documents.base import FormatOptions, Slot, Source, Target, parents
from s2scli.documents.filling import filled
from s2scli.errors import BadInputError
from s2scli.text.projection import project

ONE = '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
TWO = '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" trgLang="de">'


def first(body: str) -> str:
    """A document of XLIFF 1.2 with one unit."""
    head = '<file target-language="de"><body><trans-unit id="1"'
    return f"{ONE}{head}{body}</trans-unit></body></file></xliff>"


def second(body: str) -> str:
    """A document of XLIFF 2.0 with one segment."""
    return f'{TWO}<file id="f"><unit id="u"><segment{body}</segment></unit></file></xliff>'


def read(text: str, **options: Any) -> list[Slot]:
    return list(Xliff(FormatOptions(**options)).slots(Source("f", text)))


def rewritten(text: str, *targets: Target, **options: Any) -> str:
    format_ = Xliff(FormatOptions(**options))
    source = Source("f", text)
    return "".join(filled(format_, source, list(format_.slots(source)), targets))


def renewed(slot: Slot, text: str) -> Target:
    """Another text for a slot, with the marks where they are projected to."""
    spans = [(mark.start, mark.end) for mark in slot.marks]
    return Target(text, project(slot.text, text, spans, parents(slot.marks), ()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (first("><source>A b</source>"), ["A b"]),
        (first("><source>A b</source><target/>"), ["A b"]),
        (first("><source>A</source><target>B</target>"), []),
        (first('><source>A</source><target state="new">A</target>'), ["A"]),
        (first('><source>A</source><target state="needs-translation">A</target>'), ["A"]),
        (first('><source>A</source><target state="final">B</target>'), []),
        (first(' approved="yes"><source>A</source><target state="new">B</target>'), []),
        (first(' translate="no"><source>A</source>'), []),
        (first("><source>1.5 %</source>"), []),
        (first("><source> a &amp; <![CDATA[<b>]]><!-- c --> </source>"), ["a & <b>"]),
        (first("><source>\n    one\n    two\n  </source>"), ["one two"]),
        (first(' xml:space="preserve"><source>one\n    two</source>'), ["one\n    two"]),
        (first("><source>a</source><alt-trans><source>b</source></alt-trans>"), ["a"]),
        (
            first(
                '><source>A. B.</source><seg-source><mrk mtype="seg" mid="1">A.</mrk> '
                '<mrk mtype="seg" mid="2">B.</mrk></seg-source><target>'
                '<mrk mtype="seg" mid="1">X.</mrk> <mrk mtype="seg" mid="2"/></target>'
            ),
            ["B."],
        ),
        (second("><source>A b</source>"), ["A b"]),
        (second("><source>A</source><target>B</target>"), []),
        (second(' state="initial"><source>A</source><target>B</target>'), ["A"]),
        (second(' state="reviewed"><source>A</source><target>B</target>'), []),
        (second("><source>A</source>").replace('id="u"', 'translate="no"'), []),
        (second("><source>A</source>").replace('id="f"', 'translate="no"'), []),
        (second("><source>A</source>").replace(' xmlns="', ' xmlns:x="').replace(
            "<", "<x:").replace("<x:/", "</x:"), ["A"]),
        (first("><source>A</source>").replace(ONE, '<xliff version="1.2">'), ["A"]),
    ],
)  # fmt: skip
def test_what_is_translated(text: str, expected: list[str]) -> None:
    assert [slot.text for slot in read(text)] == expected
    sources = text.count("source>A")
    assert len(read(text, overwrite=True)) >= min(sources, 1) * ("translate=" not in text)


@pytest.mark.parametrize(
    ("source", "text", "stretches", "kept"),
    [
        ('a <g id="1">b c</g> d', "a b c d", ["b c"], []),
        ('a <bpt id="1">&lt;b></bpt>b<ept id="1">&lt;/b></ept>', "a b", ["b"], []),
        ('a <bx id="1"/>b <g id="2">c<ex id="1"/></g>', "a b c", ["", "c", ""], []),
        ('You have <x id="n"/> new <ph id="2">%s</ph>!', "You have new !", ["", ""], []),
        ('one<x id="br"/>two', "one two", [""], []),
        ('<x id="START_B"/>b<x id="CLOSE_B"/> <x id="I"/>', "b", ["b", ""], []),
        ('a <mrk mtype="protected">b</mrk> <mrk mtype="term">c</mrk>', "a b c", ["b", "c"], ["b"]),
        ('<g id="1"> a </g> ', "a", ["a"], []),
        ('a <ph id="1"><sub>b</sub></ph>', "a", [""], []),
        ('<g id="1"><x id="2"/></g> a', "a", [""], []),
    ],
)
def test_what_is_markup(source: str, text: str, stretches: list[str], kept: list[str]) -> None:
    (slot,) = read(first(f"><source>{source}</source>"))
    assert slot.text == text
    assert [slot.text[mark.start : mark.end] for mark in slot.marks] == stretches
    assert [slot.text[start:end] for start, end in slot.kept] == kept


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        (first("><source>A</source>"), Target("<&"), "</source><target>&lt;&amp;</target>"),
        (
            first(">\n  <source> A\n</source>\n  <note/>"),
            Target("B"),
            "</source>\n  <target> B\n</target>\n  <note/>",
        ),
        (first("><source>A</source><target/>"), Target("B"), "<target>B</target>"),
        (
            first('><source>A</source><target state="new"/>'),
            Target("B"),
            '<target state="needs-review-translation">B</target>',
        ),
        (
            first('><source>A</source><target state="new">A</target>'),
            Target("B"),
            '<target state="needs-review-translation">B</target>',
        ),
        (
            second(' state="initial"><source>A</source><target></target>'),
            Target("B"),
            '<segment state="translated"><source>A</source><target>B</target>',
        ),
        (
            first('><source>a <g id="1">b</g> <x id="2"/> c</source>'),
            Target("C b a", ((2, 3), (4, 4))),
            '<target>C <g id="1">b</g> <x id="2"/> a</target>',
        ),
        (
            first('><source>A</source><seg-source><mrk mtype="seg" mid="1">A</mrk></seg-source>'),
            Target("B", ((0, 1),)),
            '</seg-source><target><mrk mtype="seg" mid="1">B</mrk></target>',
        ),
    ],
)
def test_what_is_written(text: str, target: Target, expected: str) -> None:
    new = rewritten(text, target, target_language="de")
    assert expected in new
    assert read(new) == []
    assert rewritten(text, *(Target(slot.says or "") for slot in read(text))) == text


def test_languages() -> None:
    missing = f"{ONE}<file><body><trans-unit><source>A</source></trans-unit></body></file></xliff>"
    assert '<file target-language="de">' in rewritten(missing, Target("B"), target_language="de")
    said = missing.replace("<file>", '<file target-language="fr">')
    assert '<file target-language="fr">' in rewritten(said, Target("B"))
    assert '<file target-language="fr">' in rewritten(said, Target("B"), target_language="fr-CA")
    with pytest.raises(BadInputError, match="its translations are in fr; the model writes de"):
        rewritten(said, Target("B"), target_language="de")
    strange = missing.replace("<file>", '<file target-language="??">')
    assert "B</target>" in rewritten(strange, Target("B"), target_language="de")
    assert rewritten(missing, Target("")) == missing
    assert "target-language" not in rewritten(missing, Target("B"))
    text = second("><source>A</source>").replace(' trgLang="de"', "")
    assert ' trgLang="de">' in rewritten(text, Target("B"), target_language="de")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<a/>", "is not XLIFF"),
        ('<xliff version="3.0"/>', "is not XLIFF"),
        ("<xliff>", "is not XML"),
        ('<!DOCTYPE xliff [<!ENTITY a "b">]><xliff version="1.2"/>', "declarations"),
    ],
)
def test_what_is_none(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read(text)


TREES = st.recursive(
    st.text("ab .&<\n", max_size=4).map(
        lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
    )
    | st.sampled_from(
        [
            '<x id="1"/>',
            '<bpt id="1">b</bpt>',
            '<ept id="1">e</ept>',
            '<bx id="2"/>',
            '<ex id="2"/>',
        ]
    ),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(['g id="3"', 'mrk mtype="protected"', 'mrk mtype="seg" mid="4"', "y"]),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


def tags(element: ElementTree.Element) -> list[tuple[Any, ...]]:
    found = [(inner.tag, tuple(inner.items())) for inner in element.iter() if inner is not element]
    return sorted(found)


@given(parts=st.lists(TREES, min_size=1, max_size=4), order=st.randoms(use_true_random=False))
@example(parts=['<g id="3"><g id="3">\na</g><g id="3">a &lt;</g></g>'], order=random.Random(1))
@example(parts=['<g id="3"><g id="3">\na</g><g id="3">a &lt;</g></g>'], order=random.Random(2))
@example(parts=['<g id="3">a</g>', '<g id="3">\n\n &lt;</g>'], order=random.Random(1))
def test_targets_have_the_elements_of_their_sources(parts: list[str], order: Any) -> None:
    text = first(f"><source>{' '.join(parts)}</source>")
    slots, targets = read(text), []
    if not any(slot.is_joined for slot in slots):  # the parts of a target are always written
        assert rewritten(text, *(Target(slot.says or "") for slot in slots)) == text
    for slot in slots:
        words = slot.text.split()
        order.shuffle(words)
        targets.append(renewed(slot, " ".join(words)))
    if slots:
        root = ElementTree.fromstring(rewritten(text, *targets))
        source, target = (
            next(root.iter(f"{{urn:oasis:names:tc:xliff:document:1.2}}{name}"))
            for name in ("source", "target")
        )
        assert tags(target) == tags(source)
        if any(slot.marks for slot in slots):
            said = "".join(target.itertext()).replace("b", "").replace("e", "").split()
            assert sorted("".join(said)) == sorted(
                "".join("".join(source.itertext()).replace("b", "").replace("e", "").split())
            )


@pytest.mark.parametrize(
    "inner",
    [
        "<g>" * 150 + "a" + "</g>" * 150,
        '<bpt id="1">b</bpt>' * 500 + "a",
        '<x id="1"/>' * 2000 + "a",
        "a <g>b</g> " * 500,
        " " * 100_000 + "a" + " " * 100_000 + "b",
        "&#10;" * 20_000 + "a",
    ],
)
def test_hostile_units_end(inner: str) -> None:
    text = first(f"><source>{inner}</source>")
    for slot in read(text):
        new = rewritten(text, renewed(slot, f"x {slot.text.upper()}"))
        assert tags(ElementTree.fromstring(new)[0][0][0][1]) == tags(
            ElementTree.fromstring(new)[0][0][0][0]
        )
