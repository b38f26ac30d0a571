"""The bundled model in the forms that other programs read is the same model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from s2scli import load
from s2scli.models.convert.run import convert
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.oracle.needs import needs

pytestmark = needs("torch", "safetensors")

ROOT = Path(__file__).parents[2]
LINES = [
    "Good morning!",
    "The cat is asleep on the kitchen table again.",
    "Could you please turn the music down a little?",
    "Open the settings and choose a language.",
]


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("forms")
    script = ROOT / "scripts" / "peers" / "forms.py"
    paths = os.pathsep.join([str(ROOT / "scripts"), str(ROOT)])
    subprocess.run(
        [sys.executable, script, bundled_directory(DEFAULT_MODEL), out],
        env=os.environ | {"PYTHONPATH": paths},
        check=True,
    )
    return out


@pytest.mark.parametrize("form", ["Helsinki-NLP/opus-mt-en-de", "marian"])
def test_a_form_converts_to_the_same_model(forms: Path, form: str, tmp_path: Path) -> None:
    source = forms / form
    (source / "model.bin").unlink(missing_ok=True)  # Marian's int8 stands for other numbers
    convert(source, tmp_path / "model", quantization="float32")
    theirs = load(tmp_path / "model", source="en", target="de")
    ours = load(compute_type="float32")
    for one, other in zip(theirs.translate(LINES), ours.translate(LINES), strict=True):
        assert one.text == other.text
        # The checkpoint's numbers are float16.
        assert one.hypotheses[0].score == pytest.approx(other.hypotheses[0].score, abs=2e-3)
