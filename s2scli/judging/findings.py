"""What an evaluation found, from all that was said in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from s2scli.errors import BadInputError
from s2scli.judging.collection import Collection
from s2scli.judging.compared import by_preference
from s2scli.judging.conduct import conduct
from s2scli.judging.kinds import MQM, RELATIVE
from s2scli.judging.lots import Lots
from s2scli.judging.rated import by_penalty, by_scale, error_shares
from s2scli.judging.results import CriterionResult, Draws, Findings

__all__ = ["judge"]


def judge(
    collection: Collection, words: Mapping[str, int], by: Draws, *, passing_only: bool
) -> Findings:
    """Score the systems of an evaluation.

    Args:
        collection: what was said.
        words: how many words the source of each segment has.
        by: how intervals and tests draw.
        passing_only: whether annotators that fail the control items are left out.

    Raises:
        BadInputError: nothing was said, or nobody is left who said anything.
    """
    annotators = conduct(collection)
    left_out = [each.annotator for each in annotators if passing_only and each.failures()]
    kept = collection.without(left_out)
    if not kept.segments():
        if left_out:
            names = ", ".join(left_out)
            raise BadInputError(f"No answers are left without {names}, who fail the control items")
        raise BadInputError("No answer says anything of a system", "Are the sheets filled in?")
    design, lots = kept.design, Lots(kept.lots(by_document=by.by_document), by)
    return Findings(
        design.kind,
        tuple(kept.segments()),
        design.systems,
        tuple(annotators),
        tuple(left_out),
        tuple(_results(kept, words, lots)),
        error_shares(kept) if design.kind == MQM else (),
    )


def _results(
    collection: Collection, words: Mapping[str, int], by: Lots
) -> Sequence[CriterionResult]:
    if collection.design.kind == RELATIVE:
        return [by_preference(collection, by)]
    if collection.design.kind == MQM:
        return [by_penalty(collection, words, by)]
    return [by_scale(collection, name, by) for name in collection.criteria()]
