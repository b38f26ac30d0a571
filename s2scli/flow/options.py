"""How the flow uses memory and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.flow.cancel import Cancel
    from s2scli.flow.service import FlowService

__all__ = ["BATCH_TOKENS", "MOST_BATCH_TOKENS", "FlowOptions"]

# Tokens per batch. A GPU needs larger batches; a CPU's caches limit them.
BATCH_TOKENS = {"cpu": 1024, "cuda": 8192}
MOST_BATCH_TOKENS = 1_000_000


class FlowOptions(NamedTuple):
    """How the flow uses memory and time.

    The pipeline waits neither for a full window nor for a full batch: it takes what is available,
    unless ``whole_windows`` is set.

    Attributes:
        batch_tokens: maximum source tokens per batch, padding included.
        window_batches: size of a sorting window, in batches' worth of tokens. The first windows
            are smaller, so that the first results come soon; each may be twice the one before.
        first_window_batches: size of the first window, in the same unit.
        recent_batches: how much of what was decoded last is kept, in the same unit: a source that
            comes again is answered at once. None of it with ``whole_windows``.
        batches_ahead: batches queued in the engine besides those being decoded.
        equal_lengths: whether all sources of a batch have the same number of tokens, so that
            results do not depend on what else is decoded (see ``flow.batches``). In float32 the
            last bits of scores still do, as sums depend on the number of rows. Sources that do
            not fill a batch are held back for up to three windows while more input comes.
        whole_windows: whether a window waits until it is full or the input ends, so that the
            batches depend on the input alone, never on timing. Only for input that does not
            wait for results: a file, a list.
        in_order: whether results come in input order.
        service: a running flow shared with other callers; None to start one.
        cancel: ends the work from another thread; None if nobody will.
    """

    batch_tokens: int
    window_batches: int = 128
    first_window_batches: int = 8
    recent_batches: int = 32
    batches_ahead: int = 2
    equal_lengths: bool = False
    whole_windows: bool = False
    in_order: bool = True
    service: FlowService | None = None
    cancel: Cancel | None = None

    @classmethod
    def on(cls, device: str, batch_tokens: int | None = None) -> FlowOptions:
        """The options for a device, ``cpu`` or ``cuda``.

        Raises:
            UsageError: ``batch_tokens`` is out of range.
        """
        if batch_tokens is not None and not 1 <= batch_tokens <= MOST_BATCH_TOKENS:
            raise UsageError(
                f"batch_tokens is {batch_tokens}; it goes from 1 to {MOST_BATCH_TOKENS:,}"
            )
        return cls(batch_tokens or BATCH_TOKENS[device])

    def narrowed(self, window_batches: int) -> FlowOptions:
        """A copy with windows of at most this many batches' worth of tokens."""
        return self._replace(window_batches=min(window_batches, self.window_batches))
