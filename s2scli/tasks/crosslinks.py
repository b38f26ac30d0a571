"""Anchors of Markdown pages that links of other pages of the same run name."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from s2scli.markup.markdown.links import links
from s2scli.tasks.tree import DocumentJob

__all__ = ["named_anchors"]

PAGES = ("markdown", "mdx")
INDEXES = ("index", "README")  # what a link to a folder shows


def named_anchors(jobs: Iterable[DocumentJob]) -> Mapping[str, tuple[str, ...]]:
    """For each page, by its name, the anchors that links of others name.

    What cannot be read has none: its own turn says why. A link may leave out the extension of a
    page, have that of HTML, or begin at the root of the run.

    Args:
        jobs: the documents of the run.
    """
    pages = [job for job in jobs if job.format in PAGES]
    by_stem = {posixpath.splitext(page.name)[0]: page.name for page in pages}
    found: dict[str, set[str]] = defaultdict(set)
    for page in pages if len(pages) > 1 else ():
        try:
            text = page.source.read_bytes().decode(errors="replace")
        except OSError:
            continue
        for path, anchor in links(text):
            target = _page(posixpath.dirname(page.name), unquote(path), by_stem)
            if target and target != page.name:
                found[target].add(anchor)
    return {name: tuple(sorted(anchors)) for name, anchors in found.items()}


def _page(folder: str, path: str, by_stem: Mapping[str, str]) -> str | None:
    """The name of the page that a link leads to; None if it is not of the run."""
    whole = path[1:] if path.startswith("/") else posixpath.join(folder, path)
    stem = posixpath.splitext(posixpath.normpath(whole))[0]
    places = (stem, *(posixpath.normpath(posixpath.join(whole, name)) for name in INDEXES))
    return next((by_stem[place] for place in places if place in by_stem), None)
