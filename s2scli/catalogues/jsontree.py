"""JSON as a tree that knows where everything stands in the document's characters."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from s2scli.data import Span

__all__ = ["JsonNode", "tree"]

_TOKEN = re.compile(r'["\[\]{}]|(?:[^\s"\[\]{},:]+)')
_DECODER = json.JSONDecoder(strict=False)


@dataclass(slots=True)
class JsonNode:
    """A value.

    Attributes:
        start, end: where it stands.
        text: what it says if it is a string.
        members: of an object, by key; of a list, by place.
        keys: where the keys of an object stand.
    """

    start: int
    end: int
    text: str | None = None
    members: dict[str, JsonNode] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict)

    def at(self, *path: str) -> JsonNode | None:
        """What stands on a path; None if there is nothing."""
        found: JsonNode | None = self
        for key in path:
            found = found.members.get(key) if found else None
        return found

    def says(self, *path: str) -> str:
        """The string on a path; empty if there is none."""
        found = self.at(*path)
        return (found.text or "") if found else ""


def tree(text: str) -> JsonNode:
    """The tree of a valid document.

    Args:
        text: its characters.
    """
    root = JsonNode(0, 0)
    open_: list[tuple[JsonNode, bool]] = [(root, False)]  # and whether it is an object
    key: tuple[str, Span] | None = None
    place = 0
    while token := _TOKEN.search(text, place):
        start, place = token.span()
        if token[0] in "]}":
            open_.pop()[0].end = place
            continue
        around, is_object = open_[-1]
        node = JsonNode(start, place)
        if token[0] == '"':
            node.text, place = _DECODER.raw_decode(text, start)
            node.end = place
            if is_object and key is None:
                key = (node.text or "", (start, place))
                continue
        name, span = key or (str(len(around.members)), (start, start))
        around.members[name], around.keys[name] = node, span
        key = None
        if token[0] in "[{":
            open_.append((node, token[0] == "{"))
    return root.members.get("0", root)
