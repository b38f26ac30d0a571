"""Tags and texts of XML: what expat reads in it, where it stands; what may do harm is refused."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents.base import FormatOptions, Source
from s2scli.documents.xmltokens import (
    CLOSE,
    EMPTY,
    MOST_DEPTH,
    OPEN,
    Texts,
    attribute,
    characters,
    escaped,
    tokens,
)
from s2scli.errors import BadInputError

SPACES = {"urn:a": "a", "urn:b": "b"}


def read(text: str) -> list[tuple[str, str]]:
    return [(kind, name) for kind, name, *_ in tokens(Source("f", text), SPACES)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('<x xmlns="urn:a"/>', [(EMPTY, "a:x")]),
        ('<q:x xmlns:q="urn:a"></q:x >', [(OPEN, "a:x"), (CLOSE, "a:x")]),
        ("<x xmlns='urn:c'/>", [(EMPTY, ":x")]),
        (
            '<q:x xmlns:q="urn:a"><q:y xmlns:q="urn:b"/><q:y/></q:x>',
            [(OPEN, "a:x"), (EMPTY, "b:y"), (EMPTY, "a:y"), (CLOSE, "a:x")],
        ),
        (
            '<q:x xmlns:q="urn:a"><q:y xmlns:q="urn:b"><q:z/></q:y><q:y/></q:x>',
            [
                *[(OPEN, "a:x"), (OPEN, "b:y"), (EMPTY, "b:z"), (CLOSE, "b:y")],
                *[(EMPTY, "a:y"), (CLOSE, "a:x")],
            ],
        ),
        (
            '<?xml version="1.0"?><!-- <no> --><x t="a>b" u=\'"/>\'><![CDATA[<no>]]><?p <no>?></x>',
            [(OPEN, ":x"), (CLOSE, ":x")],
        ),
    ],
)
def test_tags(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no XML", "f is not XML: syntax error"),
        ("", "f is not XML: no element found"),
        ("<a><b></a>", "f is not XML: mismatched tag"),
        ("<a>&e;</a>", "f is not XML: undefined entity"),
        ("<a>\x01</a>", "f is not XML: not well-formed"),
        ('<a b="1" b="2"/>', "f is not XML: duplicate attribute"),
        ("<!DOCTYPE a><a/>", "f has a document type"),
        ('<!DOCTYPE a SYSTEM "http://x/y.dtd"><a/>', "f has a document type"),
        (
            '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
            "f has declarations in its document type",
        ),
        (
            '<!DOCTYPE a [<!ENTITY e "ha"><!ENTITY f "&e;&e;">]><a>&f;</a>',
            "f has declarations in its document type",
        ),
        ("<a>" * 10_000 + "</a>" * 10_000, f"nested more than {MOST_DEPTH} deep"),
        ("<a>" * 2_000_000, "f is not XML"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read(text)


def test_attributes_are_found_by_their_names_without_prefix() -> None:
    tag = """<w:x y="1" w:val = 'a "b"' val2="2" title=" name='q' " w:name="n">"""
    span = (0, len(tag))

    def value(name: str) -> str | None:
        found = attribute(tag, span, name)
        return tag[slice(*found)] if found else None

    names = ("y", "val", "val2", "name", "title", "a")
    assert list(map(value, names)) == ["1", 'a "b"', "2", "n", " name='q' ", None]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a &amp; b &lt;c&gt; &#65;&#x42;", "a & b <c> AB"),
        ("a<!-- no -->b<?p no?>c", "abc"),
        ("a<![CDATA[<b> &amp;]]>c", "a<b> &amp;c"),
    ],
)
def test_characters(raw: str, expected: str) -> None:
    assert characters(raw) == expected


def content(raw: str) -> str:
    """What expat reads in an element."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = found.append
    parser.Parse(f"<x>{raw}</x>".encode(), True)
    return "".join(found)


def attribute_value(raw: str) -> str:
    """What expat reads in an attribute."""
    found: list[str] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.append(attributes["a"])
    parser.Parse(f'<x a="{raw}"/>'.encode(), True)
    return found[0]


# No carriage returns, which a parser reads as line breaks where they are not escaped.
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\r\ufffe\uffff")))
def test_what_is_escaped_is_read_back(text: str) -> None:
    wanted = "".join(char for char in text if char >= " " or char in "\t\n")
    assert content(escaped(text)) == wanted
    assert attribute_value(escaped(text, quoted=True)) == wanted
    assert characters(escaped(text)) == wanted
    assert escaped("\x00\ud800\ufffe") == ""


@pytest.mark.parametrize("head", ["<!DOCTYPE a>", '<!DOCTYPE a PUBLIC "p" "http://x/y>.dtd">'])
def test_a_document_type_where_there_may_be_one(head: str) -> None:
    found = tokens(Source("f", f"{head}<a/>"), {}, typed=True)
    assert [(kind, name) for kind, name, *_ in found] == [(EMPTY, ":a")]
    with pytest.raises(BadInputError, match="declarations"):
        list(tokens(Source("f", '<!DOCTYPE a [<!ENTITY e "x">]><a/>'), {}, typed=True))


TREES = st.recursive(
    st.sampled_from(["", "text", "<e/>", "<!--<-->", "<![CDATA[</a>]]>", "<q:e xmlns:q='urn:b'/>"]),
    lambda inner: st.lists(inner, max_size=4).map(
        lambda parts: f'<p:x a="<" b=\'">\'>{"".join(parts)}</p:x>'.replace('"<"', '"&lt;>"')
    ),
    max_leaves=20,
)


@given(tree=TREES)
def test_tags_are_those_that_expat_finds(tree: str) -> None:
    text = f'<p:r xmlns:p="urn:a">{tree}</p:r>'
    wanted: list[tuple[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, _: wanted.append((OPEN, name))
    parser.EndElementHandler = lambda name: wanted.append((CLOSE, name))
    parser.Parse(text.encode(), True)
    found: list[tuple[str, str]] = []
    depths = []
    for kind, name, start, end, depth in tokens(Source("f", text), SPACES):
        assert text[start] == "<"
        assert text[end - 1] == ">"
        depths.append(depth)
        found += [(OPEN, name), (CLOSE, name)] if kind == EMPTY else [(kind, name)]
    names = {"urn:a x": "a:x", "urn:a r": "a:r", "urn:b e": "b:e", "e": ":e"}
    assert found == [(kind, names[name]) for kind, name in wanted]
    assert depths[0] == depths[-1] == 0


def test_elements_of_nothing_but_text() -> None:
    class Titles(Texts):
        namespaces = SPACES
        names = frozenset({"a:t"})

    format_ = Titles(FormatOptions())
    text = '<x xmlns="urn:a"><t> Salt &amp;\n pepper </t><t>12</t><t/><u>no</u><t>a<b/></t></x>'
    slots = list(format_.slots(Source("f", text)))
    assert [(slot.text, text[slot.start : slot.end]) for slot in slots] == [
        ("Salt & pepper", "Salt &amp;\n pepper")
    ]
