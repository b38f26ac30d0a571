"""Checkpoints of ONNX files that others exported: outputs are those of the checkpoint itself."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.data import Decoding
from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.device import place
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.convert.run import Report, convert
from s2scli.models.exported import find_exported
from tests.captions import drawn, found, open_model
from tests.conftest import GOLDEN, Run
from tests.exported import EXPORTED, tokens_of, write_exported
from tests.families import FAMILIES, best_tokens
from tests.hub import Hub, Repository

onnx: Any = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

FIRST = {"t5": Job(prompt="translate English to German: {text}")}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Checkpoints by family; a test that changes one copies it."""
    root = tmp_path_factory.mktemp("exported")

    def get(family: str) -> Path:
        place = root / family
        return place if place.exists() else write_exported(family, place)

    return get


def made(checkpoint: Path, target: Path, **options: Any) -> Report:
    """The model of a checkpoint."""
    return convert(checkpoint, target, quantization="int8", **options)


def opened(directory: Path, job: Job | None = None) -> Model:
    """A model on one thread."""
    return Model(directory, place("cpu", threads=1), job=job)


def golden(family: str, run: int = 0) -> Any:
    """What transformers gives for the checkpoint."""
    return json.loads((GOLDEN / f"{family}.json").read_text("utf-8"))["runs"][run]


def decoded(model: Model, texts: list[str], beam: int = 1) -> list[TokenHypothesis]:
    """The best hypothesis of each text, all in one batch."""
    sources = [model.source(tokens) for tokens in model.encode(texts)]
    return best_tokens(model, sources, Decoding(beam_size=beam, max_length=59))


@pytest.mark.parametrize("family", [name for name in EXPORTED if name in FAMILIES])
def test_ids_are_those_of_transformers(
    family: str, written: Callable[[str], Path], tmp_path: Path
) -> None:
    made(written(family), tmp_path / "m")
    numbers = {token: number for number, token in enumerate(tokens_of(tmp_path / "m"))}
    for number, direction in enumerate(FAMILIES[family].directions):
        model, run = opened(tmp_path / "m", direction.job), golden(family, number)
        for beam in (1, 4):
            rows = decoded(model, run["sources"][:25], beam)
            ours = [[numbers[token] for token in row.tokens] for row in rows]
            assert ours == [row[:-1] for row in run["ids"][str(beam)][:25]]
            assert not any(row.truncated for row in rows)


def test_captions(written: Callable[[str], Path], tmp_path: Path) -> None:
    pytest.importorskip("PIL")
    made(written("vit-gpt2"), tmp_path / "m")
    content = json.loads((GOLDEN / "vit-gpt2.json").read_text("utf-8"))
    model, images = open_model(tmp_path / "m"), drawn("vit-gpt2", 20)
    for run in content["runs"]:
        answers = found(model, images, run["beams"], run["length_penalty"])
        assert [answer.tokens for answer in answers] == run["tokens"][:20]
        totals = [answer.total for answer in answers]
        np.testing.assert_allclose(totals, run["totals"][:20], rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("family", ["t5", "bart"])
def test_scores_are_those_of_the_other_engine(
    family: str, written: Callable[[str], Path], tmp_path: Path
) -> None:
    made(written(family), tmp_path / "m")
    convert(GOLDEN / family, tmp_path / "other", quantization="float32")
    scores = []
    for name in ("m", "other"):
        model = opened(tmp_path / name, FAMILIES[family].directions[0].job)
        texts = golden(family)["sources"][:12]
        sources = [model.source(tokens) for tokens in model.encode(texts)]
        targets = model.encode_targets(golden(family)["texts"]["4"][:12])
        scores.append(model.score(sources, targets))
    for ours, theirs in zip(*scores, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


def test_a_decoder_that_keeps_nothing(written: Callable[[str], Path], tmp_path: Path) -> None:
    """Without the file for later tokens, the first one is given all tokens each time."""
    shutil.copytree(written("t5"), tmp_path / "c")
    (tmp_path / "c" / "onnx" / "decoder_with_past_model.onnx").unlink()
    made(tmp_path / "c", tmp_path / "m")
    made(written("t5"), tmp_path / "whole")
    texts = golden("t5")["sources"][:10]
    for beam in (1, 3):
        rows = [decoded(opened(tmp_path / n, FIRST["t5"]), texts, beam) for n in ("m", "whole")]
        assert [r.tokens for r in rows[0]] == [r.tokens for r in rows[1]]


def quantized(source: Path, directory: Path, suffix: str = "_quantized") -> Path:
    """A copy of a checkpoint whose graphs are there as dynamic quantization makes them too."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    shutil.copytree(source, directory)
    for path in list((directory / "onnx").glob("*.onnx")):
        other = path.with_name(f"{path.stem}{suffix}.onnx")
        quantize_dynamic(path, other, weight_type=QuantType.QInt8)
    return directory


@pytest.mark.filterwarnings("ignore")
def test_files_that_quantize_a_batch_run_one_text_at_a_time(
    written: Callable[[str], Path], tmp_path: Path
) -> None:
    source = quantized(written("t5"), tmp_path / "c")
    report = made(source, tmp_path / "m", onnx="q8")
    assert any("one text at a time" in remark for remark in report.remarks)
    assert report.manifest.quantization == "q8"
    model = opened(tmp_path / "m", FIRST["t5"])
    texts = golden("t5")["sources"][:8]
    for beam in (1, 3):
        together = decoded(model, texts, beam)
        alone = [decoded(model, [text], beam)[0] for text in texts]
        assert together == alone
    sources = [model.source(tokens) for tokens in model.encode(texts)]
    targets = model.encode_targets(texts)
    each = [model.score([one], [other])[0] for one, other in zip(sources, targets, strict=True)]
    assert model.score(sources, targets) == each


@pytest.mark.filterwarnings("ignore")
def test_which_type_is_taken(written: Callable[[str], Path], tmp_path: Path) -> None:
    source = quantized(written("t5"), tmp_path / "c", "_int8")
    report = made(source, tmp_path / "m")
    assert report.manifest.quantization == "float32"
    assert "(fp32); there are also: int8 (--onnx TYPE)" in report.remarks[0]
    with pytest.raises(UsageError, match="no ONNX files of the type fp16") as caught:
        made(source, tmp_path / "other", onnx="fp16")
    assert "There are: fp32, int8" in str(caught.value.advice)
    # Other weights come first, unless ONNX files are asked for.
    shutil.copy(GOLDEN / "t5" / "model.safetensors", source)
    assert made(source, tmp_path / "weights").manifest.engine == "ctranslate2"
    assert made(source, tmp_path / "graphs", onnx="fp32").manifest.engine == "onnx"
    with pytest.raises(UsageError, match="has no ONNX files that can be run"):
        made(GOLDEN / "t5", tmp_path / "none", onnx="fp32")


def test_files_that_belong_together() -> None:
    names = {"encoder_model.onnx", "onnx/decoder_model_merged.onnx", "onnx/encoder_model_q4.onnx"}
    assert find_exported(names) == {}
    names |= {"decoder_model.onnx", "onnx/decoder_model_q4.onnx"}
    both = find_exported(names)
    assert list(both) == ["fp32", "q4"]
    assert both["fp32"].paths == ("encoder_model.onnx", "decoder_model.onnx")
    names |= {"decoder_model_merged.onnx", "decoder_with_past_model.onnx"}
    assert find_exported(names)["fp32"].decoder == "decoder_model_merged.onnx"


def changed(source: Path, directory: Path, name: str, change: Callable[[Any], None]) -> Path:
    """A copy of a checkpoint with one graph changed."""
    shutil.copytree(source, directory)
    path = directory / "onnx" / f"{name}.onnx"
    model = onnx.load(str(path))
    change(model)
    path.write_bytes(model.SerializeToString())
    return directory


def away(location: str) -> Callable[[Any], None]:
    """A graph whose first weights stand in another file."""

    def change(model: Any) -> None:
        tensor = max(model.graph.initializer, key=lambda each: len(each.raw_data))
        tensor.ClearField("raw_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value=location)

    return change


def renamed(before: str, after: str) -> Callable[[Any], None]:
    """A graph that takes or gives a thing by another name."""

    def change(model: Any) -> None:
        for value in (*model.graph.input, *model.graph.output):
            value.name = after if value.name == before else value.name

    return change


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("decoder_model", away("gone"), "'?gone'?, which is missing"),
        ("encoder_model", renamed("input_ids", "pixel_values"), "is not the encoder"),
        ("encoder_model", renamed("last_hidden_state", "x"), "does not give last_hidden_state"),
        ("decoder_model", renamed("input_ids", "tokens"), "takes tokens, which s2s does not have"),
        ("decoder_model", renamed("logits", "x"), "does not give logits"),
    ],
)
def test_hostile_and_strange_graphs(
    name: str,
    change: Callable[[Any], None],
    message: str,
    written: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    source = changed(written("t5"), tmp_path / "c", name, change)
    with pytest.raises(InvalidModelError, match=message):
        made(source, tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_links_out_of_the_checkpoint_are_refused(
    written: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "secret").write_bytes(bytes(1 << 20))
    source = changed(written("t5"), tmp_path / "c", "encoder_model", away("data"))
    (source / "onnx" / "data").symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidModelError, match="leads out of the directory"):
        made(source, tmp_path / "m")
    shutil.copytree(written("t5"), tmp_path / "d", ignore=shutil.ignore_patterns("onnx"))
    (tmp_path / "d" / "onnx").symlink_to(written("t5") / "onnx")
    with pytest.raises(InvalidModelError, match="leads out of the directory"):
        made(tmp_path / "d", tmp_path / "m")


def test_weights_beside_a_graph_come_along(written: Callable[[str], Path], tmp_path: Path) -> None:
    source = tmp_path / "c"
    shutil.copytree(written("t5"), source)
    path = source / "onnx" / "encoder_model.onnx"
    model = onnx.load(str(path))
    onnx.save(model, str(path), save_as_external_data=True, location="encoder_model.onnx_data")
    made(source, tmp_path / "m")
    made(written("t5"), tmp_path / "whole")
    assert (tmp_path / "m" / "encoder_model.onnx_data").exists()
    texts = golden("t5")["sources"][:5]
    rows = [decoded(opened(tmp_path / n, FIRST["t5"]), texts) for n in ("m", "whole")]
    assert rows[0] == rows[1]


def test_a_model_directory_that_names_graphs_elsewhere(
    written: Callable[[str], Path], tmp_path: Path
) -> None:
    made(written("t5"), tmp_path / "m")
    path = tmp_path / "m" / "stepper.json"
    content = json.loads(path.read_text("utf-8"))
    for graphs in (["../c/encoder_model.onnx", "decoder_model.onnx"], "encoder_model.onnx", []):
        path.write_text(json.dumps({**content, "graphs": graphs}), encoding="utf-8")
        with pytest.raises(InvalidModelError):
            opened(tmp_path / "m", FIRST["t5"])


def test_other_families_and_vocabularies_are_refused(
    written: Callable[[str], Path], tmp_path: Path
) -> None:
    source = tmp_path / "c"
    shutil.copytree(written("t5"), source)
    shutil.copy(written("mt5") / "onnx" / "encoder_model.onnx", source / "onnx")
    path = source / "config.json"
    config = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**config, "vocab_size": config["vocab_size"] + 8}))
    with pytest.raises(InvalidModelError, match="tokens, its vocabulary"):
        made(source, tmp_path / "m")
    path.write_text(json.dumps({**config, "model_type": "whisper"}))
    with pytest.raises(InvalidModelError, match="Whisper"):
        made(source, tmp_path / "m")


@pytest.fixture
def repository(hub: Hub, written: Callable[[str], Path]) -> Repository:
    """A repository that holds nothing else."""
    source = written("t5")
    files = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in source.rglob("*")
        if path.is_file()
    }
    data = files["onnx/encoder_model.onnx"]
    files |= {"onnx/encoder_model_fp16.onnx": data, "onnx/other.onnx": data}
    hub.repositories["tiny/onnx"] = Repository(files)
    return hub.repositories["tiny/onnx"]


@pytest.mark.parametrize("options", [[], ["--keep-checkpoint"]])
def test_from_the_hub(s2s: Run, hub: Hub, repository: Repository, options: list[str]) -> None:
    """What it has beside its graphs is not fetched; the hub's cache keeps them in a folder."""
    done = s2s("models", "pull", "tiny/onnx", *options)
    assert done.returncode == 0, done.stderr.decode()
    assert b"takes onnx/encoder_model.onnx, onnx/decoder_model.onnx" in done.stderr
    assert repository.files.keys() > {name for name, _ in hub.served}
    assert not [name for name, _ in hub.served if "fp16" in name or "other" in name]
    prompt = ("--prompt", "translate English to German: {text}", "--beam", "1", "--offline")
    text = golden("t5")["sources"][0].encode()
    done = s2s("generate", "-m", "tiny/onnx", *prompt, stdin=text)
    assert done.stdout.decode().strip() == golden("t5")["texts"]["1"][0].strip()


def test_a_type_that_the_hub_lacks(s2s: Run, repository: Repository) -> None:
    assert repository.files
    done = s2s("models", "pull", "tiny/onnx", "--onnx", "fp16")
    assert done.returncode == 2
    assert b"no ONNX files of the type fp16" in done.stderr


def test_quantization_is_refused_beside_it(s2s: Run, written: Callable[[str], Path]) -> None:
    done = s2s("convert", written("t5"), "--onnx", "fp32", "--quantization", "int8")
    assert done.returncode == 2
    assert b"--onnx takes files as they are" in done.stderr


def test_keys_that_the_graphs_contradict_are_shown(
    written: Callable[[str], Path], tmp_path: Path
) -> None:
    for family, keys in (
        ("t5", {"num_layers": 7, "num_decoder_layers": 8, "num_heads": 9, "is_gated_act": True}),
        ("t5", {"feed_forward_proj": "gated-gelu", "is_gated_act": True}),
        ("mt5", {"feed_forward_proj": "relu", "is_gated_act": False}),
        ("marian-tiny", {"encoder_layers": 7, "decoder_layers": 8, "decoder_attention_heads": 9}),
    ):
        usual = made(written(family), tmp_path / f"{len(keys)}-{family}").manifest.unsupported
        place = shutil.copytree(written(family), tmp_path / f"{len(keys)}-{family}-checkpoint")
        config = json.loads((place / "config.json").read_text("utf-8"))
        (place / "config.json").write_text(json.dumps(config | keys), encoding="utf-8")
        shown = made(place, tmp_path / f"{len(keys)}-{family}-model").manifest.unsupported
        assert not usual.keys() & keys.keys()
        assert shown == {**usual, **keys}
