"""One caller's queue in a flow: the pieces it submitted, and their results."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from s2scli.data import Decoder, Decoding, Hypothesis, Piece
from s2scli.flow.options import FlowOptions
from s2scli.flow.recent import Recent

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
        # What is drawn must not depend on its batch: see ``flow.batches``.
        self.equal_lengths = options.equal_lengths or decoding.sample
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
        # With whole windows, what is decoded must not depend on what is ready by then; and a window
        # finds most repeats by itself.
        kept = 0 if options.whole_windows else options.recent_batches * options.batch_tokens
        self._recent = Recent(kept) if kept else None

    # --- the caller ---

    def fill(self, blocks: Iterable[list[Piece]]) -> None:
        """Add pieces: a first window at once if none is planned before it is whole, the rest in a
        thread, which waits while the buffer is full."""
        left = iter(blocks)
        first = min(self.window_tokens, self._limit) if self._whole_windows else 0
        while not self._ended and self.weight < first:
            self._add(left)
        if isinstance(self._error, KeyboardInterrupt):  # not in its turn
            raise self._error
        if not self._ended:
            threading.Thread(target=self._add_all, args=(left,), daemon=True, name="reader").start()

    def _add_all(self, blocks: Iterator[list[Piece]]) -> None:
        while not self._ended:
            self._add(blocks)

    def _add(self, blocks: Iterator[list[Piece]]) -> None:
        """Add the next pieces; the input ends with them, or with what they fail with."""
        try:
            block = next(blocks, None)
            with self._changed:
                self._changed.wait_for(lambda: self.weight < self._limit or self.closed)
                if block is None or self.closed:
                    self._end()
                    return
                self._input.extend(block)
                self.weight += sum(map(weight, block))
                self._news()
        except BaseException as problem:  # raised to the caller, in its turn
            self._end(problem)

    def _end(self, error: BaseException | None = None) -> None:
        with self._changed:
            self._ended = True
            self._error = self._error or error
            self._news()
            self._changed.notify_all()

    def _news(self) -> None:
        """Have what has come planned, if it may be."""
        if self.may_be_planned:
            self._wake()

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
            self._news()
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
        slots = [Taken(self, piece, self._known(piece), self.taken) for piece in pieces]
        self._count_known(slots)
        self.taken += taken
        self.weight -= taken
        self._order.extend(s for s in slots if self._in_order or s.hypotheses is not None)
        self._open += len(slots)
        self._changed.notify_all()
        self._give_out()
        return slots

    def decoding_of(self, piece: Piece) -> Decoding:
        """How a piece is decoded."""
        return (piece.decoding or self.default).sized(len(piece.tokens))

    def _known(self, piece: Piece) -> tuple[Hypothesis, ...] | None:
        """The hypotheses of a piece that need not be decoded; None if it must be."""
        if not piece.tokens:
            return ()
        if self._recent is None:
            return None
        return self._recent.get((self.decoding_of(piece), tuple(piece.tokens)))

    def _count_known(self, slots: list[Taken]) -> None:
        """Report pieces that were recalled as decoded, as those that a batch has twice are."""
        known = [(slot.piece, slot.hypotheses[0]) for slot in slots if slot.hypotheses]
        if known:
            source = sum(len(piece.tokens) for piece, _ in known)
            target = sum(hypothesis.tokens for _, hypothesis in known)
            self._batches.append((len(known), source, target))

    def done(self, slots: list[Taken], counts: Counts) -> None:
        """Record that some of its slots have their hypotheses."""
        if self.closed:
            return
        self.under_way -= len(slots)
        if self._recent is not None:
            for slot in slots:
                key = self.decoding_of(slot.piece), tuple(slot.piece.tokens)
                self._recent.put(key, slot.hypotheses or ())
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
