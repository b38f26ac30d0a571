"""ONNX files of others whose numbers are stored in two bytes, one or half of one: each type gives
what ONNX Runtime gives by hand, without a cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.data import Decoding
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.exported import tokens_of, write_exported
from tests.families import FAMILIES, best_tokens

onnx: Any = pytest.importorskip("onnx")
ort: Any = pytest.importorskip("onnxruntime")

FAMILY, BLOCK = "t5", 16
TEXTS = ["Where is the station?", "I am hungry.", "He has two dogs and a cat.", "Thank you."]


def halves(model: Any, *, io: bool) -> Any:
    """All numbers in float16; those that go in and out too, unless ``io`` keeps them."""
    from onnxruntime.transformers.float16 import convert_float_to_float16

    return convert_float_to_float16(model, keep_io_types=io)


def nibbles(model: Any) -> Any:
    """Matrices in blocks of four bits (MatMulNBits), as transformers.js' ``q4`` has them."""
    from onnxruntime.capi._pybind_state import quantize_matmul_4bits

    tables = {each.name: each for each in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "MatMul" or node.input[1] not in tables:
            continue
        table = onnx.numpy_helper.to_array(tables[node.input[1]]).astype(np.float32)
        rows, columns = table.shape
        blocks = -(-rows // BLOCK)
        packed = np.zeros((columns, blocks, BLOCK // 2), np.uint8)
        scales = np.zeros((columns, blocks), np.float32)
        zeros = np.zeros((columns, -(-blocks // 2)), np.uint8)
        quantize_matmul_4bits(
            packed, np.ascontiguousarray(table), scales, zeros, BLOCK, columns, rows, True
        )
        name = f"{node.output[0]}_{len(node.name)}"
        for suffix, array in (("_q4", packed), ("_scales", scales)):
            model.graph.initializer.append(onnx.numpy_helper.from_array(array, name + suffix))
        new = onnx.helper.make_node(
            "MatMulNBits", [node.input[0], f"{name}_q4", f"{name}_scales"], node.output,
            domain="com.microsoft", K=rows, N=columns, bits=4, block_size=BLOCK,
        )  # fmt: skip
        node.CopyFrom(new)
    model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    return model


def normal_floats(model: Any) -> Any:
    """Matrices in four bits of bitsandbytes (MatMulBnb4)."""
    from onnxruntime.quantization.matmul_bnb4_quantizer import MatMulBnb4Quantizer

    made = MatMulBnb4Quantizer(model, MatMulBnb4Quantizer.NF4, BLOCK)
    made.process()
    return made.model.model


CHANGES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "fp16": ("_fp16", lambda model: halves(model, io=True)),
    "fp16 in and out": ("_fp16", lambda model: halves(model, io=False)),
    "q4": ("_q4", nibbles),
    "q4f16": ("_q4f16", lambda model: halves(nibbles(model), io=True)),
    "bnb4": ("_bnb4", normal_floats),
}


def sessions(folder: Path, suffix: str) -> tuple[Any, Any]:
    """An encoder and a decoder. With one thread: others would look for work all the time."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    paths = [str(folder / f"{name}_model{suffix}.onnx") for name in ("encoder", "decoder")]
    return ort.InferenceSession(paths[0], options), ort.InferenceSession(paths[1], options)


def by_hand(encoder: Any, decoder: Any, ids: list[int], longest: int = 20) -> list[int]:
    """Greedy tokens of one text: all of them are given to the decoder at each step."""
    given = np.array([ids], np.int64)
    mask = np.ones_like(given)
    (states,) = encoder.run(["last_hidden_state"], {"input_ids": given, "attention_mask": mask})
    written = [0]
    while len(written) <= longest and written[-1] != 1:
        values = {
            "input_ids": np.array([written], np.int64),
            "encoder_attention_mask": mask,
            "encoder_hidden_states": states,
        }
        (logits,) = decoder.run(["logits"], values)
        written.append(int(logits[0, -1].argmax()))
    return written[1:]


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.filterwarnings("ignore")
def test_each_type(name: str, tmp_path: Path) -> None:
    suffix, change = CHANGES[name]
    source = write_exported(FAMILY, tmp_path / "c")
    for path in list((source / "onnx").glob("*.onnx")):
        model = change(onnx.load(str(path)))
        path.unlink()
        path.with_name(f"{path.stem}{suffix}.onnx").write_bytes(model.SerializeToString())
    kind = suffix.removeprefix("_")
    report = convert(source, tmp_path / "m", quantization="int8", onnx=kind)
    assert report.manifest.quantization == ("float16" if kind == "fp16" else kind)
    model = Model(tmp_path / "m", place("cpu", threads=1), job=FAMILIES[FAMILY].directions[0].job)
    numbers = {token: number for number, token in enumerate(tokens_of(tmp_path / "m"))}
    sources = [model.source(tokens) for tokens in model.encode(TEXTS)]
    decoding = Decoding(beam_size=1, max_length=20, min_length=0)
    graphs = sessions(source / "onnx", suffix)
    for row, found in zip(sources, best_tokens(model, sources, decoding), strict=True):
        wanted = by_hand(*graphs, [numbers.get(token, numbers["<unk>"]) for token in row])
        ours = [numbers[token] for token in found.tokens]
        assert ours == [number for number in wanted if number != 1], name
