"""What is judged, read from files: sources, outputs of systems, references, documents."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from s2scli.errors import BadInputError, UsageError
from s2scli.judging.design import JudgedSegment
from s2scli.tasks.score_inputs import InputOptions, read_file, read_hypotheses, read_references

__all__ = ["Judged", "JudgedFiles", "read_judged"]

OUTPUTS, SOURCES = InputOptions(), InputOptions("source")


class JudgedFiles(NamedTuple):
    """Names of files, each with a segment in a line, in JSON lines or in a file of a folder.

    Attributes:
        source: the sources.
        systems: the outputs of each system.
        reference: the references, if there are any.
        documents: for each segment the name of its document, if there are documents.
    """

    source: str
    systems: Sequence[str]
    reference: str | None = None
    documents: str | None = None

    def names(self) -> list[str]:
        """All of them."""
        return [self.source, *self.systems, *filter(None, (self.reference, self.documents))]


class Judged(NamedTuple):
    """What the files have.

    Attributes:
        segments: those that can be judged: whose source is not blank.
        blank_sources: the number of the others.
        blank_outputs: the number of blank outputs of each system that has any.
    """

    segments: list[JudgedSegment]
    blank_sources: int
    blank_outputs: dict[str, int]


def read_judged(files: JudgedFiles) -> Judged:
    """Read what is to be judged.

    Raises:
        BadInputError: the files do not fit together or cannot be understood, or all sources are
            blank.
        MissingInputError: one is missing.
        UsageError: two of them are the same.
    """
    _refuse_repeats(files.names())
    systems = _system_names(files.systems)
    sources = read_hypotheses(files.source, SOURCES, read_file)
    outputs = {
        system: _read_beside(files, name, len(sources))
        for system, name in zip(systems, files.systems, strict=True)
    }
    references = _references(files, len(sources))
    documents = _documents(files, len(sources))
    segments = [
        JudgedSegment(
            str(index + 1),
            source,
            references[index],
            {system: texts[index] for system, texts in outputs.items()},
            documents[index],
        )
        for index, source in enumerate(sources)
        if source.strip()
    ]
    if not segments:
        raise BadInputError(f"{files.source} is empty", "There is nothing to judge.")
    blank = {
        system: sum(not segment.outputs[system].strip() for segment in segments)
        for system in systems
    }
    blank = {system: count for system, count in blank.items() if count}
    return Judged(segments, len(sources) - len(segments), blank)


def _refuse_repeats(names: Sequence[str]) -> None:
    seen: dict[Path, str] = {}
    for name in names:
        path = Path(name).resolve()
        if path in seen:
            raise UsageError(
                f"{name} is given twice: as {seen[path]} too"
                if name != seen[path]
                else f"{name} is given twice",
                "Name different files.",
            )
        seen[path] = name


def _system_names(files: Sequence[str]) -> list[str]:
    """What systems are called: their file's name without its endings, or more of the path where
    two have the same."""
    paths = [Path(name).resolve() for name in files]
    names = [path.name.split(".")[0] or path.name for path in paths]
    if len(set(names)) < len(names):
        names = [path.name for path in paths]
    depth = 1
    while len(set(names)) < len(names):
        depth += 1
        names = ["/".join(path.parts[-depth:]) for path in paths]
    return names


def _read_beside(files: JudgedFiles, name: str, count: int) -> list[str]:
    texts = read_hypotheses(name, OUTPUTS, read_file)
    _check_count(files.source, count, name, len(texts))
    return texts


def _references(files: JudgedFiles, count: int) -> Sequence[str | None]:
    if files.reference is None:
        return [None] * count
    rows = read_references(files.reference, OUTPUTS, read_file)
    _check_count(files.source, count, files.reference, len(rows))
    return [row[0] if row else None for row in rows]


def _documents(files: JudgedFiles, count: int) -> Sequence[str | None]:
    """The document of each segment; a blank name is that of none."""
    if files.documents is None:
        return [None] * count
    names = read_hypotheses(files.documents, InputOptions("document"), read_file)
    _check_count(files.source, count, files.documents, len(names))
    return [name.strip() or None for name in names]


def _check_count(source: str, wanted: int, name: str, found: int) -> None:
    if found != wanted:
        raise BadInputError(
            f"{source} has {wanted:,} lines, {name} has {found:,}",
            "All files must have one line per segment.",
        )
