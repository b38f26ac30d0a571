"""Models that read images: what comes out is what transformers has given, and int8 is per row."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.errors import InvalidModelError
from s2scli.inference.device import place
from s2scli.inference.engines.searching import SearchEngine
from s2scli.inference.frame import Job
from s2scli.inference.images import pixels_of
from s2scli.inference.model import Model
from s2scli.inference.steppers.graphs import GraphStepper
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.captions import CHECKPOINTS, PROMPTS, drawn, found, open_model
from tests.conftest import GOLDEN
from tests.drawings import DRAWERS, shapeless

pytest.importorskip("onnxruntime")
pytest.importorskip("onnx")
pytest.importorskip("PIL")

BEAMS = 3


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    root = tmp_path_factory.mktemp("models")
    made = {}
    for name in CHECKPOINTS:
        for kind in ("float32", "int8", "float16"):
            made[name, kind] = root / f"{name}-{kind}"
            convert(GOLDEN / name, made[name, kind], quantization=kind)
    return made


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_tokens_and_scores_are_those_of_transformers(
    name: str, models: dict[tuple[str, str], Path]
) -> None:
    golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    model, images = open_model(models[name, "float32"], PROMPTS.get(name)), drawn(name)
    assert len(images) == 100
    for run in golden["runs"]:
        answers = found(model, images, run["beams"], run["length_penalty"])
        assert [answer.tokens for answer in answers] == run["tokens"]
        totals = [answer.total for answer in answers]
        np.testing.assert_allclose(totals, run["totals"], rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", CHECKPOINTS)
@pytest.mark.parametrize("kind", ["float32", "int8", "float16"])
def test_what_is_drawn_is_what_is_said(
    name: str, kind: str, models: dict[tuple[str, str], Path]
) -> None:
    """From pixels to words, as the models have learnt it."""
    prompt = PROMPTS.get(name, "")
    model = open_model(models[name, kind], prompt or None)
    answers = found(model, drawn(name), 4, 1.0, max_length=31)
    texts = [model.tokenizer.tagged(answer.tokens[:-1]) for answer in answers]
    right = [DRAWERS[CHECKPOINTS[name]](seed)[1] for seed in range(len(texts))]
    said = [prompt + text.replace("> ", ">") for text in texts]
    if name == "donut":
        said, right = list(map(shapeless, said)), list(map(shapeless, right))
    assert sum(ours == text for ours, text in zip(said, right, strict=True)) >= 70


def _steps(model: Model, pixels: list[Any], tokens: Any) -> Any:
    """The logits after some tokens that are given, of each row."""
    engine = model.engine
    assert isinstance(engine, SearchEngine)
    stepper = engine._stepper
    assert isinstance(stepper, GraphStepper)
    state = stepper.start(pixels, BEAMS)
    rows = np.arange(len(pixels) * BEAMS)
    for column in tokens:
        logits = stepper.step(state, column, rows)
    return logits


@pytest.mark.parametrize("name", CHECKPOINTS)
@pytest.mark.parametrize("kind", ["float32", "int8"])
def test_a_batch_gives_each_image_what_it_gets_alone(
    name: str, kind: str, models: dict[tuple[str, str], Path]
) -> None:
    """Bit for bit."""
    from PIL import Image

    model = open_model(models[name, kind])
    pixels = [pixels_of(Image.fromarray(i), model.image_recipe) for i in drawn(name, 7)]
    draw = np.random.default_rng(3)
    tokens = draw.integers(4, 16, (5, len(pixels) * BEAMS))
    together = _steps(model, pixels, tokens)
    for number, image in enumerate(pixels):
        own = slice(number * BEAMS, (number + 1) * BEAMS)
        alone = _steps(model, [image], tokens[:, own])
        np.testing.assert_array_equal(alone, together[own])


def test_weights_of_int8_leave_room_for_two_products(models: dict[tuple[str, str], Path]) -> None:
    """So that processors that add two products in 16 bits get the same numbers."""
    import onnx

    directory = models["vit-gpt2", "int8"]
    graph = onnx.load(str(directory / "decoder.onnx")).graph
    tables = {t.name: onnx.numpy_helper.to_array(t) for t in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMulIntegerToFloat"]
    assert len(products) == 2 * 8 + 1  # with the output
    for node in products:
        table = tables[node.input[1]]
        assert table.dtype == np.int8
        assert np.abs(table.astype(int)).max() == 63
    assert 2 * 255 * 63 < 2**15
    sizes = {kind: sum(f.stat().st_size for f in models["vit-gpt2", kind].glob("*.weights"))
             for kind in ("int8", "float16", "float32")}  # fmt: skip
    assert sizes["int8"] < sizes["float16"] < sizes["float32"]


@pytest.mark.parametrize("kind", ["int16", "bfloat16"])
def test_types_that_the_engine_lacks_are_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidModelError, match=f"its engine has no {kind}"):
        convert(GOLDEN / "trocr", tmp_path / "model", quantization=kind)


def test_other_kinds_of_parts_are_named(tmp_path: Path) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "trocr", tmp_path / "checkpoint"))
    config = json.loads((checkpoint / "config.json").read_text())
    config["encoder"]["model_type"] = "beit"
    (checkpoint / "config.json").write_text(json.dumps(config))
    with pytest.raises(InvalidModelError, match="its encoder is of the kind 'beit'") as error:
        convert(checkpoint, tmp_path / "model", quantization="float32")
    assert "vit, deit, swin, donut-swin" in str(error.value)


# Changes of preprocessor_config.json → what is said.
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"image_processor_type": "CLIPImageProcessor"}, "names the class CLIPImageProcessor"),
    ({"size": {"height": 16, "width": 40}}, "makes images of 16 by 40 pixels, but the model takes"),
    ({"size": {"shortest_edge": 16}}, "gives size as"),
    ({"size": True}, "gives size as True"),
    ({"resample": 9}, "gives resample as 9"),
    ({"resample": None}, "gives resample as None"),
    ({"rescale_factor": None}, "gives rescale_factor as None"),
    ({"do_resize": None}, "resizes nothing"),
    ({"image_mean": [0.5]}, "gives image_mean as"),
    ({"image_std": 0}, "gives image_std as 0"),
    ({"rescale_factor": "1/255"}, "gives rescale_factor as"),
    ({"do_resize": False}, "resizes nothing"),
    ({"do_center_crop": True}, "makes images of 224 by 224"),
    ({"do_normalize": "yes"}, "gives do_normalize as 'yes'"),
    ({"data_format": "channels_last"}, "sets data_format to 'channels_last', which cannot"),
]


@pytest.mark.parametrize(("change", "words"), FAULTS)
def test_image_processors_that_cannot_be_obeyed(
    change: dict[str, Any], words: str, tmp_path: Path
) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "trocr", tmp_path / "checkpoint"))
    path = checkpoint / "preprocessor_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(InvalidModelError, match=words):
        convert(checkpoint, tmp_path / "model", quantization="float32")


def test_settings_without_effect_are_shown(tmp_path: Path) -> None:
    checkpoint = Path(shutil.copytree(GOLDEN / "trocr", tmp_path / "checkpoint"))
    path = checkpoint / "preprocessor_config.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "do_thumbnail": True, "new": 1, "do_pad": False}))
    report = convert(checkpoint, tmp_path / "model", quantization="float32")
    shown = {name for name in report.manifest.unsupported if "." in name}
    assert shown == {"DeiTImageProcessor.do_thumbnail", "DeiTImageProcessor.new"}


def test_older_names_of_classes_and_sizes(tmp_path: Path) -> None:
    """As in checkpoints of 2021 and 2022."""
    checkpoint = Path(shutil.copytree(GOLDEN / "vit-gpt2", tmp_path / "checkpoint"))
    path = checkpoint / "preprocessor_config.json"
    content = json.loads(path.read_text())
    new = convert(checkpoint, tmp_path / "new", quantization="float32").manifest.images
    for name in ("image_processor_type", "do_rescale", "rescale_factor"):
        del content[name]
    path.write_text(
        json.dumps({**content, "feature_extractor_type": "ViTFeatureExtractor", "size": 40})
    )
    old = convert(checkpoint, tmp_path / "old", quantization="float32").manifest.images
    assert old == new is not None


def test_a_model_from_python(models: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    import s2scli
    from tests.drawings import line, save

    paths = [save(line(seed)[0], tmp_path / f"{seed}.png") for seed in (3, 4)]
    with s2scli.load(models["trocr", "int8"], task="caption") as model:
        assert model.caption(paths[0]).text == line(3)[1]
        results = model.caption([paths[1], tmp_path / "gone.png", str(paths[0])], n_best=2)
        assert [result.text for result in results] == [line(4)[1], "", line(3)[1]]
        assert "gone.png" in results[1].notes["error"]
        assert len(results[0].hypotheses) == 2
        assert next(model.caption(iter(paths))).text == line(3)[1]
        with pytest.raises(s2scli.errors.BadInputError, match="gone"):
            model.caption(tmp_path / "gone.png")
    assert model.placement == place("cpu", threads=model.placement.workers)


def changed(name: str, target: Path, file: str, **keys: Any) -> Path:
    """A checkpoint of ``tests/golden`` with other keys in a file."""
    shutil.copytree(GOLDEN / name, target)
    content = json.loads((target / file).read_text("utf-8"))
    (target / file).write_text(json.dumps(content | keys), encoding="utf-8")
    return target


@pytest.mark.parametrize("name", ["show-attend-tell", "trocr"])
def test_a_first_token_that_is_forced(name: str, tmp_path: Path) -> None:
    file = "generation_config.json"
    checkpoint = changed(name, tmp_path / "c", file, forced_bos_token_id=5)
    convert(checkpoint, tmp_path / "m", quantization="int8")
    first = Manifest.load(tmp_path / "m").tokenizer.target_prefix
    ids = json.loads((checkpoint / "vocab.json").read_text("utf-8"))
    assert [ids[token] for token in first] == [5]


@pytest.mark.parametrize("name", ["show-attend-tell", "trocr"])
def test_what_stands_before_texts_has_no_effect_on_images(name: str, tmp_path: Path) -> None:
    tasks = {"captioning": {"num_beams": 7}}
    keys = {"prefix": "a photo of ", "task_specific_params": tasks}
    checkpoint = changed(name, tmp_path / "c", "config.json", **keys)
    convert(checkpoint, tmp_path / "m", quantization="int8")
    manifest = Manifest.load(tmp_path / "m")
    assert manifest.unsupported == keys
    assert manifest.prompts == {}
    Model(tmp_path / "m", place("cpu", threads=1), job=Job("caption"))  # asks for no text


def test_a_decoder_that_is_told_another_width(tmp_path: Path) -> None:
    config = json.loads((GOLDEN / "trocr" / "config.json").read_text("utf-8"))
    decoder = config["decoder"] | {"cross_attention_hidden_size": 49}
    checkpoint = changed("trocr", tmp_path / "c", "config.json", decoder=decoder)
    with pytest.raises(InvalidModelError, match="gives cross_attention_hidden_size as 49"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
