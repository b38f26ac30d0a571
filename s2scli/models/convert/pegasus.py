"""Pegasus (Zhang et al. 2019, https://arxiv.org/abs/1912.08777)."""

from __future__ import annotations

from s2scli.errors import InvalidModelError
from s2scli.models.convert.bartlike import EOS, PAD, UNK, build, finish, read_texts
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.transformer import Shape, sinusoidal_positions
from s2scli.models.convert.vocabulary import (
    Vocabulary,
    assemble,
    reads_json,
    sentencepiece_pieces,
    tokenizer_json,
)
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import SENTENCEPIECE_KIND, TokenizerRecipe

__all__ = ["convert", "pegasus_texts", "pegasus_vocabulary", "texts"]

PIECES = "spiece.model"
# Behind <pad> and </s>, tokens that only pre-training used stand before the pieces.
OFFSET = 103
MASKS = ("<mask_1>", "<mask_2>")


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a Pegasus checkpoint; ``transformers`` (``modeling_pegasus.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    read = texts(checkpoint)
    tokens = list(read.target)
    built = build(checkpoint, tokens, _positions, pre_norm=True, embedding_norm=(), fixed=True)
    built.spec.config.bos_token = PAD
    return finish(built, read)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    return pegasus_texts(checkpoint, pegasus_vocabulary(checkpoint), PAD)


def pegasus_texts(
    checkpoint: Checkpoint, vocabulary: Vocabulary, start: str, longest: int = 0
) -> ModelTexts:
    """What a model with such a tokenizer reads and writes.

    Args:
        checkpoint: the checkpoint.
        vocabulary: its tokens.
        start: the token that decoding starts from if the checkpoint names none.
        longest: the longest source, if that is not how many positions there are.
    """
    recipe = _recipe(checkpoint, vocabulary)
    start = checkpoint.token(vocabulary.tokens, START, start)
    return read_texts(checkpoint, vocabulary, recipe, "summarize", start, longest)


def _recipe(checkpoint: Checkpoint, vocabulary: Vocabulary) -> TokenizerRecipe:
    """How the tokenizer is used."""
    # All before the pieces is for pre-training, and never text.
    front = vocabulary.tokens[2 : checkpoint.tokenizer_count("offset", OFFSET) + 2]
    return vocabulary.recipe(
        suffix=(EOS,),
        special=(EOS, PAD, UNK, *MASKS, *front),
        target_prefix=checkpoint.first_token(vocabulary.tokens),
    )


def pegasus_vocabulary(checkpoint: Checkpoint) -> Vocabulary:
    """The tokens of a checkpoint.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    checkpoint.expect_tokenizer("PegasusTokenizer")
    size = checkpoint.vocabulary_size
    if reads_json(checkpoint, PIECES):
        return tokenizer_json(checkpoint, size)
    offset = checkpoint.tokenizer_count("offset", OFFSET)
    pieces = sentencepiece_pieces(checkpoint, PIECES)
    unused = [f"<unk_{number}>" for number in range(2, offset)]
    front = [*pieces[:2], *MASKS, *unused][: offset + 2] if offset else pieces[:2]
    # A piece that only looks like one of them keeps its place.
    own = set(pieces)
    front = [token if i < 2 or token not in own else f"{token}." for i, token in enumerate(front)]
    content = checkpoint.existing(PIECES).read_bytes()
    rows = assemble(checkpoint, [*front, *pieces[2:]], size)
    if UNK not in rows.tokens or 0 < offset <= len(MASKS):
        raise InvalidModelError(
            f"tokenizer_config.json gives offset as {offset}, which leaves no room for its tokens"
        )
    return Vocabulary(rows, SENTENCEPIECE_KIND, PIECES, content)


def _positions(weights: Weights, shape: Shape, side: str) -> Array | Tensor:
    """The stored table, which may be rounded; else what it is made of."""
    name, size = f"model.{side}.embed_positions.weight", (shape.positions, shape.width)
    return weights.take(name, *size) if name in weights else sinusoidal_positions(*size)
