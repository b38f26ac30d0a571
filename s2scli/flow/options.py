"""How the flow uses memory and time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.flow.service import FlowService

__all__ = ["MOST_BATCH_TOKENS", "FlowOptions"]

# A GPU wants larger batches than a CPU's caches.
BATCH_TOKENS = {"cpu": 1024, "cuda": 8192}
MOST_BATCH_TOKENS = 1_000_000


@dataclass(frozen=True, slots=True)
class FlowOptions:
    """How the flow uses memory and time.

    The pipeline waits neither for a full window nor for a full batch: it takes what is there,
    unless ``whole_windows`` is set.

    Attributes:
        batch_tokens: the most source tokens in a batch, padding counted.
        window_batches: how many batches' worth of tokens are sorted together at most. The first
            windows are small, so that the first results come soon; each may be twice the last.
        first_window_batches: the same for the first window.
        batches_ahead: batches that wait in the engine beyond those being decoded.
        equal_lengths: whether a batch takes only sources of the same number of tokens, so that
            results do not depend on what else is decoded (see ``flow.batches``). In float32 the
            last bits of scores still do, as sums depend on the number of rows. What does not
            fill a batch is held back for up to three windows, as long as more comes.
        whole_windows: whether a window waits until it is full or the input ends, so that what is
            decoded together depends on the input alone, never on timing. For input that does not
            wait for results: a file, a list.
        in_order: whether results wait for all that came in before them.
        service: a running flow that others submit to as well; None for one of its own.
    """

    batch_tokens: int
    window_batches: int = 128
    first_window_batches: int = 8
    batches_ahead: int = 2
    equal_lengths: bool = False
    whole_windows: bool = False
    in_order: bool = True
    service: FlowService | None = field(default=None, repr=False, compare=False)

    @classmethod
    def on(cls, device: str, batch_tokens: int | None = None) -> FlowOptions:
        """The bounds for a device, ``cpu`` or ``cuda``.

        Raises:
            UsageError: ``batch_tokens`` is out of range.
        """
        if batch_tokens is not None and not 1 <= batch_tokens <= MOST_BATCH_TOKENS:
            raise UsageError(
                f"batch_tokens is {batch_tokens}; it goes from 1 to {MOST_BATCH_TOKENS:,}"
            )
        return cls(batch_tokens or BATCH_TOKENS[device])

    def narrowed(self, window_batches: int) -> FlowOptions:
        """The same with at most so many batches' worth of tokens sorted together."""
        return replace(self, window_batches=min(window_batches, self.window_batches))
