"""Marian's recurrent models against what Marian itself made of the same sentences
(``scripts/make_marian_recurrent.py``)."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from s2scli.data import Decoding
from s2scli.errors import InvalidModelError, UnavailableError
from s2scli.inference.device import place
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run

NAMES = ("marian-gru", "marian-deep", "marian-nematus", "marian-lstm")
OPTIONS = "special:model.yml"
Arrays = dict[str, Any]


def checkpoint(name: str, directory: Path) -> Path:
    """A model with the vocabulary that all of them have."""
    shutil.copytree(GOLDEN / name, directory)
    shutil.copy(GOLDEN / "marian-nmt" / "vocab.spm", directory)
    return directory


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    return found


def changed(
    directory: Path, options: Mapping[str, Any], edit: Callable[[Arrays], object] | None = None
) -> Path:
    """The same checkpoint with other options, and arrays that are edited."""
    path = directory / "model.npz"
    with np.load(path) as file:
        arrays = dict(file)
    found = yaml.safe_load(arrays[OPTIONS].tobytes().rstrip(b"\0"))
    text = yaml.safe_dump(found | options).encode() + b"\0"
    arrays[OPTIONS] = np.frombuffer(text, np.int8)
    if edit:
        edit(arrays)
    np.savez_compressed(path, **arrays)
    return directory


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def model(name: str, tmp_path_factory: pytest.TempPathFactory) -> Model:
    work = tmp_path_factory.mktemp(name)
    convert(checkpoint(name, work / "c"), work / "m", quantization="float32")
    return Model(work / "m", place("cpu", threads=1))


def decoded(model: Model, sources: list[str], decoding: Decoding) -> list[list[TokenHypothesis]]:
    tokens = [model.source(row) for row in model.encode(sources)]
    return model.engine.submit(tokens, decoding).result()


@pytest.mark.parametrize("run", range(3))
def test_pieces_and_scores_are_marians(name: str, model: Model, run: int) -> None:
    content = golden(name)
    beam, penalty, expected = (content["runs"][run][key] for key in ("beam", "penalty", "found"))
    options = {"beam_size": beam, "n_best": beam, "length_penalty": penalty, "max_length": 200}
    found = decoded(model, content["sources"], model.decoding(options))
    assert len(found) == len(expected) == 60
    for ours, theirs in zip(found, expected, strict=True):
        assert [" ".join(h.tokens) for h in ours] == [pieces for pieces, _ in theirs]
        scores = [h.score * h.length / h.length**penalty for h in ours]
        assert scores == pytest.approx([score for _, score in theirs], abs=2e-5)


def test_attention_is_marians(name: str, model: Model) -> None:
    content = golden(name)
    sources = content["sources"][: len(content["attention"])]
    found = decoded(model, sources, model.decoding({"beam_size": 4, "alignment": True}))
    for ours, theirs in zip(found, content["attention"], strict=True):
        # Marian says it of the end token too.
        assert ours[0].attention is not None
        assert np.array(ours[0].attention) == pytest.approx(np.array(theirs[:-1]), abs=1e-4)


def test_a_result_is_the_same_alone_and_in_any_batch(name: str, model: Model) -> None:
    sources = golden(name)["sources"][:16]
    decoding = model.decoding({"beam_size": 4, "n_best": 2})
    together = decoded(model, sources, decoding)
    for source, expected in zip(sources, together, strict=True):
        alone = decoded(model, [source], decoding)[0]
        assert [h.tokens for h in alone] == [h.tokens for h in expected]
        assert [h.score for h in alone] == pytest.approx([h.score for h in expected], abs=1e-5)


def test_scores_of_given_targets(name: str, model: Model) -> None:
    sources = golden(name)["sources"][:12]
    tokens = [model.source(row) for row in model.encode(sources)]
    found = [several[0] for several in decoded(model, sources, model.decoding({"beam_size": 4}))]
    for hypothesis, row in zip(found, model.score(tokens, [h.tokens for h in found]), strict=True):
        assert len(row) == hypothesis.length
        assert sum(row) / len(row) == pytest.approx(hypothesis.score, abs=1e-5)


@pytest.mark.parametrize("quantization", ["int8", "int8_float32", "float16", "bfloat16"])
def test_smaller_types_say_much_the_same(quantization: str, tmp_path: Path) -> None:
    source = checkpoint("marian-gru", tmp_path / "c")
    full = convert(source, tmp_path / "full", quantization="float32")
    report = convert(source, tmp_path / "m", quantization=quantization)
    assert report.manifest.engine == "numpy"
    assert report.manifest.parameters == full.manifest.parameters > 50_000
    models = [Model(tmp_path / each, place("cpu", threads=1)) for each in ("full", "m")]
    sources = golden("marian-gru")["sources"][:20]
    tokens = [models[0].source(row) for row in models[0].encode(sources)]
    found = decoded(models[0], sources, models[0].decoding({"beam_size": 4}))
    targets = [several[0].tokens for several in found]
    ours, theirs = (
        np.concatenate([np.array(row) for row in each.score(tokens, targets)]) for each in models
    )
    assert np.abs(ours - theirs).mean() < 0.05
    assert report.model_bytes < full.model_bytes


def test_integers_are_multiplied_row_by_row(name: str, tmp_path: Path) -> None:
    """A batch is what each source is alone, bit for bit, and much the same as in float32."""
    convert(checkpoint(name, tmp_path / "c"), tmp_path / "m", quantization="int8")
    floats, integers = (
        Model(tmp_path / "m", place("cpu", threads=1), each) for each in ("default", "int8")
    )
    assert (floats.engine.compute_type, integers.engine.compute_type) == ("float32", "int8")
    sources = golden(name)["sources"][:20]
    decoding = integers.decoding({"beam_size": 3, "n_best": 2})
    together = decoded(integers, sources, decoding)
    for source, expected in zip(sources, together, strict=True):
        assert decoded(integers, [source], decoding) == [expected]
    exact = decoded(floats, sources, decoding)
    same = [a[0].tokens == b[0].tokens for a, b in zip(exact, together, strict=True)]
    assert sum(same) > 0.7 * len(same)


@pytest.mark.parametrize("threads", [1, 2])
def test_as_many_threads_as_there_shall_be(threads: int, tmp_path: Path) -> None:
    """What NumPy's library itself says, where it is OpenBLAS."""
    import ctypes

    paths = [*Path(np.__file__).parents[1].glob("numpy.libs/*openblas*")]
    names = ("scipy_openblas_get_num_threads64_", "openblas_get_num_threads64_")
    libraries = [ctypes.CDLL(str(path)) for path in paths]
    counts = [getattr(each, n) for each in libraries for n in names if hasattr(each, n)]
    if not counts:
        pytest.skip("another library than OpenBLAS")
    convert(checkpoint("marian-gru", tmp_path / "c"), tmp_path / "m", quantization="int8")
    model = Model(tmp_path / "m", place("cpu", threads=threads, single=True))
    assert model.workers == 1
    assert counts[0]() == threads
    assert Model(tmp_path / "m", place("cpu", threads=threads)).workers == threads
    assert counts[0]() == 1


def test_int16_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InvalidModelError, match="has no int16; use int8"):
        convert(checkpoint("marian-gru", tmp_path / "c"), tmp_path / "m", quantization="int16")
    assert not (tmp_path / "m").exists()


AMUN = [
    (r"encoder_bi(_r)?_(.+)", r"encoder\1_\2"),
    (r"decoder_cell1_([UWb]x?)", r"decoder_\1"),
    (r"decoder_cell2_([Ub]x?)", r"decoder_\1_nl"),
    (r"decoder_cell2_W(x?)", r"decoder_Wc\1"),
    (r"decoder_ff_logit_l1_(.)0", r"ff_logit_prev_\1"),
    (r"decoder_ff_logit_l1_(.)1", r"ff_logit_lstm_\1"),
    (r"decoder_ff_logit_l1_(.)2", r"ff_logit_ctx_\1"),
    (r"decoder_ff_logit_l2_(.)", r"ff_logit_\1"),
    (r"decoder_ff_state_(.)", r"ff_state_\1"),
]


def test_amuns_names(tmp_path: Path) -> None:
    """Amun's models are shallow ones of the type s2s by other names, with a table of no size."""

    def rename(arrays: Arrays) -> None:
        for name in list(arrays):
            for pattern, new in AMUN:
                if re.fullmatch(pattern, name):
                    # As Nematus writes them, without a first dimension.
                    array = arrays.pop(name)
                    arrays[re.sub(pattern, new, name)] = array[0] if len(array) == 1 else array
                    break
        arrays["decoder_c_tt"] = np.zeros((1, 0), np.float32)

    source = changed(checkpoint("marian-gru", tmp_path / "c"), {"type": "amun"}, rename)
    convert(source, tmp_path / "m", quantization="float32")
    model = Model(tmp_path / "m", place("cpu", threads=1))
    content = golden("marian-gru")
    found = decoded(model, content["sources"], model.decoding({"beam_size": 1, "max_length": 200}))
    expected = [several[0][0] for several in content["runs"][0]["found"]]
    assert [" ".join(several[0].tokens) for several in found] == expected


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("enc-cell", "mlstm"),
        ("dec-cell", "sru"),
        ("enc-type", "sideways"),
        ("dec-attention-hops", 2),
        ("dec-attention-heads", 8),
        ("dec-attention-bilinear-lookup", True),
        ("right-left", True),
        ("lemma-dim-emb", 64),
        ("input-types", ["class", "sequence"]),
        ("dec-cell-base-depth", 1),
        ("enc-depth", 0),
        ("dim-rnn", -5),
        ("skip", "perhaps"),
        ("layer-normalization", 3),
    ],
)
def test_an_option_that_is_not_known_is_named(tmp_path: Path, option: str, value: Any) -> None:
    source = changed(checkpoint("marian-gru", tmp_path / "c"), {option: value})
    with pytest.raises(InvalidModelError, match=f"{option} .*{re.escape(repr(value))}"):
        convert(source, tmp_path / "m", quantization="float32")


def test_other_types_are_refused_by_name(tmp_path: Path) -> None:
    source = changed(checkpoint("marian-gru", tmp_path / "c"), {"type": "char-s2s"})
    with pytest.raises(InvalidModelError, match="type to 'char-s2s'"):
        convert(source, tmp_path / "m", quantization="float32")


def test_a_tensor_that_is_missing_too_much_or_of_another_shape_is_named(tmp_path: Path) -> None:
    name = "decoder_cell2_Wx"
    for number, edit in enumerate(
        (
            lambda arrays: arrays.pop(name),
            lambda arrays: arrays.update({name: arrays[name][:-1]}),
            lambda arrays: arrays.update({f"{name}_more": arrays[name]}),
        )
    ):
        source = changed(checkpoint("marian-gru", tmp_path / f"c{number}"), {}, edit)
        with pytest.raises(InvalidModelError, match=name):
            convert(source, tmp_path / "m", quantization="float32")


def test_a_damaged_model_directory_is_refused(tmp_path: Path) -> None:
    convert(checkpoint("marian-gru", tmp_path / "c"), tmp_path / "m", quantization="float32")
    path = tmp_path / "m" / "stepper.json"
    manifest = Model(tmp_path / "m", place("cpu", threads=1)).manifest
    content = json.loads(path.read_text("utf-8"))
    for damage, reason in (
        ({"encoder_cells": 10**9}, "settings are damaged"),
        ({"decoder_cells": []}, "settings are damaged"),
        ({"norm": "other"}, "settings are damaged"),
        ({"target": ["a"]}, "settings are damaged"),
        ({"state": 41}, "it needs"),
        ({"stepper": "other"}, "cannot run"),
    ):
        path.write_text(json.dumps(content | damage))
        # The hash of the file is known, and checked; here it is that of the damaged one.
        files = {name: record for name, record in manifest.files.items() if name != path.name}
        manifest._replace(files=files).save(tmp_path / "m")
        with pytest.raises(InvalidModelError, match=reason):
            Model(tmp_path / "m", place("cpu", threads=1))


def test_compute_types_and_devices_that_the_engine_lacks_are_said(s2s: Run, tmp_path: Path) -> None:
    convert(checkpoint("marian-gru", tmp_path / "c"), tmp_path / "m", quantization="int8")
    with pytest.raises(UnavailableError, match=r"engine of m \(NumPy\) cannot compute in int16"):
        Model(tmp_path / "m", place("cpu", threads=1), "int16")
    line = b"I have a book.\n"
    done = s2s("translate", "-m", tmp_path / "m", "--device", "cuda", stdin=line)
    assert done.returncode == 69
    assert b"engine of this model (numpy) runs on CPUs only" in done.stderr


def test_through_the_command_line(s2s: Run, tmp_path: Path) -> None:
    source = checkpoint("marian-lstm", tmp_path / "c")
    done = s2s("convert", source, "-o", tmp_path / "m", "--quantization", "float32", "--quiet")
    assert (done.returncode, done.stderr) == (0, b"")
    sources = golden("marian-lstm")["sources"][:20]
    text = "".join(f"{line}\n" for line in sources).encode()
    done = s2s("translate", "-m", tmp_path / "m", "--verbose", "--threads", 2, stdin=text)
    assert done.returncode == 0
    assert b"by numpy on cpu in float32, 2 workers" in done.stderr
    best = [several[0][0] for several in golden("marian-lstm")["runs"][2]["found"][:20]]
    texts = ["".join(pieces.split()).replace("▁", " ").strip() for pieces in best]
    assert done.stdout.decode().splitlines() == texts
    shown = json.loads(s2s("models", "show", tmp_path / "m", "--json").stdout)
    assert (shown["engine"], shown["family"]) == ("numpy", "marian-nmt")
