"""A loaded model: manifest, tokenizer and engine, from text to text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import fields, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from s2scli.data import Decoding, Hypothesis, Link, Span
from s2scli.errors import InvalidModelError, UnavailableError, UsageError
from s2scli.inference.device import Placement
from s2scli.inference.engines import LENDERS, engine_factory
from s2scli.inference.engines.contract import Engine
from s2scli.inference.frame import Frame, Job, MissingLanguageError
from s2scli.inference.pending import Asked, PendingTexts
from s2scli.inference.ratios import with_ratios
from s2scli.inference.tokenizers import tokenizer_of
from s2scli.inference.tokenizers.cleaned import CleanedTokenizer
from s2scli.inference.validation import checked, out_of_range
from s2scli.languages.codes import find_language, primary_code
from s2scli.limits import SAMPLING
from s2scli.models.integrity import checked_meanwhile
from s2scli.models.manifest import Manifest
from s2scli.models.paths import is_loadable
from s2scli.text.alignment import find_links
from s2scli.text.tagged import marks_fields
from s2scli.text.templates import Template

if TYPE_CHECKING:  # images need NumPy, which texts do not; few runs need a shortlist
    from s2scli.inference.cluster.options import Cluster
    from s2scli.inference.images import Pixels
    from s2scli.models.images import ImageRecipe
    from s2scli.models.shortlist import Reach

__all__ = ["Hop", "Model"]

# Default maximum of target tokens, for models that set none and allow many.
DEFAULT_MAX_LENGTH = 512
FLOAT32 = "float32"
BARE = Template.parse("{text}")


class Hop(NamedTuple):
    """A model that another one follows, and how it decodes."""

    model: Model
    decoding: Decoding


class Model:
    """A model directory, ready for a job; a ``Decoder`` for the flow.

    Attributes:
        room: number of text tokens that fit into one source beside the prompt.
        before: the model whose outputs it reads; None if it reads texts.

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
        self._frame: Frame | MissingLanguageError
        with checked_meanwhile(directory, self.manifest):
            self.tokenizer = tokenizer_of(directory, self.manifest)
            try:
                self._take(Frame.of(self.manifest, job or Job()))
            except MissingLanguageError as error:
                if not undecided:
                    raise
                self._frame = error
        self.before: Hop | None = None
        self.device = placement.device
        self._placement = placement
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

    def after(self, first: Model | None, decoding: Decoding | None = None) -> Model:
        """The same loaded model, to read what another one writes, or texts.

        Args:
            first: the other one, ready for its job; None for none.
            decoding: how that decodes; None for its default.
        """
        other = copy(self)
        other.before = Hop(first, decoding or first.decoding({})) if first else None
        return other

    def in_float32(self) -> Model | None:
        """The same model, loaded once more to compute in float32.

        None if it does that already, runs on a cluster, or cannot: the files of some engines are
        made for one type, and there may be no memory for it.
        """
        if self.engine.compute_type == FLOAT32 or not self.is_local:
            return None
        other = copy(self)
        try:
            other.engine = _open(self._directory, self.manifest, self._placement, FLOAT32)
        except (UnavailableError, UsageError):
            return None
        return other

    def reloaded(self, directory: Path, manifest: Manifest) -> Model:
        """The same model, loaded once more, by another manifest and from the directory for it.

        Raises:
            InvalidModelError: the engine cannot read it.
            UnavailableError: there is no memory for it.
        """
        other = copy(self)
        compute_type = self.engine.compute_type
        other.manifest = manifest
        other.engine = _open(directory, manifest, self._placement, compute_type)
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
    def languages(self) -> tuple[str, str]:
        """The languages of texts and of outputs, by any names or codes; empty if unknown."""
        first = self.before.model if self.before else self
        return first.frame.source_language, self.frame.target_language

    @property
    def source_language(self) -> str:
        """The ISO 639 code of the language of texts; empty if unknown."""
        code = self.languages[0]
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

    @cached_property
    def shortlist_reach(self) -> Reach:
        """Which sources its shortlist serves; none if it has none.

        Raises:
            InvalidModelError: the shortlist cannot be read.
        """
        from s2scli.models.shortlist import stored_reach  # few runs need it

        return stored_reach(self._directory, self.manifest.shortlist)

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
        return find_links(
            text, self.source_spans(text), hypothesis.text, hypothesis.attention or ()
        )

    def source_spans(self, text: str) -> list[Span | None]:
        """For each token that the model reads of a text, its characters; None for a token of the
        prompt or of the prefix, and the suffix is left out.

        Args:
            text: the source text, in the prompt's only slot.
        """
        frame = self.frame
        head = len(frame.prompt.literals[0])
        spans: list[Span | None] = [None] * len(frame.prefix)
        for start, end in self.tokenizer.source_spans(frame.prompt.fill({"text": text})):
            inside = head < end and start < head + len(text)
            spans.append((max(start - head, 0), min(end - head, len(text))) if inside else None)
        return spans

    def source(self, tokens: list[str]) -> list[str]:
        """The source that the engine gets: tokens of ``encode`` with prefix and suffix."""
        return [*self.frame.prefix, *tokens, *self.frame.suffix]

    def decoding(self, given: Mapping[str, Any]) -> Decoding:
        """The decoding options: those given, else the manifest's, else the defaults.

        Args:
            given: fields of ``Decoding``; a length may be a multiple of the source's (``"1.5x"``),
                and ``suppress_words`` lists words that are never generated, beside what the model
                itself suppresses; a prefix may be a text; ``shortlist`` says whether tokens are
                chosen from the model's shortlist.

        Returns:
            The options, with the maximum length limited to what the model supports.

        Raises:
            UsageError: a given value is out of range.
            InvalidModelError: a value in the manifest is not valid.
        """
        if given.get("sample") or not given.keys().isdisjoint(SAMPLING):
            from s2scli.inference.kinds import settled  # few runs need it

            given = settled(given)
        given = with_ratios(given)
        words = given.pop("suppress_words", None)
        shortlisted = given.pop("shortlist", None)
        if isinstance(given.get("prefix"), str):
            given["prefix"] = self.prefix(given["prefix"])
        if wrong := out_of_range(given):
            raise UsageError(wrong)
        first = self.frame.target_prefix
        try:
            checked(Decoding(**given), first)
        except TypeError as error:
            raise UsageError(str(error)) from error
        longest = self.frame.longest(self.manifest)
        own = {"max_length": min(longest, DEFAULT_MAX_LENGTH), **self.model_decoding}
        if given.get("max_ratio"):
            own["max_length"] = longest
        if self.manifest.images and (given.get("max_ratio") or given.get("min_ratio")):
            raise UsageError("A length relative to the source is for texts; images have no tokens")
        try:
            options = checked(Decoding(**{**own, **given}), first)
            options = replace(options, max_length=min(options.max_length, longest))
            if words:
                from s2scli.inference.suppression import sequences_of  # few runs need it

                more = sequences_of(words, self.tokenizer, self._directory)
                options = replace(options, suppress=(*options.suppress, *more))
            values = {each.name: getattr(options, each.name) for each in fields(options)}
            if wrong := out_of_range(values):
                raise TypeError(wrong)
        except TypeError as error:
            raise InvalidModelError(f"The manifest of {self.manifest.name}: {error}") from error
        if not shortlisted:
            return options
        from s2scli.inference.shortlist import with_shortlist  # few runs need it

        return with_shortlist(self, options)

    @property
    def is_local(self) -> bool:
        """Whether it runs in this process, and not on a cluster."""
        return isinstance(self._placement, Placement)

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
        unknown = self.engine.unknown_token if decoding.replace_unknowns else None
        around = (frame.prefix, frame.suffix, self.manifest.tokenizer.end)
        asked = Asked(sources, decoding, around, unknown)
        return PendingTexts(pending, asked, self.tokenizer, first, tagged=bool(self.field_tokens))

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
        here = partial(factory, directory, manifest, placement, compute_type)
        lent = (lend(directory, manifest, placement, compute_type, here) for lend in LENDERS)
        return next(filter(None, lent), None) or here()
    from s2scli.inference.cluster.engine import ClusterEngine  # imported only if there is a cluster

    return ClusterEngine(directory, manifest, placement, compute_type)
