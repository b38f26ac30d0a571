"""N-best lists of any system from Python, as ``s2s rerank`` takes them::

import s2scli

(ranking,) = s2scli.rerank([["Wo ist der Bahnhof?", "Wo ist die Station?"]], "mbr:chrf")
print(ranking.order)  # the numbers of the hypotheses, best first
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from s2scli.errors import UsageError
from s2scli.inference.device import place
from s2scli.inference.shelf import ModelShelf
from s2scli.text.reading import checked
from s2scli.typed import typed

if TYPE_CHECKING:
    from s2scli.tasks.rerank.ranking import Ranking

__all__ = ["rerank"]

T = TypeVar("T")


@typed
def rerank(
    hypotheses: Sequence[Sequence[str]],
    by: str | Sequence[str] = "mbr:chrf",
    *,
    sources: Sequence[str] | None = None,
    scores: Sequence[Sequence[float]] | None = None,
    source: str | None = None,
    target: str | None = None,
    device: str = "cpu",
) -> list[Ranking]:
    """Rank the hypotheses of each source; models are loaded for the call.

    Args:
        hypotheses: for each source, its hypotheses.
        by: ``"mbr:chrf"``, ``"reverse:de-en=0.5"``, ``"score=0.3"`` …, or several of them.
        sources: the sources; ``reverse`` and ``ensemble`` need them.
        scores: for each source, the own scores of its hypotheses; higher is better.
        source: language of the sources, for models of several languages.
        target: language of the hypotheses.
        device: ``cpu``, ``cuda`` or ``auto``.

    Returns:
        A ranking for each list: ``order`` has the numbers of its hypotheses, best first;
        ``totals`` and ``values`` what they are ranked by; ``left_out`` what could not count.

    Raises:
        UsageError: something is unknown or missing, or the numbers of texts and scores differ.
        BadInputError: a text contains NUL or an unpaired surrogate.
        UnavailableError: a model is not installed.
    """
    from s2scli.tasks.rerank.ranking import Candidates
    from s2scli.tasks.rerank.reranking import Reranking

    shelf = ModelShelf(lambda engine: place(device, engine=engine))
    ranker = Reranking.of(by).ranker(source, target, shelf)
    if sources is None and ranker.asks_models:
        raise UsageError("To rank by other models, the sources are needed")
    given = [
        Candidates(text, texts, own)
        for texts, text, own in zip(
            hypotheses,
            _alike("sources", sources, hypotheses, ""),
            _alike("lists of scores", scores, hypotheses, None),
            strict=True,
        )
    ]
    for each in given:
        for text in (each.source, *each.texts):
            checked(text, repr(text))
        if each.scores is None:
            continue
        if not all(map(math.isfinite, each.scores)):
            raise UsageError(f"A score of {list(each.scores)} is not a number")
        if len(each.scores) != len(each.texts):
            raise UsageError(f"{len(each.texts)} hypotheses have {len(each.scores)} scores")
    found = ranker.rank(given)
    shelf.close()
    return found


def _alike(
    what: str, given: Sequence[T] | None, hypotheses: Sequence[object], default: T
) -> Sequence[T]:
    """One for each list.

    Raises:
        UsageError: there are more or fewer.
    """
    if given is None:
        return [default] * len(hypotheses)
    if len(given) != len(hypotheses):
        raise UsageError(f"There are {len(hypotheses)} lists and {len(given)} {what}")
    return given
