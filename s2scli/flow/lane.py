"""One caller's queue in a flow: the pieces it submitted, and their results."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.data import Decoder, Decoding, Hypothesis, Piece
from s2scli.flow.options import FlowOptions

__all__ = ["Decoded", "Lane", "Progress", "Taken"]

Decoded = tuple[Piece, tuple[Hypothesis, ...]]
# What a batch contained of one caller: pieces, source tokens, target tokens.
Counts = tuple[int, int, int]


@dataclass(slots=True, eq=False)
class Taken:
    """A piece, from when it is taken from the input until its result is delivered.

    Attributes:
        lane: the caller's lane.
        piece: the piece.
        hypotheses: its results, best first; None until it is decoded.
        taken: number of tokens taken from the lane before this piece's window.
    """

    lane: Lane
    piece: Piece
    hypotheses: tuple[Hypothesis, ...] | None
    taken: int


class Progress(NamedTuple):
    """News for a caller: results that are ready, and the batches since the last report."""

    results: list[Decoded]
    batches: list[Counts]


class Lane:
    """The state of one caller; guarded by the flow's lock.

    Args:
        lock: the flow's lock.
        decoder: decodes its pieces.
        decoding: decoding options for pieces that have none of their own.
        options: its limits on memory and batch size.
        wake: called with the lock held when there may be something to plan.
    """

    def __init__(
        self,
        lock: threading.RLock,
        decoder: Decoder,
        decoding: Decoding,
        options: FlowOptions,
        wake: Callable[[], None],
    ) -> None:
        self.decoder = decoder
        self.equal_lengths = options.equal_lengths
        self.window_tokens = options.first_window_batches * options.batch_tokens
        self.taken = 0  # tokens in all
        self.held: list[Taken] = []  # back for the next window
        self.planned = self.under_way = 0  # slots
        self.closed = False
        self.default = decoding
        self._limit = options.window_batches * options.batch_tokens
        self._in_order = options.in_order
        self._whole_windows = options.whole_windows
        self._wake = wake
        self._changed = threading.Condition(lock)
        self._input: deque[Piece] = deque()
        self.weight = 0  # tokens that wait to be taken
        self._open = 0  # slots taken but not yet delivered
        self._ended = False
        self._error: BaseException | None = None
        self._order: deque[Taken] = deque()  # not yet delivered
        self._ready: list[Decoded] = []
        self._ready_weight = 0
        self._batches: list[Counts] = []

    # --- the caller ---

    def fill(self, blocks: Iterable[list[Piece]]) -> None:
        """Add all pieces, waiting while the buffer is full; runs in a thread of the caller."""
        error: BaseException | None = None
        try:
            for block in blocks:
                with self._changed:
                    self._changed.wait_for(lambda: self.weight < self._limit or self.closed)
                    if self.closed:
                        return
                    self._input.extend(block)
                    self.weight += sum(map(weight, block))
                    self._wake()
        except BaseException as problem:  # raised to the caller, in its turn
            error = problem
        finally:
            with self._changed:
                self._ended = True
                self._error = self._error or error
                self._wake()
                self._changed.notify_all()

    def next(self) -> Progress | None:
        """Wait for news since the last call; None at the end.

        Raises:
            BaseException: what the input failed with, after all results before it, or the decoder.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._batches or self._is_over)
            if not (self._ready or self._batches):
                if self._error is not None:
                    raise self._error
                return None
            report = Progress(self._ready, self._batches)
            self._ready, self._batches, self._ready_weight = [], [], 0
            self._wake()
            return report

    def fail(self, error: BaseException | None = None) -> None:
        """End the lane; the caller gets the error, if any, after the results that are ready."""
        with self._changed:
            self.closed = True
            self._error = error if self._error is None else self._error
            self._input.clear()
            self.held.clear()
            self._order.clear()
            self._changed.notify_all()

    @property
    def _is_over(self) -> bool:
        return self.closed or (self._ended and not self._input and not self._open)

    # --- the flow ---

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left to take, nothing more will come, and no error is pending."""
        return self._ended and not self._input and self._error is None

    @property
    def may_be_planned(self) -> bool:
        """Whether it has pieces to plan and its caller keeps up with the results."""
        if self.closed or self.planned or self._ready_weight >= self._limit:
            return False
        if self._whole_windows and not self._ended:
            return self.weight >= min(self.window_tokens, self._limit)
        idle = bool(self.held) and (not self.under_way or self.exhausted)
        return bool(self._input) or idle

    def take(self) -> list[Taken]:
        """Take the next pieces, at most one window of tokens, but at least one if there are any."""
        pieces: list[Piece] = []
        taken = 0
        while self._input and (taken < self.window_tokens or not pieces):
            pieces.append(self._input.popleft())
            taken += weight(pieces[-1])
        if pieces:
            self.window_tokens = min(2 * self.window_tokens, self._limit)
        slots = [Taken(self, piece, None if piece.tokens else (), self.taken) for piece in pieces]
        self.taken += taken
        self.weight -= taken
        self._order.extend(s for s in slots if self._in_order or s.hypotheses is not None)
        self._open += len(slots)
        self._changed.notify_all()
        self._give_out()
        return slots

    def done(self, slots: list[Taken], counts: Counts) -> None:
        """Record that some of its slots have their hypotheses."""
        if self.closed:
            return
        self.under_way -= len(slots)
        if not self._in_order:
            self._order.extend(slots)
        self._batches.append(counts)
        self._give_out()
        self._changed.notify_all()

    def _give_out(self) -> None:
        """Mark as ready all results whose turn has come."""
        while self._order and (hypotheses := self._order[0].hypotheses) is not None:
            piece = self._order.popleft().piece
            self._ready.append((piece, hypotheses))
            self._ready_weight += weight(piece)
            self._open -= 1


def weight(piece: Piece) -> int:
    """The tokens of a piece plus one: a blank piece takes memory too."""
    return len(piece.tokens) + 1
