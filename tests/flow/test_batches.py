from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from s2scli.flow.batches import plan

windows = st.lists(st.lists(st.sampled_from("abc"), max_size=12), max_size=60)


@given(windows, st.integers(1, 40), st.integers(1, 4), st.booleans())
def test_every_source_is_planned_once(
    window: list[list[str]], batch_tokens: int, workers: int, equal_lengths: bool
) -> None:
    batches = plan(window, batch_tokens, workers, equal_lengths=equal_lengths)
    places = [p for batch in batches for positions in batch.places for p in positions]
    assert sorted(places) == [i for i, tokens in enumerate(window) if tokens]
    for batch in batches:
        for tokens, positions in zip(batch.sources, batch.places, strict=True):
            assert all(window[position] == tokens for position in positions)
        padded = len(batch.sources) * max(map(len, batch.sources))
        assert padded <= batch_tokens or len(batch.sources) == 1


@given(windows)
def test_repeats_are_folded(window: list[list[str]]) -> None:
    planned = [tuple(tokens) for batch in plan(window, 10, 1) for tokens in batch.sources]
    assert len(planned) == len(set(planned))
    assert [len(t) for t in planned] == sorted(map(len, planned), reverse=True)


def test_a_small_window_gives_every_worker_a_share() -> None:
    window = [[str(i)] * 10 for i in range(8)]
    assert len(plan(window, 1024, 1)) == 1
    assert len(plan(window, 1024, 2)) == 2


@given(windows, st.integers(1, 40), st.integers(1, 4))
def test_equal_lengths_leave_one_open_batch_of_each(
    window: list[list[str]], batch_tokens: int, workers: int
) -> None:
    batches = plan(window, batch_tokens, workers, equal_lengths=True)
    assert all(len(set(map(len, batch.sources))) == 1 for batch in batches)
    open_lengths = [len(batch.sources[0]) for batch in batches if not batch.full]
    assert len(open_lengths) == len(set(open_lengths))


def test_what_has_room_is_not_full() -> None:
    window = [[str(i)] * 10 for i in range(5)]
    assert [batch.full for batch in plan(window, 20, 1)] == [True, True, False]
