"""Whether translations with a shortlist are those with the whole vocabulary.

The lines are translated one by one: in a batch the candidates are those of all its sources
together, which is easier. What counts is the share among the lines that the shortlist is used for,
whatever part of a text these are: so that it holds for texts with more of them too.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from s2scli.errors import BadInputError
from s2scli.inference.model import Model
from s2scli.models.shortlist import Shortlist
from s2scli.tasks.shortlist.yields import decoded

__all__ = ["Check", "Promise", "Trial", "least_share"]

USUAL_BEAM = 4  # is checked where a model's own search is greedy
ONE_SIDED = 1.645  # standard deviations: 95% of a normal distribution are above
Translations = dict[int, list[list[str]]]  # by beam size
Seconds = dict[int, float]


class Promise(NamedTuple):
    """What must hold.

    Attributes:
        equal: share of translations that are the same, with a confidence of 95%.
        lost: BLEU against references that may be lost.
        alike: least BLEU against the translations with the whole vocabulary, without references.
    """

    equal: float = 0.97
    lost: float = 0.1
    alike: float = 98.5


class Check(NamedTuple):
    """What a check has found; of several beam sizes, the worst.

    Attributes:
        equal: share of the translations with the shortlist that are the same.
        sure: how large it is at least, with a confidence of 95%.
        known: share of the sources that the shortlist is used for.
        candidates: how many these have in the mean.
        alike: BLEU of all translations against those with the whole vocabulary.
        bleu: BLEU with it and without it; None without references.
        faster: processor time of all translations without it, by that with it.
        longest: up to which number of source tokens, without the model's own, as many translations
            are the same as must be; 0 if up to none.
    """

    equal: float
    sure: float
    known: float
    candidates: int
    alike: float
    bleu: tuple[float, float] | None
    faster: float
    longest: int = 0

    def holds(self, promise: Promise) -> bool:
        """Whether that is good enough."""
        if self.sure < promise.equal:
            return False
        if self.bleu is None:
            return self.alike >= promise.alike
        return self.bleu[1] - self.bleu[0] <= promise.lost


class Trial:
    """Translations of what was held out, with the whole vocabulary and with shortlists.

    Args:
        model: the model.
        sources: tokens of ``Model.encode``, none of them empty.
        references: a translation of each; empty if there are none.
        promise: what must hold.
        longest: how many tokens a source has at most that a shortlist is used for, the model's own
            included; 0 for any number.

    Raises:
        BadInputError: they are too few to be sure of what must hold.
    """

    def __init__(
        self,
        model: Model,
        sources: Sequence[list[str]],
        references: Sequence[str],
        promise: Promise,
        longest: int = 0,
    ) -> None:
        self._model, self.sources, self._promise = model, sources, promise
        self.longest = longest
        self._references = [[reference] for reference in references]
        if (least := _fewest(promise.equal)) > len(sources):
            raise BadInputError(
                f"{len(sources)} lines are too few to check on: to be sure of {promise.equal:.1%}, "
                f"{least} are needed that the model can take in one piece",
                "Give more text, or ask for less with --equal.",
            )
        own = model.decoding({}).beam_size
        self.beams = (1, USUAL_BEAM if own == 1 else own)
        self._whole, self._seconds = self._translated(model, "")

    def could_hold(self, shortlist: Shortlist) -> bool:
        """Whether a shortlist has the tokens of enough translations, which is soon found out."""
        used = self._used(shortlist)
        for translations in self._whole.values():
            met = sum(
                shortlist.candidates(self._model.source(self.sources[place])).issuperset(
                    translations[place]
                )
                for place in used
            )
            if least_share(met, len(used)) < self._promise.equal:
                return False
        return True

    def check(self, shortlist: Shortlist, loaded: Model) -> Check:
        """Translate with a shortlist, and compare.

        Args:
            shortlist: the shortlist.
            loaded: the model with it.
        """
        used = self._used(shortlist)
        sizes = [
            len(shortlist.candidates(self._model.source(self.sources[place]))) for place in used
        ]
        found, seconds = self._translated(loaded, "trial")
        same = self._same(found, used)
        many = max(1, len(used))
        scores = [self._scores(found[beam], self._whole[beam]) for beam in self.beams]
        bleu = max((score for _, score in scores if score), key=_loss, default=None)
        return Check(
            same / many,
            least_share(same, len(used)),
            len(used) / len(self.sources),
            round(sum(sizes) / many),
            min(alike for alike, _ in scores),
            bleu,
            min(self._seconds[beam] / seconds[beam] for beam in self.beams),
            self._holds_up_to(found, used),
        )

    def _same(self, found: Translations, places: Sequence[int]) -> int:
        """How many translations at some places are the same, at the beam size of the fewest."""
        return min(
            sum(found[beam][place] == self._whole[beam][place] for place in places)
            for beam in self.beams
        )

    def _holds_up_to(self, found: Translations, used: Sequence[int]) -> int:
        """Up to which number of source tokens as many are the same as must be; 0 if up to none."""
        lengths = {place: len(self.sources[place]) for place in used}
        for longest in sorted(set(lengths.values()), reverse=True):
            some = [place for place in used if lengths[place] <= longest]
            if least_share(self._same(found, some), len(some)) >= self._promise.equal:
                return longest
        return 0

    def _used(self, shortlist: Shortlist) -> list[int]:
        """The places of the sources that a shortlist is used for."""
        reach, frame = shortlist.reach(self.longest), self._model.source
        return [n for n, source in enumerate(self.sources) if reach.serves(frame(source))]

    def _translated(self, model: Model, shortlist: str) -> tuple[Translations, Seconds]:
        """All translations, and the processor time that they take, which others do not change."""
        found, seconds = {}, {}
        for beam in self.beams:
            how = replace(model.decoding({}), beam_size=beam, shortlist=shortlist)
            start = time.process_time()
            rows = dict(decoded(model, self.sources, how, alone=True))
            seconds[beam] = time.process_time() - start
            found[beam] = [rows[place][0].tokens for place in range(len(self.sources))]
        return found, seconds

    def _scores(
        self, found: Sequence[list[str]], whole: Sequence[list[str]]
    ) -> tuple[float, tuple[float, float] | None]:
        """BLEU against the whole vocabulary's, and against the references: with it, without."""
        from s2scli.metrics.base import load_metric

        metric = load_metric("bleu")
        texts, others = (self._model.tokenizer.decode(rows) for rows in (found, whole))
        alike = metric.score(metric.statistics(texts, [[other] for other in others]))
        if not self._references:
            return alike, None
        with_it, without = (
            metric.score(metric.statistics(each, self._references)) for each in (texts, others)
        )
        return alike, (with_it, without)


def _loss(bleu: tuple[float, float]) -> float:
    return bleu[1] - bleu[0]


def least_share(met: int, of: int) -> float:
    """How large a share is at least, with a confidence of 95%: Wilson's score interval.

    See Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953.
    """
    if not of:
        return 0.0
    share, z = met / of, ONE_SIDED
    middle = share + z * z / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - half) / (1 + z * z / of)


def _fewest(share: float) -> int:
    """How many must be met, without one that is not, to be sure of a share."""
    return math.ceil(share * ONE_SIDED**2 / (1 - share)) if share < 1 else 1
