"""Marian's own files against what Marian itself made of them (``scripts/make_marian.py``)."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run

SOURCE = GOLDEN / "marian-nmt"
OPTIONS = "special:model.yml"
Arrays = dict[str, Any]


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SOURCE.with_suffix(".json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("models") / "m"
    convert(SOURCE, target, quantization="float32")
    return target


def best(directory: Path, sources: list[str], beam: int) -> list[tuple[str, float]]:
    model = Model(directory, place("cpu", threads=1), job=Job("translate"))
    tokens = [model.source(row) for row in model.encode(sources)]
    decoding = model.decoding({"beam_size": beam, "length_penalty": 1.0, "max_length": 100})
    results = model.submit(tokens, decoding).result()
    return [(rows[0].text, rows[0].score) for rows in results]


def test_greedy_equals_marian(golden: dict[str, Any], converted: Path) -> None:
    rows = golden["best"]["1"]
    for (text, score), row in zip(best(converted, golden["sources"], 1), rows, strict=True):
        assert text == row["text"]
        # Marian leaves <unk> out after the softmax, the engine before it.
        assert score == pytest.approx(row["score"], abs=0.02)


def test_a_beam_finds_what_marian_finds_or_better(golden: dict[str, Any], converted: Path) -> None:
    rows = golden["best"]["4"]
    found = best(converted, golden["sources"], 4)
    same = [text == row["text"] for (text, _), row in zip(found, rows, strict=True)]
    assert sum(same) > 0.6 * len(same)
    # Marian's beam narrows with each hypothesis that ends, the engine's does not. Where the two
    # part, neither is better as a rule.
    losses = [row["score"] - score for (_, score), row in zip(found, rows, strict=True)]
    assert np.mean(losses) < 0.01


def copied(tmp_path: Path, change: Callable[[Arrays, dict[str, Any]], None]) -> Path:
    """The model with other arrays or options."""
    arrays = dict(np.load(SOURCE / "model.npz"))
    options = yaml.safe_load(arrays[OPTIONS].tobytes().rstrip(b"\0"))
    change(arrays, options)
    arrays[OPTIONS] = np.frombuffer(yaml.safe_dump(options).encode() + b"\0", np.int8)
    directory = tmp_path / "c"
    shutil.copytree(SOURCE, directory)
    np.savez(directory / "model.npz", **arrays)
    return directory


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("transformer-decoder-autoreg", "average-attention"),
        ("transformer-no-projection", True),
        ("transformer-ffn-activation", "mish"),
        ("transformer-postprocess-emb", "n"),
        ("transformer-preprocess", "n"),
        ("lemma-dim-emb", 32),
        ("enc-depth", 0),
    ],
)
def test_options_that_make_another_model(name: str, value: Any, tmp_path: Path) -> None:
    def change(_: Arrays, options: dict[str, Any]) -> None:
        options[name] = value

    with pytest.raises(
        InvalidModelError, match=name.removeprefix("transformer-").removeprefix("ffn-")
    ):
        convert(copied(tmp_path, change), tmp_path / "m", quantization="int8")


def test_positions_are_sinusoids_whatever_an_option_says(
    tmp_path: Path, converted: Path, golden: dict[str, Any]
) -> None:
    """Marian 1.12 has the option, writes it down and does not read it."""

    def change(_: Arrays, options: dict[str, Any]) -> None:
        options["transformer-train-position-embeddings"] = True

    convert(copied(tmp_path, change), tmp_path / "m", quantization="float32")
    sources = golden["sources"][:5]
    assert best(tmp_path / "m", sources, 1) == best(converted, sources, 1)


@pytest.mark.parametrize("name", ["Wpos", "extra", "decoder_l1_self_extra", "decoder_l9_self_Wq"])
def test_a_tensor_that_nothing_reads_is_named(name: str, tmp_path: Path) -> None:
    def change(arrays: Arrays, _: dict[str, Any]) -> None:
        arrays[name] = np.ones((2, 2), np.float32)

    with pytest.raises(InvalidModelError, match=name.rpartition("_")[2]):
        convert(copied(tmp_path, change), tmp_path / "m", quantization="int8")


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    def change(arrays: Arrays, _: dict[str, Any]) -> None:
        del arrays["encoder_l1_ffn_W1"]

    with pytest.raises(InvalidModelError, match=r"no tensor model\.encoder\.layers\.0\.fc1"):
        convert(copied(tmp_path, change), tmp_path / "m", quantization="int8")


def test_what_is_not_tied(tmp_path: Path, converted: Path, golden: dict[str, Any]) -> None:
    def change(arrays: Arrays, _: dict[str, Any]) -> None:
        table = arrays.pop("Wemb")
        arrays |= {"encoder_Wemb": table, "decoder_Wemb": table.copy()}
        arrays["decoder_ff_logit_out_W"] = table.T.copy()

    convert(copied(tmp_path, change), tmp_path / "m", quantization="float32")
    sources = golden["sources"][:20]
    assert best(tmp_path / "m", sources, 4) == best(converted, sources, 4)


def test_opus_mts_layout(tmp_path: Path, converted: Path, golden: dict[str, Any]) -> None:
    """A vocabulary in YAML, pieces beside it, and a word on which belongs to what."""
    import sentencepiece

    directory = tmp_path / "c"
    directory.mkdir()
    shutil.copy(SOURCE / "model.npz", directory / "opus.npz")
    shutil.copy(SOURCE / "model.npz", directory / "older.npz")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(SOURCE / "vocab.spm"))
    rows = {pieces.id_to_piece(n): n for n in range(pieces.get_piece_size())}
    text = yaml.safe_dump(rows, allow_unicode=True)
    (directory / "opus.vocab.yml").write_text(text, encoding="utf-8")
    for name in ("source.spm", "target.spm"):
        shutil.copy(SOURCE / "vocab.spm", directory / name)
    with pytest.raises(InvalidModelError, match=r"2 models: older\.npz, opus\.npz"):
        convert(directory, tmp_path / "m", quantization="float32")
    decoder = {
        "models": ["/somewhere/opus.npz"],
        "vocabs": ["/somewhere/opus.vocab.yml"] * 2,
        "beam-size": 6,
        "normalize": 0.6,
    }
    (directory / "decoder.yml").write_text(yaml.safe_dump(decoder))
    report = convert(directory, tmp_path / "m", quantization="float32")
    assert report.manifest.decoding["beam_size"] == 6
    assert report.manifest.decoding["length_penalty"] == 0.6
    sources = golden["sources"][:20]
    assert best(tmp_path / "m", sources, 4) == best(converted, sources, 4)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"vocab.spm": None}, r"has no vocabulary \(\.spm, \.yml or \.txt\)"),
        (
            {"b.spm": b"", "c.spm": b""},
            "nothing says which two files are the vocabularies",
        ),
        ({"decoder.yml": b"vocabs: [a.yml, a.yml]"}, "lacks the vocabulary a.yml"),
        ({"decoder.yml": b"models: [a.npz, b.npz]"}, "names 2 models"),
        ({"decoder.yml": b"models: [a.npz]"}, r"names the model a\.npz"),
        ({"decoder.yml": b"- 1"}, "does not hold a YAML object"),
        ({"decoder.yml": b"!!python/object/apply:os.getcwd []"}, "is not YAML"),
        ({"decoder.yml": b"beam-size: 1000000000"}, "gives beam-size as 1000000000"),
        ({"vocab.spm": b"no"}, "is not a SentencePiece model"),
        ({"a.vocab.yml": b"</s>: 0\n<unk>: 2\n"}, "without gaps"),
        ({"a.vocab.yml": b"</s>: 0\n<unk>: 1\n"}, r"no source\.spm"),
        ({"model.npz": b"no archive"}, "is damaged"),
    ],
)
def test_files_that_are_wrong(files: dict[str, bytes | None], message: str, tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path / "c")
    for name, content in files.items():
        path = tmp_path / "c" / name
        path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(InvalidModelError, match=message):
        convert(tmp_path / "c", tmp_path / "m", quantization="int8")


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    directory = tmp_path / "c"
    shutil.copytree(SOURCE, directory)
    with zipfile.ZipFile(directory / "model.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        data = io.BytesIO()
        np.save(data, np.zeros(1_000_000, np.float32))
        archive.writestr("Wemb.npy", data.getvalue())
    with pytest.raises(InvalidModelError, match="much larger than it is"):
        convert(directory, tmp_path / "m", quantization="int8")


def test_the_command(s2s: Run, tmp_path: Path, golden: dict[str, Any]) -> None:
    done = s2s("convert", SOURCE, "-o", tmp_path / "m", "--quantization", "float32")
    assert done.returncode == 0, done.stderr
    sources = golden["sources"][:10]
    line = "\n".join(sources).encode()
    done = s2s("translate", "-m", tmp_path / "m", "--beam", "1", stdin=line)
    assert done.stdout.decode().splitlines() == [row["text"] for row in golden["best"]["1"][:10]]
