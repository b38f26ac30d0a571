"""Models from Python, as the command line uses them::

    import s2scli

    model = s2scli.load("en-de")
    print(model.translate("Where is the station?").text)

A text returns a result, a list (or another collection) a list. Anything else that can be
iterated (a generator, a file) returns an iterator: inputs are read as they are needed, results come
in order as soon as their turn has come, and memory stays bounded however much there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from s2scli.calls import (
    asked,
    numbered,
    plan_of,
    refuse_several,
    reranker,
    shaped,
    translating,
)
from s2scli.calls import documents as documents_of
from s2scli.data import Monitor, Result, Segment
from s2scli.errors import UsageError
from s2scli.inference.cluster.options import Cluster
from s2scli.inference.decoding import named_decoding
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.models.store import Wish, find_model
from s2scli.session import Session
from s2scli.tasks.pivot import with_search
from s2scli.typed import typed

if TYPE_CHECKING:  # each task is imported when it is first asked for
    from s2scli.tasks.answer import Answer, Question
    from s2scli.tasks.likelihood import Likelihood
    from s2scli.tasks.summary import SourceText, Summary
    from s2scli.text.glossary import Glossary

__all__ = ["TextModel", "load"]


@typed
def load(
    model: str | Path | None = None,
    task: str = "translate",
    *,
    source: str | None = None,
    target: str | None = None,
    via: str | None = None,
    prompt: str | None = None,
    prompt_tokens: bool = False,
    device: str = "cpu",
    device_index: Sequence[int] = (0,),
    compute_type: str = "default",
    threads: int = 0,
    single: bool = False,
    batch_tokens: int | None = None,
    cluster: Cluster | None = None,
    undecided: bool = True,
) -> TextModel:
    """Load an installed model; nothing is ever downloaded (see ``s2s models pull``).

    Args:
        model: alias, hub id or directory; None for an installed one that fits task and languages.
        task: the task to prepare it for: ``translate``, ``summarize``, ``answer``, ``generate``.
        source: input language: a code or an English name.
        target: output language.
        via: a language between; ``model`` is then None, one for both, or ``"FIRST,SECOND"``.
        prompt: a template instead of the model's own, such as ``"summarize: {text}"``.
        prompt_tokens: whether special tokens in it (``<sep>``) are tokens, not text.
        device: ``cpu``, ``cuda`` or ``auto``.
        device_index: indices of the GPUs.
        compute_type: arithmetic: ``default`` (as stored), ``auto``, ``int8``, ``float32`` …
        threads: CPU threads; 0 for one per core.
        single: whether all threads work on the same batch: for large models and few inputs.
        batch_tokens: maximum source tokens per batch; None for the device's default.
        cluster: a Ray cluster to run it on, instead of this machine's threads or GPUs
            (``s2scli.inference.cluster.options.Cluster``); close the model at the end.
        undecided: whether a multilingual model may get its languages with each call.

    Raises:
        UnavailableError: the model is not installed, or the device cannot run it.
        InvalidModelError: the model's directory is damaged.
        UsageError: the model does not do the task, or a language is missing.
    """
    first = wish = Wish(None if model is None else str(model), task, source, target)
    if via is not None:
        from s2scli.models.pivots import two_wishes

        if task != "translate" or prompt is not None or cluster is not None:
            raise UsageError("via is for translations, with no prompt or cluster")
        first, wish = two_wishes(wish, via)
    job = Job(task, wish.source_language, target, prompt, prompt_tokens)
    found = find_model(wish)
    where = cluster or place(
        device, indices=device_index, threads=threads, single=single, engine=found.manifest.engine
    )
    loaded = TextModel.open(found, job, where, compute_type, batch_tokens, undecided=undecided)
    if via is not None:
        loaded.follow(find_model(first), Job(task, source, via), compute_type)
    return loaded


class TextModel(Session):
    """A loaded model. Its methods take texts and fields of ``s2scli.data.Decoding``.

    Each takes one text and returns its result; or a collection and returns a list; or any iterable
    and returns an iterator, which reads its inputs as results are taken.
    """

    @overload
    def translate(self, texts: str, **options: Any) -> Result: ...

    @overload
    def translate(self, texts: list[str] | tuple[str, ...], **options: Any) -> list[Result]: ...

    @overload
    def translate(self, texts: Iterable[str], **options: Any) -> Iterator[Result]: ...

    @typed
    def translate(
        self,
        texts: str | Iterable[str],
        *,
        source: str | None = None,
        target: str | None = None,
        alignment: bool = False,
        protect: bool | str | Sequence[str] = False,
        glossary: Mapping[str, str] | Glossary | None = None,
        prefixes: Sequence[str] | None = None,
        rerank: str | Sequence[str] = (),
        candidates: int = 0,
        replace_unknowns: bool = False,
        details: bool = False,
        **decoding: Any,
    ) -> Any:
        """Translate one text or many; texts too long for the model sentence by sentence.

        Tabs and line breaks within a text are kept: what is between them is translated by itself.

        Args:
            texts: a text, or any number of texts.
            source: their language, if not the one given to ``load``.
            target: the output language, if not the one given to ``load``.
            alignment: whether to add ``links`` to hypotheses: pairs of source and target words, as
                character spans.
            protect: whether placeholders, numbers, addresses and tags must be kept unchanged; or
                regular expressions of what else must be.
            glossary: terms and their translations.
            prefixes: what the translation of each text begins with; empty for nothing. ``prefix=``
                is the same for all.
            rerank: what hypotheses are ranked by: ``"mbr:chrf"``, ``"reverse:de-en=0.5"`` …
            candidates: how many hypotheses ``rerank`` chooses from; 0 for all of the beam.
            replace_unknowns: whether words of the text replace the model's unknown token.
            details: whether to add ``details`` to hypotheses: tokens, attention, log-probabilities.
            **decoding: ``beam_size``, ``n_best``, ``length_penalty`` …; also ``guard``,
                ``min_confidence``, ``min_quality``, ``quality_model`` and ``below``, as
                ``s2scli.tasks.guarding.Guarding.of`` has them.

        Returns:
            The hypotheses per text, best first; ``result.text`` is the text of the best.

        Raises:
            UsageError: an option is unknown, or the model does not speak a language.
            BadInputError: a text contains NUL or an unpaired surrogate.
        """
        from s2scli.tasks.inside import with_log_probs
        from s2scli.tasks.prefixes import segments_with
        from s2scli.tasks.translate import translate

        model = self.doing("translate", source=source, target=target)
        looks = {"copies": replace_unknowns, "details": details, "begun": prefixes is not None}
        chosen, steps = translating(model, decoding, protect, glossary, **looks)
        model = with_search(model, decoding)
        if ranks := reranker(self, rerank, candidates, chosen, model):
            steps.insert(0, ranks)
        flow = self.flow._replace(whole_windows=isinstance(texts, Collection))

        def run(given: Iterable[str]) -> Iterator[Result]:
            blocks = ([Segment(i, t, aligned=alignment)] for i, t in numbered(given))
            begun = segments_with(blocks, prefixes)
            found = translate(begun, model, chosen, flow, steps=steps)
            yield from chain.from_iterable(with_log_probs(found, model) if details else found)

        return shaped(texts, isinstance(texts, str), run)

    @overload
    def summarize(self, documents: str | SourceText, **options: Any) -> Summary: ...

    @overload
    def summarize(
        self, documents: list[Any] | tuple[Any, ...], **options: Any
    ) -> list[Summary]: ...

    @overload
    def summarize(
        self, documents: Iterable[str | SourceText], **options: Any
    ) -> Iterator[Summary]: ...

    @typed
    def summarize(
        self,
        documents: str | SourceText | Iterable[str | SourceText],
        *,
        length: str | None = None,
        strategy: str = "hierarchical",
        overlap: int = 0,
        prompt: str | None = None,
        monitor: Monitor | None = None,
        **decoding: Any,
    ) -> Any:
        """Summarize one document or many, of any length.

        Args:
            documents: a text, or any number of texts.
            length: ``short``, ``medium``, ``long``, ``"120 words"`` or ``"10%"``; None for the
                model's default.
            strategy: a key of ``s2scli.tasks.STRATEGIES``.
            overlap: number of sentences that consecutive chunks share.
            prompt: a template instead of the model's own.
            monitor: receives the progress.
            **decoding: ``beam_size``, ``min_length``, ``max_length`` …; also ``guard`` and
                ``min_confidence``, as for ``translate`` (findings are in ``summary.notes``).

        Returns:
            The summary of each text, with the tree of partial summaries behind it.

        Raises:
            UsageError: an option is unknown.
            BadInputError: a text contains NUL or an unpaired surrogate.
        """
        from s2scli.tasks.guarding import Guarding
        from s2scli.tasks.summarize import summarize
        from s2scli.tasks.summary import SourceText

        guarding = Guarding.of_summaries(decoding)
        refuse_several(decoding)
        model = self.doing("summarize", prompt=prompt)
        plan = plan_of(length, strategy, overlap)
        chosen = named_decoding(model, decoding)

        def run(given: Iterable[str | SourceText]) -> Iterator[Summary]:
            found = documents_of(given)
            return summarize(found, model, chosen, self.flow, plan, monitor, guarding)

        return shaped(documents, isinstance(documents, str | SourceText), run)

    @overload
    def answer(self, questions: Question | tuple[str, str], **options: Any) -> Answer: ...

    @overload
    def answer(
        self, questions: list[Any] | tuple[tuple[str, str], ...], **options: Any
    ) -> list[Answer]: ...

    @overload
    def answer(
        self, questions: Iterable[Question | tuple[str, str]], **options: Any
    ) -> Iterator[Answer]: ...

    @typed
    def answer(
        self,
        questions: Question | tuple[str, str] | Iterable[Question | tuple[str, str]],
        *,
        passages: int | None = None,
        overlap: int | None = None,
        threshold: float | None = None,
        prompt: str | None = None,
        monitor: Monitor | None = None,
        **decoding: Any,
    ) -> Any:
        """Answer one question or many from their contexts, of any length.

        Args:
            questions: a pair of a question and its context, or any number of such pairs.
            passages: number of passages read of a long context; None for 4.
            overlap: number of sentences that consecutive passages share; None for 1.
            threshold: minimum score of an answer; below it there is none.
            prompt: a template with ``{question}`` and ``{context}``.
            monitor: receives the progress.
            **decoding: ``beam_size``, ``max_length`` …

        Returns:
            An answer to each question, with the passages that were read.

        Raises:
            UsageError: an option is unknown.
            BadInputError: a question leaves no room for a context, or a text contains NUL or
                an unpaired surrogate.
        """
        from s2scli.tasks.answer import Answering, Question, answer

        refuse_several(decoding)
        model = self.doing("answer", prompt=prompt)
        how = Answering(
            Answering.PASSAGES if passages is None else passages,
            Answering.OVERLAP if overlap is None else overlap,
            threshold,
        )
        chosen = named_decoding(model, decoding)

        def run(given: Iterable[Question | tuple[str, str]]) -> Iterator[Answer]:
            return answer(asked(given), model, chosen, self.flow, how, monitor)

        pair = isinstance(questions, tuple) and all(isinstance(part, str) for part in questions)
        return shaped(questions, pair or isinstance(questions, Question), run)

    @overload
    def generate(self, texts: str, **options: Any) -> Result: ...

    @overload
    def generate(self, texts: list[str] | tuple[str, ...], **options: Any) -> list[Result]: ...

    @overload
    def generate(self, texts: Iterable[str], **options: Any) -> Iterator[Result]: ...

    @typed
    def generate(
        self,
        texts: str | Iterable[str],
        *,
        prompt: str | None = None,
        prompt_tokens: bool = False,
        **decoding: Any,
    ) -> Any:
        """Fill a prompt with one text or many, and decode it.

        Args:
            texts: a text, or any number of texts.
            prompt: a template with ``{text}``; by default the model's own, which is most often
                the text alone.
            prompt_tokens: whether special tokens in it (``<sep>``) are tokens, not text.
            **decoding: ``beam_size``, ``max_length`` …

        Returns:
            The hypotheses per text.

        Raises:
            UsageError: an option is unknown.
            BadInputError: a text is longer than the model can take, or contains NUL or an
                unpaired surrogate.
        """
        from s2scli.tasks.generate import Record, generate

        model = self.doing("generate", prompt=prompt, prompt_tokens=prompt_tokens)
        chosen = named_decoding(model, decoding)

        flow = self.flow._replace(whole_windows=isinstance(texts, Collection))

        def run(given: Iterable[str]) -> Iterator[Result]:
            blocks = ([Record(Segment(i, t), {"text": t})] for i, t in numbered(given))
            return chain.from_iterable(generate(blocks, model, chosen, flow))

        return shaped(texts, isinstance(texts, str), run)

    @overload
    def score(self, sources: str, targets: str) -> Likelihood: ...  # type: ignore[overload-overlap]

    @overload
    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[Likelihood]: ...

    @typed
    def score(self, sources: str | Sequence[str], targets: str | Sequence[str]) -> Any:
        """Score one given target or many by the model's probabilities (teacher forcing).

        Raises:
            UsageError: the numbers of sources and targets differ.
            BadInputError: a text is longer than the model can take, or contains NUL or an
                unpaired surrogate.
        """
        from s2scli.tasks.likelihood import likelihoods

        if isinstance(sources, str) or isinstance(targets, str):
            if not (isinstance(sources, str) and isinstance(targets, str)):
                raise UsageError("Sources and targets must be two texts, or two lists")
            return self.score([sources], [targets])[0]
        if len(sources) != len(targets):
            raise UsageError(f"There are {len(sources)} sources and {len(targets)} targets")
        given, wanted = ([text for _, text in numbered(side)] for side in (sources, targets))
        return list(likelihoods(given, wanted, self.doing(self._job.task)))
