"""Checkpoints of COMET's and encoders as people have them: what is read, and what is refused."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from s2scli.errors import InvalidModelError, MissingInputError, UsageError
from s2scli.inference.scoring.comet import CometScorer
from s2scli.models.convert.opening import ScoringParts
from s2scli.models.convert.run import convert
from s2scli.models.manifest import Manifest
from tests.checkpoints import reduce_pickle, write_pickle
from tests.conftest import Run
from tests.hub import Hub, Repository
from tests.learned.conftest import ENCODER, LEARNED, Metrics

CKPT = Path("checkpoints") / "model.ckpt"
SCORING = ScoringParts(encoder=ENCODER)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LEARNED / "regression", tmp_path / "checkpoint"))


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change the pickle of a checkpoint."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, change(content) if name.endswith("data.pkl") else content)


def test_what_lightning_keeps_beside_the_tensors_is_data(
    checkpoint: Path, tmp_path: Path, metrics: Metrics, golden: dict[str, Any]
) -> None:
    """Earlier versions kept options and callbacks as objects of their own classes."""
    own = b"cpytorch_lightning.utilities.parsing\nAttributeDict\n)\x81"

    def older(content: bytes) -> bytes:
        before, key, rest = content.partition(b"hyper_parameters")
        place = rest.index(b"}")
        assert place < 8
        return before + key + rest[:place] + own + rest[place + 1 :]

    rewrite(checkpoint / CKPT, older)
    convert(checkpoint, tmp_path / "m", quantization="float32", scoring=SCORING)
    texts = {"src": golden["sources"], "mt": golden["hypotheses"], "ref": golden["references"]}
    found = CometScorer(tmp_path / "m", Manifest.load(tmp_path / "m")).estimates(texts)
    expected = pytest.approx(golden["comet"]["regression"], abs=1e-5)
    assert [estimate.score for estimate in found] == expected


@pytest.mark.parametrize("function", ["os system", "builtins eval", "pytorch_lightningx run"])
def test_a_checkpoint_that_would_run_something(
    checkpoint: Path, tmp_path: Path, function: str
) -> None:
    write_pickle(checkpoint / CKPT, reduce_pickle(function, f"touch {tmp_path}/run"))
    with pytest.raises(InvalidModelError, match="is refused: it asks for"):
        convert(checkpoint, tmp_path / "m", quantization="int8", scoring=SCORING)
    assert {path.name for path in tmp_path.iterdir()} == {"checkpoint"}


def test_a_class_of_lightnings_is_not_made(checkpoint: Path, tmp_path: Path) -> None:
    """What is admitted is kept as data: a file that is nothing else has no tensors."""
    write_pickle(checkpoint / CKPT, reduce_pickle("pytorch_lightning.x run", str(tmp_path)))
    with pytest.raises(InvalidModelError, match="has no state_dict"):
        convert(checkpoint, tmp_path / "m", quantization="int8", scoring=SCORING)


def change_settings(checkpoint: Path, **changes: Any) -> None:
    path = checkpoint / "hparams.yaml"
    content = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({**content, **changes}))
    key = b"hyper_parameters"  # the file's own options would count
    rewrite(checkpoint / CKPT, lambda data: data.replace(key, b"hyper_parameterz"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"class_identifier": "xcomet_metric"}, "cannot be converted"),
        ({"class_identifier": None}, "class_identifier"),
        ({"encoder_model": "RemBERT"}, "built on 'RemBERT'"),
        ({"activations": "Gumbel"}, "activation 'Gumbel'"),
        ({"layer_transformation": "entmax"}, "layer_transformation"),
        ({"pool": "median"}, "pool"),
        ({"layer": 9}, "layer as 9"),
        ({"layer": True}, "layer as True"),
        ({"hidden_sizes": [48]}, "estimator.ff.3"),
        ({"hidden_sizes": [48, 17]}, "estimator.ff.3.weight has shape"),
    ],
)
def test_settings_that_cannot_be_obeyed(
    checkpoint: Path, tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    change_settings(checkpoint, **changes)
    with pytest.raises(InvalidModelError, match=message):
        convert(checkpoint, tmp_path / "m", quantization="int8", scoring=SCORING)


def test_where_the_encoder_is(checkpoint: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="built on xlm-roberta-small"):
        convert(checkpoint, tmp_path / "m", quantization="int8")
    with pytest.raises(MissingInputError, match=r"are not in .*golden"):
        convert(
            checkpoint,
            tmp_path / "m",
            quantization="int8",
            scoring=ScoringParts(LEARNED / "regression"),
        )
    shutil.copytree(ENCODER, checkpoint / "encoder")
    report = convert(checkpoint, tmp_path / "m", quantization="int8")
    assert (report.manifest.family, report.manifest.tasks) == ("comet", ("score",))
    assert report.manifest.licence == "apache-2.0"


def test_layers_of_encoders(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="none is known to be best"):
        convert(ENCODER, tmp_path / "m", quantization="int8")
    with pytest.raises(UsageError, match="there is no 4"):
        convert(ENCODER, tmp_path / "m", quantization="int8", scoring=ScoringParts(layer=4))
    with pytest.raises(UsageError, match="--encoder is for checkpoints of COMET"):
        convert(ENCODER, tmp_path / "m", quantization="int8", scoring=ScoringParts(ENCODER, 2))
    with pytest.raises(UsageError, match="--layer is for encoders"):
        convert(
            LEARNED / "unite", tmp_path / "m", quantization="int8", scoring=ScoringParts(ENCODER, 2)
        )


def test_a_metric_from_the_hub(s2s: Run, hub: Hub, tmp_path: Path, golden: dict[str, Any]) -> None:
    """The tokenizer comes from the encoder's repository; a license is asked for as for others."""
    files = {
        name: (LEARNED / "unified" / name).read_bytes()
        for name in ("README.md", "hparams.yaml", str(CKPT))
    }
    files["hparams.yaml"] = files["hparams.yaml"].replace(b"xlm-roberta-small", b"xlm-roberta-tiny")
    hub.repositories["un/kiwi"] = Repository(files, licence="cc-by-nc-sa-4.0")
    hub.repositories["FacebookAI/xlm-roberta-tiny"] = Repository.of(ENCODER)
    refused = s2s("models", "pull", "un/kiwi")
    assert b"cc-by-nc-sa-4.0" in refused.stderr
    done = s2s("models", "pull", "un/kiwi", "--accept-license", "--quantization", "float32")
    assert done.returncode == 0, done.stderr
    assert "model.safetensors" not in {name for name, _ in hub.served}
    for name, key in (("hyp", "hypotheses"), ("src", "sources")):
        (tmp_path / name).write_text("".join(f"{text}\n" for text in golden[key]))
    scored = s2s(
        *("score", tmp_path / "hyp", "--source", tmp_path / "src"),
        *("--metric", "cometkiwi:un/kiwi", "--bare"),
    )
    expected = sum(golden["comet"]["unified"]) / len(golden["sources"])
    assert float(scored.stdout) == pytest.approx(expected, abs=1e-4)
    listed = s2s("models", "list", "--task", "score", "--installed").stdout
    assert b"un/kiwi" in listed
