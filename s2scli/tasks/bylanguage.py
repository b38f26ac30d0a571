"""Translation of texts in several languages into one: each by the model of its own language.

Texts are taken in windows, each larger than the one before: those of one language are translated
together, and all leave in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from s2scli.data import Monitor, Result, Segment
from s2scli.errors import UnavailableError
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.languages.codes import same_language, written_code
from s2scli.languages.detection import UNKNOWN, detect, detectable
from s2scli.models.manifest import Manifest
from s2scli.models.store import Installed, Wish, find_model, installed, speaks

__all__ = [
    "DETECTED",
    "LANGUAGE",
    "MODEL",
    "TARGET",
    "Interpreters",
    "LineLanguage",
    "blocks_of",
    "by_language",
]

DETECTED = "detected"  # the name of the note
# Why a text stays as it is.
TARGET, LANGUAGE, MODEL = "target", "language", "model"
FEW, WINDOW = 32, 512  # texts: of the first window, and at most

Open = Callable[[Installed, Job], Model]
Translate = Callable[[list[Segment], Model], Iterator[list[Result]]]


class LineLanguage(NamedTuple):
    """What becomes of a text.

    Attributes:
        language: what it is in; ``und`` if that is unknown.
        confidence: how likely that is, from 0 to 1.
        taken: the language that it is translated from; empty if it stays as it is.
        kept: why it does: it is in the language of the output (``target``), its language is unknown
            (``language``), or there is no model for it (``model``); empty for one without letters.
    """

    language: str
    confidence: float
    taken: str = ""
    kept: str = ""

    @property
    def note(self) -> dict[str, object]:
        """The same for a result."""
        return {
            "language": self.language,
            "confidence": round(self.confidence, 6),
            "from": self.taken or None,
            "kept": self.kept or None,
        }


class Interpreters:
    """The models that translate into a language, each loaded when its language first comes.

    Args:
        model: the run's own model, ready for its job.
        target: the language of the output, by any name or code.
        default: what a text is in whose language cannot be told; empty for: such texts stay.
        open_: loads another model; None if there is to be no other.
    """

    def __init__(self, model: Model, target: str, default: str = "", open_: Open | None = None):
        self._model = model
        self._target = target
        self._default = default
        self._open = open_
        self._models: dict[str, Model | None] = {}
        self._known = self._languages()

    @property
    def loaded(self) -> list[Model]:
        """The models that have been needed."""
        return list({id(model): model for model in self._models.values() if model}.values())

    def verdict(self, text: str) -> LineLanguage:
        """What becomes of a text."""
        if not any(map(str.isalpha, text)):
            return LineLanguage(UNKNOWN, 0.0)
        found = detect(text)
        if not found.is_sure and len(self._known) > 1:
            # Between a few languages, fewer words decide.
            found = detect(text, self._known)
        language, confidence = found.language, found.confidence
        if not found.is_sure:
            if self._default:
                return LineLanguage(UNKNOWN, confidence, self._default)
            return LineLanguage(UNKNOWN, confidence, kept=LANGUAGE)
        if same_language(language, self._target):
            return LineLanguage(language, confidence, kept=TARGET)
        if self.model(language) is None:
            return LineLanguage(language, confidence, kept=MODEL)
        return LineLanguage(language, confidence, language)

    def model(self, language: str) -> Model | None:
        """The model that reads a language; None if there is none."""
        if language not in self._models:
            self._models[language] = self._found(language)
        return self._models[language]

    def _found(self, language: str) -> Model | None:
        job = Job("translate", language, self._target)
        manifest = self._model.manifest
        if speaks(manifest, Wish(None, "translate", language, self._target)):
            return self._model.doing(job)
        if self._open is None:
            return None
        try:
            return self._open(find_model(Wish(None, "translate", language, self._target)), job)
        except UnavailableError:
            return None

    def _languages(self) -> tuple[str, ...]:
        """The languages that there are models for, and that of the output, as far as they can be
        told."""
        manifests = [self._model.manifest]
        if self._open is not None:
            writing = Wish(None, "translate", None, self._target)
            manifests += [m.manifest for m in installed() if speaks(m.manifest, writing)]
        codes = [code for manifest in manifests for code in _read_by(manifest)]
        named = [self._target, *[self._default] * bool(self._default)]
        found = dict.fromkeys(filter(None, map(written_code, [*codes, *named])))
        return tuple(code for code in found if detectable(code))


def _read_by(manifest: Manifest) -> Sequence[str]:
    return (*manifest.source_languages, *manifest.tokenizer.source_tokens)


def blocks_of(segments: Iterable[Segment], *, whole: bool) -> Iterator[list[Segment]]:
    """Segments in lists: of a window, or of few, where others may wait for results."""
    rest = iter(segments)
    while block := list(islice(rest, WINDOW if whole else FEW)):
        yield block


def by_language(
    blocks: Iterable[list[Segment]],
    interpreters: Interpreters,
    translate: Translate,
    monitor: Monitor | None = None,
) -> Iterator[list[Result]]:
    """Translate segments, each from its own language.

    Args:
        blocks: lists of segments, as they become available.
        interpreters: which model translates which.
        translate: translates segments by a model.
        monitor: told of results.

    Yields:
        Lists of results in the order of the segments, with the note ``detected``.
    """
    size = FEW  # the first results come soon
    for block in blocks:
        rest = iter(block)
        while segments := list(islice(rest, size)):
            found = _window(segments, interpreters, translate)
            if monitor:
                monitor.finished(found)
            yield found
            size = min(2 * size, WINDOW)


def _window(
    segments: list[Segment], interpreters: Interpreters, translate: Translate
) -> list[Result]:
    verdicts = [interpreters.verdict(segment.text) for segment in segments]
    found = {segment.index: Result(segment) for segment in segments}
    for language in dict.fromkeys(verdict.taken for verdict in verdicts if verdict.taken):
        model = interpreters.model(language)
        part = [s for s, v in zip(segments, verdicts, strict=True) if v.taken == language]
        if model:
            for results in translate(part, model):
                found.update((result.segment.index, result) for result in results)
    return [
        Result(one.segment, one.hypotheses, {DETECTED: verdict.note, **one.notes})
        for verdict, segment in zip(verdicts, segments, strict=True)
        for one in [found[segment.index]]
    ]
