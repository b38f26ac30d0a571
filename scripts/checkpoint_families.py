"""The families of the small checkpoints of ``make_checkpoints.py``: shape, class and tokenizer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import transformers
from checkpoint_tokenizers import (
    byte_level,
    bytes_of_gpt2,
    fairseq,
    m2m100,
    moses,
    pegasus,
    small_blenderbot,
    t5,
    wordpiece,
)

__all__ = ["FAMILIES", "LONGEST", "LONGEST_DOCUMENT", "Family"]

WIDTH, FFN, LAYERS, HEADS, POSITIONS = 48, 96, 2, 4, 64
LONGEST = 40  # tokens of a text
LONGEST_DOCUMENT = 120
FAIRSEQ_SHAPE = {
    "d_model": WIDTH,
    "encoder_layers": LAYERS,
    "decoder_layers": LAYERS,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "encoder_ffn_dim": FFN,
    "decoder_ffn_dim": FFN,
    "max_position_embeddings": POSITIONS,
    "scale_embedding": True,
    "dropout": 0.0,
}
T5_SHAPE = {
    "d_model": WIDTH,
    "d_kv": WIDTH // HEADS,
    "d_ff": FFN,
    "num_layers": LAYERS,
    "num_heads": HEADS,
    "dropout_rate": 0.0,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 20,
}
V1_1 = {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}
LED_SHAPE = {
    **{name: size for name, size in FAIRSEQ_SHAPE.items() if "max_" not in name},
    "max_encoder_position_embeddings": LONGEST_DOCUMENT + 40,
    "max_decoder_position_embeddings": POSITIONS,
    "attention_window": [8, 16],
}


@dataclass(frozen=True)
class Family:
    """How to make a checkpoint.

    Attributes:
        config: makes the configuration, given the number of rows of the embeddings, by side where
            each has its own.
        model: the class.
        tokenizer: makes the tokenizer in a directory, given the two texts.
        target: makes that of the targets, where they have their own.
        adds_end: whether targets get their end here, for a tokenizer that adds none.
        languages: the codes of English and German, if the model is told.
        prompts: what stands in front of the source, by target language ("en", "de").
        documents: whether it reads several English sentences, and writes the first of them.
    """

    config: Callable[..., Any]
    model: str
    tokenizer: Callable[[Path, list[str]], Any]
    target: Callable[[Path, list[str]], Any] | None = None
    adds_end: bool = False
    languages: tuple[str, str] | None = None
    prompts: tuple[str, str] | None = None
    documents: bool = False


BERT_SHAPE = {
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "intermediate_size": FFN,
    "max_position_embeddings": POSITIONS,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}


GPT2_SHAPE = {
    "n_embd": WIDTH,
    "n_layer": LAYERS,
    "n_head": HEADS,
    "n_positions": POSITIONS,
    "resid_pdrop": 0.0,
    "embd_pdrop": 0.0,
    "attn_pdrop": 0.0,
}


def bert2gpt2_config(source: int, target: int) -> Any:
    """A configuration of two parts of unlike kinds and widths."""
    return transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
        transformers.BertConfig(**{**BERT_SHAPE, "hidden_size": WIDTH + 16, "vocab_size": source}),
        transformers.GPT2Config(vocab_size=target, **GPT2_SHAPE),
        pad_token_id=0,
        decoder_start_token_id=0,
        eos_token_id=0,
    )


def fsmt_config(source: int, target: int) -> Any:
    """A configuration of FSMT."""
    return transformers.FSMTConfig(
        src_vocab_size=source, tgt_vocab_size=target, max_length=LONGEST, **FAIRSEQ_SHAPE
    )


def pair_config(
    encoder: str, decoder: str, ids: dict[str, int], wider: int = 0, **options: Any
) -> Callable[[int], Any]:
    """A configuration of two parts; the encoder may be wider than the decoder."""

    def make(size: int) -> Any:
        parts = [
            getattr(transformers, cls)(**{**BERT_SHAPE, "vocab_size": size, **more})
            for cls, more in ((encoder, {"hidden_size": WIDTH + wider}), (decoder, {}))
        ]
        return transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
            *parts, **ids, **options
        )

    return make


def fairseq_config(cls: str, **options: Any) -> Callable[[int], Any]:
    """A configuration of a family that descends from fairseq."""
    return lambda size: getattr(transformers, cls)(vocab_size=size, **{**FAIRSEQ_SHAPE, **options})


def led_config(size: int) -> Any:
    """A configuration of LED."""
    return transformers.LEDConfig(vocab_size=size, **LED_SHAPE)


def t5_config(cls: str, **options: Any) -> Callable[[int], Any]:
    """A configuration of T5 and its kin."""
    return lambda size: getattr(transformers, cls)(
        vocab_size=size, decoder_start_token_id=0, **{**T5_SHAPE, **options}
    )


BERT_IDS = {"pad_token_id": 0, "decoder_start_token_id": 2, "eos_token_id": 3}
ROBERTA_IDS = {"pad_token_id": 1, "decoder_start_token_id": 0, "eos_token_id": 2}
T5_PROMPTS = ("translate German to English: ", "translate English to German: ")
START_EOS = {"decoder_start_token_id": 2}
FAMILIES = {
    "t5": Family(t5_config("T5Config"), "T5ForConditionalGeneration", t5(), prompts=T5_PROMPTS),
    "t5v1_1": Family(
        t5_config("T5Config", **V1_1), "T5ForConditionalGeneration", t5(), prompts=T5_PROMPTS
    ),
    "mt5": Family(t5_config("MT5Config", **V1_1), "MT5ForConditionalGeneration", t5(0)),
    "umt5": Family(
        t5_config("UMT5Config", feed_forward_proj="gated-gelu"),
        "UMT5ForConditionalGeneration",
        t5(),
        prompts=T5_PROMPTS,
    ),
    "madlad": Family(
        t5_config("T5Config", **V1_1),
        "T5ForConditionalGeneration",
        t5(0, ("<2en>", "<2de>", "<2fr>")),
        prompts=("<2en> ", "<2de> "),
    ),
    "bart": Family(
        fairseq_config("BartConfig", forced_bos_token_id=0, scale_embedding=False),
        "BartForConditionalGeneration",
        byte_level("BartTokenizer"),
    ),
    "blenderbot": Family(
        fairseq_config(
            "BlenderbotConfig",
            bos_token_id=0,
            pad_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=0,
            forced_eos_token_id=2,
            encoder_no_repeat_ngram_size=0,
        ),
        "BlenderbotForConditionalGeneration",
        byte_level("BlenderbotTokenizer"),
    ),
    "bert2bert": Family(
        pair_config("BertConfig", "BertConfig", BERT_IDS, wider=16),
        "EncoderDecoderModel",
        wordpiece,
    ),
    "roberta-shared": Family(
        pair_config("RobertaConfig", "RobertaConfig", ROBERTA_IDS, tie_encoder_decoder=True),
        "EncoderDecoderModel",
        byte_level("RobertaTokenizer"),
    ),
    "bert2gpt2": Family(bert2gpt2_config, "EncoderDecoderModel", wordpiece, bytes_of_gpt2),
    "blenderbot-small": Family(
        fairseq_config("BlenderbotSmallConfig"),
        "BlenderbotSmallForConditionalGeneration",
        small_blenderbot,
        adds_end=True,
    ),
    "bigbird-pegasus": Family(
        fairseq_config("BigBirdPegasusConfig"),
        "BigBirdPegasusForConditionalGeneration",
        pegasus,
    ),
    "led": Family(
        led_config,
        "LEDForConditionalGeneration",
        byte_level("LEDTokenizer"),
        documents=True,
    ),
    "longt5": Family(
        t5_config(
            "LongT5Config",
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=False,
            encoder_attention_type="transient-global",
            local_radius=7,
            global_block_size=4,
        ),
        "LongT5ForConditionalGeneration",
        t5(),
        documents=True,
    ),
    "pegasus-x": Family(
        fairseq_config(
            "PegasusXConfig", max_position_embeddings=256, num_global_tokens=4, block_size=16
        ),
        "PegasusXForConditionalGeneration",
        pegasus,
        documents=True,
    ),
    "fsmt": Family(
        fsmt_config, "FSMTForConditionalGeneration", moses(reads=True), moses(reads=False)
    ),
    "mbart25": Family(
        fairseq_config("MBartConfig"),
        "MBartForConditionalGeneration",
        fairseq("MBartTokenizer"),
        languages=("en_XX", "de_DE"),
    ),
    "mbart50": Family(
        fairseq_config("MBartConfig", tokenizer_class="MBart50Tokenizer", **START_EOS),
        "MBartForConditionalGeneration",
        fairseq("MBart50Tokenizer"),
        languages=("en_XX", "de_DE"),
    ),
    "pegasus": Family(fairseq_config("PegasusConfig"), "PegasusForConditionalGeneration", pegasus),
    "m2m100": Family(
        fairseq_config("M2M100Config", **START_EOS),
        "M2M100ForConditionalGeneration",
        m2m100,
        languages=("en", "de"),
    ),
    "nllb": Family(
        fairseq_config("M2M100Config", tokenizer_class="NllbTokenizer", **START_EOS),
        "M2M100ForConditionalGeneration",
        fairseq("NllbTokenizer"),
        languages=("eng_Latn", "deu_Latn"),
    ),
}
