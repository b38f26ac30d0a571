"""Whole runs over small documents, with a double for the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from s2scli.data import Decoding
from s2scli.documents import format_of
from s2scli.documents.base import FormatOptions
from s2scli.flow.stream import FlowOptions
from s2scli.memory.journal import Journal
from s2scli.tasks.demands import Demands
from s2scli.tasks.document import Outcome
from s2scli.tasks.documents import Settings, translate_documents
from s2scli.tasks.tree import DocumentJob
from s2scli.text.glossary import Glossary
from s2scli.text.spans import Protection
from tests.doubles import WordModel

__all__ = ["Run", "run", "translated"]


class Run:
    """What became of documents.

    Attributes:
        outcomes: by name.
        written: the bytes of those that were written, by name.
    """

    def __init__(self, outcomes: Mapping[str, Outcome], folder: Path) -> None:
        self.outcomes = outcomes
        self.written = {
            name: (folder / name).read_bytes() for name in outcomes if (folder / name).exists()
        }


def run(
    documents: Mapping[str, bytes],
    folder: Path,
    change: Callable[[str], str] = str.upper,
    options: FormatOptions | None = None,
    *,
    backwards: bool = False,
) -> Run:
    """Translate documents.

    Args:
        documents: their bytes, by name.
        folder: where sources and targets may be.
        change: what the model makes of a word.
        options: how they are read.
        backwards: whether the words of a text come out in the other order.
    """
    found = []
    for name, data in documents.items():
        source = folder / "in" / name
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(data)
        kind = format_of(source)
        assert kind
        found.append(DocumentJob(name, source, folder / "out" / name, kind))
    (folder / "out").mkdir(exist_ok=True)
    demands = Demands(Protection(), Glossary())
    settings = Settings(
        options or FormatOptions(target_language="de"), demands, Decoding(), FlowOptions.on("cpu")
    )
    journal = Journal(folder / "out", "key")
    try:
        model = WordModel(change, backwards=backwards).as_model()
        outcomes = {o.job.name: o for o in translate_documents(found, model, settings, journal)}
    finally:
        journal.close()
    return Run(outcomes, folder / "out")


def translated(
    name: str,
    text: str,
    folder: Path,
    change: Callable[[str], str] = str.upper,
    options: FormatOptions | None = None,
    *,
    backwards: bool = False,
) -> str:
    """One document, translated."""
    found = run({name: text.encode()}, folder, change, options, backwards=backwards)
    outcome = found.outcomes[name]
    assert outcome.status == "done", outcome.reason
    return found.written[name].decode()
