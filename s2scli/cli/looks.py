"""What is said of translations beside them: alignments, attention, log-probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from s2scli.cli.files import STDIN, open_output
from s2scli.data import Decoding, Hypothesis, Result
from s2scli.errors import UsageError
from s2scli.inference.decoding import check_attention
from s2scli.tasks.inside import (
    aligned_tokens,
    aligned_words,
    log_probs_of_tokens,
    log_probs_of_words,
    with_log_probs,
)
from s2scli.text.pharaoh import Pairs, pharaoh, words_of

if TYPE_CHECKING:
    from s2scli.inference.model import Model

__all__ = ["Look"]

Keep = Callable[[Sequence[Result]], None]

DIGITS = 6
WEIGHT_DIGITS = 4
SEGMENT, WORD = "segment", "word"


class Look:
    """What is asked for.

    Args:
        pairs: whether alignments stand beside translations.
        file: where alignments are written, a line for each line.
        by_token: whether they are of tokens, not of words.
        attention: whether the attention is given.
        log_probs: of what log-probabilities are given; None for none.
    """

    def __init__(
        self,
        *,
        pairs: bool = False,
        file: Path | None = None,
        by_token: bool = False,
        attention: bool = False,
        log_probs: str | None = None,
    ) -> None:
        self.pairs = pairs
        self._file = file
        self._by_token = by_token
        self._attention = attention
        self._log_probs = log_probs

    def asked(self, decoding: Decoding, model: Model) -> Decoding:
        """The decoding that gives it.

        Raises:
            UsageError: the model gives no attention.
        """
        aligns = self.pairs or self._file is not None
        if aligns or self._attention:
            named = "--alignments" if self.pairs else "--alignments-file"
            check_attention(model, "--attention" if self._attention else named)
        tokens = self._by_token or self._attention or self._log_probs is not None
        return replace(decoding, alignment=aligns or self._attention, detail=tokens)

    def seen(self, blocks: Iterable[list[Result]], model: Model) -> Iterator[list[Result]]:
        """Results with log-probabilities, if these are asked for."""
        return iter(blocks) if self._log_probs is None else with_log_probs(blocks, model)

    def keys(self, result: Result, hypothesis: Hypothesis) -> dict[str, Any]:
        """What an object of JSON lines has beside the rest."""
        found: dict[str, Any] = {}
        if self.pairs:
            found["alignment"] = self._aligned(result, hypothesis)
            found |= self._units(result, hypothesis)
        if self._attention:
            found["attention"] = [
                {
                    "source": detail.source,
                    "target": detail.target,
                    "weights": [
                        [round(weight, WEIGHT_DIGITS) for weight in row]
                        for row in detail.attention or ()
                    ],
                }
                for detail in hypothesis.details
            ]
        if self._log_probs is not None:
            found["log_probs"] = self._likely(hypothesis)
        return found

    def _units(self, result: Result, hypothesis: Hypothesis) -> dict[str, list[str]]:
        """What the positions of alignments stand for."""
        if self._by_token:
            details = hypothesis.details
            return {
                "source_tokens": [token for detail in details for token in detail.source],
                "target_tokens": [token for detail in details for token in detail.target],
            }
        texts = {"source": result.segment.text, "target": hypothesis.text}
        return {
            f"{side}_words": [text[slice(*word)] for word in words_of(text)]
            for side, text in texts.items()
        }

    def _likely(self, hypothesis: Hypothesis) -> Any:
        if self._log_probs == SEGMENT:
            total = sum(likely.log_prob for likely in log_probs_of_tokens(hypothesis))
            return round(total, DIGITS)
        parts = log_probs_of_words if self._log_probs == WORD else log_probs_of_tokens
        return [[text, round(value, DIGITS)] for text, value in parts(hypothesis)]

    def alignment(self, result: Result, hypothesis: Hypothesis | None) -> str:
        """The alignment of a hypothesis as text; empty if nothing was decoded."""
        return pharaoh(self._aligned(result, hypothesis)) if hypothesis else ""

    def _aligned(self, result: Result, hypothesis: Hypothesis) -> Pairs:
        return aligned_tokens(hypothesis) if self._by_token else aligned_words(result, hypothesis)

    @contextmanager
    def kept(self) -> Iterator[Keep]:
        """Keeps the alignments of results in their file, which appears when the block ends well.

        Raises:
            UsageError: it is standard output.
        """
        if self._file is None:
            yield lambda _results: None
            return
        if str(self._file) == STDIN:
            raise UsageError("--alignments-file cannot be standard output", "Name a file.")
        with open_output(self._file) as output:
            yield lambda results: output.write("".join(map(self._line, results)))

    def _line(self, result: Result) -> str:
        best = result.hypotheses[0] if result.hypotheses else None
        return f"{self.alignment(result, best)}\n"
