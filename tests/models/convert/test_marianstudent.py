"""Marian's students, as Firefox and Bergamot publish them, against what Marian itself made of them
(``scripts/make_marian.py``)."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from s2scli.data import Hypothesis
from s2scli.errors import InvalidModelError, UnavailableError, UsageError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.catalogue import describe
from s2scli.models.convert.marianbin import read_marian_binary
from s2scli.models.convert.run import convert
from s2scli.models.manifest import LEXICON_FILE
from tests.conftest import GOLDEN, Run
from tests.models.convert.marianlexicon import write_lexicon

NAMES = ("marian-student", "marian-student-pre")
STUDENT = GOLDEN / NAMES[0]
FILE, VOCABULARY = "model.ende.intgemm.alphas.bin", "vocab.ende.spm"
OPTIONS = "special:model.yml"
Arrays = dict[str, Any]


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def converted(name: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("models") / name
    convert(GOLDEN / name, target, quantization="float32")
    return target


def decoded(directory: Path, sources: list[str], **options: Any) -> list[tuple[Hypothesis, ...]]:
    model = Model(directory, place("cpu", threads=1), job=Job("translate"))
    tokens = [model.source(row) for row in model.encode(sources)]
    options = {"length_penalty": 1.0, "max_length": 100} | options
    return list(model.submit(tokens, model.decoding(options)).result())


def best(directory: Path, sources: list[str], beam: int) -> list[tuple[str, float]]:
    found = decoded(directory, sources, beam_size=beam)
    return [(rows[0].text, rows[0].score) for rows in found]


@pytest.mark.parametrize("beam", [1, 4])
def test_texts_and_scores_are_marians(golden: dict[str, Any], converted: Path, beam: int) -> None:
    rows = golden["best"][str(beam)]
    for (text, score), row in zip(best(converted, golden["sources"], beam), rows, strict=True):
        assert text == row["text"]
        assert score == pytest.approx(row["score"], abs=2e-4)


def test_int8_keeps_the_files_integers(name: str, converted: Path, tmp_path: Path) -> None:
    sources = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))["sources"][:20]
    report = convert(GOLDEN / name, tmp_path / "m", quantization="int8")
    assert best(tmp_path / "m", sources, 4) == best(converted, sources, 4)
    assert report.model_bytes < 2 * report.checkpoint_bytes
    assert report.manifest.engine == "numpy"


def test_marians_own_arithmetic_with_the_integers_is_close(
    golden: dict[str, Any], converted: Path
) -> None:
    """Marian multiplies integers and rounds what they are multiplied with; we do not."""
    found = best(converted, golden["sources"], 1)
    same = [text == other for (text, _), other in zip(found, golden["integers"], strict=True)]
    assert sum(same) > 0.6 * len(same)


def test_alignments_are_marians(golden: dict[str, Any], converted: Path) -> None:
    model = Model(converted, place("cpu", threads=1), job=Job("translate"))
    soft = golden["soft"]
    tokens = [model.source(row) for row in model.encode(golden["sources"][: len(soft)])]
    decoding = model.decoding({"beam_size": 1, "max_length": 100, "alignment": True})
    for rows, looked in zip(model.engine.submit(tokens, decoding).result(), soft, strict=True):
        assert rows[0].attention is not None
        found = np.array(rows[0].attention)
        # Marian counts the end of the target as well.
        assert found == pytest.approx(np.array(looked)[: len(found)], abs=2e-3)


@pytest.fixture(scope="module")
def listed(name: str, golden: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model with the lexical shortlist that Marian had for ``golden["shortlisted"]``."""
    source = tmp_path_factory.mktemp("listed") / name
    shutil.copytree(GOLDEN / name, source)
    half = golden["sources"][: len(golden["sources"]) // 2]
    texts = [row["text"] for row in golden["best"]["1"][: len(half)]]
    pairs = dict(zip(half, texts, strict=True))
    write_lexicon(source / "lex.50.50.ende.s2t.bin", source / VOCABULARY, pairs)
    target = source.with_name("m")
    assert not convert(source, target, quantization="float32").manifest.unsupported
    return target


@pytest.mark.parametrize("beam", [1, 4])
def test_shortlisted_texts_and_scores_are_marians(
    golden: dict[str, Any], listed: Path, beam: int
) -> None:
    found = decoded(listed, golden["sources"], beam_size=beam, shortlist=True)
    rows = golden["shortlisted"][str(beam)]
    assert [row["text"] for row in rows] != [row["text"] for row in golden["best"][str(beam)]]
    for several, row in zip(found, rows, strict=True):
        assert several[0].text == row["text"]
        assert several[0].score == pytest.approx(row["score"], abs=2e-4)


def test_the_list_is_shown(listed: Path) -> None:
    shown = describe(str(listed))["shortlist"]
    size = (listed / LEXICON_FILE).stat().st_size
    assert (shown["file"], shown["size"]) == (LEXICON_FILE, f"{size / 1e6:,.1f} MB")
    assert "--shortlist" in shown["used"]


def test_candidates_of_others_in_a_batch_do_not_count(golden: dict[str, Any], listed: Path) -> None:
    sources = golden["sources"][-8:]
    together = decoded(listed, sources, beam_size=3, shortlist=True)
    alone = [decoded(listed, [source], beam_size=3, shortlist=True)[0] for source in sources]
    assert [rows[0].text for rows in together] == [rows[0].text for rows in alone]


def test_shortlisted_lines_of_the_command(s2s: Run, golden: dict[str, Any], listed: Path) -> None:
    lines = "".join(f"{line}\n" for line in golden["sources"][-12:]).encode()
    options = ("--max-length", "100", "--guard", "off")
    done = s2s("translate", "-m", listed, "--beam", "1", "--shortlist", *options, stdin=lines)
    assert done.returncode == 0, done.stderr
    rows = golden["shortlisted"]["1"][-12:]
    assert done.stdout.decode().splitlines() == [row["text"] for row in rows]


def test_a_shortlist_is_asked_for(golden: dict[str, Any], listed: Path, converted: Path) -> None:
    source = golden["sources"][-1:]
    assert decoded(listed, source) == decoded(converted, source)
    with pytest.raises(UsageError, match="has no shortlist, and its engine takes none"):
        decoded(converted, source, shortlist=True)


def test_what_comes_out_does_not_depend_on_the_batch(
    golden: dict[str, Any], converted: Path
) -> None:
    sources = golden["sources"][:12]
    together = best(converted, sources, 4)
    for source, (text, score) in zip(sources, together, strict=True):
        alone = best(converted, [source], 4)[0]
        assert alone[0] == text
        assert alone[1] == pytest.approx(score, abs=1e-5)


def test_integers_are_multiplied_row_by_row(
    name: str, golden: dict[str, Any], converted: Path, tmp_path: Path
) -> None:
    """A batch is what each source is alone, bit for bit, and much the same as in float32."""
    convert(GOLDEN / name, tmp_path / "m", quantization="int8")
    model = Model(tmp_path / "m", place("cpu", threads=1), "auto", Job("translate"))
    assert model.engine.compute_type == "int8"
    sources = golden["sources"][:30]
    tokens = [model.source(row) for row in model.encode(sources)]
    decoding = model.decoding({"beam_size": 3, "length_penalty": 1.0, "max_length": 100})
    together = model.engine.submit(tokens, decoding).result()
    for source, expected in zip(tokens, together, strict=True):
        assert model.engine.submit([source], decoding).result() == [expected]
    texts = [rows[0].text for rows in model.submit(tokens, decoding).result()]
    exact = [text for text, _ in best(converted, sources, 3)]
    assert sum(a == b for a, b in zip(texts, exact, strict=True)) > 0.6 * len(exact)


def test_integers_need_onnx_runtime(s2s: Run, tmp_path: Path) -> None:
    convert(STUDENT, tmp_path / "m", quantization="int8")
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['onnxruntime'] = None")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = ("translate", "-m", tmp_path / "m", "--verbose", "--compute-type")
    done = s2s(*run, "int8", stdin=b"Hello.\n", env=environment)
    assert done.returncode == 69
    assert b"pip install 's2scli[onnx]'" in done.stderr
    done = s2s(*run, "auto", stdin=b"Hello.\n", env=environment)
    assert done.returncode == 0
    assert b"in float32" in done.stderr


def test_given_targets_get_the_scores_that_they_were_found_with(
    golden: dict[str, Any], converted: Path
) -> None:
    model = Model(converted, place("cpu", threads=1), job=Job("translate"))
    sources = [model.source(row) for row in model.encode(golden["sources"][:10])]
    decoding = model.decoding({"beam_size": 4, "length_penalty": 1.0, "max_length": 100})
    found = [rows[0] for rows in model.engine.submit(sources, decoding).result()]
    logs = model.engine.score(sources, [each.tokens for each in found])
    for each, row in zip(found, logs, strict=True):
        assert np.mean(row) == pytest.approx(each.score, abs=1e-5)


def test_n_best(golden: dict[str, Any], converted: Path) -> None:
    for rows in decoded(converted, golden["sources"][:10], beam_size=4, n_best=4):
        scores = [each.score for each in rows]
        assert 1 < len({each.text for each in rows}) == len(rows) <= 4
        assert scores == sorted(scores, reverse=True)


def copied(tmp_path: Path, change: Callable[[Arrays, dict[str, Any]], None]) -> Path:
    """The student as float32 in an ``.npz``, with other arrays or options."""
    tensors = read_marian_binary(STUDENT / FILE)
    arrays: Arrays = {
        name: tensor.load() for name, tensor in tensors.items() if "QuantMult" not in name
    }
    options = yaml.safe_load(arrays[OPTIONS].tobytes().rstrip(b"\0"))
    change(arrays, options)
    arrays[OPTIONS] = np.frombuffer(yaml.safe_dump(options).encode() + b"\0", np.int8)
    directory = tmp_path / "c"
    directory.mkdir()
    shutil.copy(STUDENT / VOCABULARY, directory / "vocab.spm")
    np.savez(directory / "model.npz", **arrays)
    return directory


def sources(count: int) -> list[str]:
    found: list[str] = json.loads(STUDENT.with_suffix(".json").read_text("utf-8"))["sources"]
    return found[:count]


def test_a_student_as_npz_with_two_vocabularies_and_three_tables(tmp_path: Path) -> None:
    def change(arrays: Arrays, _: dict[str, Any]) -> None:
        table = arrays.pop("Wemb")
        arrays |= {"encoder_Wemb": table, "decoder_Wemb": table}
        arrays["decoder_ff_logit_out_W"] = table.T.copy()

    directory = copied(tmp_path, change)
    shutil.copy(directory / "vocab.spm", directory / "trgvocab.ende.spm")
    (directory / "vocab.spm").rename(directory / "srcvocab.ende.spm")
    convert(directory, tmp_path / "m", quantization="float32")
    convert(STUDENT, tmp_path / "n", quantization="float32")
    ours = sources(20)
    for (text, score), other in zip(
        best(tmp_path / "m", ours, 4), best(tmp_path / "n", ours, 4), strict=True
    ):
        assert text == other[0]
        assert score == pytest.approx(other[1], abs=1e-5)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("dec-cell", "gru"),
        ("transformer-heads", 7),
        ("layer-normalization", True),
        ("transformer-tied-layers", [1, 1]),
        ("transformer-guided-alignment-layer", "3"),
        ("transformer-guided-alignment-layer", "first"),
        ("transformer-ffn-activation", "mish"),
        ("transformer-preprocess", "n"),
        ("transformer-no-projection", True),
        ("lemma-dim-emb", 32),
        ("output-omit-bias", "perhaps"),
    ],
)
def test_options_that_make_another_model(option: str, value: Any, tmp_path: Path) -> None:
    def change(_: Arrays, options: dict[str, Any]) -> None:
        options[option] = value

    with pytest.raises(
        InvalidModelError, match=option.removeprefix("transformer-").removeprefix("ffn-")
    ):
        convert(copied(tmp_path, change), tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("decoder_l2_rnn_Wf", "has no tensor decoder_l2_rnn_Wf"),
        ("decoder_ff_logit_out_b", "has no tensor decoder_ff_logit_out_b"),
    ],
)
def test_a_missing_tensor_is_named(name: str, message: str, tmp_path: Path) -> None:
    def change(arrays: Arrays, _: dict[str, Any]) -> None:
        del arrays[name]

    with pytest.raises(InvalidModelError, match=message):
        convert(copied(tmp_path, change), tmp_path / "m", quantization="int8")


def test_a_tensor_that_nothing_reads_is_named(tmp_path: Path) -> None:
    def change(arrays: Arrays, _: dict[str, Any]) -> None:
        arrays["decoder_l1_rnn_gamma"] = np.ones((1, 64), np.float32)

    with pytest.raises(InvalidModelError, match="decoder_l1_rnn_gamma"):
        convert(copied(tmp_path, change), tmp_path / "m", quantization="int8")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 128}, "it needs"),
        ({"activation": "softmax"}, "settings are damaged"),
        ({"target": None}, "settings are damaged"),
        ({"unknown": "never"}, "settings are damaged"),
        ({"heads": "many"}, "settings are damaged"),
        ({"stepper": "other"}, "cannot run"),
    ],
)
def test_a_changed_model_directory(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    from s2scli.inference.engines.arrays import open_engine
    from s2scli.models.manifest import Manifest

    convert(STUDENT, tmp_path / "m", quantization="int8")
    path = tmp_path / "m" / "stepper.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change))
    with pytest.raises(InvalidModelError, match=message):
        open_engine(
            tmp_path / "m", Manifest.load(tmp_path / "m"), place("cpu", threads=1), "default"
        )


def test_other_types(tmp_path: Path) -> None:
    wanted = json.loads(STUDENT.with_suffix(".json").read_text("utf-8"))["best"]["1"][:10]
    for quantization in ("float16", "bfloat16", "int8_float32"):
        convert(STUDENT, tmp_path / quantization, quantization=quantization)
        rows = best(tmp_path / quantization, sources(10), 1)
        close = [
            abs(score - row["score"]) < 0.2 for (_, score), row in zip(rows, wanted, strict=True)
        ]
        assert sum(close) > 7
    with pytest.raises(InvalidModelError, match="no int16"):
        convert(STUDENT, tmp_path / "m", quantization="int16")
    with pytest.raises(UnavailableError, match="cannot compute in int8"):
        Model(tmp_path / "float16", place("cpu", threads=1), compute_type="int8")


def test_the_command(s2s: Run, tmp_path: Path) -> None:
    """The files as Firefox has them, gzipped; a stream of lines, and records with several texts."""
    directory = tmp_path / "ende"
    directory.mkdir()
    for name in (FILE, VOCABULARY):
        (directory / f"{name}.gz").write_bytes(gzip.compress((STUDENT / name).read_bytes()))
    (directory / "lex.50.50.ende.s2t.bin.gz").write_bytes(gzip.compress(bytes(48)))
    done = s2s("convert", directory, "-o", tmp_path / "m")
    assert done.returncode == 0, done.stderr
    assert b"settings of the checkpoint without effect: shortlist" in done.stderr
    golden = json.loads(STUDENT.with_suffix(".json").read_text("utf-8"))
    lines = "".join(f"{line}\n" for line in golden["sources"][:10]).encode()
    done = s2s("translate", "-m", tmp_path / "m", "--beam", "1", stdin=lines)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines() == [row["text"] for row in golden["best"]["1"][:10]]
    done = s2s(
        *("translate", "-m", tmp_path / "m", "--format", "jsonl", "--n-best", "2"), stdin=lines
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 10
    assert b"numpy" in s2s("models", "show", tmp_path / "m").stdout
