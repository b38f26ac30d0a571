from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.data import Decoding, Hypothesis, Piece, Segment
from s2scli.errors import BadInputError
from s2scli.flow.stream import WINDOWS_HELD, FlowOptions, stream

OPTIONS = FlowOptions(batch_tokens=16, window_batches=4, first_window_batches=1)
EQUAL = OPTIONS._replace(equal_lengths=True)
both = pytest.mark.parametrize("options", [OPTIONS, EQUAL], ids=["sorted", "equal lengths"])


class Pending:
    def __init__(self, sources: Sequence[list[str]]) -> None:
        self.sources = sources

    def result(self) -> list[tuple[Hypothesis, ...]]:
        return [(Hypothesis(" ".join(tokens), -0.5, len(tokens)),) for tokens in self.sources]


class Echo:
    """An identity model."""

    workers = 2

    def __init__(self) -> None:
        self.decoded: list[list[str]] = []
        self.batches: list[Sequence[list[str]]] = []

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> Pending:
        assert all(sources), "nothing to decode must pass by the model"
        self.decoded.extend(sources)
        self.batches.append(sources)
        return Pending(sources)


def piece(number: int, tokens: list[str]) -> Piece:
    return Piece(Segment(number, " ".join(tokens)), 0, tokens)


def blocks(window: list[list[str]], size: int) -> Iterator[list[Piece]]:
    pieces = [piece(i, tokens) for i, tokens in enumerate(window)]
    for start in range(0, len(pieces), size):
        yield pieces[start : start + size]


@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=20), max_size=120),
    st.integers(1, 50),
    st.sampled_from([OPTIONS, EQUAL]),
)
def test_everything_comes_out_in_order(
    window: list[list[str]], size: int, options: FlowOptions
) -> None:
    echo = Echo()
    out = [d for run in stream(blocks(window, size), echo, Decoding(), options) for d in run]
    assert not options.equal_lengths or all(len(set(map(len, b))) == 1 for b in echo.batches)
    assert [p.segment.index for p, _ in out] == list(range(len(window)))
    for p, hypotheses in out:
        assert [h.text for h in hypotheses] == ([p.segment.text] if p.tokens else [])


def test_repeats_in_a_window_are_decoded_once() -> None:
    echo = Echo()
    window = [["same", "words"]] * 5
    out = [d for run in stream(blocks(window, 5), echo, Decoding(), OPTIONS) for d in run]
    assert len(out) == 5
    assert len(echo.decoded) == 1


def answered_in_turn(rows: list[list[str]], options: FlowOptions) -> Echo:
    """The model, after each row was given when the one before had been answered."""
    echo, answered = Echo(), threading.Event()

    def slow() -> Iterator[list[Piece]]:
        for number, tokens in enumerate(rows):
            yield [piece(number, tokens)]
            assert answered.wait(30), f"line {number} was not answered"
            answered.clear()

    told = Told()
    out: list[str] = []
    for run in stream(slow(), echo, Decoding(), options, told):
        out += [hypotheses[0].text for _, hypotheses in run]
        answered.set()
    assert out == [" ".join(tokens) for tokens in rows]
    assert told.counts == [len(rows), sum(map(len, rows)), sum(map(len, rows))]
    return echo


class Told:
    """Adds up what was decoded."""

    def __init__(self) -> None:
        self.counts = [0, 0, 0]

    def decoded(self, *more: int) -> None:
        self.counts = [one + other for one, other in zip(self.counts, more, strict=True)]

    def finished(self, results: object) -> None: ...


@both
def test_a_source_that_comes_again_later_is_not_decoded_again(options: FlowOptions) -> None:
    echo = answered_in_turn([["one"], ["two"], ["one"], ["one"], ["two"]], options)
    assert echo.decoded == [["one"], ["two"]]


def test_what_was_asked_for_least_recently_is_forgotten() -> None:
    few = OPTIONS._replace(batch_tokens=1, recent_batches=3)
    rows = [["a"], ["b"], ["a"], ["c", "d"], ["a"], ["b"]]
    assert answered_in_turn(rows, few).decoded == [["a"], ["b"], ["c", "d"], ["b"]]
    none = OPTIONS._replace(recent_batches=0)
    assert answered_in_turn([["a"], ["a"]], none).decoded == [["a"], ["a"]]


def test_other_decoding_options_are_another_source() -> None:
    echo, answered = Echo(), threading.Event()

    def slow() -> Iterator[list[Piece]]:
        for number, beam in enumerate((1, 2, 1)):
            yield [piece(number, ["a"])._replace(decoding=Decoding(beam_size=beam))]
            assert answered.wait(30)
            answered.clear()

    for _ in stream(slow(), echo, Decoding(), OPTIONS):
        answered.set()
    assert len(echo.decoded) == 2


@both
def test_a_slow_line_is_answered_before_the_next_comes(options: FlowOptions) -> None:
    answered = threading.Event()

    def slow() -> Iterator[list[Piece]]:
        for number in range(3):
            yield [piece(number, [f"word{number}"])]
            assert answered.wait(30), f"line {number} was not answered"
            answered.clear()

    count = 0
    for run in stream(slow(), Echo(), Decoding(), options):
        count += len(run)
        answered.set()
    assert count == 3


def test_the_reader_does_not_run_ahead_without_bound() -> None:
    read = 0

    def endless() -> Iterator[list[Piece]]:
        nonlocal read
        while True:
            yield [piece(read, [str(read)] * 7)]
            read += 1

    runs = stream(endless(), Echo(), Decoding(), OPTIONS)
    given_out = 0
    while given_out < 5000:
        given_out += len(next(runs))
        # A window in the buffer, and at most two planned; 8 tokens each.
        assert (read - given_out) * 8 <= 4 * OPTIONS.window_batches * OPTIONS.batch_tokens
    del runs  # closes the generator, and with it the buffer


def test_a_batch_waits_for_more_of_its_length() -> None:
    echo = Echo()
    # A full window has two of each length, a full batch more; all is there before the first.
    window = [[str(i)] * (2 + i % 3) for i in range(240)]
    list(stream([[piece(i, tokens) for i, tokens in enumerate(window)]], echo, Decoding(), EQUAL))
    assert len(echo.decoded) == len(window)
    few = [batch for batch in echo.batches if (len(batch) + 1) * len(batch[0]) <= 16]
    assert len(few) <= 9  # the first windows are small, the last batches are what is left


def test_what_is_rare_does_not_wait_without_bound() -> None:
    taken = 0

    def rare_then_endless() -> Iterator[list[Piece]]:
        nonlocal taken
        yield [piece(0, ["rare", "length"])]
        while True:
            taken += 1
            yield [piece(taken, [str(taken)] * 7)]

    next(stream(rare_then_endless(), Echo(), Decoding(), EQUAL))
    windows = WINDOWS_HELD + 3  # with its own, one that is decoded and one in the buffer
    assert taken * 8 <= windows * EQUAL.window_batches * EQUAL.batch_tokens


def test_an_error_of_the_reader_comes_after_what_was_read() -> None:
    def failing() -> Iterator[list[Piece]]:
        yield [piece(0, ["a"]), piece(1, ["b", "b"])]
        raise BadInputError("line 3 is broken")

    runs = stream(failing(), Echo(), Decoding(), OPTIONS)
    out = [p.segment.index for p, _ in next(runs)]
    with pytest.raises(BadInputError, match="line 3"):
        out.extend(p.segment.index for run in runs for p, _ in run)
    assert out == [0, 1]


def test_an_error_of_the_decoder_ends_the_run() -> None:
    class Broken(Echo):
        def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> Pending:
            raise BadInputError("no")

    with pytest.raises(BadInputError):
        list(stream(blocks([["a"]], 1), Broken(), Decoding(), OPTIONS))


def test_the_monitor_hears_of_every_piece() -> None:
    class Counter:
        pieces = source = target = 0

        def decoded(self, pieces: int, source_tokens: int, target_tokens: int) -> None:
            self.pieces += pieces
            self.source += source_tokens
            self.target += target_tokens

        def finished(self, results: object) -> None:
            raise AssertionError("only tasks finish segments")

    counter = Counter()
    window = [["a"], ["b", "c"], [], ["a"]]
    list(stream(blocks(window, 2), Echo(), Decoding(), OPTIONS, counter))
    assert (counter.pieces, counter.source, counter.target) == (3, 4, 4)


@pytest.mark.parametrize("size", [1, 3, 200])
@pytest.mark.parametrize("pause", [0.0, 0.001])
def test_whole_windows_do_not_depend_on_timing(size: int, pause: float) -> None:
    """Batches are the same however the input comes in, and however long decoding takes."""
    window = [["a"] * (1 + number * 7 % 11) + [str(number)] for number in range(200)]

    def slowly() -> Iterator[list[Piece]]:
        for block in blocks(window, size):
            time.sleep(pause)
            yield block

    model = Echo()
    options = OPTIONS._replace(whole_windows=True)
    runs = list(stream(slowly(), model, Decoding(), options))
    assert [piece.segment.index for run in runs for piece, _ in run] == list(range(200))
    once = Echo()
    list(stream(iter([[*next(blocks(window, 200))]]), once, Decoding(), options))
    assert model.batches == once.batches


def test_whole_windows_of_input_that_fails() -> None:
    def failing() -> Iterator[list[Piece]]:
        yield [piece(0, ["a"])]
        raise BadInputError("bad")

    found = stream(failing(), Echo(), Decoding(), OPTIONS._replace(whole_windows=True))
    assert [each.segment.index for each, _ in next(found)] == [0]
    with pytest.raises(BadInputError):
        next(found)
