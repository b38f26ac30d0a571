"""mBART-25 (Liu et al. 2020, https://arxiv.org/abs/2001.08210) and mBART-50 (Tang et al. 2020,
https://arxiv.org/abs/2008.00401)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from s2scli.models.convert.bartlike import (
    EOS,
    SPECIAL,
    converted,
    learned_positions,
    read_texts,
)
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.fairseq import language_tokens, numbered_pieces
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.transformer import SIDES

__all__ = ["convert", "texts"]

CODE = re.compile(r"([a-z]{2,3}_[A-Z]{2})")
# In fairseq's order, for checkpoints whose files do not list them.
LANGUAGES_25 = (
    "ar_AR cs_CZ de_DE en_XX es_XX et_EE fi_FI fr_XX gu_IN hi_IN it_IT ja_XX kk_KZ ko_KR lt_LT "
    "lv_LV my_MM ne_NP nl_XX ro_RO ru_RU si_LK tr_TR vi_VN zh_CN "
)
LANGUAGES_50 = LANGUAGES_25 + (
    "af_ZA az_AZ bn_IN fa_IR he_IL hr_HR id_ID ka_GE km_KH mk_MK ml_IN mn_MN mr_IN pl_PL ps_AF "
    "pt_XX sv_SE sw_KE ta_IN te_IN th_TH tl_XX uk_UA ur_PK xh_ZA gl_ES sl_SI "
)


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert an mBART checkpoint; ``transformers`` (``modeling_mbart.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    positions = learned_positions(offset=2)
    read = texts(checkpoint)
    return converted(checkpoint, read, positions, pre_norm=True, embedding_norm=SIDES)


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    checkpoint.expect_tokenizer("MBartTokenizer", "MBart50Tokenizer")
    fifty = checkpoint.tokenizer_class == "MBart50Tokenizer"
    codes = tuple((LANGUAGES_50 if fifty else LANGUAGES_25).split())
    vocabulary = numbered_pieces(checkpoint, checkpoint.vocabulary_size, codes)
    tokens = vocabulary.tokens
    languages = language_tokens(vocabulary, CODE)
    forced = checkpoint.first_token(tokens)
    if fifty:
        first = checkpoint.token(tokens, START, EOS)
        recipe = vocabulary.recipe(
            prefix=("{from}",),
            suffix=(EOS,),
            target_prefix=("{to}",),
            special=SPECIAL,
            source_tokens=languages,
            target_tokens=_only(languages, *forced),
            target_default="".join(forced),
        )
    else:
        # It starts decoding with the language itself, which is then no generated token.
        first = ""
        number = checkpoint.generation.get(START)
        start = "" if number is None else checkpoint.token_of(tokens, number, START)
        recipe = vocabulary.recipe(
            suffix=(EOS, "{from}"),
            target_start=("{to}",),
            target_prefix=forced,
            special=SPECIAL,
            source_tokens=languages,
            target_tokens=_only(languages, start),
            target_default=start,
        )
    return read_texts(checkpoint, vocabulary, recipe, "translate", first)


def _only(languages: Mapping[str, str], token: str = "") -> Mapping[str, str]:
    """The one language that the checkpoint always writes, if it names one, else all."""
    return {code: own for code, own in languages.items() if own == token} or languages
