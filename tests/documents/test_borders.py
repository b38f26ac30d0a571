"""Where one text ends and another begins: elements that touch, line breaks, tags of cues."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.cuetags import closed, inside_tags
from s2scli.documents.reading import read_document
from tests.documents.runs import translated

MENU = (
    '<div><a href="/"><div><img src="a.svg" alt=""></div><b>Home</b></a><a href="/1">Docs</a></div>'
)
POEM = ["Over the hill the moon", "rises and all of the birds", "sleep"]
PROSE = "This is a line of prose that somebody has broken after more than sixty characters"


def texts(kind: str, text: str) -> list[str]:
    return [
        slot.text
        for slot in read_document(open_format(kind, FormatOptions()), "f", text.encode()).slots
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MENU, ["Home", "Docs"]),
        ("<a>Docs</a><a>api</a>", ["Docs", "api"]),
        ("<button>Save</button><button>Save as</button>", ["Save", "Save as"]),
        ("<span>Monday</span><span>Tuesday</span>", ["Monday", "Tuesday"]),
        ("<span>home</span><span>about us</span>", ["home", "about us"]),
        ("<my-tab>one day</my-tab><my-tab>two days</my-tab>", ["one day", "two days"]),
        ("<b>Name</b><i>Type</i>", ["Name", "Type"]),
        ("<b>Hello,</b><i>world</i>", ["Hello,", "world"]),
        ("a <em><span>Monday</span><span>Tuesday</span></em> b", ["a", "Monday", "Tuesday", "b"]),
        ("Read <a>Docs</a><a>API</a> now", ["Read Docs", "API now"]),
        # Parts of words:
        ("<span>W</span><span>hen it rains</span>", ["When it rains"]),
        ("<b>un</b><i>believable</i>", ["unbelievable"]),
        ("<span>fi</span><span>nal</span>", ["final"]),
        ("<span>東</span><span>京</span>", ["東京"]),
        ("<span>19</span><span>99</span> a", ["1999 a"]),
        ("H<sub>2</sub>O is wet", ["H2O is wet"]),
        ("so it is<a>1</a><a>2</a> here", ["so it is12 here"]),
        ("<b>a</b> <i>b</i>", ["a b"]),
        # Lines:
        ("Jane Doe<br>12 High Street<br>London", ["Jane Doe", "12 High Street", "London"]),
        ("<br>".join(POEM), POEM),
        ("Welcome to<br>our house", ["Welcome to our house"]),
        ("Welcome!<br>our house", ["Welcome!", "our house"]),
        (f"{PROSE}<br>and goes on", [f"{PROSE} and goes on"]),
        (f"{PROSE}.<br>New", [f"{PROSE}.", "New"]),
        ("to <b>Jane Doe<br>London</b> today", ["to", "Jane Doe", "London", "today"]),
    ],
)  # fmt: skip
def test_html(text: str, expected: list[str]) -> None:
    assert texts("html", f"<p>{text}</p>") == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("markdown", "[House](/a)[Water](/b)", ["House", "Water"]),
        ("markdown", "Jane Doe  \nHigh St\\\nUK<br>EU", ["Jane Doe", "High St", "UK", "EU"]),
        ("markdown", "<ruby>base<rp>(</rp><rt>reading</rt><rp>)</rp></ruby> a", ["base a"]),
        ("markdown", "<ruby>base<rt>reading</ruby> a", ["base a"]),
        ("json", '"<a>Home</a><a>About</a>"', ["Home", "About"]),
        ("json", '"[Home](/a)[About](/b)"', ["Home", "About"]),
        ("json", '"<ul><li>One</li><li>Two words</li></ul>"', ["One", "Two words"]),
        ("json", '"<0>Docs</0><1>Blog</1>"', ["Docs", "Blog"]),
        ("json", '"See <kbd>Ctrl</kbd><kbd>O</kbd> now"', ["See <kbd>Ctrl</kbd><kbd>O</kbd> now"]),
        ("json", '"an <x>i</x><x>Pod</x> of <b>vitamin</b><sub>C</sub>"', ["an iPod of vitamin"]),
        ("json", '"Jane<br/>London<br>Paris"', ["Jane", "London", "Paris"]),
        ("json", '"<ruby>base<rt>reading</rt></ruby> a"', ["base a"]),
        ("html", "<p><ruby>base<rt>reading</rt></ruby> a</p>", ["base a"]),
        ("csv", "a\n<p>One</p><p>Two</p>\n", ["One", "Two"]),
        ("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<ruby>base<rt>ba</rt></ruby> a\n", ["base a"]),
    ],
)  # fmt: skip
def test_other_formats(kind: str, text: str, expected: list[str]) -> None:
    assert texts(kind, text) == expected


@pytest.mark.parametrize(
    ("ruby", "expected"),
    [
        ("<ruby>x<rt>r</rt>y<rt>s</rt></ruby>", "<ruby>XY<rt>rs</rt></ruby>"),
        ("<ruby>x<rt>r</rt>y</ruby>", "<ruby>XY<rt>r</rt></ruby>"),
        ("<ruby>x<rt>r</rt>y<rt>s</rt>z</ruby>", "<ruby>XYZ<rt>rs</rt></ruby>"),
        (
            "<ruby>x<rp>(</rp><rt>r</rt><rp>)</rp> y<rp>(</rp><rt>s</rt><rp>)</rp></ruby>",
            "<ruby>X Y<rp>(</rp><rt>rs</rt><rp>)</rp></ruby>",
        ),
        (
            "<ruby><rb>x</rb><rb>y</rb><rt>r</rt><rt>s</rt></ruby>",
            "<ruby>XY<rt>rs</rt></ruby>",
        ),
    ],
)
@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("html", "<p>One {} two</p>"),
        ("html", "<p>{}</p>"),
        ("markdown", "One {} two"),
        ("json", '["One {} two"]'),
        ("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nOne {} two\n"),
    ],
)
def test_several_readings_of_one_text(kind: str, form: str, ruby: str, expected: str) -> None:
    data = form.format(ruby).encode()
    document = read_document(open_format(kind, FormatOptions()), "f", data)
    (slot,) = document.slots
    spans = [(mark.start, mark.end) for mark in slot.marks]
    new = slot.text.upper()
    target = Target(new, tuple(spans))
    wanted = form.replace("One", "ONE").replace("two", "TWO").format(expected)
    assert b"".join(document.written([target])).decode() == wanted
    assert b"".join(document.written([Target(slot.text)])) == data


PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "{}"\nmsgstr ""\n'
ODF = (
    '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><text:p>{}</text:p>'
    "</office:document>"
)
FLAT = (
    "<text:ruby><text:ruby-base>base</text:ruby-base><text:ruby-text>{}</text:ruby-text>"
    "</text:ruby>"
)
RUBY = "<ruby>base<rt>{}</rt></ruby>"


@pytest.mark.parametrize(
    ("kind", "form", "ruby"),
    [
        ("html", "<p>{}</p>", RUBY),
        ("html", "<p>{}</p><p translate=no><ruby>x<rt>y</rt></ruby></p>", RUBY),
        ("markdown", "{}\n\n    <ruby>x<rt>y</rt></ruby>\n", RUBY),
        ("json", '["{}"]', RUBY),
        ("vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n", RUBY),
        ("po", PO, RUBY),
        ("android", '<resources><string name="a">{}</string></resources>', escape(RUBY)),
        ("fodt", ODF, FLAT),
    ],
)
def test_readings_that_stay_are_counted(kind: str, form: str, ruby: str) -> None:
    """One remark for a document; none if there is no reading, or if the text stays too."""
    said = "Readings beside translated texts (ruby) stay as they are"
    for readings, remarks in (("a",), [f"{said}: 1."]), (("a", "b"), [f"{said}: 2."]), (("",), []):
        data = form.format(" ".join(ruby.format(one) for one in readings)).encode()
        assert read_document(open_format(kind, FormatOptions()), "f", data).remarks == remarks


@given(
    st.lists(
        st.sampled_from(
            [
                "<a>x</a>",
                "<a>House</a>",
                "<span>Y y</span>",
                "z",
                " ",
                "<br>",
                "<b>One<br>Two</b>",
                "<img>",
                "<a><div>b</div>c</a>",
            ]
        )
    )
)
def test_no_element_is_emptied_or_nested(parts: list[str]) -> None:
    """All elements stay around their own words."""
    text = "<div>" + "".join(parts) + "</div>"
    document = read_document(open_format("html", FormatOptions()), "f", text.encode())
    targets = [
        Target(slot.text.upper(), tuple((mark.start, mark.end) for mark in slot.marks))
        for slot in document.slots
    ]
    new = b"".join(document.written(targets)).decode()
    assert re.findall("<[^>]*>", new) == re.findall("<[^>]*>", text)
    shown = (each.replace("<br>", "\n") for each in (text, new))
    said = [re.sub(" *\n *| +", "", re.sub("<[^>]*>", "", one)) for one in shown]
    assert said[1] == said[0].upper()


def test_links_that_touch(tmp_path: Path) -> None:
    new = translated("a.html", f"<html>{MENU}</html>", tmp_path, lambda word: f"{word} {word}")
    assert '<b>Home Home</b></a><a href="/1">Docs Docs</a>' in new


def test_no_space_beside_a_line_break(tmp_path: Path) -> None:
    new = translated("a.html", "<p>Build it<br>with us</p><p>Go<br> on</p>", tmp_path)
    assert new == "<p>BUILD IT<br>WITH US</p><p>GO<br> ON</p>"


def test_code_spans_side_by_side(tmp_path: Path) -> None:
    new = translated("a.md", "A `b` c `d` e", tmp_path, lambda word: "" if word == "c" else word)
    assert new == "A `b` `d` e"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("<i>No,</i>", "No,"),
        ("<i>a</i>\n<i>b</i>", "<i>a</i>\n<i>b</i>"),
        ("<v Bob>hi <b>you</b>", "hi <b>you</b>"),
        ("{\\an8}<i>x</i>{\\i0}", "x"),
        ("<b><i>x</b></i>", "x"),
        ("<i>x</i> y <i>z</i>", "<i>x</i> y <i>z</i>"),
        ("<font color='x'> <b>a</b></font> ", "a"),
        ("<i>a</i>.", "<i>a</i>."),
        ("<i></i>", ""),
    ],
)
def test_tags_around_a_cue(text: str, inside: str) -> None:
    start, end = inside_tags(text, 0, len(text))
    assert text[start:end] == inside


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["a <i>b", "c", "d</i> e"], ["a <i>b</i>", "<i>c</i>", "<i>d</i> e"]),
        (["a <i>", "b</i>"], ["a", "<i>b</i>"]),
        (["a <c.x>b <v Bob>c", "d</c> e"], ["a <c.x>b <v Bob>c</c>", "<c.x>d</c> e"]),
        (["a <i>b</i>", "c"], ["a <i>b</i>", "c"]),
    ],
)
def test_each_cue_closes_its_tags(parts: list[str], expected: list[str]) -> None:
    assert closed(parts) == expected


def test_speakers_behind_tags() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}- <i>Who?</i>\n<i>- Me.</i>\n"
    assert texts("srt", text) == ["Who?", "Me."]


MESSAGE = "{n, plural, one {one <b>{{n}}</b> cat} other {<i>all</i> cats}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Has {MESSAGE}.", ["Has.", "one {{n}} cat", "all cats"]),
        (f"<b>Has {MESSAGE}</b> now", ["Has now", "one {{n}} cat", "all cats"]),
        (f"{{g, select, a {{{MESSAGE}}} other {{none}}}}", ["one {{n}} cat", "all cats", "none"]),
        ("{n, plural, one {<b>a} other {b</b> c}} d", ["a", "b c", "d"]),
    ],
)
def test_messages_with_elements_in_pages(text: str, expected: list[str]) -> None:
    document = read_document(open_format("html", FormatOptions()), "f", f"<p>{text}</p>".encode())
    assert [slot.text for slot in document.slots] == expected
    targets = [
        Target(f"{slot.text}!", tuple((mark.start, mark.end) for mark in slot.marks))
        for slot in document.slots
    ]
    new = b"".join(document.written(targets)).decode()
    assert "".join(new.split()).replace("!", "") == f"<p>{''.join(text.split())}</p>"
    assert " now!" in new or "now" not in text


@pytest.mark.parametrize("end", [".srt", ".vtt"])
def test_tags_stay_within_their_cues(end: str, tmp_path: Path) -> None:
    cues = [
        "<i>We were</i>\n<i>in the old</i> house", "and all <b>of us had</b> come",
        "to <u>eat</u>.", "<i>Who?</i>", "- <i>You</i>\n- Me",
    ]  # fmt: skip
    head = "WEBVTT\n\n" if end == ".vtt" else ""
    point = "." if head else ","
    text = head + "\n\n".join(
        f"{n}\n00:00:0{n}{point}000 --> 00:00:0{n}{point}900\n{cue}" for n, cue in enumerate(cues)
    )
    changes = (str.upper, lambda word: word + " x y", lambda word: word[:1])
    for number, change in enumerate(changes):
        new = translated(f"a{number}{end}", text, tmp_path, change)
        for cue in new.split("\n\n"):
            open_: list[str] = []
            for closes, name in re.findall(r"<(/?)(\w)>", cue):
                if closes:
                    assert open_.pop() == name
                else:
                    open_.append(name)
            assert not open_
            assert not re.search(r"<(\w)></\1>", cue)


INDEXES = [
    ("a.html", "<p>One house<sup>a</sup> and CO<sub>max</sub> here</p>",
     "<p>HERE CO<sub>max</sub> AND HOUSE<sup>a</sup> ONE</p>"),
    ("a.html", "<p>One <b>house</b><sup><a href='#b'>up</a></sup> here</p>",
     "<p>HERE <b>HOUSE</b><sup><a href='#b'>up</a></sup> ONE</p>"),
    ("a.html", "<p>The 1<sup>st</sup> one</p>", "<p>ONE 1<sup>ST</sup> THE</p>"),
    ("a.md", "One house<sup>a</sup> and text^up^ here", "HERE TEXT^up^ AND HOUSE<sup>a</sup> ONE"),
    ("a.adoc", "One house^a^ and text~down~ here", "HERE TEXT~down~ AND HOUSE^a^ ONE"),
    ("a.json", '{"k": "One house<sup>a</sup> here"}', '{"k": "HERE HOUSE<sup>a</sup> ONE"}'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "wanted"), INDEXES)
def test_what_stands_above_or_below_the_line_behind_a_word(
    name: str, text: str, wanted: str, tmp_path: Path
) -> None:
    """It is no part of the word, and goes where that goes."""
    assert translated(name, text, tmp_path, backwards=True) == wanted
