"""Our own search over a real model of a few numbers, against every target that there is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest

from s2scli.data import Decoding
from s2scli.errors import S2SError, UsageError
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.inference.engines.searching import SearchEngine
from s2scli.inference.engines.stepper import Floats, Ids, Source, VocabularyStepper, kept_sources
from s2scli.models.manifest import SearchRules

TOKENS = ["</s>", "<unk>", "a", "b", "c", "<s>"]
SOURCES = [["a", "b", "c"], ["c"], ["b", "b"], ["c", "a", "a", "b", "c"], ["a"]]


@dataclass
class _State:
    source: Floats  # of each source that is still decoded, a vector for each token
    mask: Any
    hidden: Floats
    beams: int
    looked: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))


class Recurrent(VocabularyStepper):
    """A recurrent model with attention and numbers by chance; its vocabulary is tiny."""

    def __init__(self, seed: int = 0, width: int = 8) -> None:
        super().__init__(TOKENS, unknown=1, start_token=5)
        rng = np.random.default_rng(seed)
        self._table, self._output = (
            rng.normal(size=(len(TOKENS), width)).astype(np.float32) for _ in range(2)
        )
        self._weights = rng.normal(size=(2 * width, width)).astype(np.float32)

    def start(self, sources: Sequence[Source], beams: int) -> _State:
        longest = max(map(len, sources))
        ids = np.zeros((len(sources), longest), np.int64)
        mask = np.zeros(ids.shape, bool)
        for row, source in enumerate(sources):
            ids[row, : len(source)] = [TOKENS.index(token) for token in source]
            mask[row, : len(source)] = True
        hidden = np.zeros((len(sources) * beams, self._table.shape[1]), np.float32)
        return _State(self._table[ids], mask, hidden, beams)

    def step(self, state: _State, tokens: Ids, parents: Ids) -> Floats:
        kept = kept_sources(parents, state.beams, len(state.source))
        if kept is not None:
            state.source, state.mask = state.source[kept], state.mask[kept]
        source = np.repeat(state.source, state.beams, 0)
        hidden = state.hidden[parents] + self._table[tokens]
        scores = np.einsum("rsw,rw->rs", source, hidden)
        scores[~np.repeat(state.mask, state.beams, 0)] = -np.inf
        looked = np.exp(scores - scores.max(1, keepdims=True))
        state.looked = looked / looked.sum(1, keepdims=True)
        context = np.einsum("rsw,rs->rw", source, state.looked)
        state.hidden = np.tanh(np.concatenate([hidden, context], 1) @ self._weights)
        logits: Floats = state.hidden @ self._output.T
        return logits

    def attention(self, state: _State) -> Floats:
        return state.looked


def engine(rules: SearchRules | None = None, seed: int = 0, workers: int = 1) -> SearchEngine:
    return SearchEngine(Recurrent(seed), "</s>", workers, "float32", rules)


def decode(
    options: Decoding, rules: SearchRules | None = None, **more: Any
) -> list[list[TokenHypothesis]]:
    return engine(rules).submit(SOURCES, options, **more).result()


def everything(source: list[str], longest: int) -> dict[tuple[str, ...], float]:
    """Every target of at most so many tokens, the end counted, with its log-probability."""
    found: dict[tuple[str, ...], float] = {}
    words = [token for token in TOKENS if token != "</s>"]
    targets = [
        target for count in range(longest) for target in itertools.product(words, repeat=count)
    ]
    scores = engine().score([source] * len(targets), [list(target) for target in targets])
    for target, row in zip(targets, scores, strict=True):
        found[target] = sum(row)
    return found


PLAIN = Decoding(beam_size=1, max_length=5, min_length=0)


@pytest.mark.parametrize("length_penalty", [0.0, 0.6, 1.0, 2.0])
def test_a_beam_as_wide_as_all_there_is_finds_the_best(length_penalty: float) -> None:
    """With so many beams nothing is lost: the result is what trying all targets gives."""
    longest = 4
    wide = replace(PLAIN, beam_size=5**3, n_best=3, max_length=longest, forced_end=False)
    wide = replace(wide, length_penalty=length_penalty, suppress=())
    found = decode(wide, SearchRules(early_stopping="never"))
    for source, several in zip(SOURCES, found, strict=True):
        whole = {t: s / (len(t) + 1) ** length_penalty for t, s in everything(source, 4).items()}
        # Targets that the maximum length cuts off compete too.
        ended = [h for h in several if not h.truncated]
        best = sorted(whole, key=lambda target: -whole[target])
        assert [tuple(h.tokens) for h in ended] == best[: len(ended)]
        for h in ended:
            assert h.length == len(h.tokens) + 1
            total = whole[tuple(h.tokens)] * h.length**length_penalty
            assert h.score == pytest.approx(total / h.length, abs=1e-5)


def test_scores_are_those_that_forcing_gives() -> None:
    for beams in (1, 3):
        found = decode(replace(PLAIN, beam_size=beams, max_length=12))
        best = [several[0] for several in found]
        scores = engine().score(SOURCES, [h.tokens for h in best], batch_tokens=8)
        for hypothesis, row in zip(best, scores, strict=True):
            assert len(row) == len(hypothesis.tokens) + 1
            kept = row[: hypothesis.length]
            assert hypothesis.score == pytest.approx(sum(kept) / len(kept), abs=1e-5)


def alone(options: Decoding, rules: SearchRules | None = None) -> list[list[TokenHypothesis]]:
    ours = engine(rules)
    return [ours.submit([source], options).result()[0] for source in SOURCES]


RULES = [SearchRules(kind) for kind in (False, True, "never")] + [SearchRules(narrowing=True)]


@pytest.mark.parametrize("rules", RULES)
@pytest.mark.parametrize("beams", [1, 2, 4])
@pytest.mark.parametrize("patience", [1.0, 2.0])
def test_a_result_does_not_depend_on_what_else_is_in_the_batch(
    rules: SearchRules, beams: int, patience: float
) -> None:
    options = replace(PLAIN, beam_size=beams, n_best=beams, max_length=20, patience=patience)
    together = decode(options, rules)
    for mine, theirs in zip(together, alone(options, rules), strict=True):
        assert [h.tokens for h in mine] == [h.tokens for h in theirs]
        assert [h.score for h in mine] == pytest.approx([h.score for h in theirs], abs=1e-5)


def test_patience_finds_at_least_as_much() -> None:
    best = []
    for patience in (1.0, 4.0):
        options = replace(PLAIN, beam_size=2, max_length=30, patience=patience)
        found = decode(options, SearchRules(early_stopping=True))
        best.append([several[0].score for several in found])
    assert all(more >= less - 1e-6 for less, more in zip(*best, strict=True))


@pytest.mark.parametrize("beams", [1, 4])
def test_lengths_and_ends(beams: int) -> None:
    options = replace(PLAIN, beam_size=beams, max_length=6)
    for several in decode(replace(options, min_length=6)):
        assert several[0].truncated
        assert len(several[0].tokens) == several[0].length == 6
        assert "</s>" not in several[0].tokens
    for several in decode(replace(options, min_length=6, forced_end=True)):
        assert several[0].truncated
        assert several[0].length == len(several[0].tokens) == 5
    for several in decode(replace(options, min_length=3)):
        assert len(several[0].tokens) >= 3
    for several in decode(replace(options, ends=("b", "c"), suppress=(("</s>",),), max_length=30)):
        hypothesis = several[0]
        assert hypothesis.truncated or hypothesis.tokens[-1] in ("b", "c")
        assert not {"b", "c"} & set(hypothesis.tokens[:-1])


def grams(tokens: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(tokens[place : place + size]) for place in range(len(tokens) - size + 1)]


@pytest.mark.parametrize("beams", [1, 4])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_gram_comes_twice(beams: int, size: int) -> None:
    options = replace(PLAIN, beam_size=beams, n_best=beams, max_length=16, min_length=0)
    for several in decode(replace(options, no_repeat_ngram_size=size)):
        for hypothesis in several:
            found = grams(hypothesis.tokens, size)
            assert len(found) == len(set(found))


@pytest.mark.parametrize("beams", [1, 4])
def test_what_is_suppressed_does_not_come(beams: int) -> None:
    options = replace(PLAIN, beam_size=beams, n_best=beams, max_length=12, min_length=4)
    free = decode(options)
    pair = next(p for several in free for h in several for p in grams(h.tokens, 2))
    rows = ((pair[0], pair[1]), ("<unk>",), ("no such token",))
    for several in decode(replace(options, suppress=rows)):
        for hypothesis in several:
            assert pair not in grams(hypothesis.tokens, 2)
            assert "<unk>" not in hypothesis.tokens


def test_where_all_is_forbidden_the_rest_comes_out() -> None:
    all_of_it = tuple((token,) for token in TOKENS)
    for beams in (1, 3):
        found = decode(replace(PLAIN, beam_size=beams, suppress=all_of_it))
        assert [[(h.tokens, h.truncated) for h in several] for several in found] == [
            [([], True)]
        ] * len(SOURCES)


@pytest.mark.parametrize("beams", [1, 4])
def test_what_a_target_begins_with(beams: int) -> None:
    options = replace(PLAIN, beam_size=beams, max_length=8)
    given = decode(options, target_prefix=["a", "b"])
    ours = engine()
    for source, several in zip(SOURCES, given, strict=True):
        hypothesis = several[0]
        row = ours.score([source], [hypothesis.tokens], target_prefix=["a", "b"])[0]
        kept = row[: hypothesis.length]
        assert hypothesis.score == pytest.approx(sum(kept) / len(kept), abs=1e-5)
        assert hypothesis.length <= 6
        whole = ours.score([source], [["a", "b", *hypothesis.tokens]])[0]
        assert whole[2:] == pytest.approx(row, abs=1e-5)
    # The first token may take the start token's place.
    assert decode(options, target_prefix=["<s>"], start_given=True) == decode(options)
    full = decode(replace(options, max_length=2), target_prefix=["a", "b"])
    assert all(several[0].truncated and several[0].tokens == [] for several in full)


@pytest.mark.parametrize("beams", [1, 4])
def test_attention_is_what_forcing_sees(beams: int) -> None:
    options = replace(PLAIN, beam_size=beams, n_best=beams, max_length=12, alignment=True)
    stepper = Recurrent()
    for source, several in zip(SOURCES, decode(options), strict=True):
        for hypothesis in several:
            state = stepper.start([source], 1)
            assert hypothesis.attention is not None
            assert len(hypothesis.attention) == len(hypothesis.tokens)
            last = stepper.start_token
            for token, row in zip(hypothesis.tokens, hypothesis.attention, strict=True):
                stepper.step(state, np.array([last]), np.array([0]))
                assert row == pytest.approx(stepper.attention(state)[0], abs=1e-5)
                last = TOKENS.index(token)


def test_a_beam_that_narrows_ends_with_as_many_as_it_had() -> None:
    options = replace(PLAIN, beam_size=3, n_best=3, max_length=40)
    for several in decode(options, SearchRules(narrowing=True)):
        assert len(several) == 3
        scores = [h.score for h in several]
        assert scores == sorted(scores, reverse=True)


def test_many_batches_at_once_are_those_one_after_the_other() -> None:
    ours = engine(workers=4)
    assert ours.workers == 4
    assert ours.compute_type == "float32"
    options = replace(PLAIN, beam_size=3, max_length=12)
    pending = [ours.submit([source], options) for source in SOURCES * 5]
    expected = alone(options) * 5
    assert [each.result()[0] for each in pending] == expected
    ours.close()
    with pytest.raises(S2SError, match="has been closed"):
        ours.submit(SOURCES, options)
    with pytest.raises(S2SError, match="has been closed"):
        ours.score([["a"]], [["b"]])


def test_failures_are_ours() -> None:
    with pytest.raises(S2SError, match="engine failed"):
        engine().submit([["no such token"]], PLAIN).result()


@pytest.mark.parametrize("weight", [0.2, 1.0, 5.0])
def test_a_coverage_penalty_ranks_all_targets(weight: float) -> None:
    """With so many beams the order is that of the formula over all targets."""
    wide = replace(PLAIN, beam_size=5**3, n_best=20, max_length=4, coverage_penalty=weight)
    found = decode(wide, SearchRules(early_stopping="never"))
    looking = decode(replace(wide, alignment=True, coverage_penalty=0.0, n_best=5**3))
    for source, several, seen in zip(SOURCES, found, looking, strict=True):
        assert len(several) == 20
        rows = {tuple(h.tokens): forced_attention(source, h.tokens) for h in seen}
        values = []
        for h in several:
            looked = rows.get(tuple(h.tokens), forced_attention(source, h.tokens))
            looked = looked[: h.length]
            values.append(h.score + weight * np.log(np.minimum(looked.sum(0), 1)).sum())
        assert values == sorted(values, reverse=True)
        assert several[0].attention is None
        everything_else = [h for h in seen if not any(h.tokens == o.tokens for o in several)]
        for h in everything_else:
            looked = rows[tuple(h.tokens)][: h.length]
            other = h.score + weight * np.log(np.minimum(looked.sum(0), 1)).sum()
            assert other <= values[-1] + 1e-5


def forced_attention(source: list[str], tokens: Sequence[str]) -> Floats:
    """The attention when a target is forced, a row for each of its tokens and the end."""
    model = Recurrent()
    state = model.start([source], 1)
    rows = []
    for token in [model.start_token, *map(TOKENS.index, tokens)]:
        model.step(state, np.array([token]), np.array([0]))
        rows.append(state.looked[0, : len(source)])
    return np.array(rows)


def test_patience_waits_for_more_finished_ones() -> None:
    """An exact count, rounded as in CTranslate2; with much patience nothing better is missed."""
    beams, best = 3, []
    for patience in (1.0, 1.5, 3.0, 40.0):
        found = decode(replace(PLAIN, beam_size=beams, max_length=9, patience=patience))
        best.append([h[0].score * h[0].length / h[0].length for h in found])
    for sooner, later in itertools.pairwise(best):
        assert all(b >= a - 1e-6 for a, b in zip(sooner, later, strict=True))


def test_the_unknown_token_can_be_forbidden() -> None:
    options = replace(PLAIN, beam_size=4, n_best=4, max_length=8)
    assert any("<unk>" in h.tokens for several in decode(options) for h in several)
    found = decode(replace(options, no_unknown=True))
    assert not any("<unk>" in h.tokens for several in found for h in several)


def test_an_end_that_is_called_unknown_is_not_forbidden() -> None:
    """GPT-2's tokenizer names its end so; without it, nothing would end."""

    class OneToken(Recurrent):
        def __init__(self) -> None:
            super().__init__()
            self.unknown = TOKENS.index("</s>")

    named = SearchEngine(OneToken(), "</s>", 1, "float32")
    options = replace(PLAIN, beam_size=4, n_best=4, max_length=8)
    plain, asked = (
        named.submit(SOURCES, replace(options, no_unknown=given)).result()
        for given in (False, True)
    )
    assert [[h.tokens for h in each] for each in plain] == [
        [h.tokens for h in each] for each in asked
    ]
    assert named.unknown_token == ""


def test_a_coverage_penalty_needs_attention() -> None:
    class Blind(Recurrent):
        attention = None  # type: ignore[assignment]

    blind = SearchEngine(Blind(), "</s>", 1, "float32")
    with pytest.raises(UsageError, match="no attention"):
        blind.submit(SOURCES, replace(PLAIN, beam_size=2, coverage_penalty=1.0))
