"""The tokens of a checkpoint in the order of their ids, and the files that its tokenizer needs.

Families that use SentencePiece give its pieces ids of their own, and add tokens (languages,
sentinels) whose ids stand in the tokenizer's files. Where only ``tokenizer.json`` exists, or
``vocab.json`` and ``merges.txt`` of a byte-level BPE, the model gets a ``tokenizer.json`` that
knows plain text alone: special tokens are the recipe's, never the input's.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import sentencepiece

from s2scli.errors import InvalidModelError
from s2scli.models.convert.added import (
    TOKENIZER_JSON,
    listed_tokens,
    named_tokens,
    refuse_blank,
    refuse_special_words,
)
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.piecemodel import piece_model
from s2scli.models.manifest import JSON_KIND, AddedToken, TokenizerRecipe

__all__ = [
    "MASK",
    "Rows",
    "Vocabulary",
    "arrange",
    "assemble",
    "by_id",
    "byte_level",
    "check_padding",
    "merge_pairs",
    "open_pieces",
    "piece_file",
    "reads_json",
    "sentencepiece_pieces",
    "special_fields",
    "special_fields_of_both",
    "tokenizer_json",
]

PAIR = 2
MASK = "<mask>"


class Rows(NamedTuple):
    """The tokens of the rows of the embeddings.

    Attributes:
        tokens: one for each row.
        added: those that are not of the tokenizer's own file, or that it treats in another way.
        rowless: added tokens that have no row.
    """

    tokens: list[str]
    added: tuple[AddedToken, ...] = ()
    rowless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Tokens and their tokenizer.

    Attributes:
        rows: what stands for each row of the embeddings.
        kind: a key of ``s2scli.inference.tokenizers.TOKENIZERS``.
        file: name of the tokenizer's file in the model directory.
        content: that file.
        spaced: as in ``TokenizerRecipe``.
        prepend_scheme: as in ``TokenizerRecipe``.
    """

    rows: Rows
    kind: str
    file: str
    content: bytes
    spaced: bool = True
    prepend_scheme: str = "always"

    @property
    def tokens(self) -> list[str]:
        """One token for each row of the embeddings."""
        return self.rows.tokens

    def recipe(self, *, special: Iterable[str], **fields: Any) -> TokenizerRecipe:
        """The tokenizer's recipe with other fields of it; both sides use the one file.

        Args:
            special: tokens that are not text in any model of the family.
            **fields: of ``TokenizerRecipe``.
        """
        languages = [
            token
            for side in ("source_tokens", "target_tokens")
            for token in fields.get(side, {}).values()
        ]
        return TokenizerRecipe(
            self.kind,
            source=self.file,
            target=self.file,
            spaced=self.spaced,
            prepend_scheme=self.prepend_scheme,
            **special_fields(self.rows, special, languages),
            **fields,
        )


def open_pieces(checkpoint: Checkpoint, name: str) -> sentencepiece.SentencePieceProcessor:
    """Load a SentencePiece model.

    Raises:
        InvalidModelError: the file is missing or damaged.
    """
    path = checkpoint.existing(name)
    return piece_model(path.read_bytes(), path)


def piece_file(checkpoint: Checkpoint, name: str) -> bytes:
    """The bytes of a file that is checked to be a SentencePiece model.

    Raises:
        InvalidModelError: the file is missing or damaged.
    """
    path = checkpoint.existing(name)
    data = path.read_bytes()
    piece_model(data, path)
    return data


def sentencepiece_pieces(checkpoint: Checkpoint, name: str) -> list[str]:
    """The pieces of a SentencePiece model by its own ids."""
    processor = open_pieces(checkpoint, name)
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]


def assemble(
    checkpoint: Checkpoint,
    first: Sequence[str],
    size: int,
    implicit: Mapping[int, AddedToken] | None = None,
) -> Rows:
    """The tokens of a tokenizer with all that were added to it.

    Args:
        checkpoint: lists or names the added ones.
        first: the tokens of the tokenizer's own file.
        size: rows of the embeddings.
        implicit: by id, what a family's tokenizer adds if no file lists it.

    Raises:
        InvalidModelError: there are more tokens than rows, one comes twice, or a special one is
            a word.
    """
    own = implicit or {}
    listed = {**own, **listed_tokens(checkpoint)}
    beside = {token.content for token in listed.values()}
    known = {*first, *beside}
    for token in named_tokens(checkpoint):
        if token.content not in known:
            # As transformers numbers them: after all that it knows.
            listed.setdefault(len(known), token)
            known.add(token.content)
        elif token.content not in beside and token.content != MASK:
            listed[first.index(token.content)] = token
    refuse_special_words(checkpoint, {*first}, listed.values())
    tokens = arrange(first, {number: t.content for number, t in listed.items()}, size)
    rows = set(tokens)
    added = tuple(token for token in listed.values() if token.content in rows)
    # Of one number are a language and an added token that a file lists: M2M100's, in transformers.
    names = dict.fromkeys(token.content for token in (*listed.values(), *own.values()))
    return Rows(tokens, added, tuple(n for n in names if n not in rows and n != MASK))


def arrange(tokens: Iterable[str], added: Mapping[int, str], size: int) -> list[str]:
    """A token for each of ``size`` rows: the first ones, the added ones by id, fillers between.

    An added token that is among the first ones too stays where it is. Added tokens may lie beyond
    the rows, and one token of the tokenizer's own: ``<mask>`` of many BART models does, and
    transformers takes all that as it is. In texts they are text then.

    Raises:
        InvalidModelError: there are more tokens than rows, or one comes twice.
    """
    rows: list[str | None] = [*tokens]
    if len(rows) > size + 1:
        raise InvalidModelError(
            f"The tokenizer has {len(rows)} tokens or more, "
            f"but config.json gives a vocabulary of {size}"
        )
    rows = [*rows[:size], *[None] * (size - len(rows))]
    known = set(rows)
    for number, token in added.items():
        if token not in known and number < size:
            rows[number] = token
    filled = [token if token is not None else _filler(i) for i, token in enumerate(rows)]
    if len(set(filled)) != size:
        raise InvalidModelError("The tokenizer has the same token twice")
    return filled


def _filler(row: int) -> str:
    """The name of a row that no token has."""
    return f"<unused_{row}>"


def special_fields(
    rows: Rows, special: Iterable[str], languages: Iterable[str] = ()
) -> dict[str, Any]:
    """The recipe's ``special`` and ``added``.

    Args:
        rows: the tokens.
        special: those that are not text in any model of the family.
        languages: those that name languages, which are not text either.
    """
    named = set(languages).difference(token.content for token in rows.added if token.is_word)
    flagged = {token.content: token for token in rows.added}
    fillers = (t for row, t in enumerate(rows.tokens) if t == _filler(row) and t not in flagged)
    added = (token.content for token in rows.added if token.special)
    control = [token for token in dict.fromkeys((*special, *added, *fillers)) if token not in named]
    if MASK in control:
        flagged.setdefault(MASK, AddedToken(MASK, special=True, lstrip=True))
    known = named.union(control)
    kept = (
        token
        for token in flagged.values()
        if token.content not in known or token.lstrip or token.rstrip or token.single_word
    )
    return {"special": tuple(control), "added": tuple(kept)}


def special_fields_of_both(
    source: Rows, target: Rows, special: Sequence[str], languages: Iterable[str] = ()
) -> dict[str, Any]:
    """The recipe's ``special`` and ``added`` where each side has rows of its own."""
    named = tuple(languages)
    sides = [special_fields(rows, special, named) for rows in (source, target)]
    names = ("special", "added")
    return {name: tuple(dict.fromkeys((*sides[0][name], *sides[1][name]))) for name in names}


def check_padding(
    place: str, pad: int, tokens: Sequence[str], unread: Collection[str], start: str = ""
) -> None:
    """Make sure that no text has the token whose number positions are counted from.

    In transformers it has no position then; to the engine each token has the next one.

    Args:
        place: where the settings give it, for messages.
        pad: its number.
        tokens: those of a side by their numbers.
        unread: those that no text of this side has.
        start: the token that decoding starts from, of the target's side.

    Raises:
        InvalidModelError: it is a token of texts, or starts targets.
    """
    token = tokens[pad] if pad < len(tokens) else ""
    if token and token not in unread:
        raise InvalidModelError(
            f"{place} gives pad_token_id as {pad}, which is {token}, a token of texts"
        )
    if token and token == start:
        raise InvalidModelError(f"config.json gives {START} as {token}, like pad_token_id")


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
    merges = merge_pairs(checkpoint)
    try:
        tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    except Exception as error:  # the library raises plain exceptions
        raise InvalidModelError(f"{checkpoint.directory}: {error}") from error
    # A space before a text is not before what stands after an added token.
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokens = by_id(checkpoint, vocabulary)
    return Vocabulary(
        assemble(checkpoint, tokens, size),
        JSON_KIND,
        TOKENIZER_JSON,
        tokenizer.to_str().encode(),
        prepend_scheme="first" if space else "never",
    )


def merge_pairs(checkpoint: Checkpoint) -> list[tuple[str, str]]:
    """The pairs of ``merges.txt``, in order.

    Raises:
        InvalidModelError: it is missing, or a line is not a pair.
    """
    merges = checkpoint.text("merges.txt").split("\n")
    rows = [line.split(" ") for line in merges if line and not line.startswith("#version")]
    if not rows:
        raise InvalidModelError(f"{checkpoint.path('merges.txt')} has no pairs", "Fetch it again.")
    if not all(len(row) == PAIR for row in rows):
        raise InvalidModelError(f"{checkpoint.path('merges.txt')} has a line that is not a pair")
    return [(left, right) for left, right in rows]


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
    if isinstance(model, dict) and model.get("dropout"):
        raise InvalidModelError(
            f"{checkpoint.path(TOKENIZER_JSON)} sets dropout to {model['dropout']!r}, by which "
            "tokens of texts are chosen at random",
            "That is for training: set it to null there.",
        )
    plain = {**content, "added_tokens": [], "post_processor": None, "truncation": None}
    text = json.dumps({**plain, "padding": None}, ensure_ascii=False)
    rows = assemble(checkpoint, tokens, size)
    refuse_blank(checkpoint, rows.added, text)
    return Vocabulary(rows, JSON_KIND, TOKENIZER_JSON, text.encode(), spaced=False)


def reads_json(checkpoint: Checkpoint, pieces: str) -> bool:
    """Whether to use ``tokenizer.json`` instead of the SentencePiece model.

    So it does without one; and where tokens for texts were added to it, which the two find in
    different ways: what a model was trained with is then what transformers loads first.
    """
    if not checkpoint.path(TOKENIZER_JSON).exists():
        return False
    if not checkpoint.path(pieces).exists():
        return True
    processor = open_pieces(checkpoint, pieces)
    symbols = {  # those that it finds in texts by itself, all of which have this score
        processor.id_to_piece(number)
        for number in range(processor.get_piece_size())
        if processor.get_score(number) == 0
    }
    listed = listed_tokens(checkpoint).values()
    return any(not token.special and token.content not in symbols for token in listed)


def by_id(checkpoint: Checkpoint, vocabulary: Mapping[str, Any]) -> list[str]:
    """The tokens of a mapping to ids, which must be numbers from 0 without gaps."""
    if not all(type(number) is int for number in vocabulary.values()):
        raise InvalidModelError(f"{checkpoint.directory}: the vocabulary's ids are not numbers")
    tokens = sorted(vocabulary, key=vocabulary.__getitem__)
    if sorted(vocabulary.values()) != list(range(len(tokens))):
        raise InvalidModelError(f"{checkpoint.directory}: the vocabulary's ids have gaps")
    return tokens
