"""Models from Python, as the command line uses them::

    import s2scli

    model = s2scli.load("en-de")
    for result in model.translate(["Where is the station?"]):
        print(result.text)

Everything is an iterator: inputs are read as they are needed, results come in order as soon as
their turn has come, and memory stays bounded however much there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s2scli.data import Decoding, Monitor, Result, Segment
from s2scli.flow.stream import FlowOptions
from s2scli.inference.cluster.options import Cluster
from s2scli.inference.decoding import named_decoding
from s2scli.inference.device import Placement, place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.store import Wish, find_model

if TYPE_CHECKING:  # each task is imported when it is first asked for
    from s2scli.documents.base import FormatOptions
    from s2scli.documents.files.tree import Job as DocumentJob
    from s2scli.documents.store.journal import Journal
    from s2scli.tasks.answer import Answer, Question
    from s2scli.tasks.document import Demands, Outcome
    from s2scli.tasks.documents import DocumentMonitor, Store
    from s2scli.tasks.generate import Record
    from s2scli.tasks.likelihood import Likelihood
    from s2scli.tasks.summary import Document, Strategy, Summary

__all__ = ["TextModel", "load"]


def load(
    model: str | Path | None = None,
    task: str = "translate",
    *,
    source: str | None = None,
    target: str | None = None,
    prompt: str | None = None,
    prompt_tokens: bool = False,
    device: str = "cpu",
    device_index: Sequence[int] = (0,),
    compute_type: str = "default",
    threads: int = 0,
    single: bool = False,
    batch_tokens: int | None = None,
    cluster: Cluster | None = None,
) -> TextModel:
    """Load a model that is at hand; nothing is ever fetched (see ``s2s models pull``).

    Args:
        model: alias, hub id or directory; None for one that does the task in the languages.
        task: what to make it ready for: ``translate``, ``summarize``, ``answer``, ``generate``.
        source: language of the input, by any name or code.
        target: language of the output.
        prompt: a template in the place of the model's own, such as ``"summarize: {text}"``.
        prompt_tokens: whether special tokens in it (``<sep>``) are tokens and no text.
        device: ``cpu``, ``cuda`` or ``auto``.
        device_index: numbers of the GPUs.
        compute_type: arithmetic: ``default`` (as stored), ``auto``, ``int8``, ``float32`` …
        threads: CPU threads; 0 for one on each core.
        single: whether all threads should share each batch: for a large model and little to do.
        batch_tokens: most source tokens in a batch; None for what suits the device.
        cluster: a Ray cluster to run it on, in the place of this machine's threads or GPUs
            (``s2scli.inference.cluster.options.Cluster``); close the model at the end.

    Raises:
        UnavailableError: the model is not at hand, or the device cannot run it.
        InvalidModelError: the model's directory is damaged.
        UsageError: the model does not do the task, or needs to be told a language.
    """
    directory = find_model(Wish(str(model) if model else None, task, source, target))
    job = Job(task, source, target, prompt, prompt_tokens)
    if cluster is None:
        placement = place(device, indices=device_index, threads=threads, single=single)
        loaded = Model(directory, placement, compute_type, job)
        return TextModel(loaded, job, FlowOptions.on(loaded.device, batch_tokens), placement)
    loaded = Model(directory, cluster, compute_type, job)
    flow = FlowOptions.on(loaded.device, batch_tokens)
    # The next batch is with each worker before it has done the last.
    flow = replace(flow, batches_ahead=max(flow.batches_ahead, loaded.workers))
    return TextModel(loaded, job, flow, Placement(loaded.device, workers=loaded.workers))


class TextModel:
    """A loaded model. Its methods take texts and fields of ``s2scli.data.Decoding``.

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

    def close(self) -> None:
        """Free the model's memory, and end the workers of a cluster."""
        self.model.engine.close()

    def __enter__(self) -> TextModel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def translate(
        self,
        texts: Iterable[str],
        *,
        source: str | None = None,
        target: str | None = None,
        alignment: bool = False,
        **decoding: Any,
    ) -> Iterator[Result]:
        """Translate each text; one too long for the model is translated sentence by sentence.

        Args:
            texts: any number of texts.
            source: their language, where it is another than at loading.
            target: the language wanted, likewise.
            alignment: whether hypotheses come with ``links``: which of their words come from which
                of the text's, both in characters.
            **decoding: ``beam_size``, ``n_best``, ``length_penalty`` …

        Yields:
            For each text its hypotheses, best first; ``result.text`` is the best one's text.

        Raises:
            UsageError: an option is unknown, or the model does not speak a language.
        """
        from s2scli.tasks.translate import translate

        model = self._doing("translate", source=source, target=target)
        chosen = named_decoding(model, decoding)
        segments = (Segment(i, text, aligned=alignment) for i, text in enumerate(texts))
        blocks = _blocks(segments)
        for results in translate(blocks, model, chosen, self.flow):
            yield from results

    def translate_blocks(
        self, blocks: Iterable[list[Segment]], decoding: Decoding, monitor: Monitor | None = None
    ) -> Iterator[list[Result]]:
        """Translate lists of segments as they become available; lists of results come out."""
        from s2scli.tasks.translate import translate

        return translate(blocks, self._doing("translate"), decoding, self.flow, monitor)

    def translate_documents(
        self,
        jobs: Iterable[DocumentJob],
        decoding: Decoding,
        options: FormatOptions,
        demands: Demands,
        journal: Journal,
        memory: Store | None = None,
        monitor: DocumentMonitor | None = None,
    ) -> Iterator[Outcome]:
        """Translate documents and write them, all at once; what became of each comes out.

        Args:
            jobs: the documents, as ``s2scli.documents.files.tree.jobs`` finds them.
            decoding: how texts are decoded.
            options: how documents are read.
            demands: what their translations must have.
            journal: what is done already.
            memory: a translation memory.
            monitor: told how far the run has come.
        """
        from s2scli.tasks.documents import Settings, translate_documents

        model = self._doing("translate")
        options = replace(options, target_language=model.target_language)
        settings = Settings(options, demands, decoding, self.flow, memory)
        return translate_documents(jobs, model, settings, journal, monitor)

    def summarize(
        self,
        documents: Iterable[str | Document],
        *,
        length: str | None = None,
        strategy: str = "hierarchical",
        overlap: int = 0,
        prompt: str | None = None,
        monitor: Monitor | None = None,
        **decoding: Any,
    ) -> Iterator[Summary]:
        """Summarize each document, however long.

        Args:
            documents: any number of texts.
            length: ``short``, ``medium``, ``long``, ``"120 words"`` or ``"10%"``; None for what
                the model was made for.
            strategy: a key of ``s2scli.tasks.summary.STRATEGIES``.
            overlap: how many sentences of a chunk the next one begins with again.
            prompt: a template in the place of the model's own.
            monitor: told how far the run has come.
            **decoding: ``beam_size``, ``min_length``, ``max_length`` …

        Yields:
            For each text its summary, with the tree that it came from.

        Raises:
            UsageError: an option is unknown.
        """
        from s2scli.tasks.summarize import summarize
        from s2scli.tasks.summary import Document

        model = self._doing("summarize", prompt=prompt)
        plan = _plan(length, strategy, overlap)
        found = (
            text if isinstance(text, Document) else Document(i, str(i + 1), text)
            for i, text in enumerate(documents)
        )
        yield from summarize(
            found, model, named_decoding(model, decoding), self.flow, plan, monitor
        )

    def summarize_documents(
        self,
        jobs: Iterable[DocumentJob],
        decoding: Decoding,
        options: FormatOptions,
        plan: Mapping[str, Any],
        written: Callable[[Summary], str],
        form: str,
        journal: Journal,
        monitor: DocumentMonitor | None = None,
    ) -> Iterator[Outcome]:
        """Summarize documents and write the summaries; what became of each comes out.

        Args:
            jobs: the documents, as ``s2scli.documents.files.tree.jobs`` finds them.
            decoding: how texts are decoded.
            options: how documents are read.
            plan: ``length``, ``strategy`` and ``overlap``, as for ``summarize``.
            written: a summary as it is written.
            form: all that this depends on beside the summary.
            journal: what is done already.
            monitor: told how far the run has come.
        """
        from s2scli.tasks.document_summaries import SummarySettings, summarize_documents

        settings = SummarySettings(options, decoding, self.flow, _plan(**plan), written, form)
        return summarize_documents(jobs, self._doing("summarize"), settings, journal, monitor)

    def answer(
        self,
        questions: Iterable[Question | tuple[str, str]],
        *,
        passages: int | None = None,
        overlap: int | None = None,
        threshold: float | None = None,
        prompt: str | None = None,
        monitor: Monitor | None = None,
        **decoding: Any,
    ) -> Iterator[Answer]:
        """Answer questions from their contexts, however long these are.

        Args:
            questions: pairs of a question and its context.
            passages: how many passages of a long context are read; None for 4.
            overlap: how many sentences of a passage the next one begins with again; None for 1.
            threshold: an answer with a lower score is none.
            prompt: a template with ``{question}`` and ``{context}``.
            monitor: told how far the run has come.
            **decoding: ``beam_size``, ``max_length`` …

        Yields:
            An answer to each question, with the passages that were read.

        Raises:
            UsageError: an option is unknown.
            BadInputError: a question leaves no room for a context.
        """
        from s2scli.tasks.answer import Answering, Question, answer

        model = self._doing("answer", prompt=prompt)
        found = (
            item if isinstance(item, Question) else Question(i, *item)
            for i, item in enumerate(questions)
        )
        how = Answering(
            Answering.PASSAGES if passages is None else passages,
            Answering.OVERLAP if overlap is None else overlap,
            threshold,
        )
        yield from answer(found, model, named_decoding(model, decoding), self.flow, how, monitor)

    def generate(
        self,
        texts: Iterable[str],
        *,
        prompt: str = "{text}",
        prompt_tokens: bool = False,
        **decoding: Any,
    ) -> Iterator[Result]:
        """Decode a prompt filled with each text.

        Args:
            texts: any number of texts.
            prompt: a template with ``{text}``.
            prompt_tokens: whether special tokens in it (``<sep>``) are tokens and no text.
            **decoding: ``beam_size``, ``max_length`` …

        Yields:
            For each text its hypotheses.

        Raises:
            UsageError: an option is unknown.
            BadInputError: a text is longer than the model can take.
        """
        from s2scli.tasks.generate import Record, generate

        model = self._doing("generate", prompt=prompt, prompt_tokens=prompt_tokens)
        records = (Record(Segment(i, text), {"text": text}) for i, text in enumerate(texts))
        for results in generate(
            _blocks(records), model, named_decoding(model, decoding), self.flow
        ):
            yield from results

    def generate_blocks(
        self,
        blocks: Iterable[list[Record]],
        decoding: Decoding,
        prompt: str,
        monitor: Monitor | None = None,
    ) -> Iterator[list[Result]]:
        """Decode a prompt filled with records as they become available."""
        from s2scli.tasks.generate import generate

        model = self._doing("generate", prompt=prompt)
        return generate(blocks, model, decoding, self.flow, monitor)

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> Iterator[Likelihood]:
        """How likely the model finds given targets (teacher forcing).

        Raises:
            BadInputError: a text is longer than the model can take.
        """
        from s2scli.tasks.likelihood import likelihoods

        return likelihoods(sources, targets, self._doing(self._job.task))

    def decoding(self, task: str, **given: Any) -> Decoding:
        """The decode that a task would get with these options.

        Raises:
            UsageError: an option is unknown.
        """
        return named_decoding(self._doing(task), given)

    def _doing(
        self,
        task: str,
        *,
        source: str | None = None,
        target: str | None = None,
        prompt: str | None = None,
        prompt_tokens: bool | None = None,
    ) -> Model:
        """The model for a job; what is not said stays as at loading."""
        own = self._job
        prompt = prompt or (own.prompt if task == own.task else None)
        job = Job(
            task,
            source or own.source_language,
            target or own.target_language,
            prompt,
            own.prompt_tokens and prompt == own.prompt if prompt_tokens is None else prompt_tokens,
        )
        return self.model if job == own else self.model.doing(job)


def _plan(length: str | None, strategy: str, overlap: int) -> Strategy:
    from s2scli.tasks.lengths import Length
    from s2scli.tasks.summary import Strategy

    return Strategy(strategy, Length.parse(length) if length else None, overlap)


def _blocks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Each item by itself: nobody waits for the next."""
    return ([item] for item in items)
