"""What a configuration means by the keys that it leaves out, by its ``model_type``.

A checkpoint stores what differs from the defaults of its class in transformers (4.57,
``configuration_bert.py`` and so on). Of whole models these are the settings of generation; of the
parts of an encoder-decoder model their sizes as well.
"""

from __future__ import annotations

from typing import Any

__all__ = ["DECODER_SIZES", "TYPE_DEFAULTS"]

_BERT = {
    "vocab_size": 30522,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "hidden_act": "gelu",
    "max_position_embeddings": 512,
    "layer_norm_eps": 1e-12,
    "pad_token_id": 0,
}
_TYPES = {"type_vocab_size": 2}
# Sizes of the decoders of mBART and BART, where they are a part.
DECODER_SIZES: dict[str, Any] = {
    "vocab_size": 50265,
    "d_model": 1024,
    "decoder_layers": 12,
    "decoder_attention_heads": 16,
    "decoder_ffn_dim": 4096,
    "activation_function": "gelu",
    "max_position_embeddings": 1024,
}
# Sizes of Pegasus-X and BigBird-Pegasus.
_LONG: dict[str, Any] = {
    "d_model": 1024,
    "encoder_layers": 16,
    "encoder_attention_heads": 16,
    "encoder_ffn_dim": 4096,
    "decoder_layers": 16,
    "decoder_attention_heads": 16,
    "decoder_ffn_dim": 4096,
}
_IMAGES = {
    "image_size": 224,
    "num_channels": 3,
    "hidden_act": "gelu",
}
_VIT = {
    **_IMAGES,
    "patch_size": 16,
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 3072,
    "layer_norm_eps": 1e-12,
}
_SWIN = {
    **_IMAGES,
    "patch_size": 4,
    "embed_dim": 96,
    "depths": [2, 2, 6, 2],
    "num_heads": [3, 6, 12, 24],
    "window_size": 7,
    "mlp_ratio": 4.0,
    "layer_norm_eps": 1e-5,
}
TYPE_DEFAULTS: dict[str, dict[str, Any]] = {
    # Whole models.
    "marian": {"eos_token_id": 0, "forced_eos_token_id": 0},
    "t5": {"pad_token_id": 0, "eos_token_id": 1},
    "mt5": {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0},
    "umt5": {"pad_token_id": 0, "eos_token_id": 1, "decoder_start_token_id": 0},
    "longt5": {
        "vocab_size": 32128,
        "d_model": 512,
        "d_kv": 64,
        "d_ff": 2048,
        "num_layers": 6,
        "num_heads": 8,
        "local_radius": 127,
        "global_block_size": 16,
        "relative_attention_num_buckets": 32,
        "relative_attention_max_distance": 128,
        "encoder_attention_type": "local",
        "pad_token_id": 0,
        "eos_token_id": 1,
    },
    "bart": {
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "decoder_start_token_id": 2,
        "forced_eos_token_id": 2,
    },
    "led": {
        **DECODER_SIZES,
        "encoder_layers": 12,
        "encoder_attention_heads": 16,
        "encoder_ffn_dim": 4096,
        "max_encoder_position_embeddings": 16384,
        "max_decoder_position_embeddings": 1024,
        "attention_window": 512,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "decoder_start_token_id": 2,
    },
    "mbart": {
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "forced_eos_token_id": 2,
    },
    "pegasus": {
        "pad_token_id": 0,
        "eos_token_id": 1,
        "decoder_start_token_id": 0,
        "forced_eos_token_id": 1,
    },
    "pegasus_x": {
        **_LONG,
        "vocab_size": 96103,
        "max_position_embeddings": 16384,
        "activation_function": "gelu",
        "scale_embedding": True,
        "num_global_tokens": 32,
        "block_size": 512,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "decoder_start_token_id": 0,
        "forced_eos_token_id": 1,
    },
    "bigbird_pegasus": {
        **_LONG,
        "vocab_size": 96103,
        "max_position_embeddings": 4096,
        "activation_function": "gelu_new",
        "scale_embedding": True,
        "attention_type": "block_sparse",
        "block_size": 64,
        "num_random_blocks": 3,
        "pad_token_id": 0,
        "bos_token_id": 2,
        "eos_token_id": 1,
        "decoder_start_token_id": 2,
    },
    "m2m_100": {
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "decoder_start_token_id": 2,
    },
    "blenderbot-small": {
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "decoder_start_token_id": 1,
        "forced_eos_token_id": 2,
    },
    "blenderbot": {
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 2,
        "decoder_start_token_id": 1,
        "forced_eos_token_id": 2,
        "encoder_no_repeat_ngram_size": 3,
    },
    "fsmt": {
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "decoder_start_token_id": 2,
        "forced_eos_token_id": 2,
        "max_length": 200,
        "num_beams": 5,
    },
    # Parts.
    "bert": {**_BERT, **_TYPES},
    "roberta": {
        **_BERT,
        **_TYPES,
        "vocab_size": 50265,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
    },
    "bert-generation": {
        **_BERT,
        "vocab_size": 50358,
        "hidden_size": 1024,
        "num_hidden_layers": 24,
        "num_attention_heads": 16,
        "intermediate_size": 4096,
        "bos_token_id": 2,
        "eos_token_id": 1,
    },
    "gpt2": {
        "vocab_size": 50257,
        "n_positions": 1024,
        "n_embd": 768,
        "n_layer": 12,
        "n_head": 12,
        "activation_function": "gelu_new",
        "layer_norm_epsilon": 1e-5,
        "bos_token_id": 50256,
        "eos_token_id": 50256,
    },
    "trocr": {
        **DECODER_SIZES,
        "max_position_embeddings": 512,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
        "decoder_start_token_id": 2,
    },
    "vit": _VIT,
    "deit": _VIT,
    "swin": _SWIN,
    "donut-swin": _SWIN,
    "resnet": {
        "image_size": 224,
        "num_channels": 3,
        "embedding_size": 64,
        "hidden_sizes": [256, 512, 1024, 2048],
        "depths": [3, 4, 6, 3],
        "layer_type": "bottleneck",
        "hidden_act": "relu",
    },
    "attending-lstm": {
        "attention_activation": "tanh",
        "initial_activation": "tanh",
        "deep_output": True,
    },
}
