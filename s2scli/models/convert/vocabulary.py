"""The tokens of a checkpoint in the order of their ids, and the files that its tokenizer needs.

Families that use SentencePiece give its pieces ids of their own, and add tokens (languages,
sentinels) whose ids stand in the tokenizer's files. Where only ``tokenizer.json`` exists, or
``vocab.json`` and ``merges.txt`` of a byte-level BPE, the model gets a ``tokenizer.json`` that
knows plain text alone: special tokens are the recipe's, never the input's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sentencepiece

from s2scli.errors import InvalidModelError
from s2scli.models.convert.checkpoint import Checkpoint
from s2scli.models.manifest import TokenizerRecipe

__all__ = [
    "TOKENIZER_JSON",
    "Vocabulary",
    "arrange",
    "by_id",
    "byte_level",
    "listed_tokens",
    "named_tokens",
    "open_pieces",
    "piece_file",
    "sentencepiece_pieces",
    "tokenizer_json",
]

TOKENIZER_JSON = "tokenizer.json"
MAX_TOKENS = 4_000_000
PAIR = 2
MASK = "<mask>"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens and how to make them.

    Attributes:
        tokens: one for each row of the embeddings.
        kind: a key of ``s2scli.inference.tokenizers.TOKENIZERS``.
        file: name of the tokenizer's file in the model directory.
        content: that file.
    """

    tokens: list[str]
    kind: str
    file: str
    content: bytes

    def recipe(self, **fields: Any) -> TokenizerRecipe:
        """The tokenizer's recipe with other fields of it; both sides use the one file."""
        return TokenizerRecipe(self.kind, source=self.file, target=self.file, **fields)


def open_pieces(checkpoint: Checkpoint, name: str) -> sentencepiece.SentencePieceProcessor:
    """Load a SentencePiece model.

    Raises:
        InvalidModelError: the file is missing or damaged.
    """
    path = checkpoint.existing(name)
    try:
        return sentencepiece.SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        raise InvalidModelError(f"{path} is no SentencePiece model") from error


def piece_file(checkpoint: Checkpoint, name: str) -> bytes:
    """The bytes of a SentencePiece model, which is known to be one.

    Raises:
        InvalidModelError: the file is missing or damaged.
    """
    open_pieces(checkpoint, name)
    return checkpoint.existing(name).read_bytes()


def sentencepiece_pieces(checkpoint: Checkpoint, name: str) -> list[str]:
    """The pieces of a SentencePiece model by its own ids."""
    processor = open_pieces(checkpoint, name)
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]


def listed_tokens(checkpoint: Checkpoint) -> dict[int, str]:
    """The added tokens by id, as the tokenizer's files list them."""
    listed: dict[int, str] = {}
    if checkpoint.path("added_tokens.json").exists():
        for token, number in checkpoint.json("added_tokens.json").items():
            _list(listed, checkpoint, number, token)
    if checkpoint.path(TOKENIZER_JSON).exists():
        for entry in _entries(checkpoint.json(TOKENIZER_JSON).get("added_tokens")):
            _list(listed, checkpoint, entry.get("id"), entry.get("content"))
    decoder = checkpoint.tokenizer_config.get("added_tokens_decoder")
    for number, entry in (decoder if isinstance(decoder, dict) else {}).items():
        if isinstance(entry, dict) and str(number).isdecimal():
            _list(listed, checkpoint, int(number), entry.get("content"))
    return listed


def named_tokens(checkpoint: Checkpoint) -> list[str]:
    """The special tokens that the tokenizer's files name without an id."""
    maps = [checkpoint.tokenizer_config]
    if checkpoint.path("special_tokens_map.json").exists():
        maps.insert(0, checkpoint.json("special_tokens_map.json"))
    for content in maps:
        tokens = content.get("additional_special_tokens")
        if isinstance(tokens, list) and tokens:
            names = [token.get("content") if isinstance(token, dict) else token for token in tokens]
            return [name for name in names if isinstance(name, str)]
    return []


def _list(listed: dict[int, str], checkpoint: Checkpoint, number: Any, token: Any) -> None:
    if type(number) is not int or not 0 <= number < MAX_TOKENS or not isinstance(token, str):
        raise InvalidModelError(
            f"{checkpoint.directory} lists the added token {token!r} with the id {number!r}"
        )
    listed[number] = token


def arrange(tokens: Iterable[str], added: Mapping[int, str], size: int) -> list[str]:
    """A token for each of ``size`` rows: the first ones, the added ones by id, fillers between.

    An added token that is among the first ones too stays where it is. ``<mask>``, which only
    pre-training used, may lie beyond the rows, as in fine-tuned BART models.

    Raises:
        InvalidModelError: there are more tokens than rows, or one comes twice.
    """
    rows: list[str | None] = [*tokens]
    added = {number: token for number, token in added.items() if number < size or token != MASK}
    if rows[size:] == [MASK]:
        rows.pop()
    if len(rows) > size or any(number >= size for number in added):
        raise InvalidModelError(
            f"The tokenizer has {max(len(rows), *added, 0)} tokens or more, "
            f"but config.json gives a vocabulary of {size}"
        )
    rows += [None] * (size - len(rows))
    known = set(rows)
    for number, token in added.items():
        if token not in known:
            rows[number] = token
    filled = [token if token is not None else f"<unused_{i}>" for i, token in enumerate(rows)]
    if len(set(filled)) != size:
        raise InvalidModelError("The tokenizer has the same token twice")
    return filled


def byte_level(checkpoint: Checkpoint, size: int) -> Vocabulary:
    """Byte-level BPE (GPT-2's): ``tokenizer.json``, else ``vocab.json`` and ``merges.txt``."""
    space = checkpoint.tokenizer_config.get("add_prefix_space")
    if checkpoint.path(TOKENIZER_JSON).exists():
        found = tokenizer_json(checkpoint, size)
        if checkpoint.tokenizer_class == "PreTrainedTokenizer":
            return found  # the one class that leaves the file as it is
        return replace(found, content=_with_prefix_space(found.content, bool(space)))
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    vocabulary = checkpoint.json("vocab.json")
    merges = checkpoint.existing("merges.txt").read_text(encoding="utf-8").split("\n")
    rows = [line.split(" ") for line in merges if line and not line.startswith("#version")]
    if not all(len(row) == PAIR for row in rows):
        raise InvalidModelError(f"{checkpoint.path('merges.txt')} has a line that is no pair")
    pairs = [(left, right) for left, right in rows]
    try:
        tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=pairs))
    except Exception as error:  # the library raises plain exceptions
        raise InvalidModelError(f"{checkpoint.directory}: {error}") from error
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=bool(space))
    tokenizer.decoder = decoders.ByteLevel()
    tokens = by_id(checkpoint, vocabulary)
    return Vocabulary(
        arrange(tokens, listed_tokens(checkpoint), size),
        "tokenizer-json",
        TOKENIZER_JSON,
        tokenizer.to_str().encode(),
    )


def _with_prefix_space(content: bytes, space: bool) -> bytes:
    """A ``tokenizer.json`` of bytes with another ``add_prefix_space``."""
    whole = json.loads(content)
    step = whole.get("pre_tokenizer")
    if isinstance(step, dict) and "add_prefix_space" in step:
        step["add_prefix_space"] = space
    return json.dumps(whole, ensure_ascii=False).encode()


def tokenizer_json(checkpoint: Checkpoint, size: int) -> Vocabulary:
    """What ``tokenizer.json`` says, without its special tokens and its post-processor."""
    content = checkpoint.json(TOKENIZER_JSON)
    model = content.get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    if isinstance(vocabulary, dict):
        tokens = by_id(checkpoint, vocabulary)
    elif isinstance(vocabulary, list) and all(isinstance(row, list) and row for row in vocabulary):
        tokens = [str(row[0]) for row in vocabulary]
    else:
        raise InvalidModelError(f"{checkpoint.path(TOKENIZER_JSON)} has no vocabulary")
    added = listed_tokens(checkpoint)
    plain = {**content, "added_tokens": [], "post_processor": None, "truncation": None}
    return Vocabulary(
        arrange(tokens, added, size),
        "tokenizer-json",
        TOKENIZER_JSON,
        json.dumps({**plain, "padding": None}, ensure_ascii=False).encode(),
    )


def by_id(checkpoint: Checkpoint, vocabulary: Mapping[str, Any]) -> list[str]:
    """The tokens of a mapping to ids, which must be numbers from 0 without gaps."""
    if not all(type(number) is int for number in vocabulary.values()):
        raise InvalidModelError(f"{checkpoint.directory}: the vocabulary's ids are no numbers")
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    if sorted(vocabulary.values()) != list(range(len(tokens))):
        raise InvalidModelError(f"{checkpoint.directory}: the vocabulary's ids have gaps")
    return tokens


def _entries(rows: Any) -> list[dict[str, Any]]:
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
