"""The pipeline: pieces in, pieces with their hypotheses out, in bounded memory.

A reader thread fills a buffer that is bounded in tokens; the main loop takes what is there
(blocking only when it has nothing else to do), plans batches, keeps a few of them under way, and
gives out what is finished, in the order in which it came if that is wanted. The engine releases
the interpreter lock, so that reading and tokenizing go on while it decodes.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from s2scli.data import Decoder, Decoding, Hypothesis, Monitor, PendingBatch, Piece
from s2scli.errors import UsageError
from s2scli.flow.batches import Batch, plan

__all__ = ["MOST_BATCH_TOKENS", "FlowOptions", "stream"]

# A GPU wants larger batches than a CPU's caches.
BATCH_TOKENS = {"cpu": 1024, "cuda": 8192}
MOST_BATCH_TOKENS = 1_000_000
# One window has too few pieces of most lengths to fill a batch with equal ones.
WINDOWS_HELD = 3

Decoded = tuple[Piece, tuple[Hypothesis, ...]]


@dataclass(frozen=True, slots=True)
class FlowOptions:
    """How the flow uses memory and time.

    The pipeline waits neither for a full window nor for a full batch: it takes what is there.

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
        in_order: whether results wait for all that came in before them.
    """

    batch_tokens: int
    window_batches: int = 128
    first_window_batches: int = 8
    batches_ahead: int = 2
    equal_lengths: bool = False
    in_order: bool = True

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


class _Buffer:
    """Pieces on their way from the reader thread to the main loop, bounded in tokens."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: deque[Piece] = deque()
        self._weight = 0
        self._ended = False
        self._cancelled = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()

    def fill(self, blocks: Iterable[list[Piece]]) -> None:
        """What the reader thread does: put all pieces, waiting while the buffer is full."""
        try:
            for block in blocks:
                with self._changed:
                    while self._weight >= self._limit and not self._cancelled:
                        self._changed.wait()
                    if self._cancelled:
                        return
                    self._pieces.extend(block)
                    self._weight += sum(map(_weight, block))
                    self._changed.notify_all()
        except BaseException as error:  # handed to the main loop, which raises it in its turn
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def take(self, limit: int, *, wait: bool) -> list[Piece]:
        """Pieces of at most ``limit`` tokens (but one at least, if there are any).

        Args:
            limit: the most tokens.
            wait: whether to wait until there is a piece or the input has ended.

        Raises:
            BaseException: what the reader thread failed with, after its last piece, once the
                caller has nothing else to do than wait.
        """
        with self._changed:
            while wait and not self._pieces and not self._ended:
                self._changed.wait()
            taken: list[Piece] = []
            weight = 0
            while self._pieces and (weight < limit or not taken):
                taken.append(self._pieces.popleft())
                weight += _weight(taken[-1])
            self._weight -= weight
            self._changed.notify_all()
            if wait and not taken and self._error is not None:
                raise self._error
            return taken

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left and nothing will come, an error neither."""
        with self._changed:
            return self._ended and not self._pieces and self._error is None

    def cancel(self) -> None:
        """Tell the reader thread to stop at its next block."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()


@dataclass(slots=True, eq=False)
class _Slot:
    """A piece from when it is taken until it is given out.

    Attributes:
        piece: the piece.
        hypotheses: what became of it; None as long as that is open.
        taken: how many tokens had been taken before its window.
    """

    piece: Piece
    hypotheses: tuple[Hypothesis, ...] | None
    taken: int


class _Run:
    """The state of the main loop."""

    def __init__(
        self, decoder: Decoder, decoding: Decoding, options: FlowOptions, monitor: Monitor | None
    ) -> None:
        self._decoder = decoder
        self._decoding = decoding
        self._batch_tokens = options.batch_tokens
        self._window_tokens = options.first_window_batches * options.batch_tokens
        self._largest_window = options.window_batches * options.batch_tokens
        self._equal_lengths = options.equal_lengths
        self._in_order = options.in_order
        self._depth = decoder.workers + options.batches_ahead
        self._monitor = monitor
        self._taken = 0  # tokens in all
        self._held: list[_Slot] = []  # back for the next window
        self._planned: deque[tuple[list[_Slot], Batch, Decoding]] = deque()
        self._under_way: deque[tuple[list[_Slot], Batch, PendingBatch]] = deque()
        self._order: deque[_Slot] = deque()  # not yet given out: as they came, or those finished

    @property
    def idle(self) -> bool:
        return not (self._held or self._planned or self._under_way)

    def plan_from(self, buffer: _Buffer) -> None:
        """If all planned batches are submitted, plan the next window of what is there."""
        if self._planned or len(self._under_way) >= self._depth:
            return
        pieces = buffer.take(self._window_tokens, wait=self.idle)
        if pieces:
            self._window_tokens = min(2 * self._window_tokens, self._largest_window)
        elif self._under_way and not buffer.exhausted:
            return  # the engine has enough to do until more comes
        slots = [_Slot(piece, None if piece.tokens else (), self._taken) for piece in pieces]
        self._taken += sum(map(_weight, pieces))
        self._order.extend(s for s in slots if self._in_order or s.hypotheses is not None)
        window, self._held = self._held + slots, []
        wanted = [slot.piece.decoding or self._decoding for slot in window]
        for decoding in dict.fromkeys(wanted):
            tokens = [
                slot.piece.tokens if d == decoding else []
                for slot, d in zip(window, wanted, strict=True)
            ]
            for batch in self._plan(tokens):
                starving = not pieces and len(self._planned) < self._depth
                if starving or buffer.exhausted or self._is_due(window, batch):
                    self._planned.append((window, batch, decoding))
                else:
                    self._held.extend(window[p] for places in batch.places for p in places)

    def _plan(self, tokens: list[list[str]]) -> list[Batch]:
        workers, equal = self._decoder.workers, self._equal_lengths
        return plan(tokens, self._batch_tokens, workers, equal_lengths=equal)

    def _is_due(self, window: list[_Slot], batch: Batch) -> bool:
        """Whether a batch shall not wait for more of its length."""
        if batch.full or not self._equal_lengths:
            return True
        oldest = min(window[p].taken for places in batch.places for p in places)
        return self._taken - oldest > WINDOWS_HELD * self._window_tokens

    def submit(self) -> None:
        """Hand planned batches to the decoder, up to its depth."""
        while self._planned and len(self._under_way) < self._depth:
            window, batch, decoding = self._planned.popleft()
            pending = self._decoder.submit(batch.sources, decoding)
            self._under_way.append((window, batch, pending))

    def collect(self) -> None:
        """Wait for the oldest batch and put its hypotheses where they are wanted."""
        if not self._under_way:
            return
        window, batch, pending = self._under_way.popleft()
        results = pending.result()
        for hypotheses, positions in zip(results, batch.places, strict=True):
            for position in positions:
                window[position].hypotheses = hypotheses
                if not self._in_order:
                    self._order.append(window[position])
        if self._monitor:
            self._monitor.decoded(
                sum(map(len, batch.places)),
                sum(len(s) * len(p) for s, p in zip(batch.sources, batch.places, strict=True)),
                sum(h[0].tokens * len(p) for h, p in zip(results, batch.places, strict=True)),
            )

    def finished(self) -> list[Decoded]:
        """All results whose turn it is."""
        ready: list[Decoded] = []
        while self._order and (hypotheses := self._order[0].hypotheses) is not None:
            ready.append((self._order.popleft().piece, hypotheses))
        return ready


def stream(
    blocks: Iterable[list[Piece]],
    decoder: Decoder,
    decoding: Decoding,
    options: FlowOptions,
    monitor: Monitor | None = None,
) -> Iterator[list[Decoded]]:
    """Decode pieces.

    Args:
        blocks: lists of pieces, iterated in a thread of its own.
        decoder: what decodes them.
        decoding: how, where a piece itself does not say it.
        options: memory and time.
        monitor: told of every batch.

    Yields:
        Lists of pieces with their hypotheses: in the order of the input, as soon as their turn
        has come; without ``in_order`` as soon as they are decoded.

    Raises:
        Exception: what ``blocks`` raised, after everything before it has been yielded; what the
            decoder raised.
    """
    buffer = _Buffer(options.window_batches * options.batch_tokens)
    threading.Thread(target=buffer.fill, args=(blocks,), daemon=True, name="reader").start()
    run = _Run(decoder, decoding, options, monitor)
    try:
        while not (run.idle and buffer.exhausted):
            run.plan_from(buffer)
            run.submit()
            if ready := run.finished():
                yield ready
                continue
            run.collect()
            if ready := run.finished():
                yield ready
    finally:
        buffer.cancel()


def _weight(piece: Piece) -> int:
    """Tokens of a piece; a blank one takes memory too."""
    return len(piece.tokens) + 1
