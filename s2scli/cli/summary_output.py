"""How summaries are written: text, JSON lines, and the tree that each came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from s2scli.cli.jsontext import json_text
from s2scli.tasks.records import summary_record
from s2scli.text.oneline import one_line

if TYPE_CHECKING:
    from s2scli.tasks.evidence import SentenceOrigin
    from s2scli.tasks.summary import Node, Summary

__all__ = ["SummaryWriter"]

SHOWN = 100  # characters of a text in the tree
Trace = Callable[["Summary"], "list[SentenceOrigin]"]


@dataclass(frozen=True, slots=True)
class SummaryWriter:
    """Writes one summary.

    Attributes:
        jsonl: as an object a line; else as text.
        headers: whether each text stands below its document's name.
        lines: whether each text has to fit on a line of its own.
        tree: whether to show what the summary was made from.
        evidence: whether to show the nearest source sentences.
        trace: finds where the sentences come from.
    """

    jsonl: bool
    headers: bool
    lines: bool
    tree: bool
    evidence: bool
    trace: Trace

    def __call__(self, summary: Summary) -> str:
        """The summary as it is written."""
        origins = self.trace(summary) if self.tree or self.evidence else []
        if self.jsonl:
            return json_text(self._object(summary, origins)) + "\n"
        if self.lines and not (self.tree or self.evidence):
            return one_line(summary.text) + summary.document.ending
        body = self._text(summary, origins)
        if not self.headers:
            return body
        first = "" if summary.document.index == 0 else "\n"
        return f"{first}==> {one_line(summary.document.name)} <==\n{body}"

    def _text(self, summary: Summary, origins: list[SentenceOrigin]) -> str:
        if not (self.tree or self.evidence):
            return f"{summary.text}\n" if summary.text else ""
        parts = [*self._sentences(summary, origins)]
        if self.tree:
            numbers = _numbers(summary)
            parts += ["\n", *(line for node in summary.nodes for line in _tree(node, numbers, 0))]
        return "".join(parts)

    def _sentences(self, summary: Summary, origins: list[SentenceOrigin]) -> Iterator[str]:
        chunks = summary.chunks
        for origin in origins:
            place = _place(origin.chunk + 1, chunks[origin.chunk])
            yield f"{one_line(origin.sentence)}\n    from {place}\n"
            for found in origin.evidence if self.evidence else ():
                text = summary.document.text[found.start : found.end]
                yield f"    {found.score:.2f}  {_shown(text)}\n"

    def _object(self, summary: Summary, origins: list[SentenceOrigin]) -> dict[str, Any]:
        found = summary_record(summary)
        if self.tree:
            numbers = _numbers(summary)
            found["tree"] = [_node_object(node, numbers) for node in summary.nodes]
        if self.tree or self.evidence:
            found["sentences"] = [self._origin(summary, origin) for origin in origins]
        return found

    def _origin(self, summary: Summary, origin: SentenceOrigin) -> dict[str, Any]:
        found: dict[str, Any] = {"text": origin.sentence, "chunk": origin.chunk + 1}
        if self.evidence:
            found["evidence"] = [
                {
                    "start": each.start,
                    "end": each.end,
                    "text": summary.document.text[each.start : each.end],
                    "rougeL": round(each.score, 6),
                }
                for each in origin.evidence
            ]
        return found


def _numbers(summary: Summary) -> dict[int, int]:
    """The numbers of the chunks, from 1, by the nodes' identities."""
    return {id(node): number for number, node in enumerate(summary.chunks, 1)}


def _tree(node: Node, numbers: dict[int, int], depth: int) -> Iterator[str]:
    """The tree, indented; a chunk shows its place in the document and its summary."""
    indent = "  " * depth
    if node.children:
        yield f"{indent}level {node.level}: {_shown(node.text)}\n"
        for child in node.children:
            yield from _tree(child, numbers, depth + 1)
    else:
        yield f"{indent}{_place(numbers[id(node)], node)}: {_shown(node.text)}\n"


def _place(number: int, node: Node) -> str:
    again = f", again from {node.start}" if node.start < node.fresh else ""
    return f"chunk {number} (characters {node.fresh}-{node.end}{again})"


def _node_object(node: Node, numbers: dict[int, int]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "level": node.level,
        "start": node.start,
        "fresh": node.fresh,
        "end": node.end,
        "text": node.text,
        "score": round(node.score, 6),
        "tokens": node.tokens,
        "source_tokens": node.source_tokens,
        "truncated": node.truncated,
    }
    if node.children:
        found["children"] = [_node_object(child, numbers) for child in node.children]
    else:
        found["chunk"] = numbers[id(node)]
    return found


def _shown(text: str) -> str:
    """The beginning of a text, on one line."""
    plain = " ".join(text.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"
