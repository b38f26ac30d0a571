"""Links of Markdown pages to anchors of other pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["links"]

_LINK = re.compile(
    r"\]\(\s*<?([^\s()<>#:]{1,500})#([^\s()<>]+)|"
    r"^[ >]*\[[^\]\n]+\]:[ \t]*<?([^\s<>#:]{1,500})#([^\s<>]+)|"
    r"\bhref\s*=\s*[\"']?([^\"'\s>#:]{1,500})#([^\"'\s>]+)",
    re.MULTILINE,
)


def links(text: str) -> Iterator[tuple[str, str]]:
    """The path and the anchor of each link; those with a scheme lead elsewhere."""
    for match in _LINK.finditer(text):
        path, anchor = filter(None, match.groups())
        yield path, anchor
