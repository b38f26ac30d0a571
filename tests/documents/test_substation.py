"""Subtitles of SubStation Alpha: events, override tags, drawings, line breaks."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target, parents
from s2scli.documents.filling import filled
from s2scli.errors import BadInputError
from s2scli.text.projection import project
from tests.sizes import TENTHS
from tests.text.test_sentences import HOSTILE

FORMAT = open_format("ass", FormatOptions())
HEAD = "[Script Info]\n\n[Events]\n"
EVENT = "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,"


def slots(text: str) -> list[Slot]:
    return list(FORMAT.slots(Source("f", text)))


def event(text: str) -> str:
    return f"{HEAD}{EVENT}{text}\n"


def changed(text: str, change: str) -> str:
    """The document with every text changed, its marks where they would be put."""
    found, targets = slots(text), []
    for slot in found:
        new = change.format(slot.text)
        spans = [(mark.start, mark.end) for mark in slot.marks]
        targets.append(Target(new, project(slot.text, new, spans, parents(slot.marks), ())))
    return "".join(filled(FORMAT, Source("f", text), found, targets))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One, two, three", ["One, two, three"]),
        ("One\\Ntwo\\nthree\\hfour", ["One two three\u00a0four"]),
        ("{\\i1}One{\\i0} two", ["One two"]),
        ("{\\an8\\pos(1,2)}One", ["One"]),
        ("{\\p1}m 0 0 l 1 1{\\p0}One", ["One"]),
        ("{\\p1}m 0 0 l 1 1", []),
        ("One {\\p4}m 0 0{\\c&H1&}l 1 1{\\p0}two", ["One two"]),
        ("{\\pos(1,2)\\pbo3}One", ["One"]),
        ("{a note}One{another}", ["One"]),
        ("- One\\N- Two", ["One", "Two"]),
        ("{\\i1}- One{\\i0}\\N{\\i1}- Two{\\i0}", ["One", "Two"]),
        ("- One\\N- Two\\Nthree", ["One", "Two three"]),
        ("{\\i1}– one,{\\i0}\\Nso\\N— but two", ["one, so", "but two"]),
        ("Anna: one\\NOld Tom: two", ["Anna: one", "Old Tom: two"]),
        ("Who is it?\\N- nobody\\Nhere", ["Who is it?", "nobody here"]),
        ("One\\N- two\\nthree", ["One - two three"]),
        ("One\\N- Two", ["One - Two"]),
        ("One: a\\N-5 and two", ["One: a -5 and two"]),
        ("A \\{ brace", ["A { brace"]),
        ("{open", ["{open"]),
        ("12 {\\i1}", []),
        ("", []),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    assert [slot.text for slot in slots(event(text))] == expected
    assert changed(event(text), "{}") == event(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Comment: 0,0,0,D,,0,0,0,,One", []),
        ("Picture: 0,0,0,D,,0,0,0,,One", []),
        ("Dialogue: 0,0,0,D,,0,0,0,fx,One", []),
        ("Dialogue: 0,0,0,D,,0,0,0,One", []),
        ("dialogue:0,0,0,D,,0,0,0,karaoke,One", ["One"]),
        ("Format: Layer, Text\nDialogue: 0,One, two", ["One, two"]),
        ("Format: Effect, Text\nDialogue: fx,One\nDialogue: f,Two", ["Two"]),
        ("[Fonts]\nDialogue: 0,0,0,D,,0,0,0,,One", []),
        ("[Fonts]\n[events]\nDialogue: 0,0,0,D,,0,0,0,,One", ["One"]),
    ],
)
def test_which_lines_are_events(text: str, expected: list[str]) -> None:
    assert [slot.text for slot in slots(HEAD + text)] == expected


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("One\\Ntwo", "Eins zwei", "Eins\\Nzwei"),
        ("One\\ntwo", "Eins und zwei", "Eins und\\nzwei"),
        ("One two", "One " * 30, "One " * 30),
        ("One\\htwo", "Eins\u00a0zwei", "Eins\\hzwei"),
        ("One", "{0} \\N \\h\n}", "\\{0\\} \\\u2060N \\\u2060h \\}"),
        ("{\\fs20}One", "Eins", "{\\fs20}Eins"),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    change = target.replace("{", "{{").replace("}", "}}")
    assert changed(event(text), change) == event(expected)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("{\\i1}One{\\i0} two", ["One"]),
        ("One {\\i1\\b1}two{\\b0\\i0}", ["two"]),
        ("One {\\an8\\i1}two{\\r} three", ["two"]),
        ("One {\\c&H0000FF&}two{\\c} three", ["two"]),
        ("One {\\fnComic Sans\\fs30}two{\\fn\\fs} three", ["two"]),
        ("One {\\t(0,9,\\clip(1,2))}two", [""]),
        ("One {\\i1}two", [""]),
        ("One {\\k20}two {\\i1}three{\\i} four", ["", "three"]),
    ],
)
def test_what_tags_are_on(text: str, marked: list[str]) -> None:
    (slot,) = slots(event(text))
    assert [slot.text[mark.start : mark.end] for mark in slot.marks] == marked
    upper = changed(event(text), "{0}!")
    assert [slot.text for slot in slots(upper)] == [f"{slot.text}!"]


def test_events_with_too_few_fields_are_said() -> None:
    form = open_format("ass", FormatOptions())
    text = f"{HEAD}{event('One')}\nDialogue: two, three\nComment: four\n"
    assert [slot.text for slot in form.slots(Source("f", text))] == ["One"]
    line = text[: text.index("Dialogue: two")].count("\n") + 1
    assert form.remarks == [f"Events with fewer fields than there should be stay: line {line}."]


def test_karaoke_of_syllables_is_said() -> None:
    form = open_format("ass", FormatOptions())
    list(form.slots(Source("f", event("{\\k20}One {\\k30}two") + f"{EVENT}Hel{{\\kf30}}lo\n")))
    assert form.remarks == ["Karaoke is timed by syllables, which are others now: line 5."]


def test_lines_that_no_program_wraps() -> None:
    text = f"[Script Info]\nWrapStyle: 2\n[Events]\n{EVENT}One two\n"
    assert changed(text, "One and " * 9 + "two").count("\\N") == 1


def test_breaks_are_not_within_tags() -> None:
    text = event("One {\\fnComic Sans MS}two\\Nthree")
    new = changed(text, "{0} " + "four " * 20)
    assert "{\\fnComic Sans MS}" in new
    assert "\\N" in new


def test_what_is_no_script() -> None:
    with pytest.raises(BadInputError, match="Events"):
        slots("The house.")


PARTS = st.lists(
    st.text(st.sampled_from("ab {}\\Nnhip10(),-"), max_size=9)
    | st.sampled_from(["{\\i1}", "{\\i0}", "{\\p1}", "{\\p0}", "{\\r}", "\\N- ", "a b"]),
    max_size=9,
)


@given(PARTS, HOSTILE)
def test_what_is_written_is_read_back(parts: list[str], target: str) -> None:
    assume("\0" not in target)  # which no file of subtitles may hold
    text = event("".join(parts))
    found = slots(text)
    assert changed(text, "{}") == text
    new = changed(text, "x" + target.replace("{", "{{").replace("}", "}}") + "x")
    assert len(slots(new)) == len(found)
    wanted = "".join(f"x{target}x".split()).replace("\u2060", "")
    for slot in slots(new):
        assert "".join(slot.text.split()).replace("\u2060", "") == wanted


@pytest.mark.parametrize("part", ["{\\i1}", "{\\p1}", "{", "\\N- a", "\\N", "{\\i1}a{\\i0}", "a "])
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(part: str, n: int) -> None:
    text = event("x" + part * 10_000 * n)
    assert changed(text, "{}") == text
