"""Test sets: what a model reads and the references for what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from s2scli.errors import BadInputError, UnavailableError, UsageError
from s2scli.plugs import suggestion
from s2scli.tasks.score_inputs import (
    InputOptions,
    read_file,
    read_hypotheses,
    read_references,
    refuse_repeats,
)
from s2scli.text.reading import read_text

__all__ = ["TestSet", "json_set", "line_set", "squad_set", "testset_files"]


@dataclass(frozen=True, slots=True)
class TestSet:
    """The data of an evaluation.

    Attributes:
        path: the file that the model reads.
        sources: its texts; of questions, the questions.
        references: for each, one or more.
    """

    path: Path
    sources: Sequence[str]
    references: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        """Make sure that there is something to evaluate."""
        if not self.sources:
            raise BadInputError(f"{self.path} is empty")


def line_set(source: Path, references: Sequence[Path], field: str = "") -> TestSet:
    """Lines, or the texts of JSON lines, and files with a reference for each.

    Args:
        source: what is read.
        references: the files with the references.
        field: where JSON lines of the source have the text.

    Raises:
        BadInputError: the files do not fit together.
        UsageError: one of them is given twice.
    """
    refuse_repeats(str(source), list(map(str, references)), "source")
    reading = InputOptions(field) if field else InputOptions()
    lines = read_hypotheses(str(source), reading, read_file)
    columns = [read_references(str(path), InputOptions(), read_file) for path in references]
    for path, column in zip(references, columns, strict=True):
        if len(column) != len(lines):
            raise BadInputError(f"{source} has {len(lines)} lines, {path} has {len(column)}")
    rows = [[text for row in rows for text in row] for rows in zip(*columns, strict=True)]
    return TestSet(source, lines, rows)


def json_set(path: Path, field: str, reference_field: str) -> TestSet:
    """JSON lines that hold texts and their references.

    Raises:
        BadInputError: a field is missing or no text.
    """
    options = InputOptions(field, reference_field)
    sources = read_hypotheses(str(path), options, read_file)
    return TestSet(path, sources, read_references(str(path), options, read_file))


def squad_set(path: Path) -> TestSet:
    """A file in SQuAD format.

    Raises:
        BadInputError: it is of another form.
    """
    from s2scli.tasks.squad import read_squad

    questions = list(read_squad(str(path), read_text(str(path), read_file(str(path)))))
    return TestSet(path, [q.text for q in questions], [q.references for q in questions])


def testset_files(name: str, pair: str) -> tuple[Path, list[Path]]:
    """The source file and the reference files of a public test set.

    sacrebleu's own downloader fetches it, into its own cache (``~/.sacrebleu``).

    Args:
        name: such as ``wmt14``.
        pair: such as ``en-de``.

    Raises:
        UsageError: sacrebleu knows no such set, or not for this pair.
        UnavailableError: it is not on this machine and cannot be fetched.
    """
    from sacrebleu.dataset import DATASETS

    if name not in DATASETS:
        advice = suggestion(name, DATASETS, "List them with: sacrebleu --list.", count=3)
        raise UsageError(f"There is no test set {name!r}", advice)
    dataset = DATASETS[name]
    if pair not in dataset.langpairs:
        raise UsageError(
            f"The test set {name} has no pair {pair!r}",
            f"It has: {', '.join(sorted(dataset.langpairs))}.",
        )
    try:
        files = [Path(file) for file in dataset.get_files(pair)]  # type: ignore[no-untyped-call]
    except (Exception, SystemExit) as error:  # the downloader ends the process when it fails
        raise UnavailableError(
            f"The test set {name} is not on this machine and cannot be fetched",
            "With a network, 's2s evaluate' fetches it once; or give --source and --reference.",
        ) from error
    fields = dataset.fieldnames(pair)
    references = [
        file for field, file in zip(fields, files, strict=True) if field.startswith("ref")
    ]
    return files[fields.index("src")], references
