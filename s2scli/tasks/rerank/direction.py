"""Whether the models that rerank lists go the way that they should, by what the lists say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from s2scli.languages.detection import detect, detectable
from s2scli.tasks.rerank.components import REVERSE
from s2scli.tasks.rerank.lists import NbestList
from s2scli.tasks.rerank.reranking import Reranking

__all__ = ["wrong_ways"]

LISTS = 50  # that are looked at


def wrong_ways(reranking: Reranking, lists: Sequence[NbestList]) -> Iterator[str]:
    """What is to be said of models that go from the language of what they should write to that of
    what they should read.

    Args:
        reranking: what lists are ranked by.
        lists: the first ones, with their sources.
    """
    sources = "\n".join(each.source or "" for each in lists[:LISTS])
    targets = "\n".join(each.entries[0].text for each in lists[:LISTS] if each.entries)
    for component in reranking.components:
        if component.name not in reranking.models:
            continue
        manifest = reranking.models[component.name].manifest
        reads, writes = set(manifest.source_languages), set(manifest.target_languages)
        if reads & writes or not all(map(detectable, reads | writes)) or not (reads and writes):
            continue
        read, written = (targets, sources) if component.kind == REVERSE else (sources, targets)
        found = [detect(text, reads | writes).language for text in (read, written)]
        if found[0] in writes and found[1] in reads:
            yield (
                f"--rerank {component.name}: the model goes from {found[1]} to {found[0]}, and "
                f"is given texts from {found[0]} to {found[1]}"
            )
