"""The attention of a model to sources whose translations are given."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ctranslate2

from s2scli.guard.facts import Facts
from s2scli.inference.model import Model
from s2scli.text.alignment import attended, covered

__all__ = ["Forcing"]

BATCH_TOKENS = 2048


class Forcing:
    """A model of CTranslate2 that is made to write given translations.

    Args:
        model: the model, for its tokenizer.
        directory: where it is.
    """

    def __init__(self, model: Model, directory: Path) -> None:
        self._model = model
        self._translator = ctranslate2.Translator(str(directory), intra_threads=1)

    def facts(self, pairs: Sequence[tuple[str, str]], source: str, target: str) -> list[Facts]:
        """Pairs of source and translation with the attention that each source token got.

        Args:
            pairs: the pairs.
            source, target: their languages.
        """
        model = self._model
        sources = [model.source(tokens) for tokens in model.encode([pair[0] for pair in pairs])]
        targets = model.encode_targets([pair[1] for pair in pairs])
        results = self._translator.translate_batch(
            sources,
            targets,
            beam_size=1,
            max_input_length=0,
            max_decoding_length=max(map(len, targets)) + 1,
            max_batch_size=BATCH_TOKENS,
            batch_type="tokens",
            return_attention=True,
            return_end_token=True,
        )
        return [
            self._facts(pair, tokens, result.attention[0][: len(tokens)], source, target)
            for pair, tokens, result in zip(pairs, targets, results, strict=True)
        ]

    def _facts(
        self,
        pair: tuple[str, str],
        tokens: list[str],
        rows: list[list[float]],
        source: str,
        target: str,
    ) -> Facts:
        words = attended(pair[1], self._model.tokenizer.target_spans(tokens), rows)
        coverage = tuple(covered(self._model.source_spans(pair[0]), words))
        return Facts(*pair, source, target, coverage=coverage)
