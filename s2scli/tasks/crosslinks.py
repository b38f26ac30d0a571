"""Anchors of Markdown and AsciiDoc pages that links of other pages of the same run name."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import unquote

from s2scli.markup.asciidoc import links as asciidoc
from s2scli.markup.markdown import links as markdown
from s2scli.tasks.tree import DocumentJob

__all__ = ["named_anchors"]

MARKDOWN, ASCIIDOC = ("markdown", "mdx"), ("asciidoc",)
INDEXES = ("index", "README")  # what a link to a folder shows
ROOT = "pages"  # the folder of a module's pages (https://docs.antora.org)


def named_anchors(jobs: Iterable[DocumentJob]) -> Mapping[str, tuple[str, ...]]:
    """For each page, by its name, the anchors that links of others name.

    What cannot be read has none: its own turn says why. A link may leave out the extension of a
    page, have that of HTML, or begin at the root of the run. Pages of AsciiDoc that include others
    are one with these.

    Args:
        jobs: the documents of the run.
    """
    jobs = list(jobs)
    found: dict[str, set[str]] = defaultdict(set)
    for kinds in (MARKDOWN, ASCIIDOC):
        pages = [job for job in jobs if job.format in kinds]
        by_stem = {posixpath.splitext(page.name)[0]: page.name for page in pages}
        for page, text in _texts(pages):
            for target, anchor in _named(page, text, by_stem, is_markdown=kinds is MARKDOWN):
                if target and target != page:
                    found[target].add(anchor)
        if kinds is ASCIIDOC:
            for page, anchor in _in_included(pages, by_stem):
                found[page].add(anchor)
    return {name: tuple(sorted(anchors)) for name, anchors in found.items()}


def _texts(pages: Sequence[DocumentJob]) -> Iterator[tuple[str, str]]:
    """The name and the text of each page that others may link to."""
    for page in pages if len(pages) > 1 else ():
        try:
            yield page.name, page.source.read_bytes().decode(errors="replace")
        except OSError:
            continue


def _named(
    page: str, text: str, by_stem: Mapping[str, str], *, is_markdown: bool
) -> Iterator[tuple[str | None, str]]:
    """The pages that links of a page lead to, each with the anchor that the link names."""
    folder = posixpath.dirname(page)
    for path, anchor in (markdown if is_markdown else asciidoc).links(text):
        target = _page(folder, unquote(path), by_stem)
        if not is_markdown and not target:
            target = _page(*_in_module(folder, path), by_stem)
        yield target, anchor


def _page(folder: str, path: str, by_stem: Mapping[str, str]) -> str | None:
    """The name of the page that a link leads to; None if it is not of the run."""
    whole = path[1:] if path.startswith("/") else posixpath.join(folder, path)
    stem = posixpath.splitext(posixpath.normpath(whole))[0]
    places = (stem, *(posixpath.normpath(posixpath.join(whole, name)) for name in INDEXES))
    return next((by_stem[place] for place in places if place in by_stem), None)


def _in_module(folder: str, path: str) -> tuple[str, str]:
    """Where a link is from in a site of modules: ``xref:module:page.adoc#name[]``."""
    parts = folder.split("/")
    if ROOT not in parts:
        return folder, path
    root = parts[: parts.index(ROOT) + 1]
    *outer, path = path.split(":")  # a version and a component may come first
    if outer and len(root) > 1:
        root[-2] = outer[-1] or root[-2]
    return "/".join(root), path


def _in_included(
    pages: Sequence[DocumentJob], by_stem: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """For pages that are one with others what links within any of these name."""
    beside: dict[str, set[str]] = defaultdict(set)
    named: dict[str, list[str]] = {}
    for page, text in _texts(pages):
        named[page] = list(asciidoc.own_links(text))
        for path in asciidoc.includes(text):
            if other := _page(posixpath.dirname(page), path, by_stem):
                beside[page].add(other)
                beside[other].add(page)
    seen: set[str] = set()
    for first in sorted(beside):
        group, todo = [], [first]
        while todo:
            if (page := todo.pop()) not in seen:
                seen.add(page)
                group.append(page)
                todo += beside[page]
        anchors = sorted({anchor for page in group for anchor in named.get(page, ())})
        yield from ((page, anchor) for page in group for anchor in anchors)
