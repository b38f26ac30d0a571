"""The outcome of each key of a checkpoint's three settings files: the list of those we know.

A key is obeyed, without meaning here, without effect here (and then shown), or it ends the
conversion. One that nobody knows is shown as well: transformers does not read it either. The table
is ``docs/checkpoint-keys.md`` too (``scripts/update_docs.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "CONFIG",
    "FATES",
    "FILES",
    "GENERATION",
    "HARMLESS",
    "OBEYED",
    "REFUSED",
    "SHOWN",
    "TOKENIZER",
    "UNKNOWN",
    "Key",
    "all_as",
    "known_keys",
]

CONFIG, GENERATION, TOKENIZER = "config.json", "generation_config.json", "tokenizer_config.json"
FILES = (CONFIG, GENERATION, TOKENIZER)
OBEYED, HARMLESS, SHOWN, REFUSED = "obeyed", "without meaning here", "without effect", "refused"
FATES = (OBEYED, HARMLESS, SHOWN, REFUSED)
SAMPLE, SAMPLING = "do_sample", "used in sampling only"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that we know.

    Attributes:
        fate: what becomes of it.
        about: what it is, in a few words.
        neutral: values besides null with which nothing is asked for.
        same: the key whose value it must have, of which it is another name.
        sampling: whether it counts only beside ``do_sample``.
    """

    fate: str
    about: str
    neutral: tuple[Any, ...] = ()
    same: str = ""
    sampling: bool = False

    def asks(self, value: Any, content: Mapping[str, Any]) -> bool:
        """Whether a value has an effect."""
        if self.same:
            return bool(value != content.get(self.same, value))
        neutral = any(type(value) is type(other) and value == other for other in self.neutral)
        return (
            value is not None and not neutral and (not self.sampling or bool(content.get(SAMPLE)))
        )


UNKNOWN = Key(SHOWN, "unknown")


def _names(names: str) -> list[str]:
    return names.split()


def all_as(fate: str, about: str, names: str) -> dict[str, Key]:
    """Several keys of one kind.

    Args:
        fate: what becomes of them.
        about: what they are.
        names: the keys, with spaces between.
    """
    return {name: Key(fate, about) for name in _names(names)}


_GENERATION: dict[str, Key] = {
    **all_as(OBEYED, "length of the output", "max_length max_new_tokens min_length min_new_tokens"),
    **all_as(OBEYED, "beam search", "num_beams length_penalty early_stopping"),
    **all_as(OBEYED, "repetitions", "repetition_penalty no_repeat_ngram_size"),
    "bad_words_ids": Key(OBEYED, "sequences of tokens that never come"),
    "suppress_tokens": Key(OBEYED, "tokens that never come"),
    "begin_suppress_tokens": Key(
        OBEYED, "tokens that never come first; shown where no special token is forced before them"
    ),
    "decoder_start_token_id": Key(OBEYED, "the token that decoding starts from"),
    "bos_token_id": Key(OBEYED, "the same, where there is no other"),
    "eos_token_id": Key(OBEYED, "the token or tokens that end an output"),
    "forced_bos_token_id": Key(OBEYED, "the first token of each output"),
    "forced_eos_token_id": Key(OBEYED, "the end of an output that reaches the maximum length"),
    "_from_model_config": Key(OBEYED, "whether settings of config.json come first"),
    **all_as(
        HARMLESS,
        "forms of the result, speed, memory",
        "output_attentions output_hidden_states output_scores output_logits "
        "return_dict_in_generate use_cache cache_implementation cache_config "
        "return_legacy_cache prefill_chunk_size low_memory compile_config disable_compile "
        "max_matching_ngram_size prompt_lookup_num_tokens is_assistant num_assistant_tokens "
        "num_assistant_tokens_schedule assistant_confidence_threshold assistant_early_exit "
        "assistant_lookbehind target_lookbehind remove_invalid_values",
    ),
    **all_as(HARMLESS, "bookkeeping", "transformers_version _commit_hash trust_remote_code"),
    "pad_token_id": Key(HARMLESS, "fills shorter rows of a batch"),
    SAMPLE: Key(SHOWN, "outputs at random", (False,)),
    **{
        name: Key(SHOWN, SAMPLING, sampling=True)
        for name in _names(
            "temperature top_k top_p min_p top_h typical_p epsilon_cutoff eta_cutoff"
        )
    },
    "num_return_sequences": Key(SHOWN, "results for each text", (1,)),
    "num_beam_groups": Key(SHOWN, "groups of beams", (1,)),
    "diversity_penalty": Key(SHOWN, "groups of beams", (0, 0.0)),
    "encoder_no_repeat_ngram_size": Key(SHOWN, "n-grams of the source do not come", (0,)),
    "encoder_repetition_penalty": Key(SHOWN, "tokens of the source come rather", (1, 1.0)),
    "guidance_scale": Key(SHOWN, "classifier-free guidance", (1, 1.0)),
    "renormalize_logits": Key(SHOWN, "scores after other settings", (False,)),
    "token_healing": Key(SHOWN, "writes the end of a prompt again", (False,)),
    **all_as(
        SHOWN,
        "searches and constraints that the engine lacks",
        "exponential_decay_length_penalty sequence_bias force_words_ids constraints penalty_alpha "
        "dola_layers watermarking_config stop_strings max_time",
    ),
    "forced_decoder_ids": Key(SHOWN, "transformers reads it for Whisper alone"),
}
_CONFIG: dict[str, Key] = {
    "model_type": Key(OBEYED, "the family"),
    "transformers_version": Key(OBEYED, "what tie_word_embeddings means"),
    "tie_word_embeddings": Key(OBEYED, "whether the output has the table of the embeddings"),
    "tokenizer_class": Key(OBEYED, "the tokenizer, if tokenizer_config.json does not name it"),
    "task_specific_params": Key(OBEYED, "prompts and decoding of tasks"),
    "prefix": Key(OBEYED, "stands before each text"),
    **all_as(OBEYED, "sizes", "vocab_size d_model"),
    **all_as(
        HARMLESS,
        "training",
        "dropout attention_dropout activation_dropout classifier_dropout classif_dropout "
        "encoder_layerdrop decoder_layerdrop dropout_rate init_std initializer_factor "
        "initializer_range gradient_checkpointing label_smoothing",
    ),
    **all_as(
        HARMLESS,
        "models of other tasks",
        "id2label label2id num_labels _num_labels problem_type finetuning_task",
    ),
    **all_as(
        HARMLESS,
        "forms of the result, speed, memory",
        "output_attentions output_hidden_states return_dict use_return_dict torchscript "
        "output_past use_cache chunk_size_feed_forward tf_legacy_loss use_bfloat16 dtype "
        "torch_dtype attn_implementation _attn_implementation _attn_implementation_autoset",
    ),
    **all_as(
        HARMLESS,
        "bookkeeping",
        "_name_or_path name_or_path architectures _commit_hash auto_map sep_token_id "
        "num_hidden_layers",
    ),
    "is_encoder_decoder": Key(REFUSED, "a model has both sides", (True,)),
    "is_decoder": Key(REFUSED, "a model has both sides", (False,)),
    "add_cross_attention": Key(REFUSED, "the family has its own", (False,)),
    "cross_attention_hidden_size": Key(REFUSED, "both sides have one width"),
    "tie_encoder_decoder": Key(REFUSED, "each side has layers of its own", (False,)),
    "pruned_heads": Key(REFUSED, "all heads of a layer are there", ({}, [])),
    "quantization_config": Key(REFUSED, "the weights must not be quantized yet"),
    "hidden_size": Key(REFUSED, "another name of d_model", same="d_model"),
}
_TOKENIZER: dict[str, Key] = {
    "tokenizer_class": Key(OBEYED, "the tokenizer; others than the family's are refused"),
    "model_max_length": Key(OBEYED, "maximum tokens of a source"),
    **all_as(
        OBEYED,
        "tokens beside the vocabulary",
        "added_tokens_decoder additional_special_tokens extra_special_tokens",
    ),
    "clean_up_tokenization_spaces": Key(
        OBEYED, "whether outputs lose spaces before marks; as there, not in pipelines"
    ),
    **all_as(
        HARMLESS,
        "bookkeeping",
        "name_or_path special_tokens_map_file tokenizer_file vocab_file auto_map processor_class "
        "chat_template use_fast from_slow backend is_local local_files_only verbose vocab_size "
        "model_specific_special_tokens _commit_hash added_tokens_encoder unk_id",
    ),
    **all_as(
        HARMLESS,
        "asked for at each call",
        "padding_side truncation_side padding truncation max_length stride truncation_strategy "
        "pad_to_multiple_of pad_token_type_id return_tensors return_token_type_ids "
        "model_input_names split_special_tokens",
    ),
    "sp_model_kwargs": Key(SHOWN, "how SentencePiece is loaded", ({},)),
    "do_lower_case": Key(SHOWN, "transformers does not read it here", (False,)),
    **all_as(SHOWN, "transformers does not read them here", "add_bos_token add_eos_token"),
}


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
_T5_TOKENIZER: dict[str, Key] = {
    **_ENDS,
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
    "mbart": {
        CONFIG: _fairseq(True, True, True, False, (0, 2)),
        TOKENIZER: {**_ENDS, **_NAMED_LANGUAGES},
    },
    "pegasus": {
        CONFIG: _fairseq(True, False, True, True, (0, 1)),
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
_FAMILIES["vision-encoder-decoder"] = _FAMILIES["encoder-decoder"]
_FAMILIES["show-attend-tell"] = {CONFIG: all_as(OBEYED, "the two parts", "encoder decoder")}


def known_keys(family: str) -> dict[str, dict[str, Key]]:
    """By file, the keys that a family knows.

    Keys of ``generation_config.json`` may stand in ``config.json`` too.
    """
    common = {CONFIG: _CONFIG, GENERATION: _GENERATION, TOKENIZER: _TOKENIZER}
    own = _FAMILIES.get(family, {})
    return {file: {**keys, **own.get(file, {})} for file, keys in common.items()}
