"""What is scored, with references and sources.

Text files, tab-separated references, JSON lines, or folders of documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from s2scli.errors import BadInputError, MissingInputError, UsageError
from s2scli.metrics.base import Needs, References
from s2scli.text.reading import Read as Bytes
from s2scli.text.reading import called, checked, json_object, opened, read_text

__all__ = [
    "Corpus",
    "InputOptions",
    "begins_as_json",
    "field_ids",
    "read_corpus",
    "read_file",
    "read_hypotheses",
    "read_references",
    "refuse_repeats",
]

Read = Callable[[str], bytes]
FIELDS = "--hyp-field, --ref-field or --source-field"


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How files are read.

    Attributes:
        hypothesis_field: key of the hypothesis in JSON lines.
        reference_field: key of the reference or the list of references.
        source_field: key of the source.
        tabs: whether a line of a reference file holds several, separated by tabs.
    """

    hypothesis_field: str = "target"
    reference_field: str = "reference"
    source_field: str = "source"
    tabs: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """Hypotheses, their references and their sources.

    Attributes:
        hypotheses: one for each segment.
        references: for each segment, one or more; none where nothing reads them.
        names: what each segment is called: its line's number, or its document's name.
        sources: for each segment what it was made of; None where nothing reads that.
    """

    hypotheses: Sequence[str]
    references: References
    names: Sequence[str]
    sources: Sequence[str] | None = None

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
    hypotheses: str,
    references: Sequence[str],
    options: InputOptions,
    read: Read,
    *,
    source: str | None = None,
    needs: Needs = Needs(),  # noqa: B008 (a named tuple)
) -> Corpus:
    """Read hypotheses, and the references and sources that are needed.

    Args:
        hypotheses: name of a file or folder.
        references: names of files or folders; none if the hypotheses' JSON lines hold them.
        options: how to read.
        read: returns a file's bytes.
        source: name of the file or folder with the sources; None if the hypotheses' JSON lines
            hold them.
        needs: what the metrics read.

    Raises:
        BadInputError: the files do not fit together or cannot be understood.
        MissingInputError: one is missing.
        UsageError: the hypotheses are their own reference, a reference is given twice, no metric
            reads references that are given, or one reads sources that are not.
    """
    _check_roles(hypotheses, references, source, needs)
    is_folder = Path(hypotheses).is_dir()
    text = "" if is_folder else read_text(hypotheses, read(hypotheses))
    # What begins as JSON is read as JSON lines, so that it is said what is wrong with them.
    holds_none = is_folder or (text.strip() and not text.startswith("{"))
    if needs.references and not references and holds_none:
        raise UsageError(
            f"{called(hypotheses)} has no references",
            "Name them as second argument; only JSON lines hold their own.",
        )
    if is_folder:
        return _folders(Path(hypotheses), [Path(name) for name in references], source, needs, read)
    lines = _texts(hypotheses, text, options.hypothesis_field)
    rows: list[list[str]] = [[] for _ in lines]
    if needs.references and not references:
        rows = _json_rows(text, hypotheses, options.reference_field, many=True)
    elif references:
        found = [read_references(name, options, read) for name in references]
        for name, column in zip(references, found, strict=True):
            _check_lengths(hypotheses, lines, name, column)
        rows = [[text for row in rows for text in row] for rows in zip(*found, strict=True)]
    sources = _sources(hypotheses, text, source, options, read) if needs.sources else None
    if source and sources is not None:
        _check_lengths(hypotheses, lines, source, sources)
    return _corpus(hypotheses, lines, rows, sources, needs)


def _check_roles(
    hypotheses: str, references: Sequence[str], source: str | None, needs: Needs
) -> None:
    """Refuse files that are given for two things, or that nothing reads."""
    refuse_repeats(hypotheses, references, "hypotheses")
    if source and _is_same(source, hypotheses):
        raise UsageError(
            f"{source} is given as hypotheses and as source", "Name two different files."
        )
    if references and not needs.references:
        raise UsageError(f"No metric here reads references: {references[0]} has no effect")
    if source and not needs.sources:
        raise UsageError(f"No metric here reads sources: {source} has no effect")


def _sources(
    name: str, hypotheses: str, source: str | None, options: InputOptions, read: Read
) -> list[str]:
    """The sources: of a file of their own, or of the hypotheses' JSON lines."""
    if source:
        return _texts(source, read_text(source, read(source)), options.source_field)
    if not _is_json(hypotheses):
        raise UsageError(
            f"A metric reads what was translated, and {called(name)} does not hold that",
            "Give it with --source FILE.",
        )
    return _texts(name, hypotheses, options.source_field)


def _check_lengths(
    name: str, lines: Sequence[object], other: str, others: Sequence[object]
) -> None:
    if len(lines) != len(others):
        raise BadInputError(
            f"{called(name)} has {len(lines)} lines, {called(other)} has {len(others)}",
            "Both must have one line per segment.",
        )


def read_hypotheses(name: str, options: InputOptions, read: Read) -> list[str]:
    """The hypotheses of a file, or of a folder in the order of its names."""
    if Path(name).is_dir():
        return [read_text(str(path), read(str(path))) for path in _documents(Path(name))]
    return _texts(name, read_text(name, read(name)), options.hypothesis_field)


def _texts(name: str, text: str, field: str) -> list[str]:
    """The lines of a file, or the texts under a key of its JSON lines."""
    if _is_json(text):
        return [row[0] for row in _json_rows(text, name, field, many=False)]
    return _lines(text)


def _corpus(
    name: str,
    hypotheses: list[str],
    references: list[list[str]],
    sources: list[str] | None,
    needs: Needs,
) -> Corpus:
    if not hypotheses:
        raise BadInputError(f"{called(name)} is empty", "There is nothing to score.")
    for number, row in enumerate(references, 1):
        if not row and needs.references:
            raise BadInputError(f"Segment {number} has no reference")
    numbers = [str(number) for number in range(1, len(hypotheses) + 1)]
    return Corpus(hypotheses, references, numbers, sources)


def read_references(name: str, options: InputOptions, read: Read) -> list[list[str]]:
    """The references of each segment of a file."""
    text = read_text(name, read(name))
    if _is_json(text):
        return _json_rows(text, name, options.reference_field, many=True)
    lines = _lines(text)
    if not options.tabs:
        return [[line] for line in lines]
    return [[text for text in line.split("\t") if text] or [""] for line in lines]


def refuse_repeats(texts: str, references: Sequence[str], kind: str) -> None:
    """Refuse a file that is given for two things.

    Args:
        texts: name of the file that references are for.
        references: names of the files with these.
        kind: what the first one is.

    Raises:
        UsageError: one file is both, or a reference is given twice.
    """
    for number, name in enumerate(references):
        if _is_same(name, texts):
            raise UsageError(
                f"{name} is given as {kind} and as reference", "Name two different files."
            )
        if any(_is_same(name, other) for other in references[:number]):
            raise UsageError(f"{name} is given twice as reference", "Name it once.")


def _is_same(one: str, other: str) -> bool:
    """Whether two names are those of one file or folder."""
    if one == other:
        return True
    return Path(one).exists() and Path(other).exists() and Path(one).samefile(other)


def _folders(
    hypotheses: Path, references: Sequence[Path], source: str | None, needs: Needs, read: Read
) -> Corpus:
    """Each file is one segment; the folders must hold the same names."""
    ours = _documents(hypotheses)
    names = [path.relative_to(hypotheses) for path in ours]
    columns = [_like(hypotheses, names, folder, read) for folder in references]
    rows = [list(texts) for texts in zip(*columns, strict=True)] or [[] for _ in names]
    sources = None
    if needs.sources:
        if not source:
            raise UsageError(
                "A metric reads what was translated", "Give its folder with --source FOLDER."
            )
        sources = _like(hypotheses, names, Path(source), read)
    texts = [read_text(str(path), read(str(path))) for path in ours]
    corpus = _corpus(str(hypotheses), texts, rows, sources, needs)
    return replace(corpus, names=[str(name) for name in names])


def _like(hypotheses: Path, names: Sequence[Path], folder: Path, read: Read) -> list[str]:
    """The texts of another folder that holds the same names."""
    if not folder.is_dir():
        raise UsageError(f"{hypotheses} is a folder, {folder} is not")
    theirs = {path.relative_to(folder) for path in _documents(folder)}
    if theirs != set(names):
        odd = min(map(str, theirs ^ set(names)))
        raise BadInputError(
            f"{hypotheses} and {folder} do not hold the same names: {odd} is in one only"
        )
    return [read_text(str(folder / name), read(str(folder / name))) for name in names]


def _documents(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)))


def _is_hidden(name: Path) -> bool:
    """Whether a name begins with a dot, as that of a run's journal does."""
    return any(part.startswith(".") for part in name.parts)


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
    return [list(_texts_of(value, place, key, many)) for place, value in _values(text, name, key)]


def field_ids(text: str, name: str, key: str, option: str) -> list[str]:
    """The id under a key of each line of JSON lines: a text, or a whole number.

    Args:
        text: the lines.
        name: the file, for messages.
        key: of the id; dots lead into objects.
        option: that names the key, for messages.

    Raises:
        BadInputError: a line has no such id.
    """
    found = []
    for place, value in _values(text, name, key, option):
        if not isinstance(value, str | int) or isinstance(value, bool):
            raise BadInputError(f"{place}: the field {key!r} is no text or whole number")
        found.append(str(value))
    return found


def _values(text: str, name: str, key: str, option: str = FIELDS) -> Iterator[tuple[str, Any]]:
    """For each line of JSON lines where it stands, and what stands under a key."""
    for number, line in enumerate(text.rstrip().split("\n") if text.strip() else [], 1):
        place = f"{called(name)}: line {number}"
        value: Any = json_object(line, place)
        if value is None:
            raise BadInputError(f"{place} is blank", "Each line must be a JSON object.")
        try:
            for part in key.split("."):
                value = value[part]
        except (KeyError, TypeError, IndexError) as error:
            raise BadInputError(
                f"{place} has no field {key!r}", f"Name it with {option}."
            ) from error
        yield place, value


def _texts_of(value: Any, place: str, key: str, many: bool) -> Iterator[str]:
    for text in value if many and isinstance(value, list) else [value]:
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
