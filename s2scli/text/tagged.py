"""Fields from a text in which a model marked them: ``<s_total>12.50</s_total>``.

Donut writes so. The fields equal those of ``DonutProcessor.token2json`` in transformers 4.57, for
texts that are not well formed too.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

__all__ = ["TEXT", "Fields", "fields_of", "marks_fields"]

Fields = dict[str, Any]
TEXT = "text_sequence"  # the field of a text without fields
_SEPARATOR = "<sep/>"  # between the values of a field, and between the objects of a list
_OPENING = "(?i:<s_)"


def marks_fields(tokens: Collection[str]) -> bool:
    """Whether there are tokens that mark fields."""
    return any(token.startswith("<s_") and token.endswith(">") for token in tokens)


def fields_of(text: str, tokens: Collection[str]) -> Fields | list[Fields]:
    """The fields of a text.

    Args:
        text: the text with its marks.
        tokens: the special and added tokens; one such as ``<paid/>`` may be a value.

    Returns:
        An object with the values by the names of their fields, in order; a list of such objects
        if separators part them. A value is a text, a list of texts, an object or a list of them.
        A text without fields is the value of ``text_sequence``.
    """
    try:
        items, rest = _items(text, tokens)
    except RecursionError:  # no document has fields so deep in each other
        return {TEXT: text}
    return _filled(items) if len(items) > 1 else items[0] or {TEXT: rest}


def _items(text: str, tokens: Collection[str]) -> tuple[list[Fields], str]:
    """The objects that separators part, of which the last may be empty; and the text after them."""
    items: list[Fields] = [{}]
    while (start := _first_mark(text)) is not None:
        name = start[len("<s_") : -1]
        ends = re.search(f"</s_{re.escape(name)}>", text, re.IGNORECASE)
        if ends is None:
            text = text.replace(start, "")
            continue
        end = ends[0]
        pattern = f"{re.escape(start)}(.*?){re.escape(end)}"
        if within := re.search(pattern, text, re.IGNORECASE | re.DOTALL):
            value = _value(within[1].strip(), tokens)
            if value is not None:
                items[-1][name] = value
        text = text[text.find(end) + len(end) :].strip()
        if text.startswith(_SEPARATOR):
            text = text.removeprefix(_SEPARATOR)
            items.append({})
    return items, text


def _filled(items: list[Fields]) -> list[Fields]:
    """The objects without the last one if it is empty."""
    return items if items[-1] else items[:-1]


def _first_mark(text: str) -> str | None:
    """The first mark of a field's beginning, as it stands."""
    found = re.search(_OPENING, text)
    end = text.find(">", found.start()) if found else -1
    return text[found.start() : end + 1] if found and end >= 0 else None


def _value(content: str, tokens: Collection[str]) -> Any:
    """The value of a field; None if what is in it gives no fields."""
    if "<s_" in content and "</s_" in content:
        found = _filled(_items(content, tokens)[0])
        return found[0] if len(found) == 1 else found or None
    values = [_word(value.strip(), tokens) for value in content.split(_SEPARATOR)]
    return values[0] if len(values) == 1 else values


def _word(value: str, tokens: Collection[str]) -> str:
    """A value; the name of a token that stands for one as a whole."""
    whole = value in tokens and value.startswith("<") and value.endswith("/>")
    return value[1:-2] if whole else value
