"""Write what was trained as a Hugging Face MarianMT directory."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

from training.network import LONGEST, Shape
from training.vocabulary import EOS, Vocabulary

__all__ = ["export"]

MODEL_MAX_LENGTH = 128
# transformers forbids <pad> only after the softmax: leave it no share there either.
NEVER = -10_000.0


def export(
    out: Path,
    tensors: dict[str, Tensor],
    shape: Shape,
    vocabulary: Vocabulary,
    joint: Path,
    card: str,
) -> None:
    """Write a checkpoint in float16.

    Args:
        out: the directory to write.
        tensors: by name, without padding's row.
        shape: the network's.
        vocabulary: with padding as its last token.
        joint: the SentencePiece model of both languages.
        card: the text of README.md.
    """
    out.mkdir(parents=True, exist_ok=True)
    half = {name: tensor.half().contiguous() for name, tensor in tensors.items()}
    words = half["model.shared.weight"]
    half["model.shared.weight"] = torch.cat([words, torch.zeros_like(words[:1])])
    bias = torch.zeros(1, len(words) + 1, dtype=torch.float16)
    bias[0, vocabulary.pad] = NEVER
    half["final_logits_bias"] = bias
    save_file(half, out / "model.safetensors", metadata={"format": "pt"})
    files = {
        "config.json": _config(shape, vocabulary),
        "generation_config.json": _generation(vocabulary),
        "vocab.json": vocabulary.ids,
        "tokenizer_config.json": {
            "source_lang": "en",
            "target_lang": "de",
            "separate_vocabs": False,
            "model_max_length": MODEL_MAX_LENGTH,
            "tokenizer_class": "MarianTokenizer",
        },
    }
    for name, content in files.items():
        (out / name).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(joint, out / name)
    (out / "README.md").write_text(card, encoding="utf-8")


def _config(shape: Shape, vocabulary: Vocabulary) -> dict[str, Any]:
    size = vocabulary.pad + 1
    return {
        "architectures": ["MarianMTModel"],
        "model_type": "marian",
        "vocab_size": size,
        "decoder_vocab_size": size,
        "d_model": shape.width,
        "encoder_layers": shape.encoder_layers,
        "decoder_layers": shape.decoder_layers,
        "encoder_attention_heads": shape.heads,
        "decoder_attention_heads": shape.heads,
        "encoder_ffn_dim": shape.feed_forward,
        "decoder_ffn_dim": shape.feed_forward,
        "activation_function": "swish",
        "max_position_embeddings": LONGEST,
        "scale_embedding": True,
        "static_position_embeddings": True,
        "share_encoder_decoder_embeddings": True,
        "tie_word_embeddings": True,
        "pad_token_id": vocabulary.pad,
        "eos_token_id": EOS,
        "forced_eos_token_id": EOS,
        "decoder_start_token_id": vocabulary.pad,
        "dtype": "float16",
    }


def _generation(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "num_beams": 4,
        "max_length": 256,
        "early_stopping": True,
        "length_penalty": 1.0,
        "bad_words_ids": [[vocabulary.pad]],
        "decoder_start_token_id": vocabulary.pad,
        "pad_token_id": vocabulary.pad,
        "eos_token_id": EOS,
        "forced_eos_token_id": EOS,
    }
