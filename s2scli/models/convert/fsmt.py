"""FSMT: fairseq's models of WMT 2019 (Ng et al. 2019, https://arxiv.org/abs/1907.06616) and kin.

The reference is ``transformers`` (``modeling_fsmt.py``, ``tokenization_fsmt.py``, 4.57).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

from s2scli.errors import InvalidModelError
from s2scli.models.convert.artifact import CTranslate2Artifact
from s2scli.models.convert.bartlike import BOS, EOS, PAD, UNK, build
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.defaults import TokenRoles, decoding_defaults
from s2scli.models.convert.family import Conversion
from s2scli.models.convert.steps import with_steps
from s2scli.models.convert.tensor import Array, Tensor
from s2scli.models.convert.transformer import Shape, open_model, sinusoids_from
from s2scli.models.convert.vocabulary import (
    Rows,
    assemble,
    by_id,
    check_padding,
    special_fields,
    special_fields_of_both,
)
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import MOSES_KIND, AddedToken, TokenizerRecipe

__all__ = ["convert"]

TOKENIZER_FILE = "moses.json"
LAST = "</w>"  # the end of a word
HEAD, PROJECTION = "lm_head.weight", "model.decoder.output_projection.weight"
LANGUAGES = 2
PAIR = 2


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    checkpoint.expect_tokenizer("FSMTTokenizer")
    languages, lower = _languages(checkpoint), checkpoint.tokenizer_flag("do_lower_case")
    read = _rows(checkpoint, "vocab-src.json", "src_vocab_size", lower)
    written = _rows(checkpoint, "vocab-tgt.json", "tgt_vocab_size", lower)
    tokens = written.tokens
    start, first = checkpoint.token(tokens, START, EOS), checkpoint.first_token(tokens)
    pad = checkpoint.size("pad_token_id", default=1)
    for rows, begins in ((read, ""), (written, start)):
        unread = set(special_fields(rows, (BOS, PAD))["special"]).difference([EOS, UNK], first)
        check_padding("config.json", pad, rows.tokens, unread, begins)
    built = build(
        checkpoint,
        read.tokens,
        partial(_positions, pad + 1),
        pre_norm=False,
        embedding_norm=(),
        weights=open_model(checkpoint).renamed(_usual_name),
        target_tokens=tokens,
    )
    built.spec.config.decoder_start_token = start
    recipe = TokenizerRecipe(
        kind=MOSES_KIND,
        source=TOKENIZER_FILE,
        target=TOKENIZER_FILE,
        suffix=(EOS,),
        target_prefix=first,
        end=EOS,
        **special_fields_of_both(read, written, (BOS, PAD, UNK)),
    )
    return Conversion(
        artifact=CTranslate2Artifact(built.spec),
        weights=built.weights,
        tokenizer=recipe,
        files={TOKENIZER_FILE: _tokenizer(checkpoint, languages, lower, (read, written))},
        tasks=("translate",),
        source_languages=languages[:1],
        target_languages=languages[1:],
        max_source_tokens=checkpoint.source_limit(built.shape.positions),
        max_target_tokens=built.shape.positions,
        defaults=decoding_defaults(checkpoint, TokenRoles(tokens, start, *first)),
        rowless=tuple(name for name in read.rowless if name in written.rowless),
    )


def _usual_name(name: str) -> str:
    return HEAD if name == PROJECTION else name


def _languages(checkpoint: Checkpoint) -> tuple[str, ...]:
    """The source's and the target's language, whose rules the tokenizer goes by."""
    name = "langs"
    found = checkpoint.tokenizer_config.get(name) or checkpoint.config.get(name)
    codes = found if isinstance(found, list) else []
    if len(codes) != LANGUAGES or not all(isinstance(code, str) and code for code in codes):
        raise InvalidModelError(
            f"{checkpoint.directory} gives {name} as {found!r}",
            'tokenizer_config.json must name the two languages, such as "langs": ["en", "de"].',
        )
    return tuple(codes)


def _rows(checkpoint: Checkpoint, file: str, size: str, lower: bool) -> Rows:
    """The tokens of a side."""
    tokens = by_id(checkpoint, checkpoint.json(file))
    if missing := {EOS, UNK} - set(tokens):
        raise InvalidModelError(f"{checkpoint.path(file)} lacks {min(missing)}")
    rows = assemble(checkpoint, tokens, checkpoint.size(size))
    return _lowered(rows) if lower else rows


def _lowered(rows: Rows) -> Rows:
    """Rows whose added tokens are found in texts without capitals, as transformers does."""
    names = {
        token.content: token.content.lower()
        for token in rows.added
        if token.normalized and not token.special
    }
    added = tuple(_named(token, names) for token in rows.added)
    return rows._replace(tokens=[names.get(token, token) for token in rows.tokens], added=added)


def _named(token: AddedToken, names: dict[str, str]) -> AddedToken:
    return token._replace(content=names.get(token.content, token.content))


def _positions(first: int, weights: Weights, shape: Shape, side: str) -> Array | Tensor:
    """The table of positions: the one that the checkpoint stores, if it does.

    Args:
        first: the number of the first position.
        weights: the checkpoint's.
        shape: its sizes.
        side: of which side.
    """
    name, rows = f"model.{side}.embed_positions.weight", shape.positions + first
    if name in weights:
        return weights.take(name, rows, shape.width).rows(first, rows)
    return sinusoids_from(first, shape)


def _tokenizer(
    checkpoint: Checkpoint, languages: Sequence[str], lower: bool, sides: tuple[Rows, Rows]
) -> bytes:
    """The tokenizer's file: Moses' languages, and pairs to merge as a ``tokenizer.json``.

    Both sides merge alike; what a side's vocabulary lacks is unknown to the engine.
    """
    from tokenizers import Tokenizer, models

    pairs = _merges(checkpoint)
    tokens = dict.fromkeys(token for rows in sides for token in rows.tokens)
    known = {token: number for number, token in enumerate(tokens)}
    try:
        model = models.BPE(
            vocab=with_steps(known, pairs), merges=pairs, unk_token=UNK, end_of_word_suffix=LAST
        )
    except Exception as error:  # the library raises plain exceptions
        raise InvalidModelError(f"{checkpoint.directory}: {error}") from error
    content = {
        "source": languages[0],
        "target": languages[1],
        "lower_case": lower,
        "pieces": json.loads(Tokenizer(model).to_str()),
    }
    return json.dumps(content, ensure_ascii=False).encode()


def _merges(checkpoint: Checkpoint) -> list[tuple[str, str]]:
    """The pairs of ``merges.txt`` in order, as transformers reads them.

    Lines may have a count behind the pair, as fastBPE writes it; the last counts of those that
    come twice; what stands behind the last end of a line is not read.
    """
    lines = checkpoint.text("merges.txt").split("\n")[:-1]
    rows = (line.split()[:PAIR] for line in lines)
    ranks = {(row[0], row[1]): rank for rank, row in enumerate(rows) if len(row) == PAIR}
    return sorted(ranks, key=ranks.__getitem__)
