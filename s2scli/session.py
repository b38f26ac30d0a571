"""A loaded model and the runs that commands start with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from s2scli.data import CAPTION, Decoding, Result, Segment
from s2scli.errors import BadInputError
from s2scli.flow.stream import FlowOptions
from s2scli.inference.decoding import named_decoding
from s2scli.inference.device import Placement
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.store import Installed, check_languages

if TYPE_CHECKING:  # each task is imported when it is first asked for
    from s2scli.inference.cluster.options import Cluster
    from s2scli.tasks.summary import Strategy

__all__ = ["Session", "plan_of", "shaped"]

S = TypeVar("S", bound="Session")
T = TypeVar("T")
R = TypeVar("R")


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
        """Free the model's memory, and end the workers of a cluster."""
        self.model.engine.close()

    def __enter__(self: S) -> S:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def decoding(self, task: str, **given: Any) -> Decoding:
        """The decoding that a task uses with these options.

        Raises:
            UsageError: an option is unknown.
        """
        return named_decoding(self.doing(task), given)

    def doing(
        self,
        task: str,
        *,
        source: str | None = None,
        target: str | None = None,
        prompt: str | None = None,
        prompt_tokens: bool | None = None,
    ) -> Model:
        """The model for a job; languages not given stay as they were loaded."""
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
        check_languages(self.model.manifest, source, target)
        model = self.model if job == own else self.model.doing(job)
        _ = model.frame  # now, if the languages have not been told yet
        return model

    @overload
    def caption(self, images: str | Path, **decoding: Any) -> Result: ...

    @overload
    def caption(
        self, images: list[str | Path] | tuple[str | Path, ...], **decoding: Any
    ) -> list[Result]: ...

    @overload
    def caption(self, images: Iterable[str | Path], **decoding: Any) -> Iterator[Result]: ...

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
            blocks = ([Segment(number, str(path))] for number, path in enumerate(given))
            for results in caption(blocks, model, chosen, self.flow):
                yield from results

        single = isinstance(images, str | Path)
        found = shaped(images, single, run)
        if single and isinstance(found, Unread):
            raise BadInputError(found.reason)
        return found


def plan_of(length: str | None, strategy: str, overlap: int) -> Strategy:
    """How documents are summarized, from a person's terms."""
    from s2scli.tasks.lengths import Length
    from s2scli.tasks.summary import Strategy

    return Strategy(strategy, None if length is None else Length.parse(length), overlap)


def shaped(given: Any, single: bool, run: Callable[[Iterable[T]], Iterator[R]]) -> Any:
    """Results in the shape of the input: one for one, a list for a collection (which has a size),
    otherwise an iterator.

    Raises:
        TypeError: it is neither a text nor texts.
    """
    if single:
        (result,) = run([given])
        return result
    if isinstance(given, bytes | bytearray | Mapping) or not isinstance(given, Iterable):
        raise TypeError(f"Give texts of type str, not {type(given).__name__}")
    return list(run(given)) if isinstance(given, Collection) else run(given)
