"""What judgements say, as records: scores of systems, tests between them, agreement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from s2scli.judging.agreement import Level
from s2scli.judging.bootstrap import Bounds
from s2scli.judging.conduct import Conduct
from s2scli.judging.ranking import Rank
from s2scli.judging.ratings import Floats

__all__ = [
    "AgreeingPair",
    "Agreement",
    "CriterionResult",
    "Draws",
    "ErrorShare",
    "Estimate",
    "Findings",
    "PairResult",
    "SystemResult",
]


class Draws(NamedTuple):
    """How much is drawn at random.

    Attributes:
        samples: resamples of the segments, for intervals.
        trials: of permutations, for tests.
        seed: of the random numbers.
        by_document: whether the segments of a document are drawn together.
    """

    samples: int = 1000
    trials: int = 10_000
    seed: int = 12345
    by_document: bool = False


class Estimate(NamedTuple):
    """A number that describes a system.

    Attributes:
        value: the number; not a number if nothing was said.
        interval: its 95% confidence interval, where there is one.
    """

    value: float
    interval: Bounds | None = None


class SystemResult(NamedTuple):
    """What was said of a system.

    Attributes:
        system: its name.
        judgements: how many there are.
        segments: of how many segments.
        measures: by name; systems are ranked by the first.
        rank: its place; None if nothing was said of it.
    """

    system: str
    judgements: int
    segments: int
    measures: Mapping[str, Estimate]
    rank: Rank | None


class PairResult(NamedTuple):
    """Whether two systems differ.

    Attributes:
        first: the name of one.
        second: the name of the other, which is not ranked higher.
        difference: the mean difference, of the first less the second.
        p: the probability of such a difference by chance; None if nothing can be compared.
        test: ``permutation`` of the segments that both were judged on, or ``rank-sum`` where these
            are less than half of either's.
        segments: how many segments both were judged on.
    """

    first: str
    second: str
    difference: float
    p: float | None
    test: str
    segments: int


class AgreeingPair(NamedTuple):
    """How far two annotators agree.

    Attributes:
        first: one.
        second: the other.
        units: how much both judged.
        kappa: Cohen's kappa; None if it is not defined.
    """

    first: str
    second: str
    units: int
    kappa: float | None


class Agreement(NamedTuple):
    """How far annotators agree.

    Attributes:
        level: what differences between judgements mean.
        alpha: Krippendorff's alpha; None if it is not defined.
        units: how much was judged by two annotators or more.
        pairs: of annotators that judged the same.
    """

    level: Level
    alpha: float | None
    units: int
    pairs: tuple[AgreeingPair, ...]


class CriterionResult(NamedTuple):
    """What was found by one criterion.

    Attributes:
        criterion: its name.
        lower_is_better: whether small values of the first measure are good ones.
        systems: the best first; those of which nothing was said last.
        pairs: each two of them.
        agreement: of the annotators.
        human: for each judged segment and system how good people find it, larger is better; of
            comparisons for each segment and two systems how much better they find the first.
    """

    criterion: str
    lower_is_better: bool
    systems: tuple[SystemResult, ...]
    pairs: tuple[PairResult, ...]
    agreement: Agreement
    human: Floats


class ErrorShare(NamedTuple):
    """Errors of one sort in the outputs of a system.

    Attributes:
        system: its name.
        category: of the errors.
        severity: of the errors.
        marked: how many there are.
        penalty: their part of the system's mean penalty.
    """

    system: str
    category: str
    severity: str
    marked: int
    penalty: float


class Findings(NamedTuple):
    """All that was found.

    Attributes:
        kind: what was asked.
        segments: the ids of the segments that were judged.
        systems: the names of the systems, in the order of the design.
        annotators: how each annotator did.
        left_out: the annotators whose answers do not count.
        criteria: the results by each criterion.
        errors: the errors that were marked, of the kind ``mqm``.
    """

    kind: str
    segments: tuple[str, ...]
    systems: tuple[str, ...]
    annotators: tuple[Conduct, ...]
    left_out: tuple[str, ...]
    criteria: tuple[CriterionResult, ...]
    errors: tuple[ErrorShare, ...] = ()
