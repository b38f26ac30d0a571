"""M2M100 (Fan et al. 2020, https://arxiv.org/abs/2010.11125) and the dense models of NLLB-200
(2022, https://arxiv.org/abs/2207.04672), which have its architecture and mBART's tokenizer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from s2scli.errors import InvalidModelError
from s2scli.models.convert.added import additional_tokens, listed_tokens
from s2scli.models.convert.bartlike import (
    BOS,
    EOS,
    PAD,
    SPECIAL,
    UNK,
    converted,
    read_texts,
)
from s2scli.models.convert.checkpoint import START, Checkpoint
from s2scli.models.convert.fairseq import (
    NAME,
    PIECES,
    language_tokens,
    numbered_pieces,
    special_tokens,
)
from s2scli.models.convert.family import Conversion, ModelTexts
from s2scli.models.convert.tensor import Array
from s2scli.models.convert.transformer import Shape, sinusoids_from
from s2scli.models.convert.vocabulary import (
    MASK,
    Vocabulary,
    assemble,
    by_id,
    check_padding,
    piece_file,
    special_fields,
)
from s2scli.models.convert.weights import Weights
from s2scli.models.manifest import SENTENCEPIECE_KIND, AddedToken

__all__ = ["LANGUAGES", "NLLB_LANGUAGES", "convert", "texts"]

M2M100_CODE = re.compile(r"__([a-z]{2,3}(?:_[A-Za-z]+)?)__")
M2M100_ADDED = re.compile(rf"__(.+)__|{NAME.pattern}")
NLLB_CODE = re.compile(r"([a-z]{3}_[A-Z][a-z]{3})")
ROUNDED = 0.01  # how much a number below 1 can change if it is stored in 16 bits
# In transformers' order, for checkpoints whose files do not list them.
LANGUAGES = (
    "af am ar ast az ba be bg bn br bs ca ceb cs cy da de el en es et fa ff fi fr fy ga gd gl gu "
    "ha he hi hr ht hu hy id ig ilo is it ja jv ka kk km kn ko lb lg ln lo lt lv mg mk ml mn mr ms "
    "my ne nl no ns oc or pa pl ps pt ro ru sd si sk sl so sq sr ss su sv sw ta th tl tn tr uk ur "
    "uz vi wo xh yi yo zh zu"
)
NLLB_LANGUAGES = (
    "ace_Arab ace_Latn acm_Arab acq_Arab aeb_Arab afr_Latn ajp_Arab aka_Latn amh_Ethi apc_Arab "
    "arb_Arab ars_Arab ary_Arab arz_Arab asm_Beng ast_Latn awa_Deva ayr_Latn azb_Arab azj_Latn "
    "bak_Cyrl bam_Latn ban_Latn bel_Cyrl bem_Latn ben_Beng bho_Deva bjn_Arab bjn_Latn bod_Tibt "
    "bos_Latn bug_Latn bul_Cyrl cat_Latn ceb_Latn ces_Latn cjk_Latn ckb_Arab crh_Latn cym_Latn "
    "dan_Latn deu_Latn dik_Latn dyu_Latn dzo_Tibt ell_Grek eng_Latn epo_Latn est_Latn eus_Latn "
    "ewe_Latn fao_Latn pes_Arab fij_Latn fin_Latn fon_Latn fra_Latn fur_Latn fuv_Latn gla_Latn "
    "gle_Latn glg_Latn grn_Latn guj_Gujr hat_Latn hau_Latn heb_Hebr hin_Deva hne_Deva hrv_Latn "
    "hun_Latn hye_Armn ibo_Latn ilo_Latn ind_Latn isl_Latn ita_Latn jav_Latn jpn_Jpan kab_Latn "
    "kac_Latn kam_Latn kan_Knda kas_Arab kas_Deva kat_Geor knc_Arab knc_Latn kaz_Cyrl kbp_Latn "
    "kea_Latn khm_Khmr kik_Latn kin_Latn kir_Cyrl kmb_Latn kon_Latn kor_Hang kmr_Latn lao_Laoo "
    "lvs_Latn lij_Latn lim_Latn lin_Latn lit_Latn lmo_Latn ltg_Latn ltz_Latn lua_Latn lug_Latn "
    "luo_Latn lus_Latn mag_Deva mai_Deva mal_Mlym mar_Deva min_Latn mkd_Cyrl plt_Latn mlt_Latn "
    "mni_Beng khk_Cyrl mos_Latn mri_Latn zsm_Latn mya_Mymr nld_Latn nno_Latn nob_Latn npi_Deva "
    "nso_Latn nus_Latn nya_Latn oci_Latn gaz_Latn ory_Orya pag_Latn pan_Guru pap_Latn pol_Latn "
    "por_Latn prs_Arab pbt_Arab quy_Latn ron_Latn run_Latn rus_Cyrl sag_Latn san_Deva sat_Beng "
    "scn_Latn shn_Mymr sin_Sinh slk_Latn slv_Latn smo_Latn sna_Latn snd_Arab som_Latn sot_Latn "
    "spa_Latn als_Latn srd_Latn srp_Cyrl ssw_Latn sun_Latn swe_Latn swh_Latn szl_Latn tam_Taml "
    "tat_Cyrl tel_Telu tgk_Cyrl tgl_Latn tha_Thai tir_Ethi taq_Latn taq_Tfng tpi_Latn tsn_Latn "
    "tso_Latn tuk_Latn tum_Latn tur_Latn twi_Latn tzm_Tfng uig_Arab ukr_Cyrl umb_Latn urd_Arab "
    "uzn_Latn vec_Latn vie_Latn war_Latn wol_Latn xho_Latn ydd_Hebr yor_Latn yue_Hant zho_Hans "
    "zho_Hant zul_Latn"
)
# M2M100 has it, NLLB has not.
WORDS = "vocab.json"
# By the tokenizer's ``language_codes``.
LISTS = {"m2m100": LANGUAGES, "wmt21": "en ha is ja cs ru zh de"}


def convert(checkpoint: Checkpoint) -> Conversion:
    """Convert a checkpoint; ``transformers`` (``modeling_m2m_100.py``) is the reference.

    Raises:
        InvalidModelError: a file or a tensor is missing or does not fit the configuration.
    """
    vocabulary, languages = _vocabulary(checkpoint)
    read = _texts(checkpoint, vocabulary, languages)
    positions = partial(_positions, _pad(checkpoint, vocabulary, languages) + 1)
    return converted(checkpoint, read, positions, pre_norm=True, embedding_norm=())


def texts(checkpoint: Checkpoint) -> ModelTexts:
    """What it reads and writes.

    Raises:
        InvalidModelError: a file is missing or damaged, or is of another tokenizer.
    """
    return _texts(checkpoint, *_vocabulary(checkpoint))


def _texts(
    checkpoint: Checkpoint, vocabulary: Vocabulary, languages: Mapping[str, str]
) -> ModelTexts:
    tokens = vocabulary.tokens
    last = checkpoint.tokenizer_config.get("legacy_behaviour") is True
    recipe = vocabulary.recipe(
        prefix=() if last else ("{from}",),
        suffix=(EOS, "{from}") if last else (EOS,),
        target_prefix=("{to}",),
        special=_special(checkpoint),
        source_tokens=languages,
        target_tokens=languages,
        target_default="".join(checkpoint.first_token(tokens)),
    )
    return read_texts(
        checkpoint, vocabulary, recipe, "translate", checkpoint.token(tokens, START, EOS)
    )


def _special(checkpoint: Checkpoint) -> Sequence[str]:
    """The tokens that the tokenizer takes as special, whatever its files say."""
    return (BOS, EOS, PAD, UNK) if checkpoint.path(WORDS).exists() else SPECIAL


def _pad(checkpoint: Checkpoint, vocabulary: Vocabulary, languages: Mapping[str, str]) -> int:
    """The number of what fills shorter rows, which positions are counted from.

    Raises:
        InvalidModelError: see ``check_padding``.
    """
    pad, tokens = checkpoint.size("pad_token_id", default=1), vocabulary.tokens
    control = set(special_fields(vocabulary.rows, _special(checkpoint))["special"])
    unread = control.difference([EOS, UNK], languages.values())
    check_padding("config.json", pad, tokens, unread, checkpoint.token(tokens, START, EOS))
    return pad


def _vocabulary(checkpoint: Checkpoint) -> tuple[Vocabulary, Mapping[str, str]]:
    checkpoint.expect_tokenizer("M2M100Tokenizer", "NllbTokenizer")
    size = checkpoint.vocabulary_size
    if checkpoint.path(WORDS).exists():
        words = by_id(checkpoint, checkpoint.json(WORDS))
        implicit = _numbered_languages(checkpoint, len(words), size)
        rows = assemble(checkpoint, words, size, implicit)
        content = piece_file(checkpoint, PIECES)
        vocabulary = Vocabulary(rows, SENTENCEPIECE_KIND, PIECES, content)
        return vocabulary, language_tokens(vocabulary, M2M100_CODE, M2M100_ADDED)
    # transformers numbers <mask> before languages that no file names.
    own = () if additional_tokens(checkpoint) else (MASK, *NLLB_LANGUAGES.split())
    vocabulary = numbered_pieces(checkpoint, size, own)
    return vocabulary, language_tokens(vocabulary, NLLB_CODE)


def _numbered_languages(checkpoint: Checkpoint, words: int, size: int) -> dict[int, AddedToken]:
    """The languages by their numbers, and those that the tokenizer's files name without one.

    transformers numbers the languages of the list after the words, in its order, whatever else is
    added; and what is named beyond them by its place among all that is named. What it would give a
    language's number has no row here.

    Args:
        checkpoint: the checkpoint.
        words: how many words come first.
        size: rows of the embeddings.

    Raises:
        InvalidModelError: a file gives a language of the list another number.
    """
    languages = [f"__{code}__" for code in _listed_languages(checkpoint)]
    listed = {token.content: number for number, token in listed_tokens(checkpoint).items()}
    numbered = special_tokens(languages, words)
    for number, token in numbered.items():
        if listed.get(token.content, number) != number:
            raise InvalidModelError(
                f"The tokenizer's files in {checkpoint.directory} give {token.content} the number "
                f"{listed[token.content]}, but transformers has {number} for it",
                "Take its entry out of added_tokens.json and tokenizer_config.json.",
            )
    for place, name in enumerate(additional_tokens(checkpoint), words):
        if name not in languages and name not in listed:
            number = place if place >= words + len(languages) else size + place
            numbered[number] = AddedToken(name, special=True)
    return {number: token for number, token in numbered.items() if token.content not in listed}


def _listed_languages(checkpoint: Checkpoint) -> list[str]:
    """The languages of the list that the tokenizer's settings name."""
    name = str(checkpoint.tokenizer_config.get("language_codes", "m2m100"))
    if name not in LISTS:
        raise InvalidModelError(
            f"tokenizer_config.json names the list of languages {name!r}",
            f"Known are: {', '.join(LISTS)}.",
        )
    return LISTS[name].split()


def _positions(first: int, weights: Weights, shape: Shape, side: str) -> Array:
    """The table of positions, which the checkpoint may store too.

    Args:
        first: the number of the first position.
        weights: the checkpoint's.
        shape: its sizes.
        side: of which side.

    Returns:
        float32 of shape (positions, width).

    Raises:
        InvalidModelError: the checkpoint stores another table, as some do.
    """
    table = sinusoids_from(first, shape)
    name = f"model.{side}.embed_positions.weights"
    if name in weights:
        stored = weights.look(name, *weights.shape(name)).array()[first:]
        rows = min(len(stored), len(table))
        if stored.shape[1:] != table.shape[1:] or not np.allclose(
            stored[:rows], table[:rows], atol=ROUNDED
        ):
            raise InvalidModelError(f"The tensor {name} is not the table that the family computes")
        weights.pass_over([name])
    return table
