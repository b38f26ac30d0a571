"""A loaded model: manifest, tokenizer and engine, from text to text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import asdict, fields, replace
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s2scli.data import LIMITS, Decoding, Hypothesis, Link, Span
from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.device import Placement
from s2scli.inference.engines import engine_factory
from s2scli.inference.engines.contract import Engine, PendingTokens, TokenHypothesis
from s2scli.inference.frame import Frame, Job, MissingLanguageError
from s2scli.inference.ratios import with_ratios
from s2scli.inference.tokenizers import Tokenizer, open_tokenizer
from s2scli.inference.tokenizers.bytes import HOLE, spelt_out
from s2scli.inference.tokenizers.cleaned import CleanedTokenizer
from s2scli.languages.codes import find_language, primary_code
from s2scli.models.integrity import checked_meanwhile
from s2scli.models.manifest import Manifest
from s2scli.models.paths import is_loadable
from s2scli.text.alignment import attended, find_links
from s2scli.text.tagged import marks_fields
from s2scli.text.templates import Template

if TYPE_CHECKING:  # images need NumPy, which texts do not
    from s2scli.inference.cluster.options import Cluster
    from s2scli.inference.images import Pixels
    from s2scli.models.images import ImageRecipe

__all__ = ["Model", "PendingTexts"]

# Default maximum of target tokens, for models that set none and allow many.
DEFAULT_MAX_LENGTH = 512
BARE = Template.parse("{text}")


class PendingTexts:
    """A submitted batch: waits for the engine, then detokenizes.

    Args:
        pending: the batch.
        tokenizer: the tokenizer.
        first: given tokens that each text begins with.
        tagged: whether special tokens mark fields of the texts.
    """

    def __init__(
        self, pending: PendingTokens, tokenizer: Tokenizer, first: list[str], *, tagged: bool
    ) -> None:
        self._pending = pending
        self._tokenizer = tokenizer
        self._first = first
        self._tagged = tagged

    def result(self) -> list[tuple[Hypothesis, ...]]:
        """The hypotheses of each source, best first."""
        batch = self._pending.result()
        rows = [[*self._first, *h.tokens] for source in batch for h in source]
        texts = iter(self._tokenizer.decode(rows, HOLE))
        return [tuple(self._hypothesis(next(texts), h) for h in source) for source in batch]

    def _hypothesis(self, raw: str, h: TokenHypothesis) -> Hypothesis:
        text, holes = _without_holes(raw)
        words = None
        if h.attention is not None:
            spans = self._tokenizer.target_spans([*self._first, *h.tokens])[len(self._first) :]
            words = attended(text, spans, h.attention)
        spelt = "" if text.isascii() else spelt_out(h.tokens)
        tagged = self._tokenizer.tagged([*self._first, *h.tokens]) if self._tagged else ""
        return Hypothesis(text, h.score, h.length, h.truncated, None, words, holes, spelt, tagged)


def _without_holes(raw: str) -> tuple[str, tuple[int, ...]]:
    """A text, and where in it there was a sign for missing bytes."""
    if HOLE not in raw:
        return raw, ()
    parts = raw.split(HOLE)
    text = "".join(parts)
    lead, text = len(text) - len(text.lstrip()), text.strip()
    places = accumulate(map(len, parts[:-1]))
    return text, tuple(min(max(0, place - lead), len(text)) for place in places)


class Model:
    """A model directory, ready for a job; a ``Decoder`` for the flow.

    Attributes:
        room: number of text tokens that fit into one source beside the prompt.

    Args:
        directory: the model directory.
        placement: where to run it: on this machine or on a cluster.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.
        job: the task, languages and prompt.
        undecided: whether the languages may be given later, by ``doing``.
        manifest: the directory's manifest, if it has been read already.

    Raises:
        UnavailableError: there is no such directory, or the device cannot run the model.
        InvalidModelError: the directory is damaged or not a model.
        UsageError: the model does not support the job, or needs a language.
    """

    def __init__(
        self,
        directory: Path,
        placement: Placement | Cluster,
        compute_type: str = "default",
        job: Job | None = None,
        *,
        undecided: bool = False,
        manifest: Manifest | None = None,
    ) -> None:
        self.manifest = manifest or Manifest.load(directory)
        self._directory = directory
        if not is_loadable(directory):
            raise InvalidModelError(
                f"The name {directory} is not UTF-8: no engine can load the model",
                "Rename the directory.",
            )
        recipe = self.manifest.tokenizer
        self._frame: Frame | MissingLanguageError
        with checked_meanwhile(directory, self.manifest):
            self.tokenizer = open_tokenizer(recipe, directory)
            try:
                self._take(Frame.of(self.manifest, job or Job()))
            except MissingLanguageError as error:
                if not undecided:
                    raise
                self._frame = error
        self.device = placement.device
        self.engine = _open(directory, self.manifest, placement, compute_type)

    @property
    def frame(self) -> Frame:
        """The prompt and the special tokens around a text for the job.

        Raises:
            MissingLanguageError: the job's languages have not been given yet.
        """
        if isinstance(self._frame, MissingLanguageError):
            raise self._frame
        return self._frame

    @property
    def workers(self) -> int:
        """The number of batches decoded at the same time."""
        return self.engine.workers

    def doing(self, job: Job) -> Model:
        """The same loaded model for another job.

        Raises:
            UsageError: the model does not support it, or needs a language.
        """
        other = copy(self)
        other._take(Frame.of(self.manifest, job))
        return other

    def uncleaned(self) -> Model:
        """The same loaded model without the clean-up of spaces that its checkpoint may ask for."""
        other = copy(self)
        if isinstance(self.tokenizer, CleanedTokenizer):
            other.tokenizer = self.tokenizer.tokenizer
        return other

    def _take(self, frame: Frame) -> None:
        """Prepare for a job."""
        self._frame = frame
        prompt = self.encode_fields([dict.fromkeys(frame.prompt.slots, "")])[0]
        if prompt and self.manifest.images is not None:
            # It stands before what is written, since nothing is read.
            self._frame = frame.begun(prompt, self.manifest)
        # Next to a prompt a text may begin or end with one more token than alone.
        self.room = max(1, self.budget - len(prompt) - 2) if prompt else self.budget

    @property
    def source_language(self) -> str:
        """The ISO 639 code of the source language; empty if unknown."""
        code = self.frame.source_language
        return primary_code(code) if code else ""

    @property
    def target_language(self) -> str:
        """The BCP 47 tag of the target language; empty if unknown."""
        code = self.frame.target_language
        try:
            return find_language(code) if code else ""
        except UsageError:
            return ""

    @property
    def image_recipe(self) -> ImageRecipe:
        """How images become the model's input.

        Raises:
            UsageError: the model reads texts.
        """
        if self.manifest.images is None:
            raise UsageError(f"The model {self.manifest.name} reads texts, not images")
        return self.manifest.images

    @cached_property
    def field_tokens(self) -> frozenset[str]:
        """The tokens that mark fields of an image, and all others that are not of words; empty if
        it marks none."""
        recipe = self.manifest.tokenizer
        tokens = recipe.control_tokens.union(token.content for token in recipe.added)
        marks = self.manifest.images is not None and marks_fields(tokens)
        return tokens if marks else frozenset()

    @property
    def budget(self) -> int:
        """The maximum number of tokens of one source, the prompt included."""
        around = len(self.frame.prefix) + len(self.frame.suffix)
        return max(1, self.manifest.max_source_tokens - around)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text inside the prompt, without the model's prefix and suffix."""
        if self.frame.prompt == BARE:
            return self.tokenizer.encode(texts)
        return self.encode_fields([{"text": text} for text in texts])

    def encode_fields(self, records: Sequence[Mapping[str, str]]) -> list[list[str]]:
        """The tokens of the prompt with the values of each record in its slots.

        Raises:
            KeyError: a record has no value for a slot.
        """
        return self.tokenizer.encode([self.frame.prompt.fill(record) for record in records])

    def links(self, text: str, hypothesis: Hypothesis) -> tuple[Link, ...]:
        """Word alignments between a source and a hypothesis.

        Args:
            text: the source text, in the prompt's only slot.
            hypothesis: a hypothesis decoded with ``alignment``.
        """
        frame = self.frame
        head = len(frame.prompt.literals[0])
        spans: list[Span | None] = [None] * len(frame.prefix)
        for start, end in self.tokenizer.source_spans(frame.prompt.fill({"text": text})):
            inside = head < end and start < head + len(text)
            spans.append((max(start - head, 0), min(end - head, len(text))) if inside else None)
        return find_links(text, spans, hypothesis.text, hypothesis.attention or ())

    def source(self, tokens: list[str]) -> list[str]:
        """The source that the engine gets: tokens of ``encode`` with prefix and suffix."""
        return [*self.frame.prefix, *tokens, *self.frame.suffix]

    def decoding(self, given: Mapping[str, Any]) -> Decoding:
        """The decoding options: those given, else the manifest's, else the defaults.

        Args:
            given: fields of ``Decoding``; a length may be a multiple of the source's (``"1.5x"``),
                and ``suppress_words`` lists words that are never generated, beside what the model
                itself suppresses; a prefix may be a text.

        Returns:
            The options, with the maximum length limited to what the model supports.

        Raises:
            UsageError: a given value is out of range.
            InvalidModelError: a value in the manifest is not valid.
        """
        given = with_ratios(given)
        words = given.pop("suppress_words", None)
        if isinstance(given.get("prefix"), str):
            given["prefix"] = self.prefix(given["prefix"])
        if wrong := _out_of_range(given):
            raise UsageError(wrong)
        try:
            self._checked(Decoding(**given))
        except TypeError as error:
            raise UsageError(str(error)) from error
        longest = self.frame.longest(self.manifest)
        own = {"max_length": min(longest, DEFAULT_MAX_LENGTH), **self.model_decoding}
        if given.get("max_ratio"):
            own["max_length"] = longest
        if self.manifest.images and (given.get("max_ratio") or given.get("min_ratio")):
            raise UsageError("A length relative to the source is for texts; images have no tokens")
        try:
            options = self._checked(Decoding(**{**own, **given}))
            options = replace(options, max_length=min(options.max_length, longest))
            if words:
                from s2scli.inference.suppression import sequences_of  # few runs need it

                more = sequences_of(words, self.tokenizer, self._directory)
                options = replace(options, suppress=(*options.suppress, *more))
            if wrong := _out_of_range(asdict(options)):
                raise TypeError(wrong)
            return options
        except TypeError as error:
            raise InvalidModelError(f"The manifest of {self.manifest.name}: {error}") from error

    def _checked(self, options: Decoding) -> Decoding:
        """The options with sequences as tuples.

        Raises:
            TypeError: an option has a value of the wrong type.
        """
        for name in ("suppress", "ends", "prefix"):
            if isinstance(value := getattr(options, name), str):
                raise TypeError(f"{name} is {value!r}; it must be a list")
        options = replace(
            options,
            suppress=self._suppressed(options.suppress),
            ends=tuple(options.ends),
            prefix=tuple(options.prefix),
        )
        _check_types(options)
        return options

    def _suppressed(self, sequences: Iterable[Any]) -> tuple[tuple[str, ...], ...]:
        """The forbidden sequences as tuples; ``{to}`` in them stands for the target prefix."""
        first = self.frame.target_prefix[-1] if self.frame.target_prefix else ""
        rows = ((row,) if isinstance(row, str) else tuple(row) for row in sequences)
        return tuple(tuple(first if token == "{to}" else token for token in row) for row in rows)

    @property
    def model_decoding(self) -> Mapping[str, Any]:
        """The decoding options that the manifest sets, for all jobs and for this one."""
        return {**self.manifest.decoding, **self.frame.decoding}

    def submit(self, sources: Sequence[list[str] | Pixels], decoding: Decoding) -> PendingTexts:
        """Submit a batch for decoding: tokens, or pixels for a model that reads images."""
        frame = self.frame
        given = [*frame.target_prefix, *decoding.prefix]
        pending = self.engine.submit(sources, decoding, given, frame.start_given)
        first = given[1 if frame.start_given else 0 :]
        return PendingTexts(pending, self.tokenizer, first, tagged=bool(self.field_tokens))

    def prefix(self, text: str) -> tuple[str, ...]:
        """The tokens of a text that a target begins with; none for white space."""
        return tuple(self.encode_targets([text.strip()])[0]) if text.strip() else ()

    def score(
        self, sources: Sequence[list[str]], targets: Sequence[list[str]]
    ) -> list[list[float]]:
        """Natural log-probabilities of the tokens of given targets, the end token last.

        Args:
            sources: as returned by ``source``.
            targets: as returned by ``encode_targets``.
        """
        frame = self.frame
        return self.engine.score(sources, targets, frame.target_prefix, frame.start_given)

    def encode_targets(self, texts: Sequence[str]) -> list[list[str]]:
        """The target tokens of each text, without prefix and end."""
        return self.tokenizer.encode_targets(texts)


def _open(
    directory: Path, manifest: Manifest, placement: Placement | Cluster, compute_type: str
) -> Engine:
    """Load the model on the machine or cluster where it runs."""
    factory = engine_factory(manifest)
    if isinstance(placement, Placement):
        return factory(directory, manifest, placement, compute_type)
    from s2scli.inference.cluster.engine import ClusterEngine  # imported only if there is a cluster

    return ClusterEngine(directory, manifest, placement, compute_type)


def _out_of_range(values: Mapping[str, Any]) -> str:
    """What is wrong with a number that the engine cannot handle; empty if nothing is."""
    for name, (least, most) in LIMITS.items():
        value = values.get(name, least)
        kind = int if isinstance(least, int) else (int, float)
        if isinstance(value, bool) or not isinstance(value, kind):
            return f"{name} is {value!r}; it must be a {'whole ' * (kind is int)}number"
        if not least <= value <= most:
            return f"{name} is {value!r}; it goes from {least:,} to {most:,}"
    return ""


def _check_types(options: Decoding) -> None:
    """Check that a manifest has set no number to a string.

    Raises:
        TypeError: it has.
    """
    for entry in fields(Decoding):
        value = getattr(options, entry.name)
        wanted = (int, float) if isinstance(entry.default, float) else type(entry.default)
        if isinstance(value, bool) != (wanted is bool) or not isinstance(value, wanted):
            raise TypeError(f"{entry.name} is {value!r}")
    if not all(isinstance(token, str) for row in options.suppress for token in row):
        raise TypeError(f"suppress is {options.suppress!r}")
    if not all(isinstance(token, str) for token in options.prefix):
        raise TypeError(f"prefix is {options.prefix!r}")
    if not all(isinstance(token, str) for token in options.ends):
        raise TypeError(f"ends is {options.ends!r}")
