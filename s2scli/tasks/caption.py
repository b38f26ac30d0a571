"""Images to text: paths in, what is to be seen out, one for each and in order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.data import Decoding, Hypothesis, Monitor, Piece, Result, Segment
from s2scli.disk.hashes import digest
from s2scli.errors import BadInputError
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.images import Pixels, open_image, pixels_of
from s2scli.inference.model import Model
from s2scli.inference.pending import PendingTexts
from s2scli.models.images import ImageRecipe
from s2scli.text.tagged import fields_of

__all__ = ["Unread", "caption"]

ERROR, FIELDS = "error", "fields"
MOST_PIXEL_BYTES = 64 << 20  # of all images that wait together


@dataclass(frozen=True, slots=True)
class Unread(Result):
    """What became of an image that cannot be read: nothing; its note ``error`` says why."""

    @property
    def text(self) -> str:
        """Nothing."""
        return ""

    @property
    def reason(self) -> str:
        """Why it cannot be read."""
        return str(self.notes[ERROR])


class _Picture(list[str]):
    """An image where the flow has tokens: one for each position that the model sees of it.

    All are the hash of its pixels, so that images that are the same are looked at once.

    Args:
        pixels: the image.
        positions: how many the model sees.
    """

    def __init__(self, pixels: Pixels, positions: int) -> None:
        super().__init__([digest(pixels.tobytes())] * positions)
        self.pixels = pixels


class _Viewer:
    """A ``Decoder`` of pictures.

    Args:
        model: the model.
    """

    def __init__(self, model: Model) -> None:
        self._model = model

    @property
    def workers(self) -> int:
        """How many batches it decodes at the same time."""
        return self._model.workers

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> PendingTexts:
        """Begin to decode a batch of pictures."""
        images = [source.pixels for source in sources if isinstance(source, _Picture)]
        return self._model.submit(images, decoding)


def caption(
    blocks: Iterable[list[Segment]],
    model: Model,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
    lost: Callable[[str], None] = lambda _: None,
) -> Iterator[list[Result]]:
    """Say what images show.

    Args:
        blocks: lists of segments whose texts are paths of image files, as they become available;
            a blank one is no image.
        model: a model that reads images.
        decoding: how, as ``Model.decoding`` gives it.
        options: memory and time.
        monitor: told how far the run has come.
        lost: told what the model does not see of an image; see ``open_image``.

    Yields:
        Lists of results in the order of the segments; ``Unread`` for an image that cannot be read.
        The note ``fields`` has the fields that a model such as Donut has marked.

    Raises:
        UnavailableError: what reads images is not installed.
    """
    positions, recipe = model.manifest.max_source_tokens, model.image_recipe
    reasons: dict[int, str] = {}

    def pieces() -> Iterator[list[Piece]]:
        for block in blocks:
            for segment in block:
                yield [_piece(segment, recipe, positions, reasons, lost)]

    bounded = _bounded(options, recipe, positions)
    for run in stream(pieces(), _Viewer(model), decoding, bounded, monitor):
        results = [
            Result(piece.segment, hypotheses, _notes(hypotheses[0], model.field_tokens))
            if piece.tokens
            else _without(piece.segment, reasons.pop(piece.segment.index, ""))
            for piece, hypotheses in run
        ]
        if monitor:
            monitor.finished(results)
        yield results


def _piece(
    segment: Segment,
    recipe: ImageRecipe,
    positions: int,
    reasons: dict[int, str],
    lost: Callable[[str], None],
) -> Piece:
    """An image, opened; a reason why that is not possible is noted."""
    if not segment.text.strip():
        return Piece(segment, 0, [])
    try:
        pixels = pixels_of(open_image(Path(segment.text), lost), recipe)
    except BadInputError as error:
        reasons[segment.index] = str(error)
        return Piece(segment, 0, [])
    return Piece(segment, 0, _Picture(pixels, positions))


def _notes(best: Hypothesis, tokens: Collection[str]) -> dict[str, Any]:
    return {FIELDS: fields_of(best.tagged, tokens)} if tokens else {}


def _without(segment: Segment, reason: str) -> Result:
    return Unread(segment, notes={ERROR: reason}) if reason else Result(segment)


def _bounded(options: FlowOptions, recipe: ImageRecipe, positions: int) -> FlowOptions:
    """The same options with no more images waiting than there is memory for."""
    images = max(1, MOST_PIXEL_BYTES // (12 * recipe.height * recipe.width))
    batches = max(1, images * positions // options.batch_tokens)
    first = min(batches, options.first_window_batches)
    return options.narrowed(batches)._replace(first_window_batches=first, recent_batches=0)
