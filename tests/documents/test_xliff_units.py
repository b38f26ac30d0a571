"""Units of XLIFF in a whole run: messages of ICU, line breaks, attributes of targets."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from s2scli.documents.base import FormatOptions
from tests.documents.runs import run, translated

HEAD = '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body><trans-unit>'
TAIL = "</trans-unit></body></file></xliff>"


def target(
    source: str, folder: Path, rest: str = "", *, attributes: str = "", backwards: bool = False
) -> str:
    """The target of a unit, as an element."""
    text = f"{HEAD}<source{attributes}>{source}</source>{rest}{TAIL}"
    options = FormatOptions(target_language="de")
    new = translated("a.xlf", text, folder, str.upper, options, backwards=backwards)
    ElementTree.fromstring(new)
    found = re.search(r"<target[^>/]*/>|<target.*?</target>", new, re.DOTALL)
    return found[0] if found else ""


X, N = '<x id="I"/>', "n, plural,"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            f"a {{{N} =1 {{one door}} other {{{X} doors}}}} b",
            f"A {{{N} =1 {{ONE DOOR}} other {{{X} DOORS}}}} B",
        ),
        (
            f'{{{N} one {{<g id="1">one</g> door}} other {{all <g id="2">of them</g>}}}}',
            f'{{{N} one {{<g id="1">ONE</g> DOOR}} other {{ALL <g id="2">OF THEM</g>}}}}',
        ),
        (
            f'<bpt id="1">b</bpt>a<ept id="1">/b</ept> {{{N} one {{x &amp; {X}}} other {{y}}}}',
            f'<bpt id="1">b</bpt>A<ept id="1">/b</ept> {{{N} one {{X &amp; {X}}} other {{Y}}}}',
        ),
        (
            f"{{g, select, a {{{{{N} one {{{X} x}} other {{y}}}}}} other {{z {X}}}}}",
            f"{{g, select, a {{{{{N} one {{{X} X}} other {{Y}}}}}} other {{Z {X}}}}}",
        ),
        (
            f"{{{N} one {{&lt;1&gt;a&lt;/1&gt; {X}}} other {{b}}}}",
            f"{{{N} one {{&lt;1&gt;A&lt;/1&gt; {X}}} other {{B}}}}",
        ),
    ],
)
def test_elements_stay_in_their_branches(source: str, expected: str, tmp_path: Path) -> None:
    assert target(source, tmp_path) == f"<target>{expected}</target>"


def test_a_unit_that_cannot_be_done_safely_stays(tmp_path: Path) -> None:
    source = f'{{{N} one {{<bx id="1"/>a}} other {{b<ex id="1"/>}}}}'
    rest = "</trans-unit><trans-unit><source>c</source>"
    text = f"{HEAD}<source>{source}</source>{rest}{TAIL}"
    found = run({"a.xlf": text.encode()}, tmp_path)
    new = found.written["a.xlf"].decode()
    assert new.count("<target>") == 1
    assert found.outcomes["a.xlf"].left == 1
    assert "<target>C</target>" in new


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (f"one {X} two.\nThree {X} four.", f"ONE {X} TWO.\nTHREE {X} FOUR."),
        (f"one {X} two.&#10;Three", f"ONE {X} TWO.&#10;THREE"),
        (f"one.\r\nTwo {X} three", f"ONE.\r\nTWO {X} THREE"),
        ("one.\nTwo", "ONE.\nTWO"),
    ],
)
def test_line_breaks_beside_elements(source: str, expected: str, tmp_path: Path) -> None:
    preserve = ' xml:space="preserve"'
    assert target(source, tmp_path, attributes=preserve) == f"<target{preserve}>{expected}</target>"


@pytest.mark.parametrize(
    ("attributes", "rest", "expected"),
    [
        (' xml:space="preserve"', "", '<target xml:space="preserve">A</target>'),
        (" xml:space = 'preserve'", "", "<target xml:space = 'preserve'>A</target>"),
        (' xml:space="preserve"', "<target/>", '<target xml:space="preserve">A</target>'),
        (' xml:space="preserve"', "<target></target>", '<target xml:space="preserve">A</target>'),
        (' xml:space="preserve"', "<target xml:space=''/>", "<target xml:space=''>A</target>"),
        (' xml:lang="en"', "", '<target xml:lang="de">A</target>'),
        (' xml:lang="en"', '<target xml:lang="de-AT"/>', '<target xml:lang="de-AT">A</target>'),
        ("", "", "<target>A</target>"),
    ],
)  # fmt: skip
def test_attributes_of_targets(attributes: str, rest: str, expected: str, tmp_path: Path) -> None:
    assert target("a", tmp_path, rest, attributes=attributes) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<xliff><file><body><trans-unit><source>a</source></trans-unit></body></file></xliff>",
        (
            '<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en"><file id="f">'
            '<unit id="1"><segment><source>a</source></segment></unit></file></xliff>'
        ),
    ],
)  # fmt: skip
def test_documents_without_a_version(text: str, tmp_path: Path) -> None:
    assert "<target>A</target>" in translated("a.xlf", text, tmp_path)


LONG = "Targets that are longer than allowed, or may be"


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ('maxwidth="7" size-unit="char"', ""),
        ('maxwidth="6" size-unit="char"', "'one' (7 of 6 char)"),
        ('maxwidth="6"', "'one' (6 pixel, not measured)"),
        ('maxbytes="3"', "'one' (7 of 3 byte)"),
        ('maxwidth="x" size-unit="char"', ""),
        ('minwidth="9" size-unit="char"', ""),
    ],
)
@pytest.mark.parametrize("place", ["group", "trans-unit"])
def test_lengths_are_said(attributes: str, said: str, place: str, tmp_path: Path) -> None:
    text = HEAD.replace("<trans-unit>", '<group><trans-unit id="one">')
    text = text.replace(f"<{place}", f"<{place} {attributes}")
    source = '<source>a <g id="1">house</g></source>'
    data = f"{text}{source}{TAIL}".replace("</trans-unit>", "</trans-unit></group>")
    outcome = run({"a.xlf": data.encode()}, tmp_path).outcomes["a.xlf"]
    assert outcome.remarks == ((f"{LONG}: {said}.",) if said else ())


@pytest.mark.parametrize(
    ("rest", "said"),
    [("", True), ("<target>ein Haus</target>", False), ('<target state="new">a</target>', True)],
)
def test_texts_within_codes_are_said(rest: str, said: bool, tmp_path: Path) -> None:
    source = '<source>a <ph id="1">{fn:<sub>A note.</sub>}</ph> house</source>'
    data = HEAD.replace("<trans-unit>", '<trans-unit id="one">') + source + rest + TAIL
    outcome = run({"a.xlf": data.encode()}, tmp_path).outcomes["a.xlf"]
    remark = "Texts within codes (<sub>) stay in the source language: 'one'."
    assert outcome.remarks == ((remark,) if said else ())


def test_lengths_of_the_second_version_are_said(tmp_path: Path) -> None:
    units = "".join(
        f'<unit id="{name}" slr:sizeRestriction="{most}"><segment><source>a house</source>'
        "</segment></unit>"
        for name, most in (("a", 7), ("b", "1,6"), ("c", "1,*"), ("d", 5))
    )
    data = (
        '<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" '
        'xmlns:slr="urn:oasis:names:tc:xliff:sizerestriction:2.0">'
        f'<file id="f">{units}</file></xliff>'
    )
    outcome = run({"a.xlf": data.encode()}, tmp_path).outcomes["a.xlf"]
    assert outcome.remarks == (f"{LONG}: 'b' (7 of 6 char), 'd' (7 of 5 char).",)


PARTED = [
    # Angular's names, types, and the tags that codes stand for.
    (
        'Red one.<x id="LINE_BREAK" ctype="lb" equiv-text="&lt;br/>"/>Old two.',
        'ONE. RED<x id="LINE_BREAK" ctype="lb" equiv-text="&lt;br/>"/>TWO. OLD',
    ),
    (
        '<x id="START_PARAGRAPH"/>Red <x id="START_BOLD_TEXT"/>one<x id="CLOSE_BOLD_TEXT"/>'
        '<x id="CLOSE_PARAGRAPH"/> <x id="START_PARAGRAPH_1"/>Old two<x id="CLOSE_PARAGRAPH_1"/>',
        '<x id="START_PARAGRAPH"/><x id="START_BOLD_TEXT"/>ONE<x id="CLOSE_BOLD_TEXT"/> RED'
        '<x id="CLOSE_PARAGRAPH"/> <x id="START_PARAGRAPH_1"/>TWO OLD<x id="CLOSE_PARAGRAPH_1"/>',
    ),
    (
        '<g id="1" ctype="x-html-ul"><g id="2" ctype="x-html-li">Red one</g>'
        '<g id="3" ctype="x-html-li">Old two</g></g>',
        '<g id="1" ctype="x-html-ul"><g id="2" ctype="x-html-li">ONE RED</g>'
        '<g id="3" ctype="x-html-li">TWO OLD</g></g>',
    ),
    (
        '<bpt id="1">&lt;p&gt;</bpt>Red one<ept id="1">&lt;/p&gt;</ept><ph id="3">&lt;hr&gt;</ph>'
        "Old two",
        '<bpt id="1">&lt;p&gt;</bpt>ONE RED<ept id="1">&lt;/p&gt;</ept><ph id="3">&lt;hr&gt;</ph>'
        "TWO OLD",
    ),
    # What does not say what it is parts nothing, and what is code or a picture stays.
    ('Red <g id="1">one</g><g id="2">two</g>', '<g id="1">ONE</g><g id="2">TWO</g> RED'),
    (
        '<g id="1" ctype="x-html-code">one two</g> red',
        'RED <g id="1" ctype="x-html-code">one two</g>',
    ),
    (
        '<x id="START_TAG_MAT_ICON"/>home<x id="CLOSE_TAG_MAT_ICON"/> Red one',
        'ONE RED <x id="START_TAG_MAT_ICON"/>home<x id="CLOSE_TAG_MAT_ICON"/>',
    ),
    (
        'Go home<x id="START_TAG_MAT_ICON"/>home<x id="CLOSE_TAG_MAT_ICON"/>',
        'HOME GO<x id="START_TAG_MAT_ICON"/>home<x id="CLOSE_TAG_MAT_ICON"/>',
    ),
]


@pytest.mark.parametrize(("source", "expected"), PARTED)
@pytest.mark.parametrize("rest", ["", "<target/>", '<target state="new">x</target>'])
def test_elements_that_part_texts(source: str, expected: str, rest: str, tmp_path: Path) -> None:
    new = target(source, tmp_path, rest, backwards=True)
    assert new[new.index(">") + 1 : -len("</target>")] == expected
