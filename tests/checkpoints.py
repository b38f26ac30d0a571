"""Small Marian checkpoints made with NumPy alone, in every form that real ones have."""

from __future__ import annotations

import json
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sentencepiece

Array = npt.NDArray[Any]

WIDTH, FFN, LAYERS, HEADS, POSITIONS = 32, 64, 2, 4, 64
TEXT = [
    "The station is over there, behind the big house.",
    "Der Bahnhof ist da drüben, hinter dem großen Haus.",
    "Where would you like to go today, and why?",
    "Wohin möchtest du heute gehen, und warum?",
    "I have never seen such a beautiful garden before.",
    "Ich habe noch nie einen so schönen Garten gesehen.",
]
SAFETENSORS_TYPES = {"float32": "F32", "float16": "F16", "uint16": "BF16"}


def make_marian(
    directory: Path,
    *,
    zero_pad: bool = True,
    separate: bool = False,
    codes: Iterable[str] = (),
    seed: int = 0,
) -> dict[str, Array]:
    """Write all of a random Marian checkpoint but its weights, and return these.

    Args:
        directory: where to write; is made.
        zero_pad: whether the row of ``<pad>`` is zero, as in models trained by Marian itself.
        separate: whether source and target have vocabularies of their own.
        codes: target-language tokens such as ``>>deu<<``.
        seed: of the weights.
    """
    directory.mkdir(parents=True, exist_ok=True)
    if separate:  # of one size, for transformers cannot load others
        source = _vocabulary(directory / "source.spm", TEXT[::2], 44, list(codes))
        target = _vocabulary(directory / "target.spm", TEXT[1::2], 44, [])
    else:
        source = target = _vocabulary(directory / "source.spm", TEXT, 70, list(codes))
    if not separate:
        (directory / "target.spm").write_bytes((directory / "source.spm").read_bytes())
    _write_json(directory / "vocab.json", {token: i for i, token in enumerate(source)})
    if separate:
        _write_json(directory / "target_vocab.json", {token: i for i, token in enumerate(target)})
    pad = len(target) - 1
    config = {
        "model_type": "marian",
        "architectures": ["MarianMTModel"],
        "vocab_size": len(source),
        "decoder_vocab_size": len(target),
        "d_model": WIDTH,
        "encoder_layers": LAYERS,
        "decoder_layers": LAYERS,
        "encoder_attention_heads": HEADS,
        "decoder_attention_heads": HEADS,
        "encoder_ffn_dim": FFN,
        "decoder_ffn_dim": FFN,
        "activation_function": "swish",
        "max_position_embeddings": POSITIONS,
        "scale_embedding": True,
        "static_position_embeddings": True,
        "share_encoder_decoder_embeddings": not separate,
        "tie_word_embeddings": True,
        "pad_token_id": pad,
        "eos_token_id": 0,
        "forced_eos_token_id": 0,
        "decoder_start_token_id": pad,
        "num_beams": 3,
        "max_length": 40,
        "bad_words_ids": [[pad]],
    }
    _write_json(directory / "config.json", config)
    tokenizer = {"source_lang": "eng", "target_lang": "deu", "separate_vocabs": separate}
    _write_json(directory / "tokenizer_config.json", tokenizer)
    return _weights(len(source), len(target), zero_pad=zero_pad, separate=separate, seed=seed)


def write_safetensors(path: Path, tensors: Mapping[str, Array]) -> None:
    """Write a safetensors file; arrays of uint16 hold the bits of bfloat16 numbers."""
    header, offset = {}, 0
    for name, array in tensors.items():
        header[name] = {
            "dtype": SAFETENSORS_TYPES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    head = json.dumps(header).encode()
    data = b"".join(array.tobytes() for array in tensors.values())
    path.write_bytes(struct.pack("<Q", len(head)) + head + data)


def write_shards(directory: Path, tensors: Mapping[str, Array]) -> None:
    """Write two safetensors shards and their index."""
    names = list(tensors)
    weight_map: dict[str, str] = {}
    for number, part in enumerate((names[::2], names[1::2]), 1):
        file = f"model-0000{number}-of-00002.safetensors"
        write_safetensors(directory / file, {name: tensors[name] for name in part})
        weight_map |= dict.fromkeys(part, file)
    _write_json(directory / "model.safetensors.index.json", {"weight_map": weight_map})


def write_pytorch(path: Path, tensors: Mapping[str, Array]) -> None:
    """Write what ``torch.save`` writes for a state dictionary, without PyTorch."""
    state: OrderedDict[str, Any] = OrderedDict()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for key, (name, array) in enumerate(tensors.items()):
            state[name] = _PickledTensor(str(key), array)
            archive.writestr(f"archive/data/{key}", array.tobytes())
        archive.writestr("archive/data.pkl", _pickle(state))
        archive.writestr("archive/version", b"3\n")


def write_legacy_pytorch(path: Path, tensors: Mapping[str, Array]) -> None:
    """Write what ``torch.save`` wrote before version 1.6: a row of pickles, then the storages."""
    state = OrderedDict(
        (name, _PickledTensor(str(key), array)) for key, (name, array) in enumerate(tensors.items())
    )
    with path.open("wb") as file:
        for content in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
            pickle.dump(content, file, protocol=2)
        file.write(_pickle(state, view=b"N"))
        pickle.dump([tensor.key for tensor in state.values()], file, protocol=2)
        for array in tensors.values():
            file.write(struct.pack("<q", array.size) + array.tobytes())


def write_pickle(path: Path, data: bytes) -> None:
    """Write a PyTorch file with any pickle."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", data)


class _PickledTensor:
    def __init__(self, key: str, array: Array) -> None:
        self.key, self.array = key, array


def _pickle(state: OrderedDict[str, Any], view: bytes = b"") -> bytes:
    """The pickle of a state dictionary in PyTorch's own terms (protocol 2)."""
    out = [b"\x80\x02", b"ccollections\nOrderedDict\n", b")R("]
    for name, tensor in state.items():
        array: Array = tensor.array
        kind = {"float32": b"FloatStorage", "float16": b"HalfStorage", "uint16": b"BFloat16Storage"}
        steps = [stride // array.itemsize for stride in array.strides]
        out += [
            _text(name),
            b"ctorch._utils\n_rebuild_tensor_v2\n",
            b"((",
            _text("storage"),
            b"ctorch\n" + kind[array.dtype.name] + b"\n",
            _text(tensor.key),
            _text("cpu"),
            _number(array.size),
            view,
            b"tQ",
            _number(0),
            b"(" + b"".join(map(_number, array.shape)) + b"t",
            b"(" + b"".join(map(_number, steps)) + b"t",
            b"\x89",
            b"ccollections\nOrderedDict\n)R",
            b"tR",
        ]
    return b"".join([*out, b"u."])


def _text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def _number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def _weights(
    source: int, target: int, *, zero_pad: bool, separate: bool, seed: int
) -> dict[str, Array]:
    random = np.random.default_rng(seed)

    def normal(*shape: int) -> Array:
        return random.normal(0, 0.3, shape).astype(np.float32)

    tensors: dict[str, Array] = {"final_logits_bias": np.zeros((1, target), np.float32)}
    if separate:
        tensors["model.encoder.embed_tokens.weight"] = normal(source, WIDTH)
        table = tensors["model.decoder.embed_tokens.weight"] = normal(target, WIDTH)
    else:
        table = tensors["model.shared.weight"] = normal(source, WIDTH)
    if zero_pad:
        table[-1] = 0
    for side, attentions in (
        ("encoder", ["self_attn"]),
        ("decoder", ["self_attn", "encoder_attn"]),
    ):
        for layer in range(LAYERS):
            prefix = f"model.{side}.layers.{layer}"
            for attention in attentions:
                for projection in ("q_proj", "k_proj", "v_proj", "out_proj"):
                    tensors[f"{prefix}.{attention}.{projection}.weight"] = normal(WIDTH, WIDTH)
                    tensors[f"{prefix}.{attention}.{projection}.bias"] = normal(WIDTH)
            for name, rows, columns in (("fc1", FFN, WIDTH), ("fc2", WIDTH, FFN)):
                tensors[f"{prefix}.{name}.weight"] = normal(rows, columns)
                tensors[f"{prefix}.{name}.bias"] = normal(rows)
            for norm in (*[f"{name}_layer_norm" for name in attentions], "final_layer_norm"):
                tensors[f"{prefix}.{norm}.weight"] = 1 + normal(WIDTH)
                tensors[f"{prefix}.{norm}.bias"] = normal(WIDTH)
    return tensors


def _vocabulary(path: Path, text: list[str], size: int, codes: list[str]) -> list[str]:
    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(text * 20),
            model_writer=file,
            vocab_size=size,
            minloglevel=2,
        )
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    pieces = [processor.id_to_piece(i) for i in range(3, processor.get_piece_size())]
    return ["</s>", "<unk>", *pieces, *codes, "<pad>"]


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def reduce_pickle(function: str, *arguments: str) -> bytes:
    """A pickle that calls ``module name`` with arguments when it is loaded."""
    module, name = function.split(" ")
    parts = b"".join(_text(argument) for argument in arguments)
    return b"\x80\x02c" + f"{module}\n{name}\n".encode() + b"(" + parts + b"tR."
