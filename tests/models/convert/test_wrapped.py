"""Names of tensors with what programs of training put before them: taken off, or named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.convert.run import convert
from tests.variants import Weights, variant

BEFORE = ("module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.")


def prefixed(before: str, *, but: str = "") -> Callable[[Weights], None]:
    def change(weights: Weights) -> None:
        for name in list(weights):
            if not but or but not in name:
                weights[before + name] = weights.pop(name)

    return change


def model(name: str, place: Path, before: str = "") -> bytes:
    change = prefixed(before) if before else None
    checkpoint = variant(name, place / "c", weights=change)
    convert(checkpoint, place / "m", quantization="int8")
    return (place / "m" / "model.bin").read_bytes()


@pytest.mark.parametrize("name", ["bart", "t5", "marian-tiny"])
def test_what_stands_before_all_names_is_taken_off(name: str, tmp_path: Path) -> None:
    plain = model(name, tmp_path / "plain")
    held = ("model.",) if name != "marian-tiny" else ()
    for number, before in enumerate((*BEFORE, *held, *(f"module.{each}" for each in held))):
        assert model(name, tmp_path / str(number), before) == plain


def test_other_beginnings_are_named(tmp_path: Path) -> None:
    checkpoint = variant(
        "t5",
        tmp_path / "c",
        weights=prefixed("student."),
    )
    with pytest.raises(InvalidModelError, match=r"put student\. before the names") as error:
        convert(checkpoint, tmp_path / "m", quantization="int8")
    assert "save_pretrained" in error.value.advice
