"""Many callers on one running flow: none loses, waits for or ends another."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s2scli.data import Decoding, Hypothesis, Piece, Segment
from s2scli.errors import BadInputError, S2SError
from s2scli.flow.options import FlowOptions
from s2scli.flow.service import FlowService
from s2scli.flow.stream import stream
from s2scli.inference.model import Model
from tests.flow.test_stream import EQUAL, OPTIONS, Echo, Pending, blocks, piece

WAIT = 60
OPEN_ENDED = """
from itertools import count
from s2scli.data import Piece, Segment
from s2scli.flow.stream import FlowOptions, stream
from s2scli.inference.model import Model
from s2scli.inference.device import place
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

model = Model(bundled_directory(DEFAULT_MODEL), place("cpu", threads=1))
source = model.source(model.encode(["Where is the station?"])[0])
blocks = ([Piece(Segment(number, ""), 0, source)] for number in count())
run = stream(blocks, model, model.decoding({}), FlowOptions.on("cpu"))
next(run)
"""


class Gated(Echo):
    """Decodes a batch when it is let; sources with "bad" cannot be decoded."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Semaphore(0)

    def __enter__(self) -> Gated:
        return self

    def __exit__(self, *_: object) -> None:
        """Let everything through: a flow that closes waits for its batch, a failed test's too."""
        self.gate.release(1000)

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> Pending:
        super().submit(sources, decoding)
        gate = self.gate

        class Waiting(Pending):
            def result(self) -> list[tuple[Hypothesis, ...]]:
                assert gate.acquire(timeout=WAIT)
                if any("bad" in tokens for tokens in self.sources):
                    raise BadInputError("bad")
                return super().result()

        return Waiting(sources)


def texts(runs: Iterator[list[tuple[Piece, tuple[Hypothesis, ...]]]]) -> list[str]:
    return [h.text for run in runs for _, hypotheses in run for h in hypotheses]


@given(
    st.lists(
        st.tuples(
            st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=9), max_size=40),
            st.integers(1, 50),
            st.booleans(),
            st.booleans(),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(deadline=None, max_examples=40)
def test_each_caller_gets_its_own(
    callers: list[tuple[list[list[str]], int, bool, bool]],
) -> None:
    echo = Echo()
    with FlowService(2, OPTIONS) as service, ThreadPoolExecutor(8) as threads:

        def call(window: list[list[str]], size: int, equal: bool, in_order: bool) -> list[int]:
            options = OPTIONS._replace(equal_lengths=equal, in_order=in_order, service=service)
            found = []
            for run in stream(blocks(window, size), echo, Decoding(), options):
                for p, hypotheses in run:
                    assert [h.text for h in hypotheses] == [p.segment.text] * bool(p.tokens)
                    found.append(p.segment.index)
            return found

        futures = [threads.submit(call, *caller) for caller in callers]
        for (window, _, _, in_order), future in zip(callers, futures, strict=True):
            found = future.result(WAIT)
            assert (found if in_order else sorted(found)) == list(range(len(window)))


def test_a_single_segment_does_not_wait_for_ten_thousand() -> None:
    gated = Gated()
    arrived = threading.Event()

    def one() -> Iterator[list[Piece]]:
        yield [piece(0, ["one"])]
        arrived.set()

    with FlowService(2, OPTIONS) as service, ThreadPoolExecutor(2) as threads, gated:
        many = [[piece(i, ["word", str(i), "x", "y", "z"]) for i in range(10_000)]]
        large = service.stream(iter(many), gated, Decoding(), OPTIONS)
        small = service.stream(one(), gated, Decoding(), OPTIONS)
        first = threads.submit(next, large)
        gated.gate.release(1)
        assert len(first.result(WAIT)) < 10
        answer = threads.submit(texts, small)
        assert arrived.wait(WAIT)
        # What the engine has already, one batch in its turn, and its own.
        gated.gate.release(4 + 2 + 1)
        assert answer.result(WAIT) == ["one"]
        large.close()


def test_a_short_batch_does_not_wait_for_a_long_one_that_came_before() -> None:
    begun, let = threading.Event(), threading.Event()

    class Slow(Echo):
        def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> Pending:
            class Waiting(Pending):
                def result(self) -> list[tuple[Hypothesis, ...]]:
                    if ["long"] in self.sources:
                        begun.set()
                        assert let.wait(WAIT)
                    return super().result()

            return Waiting(sources)

    with FlowService(2, OPTIONS) as service, ThreadPoolExecutor(2) as threads:
        slow = Slow()

        def ask(name: str) -> list[str]:
            given = iter([[piece(0, [name])]])
            return texts(service.stream(given, slow, Decoding(), OPTIONS))

        long = threads.submit(ask, "long")
        assert begun.wait(WAIT)
        try:
            assert threads.submit(ask, "short").result(WAIT) == ["short"]
            assert not long.done()
        finally:
            let.set()
        assert long.result(WAIT) == ["long"]


@pytest.mark.parametrize("workers", [1, 2])
def test_lone_segments_of_many_callers_share_a_batch(workers: int) -> None:
    gated = Gated()
    options = OPTIONS._replace(batch_tokens=64)
    with FlowService(workers, options) as service, ThreadPoolExecutor(16) as threads, gated:
        arrived = threading.Barrier(11)

        def ask(name: str, come: Callable[[], object]) -> Future[list[str]]:
            def given() -> Iterator[list[Piece]]:
                yield [piece(0, [name])]
                come()

            return threads.submit(texts, service.stream(given(), gated, Decoding(), options))

        first = []
        for number in range(workers):  # each has a worker at once
            alone = threading.Event()
            first.append(ask(f"first{number}", alone.set))
            assert alone.wait(WAIT)
        others = [ask(f"word{number}", lambda: arrived.wait(WAIT)) for number in range(10)]
        arrived.wait(WAIT)  # all are there, behind the first
        gated.gate.release(100)
        assert [one.result(WAIT) for one in first] == [[f"first{n}"] for n in range(workers)]
        assert [other.result(WAIT) for other in others] == [[f"word{n}"] for n in range(10)]
    assert sorted(map(len, gated.batches)) == [*[1] * workers, 10]
    assert service.sizes == {1: workers, 10: 1}


def test_a_caller_with_much_does_not_keep_the_workers_from_those_with_little() -> None:
    gated = Gated()
    with FlowService(1, OPTIONS) as service, ThreadPoolExecutor(2) as threads, gated:
        large = threads.submit(
            texts,
            service.stream(
                blocks([["w", str(n)] for n in range(999)], 999), gated, Decoding(), OPTIONS
            ),
        )
        for turn in range(3):
            small = threads.submit(
                texts, service.stream(blocks([[f"small{turn}"]], 1), gated, Decoding(), OPTIONS)
            )
            before = len(gated.batches)
            while not small.done():
                gated.gate.release(1)
                wait([small], 0.01)
            assert len(gated.batches) - before < 20
        assert not large.done()
        gated.gate.release(10_000)
        assert len(large.result(WAIT)) == 999


def test_a_short_list_is_read_at_once_and_an_interrupt_with_it() -> None:
    options = OPTIONS._replace(whole_windows=True)

    def read(problem: BaseException) -> Iterator[list[Piece]]:
        assert threading.current_thread() is threading.main_thread()
        yield [piece(0, ["fine"])]
        raise problem

    with FlowService(1, options) as service:
        found = service.stream(read(BadInputError("broken")), Echo(), Decoding(), options)
        assert [h.text for _, hs in next(found) for h in hs] == ["fine"]
        with pytest.raises(BadInputError, match="broken"):
            next(found)
        with pytest.raises(KeyboardInterrupt):  # before the result
            next(service.stream(read(KeyboardInterrupt()), Echo(), Decoding(), options))


def test_an_error_is_of_its_caller() -> None:
    gated = Gated()
    gated.gate.release(1000)
    options = OPTIONS._replace(batch_tokens=64)

    def failing() -> Iterator[list[Piece]]:
        yield [piece(0, ["fine"])]
        raise BadInputError("line 2 is broken")

    with FlowService(1, options) as service, ThreadPoolExecutor(8) as threads, gated:

        def call(given: Iterator[list[Piece]]) -> list[str]:
            return texts(service.stream(given, gated, Decoding(), options))

        good = [threads.submit(call, blocks([[f"w{n}", "x"]] * 9, 2)) for n in range(6)]
        bad = threads.submit(call, blocks([["good"], ["bad"]], 2))
        broken = threads.submit(call, failing())
        assert [one.result(WAIT) for one in good] == [[f"w{n} x"] * 9 for n in range(6)]
        with pytest.raises(BadInputError, match="bad"):
            bad.result(WAIT)
        with pytest.raises(BadInputError, match="line 2"):
            broken.result(WAIT)


def test_who_goes_away_leaves_the_others() -> None:
    gated = Gated()
    with FlowService(1, OPTIONS) as service, gated:
        many = [[piece(i, [f"gone{i}"] * 8) for i in range(500)]]
        left = service.stream(iter(many), gated, Decoding(), OPTIONS)
        gated.gate.release(1)
        next(left)
        left.close()
        gated.gate.release(1000)
        stays = service.stream(blocks([["stays"]] * 3, 1), gated, Decoding(), OPTIONS)
        assert texts(stays) == ["stays"] * 3
        assert len(gated.batches) < 20  # and not the two hundred and fifty of who went


def test_closing_ends_all_who_wait() -> None:
    gated = Gated()
    service = FlowService(1, OPTIONS)
    with ThreadPoolExecutor(5) as threads, gated:
        runs = [service.stream(blocks([["a"]], 1), gated, Decoding(), OPTIONS) for _ in range(4)]
        waiting = [threads.submit(texts, run) for run in runs]
        closing = threads.submit(service.close)
        for one in waiting:
            with pytest.raises(S2SError, match="closed"):
                one.result(WAIT)
        gated.gate.release(10)
        closing.result(WAIT)
    with pytest.raises(S2SError, match="closed"):
        next(service.stream(blocks([["a"]], 1), gated, Decoding(), OPTIONS))


def test_closing_does_not_wait_for_input() -> None:
    never = threading.Event()

    def stuck() -> Iterator[list[Piece]]:
        yield [piece(0, ["a"])]
        never.wait()

    with ThreadPoolExecutor(1) as threads:
        with FlowService(1, OPTIONS) as service:
            run = service.stream(stuck(), Echo(), Decoding(), OPTIONS)
            assert len(next(run)) == 1
            rest = threads.submit(texts, run)
        with pytest.raises(S2SError, match="closed"):
            rest.result(WAIT)
    never.set()


def test_a_decoder_that_breaks_its_word_leaves_nobody_waiting() -> None:
    class Short(Pending):
        def result(self) -> list[tuple[Hypothesis, ...]]:
            return super().result()[1:]

    class Forgetful(Echo):
        def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> Pending:
            return Short(sources)

    with FlowService(1, OPTIONS) as service, ThreadPoolExecutor(1) as threads:
        run = service.stream(blocks([["a"], ["b"]], 2), Forgetful(), Decoding(), OPTIONS)
        with pytest.raises(ValueError, match="zip"):
            threads.submit(texts, run).result(WAIT)


def test_a_program_may_end_with_a_run_still_open() -> None:
    done = subprocess.run([sys.executable, "-c", OPEN_ENDED], capture_output=True, timeout=WAIT)
    assert (done.returncode, done.stderr) == (0, b"")


def test_callers_that_do_not_read_are_bounded() -> None:
    read = 0

    def endless() -> Iterator[list[Piece]]:
        nonlocal read
        while True:
            yield [piece(read, [str(read)] * 7)]
            read += 1

    echo = Echo()
    with FlowService(2, OPTIONS) as service:
        idle = service.stream(endless(), echo, Decoding(), OPTIONS)
        next(idle)  # and no more
        others = service.stream(blocks([["a", "b"]] * 200, 3), echo, Decoding(), OPTIONS)
        assert len(texts(others)) == 200
        assert read * 8 <= 6 * OPTIONS.window_batches * OPTIONS.batch_tokens
        idle.close()


@pytest.mark.parametrize("options", [OPTIONS, EQUAL], ids=["sorted", "equal lengths"])
def test_a_service_gives_what_each_would_get_alone(model: Model, options: FlowOptions) -> None:
    options = options._replace(batch_tokens=128, equal_lengths=True)
    lines = ["Where is the station?", "I am hungry.", "The weather is nice today.", "Good morning!"]
    decoding = model.decoding({"beam_size": 2})
    rows = [model.source(tokens) for tokens in model.encode(lines)]

    def pieces(shift: int) -> Iterator[list[Piece]]:
        for number in range(8):
            place = (number + shift) % 4
            yield [Piece(Segment(number, lines[place]), 0, rows[place])]

    def call(shift: int, how: FlowOptions) -> list[tuple[int, str]]:
        runs = stream(pieces(shift), model, decoding, how)
        return [(p.segment.index, h[0].text) for run in runs for p, h in run]

    alone = [call(shift, options) for shift in range(4)]
    with FlowService(model.workers, options) as service, ThreadPoolExecutor(4) as threads:
        shared = options._replace(service=service)
        assert list(threads.map(lambda shift: call(shift, shared), range(4))) == alone
