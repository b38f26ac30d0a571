"""Folders of documents from Python, as the command line runs them::

    import s2scli

    with s2scli.load("en-de") as model:
        for outcome in s2scli.translate_folder(model, "docs", "docs-de"):
            print(outcome.status, outcome.job.target, outcome.reason)

A run that was ended at any moment is resumed by the same call: documents that are done are
skipped, and texts that are translated are not translated again.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s2scli.calls import plan_of, reranker
from s2scli.data import Decoding
from s2scli.errors import UsageError, WrongTypeError
from s2scli.inference.decoding import copying
from s2scli.plugs import suggestion
from s2scli.session import Session
from s2scli.tasks.pivot import with_search
from s2scli.typed import refusal, typed

if TYPE_CHECKING:  # formats and tasks are imported when they are first asked for
    from s2scli.documents.base import FormatOptions
    from s2scli.tasks.demands import Demands
    from s2scli.tasks.document import Outcome
    from s2scli.tasks.documents import DocumentMonitor, Settings
    from s2scli.tasks.folder import Outcomes
    from s2scli.tasks.summary import Summary
    from s2scli.tasks.tree import Destination, Selection

__all__ = ["summarize_folder", "translate_folder"]

# The keywords that are fields of a selection.
SELECTING = {
    "include": "include",
    "exclude": "exclude",
    "hidden": "hidden",
    "ignore_file": "ignore_file",
    "input_format": "format",
}


class Run:
    """The outcomes of a run, as they come; nothing is done before the first is requested.

    That one was forgotten is said when it is thrown away, as with coroutines.

    Attributes:
        left_out: what of the folders is no document: files in no known format, links to nothing,
            links to folders that are gone through under another name, hidden names.
    """

    def __init__(self, name: str, outcomes: Outcomes, left_out: tuple[Path, ...]) -> None:
        self.left_out = left_out
        self._name = name
        self._outcomes = outcomes
        self._has_begun = False

    def __iter__(self) -> Iterator[Outcome]:
        return self

    def __next__(self) -> Outcome:
        self._has_begun = True
        return next(self._outcomes)

    def close(self) -> None:
        """End the run; what is not done stays undone."""
        self._has_begun = True
        self._outcomes.close()

    def __del__(self) -> None:
        if not self._has_begun:
            said = f"{self._name} did nothing: go through its outcomes, as in list({self._name}(…))"
            warnings.warn(said, RuntimeWarning, stacklevel=2)


@typed
def translate_folder(
    model: Session,
    inputs: str | Path | Iterable[str | Path],
    output: str | Path | None = None,
    *,
    suffix: str = "",
    in_place: bool = False,
    options: FormatOptions | None = None,
    protect: str | Iterable[str] = (),
    glossary: Mapping[str, str] | None = None,
    memory: str | Path | None = None,
    monitor: DocumentMonitor | None = None,
    selection: Selection | None = None,
    shard: tuple[int, int] | None = None,
    rerank: str | Sequence[str] = (),
    candidates: int = 0,
    replace_unknowns: bool = False,
    **others: Any,
) -> Run:
    """Translate folders of documents, each document into a separate file.

    Args:
        model: a model that translates.
        inputs: a folder, a file or a URL, or several.
        output: the folder that mirrors the inputs; for a single file, the file to write.
        suffix: text inserted before the extension: ``.de`` makes ``a.txt`` into ``a.de.txt``.
        in_place: whether translations replace their sources, of which backups are kept.
        options: how documents are read.
        protect: regular expressions of text that must be kept unchanged, like placeholders.
        glossary: terms and their translations.
        memory: the file of a translation memory.
        monitor: receives the progress.
        selection: which files of the folders to take; None for all of known formats.
        shard: ``(1, 4)`` for the first of four parts of the documents.
        rerank: what hypotheses are ranked by, as for ``TextModel.translate``.
        candidates: how many hypotheses ``rerank`` chooses from; 0 for all of the beam.
        replace_unknowns: whether words of the texts replace the model's unknown token.
        **others: ``beam_size``, ``max_length`` …; also ``guard`` and what belongs to it, as for
            ``TextModel.translate`` (notes are in ``outcome.findings``), and ``include`` …
            ``input_format``, the keys of ``SELECTING``, for what ``selection`` says of them.

    Returns:
        The outcome of each document, as it is finished: ``outcome.status`` is ``done``,
        ``skipped`` or ``failed``. Nothing runs until the first is requested; a run of which
        none was warns (``RuntimeWarning``). ``left_out`` of what is returned has the files of the
        folders that are no documents.

    Raises:
        UsageError: an option is unknown, or not exactly one place is given for translations.
        MissingInputError: an input does not exist.
        BadInputError: a given file has an unknown format.
    """
    from s2scli.tasks import folder
    from s2scli.tasks.demands import Demands

    paths = _paths(model, inputs)
    to = _destination(paths, _path(output), suffix, in_place=in_place)
    taken = _selection(selection, others)
    plan = folder.Plan.of(paths, taken, to, shard)
    demands = Demands.of(_several(protect), glossary)
    ranks = (rerank, candidates)
    settings = _settings(model, options, demands, ranks, others, copies=replace_unknowns)
    translating = with_search(model.doing("translate"), others)
    outcomes = folder.translate_folder(plan, translating, settings, _path(memory), monitor)
    return Run("translate_folder", outcomes, plan.left_out)


def _settings(
    model: Session,
    options: FormatOptions | None,
    demands: Demands,
    ranks: tuple[str | Sequence[str], int],
    others: dict[str, Any],
    *,
    copies: bool,
) -> Settings:
    """How documents are translated, from the keywords of a caller."""
    from s2scli.tasks.documents import Settings
    from s2scli.tasks.guarding import Guarding

    guarding = Guarding.taken_from(others)
    chosen = _one_best(model.decoding("translate", **others))
    translating = model.doing("translate")
    chosen = copying(translating, chosen) if copies else chosen
    rerank, candidates = ranks
    step = reranker(model, rerank, candidates, chosen, translating)
    return Settings(_read_as(options), demands, chosen, model.flow, rerank=step, guarding=guarding)


@typed
def summarize_folder(
    model: Session,
    inputs: str | Path | Iterable[str | Path],
    output: str | Path,
    *,
    length: str | None = None,
    strategy: str = "hierarchical",
    overlap: int = 0,
    prompt: str | None = None,
    options: FormatOptions | None = None,
    monitor: DocumentMonitor | None = None,
    selection: Selection | None = None,
    shard: tuple[int, int] | None = None,
    **others: Any,
) -> Run:
    """Summarize folders of documents, each document into a separate text file.

    Args:
        model: a model that summarizes.
        inputs: a folder, a file or a URL, or several.
        output: the folder that mirrors the inputs.
        length: ``short``, ``medium``, ``long``, ``"120 words"`` or ``"10%"``; None for the
            model's default.
        strategy: a key of ``s2scli.tasks.summary.STRATEGIES``.
        overlap: number of sentences that consecutive chunks share.
        prompt: a template instead of the model's own.
        options: how documents are read.
        monitor: receives the progress.
        selection: which files of the folders to take; None for all of known formats.
        shard: ``(1, 4)`` for the first of four parts of the documents.
        **others: ``beam_size``, ``max_length`` …; also ``guard`` and ``min_confidence``, and
            ``include``, ``exclude``, ``hidden``, ``ignore_file`` and ``input_format``, for what
            ``selection`` says of them.

    Returns:
        The outcome of each document, in order, as for ``translate_folder``.

    Raises:
        UsageError: an option is unknown.
        MissingInputError: an input does not exist.
        BadInputError: a given file has an unknown format.
    """
    from s2scli.tasks import folder
    from s2scli.tasks.document_summaries import SummarySettings
    from s2scli.tasks.guarding import Guarding
    from s2scli.tasks.tree import Destination

    guarding = Guarding.of_summaries(others)
    destination = Destination(_path(output), extension=".txt")
    taken = _selection(selection, others)
    plan = folder.Plan.of(_paths(model, inputs), taken, destination, shard)
    chosen = _one_best(model.decoding("summarize", **others))
    how = plan_of(length, strategy, overlap)
    settings = SummarySettings(_read_as(options), chosen, model.flow, how, _text, "text", guarding)
    summarizing = model.doing("summarize", prompt=prompt)
    outcomes = folder.summarize_folder(plan, summarizing, settings, monitor)
    return Run("summarize_folder", outcomes, plan.left_out)


def _destination(
    inputs: Sequence[Path], output: Path | None, suffix: str, *, in_place: bool
) -> Destination:
    """The folder to write to, or the file if a single document goes to a file of its format."""
    from s2scli.documents import format_of
    from s2scli.tasks.tree import Destination, is_of_kind

    found = Destination.of(output, suffix, in_place=in_place)
    if suffix or output is None or output.is_dir() or len(inputs) != 1 or inputs[0].is_dir():
        return found
    if is_of_kind(output, inputs[0]):
        return Destination(file=output)
    if format_of(output):
        raise UsageError(
            f"{inputs[0]} cannot be written to {output}: it has another format",
            "Name a file with the same extension, or a folder.",
        )
    return found


def _one_best(decoding: Decoding) -> Decoding:
    """Decoding options; documents use only the best output.

    Raises:
        UsageError: more outputs are asked for.
    """
    if decoding.n_best != 1:
        raise UsageError("n_best does nothing here: a document takes the best output")
    if decoding.prefix:
        raise UsageError("A prefix is for texts, not for documents")
    return decoding


def _selection(given: Selection | None, others: dict[str, Any]) -> Selection:
    """Which files are taken; the keywords that say so are taken out of the others."""
    from s2scli.tasks.tree import Selection

    said = {SELECTING[name]: others.pop(name) for name in SELECTING if name in others}
    taken = replace(given or Selection(), **said)
    return _selected(**{entry.name: getattr(taken, entry.name) for entry in fields(taken)})


@typed
def _selected(
    include: str | Iterable[str],
    exclude: str | Iterable[str],
    hidden: bool,
    format: str | None,
    ignore_file: str | None,
) -> Selection:
    from s2scli.documents import FORMATS
    from s2scli.tasks.tree import Selection

    if format is not None and format not in FORMATS:
        raise UsageError(f"There is no document format {format!r}", suggestion(format, FORMATS))
    return Selection(_several(include), _several(exclude), hidden, format, ignore_file)


def _read_as(options: FormatOptions | None) -> FormatOptions:
    """How documents are read, checked.

    Raises:
        UsageError: a value is none of those that there are.
    """
    from s2scli.documents import SUBTITLE_WIDTHS, UNITS
    from s2scli.documents.base import FormatOptions

    options = options or FormatOptions()
    least, most = SUBTITLE_WIDTHS
    _check_types(**{entry.name: getattr(options, entry.name) for entry in fields(options)})
    if options.unit not in UNITS:
        raise UsageError(f"unit is {options.unit!r}", suggestion(options.unit, UNITS))
    if not least <= options.subtitle_width <= most:
        raise UsageError(
            f"subtitle_width is {options.subtitle_width}; it goes from {least} to {most:,}"
        )
    return options


@typed
def _check_types(
    unit: str,
    columns: Sequence[str],
    fields: Sequence[str],
    overwrite: bool,
    subtitle_width: int,
    sheet_names: bool,
    anchors: bool,
    **_: object,
) -> None:
    """Make sure of the types of options of formats."""


def _several(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _paths(model: object, inputs: str | Path | Iterable[str | Path]) -> list[Path]:
    """The inputs of a call, whose first argument must be a model.

    Raises:
        WrongTypeError: it is none.
    """
    if not isinstance(model, Session):
        raise WrongTypeError(refusal("The first argument", model, "a loaded model"))
    from s2scli.disk.places import place

    several = [inputs] if isinstance(inputs, str | Path) else inputs
    return [place(str(name)) for name in several]


def _path(name: str | Path | None) -> Path | None:
    from s2scli.disk.places import place

    return None if name is None else place(str(name))


def _text(summary: Summary) -> str:
    return f"{summary.text}\n" if summary.text else ""
