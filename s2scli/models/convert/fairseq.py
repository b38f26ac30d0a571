"""The vocabularies of mBART, M2M100 and NLLB, which number their pieces as fairseq did."""

from __future__ import annotations

import re
from collections.abc import Mapping

from s2scli.errors import InvalidModelError
from s2scli.models.convert.bartlike import BOS, EOS, PAD, UNK
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.vocabulary import (
    TOKENIZER_JSON,
    Vocabulary,
    arrange,
    listed_tokens,
    named_tokens,
    sentencepiece_pieces,
    tokenizer_json,
)

__all__ = ["PIECES", "language_tokens", "numbered_pieces"]

PIECES = "sentencepiece.bpe.model"


def numbered_pieces(checkpoint: Checkpoint, size: int, languages: tuple[str, ...]) -> Vocabulary:
    """``<s> <pad> </s> <unk>``, then the pieces, then the languages, then ``<mask>``.

    Args:
        checkpoint: where the tokenizer's files are.
        size: rows of the embeddings.
        languages: the language tokens in order, for checkpoints that do not list them.

    Raises:
        InvalidModelError: a file is missing or damaged.
    """
    if not checkpoint.path(PIECES).exists() and checkpoint.path(TOKENIZER_JSON).exists():
        return tokenizer_json(checkpoint, size)
    pieces = sentencepiece_pieces(checkpoint, PIECES)[3:]
    first = [BOS, PAD, EOS, UNK, *pieces]
    added = {number: token for number, token in listed_tokens(checkpoint).items() if number > 3}
    if not added:
        named = [*(named_tokens(checkpoint) or languages), "<mask>"]
        added = dict(enumerate(dict.fromkeys(named), len(first)))
    content = checkpoint.existing(PIECES).read_bytes()
    return Vocabulary(arrange(first, added, size), "sentencepiece", PIECES, content)


def language_tokens(tokens: list[str], pattern: re.Pattern[str]) -> Mapping[str, str]:
    """By language code (the pattern's one group), the tokens that name languages.

    Raises:
        InvalidModelError: there are none.
    """
    matches = [(token, pattern.fullmatch(token)) for token in tokens]
    found = {match[1]: token for token, match in matches if match}
    if not found:
        raise InvalidModelError("The tokenizer's files name no language")
    return found
