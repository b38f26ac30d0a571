"""Texts of programs keep their line breaks: as many, and at the same borders."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.filling import filled
from s2scli.documents.strings import Strings
from tests.documents.runs import run, translated

WRAPPED = (
    "This program is free software; see the source for copying\n"
    "conditions.  There is no warranty; not even for\n"
    "merchantability.\n"
)


def texts(text: str) -> list[str]:
    return [slot.text for slot in Strings(FormatOptions()).slots(Source("f", text))]


def changed(text: str, change: str) -> str:
    format_, source = Strings(FormatOptions()), Source("f", text)
    slots = list(format_.slots(source))
    targets = [Target(change, tuple((0, 4) for _ in slot.marks)) for slot in slots]
    return "".join(filled(format_, source, slots, targets))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Delete this?\nThis cannot be undone.", ["Delete this?", "This cannot be undone."]),
        ("red\ngreen\nblue", ["red", "green", "blue"]),
        ("Known categories:\n%s", ["Known categories:", "%s"]),
        ("Usage:\n  -h, --help  show this\n", ["Usage:", "show this"]),
        ("a\r\nb", ["a", "b"]),
        (WRAPPED + "New.", [WRAPPED.strip().replace("\n", " "), "New."]),
        ("- first\n- second", ["first", "second"]),
        ("One,\n\ntwo", ["One,", "two"]),
        ("{n, plural,\n one {# cat}\n other {# cats}}\nand more", ["# cat", "# cats", "and more"]),
    ],
)  # fmt: skip
def test_what_a_message_is_made_of(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_lines_that_were_wrapped_by_hand() -> None:
    text = "<b>This is</b> a long line of a message of a program\n  that goes on here.\r\nEnd."
    new = changed(text, "eins zwei drei vier fünf sechs sieben acht neun zehn")
    words = "eins zwei drei vier fünf sechs sieben acht neun zehn"
    assert new == f"<b>eins</b> zwei drei vier fünf sechs sieben\n  acht neun zehn\r\n{words}"


def test_fewer_words_than_lines() -> None:
    text = "This is a very long line of a message of ours\nthat goes on."
    assert changed(text, "Kurz").count("\n") == 1


@given(st.lists(st.sampled_from(["the house is", "a", "", "  b.", "x" * 50, "<i>y</i>", "- z"])))
def test_as_many_breaks(lines: list[str]) -> None:
    for end in ("\n", "\r\n"):
        text = end.join(lines)
        for change in ("eins", "eins zwei drei vier fünf sechs"):
            assert changed(text, change).count(end) == text.count(end)


TWO = "The house is big.\nThe door is green."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps({"a": TWO})),
        ("a.properties", "a = " + TWO.replace("\n", "\\n")),
        ("a.json", '{"a": "' + TWO.replace("\n", "%0A") + '"}'),
        ("a.yaml", "a: |\n  " + TWO.replace("\n", "\n  ") + "\n"),
        ("a.yaml", json.dumps({"a": TWO})),
        ("a.csv", f'id,text\n1,"{TWO}"\n'),
        ("a.po", 'msgid ""\n"' + TWO.replace("\n", '\\n"\n"') + '"\nmsgstr ""\n'),
        ("a.html", '<p title="' + TWO.replace("\n", "&#10;") + '">x</p>'),
        (
            "a.xlf",
            '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body>'
            f"<trans-unit><source>{TWO}</source></trans-unit></body></file></xliff>",
        ),
    ],
)
def test_formats(name: str, text: str, tmp_path: Path) -> None:
    new = translated(name, text, tmp_path, lambda word: word.upper() + "X")
    for line in ("THEX HOUSEX ISX BIG.X", "THEX DOORX ISX GREEN.X"):
        assert line in new
    between = new.partition("BIG.X")[2].partition("THEX")[0]
    assert between.strip(" ") in ("\n", "\\n", "%0A", "&#10;", '\\n"\n"'), between
    if name == "a.yaml" and text.startswith("a:"):
        assert yaml.safe_load(new)["a"].count("\n") == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"a": "Press <0/> now or <img src=\'x\'> later."}'),
        ("a.ftl", "a = Press <x/> now or <b></b> later.\n"),
        ("a.resx", "<root><data name='a'><value>Press <x/> now.</value></data></root>"),
        ("a.xml", '<resources><string name="a">Press <x/> now or <b></b> it.</string></resources>'),
        ("a.rst", "Press [1]_ now or |save| it, [x]_ then.\n"),
        ("a.xlf", '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file><body>'
         "<trans-unit><source>Press <x id='1'/> now.</source></trans-unit></body></file></xliff>"),
    ],
)  # fmt: skip
def test_what_stands_between_spaces_stays_between_spaces(
    name: str, text: str, tmp_path: Path
) -> None:
    new = translated(name, text, tmp_path).rpartition("</source>")[2]
    found = re.findall(r"[^>] (<[^/<>]*/>|<b></b>|<img[^>]*>|\[\w\]_|\|\w+\|)(?= [^<])", new)
    assert found == re.findall(r"<\w+ ?[^<]*/>|<b></b>|<img[^>]*>|\[\w\]_|\|\w+\|", text)


ATTRIBUTES = (
    "See <abbr title=\"A 'red' b & c\">this</abbr> <img src='x' alt='Two {name} &#39;three&#39;'>"
)


def test_attributes_of_tags() -> None:
    assert texts(ATTRIBUTES) == ["See this", "A 'red' b & c", "Two {name} 'three'"]
    assert changed(ATTRIBUTES, 'It\'s "so"') == (
        "<abbr title=\"It's &quot;so&quot;\">It's</abbr> \"so\" <img src='x' alt='It&#39;s \"so\"'>"
    )
    assert texts('<img\n src="x"\n alt="Only\nthis"\n/>') == ["Only this"]
    assert texts("{n, plural, one {<i title='A'>b</i>} other {c}}") == ["b", "A", "c"]
    assert texts("a <b and\nc> d") == ["a <b and", "c> d"]


def test_a_bar_is_no_line_end(tmp_path: Path) -> None:
    """A long text before it and small letters after it make no wrapped line."""
    value = "Hello, these are many words of a text with <b>bold</b> ones|and more words of it"
    new = translated("a.json", json.dumps([value]), tmp_path)
    assert json.loads(new) == [re.sub(r"</?B>", lambda tag: tag[0].lower(), value.upper())]


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_code_between_fences_stays(fence: str, tmp_path: Path) -> None:
    value = f"Look here:\n\n{fence}python\nprint('a <b>house</b>')\n\nx | y\n{fence}\n\nIs it old?"
    new = json.loads(translated("a.json", json.dumps([value, f"{fence}\nand open"]), tmp_path))
    assert new == [
        value.replace("Look here", "LOOK HERE").replace("Is it old", "IS IT OLD"),
        f"{fence}\nAND OPEN",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Set LC_ALL='C' to work around it.",
        "--keep='all' is not there",
        "See $HOME=(none) of it",
        "Set a_b=5 to go on",
    ],
)
def test_words_behind_an_equals_sign_are_translated(text: str, tmp_path: Path) -> None:
    """In fragments too, where they would look like a formula."""
    change = str.maketrans("abcdefghijklmnopqrstuvwxyz", "\u0430\u0431" * 13)
    source = f'msgid ""\nmsgstr ""\n\nmsgid "{text}"\nmsgstr ""\n'
    new = translated("a.po", source, tmp_path, lambda word: word.translate(change))
    said = new.splitlines()[-1]
    assert not re.search(r"\b(?:work|around|not|there|of|it|go|on)\b", said), said


def test_lines_of_programs_within_a_text_are_quoted(tmp_path: Path) -> None:
    """Their numbers within it are not those of the document's lines."""
    text = "Some text here.\\n\\n{'a': 'b c'}\\n{'a': 'b d'}"
    source = f'msgid ""\nmsgstr ""\n\nmsgid "One"\nmsgstr ""\n\nmsgid "{text}"\nmsgstr ""\n'
    outcome = run({"a.po": source.encode()}, tmp_path).outcomes["a.po"]
    said = "Lines of texts that are data of a program stay in the source language"
    assert outcome.remarks == (f"{said}: \"{{'a': 'b c'}}\", \"{{'a': 'b d'}}\".",)
    assert outcome.left == 2


@pytest.mark.parametrize(
    ("text", "read", "new", "written"),
    [
        ("Don&#039;t open", ["Don't open"], "it's", "it&#039;s"),
        ("{n}&nbsp;new&nbsp;doors", ["{n}\u00a0new\u00a0doors"], "a\u00a0b c", "a&nbsp;b c"),
        ("An ol&shy;d caf&eacute; &copy;", ["An old café &copy;"], "é è", "&eacute; è"),
        ("Tom &amp; Anna", ["Tom &amp; Anna"], "a & b &amp;", "a & b &amp;"),
        ("A <b>new&nbsp;door</b>", ["A new\u00a0door"], "a\u00a0b c", "<b>a&nbsp;b</b> c"),
    ],
)
def test_entities_in_words(text: str, read: list[str], new: str, written: str) -> None:
    assert texts(text) == read
    format_, source = Strings(FormatOptions()), Source("f", text)
    slots = list(format_.slots(source))
    targets = [Target(new, tuple((0, 3) for _ in slot.marks)) for slot in slots]
    assert "".join(filled(format_, source, slots, targets)) == written


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.properties", "a.po"])
def test_entities_in_words_of_files(name: str, tmp_path: Path) -> None:
    lines = {"a.json": '{"k": "%s"}', "a.yaml": 'k: "%s"', "a.properties": "k=%s"}
    line = lines.get(name, 'msgid "%s"\nmsgstr ""\n')
    new = translated(name, line % "It&#039;s {n}&nbsp;doors", tmp_path)
    assert "IT&#039;S {n}&nbsp;DOORS" in new
