"""Texts with marks: each comes out once, around its stretch, with what stands inside its markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents.base import Edit, Format, FormatOptions, Mark, Slot, Source, Target, parents
from s2scli.documents.filling import Document, filled

_TAG = re.compile(r"<(/?)(\w+)(?: (\w+))?>")


class Tags(Format):
    """The simplest form with marks: a line is a slot, <a x> … </a> is a mark, <-> a point.

    ``x`` is a slot of its own inside the mark's markup.
    """

    def slots(self, source: Source) -> Iterator[Slot]:
        for line in re.finditer(r"[^\n]+", source.text):
            text, reached = "", line.start()
            marks: list[Mark] = []
            open_: list[int] = []
            inner: list[Slot] = []
            for tag in _TAG.finditer(source.text, *line.span()):
                text += source.text[reached : tag.start()]
                reached = tag.end()
                if tag[3]:
                    inner.append(Slot(*tag.span(3), tag[3]))
                if tag[1]:
                    old = marks[open_.pop()]
                    marks[marks.index(old)] = Mark(old.start, len(text), old.opens, tag.span())
                else:
                    marks.append(Mark(len(text), len(text), tag.span(), (tag.end(), tag.end())))
                    if tag[2] != "p":
                        open_.append(len(marks) - 1)
            text += source.text[reached : line.end()]
            yield Slot(*line.span(), text, None, tuple(marks))
            yield from inner

    def written(self, source: Source, slot: Slot, text: str) -> str:
        return text.upper()

    def edits(self, source: Source) -> Iterator[Edit]:
        yield Edit(0, 0, "!")


def fill(text: str, *targets: Target) -> str:
    source = Source("f", text)
    format_ = Tags(FormatOptions())
    return "".join(filled(format_, source, list(format_.slots(source)), targets))


def test_marks_go_where_their_spans_are() -> None:
    text = "A <b>big <i>old</i></b> dog<p>.\nnext\n"
    slot = next(Tags(FormatOptions()).slots(Source("f", text)))
    assert slot.text == "A big old dog."
    assert [slot.text[mark.start : mark.end] for mark in slot.marks] == ["big old", "old", ""]
    assert parents(slot.marks) == [-1, 0, -1]
    same = Target("next")
    assert fill(text, Target("ein alter hund!", ((4, 14), (4, 9), (14, 14))), same) == (
        "!EIN <b><i>ALTER</i> HUND</b><p>!\nnext\n"
    )
    assert fill(text, Target("x", ((0, 1), (0, 1), (0, 0))), same) == (
        "!<p><b><i>X</i></b>\nnext\n"
    )
    assert fill(text, Target("A big old dog."), same) == text
    assert fill(text, Target("A big old dog."), Target("new")) == "!" + text.replace("next", "NEW")


def test_slots_inside_markup() -> None:
    text = "one <a title>two</a>"
    assert fill(text, Target("2 1", ((0, 1),)), Target("t")) == "!<a T>2</a> 1"
    assert fill(text, Target("one two", ((4, 7),)), Target("t")) == "!one <a T>two</a>"


def test_documents_share_out_their_texts() -> None:
    document = Document.of(Tags(FormatOptions()), Source("f", "a\nb"))
    assert [slot.text for slot in document.slots] == ["a", "b"]
    assert b"".join(document.written([Target("x"), Target("y")])) == b"!X\nY"


TREES = st.recursive(
    st.text("xy ", min_size=1, max_size=3) | st.just("<p>"),
    lambda inner: st.lists(inner, min_size=1, max_size=4).map(
        lambda parts: f"<b>{''.join(parts)}</b>"
    ),
    max_leaves=12,
)


@given(tree=TREES)
def test_a_text_in_upper_case_keeps_its_tree(tree: str) -> None:
    source = Source("f", f"-{tree}")
    slot = next(Tags(FormatOptions()).slots(source))
    spans = tuple((mark.start, mark.end) for mark in slot.marks)
    target = Target(slot.text.upper(), spans)
    new = "".join(filled(Tags(FormatOptions()), source, [slot], [target]))
    expected = re.sub(r"[xy]", lambda match: match[0].upper(), source.text)
    assert new.lstrip("!").replace("<P>", "<p>") == expected
