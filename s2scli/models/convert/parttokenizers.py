"""The tokenizers of models that were put together from parts: which one, and its special tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from s2scli.errors import InvalidModelError
from s2scli.models.convert.added import role_tokens
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.convert.vocabulary import (
    MASK,
    Vocabulary,
    assemble,
    byte_level,
    piece_file,
    reads_json,
    sentencepiece_pieces,
    tokenizer_json,
)
from s2scli.models.convert.wordpiece import wordpiece
from s2scli.models.manifest import SENTENCEPIECE_KIND

__all__ = ["PartTokenizer", "open_texts"]

PIECES, XLM_PIECES = "spiece.model", "sentencepiece.bpe.model"


class PartTokenizer(NamedTuple):
    """How a text becomes tokens.

    Attributes:
        vocabulary: the tokenizer.
        unknown: the token of what is not in the vocabulary.
        special: the tokens that are not text.
        prefix: what stands before each text.
        suffix: what stands after it.
    """

    vocabulary: Vocabulary
    unknown: str
    special: tuple[str, ...]
    prefix: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()

    @property
    def control(self) -> frozenset[str]:
        """All tokens that are not text, with those that were added."""
        added = (token.content for token in self.vocabulary.rows.added if token.special)
        return frozenset((*self.special, *added))


class _Kind(NamedTuple):
    """A class of tokenizers.

    Attributes:
        roles: its special tokens by their roles, unless the checkpoint names others.
        framed: whether texts stand between the tokens of the roles ``cls`` and ``sep``.
        read: returns the vocabulary, from the checkpoint, the rows and the unknown token.
    """

    roles: dict[str, str]
    framed: bool
    read: Callable[[Checkpoint, int, str], Vocabulary]


def _pieces(checkpoint: Checkpoint, size: int, _unknown: str) -> Vocabulary:
    rows = assemble(checkpoint, sentencepiece_pieces(checkpoint, PIECES), size)
    return Vocabulary(rows, SENTENCEPIECE_KIND, PIECES, piece_file(checkpoint, PIECES))


def _xlm_pieces(checkpoint: Checkpoint, size: int, _unknown: str) -> Vocabulary:
    """``<s> <pad> </s> <unk>``, the pieces, ``<mask>``; then what was added."""
    if reads_json(checkpoint, XLM_PIECES):
        return tokenizer_json(checkpoint, size)
    pieces = sentencepiece_pieces(checkpoint, XLM_PIECES)[3:]
    rows = assemble(checkpoint, ["<s>", "<pad>", "</s>", "<unk>", *pieces, MASK], size)
    return Vocabulary(rows, SENTENCEPIECE_KIND, XLM_PIECES, piece_file(checkpoint, XLM_PIECES))


def _bytes(checkpoint: Checkpoint, size: int, _unknown: str) -> Vocabulary:
    return byte_level(checkpoint, size)


_BERT = {name: f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
_FAIRSEQ = {"bos": "<s>", "eos": "</s>", "unk": "<unk>", "pad": "<pad>"}
_KINDS = {
    "BertTokenizer": _Kind(_BERT, framed=True, read=wordpiece),
    "RobertaTokenizer": _Kind(
        {**_FAIRSEQ, "cls": "<s>", "sep": "</s>", "mask": "<mask>"}, framed=True, read=_bytes
    ),
    "XLMRobertaTokenizer": _Kind(
        {**_FAIRSEQ, "cls": "<s>", "sep": "</s>", "mask": "<mask>"}, framed=True, read=_xlm_pieces
    ),
    "GPT2Tokenizer": _Kind(
        dict.fromkeys(("bos", "eos", "unk"), "<|endoftext|>"), framed=False, read=_bytes
    ),
    "BertGenerationTokenizer": _Kind({**_FAIRSEQ, "sep": "<::::>"}, framed=False, read=_pieces),
}
# ``model_type`` of a part → the class that it has if no file names one.
_USUAL = {
    "bert": "BertTokenizer",
    "roberta": "RobertaTokenizer",
    "bert-generation": "BertGenerationTokenizer",
    "xlm-roberta": "XLMRobertaTokenizer",
    "gpt2": "GPT2Tokenizer",
    "trocr": "RobertaTokenizer",
    "bart": "RobertaTokenizer",
    "mbart": "XLMRobertaTokenizer",
}


def open_texts(checkpoint: Checkpoint, part: str, size: int) -> PartTokenizer:
    """The tokenizer of a checkpoint.

    Args:
        checkpoint: the checkpoint.
        part: ``model_type`` of the part that it is for.
        size: rows of the embeddings.

    Raises:
        InvalidModelError: it is one that s2s lacks, or a file is missing or damaged.
    """
    checkpoint.expect_tokenizer(*_KINDS)
    kind = _KINDS[checkpoint.tokenizer_class or _USUAL[part]]
    roles = {**kind.roles, **role_tokens(checkpoint)}
    vocabulary = kind.read(checkpoint, size, roles["unk"])
    if missing := {roles["unk"], *_frame(kind, roles)}.difference(vocabulary.tokens):
        raise InvalidModelError(
            f"{checkpoint.directory}: the vocabulary lacks the special token {min(missing)}"
        )
    frame = _frame(kind, roles)
    return PartTokenizer(
        vocabulary, roles["unk"], tuple(dict.fromkeys(roles.values())), frame[:1], frame[1:]
    )


def _frame(kind: _Kind, roles: dict[str, str]) -> tuple[str, ...]:
    return (roles["cls"], roles["sep"]) if kind.framed else ()
