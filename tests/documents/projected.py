"""Texts of a format whose marks stand in them as signs, changed as a model would."""

from __future__ import annotations

from collections.abc import Callable

from s2scli.documents.base import Format, Source, Target, parents
from s2scli.documents.filling import filled
from s2scli.text.projection import project

__all__ = ["projected"]


def projected(form: Format, text: str, change: Callable[[str], str]) -> str:
    """A document with its texts changed.

    Where a text keeps its length, what must stay keeps its place; else marks go to the words that
    they belong to.
    """
    source = Source("f", text)
    found, targets = list(form.slots(source)), []
    for slot in found:
        new = change(slot.text)
        spans = [(mark.start, mark.end) for mark in slot.marks]
        if len(new) == len(slot.text):
            for start, end in slot.kept:
                new = new[:start] + slot.text[start:end] + new[end:]
        else:
            spans = list(project(slot.text, new, spans, parents(slot.marks), ()))
        targets.append(Target(new, tuple(spans)))
    return "".join(filled(form, source, found, targets))
