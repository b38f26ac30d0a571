"""Names of headings: a link that names a heading by its text still finds it when that changes.

Processors make the name of a heading from its text, each site in a way of its own. So a heading
that links of the same run name gets the old name besides; links that name it by its very title
name it by that.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from s2scli.markup.asciidoc.blocks import blocks
from s2scli.markup.asciidoc.kinds import HEADING, UNDERLINED
from s2scli.markup.asciidoc.links import own_links

__all__ = ["Names", "folded", "names"]

_NAME = re.compile(r"[^\W\d][\w:.-]*")


class Names(NamedTuple):
    """The names that links of a page give to its headings.

    Attributes:
        headings: by where the text of the heading begins, its name.
        titles: by the title that a link names, the name of its heading.
    """

    headings: Mapping[int, str]
    titles: Mapping[str, str]


@lru_cache(maxsize=1)
def names(text: str, start: int, linked: Sequence[str]) -> Names:
    """The headings that links name.

    Args:
        text: the document's characters.
        start: where it begins in them.
        linked: what links of other pages name in it.
    """
    named: dict[str, list[str]] = {}
    for link in (*own_links(text), *linked):
        named.setdefault(folded(link), []).append(link)
    named.pop("", None)
    headings: dict[int, str] = {}
    titles: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for block in blocks(text, start) if named else ():
        if block.kind not in (HEADING, UNDERLINED):
            continue
        first, last = block.lines[0]
        title = text[first:last]
        key = folded(title)
        seen[key] += 1
        some = named.get(f"{key}{seen[key]}" if seen[key] > 1 else key, ())
        if not some or block.has_id or "[[" in title:
            continue
        headings[first] = name = next(filter(_NAME.fullmatch, some), _made(title))
        titles |= {other: name for other in some if not _NAME.fullmatch(other)}
    for link in {*own_links(text)}.intersection(linked):  # a heading of a page that is one with it
        if not _NAME.fullmatch(link):
            titles.setdefault(link, _made(link))
    return Names(headings, titles)


def _made(title: str) -> str:
    return "_" + "_".join(re.findall(r"\w+", title.lower()))


def folded(text: str) -> str:
    """What all processors keep of a text."""
    return "".join(filter(str.isalnum, text.casefold()))
