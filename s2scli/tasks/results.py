"""Scores of an earlier run, to compare with: files of ``sacrebleu`` and of ``s2s score``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NamedTuple

from s2scli.errors import BadInputError
from s2scli.metrics.sacre import TITLES
from s2scli.tasks.score import Score
from s2scli.tasks.score_inputs import Read
from s2scli.text.reading import called, read_text

__all__ = ["Recorded", "RecordedScore", "read_results", "results_in_file"]

# What sacrebleu calls its scores → what they are here.
NAMES = {title: name for name, title in TITLES.items()}
# Parts of a signature that a score does not depend on: of intervals, and of a file that is named.
BESIDE = {"bs", "ar", "seed", "spm"}
REFERENCE_WORDS = "ref_len"  # sacrebleu's name
ADVICE = {
    "tok": "Take the tokenizer of the file with --tokenize.",
    "case": "Take --lowercase, or leave it out.",
    "nrefs": "Give as many references.",
    REFERENCE_WORDS: "The references must be the same.",
    "version": "Score the baseline with this version.",
    "s2s": "Score the baseline with this version.",
}
OTHERWISE = "Scores can be compared only if all of the signature is the same."
NO_SIGNATURE = "sacrebleu writes one for a single system; score the baseline alone."
REFERENCE_LENGTH = re.compile(r"\bref_len = (\d+)")


class RecordedScore(NamedTuple):
    """A score of an earlier run.

    Attributes:
        value: the score.
        signature: how it was computed.
        digits: the decimal places that it was rounded to; None if it was not.
        reference_length: number of words of the references, of BLEU; None if it is not known.
    """

    value: float
    signature: str
    digits: int | None
    reference_length: int | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The scores of an earlier run, by metric.

    Attributes:
        name: the file.
        scores: by metric.
    """

    name: str
    scores: Mapping[str, RecordedScore]

    def loss(self, score: Score) -> float:
        """How much worse a score is than the recorded one, rounded as that was."""
        recorded = self.scores[score.metric]
        value = score.value if recorded.digits is None else round(score.value, recorded.digits)
        loss = value - recorded.value if score.lower_is_better else recorded.value - value
        return loss if recorded.digits is None else round(loss, recorded.digits)

    def difference(self, score: Score) -> float:
        """The score minus the recorded one."""
        return score.value - self.scores[score.metric].value

    def check(self, scores: Sequence[Score], needed: Sequence[str]) -> None:
        """Make sure that scores can be compared with the recorded ones.

        Args:
            scores: of a system.
            needed: metrics that must have been recorded; others are compared if they were.

        Raises:
            BadInputError: the file lacks a metric, or a part of a signature differs.
        """
        for name in needed:
            if name not in self.scores:
                raise BadInputError(
                    f"{self.name} has no score of {name}", f"It has: {', '.join(self.scores)}."
                )
        for score in scores:
            if score.metric in self.scores:
                self._check_signature(score, self.scores[score.metric])

    def _check_signature(self, score: Score, recorded: RecordedScore) -> None:
        ours, theirs = _parts(score.signature), _parts(recorded.signature)
        if ours.get("nrefs") == "1" and recorded.reference_length is not None:
            # Of several references, it depends on the hypotheses.
            ours[REFERENCE_WORDS] = str(score.details.get("reference_length"))
            theirs[REFERENCE_WORDS] = str(recorded.reference_length)
        for part in (*ours, *theirs):
            if part not in BESIDE and ours.get(part) != theirs.get(part):
                raise BadInputError(
                    f"{self.name}: {score.metric} differs in {part}: "
                    f"{theirs.get(part, 'nothing')} there, {ours.get(part, 'nothing')} here",
                    ADVICE.get(part, OTHERWISE),
                )


def read_results(name: str, read: Read) -> Recorded:
    """The scores in a file of ``sacrebleu``, or of ``s2s score --json``.

    Raises:
        BadInputError: it is none, or a system's signature is missing.
        MissingInputError: it cannot be read.
    """
    found = _results_in(called(name), read_text(name, read(name)))
    if found is None:
        raise BadInputError(
            f"{called(name)} holds no scores",
            "Give what 's2s score --json' or sacrebleu (its JSON) has written.",
        )
    return found


def results_in_file(name: str, read: Read) -> Recorded | None:
    """The scores in a file; None if it is something else, such as hypotheses.

    Raises:
        BadInputError: there are scores without what is needed to compare them.
        MissingInputError: it cannot be read.
    """
    return None if Path(name).is_dir() else _results_in(called(name), read_text(name, read(name)))


def _results_in(name: str, text: str) -> Recorded | None:
    """The scores in a text; None if it is something else, such as hypotheses.

    Raises:
        BadInputError: there are scores without what is needed to compare them.
    """
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    rows = content if isinstance(content, list) else [content]
    if not rows or not all(isinstance(row, dict) for row in rows):
        return None
    if isinstance(content, dict) and "systems" in content:
        return _collected(name, _own(name, content))
    if "system" in rows[0] or ("name" in rows[0] and "score" in rows[0]):
        return _collected(name, _sacrebleus(name, rows))
    return None


def _collected(name: str, scores: Iterator[tuple[str, RecordedScore]]) -> Recorded:
    found: dict[str, RecordedScore] = {}
    for metric, score in scores:
        if metric in found:
            raise BadInputError(f"{name} has two scores of {metric}", "Leave one of them.")
        found[metric] = score
    return Recorded(name, found)


def _own(name: str, content: dict[str, Any]) -> Iterator[tuple[str, RecordedScore]]:
    """The scores of the first system, the baseline of the others."""
    try:
        for row in content["systems"][0]["scores"]:
            length = row.get("details", {}).get("reference_length")
            value = _number(name, row["score"])
            yield str(row["metric"]), RecordedScore(value, str(row["signature"]), None, length)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise BadInputError(
            f"{name} is not what 's2s score --json' has written: {error!r}"
        ) from None


def _sacrebleus(name: str, rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, RecordedScore]]:
    digits = max(map(_decimals, rows))
    for row in rows:
        if not isinstance(row.get("signature"), str) or "score" not in row:
            raise BadInputError(f"{name} has scores without a signature", NO_SIGNATURE)
        metric = NAMES.get(str(row.get("name")))
        if metric is None:
            raise BadInputError(
                f"{name} has a score of {row.get('name')!r}, which is not computed here",
                f"Known: {', '.join(NAMES)}.",
            )
        length = REFERENCE_LENGTH.search(str(row.get("verbose_score", "")))
        value = _number(name, row["score"])
        yield (
            metric,
            RecordedScore(value, row["signature"], digits, int(length[1]) if length else None),
        )


def _decimals(row: Mapping[str, Any]) -> int:
    """The decimal places of a score; those of an interval keep their zeros."""
    shown = str(row.get("confidence", row.get("score"))).rpartition(" ")[2]
    try:
        exponent = Decimal(shown).as_tuple().exponent
    except InvalidOperation:
        return 0
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadInputError(f"{name} has a score that is no number: {value!r}")
    return float(value)


def _parts(signature: str) -> dict[str, str]:
    """What a signature says, by name."""
    found = (part.partition(":") for part in signature.split("|"))
    return {name: value for name, _, value in found}
