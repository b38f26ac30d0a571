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
    "CONFIG_KEYS",
    "FATES",
    "FILES",
    "GENERATION",
    "GENERATION_KEYS",
    "HARMLESS",
    "OBEYED",
    "REFUSED",
    "SHOWN",
    "TOKENIZER",
    "TOKENIZER_KEYS",
    "UNKNOWN",
    "Key",
    "all_as",
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
        neutral: values with which nothing is asked for. Null is as good as one that is false or
            0, as in transformers; and as any, of a key that cannot end the conversion.
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
            return bool(value != content.get(self.same))  # transformers takes it over that one
        if value is None:
            return self.fate == REFUSED and bool(self.neutral) and all(self.neutral)
        neutral = any(type(value) is type(other) and value == other for other in self.neutral)
        return not neutral and (not self.sampling or bool(content.get(SAMPLE)))


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


GENERATION_KEYS: dict[str, Key] = {
    **all_as(OBEYED, "length of the output", "max_length max_new_tokens min_length min_new_tokens"),
    **all_as(OBEYED, "beam search", "num_beams length_penalty early_stopping"),
    "no_repeat_ngram_size": Key(OBEYED, "repetitions"),
    "repetition_penalty": Key(
        OBEYED,
        "repetitions of what was written; shown where CTranslate2 does not count the token that "
        "decoding starts from, which ends outputs too",
    ),
    "bad_words_ids": Key(OBEYED, "sequences of tokens that never come"),
    "suppress_tokens": Key(OBEYED, "tokens that never come"),
    "begin_suppress_tokens": Key(
        OBEYED, "tokens that never come first; shown where no special token is forced before them"
    ),
    "decoder_start_token_id": Key(
        OBEYED, "the token that decoding starts from; never text, and shown if it is a word"
    ),
    "bos_token_id": Key(OBEYED, "the same, where there is no other"),
    "eos_token_id": Key(
        OBEYED, "the tokens that end an output; without it the family's own, which is shown"
    ),
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
CONFIG_KEYS: dict[str, Key] = {
    "model_type": Key(OBEYED, "the family"),
    "transformers_version": Key(OBEYED, "what tie_word_embeddings means"),
    "tie_word_embeddings": Key(OBEYED, "whether the output has the table of the embeddings"),
    "tokenizer_class": Key(OBEYED, "the tokenizer, if tokenizer_config.json does not name it"),
    "task_specific_params": Key(OBEYED, "prompts and decoding of tasks"),
    "prefix": Key(
        OBEYED,
        "stands before each text; of Marian, a language there is the usual one; shown where "
        "transformers translates without it (mBART, M2M100, NLLB)",
    ),
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
TOKENIZER_KEYS: dict[str, Key] = {
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
        "truncation_side padding truncation max_length stride truncation_strategy "
        "pad_to_multiple_of pad_token_type_id return_tensors return_token_type_ids "
        "model_input_names",
    ),
    "split_special_tokens": Key(HARMLESS, "names of special tokens in a text are text here anyway"),
    "padding_side": Key(
        SHOWN,
        "texts of a batch are as each alone; there, padding before them moves them",
        ("right",),
    ),
    "sp_model_kwargs": Key(SHOWN, "how SentencePiece is loaded", ({},)),
    "do_lower_case": Key(SHOWN, "transformers does not read it here", (False,)),
    **all_as(SHOWN, "transformers does not read them here", "add_bos_token add_eos_token"),
}
