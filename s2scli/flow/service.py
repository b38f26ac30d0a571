"""A running flow that many callers submit to: they share batches, and none blocks another.

Each caller has a lane. Pieces are planned into batches: a lane with a full batch or more by itself,
lanes with less together, so that their pieces share batches. The resulting groups of batches take
turns, one batch each. Of shared batches as many are under way as there are workers, and no more are
planned meanwhile: whoever comes while all are busy shares the next one. Whoever changes the state
also plans and submits, under one lock. A thread waits for the engine and delivers the results; for
shared batches there are as many as workers, so that none waits for one that came before it.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from weakref import WeakSet

from s2scli.data import Decoder, Decoding, Hypothesis, Monitor, PendingBatch, Piece
from s2scli.errors import S2SError
from s2scli.flow.batches import Batch, plan
from s2scli.flow.lane import Decoded, Lane, Taken
from s2scli.flow.options import FlowOptions
from s2scli.flow.work import Work

__all__ = ["FlowService"]

# For most lengths, one window has too few pieces to fill a batch of equal length.
WINDOWS_HELD = 3

_RUNNING: WeakSet[FlowService] = WeakSet()
# A forked child has none of its parent's threads, so there is nothing to wait for.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_RUNNING.clear)


@atexit.register
def _close_all() -> None:
    """Close all flows when the interpreter exits: a generator may still be referenced."""
    for service in list(_RUNNING):
        service.close()


class FlowService:
    """A running flow; close it at the end.

    Callers whose decoder is the same object share batches.

    Args:
        workers: number of batches decoded at the same time.
        options: limits on memory and batches; each caller may have stricter ones.

    Attributes:
        sizes: how many batches of each number of sources the engine has got.
    """

    def __init__(self, workers: int, options: FlowOptions) -> None:
        self.sizes: Counter[int] = Counter()
        self._workers = workers
        self._options = options
        self._depth = workers + options.batches_ahead
        self._lock = threading.RLock()
        self._submitted = threading.Condition(self._lock)
        self._lanes: list[Lane] = []
        self._groups: deque[deque[Work]] = deque()  # planned
        self._shared: deque[Work] = deque()  # the group of them whose batches are shared
        self._under_way: deque[tuple[Work, PendingBatch]] = deque()
        self._decoding = 0  # batches submitted, including the one that is waited for
        self._sharing = 0  # the shared ones of them
        self._closed = False
        self._collectors: list[threading.Thread] = []
        self._collecting = self._idle = 0  # of them: those that have not ended; that have no batch
        with self._lock:
            self._collect_more()
        _RUNNING.add(self)

    def stream(
        self,
        blocks: Iterable[list[Piece]],
        decoder: Decoder,
        decoding: Decoding,
        options: FlowOptions,
        monitor: Monitor | None = None,
    ) -> Generator[list[Decoded], None, None]:
        """Decode pieces; see ``flow.stream.stream``. Closing the generator cancels what is left."""
        lane = Lane(self._lock, decoder, decoding, options, self._wake)
        with self._lock:
            if self._closed:
                raise S2SError("The flow is closed")
            self._lanes.append(lane)
        unwatch = _watch(options, lane)
        try:
            lane.fill(blocks)
            while (report := lane.next()) is not None:
                if monitor:
                    for counts in report.batches:
                        monitor.decoded(*counts)
                if report.results:
                    yield report.results
        finally:
            unwatch()
            with self._lock:
                lane.fail()
                self._lanes.remove(lane)

    def close(self) -> None:
        """End it; callers that wait get an error.

        Only the engine's current batches are waited for: a thread inside the engine would abort the
        process when the interpreter exits.
        """
        self._end(S2SError("The flow was closed"))
        if threading.current_thread() in self._collectors:
            return
        # Not a join: a generator can be collected, and so closed, by whoever holds the lock.
        # Waiting on a condition gives the lock back.
        with self._lock:
            self._submitted.wait_for(lambda: not self._collecting or not self._are_alive)

    @property
    def _are_alive(self) -> bool:
        return any(thread.is_alive() for thread in self._collectors)

    def _end(self, error: BaseException) -> None:
        """Submit nothing more; callers that wait get the error."""
        with self._lock:
            self._closed = True
            for lane in self._lanes:
                lane.fail(error)
            self._groups.clear()
            self._submitted.notify_all()

    def __enter__(self) -> FlowService:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- planning; the lock is held ---

    def _wake(self) -> None:
        """After a change: plan for lanes with nothing under way, and submit."""
        try:
            self._pump(fresh=True)
        except BaseException as error:  # what was being planned is lost, so nobody may wait for it
            self._end(error)
            raise

    def _pump(self, *, fresh: bool = False) -> None:
        """Plan if there is room in the engine, and submit.

        Args:
            fresh: whether to plan only for lanes with nothing under way; the others wait for
                their next result, so that their windows grow meanwhile.
        """
        if self._closed:
            return
        while self._decoding < self._depth and self._plan(fresh) and not self._groups:
            pass
        while self._decoding < self._depth and (work := self._next()):
            self._submit(work)

    def _next(self) -> Work | None:
        """The batch whose turn it is, if any may be submitted."""
        for place, group in enumerate(self._groups):
            if group[0].shared and self._sharing >= self._workers:
                continue
            del self._groups[place]
            work = group.popleft()
            if group:
                self._groups.append(group)
            return work
        return None

    def _plan(self, fresh: bool) -> bool:
        """Plan for lanes that have pieces; return whether there were any to plan for."""
        lanes = [
            lane for lane in self._lanes if lane.may_be_planned and not (fresh and lane.under_way)
        ]
        few = [lane for lane in lanes if lane.weight <= self._options.batch_tokens]
        many = [lane for lane in lanes if lane not in few]
        idle = self._workers - self._sharing
        if self._shared or idle <= 0:
            few = []  # they join the next ones
        if few:
            self._shared = deque(self._planned(few, idle, shared=True))
            self._take_turns(self._shared)
        for lane in many:
            self._take_turns(deque(self._planned([lane], self._workers)))
        return bool(few or many)

    def _take_turns(self, group: deque[Work]) -> None:
        if group:
            self._groups.append(group)

    def _planned(self, lanes: list[Lane], parts: int, *, shared: bool = False) -> Iterator[Work]:
        """The next batches of some lanes together, without what is held back to wait for more.

        Args:
            lanes: the lanes.
            parts: how many workers less than a batch for each is cut for.
            shared: whether others with little join the next batches, not these.
        """
        window: list[Taken] = []
        starving = set()
        for lane in lanes:
            held, lane.held = lane.held, []
            slots = lane.take()
            if not slots:
                starving.add(lane)
            window += held + slots
        wanted = [
            (
                slot.lane.decoder,
                slot.lane.decoding_of(slot.piece),
                slot.lane.equal_lengths,
            )
            for slot in window
        ]
        count = 0
        for key in dict.fromkeys(wanted):
            decoder, decoding, equal = key
            tokens = [
                slot.piece.tokens if other == key and slot.hypotheses is None else []
                for slot, other in zip(window, wanted, strict=True)
            ]
            size = self._options.batch_tokens
            for batch in plan(tokens, size, parts, equal_lengths=equal):
                rows = [[window[place] for place in places] for places in batch.places]
                work = Work(decoder, decoding, batch.sources, rows, shared)
                # Of what should wait, as much as lets no worker wait: more may be there after that.
                hungry = count < self._workers and any(lane in starving for lane in work.lanes())
                if hungry or not equal or _is_due(batch, work):
                    count += 1
                    for lane in work.lanes():
                        lane.planned += work.count(lane)
                    yield work
                else:
                    for slot in (slot for row in rows for slot in row):
                        slot.lane.held.append(slot)

    def _submit(self, work: Work) -> None:
        lanes = work.lanes()
        work = work.of(lanes)
        if not lanes:
            return
        for lane in lanes:
            lane.planned -= work.count(lane)
        try:
            pending = work.decoder.submit(work.sources, work.decoding)
        except BaseException as error:
            self._failed(work, error)
            return
        for lane in lanes:
            lane.under_way += work.count(lane)
        self._decoding += 1
        self._sharing += work.shared
        self.sizes[len(work.sources)] += 1
        self._under_way.append((work, pending))
        self._submitted.notify_all()
        more = len(self._under_way) > self._idle and len(self._collectors) < self._workers
        if more and work.shared:
            with suppress(RuntimeError, MemoryError):  # there is no room for it: one will do
                self._collect_more()

    def _failed(self, work: Work, error: BaseException) -> None:
        """Retry a failed batch for each of its callers; if there is only one, end its lane."""
        lanes = work.lanes()
        if len(lanes) == 1:
            lanes[0].fail(error)
            return
        for lane in lanes:
            own = work.of([lane])
            lane.planned += own.count(lane)
            self._groups.appendleft(deque([own]))

    # --- the threads that wait for the engine ---

    def _collect_more(self) -> None:
        """Start a thread; the lock is held."""
        thread = threading.Thread(target=self._run, daemon=True, name="flow")
        thread.start()
        self._collectors.append(thread)
        self._collecting += 1
        self._idle += 1

    def _run(self) -> None:
        try:
            while self._collect():
                pass
        except BaseException as error:  # a bug here must not leave callers waiting
            self._end(error)
        finally:
            with self._lock:
                self._collecting -= 1
                self._submitted.notify_all()

    def _collect(self) -> bool:
        """Wait for a batch and deliver its results; False when the flow is closed."""
        with self._lock:
            self._submitted.wait_for(lambda: self._under_way or self._closed)
            if self._closed:
                return False
            work, pending = self._under_way.popleft()
            self._idle -= 1
        found: list[tuple[Hypothesis, ...]] | BaseException
        try:
            found = pending.result()
        except BaseException as error:  # passed on to the callers of the batch
            found = error
        with self._lock:
            self._idle += 1
            self._decoding -= 1
            self._sharing -= work.shared
            if isinstance(found, BaseException):
                for lane in work.lanes():
                    lane.under_way -= work.count(lane)
                self._failed(work, found)
            else:
                work.give(found)
            self._pump()
        return True


def _watch(options: FlowOptions, lane: Lane) -> Callable[[], None]:
    """Let a caller's switch end its lane; return how to undo that."""
    if options.cancel is None:
        return _nothing
    from s2scli.flow.cancel import CancelledError  # few runs are cancelled

    return options.cancel.watch(lambda: lane.fail(CancelledError()))


def _nothing() -> None:
    pass


def _is_due(batch: Batch, work: Work) -> bool:
    """Whether a batch must not wait for more sources of its length."""
    slots = [slot for some in work.slots for slot in some]
    return batch.full or any(
        slot.lane.exhausted or slot.lane.taken - slot.taken > WINDOWS_HELD * slot.lane.window_tokens
        for slot in slots
    )
