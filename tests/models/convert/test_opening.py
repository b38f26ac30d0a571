"""Options of a conversion that are not for its checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import UsageError
from s2scli.models.convert.opening import ScoringParts
from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN

OTHERS = ("marian-nmt", "marian-student", "opennmt/copy.pt", "g2p")
ENCODER, LAYER = ScoringParts(encoder=GOLDEN / "bart"), ScoringParts(layer=0)


@pytest.mark.parametrize("checkpoint", OTHERS)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"onnx": "q8"}, "--onnx is for repositories with ONNX files"),
        ({"long_inputs": True}, "--long-inputs is for checkpoints of bigbird_pegasus"),
        ({"scoring": ENCODER}, "--encoder is for checkpoints of COMET"),
        ({"scoring": LAYER}, "--layer is for encoders alone"),
    ],
)
def test_files_of_other_programs(
    checkpoint: str, options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=message):
        convert(GOLDEN / checkpoint, tmp_path / "m", quantization="int8", **options)
    assert not (tmp_path / "m").exists()


@pytest.mark.parametrize("options", [{"onnx": "fp32"}, {"long_inputs": True}])
@pytest.mark.parametrize("scoring", [ENCODER, LAYER])
def test_a_checkpoint_that_does_not_score(
    options: dict[str, Any], scoring: ScoringParts, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"and .*bigbird-pegasus is none"):
        convert(
            GOLDEN / "bigbird-pegasus",
            tmp_path / "m",
            quantization="int8",
            scoring=scoring,
            **options,
        )
