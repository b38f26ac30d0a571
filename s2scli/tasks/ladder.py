"""Other ways to decode a text whose translation seems wrong, one after the other.

The first translation that passes all checks is taken; if none does, the one with the fewest
findings, and of these the one that the model thinks most likely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from s2scli.data import Decoding, Hypothesis, Result
from s2scli.guard.facts import Finding
from s2scli.tasks.steps import Again, Step

__all__ = ["Climbed", "Judge", "climb"]

Judge = Callable[[Result], list[Finding]]
NGRAM = 3  # tokens that are never repeated
WIDER, WIDEST = 8, 32  # hypotheses of the beam: at least, and twice those of the run, up to
CAPITALS = {"\u00df": "\u1e9e"}  # of letters that Python has two capitals for
CHOSEN_FROM = 8  # finished hypotheses of that beam


class Climbed(NamedTuple):
    """A result, and how it was found.

    Attributes:
        result: with one hypothesis, but for what came first.
        findings: what seems wrong with it.
        how: the rung of the ladder; empty for the result as it came.
        before: what seemed wrong with that.
    """

    result: Result
    findings: list[Finding]
    how: str
    before: list[Finding]

    @property
    def score(self) -> float:
        """Mean log-probability per token of its best hypothesis."""
        return self.result.hypotheses[0].score


class _Rung(NamedTuple):
    """A way to decode.

    Attributes:
        name: how a person says it: "repaired by sentence".
        decode: translates results' texts again; None if it cannot change anything.
    """

    name: str
    decode: Callable[[Sequence[Result], Again], Sequence[Result] | None]


def climb(
    held: Sequence[Result],
    judge: Judge,
    before: Sequence[Step],
    again: Again,
    ahead: Callable[[Iterable[Result]], None],
) -> list[Climbed]:
    """Decode texts in other ways until nothing seems wrong with their translations.

    Args:
        held: results with which something seems wrong.
        judge: says what.
        before: steps that each translation goes through first; what one of them would have decoded
            again is not taken.
        again: decodes texts.
        ahead: is given the new results of all texts before each is judged.

    Returns:
        For each the best that was found.
    """
    judged = ((result, judge(result)) for result in held)
    best = [Climbed(result, findings, "", findings) for result, findings in judged]
    for number, result in enumerate(held):
        others = (replace(result, hypotheses=(one,)) for one in result.hypotheses[1:])
        best[number] = _better(best[number], others, judge, "by another hypothesis")
    for rung in RUNGS:
        left = [number for number, one in enumerate(best) if one.findings]
        results = [held[number] for number in left]
        found = rung.decode(results, again) if left else None
        ahead(found or ())
        for number, result, new in zip(left, results, found or (), strict=False):
            candidates = _through(before, result, new.hypotheses)
            best[number] = _better(best[number], candidates, judge, rung.name)
    return best


def _better(best: Climbed, candidates: Iterator[Result], judge: Judge, how: str) -> Climbed:
    """The first candidate that passes, or the best of all."""
    for candidate in candidates:
        if not best.findings:
            break
        new = Climbed(candidate, judge(candidate), how, best.before)
        if (len(new.findings), -new.score) < (len(best.findings), -best.score):
            best = new
    return best


def _through(
    before: Sequence[Step], result: Result, hypotheses: Sequence[Hypothesis]
) -> Iterator[Result]:
    """Each hypothesis as a result of its own, after the steps before."""
    for hypothesis in hypotheses:
        candidate: Result | None = replace(result, hypotheses=(hypothesis,))
        for step in before:
            candidate = candidate and step.take(candidate)
        if candidate and candidate.hypotheses:
            yield candidate


def _decoded(
    results: Sequence[Result], again: Again, decoding: Decoding | None = None
) -> Sequence[Result]:
    """The results' texts decoded again, sentence by sentence; each of several equal ones once."""
    texts = list(dict.fromkeys(result.segment.text for result in results))
    new = again(texts, aligned=True, decoding=decoding, by_sentence=True)
    found = dict(zip(texts, new, strict=True))
    return [found[result.segment.text] for result in results]


def _by_sentence(results: Sequence[Result], again: Again) -> Sequence[Result] | None:
    """As the run does it, unless no text has several sentences."""
    texts = (result.segment.text for result in results)
    if not any(sum(1 for _ in again.split(text, 0, len(text))) > 1 for text in texts):
        return None
    return _decoded(results, again)


def _without_repeats(results: Sequence[Result], again: Again) -> Sequence[Result] | None:
    size = again.decoding.no_repeat_ngram_size
    if 0 < size <= NGRAM:
        return None
    return _decoded(results, again, replace(again.decoding, no_repeat_ngram_size=NGRAM))


def _wider(results: Sequence[Result], again: Again) -> Sequence[Result] | None:
    beam = min(max(WIDER, 2 * again.decoding.beam_size), WIDEST)
    if beam <= again.decoding.beam_size:
        return None
    wider = replace(again.decoding, beam_size=beam, n_best=CHOSEN_FROM, sample=False)
    return _decoded(results, again, wider)


def _in_small_letters(results: Sequence[Result], again: Again) -> Sequence[Result] | None:
    """Those in capitals alone as sentences, and what comes of that in capitals."""
    texts = dict.fromkeys(r.segment.text for r in results if r.segment.text.isupper())
    if not texts:
        return None
    small = [text.capitalize() for text in texts]
    new = again(small, aligned=True, by_sentence=True)
    found = {text: _in_capitals(result) for text, result in zip(texts, new, strict=True)}
    return [found.get(r.segment.text, replace(r, hypotheses=())) for r in results]


def _in_capitals(result: Result) -> Result:
    """A result in capitals; letter by letter, so that links stay right."""

    def capital(letter: str) -> str:
        large = CAPITALS.get(letter) or letter.upper()
        return large if len(large) == 1 else letter

    capitals = ("".join(map(capital, one.text)) for one in result.hypotheses)
    pairs = zip(result.hypotheses, capitals, strict=True)
    return replace(result, hypotheses=tuple(replace(one, text=text) for one, text in pairs))


def _in_float32(results: Sequence[Result], again: Again) -> Sequence[Result] | None:
    exact = again.in_float32
    return _decoded(results, exact) if exact else None


RUNGS = (
    _Rung("by sentence", _by_sentence),
    _Rung("in small letters", _in_small_letters),
    _Rung("without repeated n-grams", _without_repeats),
    _Rung("by a wider beam", _wider),
    _Rung("in float32", _in_float32),
)
