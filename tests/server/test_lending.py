"""Engines that a server lends give what they give here."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from s2scli.data import Decoding
from s2scli.errors import S2SError
from s2scli.handover import State
from s2scli.inference.device import Placement, place
from s2scli.inference.engines import engine_factory
from s2scli.inference.engines.contract import Engine, RankingEngine
from s2scli.inference.lent import GoneError, Link, borrower
from s2scli.models.store import Installed, bundled_directory
from s2scli.server.lending import lend
from s2scli.server.loading import loader
from s2scli.server.metrics import Metrics
from s2scli.server.pool import Pool

PLACE = place("cpu", threads=1)


@pytest.fixture(scope="module")
def pool(small_models: dict[str, Path]) -> Iterator[Pool]:
    models = [Installed.at(each) for each in (bundled_directory("en-de"), *small_models.values())]
    pool = Pool(models, loader("cpu", 1))
    yield pool
    pool.close()


@pytest.fixture
def link(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> Iterator[Link]:
    monkeypatch.setattr(State, "reasons", [])
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=lend, args=(pool, Metrics(), theirs))
    thread.start()
    link = Link(ours.detach())
    yield link
    link.close()
    thread.join()


def opened(model: Installed, where: Placement = PLACE, compute_type: str = "default") -> Engine:
    return engine_factory(model.manifest)(model.directory, model.manifest, where, compute_type)


def borrowed(
    link: Link, model: Installed, where: Placement = PLACE, compute_type: str = "default"
) -> Engine | None:
    here = partial(opened, model, where, compute_type)
    lends = borrower(link, is_auto=False)
    return lends(model.directory, model.manifest, where, compute_type, here)


DECODINGS = (
    Decoding(max_length=12),
    Decoding(beam_size=1, alignment=True, max_length=12),
    Decoding(beam_size=3, n_best=3, max_length=5, alignment=True),
    Decoding(sample=True, n_best=2, seed=3, max_length=8),
    Decoding(search="reference", beam_size=2, suppress=(("▁ist",),), max_length=8),
    Decoding(coverage_penalty=0.3, max_length=12),
)
SOURCES = [["▁Where", "▁is", "▁the", "▁station", "?", "</s>"], ["▁Tea", "?", "</s>"]]


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("decoding", DECODINGS)
def test_hypotheses_are_equal(decoding: Decoding, number: int, pool: Pool, link: Link) -> None:
    model = pool.models[number]
    lent, own = borrowed(link, model), opened(model)
    assert lent
    for fact in ("compute_type", "attends", "unknown_token", "seven_bits"):
        assert getattr(lent, fact) == getattr(own, fact)
    several = [lent.submit(SOURCES, decoding) for _ in range(3)]  # on their way together
    expected = own.submit(SOURCES, decoding).result()
    for pending in reversed(several):
        assert pending.result() == expected


def test_scores_and_ranks_are_equal(pool: Pool, link: Link) -> None:
    model = pool.models[0]
    lent, own = borrowed(link, model), opened(model)
    assert isinstance(lent, RankingEngine)
    assert isinstance(own, RankingEngine)
    targets = [["▁Wo", "▁ist", "?"], ["▁Tee", "?"]]
    assert lent.score(SOURCES, targets) == own.score(SOURCES, targets)
    assert lent.ranked(SOURCES, targets, 3) == own.ranked(SOURCES, targets, 3)


def test_what_fails_there_fails_here(pool: Pool, link: Link) -> None:
    lent = borrowed(link, pool.models[0])
    assert lent
    with pytest.raises(S2SError, match="engine failed"):
        lent.submit(SOURCES, Decoding(beam_size=1, n_best=3)).result()
    assert lent.submit(SOURCES, Decoding()).result()


@pytest.mark.parametrize(
    ("number", "where", "compute_type", "reason"),
    [
        (1, Placement("cpu", workers=1, threads=2), "default", "1 threads, not with 2"),
        (0, Placement("cuda"), "default", "runs it on cpu"),
        (0, PLACE, "float32", "int8_float32, not in float32"),
    ],
)
def test_what_would_be_other_results_is_not_lent(
    number: int, where: Placement, compute_type: str, reason: str, pool: Pool, link: Link
) -> None:
    assert borrowed(link, pool.models[number], where, compute_type) is None
    assert reason in State.reasons[0]


def test_integers_are_the_same_with_any_threads(pool: Pool, link: Link) -> None:
    several = Placement("cpu", workers=1, threads=2)
    lent = borrowed(link, pool.models[0], several)
    assert lent
    expected = opened(pool.models[0], several).submit(SOURCES, Decoding()).result()
    assert lent.submit(SOURCES, Decoding()).result() == expected


def test_a_server_that_goes(pool: Pool) -> None:
    ours, theirs = socket.socketpair()
    threading.Thread(target=lend, args=(pool, Metrics(), theirs)).start()
    link, model = Link(ours.detach()), pool.models[0]
    own = opened(model)
    lends = borrower(link, is_auto=True)
    lent = lends(model.directory, model.manifest, PLACE, "default", lambda: own)
    strict = borrowed(link, model)
    assert lent
    assert strict
    expected = lent.submit(SOURCES, Decoding()).result()
    link.close()
    assert lent.submit(SOURCES, Decoding()).result() == expected
    assert lent.score(SOURCES, [["▁Wo"], ["▁Tee"]]) == own.score(SOURCES, [["▁Wo"], ["▁Tee"]])
    with pytest.raises(GoneError):
        strict.submit(SOURCES, Decoding()).result()
