"""A loaded model and the runs that commands start with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from s2scli.calls import checked_text, file_names, numbered, shaped, translating
from s2scli.data import CAPTION, Decoding, Result, Segment
from s2scli.errors import BadInputError, UsageError
from s2scli.flow.stream import FlowOptions
from s2scli.inference.decoding import named_decoding
from s2scli.inference.device import Owner, Placement, place_beside
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.store import Installed, check_languages
from s2scli.typed import typed

if TYPE_CHECKING:  # each task is imported when it is first asked for
    from s2scli.inference.cluster.options import Cluster
    from s2scli.inference.shelf import ModelShelf
    from s2scli.tasks.explanation import Explanation
    from s2scli.tasks.rerank.step import RerankStep
    from s2scli.text.glossary import Glossary

__all__ = ["Session"]

MOST_JOBS = 256
S = TypeVar("S", bound="Session")


class Session:
    """A loaded model, and what it was loaded for.

    Attributes:
        model: the engine with the model's tokenizer and manifest.
        flow: the bounds of memory.
        placement: where it runs.
    """

    def __init__(self, model: Model, job: Job, flow: FlowOptions, placement: Placement) -> None:
        self.model = model
        self.flow = flow
        self.placement = placement
        self._job = job
        self._shelf: ModelShelf | None = None
        self._models: dict[Job, Model] = {job: model}  # callers with one job share batches
        self._owner = Owner()

    @classmethod
    def open(
        cls: type[S],
        found: Installed,
        job: Job,
        where: Placement | Cluster,
        compute_type: str = "default",
        batch_tokens: int | None = None,
        *,
        undecided: bool = True,
    ) -> S:
        """Load a model that has been found.

        Args:
            found: the model.
            job: the job to prepare it for.
            where: the threads or GPUs of this machine, or a cluster.
            compute_type: arithmetic.
            batch_tokens: maximum source tokens per batch; None for the device's default.
            undecided: whether a multilingual model may get its languages later.

        Raises:
            UnavailableError: the device cannot run the model.
            InvalidModelError: the model's directory is damaged.
            UsageError: the model does not do the task, or a language is missing.
        """
        model = Model(
            found.directory, where, compute_type, job, undecided=undecided, manifest=found.manifest
        )
        flow = FlowOptions.on(model.device, batch_tokens)
        if isinstance(where, Placement):
            return cls(model, job, flow, where)
        # The next batch is with each worker before it has done the last.
        flow = flow._replace(batches_ahead=max(flow.batches_ahead, model.workers))
        return cls(model, job, flow, Placement(model.device, workers=model.workers))

    def close(self) -> None:
        """Free the memory of the model and of those beside it; end the workers of a cluster."""
        self._owner.leave()
        self.model.engine.close()
        if self._shelf:
            self._shelf.close()

    def __enter__(self: S) -> S:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @typed
    def decoding(self, task: str, **given: Any) -> Decoding:
        """The decoding that a task uses with these options.

        Raises:
            UsageError: an option is unknown.
        """
        return named_decoding(self.doing(task), given)

    @typed
    def signature(self, task: str, **given: Any) -> str:
        """What decides on the outputs of a task, in one line, as ``--signature`` prints it.

        Args:
            task: the task.
            **given: decoding options.

        Raises:
            UsageError: an option is unknown.
        """
        from s2scli.tasks.signature import run_signature

        return run_signature(self.doing(task), task, self.decoding(task, **given))

    @typed
    def speaking(self: S, source: str | None, target: str | None) -> S:
        """The same loaded model for other languages; None for those that it was loaded for."""
        own, other = self._job, copy(self)
        languages = (source or own.source_language, target or own.target_language)
        other._job = replace(own, source_language=languages[0], target_language=languages[1])
        return other

    @typed
    def doing(
        self,
        task: str,
        *,
        source: str | None = None,
        target: str | None = None,
        prompt: str | None = None,
        prompt_tokens: bool | None = None,
    ) -> Model:
        """The model for a job; languages not given stay as they were loaded.

        Raises:
            UsageError: it is closed, or a process that was forked has no threads to run it.
        """
        self._owner.check(self.model.manifest.name)
        own = self._job
        if prompt is None and task == own.task:
            prompt = own.prompt
        job = Job(
            task,
            own.source_language if source is None else source,
            own.target_language if target is None else target,
            prompt,
            own.prompt_tokens and prompt == own.prompt if prompt_tokens is None else prompt_tokens,
        )
        if self.model.before:
            return self._through(job, source, target)
        check_languages(self.model.manifest, source, target)
        model = self._models.get(job) or self.model.doing(job)
        if len(self._models) < MOST_JOBS:
            self._models[job] = model
        _ = model.frame  # now, if the languages have not been told yet
        return model

    def follow(self, found: Installed, job: Job, compute_type: str = "default") -> None:
        """Translate from now on what another model writes.

        Args:
            found: the other model.
            job: its job.
            compute_type: its arithmetic.

        Raises:
            UnavailableError: the device cannot run it.
            InvalidModelError: its directory is damaged.
            UsageError: it does not do the job.
        """
        self.model = self.model.after(self.beside(found, job, compute_type))

    def _through(self, job: Job, source: str | None, target: str | None) -> Model:
        """The model for a job, with the one before it; the language of texts is that one's.

        Raises:
            UsageError: the job is no translation, or a language is unknown to its model.
        """
        if job.task != self._job.task or not self.model.before:
            raise UsageError(f"Two models, one after the other, can {self._job.task} only")
        first, decoding = self.model.before
        check_languages(first.manifest, source, None)
        check_languages(self.model.manifest, None, target)
        if source is not None:
            first = first.doing(Job(job.task, source, first.frame.target_language))
        last = Job(job.task, self._job.source_language, job.target_language)
        return self.model.doing(last).after(first, decoding)

    def beside(self, found: Installed, job: Job, compute_type: str = "default") -> Model:
        """Another model for a job, loaded once, on the same device of this machine.

        Raises:
            UnavailableError: the device cannot run it.
            InvalidModelError: its directory is damaged.
        """
        if found.manifest == self.model.manifest:
            return self.model.doing(job).after(None)
        if self._shelf is None:
            from s2scli.inference.shelf import ModelShelf

            self._shelf = ModelShelf(partial(place_beside, self.placement))
        return self._shelf(found, job, compute_type)

    def reranker(
        self, specs: str | Sequence[str], candidates: int, decoding: Decoding, model: Model
    ) -> RerankStep:
        """The step that reranks translations.

        Args:
            specs: what by.
            candidates: how many hypotheses it chooses from; 0 for all of the beam.
            decoding: how they are decoded.
            model: this model, ready for its job.

        Raises:
            UsageError: there is only one hypothesis to choose from, or another model does not
                speak the languages.
            UnavailableError: another model is not installed.
        """
        from s2scli.tasks.rerank.reranking import Reranking

        return Reranking.of(specs, candidates).step(model, decoding, self.beside)

    @typed
    def explain(
        self,
        text: str,
        *,
        source: str | None = None,
        target: str | None = None,
        top: int = 5,
        **decoding: Any,
    ) -> Explanation:
        """Translate a text and look at how that was done: attention, and the probability of each
        token and of the most likely others in its place.

        Args:
            text: the text.
            source: its language, if not the one given to ``load``.
            target: the output language, if not the one given to ``load``.
            top: how many of the most likely tokens are wanted in each place.
            **decoding: ``beam_size``, ``length_penalty`` …

        Raises:
            UsageError: an option is unknown, or the model runs on a cluster.
            BadInputError: the text contains NUL or an unpaired surrogate.
        """
        from s2scli.tasks.explanation import explain
        from s2scli.tasks.signature import run_signature

        model = self.doing("translate", source=source, target=target)
        chosen = named_decoding(model, decoding)
        signature = run_signature(model, "translate", chosen)
        return explain(checked_text(0, text), model, chosen, self.flow, top, signature)

    @overload
    def translate_each(self, texts: str, **options: Any) -> Result: ...

    @overload
    def translate_each(
        self, texts: list[str] | tuple[str, ...], **options: Any
    ) -> list[Result]: ...

    @overload
    def translate_each(self, texts: Iterable[str], **options: Any) -> Iterator[Result]: ...

    @typed
    def translate_each(
        self,
        texts: str | Iterable[str],
        *,
        target: str | None = None,
        default: str = "",
        protect: bool | str | Sequence[str] = False,
        glossary: Mapping[str, str] | Glossary | None = None,
        **options: Any,
    ) -> Any:
        """Translate texts, each from the language that it is in, as ``--from auto`` does.

        This model translates what it reads; other installed ones the rest. A text in the language
        of the output, in one without a model or in one that cannot be told stays as it is.

        Args:
            texts: a text, or any number of texts.
            target: the output language, if not the one given to ``load``.
            default: what a text is in whose language cannot be told.
            protect: as for ``TextModel.translate``.
            glossary: as for ``TextModel.translate``.
            **options: as for ``TextModel.translate``: ``beam_size``, ``n_best``, ``guard`` …

        Returns:
            The result of each text; ``result.notes["detected"]`` has its language.

        Raises:
            UsageError: an option is unknown, or the language of the output.
            BadInputError: a text contains NUL or an unpaired surrogate.
        """
        from s2scli.tasks.bylanguage import Interpreters, blocks_of, by_language
        from s2scli.tasks.translate import translate

        if self.model.before:
            raise UsageError("Two models, one after the other, read one language")
        own = self.model.manifest.target_languages
        wanted = target or self._job.target_language or (own[0] if len(own) == 1 else "")
        if not wanted:
            raise UsageError("The language of the output is missing", "Give target=.")
        interpreters = Interpreters(self.model, wanted, default, self.beside)
        flow = self.flow._replace(whole_windows=True)

        def by(segments: list[Segment], model: Model) -> Iterator[list[Result]]:
            chosen, steps = translating(model, dict(options), protect, glossary)
            return translate([segments], model, chosen, flow, steps=steps)

        def run(given: Iterable[str]) -> Iterator[Result]:
            segments = (Segment(number, text) for number, text in numbered(given))
            blocks = blocks_of(segments, whole=isinstance(texts, Collection))
            return chain.from_iterable(by_language(blocks, interpreters, by))

        return shaped(texts, isinstance(texts, str), run)

    @typed
    def alternatives(
        self, texts: str | Iterable[str], count: int = 5, *, at: str = "", **decoding: Any
    ) -> Any:
        """Translate a text, or each text, in up to 100 ways that part in one place, after ``at``.

        Returns:
            The result of each text. ``result.notes["alternatives"]`` has the first token of each
            hypothesis and its probability, the likeliest first.

        Raises:
            UsageError: an option is unknown, or has no place here.
            BadInputError: a text is too long to be translated at once.
        """
        from s2scli.tasks.alternatives import alternatives, asked

        model = self.doing("translate")
        chosen = asked(named_decoding(model, {"prefix": at or None, **decoding}), count)

        def run(given: Iterable[str]) -> Iterator[Result]:
            blocks = ([Segment(number, text)] for number, text in numbered(given))
            return chain.from_iterable(alternatives(blocks, model, chosen, self.flow))

        return shaped(texts, isinstance(texts, str), run)

    @overload
    def caption(self, images: str | Path, **decoding: Any) -> Result: ...

    @overload
    def caption(
        self, images: list[str | Path] | tuple[str | Path, ...], **decoding: Any
    ) -> list[Result]: ...

    @overload
    def caption(self, images: Iterable[str | Path], **decoding: Any) -> Iterator[Result]: ...

    @typed
    def caption(self, images: str | Path | Iterable[str | Path], **decoding: Any) -> Any:
        """Say what an image shows, or each image.

        Args:
            images: the path of an image file, or any number of paths.
            **decoding: ``beam_size``, ``n_best``, ``max_length`` …

        Returns:
            For each image its hypotheses, best first; ``result.text`` is the best one's text. Of
            several images, one that cannot be read gives no text, and ``result.notes["error"]``.

        Raises:
            UsageError: an option is unknown, or the model reads texts.
            BadInputError: the one image cannot be read.
            UnavailableError: Pillow is not installed.
        """
        from s2scli.tasks.caption import Unread, caption

        model = self.doing(CAPTION)
        chosen = named_decoding(model, decoding)

        def run(given: Iterable[str | Path]) -> Iterator[Result]:
            blocks = ([Segment(*one)] for one in file_names(given))
            return chain.from_iterable(caption(blocks, model, chosen, self.flow))

        single = isinstance(images, str | Path)
        found = shaped(images, single, run)
        if single and isinstance(found, Unread):
            raise BadInputError(found.reason)
        return found
