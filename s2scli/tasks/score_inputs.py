"""What is scored: text files, tab-separated references, JSON lines, or folders of documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import BadInputError, MissingInputError, UsageError
from s2scli.metrics.base import References
from s2scli.text.reading import Read as Bytes
from s2scli.text.reading import checked, json_object, opened, read_text

__all__ = [
    "Corpus",
    "InputOptions",
    "begins_as_json",
    "read_corpus",
    "read_file",
    "read_hypotheses",
    "read_references",
]

Read = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How files are read.

    Attributes:
        hypothesis_field: key of the hypothesis in JSON lines.
        reference_field: key of the reference or the list of references.
        tabs: whether a line of a reference file holds several, separated by tabs.
    """

    hypothesis_field: str = "target"
    reference_field: str = "reference"
    tabs: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """Hypotheses and their references.

    Attributes:
        hypotheses: one for each segment.
        references: for each segment, one or more.
        names: what each segment is called: its line's number, or its document's name.
    """

    hypotheses: Sequence[str]
    references: References
    names: Sequence[str]

    def check_references(self) -> None:
        """Make sure that every hypothesis has a reference.

        Raises:
            BadInputError: all references of one that is not blank are.
        """
        rows = zip(self.hypotheses, self.references, self.names, strict=True)
        for hypothesis, texts, name in rows:
            if hypothesis.strip() and not any(text.strip() for text in texts):
                raise BadInputError(
                    f"Segment {name} has no reference: it is blank, the hypothesis is not",
                    "Are the lines of the two files the same? No answer is a right one only for "
                    "exact-match and token-f1.",
                )


def read_corpus(
    hypotheses: str, references: Sequence[str], options: InputOptions, read: Read
) -> Corpus:
    """Read hypotheses and references.

    Args:
        hypotheses: name of a file or folder.
        references: names of files or folders; none if the hypotheses' JSON lines hold them.
        options: how to read.
        read: returns a file's bytes.

    Raises:
        BadInputError: the files do not fit together or cannot be understood.
        MissingInputError: one is missing.
        UsageError: the hypotheses are their own reference.
    """
    _refuse_itself(hypotheses, references)
    if Path(hypotheses).is_dir():
        return _folders(Path(hypotheses), [Path(name) for name in references], read)
    data = read(hypotheses)
    if not references:
        text = read_text(hypotheses, data)
        rows = _json_rows(text, hypotheses, options.reference_field, many=True)
        lines = read_hypotheses(hypotheses, options, lambda _: data)
        return _corpus(hypotheses, lines, rows)
    found = [read_references(name, options, read) for name in references]
    lines = read_hypotheses(hypotheses, options, lambda _: data)
    for name, rows in zip(references, found, strict=True):
        if len(rows) != len(lines):
            raise BadInputError(
                f"{hypotheses} has {len(lines)} lines, {name} has {len(rows)}",
                "Both must have one line per segment.",
            )
    merged = [[text for row in rows for text in row] for rows in zip(*found, strict=True)]
    return _corpus(hypotheses, lines, merged)


def read_hypotheses(name: str, options: InputOptions, read: Read) -> list[str]:
    """The hypotheses of a file, or of a folder in the order of its names."""
    if Path(name).is_dir():
        return [read_text(str(path), read(str(path))) for path in _documents(Path(name))]
    text = read_text(name, read(name))
    if _is_json(text):
        return [row[0] for row in _json_rows(text, name, options.hypothesis_field, many=False)]
    return _lines(text)


def _corpus(name: str, hypotheses: list[str], references: list[list[str]]) -> Corpus:
    if not hypotheses:
        raise BadInputError(f"{name} is empty", "There is nothing to score.")
    for number, row in enumerate(references, 1):
        if not row:
            raise BadInputError(f"Segment {number} has no reference")
    numbers = [str(number) for number in range(1, len(hypotheses) + 1)]
    return Corpus(hypotheses, references, numbers)


def read_references(name: str, options: InputOptions, read: Read) -> list[list[str]]:
    """The references of each segment of a file."""
    text = read_text(name, read(name))
    if _is_json(text):
        return _json_rows(text, name, options.reference_field, many=True)
    lines = _lines(text)
    if not options.tabs:
        return [[line] for line in lines]
    return [[text for text in line.split("\t") if text] or [""] for line in lines]


def _refuse_itself(hypotheses: str, references: Sequence[str]) -> None:
    for name in references:
        same = name == hypotheses
        if not same and Path(name).exists() and Path(hypotheses).exists():
            same = Path(name).samefile(hypotheses)
        if same:
            raise UsageError(
                f"{name} is given as hypotheses and as reference", "Name two different files."
            )


def _folders(hypotheses: Path, references: Sequence[Path], read: Read) -> Corpus:
    """Each file is one segment; the folders must hold the same names."""
    ours = _documents(hypotheses)
    names = [path.relative_to(hypotheses) for path in ours]
    rows: list[list[str]] = [[] for _ in names]
    for folder in references:
        if not folder.is_dir():
            raise UsageError(f"{hypotheses} is a folder, {folder} is not")
        theirs = {path.relative_to(folder) for path in _documents(folder)}
        if theirs != set(names):
            odd = min(map(str, theirs ^ set(names)))
            raise BadInputError(
                f"{hypotheses} and {folder} do not hold the same names: {odd} is in one only"
            )
        for row, name in zip(rows, names, strict=True):
            row.append(read_text(str(folder / name), read(str(folder / name))))
    texts = [read_text(str(path), read(str(path))) for path in ours]
    corpus = _corpus(str(hypotheses), texts, rows)
    return Corpus(corpus.hypotheses, corpus.references, [str(name) for name in names])


def _documents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _is_json(text: str) -> bool:
    """Whether a text is JSON lines: its first line is an object."""
    first = text.partition("\n")[0]
    if not first.startswith("{"):
        return False
    try:
        return json_object(first, "") is not None
    except BadInputError:
        return False


def begins_as_json(name: str, read: Bytes) -> bool:
    """Whether a file is JSON lines, by its first line.

    Args:
        name: for messages.
        read: returns its next bytes, and none at the end.

    Raises:
        BadInputError: it is packed in a way that is not known, or in UTF-16.
    """
    chunks = opened(name, read)
    head = b""
    while b"\n" not in head and (more := chunks()):
        head += more
    return _is_json(head.partition(b"\n")[0].decode(errors="replace"))


def _json_rows(text: str, name: str, key: str, *, many: bool) -> list[list[str]]:
    """The texts under a key of each line; a list of several where ``many`` are allowed."""
    lines = text.rstrip().split("\n") if text.strip() else []
    places = (f"{name}: line {number}" for number in range(1, len(lines) + 1))
    return [
        list(_json_texts(line, place, key, many)) for line, place in zip(lines, places, strict=True)
    ]


def _json_texts(line: str, place: str, key: str, many: bool) -> Iterator[str]:
    value: Any = json_object(line, place)
    if value is None:
        raise BadInputError(f"{place} is blank", "Each line must be a JSON object.")
    try:
        for part in key.split("."):
            value = value[part]
    except (KeyError, TypeError, IndexError) as error:
        raise BadInputError(
            f"{place} has no field {key!r}", "Name it with --hyp-field or --ref-field."
        ) from error
    texts = value if many and isinstance(value, list) else [value]
    for text in texts:
        if not isinstance(text, str):
            raise BadInputError(f"{place}: the field {key!r} is not text")
        yield checked(text, f"{place}: field {key!r}")


def _lines(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def read_file(name: str) -> bytes:
    """The bytes of a file.

    Raises:
        MissingInputError: it cannot be read.
    """
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise MissingInputError(f"Cannot read {name}: {error.strerror}") from error
