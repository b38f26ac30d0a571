"""The vocabularies of mBART, M2M100 and NLLB, which number their pieces as fairseq did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from s2scli.errors import InvalidModelError
from s2scli.languages.names import tag_of_name
from s2scli.models.convert.added import additional_tokens, listed_tokens
from s2scli.models.convert.bartlike import BOS, EOS, PAD, UNK
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.vocabulary import (
    MASK,
    Vocabulary,
    assemble,
    reads_json,
    sentencepiece_pieces,
    tokenizer_json,
)
from s2scli.models.manifest import SENTENCEPIECE_KIND, AddedToken

__all__ = ["NAME", "PIECES", "language_tokens", "numbered_pieces", "special_tokens"]

PIECES = "sentencepiece.bpe.model"
# What may name a language that a user added, beside codes of the family's own form: tuvan.
NAME = re.compile(r"[^\W\d_][\w.-]*")


def numbered_pieces(checkpoint: Checkpoint, size: int, languages: tuple[str, ...]) -> Vocabulary:
    """``<s> <pad> </s> <unk>``, then the pieces, then the languages, then ``<mask>``.

    Args:
        checkpoint: where the tokenizer's files are.
        size: rows of the embeddings.
        languages: the language tokens in order, for checkpoints that do not list them.

    Raises:
        InvalidModelError: a file is missing or damaged.
    """
    if reads_json(checkpoint, PIECES):
        return tokenizer_json(checkpoint, size)
    pieces = sentencepiece_pieces(checkpoint, PIECES)[3:]
    first = [BOS, PAD, EOS, UNK, *pieces]
    names = [*(languages or additional_tokens(checkpoint)), MASK]
    listed = {token.content for token in listed_tokens(checkpoint).values()}
    implicit: dict[int, AddedToken] = {}
    if listed.isdisjoint({*names} - {MASK}):
        start = len(first) + len(listed.intersection([MASK]))
        implicit = special_tokens([name for name in names if name not in listed], start)
    content = checkpoint.existing(PIECES).read_bytes()
    rows = assemble(checkpoint, first, size, implicit)
    return Vocabulary(rows, SENTENCEPIECE_KIND, PIECES, content)


def special_tokens(names: Iterable[str], start: int) -> dict[int, AddedToken]:
    """Special tokens, numbered from ``start``."""
    tokens = (AddedToken(name, special=True) for name in dict.fromkeys(names))
    return dict(enumerate(tokens, start))


def language_tokens(
    vocabulary: Vocabulary, pattern: re.Pattern[str], added: re.Pattern[str] = NAME
) -> Mapping[str, str]:
    """By language code, the tokens that name languages.

    Args:
        vocabulary: the tokens.
        pattern: of the family's own; its group is the code.
        added: the same for special tokens that were added; so may languages be called that the
            family does not have on its own.

    Raises:
        InvalidModelError: there are none.
    """
    tokens = vocabulary.tokens
    found = _codes(tokens, pattern)
    if not found:
        raise InvalidModelError("The tokenizer's files name no language")
    # In front of the family's own languages are words, some of which are called as one is: "the".
    words = {*tokens[: min(map(tokens.index, found.values()))]}
    news = (token for token in vocabulary.rows.added if token.content not in words)
    named = (token.content for token in news if _names_language(token))
    return {**_codes(named, added), **found}


def _codes(tokens: Iterable[str], pattern: re.Pattern[str]) -> dict[str, str]:
    matches = [(token, pattern.fullmatch(token)) for token in tokens]
    return {match[match.lastindex or 0]: token for token, match in matches if match}


def _names_language(token: AddedToken) -> bool:
    """Whether an added token can be a language: a special one, or one called as languages are."""
    return token.special or bool(tag_of_name(token.content, english=True))
