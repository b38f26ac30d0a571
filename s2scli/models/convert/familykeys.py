"""The keys of settings files that only some families have, or know in their own way."""

from __future__ import annotations

from s2scli.models.convert.keys import (
    CONFIG,
    CONFIG_KEYS,
    GENERATION,
    GENERATION_KEYS,
    HARMLESS,
    OBEYED,
    REFUSED,
    SHOWN,
    TOKENIZER,
    TOKENIZER_KEYS,
    Key,
    all_as,
)

__all__ = ["known_keys"]


def _tokens(**named: str) -> dict[str, Key]:
    """Special tokens: those that the family's recipe has by name, and the others."""
    others = "bos_token cls_token sep_token mask_token"
    return {
        **all_as(HARMLESS, "no text gets it", others),
        "pad_token": Key(HARMLESS, "fills shorter rows of a batch"),
        **{
            name: Key(REFUSED, "the family's recipe has its own", (token,))
            for name, token in named.items()
        },
    }


_ENDS = _tokens(eos_token="</s>", unk_token="<unk>")


def _fairseq(
    before: bool, embedding: bool, last: bool, static: bool, more: tuple[int, ...]
) -> dict[str, Key]:
    """Keys of the families that descend from fairseq; of old ones, the values that they have."""
    old = "older versions read it; another value than the family's"
    return {
        **all_as(
            OBEYED,
            "sizes",
            "max_position_embeddings encoder_layers decoder_layers encoder_attention_heads "
            "decoder_attention_heads encoder_ffn_dim decoder_ffn_dim",
        ),
        **all_as(OBEYED, "the layers", "activation_function scale_embedding"),
        "num_attention_heads": Key(
            REFUSED,
            "another name of encoder_attention_heads",
            same="encoder_attention_heads",
        ),
        "normalize_before": Key(SHOWN, old, (before,)),
        "normalize_embedding": Key(SHOWN, old, (embedding,)),
        "add_final_layer_norm": Key(SHOWN, old, (last,)),
        "static_position_embeddings": Key(SHOWN, old, (static,)),
        "extra_pos_embeddings": Key(SHOWN, old, more),
        "add_bias_logits": Key(SHOWN, old, (False,)),
        "force_bos_token_to_be_generated": Key(
            SHOWN, "transformers reads it for BART alone", (False,)
        ),
    }


_T5: dict[str, Key] = {
    **all_as(
        OBEYED,
        "sizes",
        "d_kv d_ff num_layers num_decoder_layers num_heads relative_attention_num_buckets "
        "relative_attention_max_distance",
    ),
    "n_positions": Key(OBEYED, "maximum tokens of a source"),
    **all_as(
        OBEYED, "the layers", "feed_forward_proj dense_act_fn is_gated_act layer_norm_epsilon"
    ),
    **{
        name: Key(REFUSED, f"another name of {other}", same=other)
        for name, other in (
            ("num_attention_heads", "num_heads"),
            ("num_hidden_layers", "num_layers"),
            ("head_dim", "d_kv"),
        )
    },
    "scalable_attention": Key(HARMLESS, "bookkeeping"),
    "scale_decoder_outputs": Key(SHOWN, "transformers reads it for T5 alone", (False,)),
}
# Where positions are relative, or counted without padding.
_PADDED = {"padding_side": Key(HARMLESS, "padding moves no text of a batch")}
_T5_TOKENIZER: dict[str, Key] = {
    **_ENDS,
    **_PADDED,
    "extra_ids": Key(OBEYED, "how many <extra_id_N> there are"),
    "legacy": Key(OBEYED, "whether text after an added token begins with a word"),
    "add_prefix_space": Key(REFUSED, "SentencePiece puts a space before the first word", (True,)),
}
_BYTES: dict[str, Key] = {
    **_ENDS,
    "add_prefix_space": Key(OBEYED, "whether the first word gets a space before it"),
    "errors": Key(SHOWN, "what becomes of bytes that are not text", ("replace",)),
    "trim_offsets": Key(HARMLESS, "places of tokens"),
}
_PEGASUS_TOKENIZER: dict[str, Key] = {
    **_ENDS,
    "offset": Key(OBEYED, "how many tokens of pre-training come first"),
    "mask_token_sent": Key(HARMLESS, "stands for a sentence in pre-training"),
}
_NAMED_LANGUAGES = all_as(HARMLESS, "--from and --to name the languages", "src_lang tgt_lang")
# By family, the keys that it knows beside the common ones, which its own replace.
_FAMILIES: dict[str, dict[str, dict[str, Key]]] = {
    "marian": {
        CONFIG: {
            **_fairseq(False, False, False, True, (0,)),
            "decoder_vocab_size": Key(OBEYED, "tokens of the target"),
            "share_encoder_decoder_embeddings": Key(OBEYED, "one table for both sides"),
        },
        TOKENIZER: {
            **_ENDS,
            **all_as(OBEYED, "the languages", "source_lang target_lang"),
            "separate_vocabs": Key(OBEYED, "whether the target has a vocabulary of its own"),
        },
    },
    "t5": {
        CONFIG: {**_T5, "scale_decoder_outputs": Key(OBEYED, "whether outputs are scaled")},
        TOKENIZER: _T5_TOKENIZER,
    },
    "longt5": {
        CONFIG: {
            **_T5,
            **all_as(OBEYED, "at what a token looks", "local_radius global_block_size"),
            "encoder_attention_type": Key(OBEYED, "local or transient-global"),
            "n_positions": Key(HARMLESS, "positions are relative; transformers does not read it"),
        },
        TOKENIZER: {**_T5_TOKENIZER, "padding_side": TOKENIZER_KEYS["padding_side"]},  # of blocks
    },
    "mt5": {CONFIG: _T5, TOKENIZER: _T5_TOKENIZER},
    "umt5": {CONFIG: _T5, TOKENIZER: _T5_TOKENIZER},
    "bart": {
        CONFIG: {
            **_fairseq(False, True, False, False, (0, 2)),
            "force_bos_token_to_be_generated": Key(OBEYED, "an older form of forced_bos_token_id"),
        },
        TOKENIZER: {
            **_BYTES,
            **_tokens(eos_token="</s>", unk_token="<unk>", cls_token="<s>", sep_token="</s>"),
        },
    },
    "led": {
        CONFIG: {
            **_fairseq(False, True, False, False, (0, 2)),
            **all_as(
                OBEYED,
                "sizes",
                "max_encoder_position_embeddings max_decoder_position_embeddings attention_window",
            ),
        },
        TOKENIZER: {
            **_BYTES,
            **_tokens(eos_token="</s>", unk_token="<unk>", cls_token="<s>", sep_token="</s>"),
        },
    },
    "mbart": {
        CONFIG: _fairseq(True, True, True, False, (0, 2)),
        TOKENIZER: {**_ENDS, **_NAMED_LANGUAGES},
    },
    "pegasus": {
        CONFIG: _fairseq(True, False, True, True, (0, 1)),
        TOKENIZER: _PEGASUS_TOKENIZER,
    },
    "pegasus_x": {
        CONFIG: {
            **_fairseq(True, False, True, True, (0, 1)),
            "max_position_embeddings": Key(OBEYED, "maximum tokens of a source"),
            **all_as(
                OBEYED,
                "at what a token looks",
                "num_global_tokens block_size stagger_local_blocks",
            ),
        },
        TOKENIZER: _PEGASUS_TOKENIZER,
    },
    "bigbird_pegasus": {
        CONFIG: {
            **_fairseq(True, False, True, False, (0,)),
            **all_as(OBEYED, "the longest source", "attention_type block_size num_random_blocks"),
            "use_bias": Key(OBEYED, "whether attention has a bias"),
            "rescale_embeddings": Key(SHOWN, "of BigBird, the encoder", (False,)),
            "gradient_checkpointing": Key(HARMLESS, "training"),
        },
        TOKENIZER: _PEGASUS_TOKENIZER,
    },
    "m2m_100": {
        CONFIG: {
            **_fairseq(True, False, True, True, (0, 2)),
            "pad_token_id": Key(OBEYED, "positions are counted from the number after it"),
        },
        TOKENIZER: {
            **_ENDS,
            **_PADDED,
            **_NAMED_LANGUAGES,
            "language_codes": Key(OBEYED, "the list of languages: m2m100 or wmt21"),
            "num_madeup_words": Key(HARMLESS, "config.json says how many rows there are"),
            "legacy_behaviour": Key(OBEYED, "where the source's language stands (NLLB)"),
        },
    },
    "blenderbot-small": {
        CONFIG: {
            **_fairseq(False, True, False, False, (0,)),
            **all_as(SHOWN, "older versions read it", "layernorm_variant extra_layer_norm"),
            "do_blenderbot_90_layernorm": Key(SHOWN, "older versions read it", (True,)),
        },
        TOKENIZER: _tokens(unk_token="__unk__", bos_token="__start__", eos_token="__end__"),
    },
    "fsmt": {
        CONFIG: {
            **_fairseq(False, False, False, True, (0,)),
            **all_as(OBEYED, "tokens of each side", "src_vocab_size tgt_vocab_size"),
            "langs": Key(OBEYED, "the languages, if tokenizer_config.json does not name them"),
            "pad_token_id": Key(OBEYED, "positions are counted from the number after it"),
            "decoder": Key(HARMLESS, "tokens of the target, again"),
            **all_as(HARMLESS, "tokens of each side, again", "vocab_size src_vocab tgt_vocab"),
        },
        TOKENIZER: {
            **_tokens(unk_token="<unk>", sep_token="</s>"),
            **_PADDED,
            "langs": Key(OBEYED, "the languages"),
            "do_lower_case": Key(OBEYED, "whether texts lose their capitals"),
            **all_as(HARMLESS, "bookkeeping", "src_vocab_file tgt_vocab_file merges_file"),
        },
    },
    "encoder-decoder": {
        CONFIG: {
            **all_as(OBEYED, "the two parts", "encoder decoder"),
            "tie_encoder_decoder": Key(OBEYED, "whether both parts have the same layers"),
        },
        TOKENIZER: {
            **_BYTES,
            **all_as(
                OBEYED,
                "special tokens",
                "bos_token eos_token unk_token sep_token cls_token pad_token mask_token",
            ),
            **all_as(OBEYED, "letters", "do_lower_case strip_accents tokenize_chinese_chars"),
            "clean_up_tokenization_spaces": Key(OBEYED, "no spaces before marks (BERT)"),
            "never_split": Key(SHOWN, "words that are not parted (BERT)", ([],)),
            "do_basic_tokenize": Key(REFUSED, "words come before pieces", (True,)),
            "wordpieces_prefix": Key(REFUSED, "what continues a word", ("##",)),
        },
    },
    "blenderbot": {
        CONFIG: {
            **_fairseq(True, False, True, False, (0,)),
            "layernorm_variant": Key(SHOWN, "older versions read it", ("prelayernorm",)),
            "extra_layer_norm": Key(SHOWN, "older versions read it", (False,)),
            "do_blenderbot_90_layernorm": Key(SHOWN, "older versions read it", (False,)),
        },
        TOKENIZER: _BYTES,
    },
}

_FAMILIES["vision-encoder-decoder"] = {
    CONFIG: {
        **_FAMILIES["encoder-decoder"][CONFIG],
        "tie_encoder_decoder": Key(REFUSED, "layers for images are none for texts", (False,)),
    },
    TOKENIZER: {
        **_FAMILIES["encoder-decoder"][TOKENIZER],
        **_PADDED,  # no text is read
        "split_special_tokens": Key(
            REFUSED, "special tokens of a prompt are one token each (Donut)", (False,)
        ),
    },
}
_FAMILIES["show-attend-tell"] = {CONFIG: all_as(OBEYED, "the two parts", "encoder decoder")}


def known_keys(family: str) -> dict[str, dict[str, Key]]:
    """By file, the keys that a family knows.

    Keys of ``generation_config.json`` may stand in ``config.json`` too.
    """
    common = {CONFIG: CONFIG_KEYS, GENERATION: GENERATION_KEYS, TOKENIZER: TOKENIZER_KEYS}
    own = _FAMILIES.get(family, {})
    return {file: {**keys, **own.get(file, {})} for file, keys in common.items()}
