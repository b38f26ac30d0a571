"""Graphs of ONNX that somebody gave away: they read nothing but what stands beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from s2scli.errors import InvalidModelError
from s2scli.models.graphfiles import check_graph

onnx: Any = pytest.importorskip("onnx")


def graph(path: Path, location: str, *, domain: str = "", within: bool = False) -> Path:
    """A graph that adds weights of another file, or has an operator of another domain."""
    from onnx import TensorProto, helper

    weights = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[2])
    weights.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", "0"), ("length", "8")):
        weights.external_data.add(key=key, value=value)
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, [2])
    node = helper.make_node("Add", ["x", "w"], ["y"], domain=domain)
    body = helper.make_graph([node], "body", [] if within else [value], [result], [weights])
    if within:
        flag = helper.make_tensor_value_info("flag", TensorProto.BOOL, [])
        choice = helper.make_node("If", ["flag"], ["y"], then_branch=body, else_branch=body)
        body = helper.make_graph([choice], "outer", [value, flag], [result])
    path.write_bytes(helper.make_model(body).SerializeToString())
    return path


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("location", ["../secret", "/etc/passwd", "a/b", "..", "", "link"])
def test_weights_elsewhere_are_refused(location: str, within: bool, tmp_path: Path) -> None:
    directory = tmp_path / "model"
    directory.mkdir()
    (tmp_path / "secret").write_bytes(bytes(8))
    (directory / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(InvalidModelError, match="which is not a file beside it"):
        check_graph(graph(directory / "decoder.onnx", location, within=within))


def test_weights_beside_it_are_taken(tmp_path: Path) -> None:
    (tmp_path / "decoder.weights").write_bytes(bytes(8))
    check_graph(graph(tmp_path / "decoder.onnx", "decoder.weights"))


@pytest.mark.parametrize("within", [False, True])
def test_operators_of_others_are_refused(within: bool, tmp_path: Path) -> None:
    path = graph(tmp_path / "decoder.onnx", "decoder.weights", domain="evil", within=within)
    with pytest.raises(InvalidModelError, match="operators of 'evil'"):
        check_graph(path)


@pytest.mark.parametrize("data", [b"", b"nonsense", b"\x08" * 99])
def test_what_is_no_graph(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "decoder.onnx").write_bytes(data)
    if data:
        with pytest.raises(InvalidModelError, match="is not an ONNX graph"):
            check_graph(tmp_path / "decoder.onnx")
    with pytest.raises(InvalidModelError, match=r"has no gone\.onnx"):
        check_graph(tmp_path / "gone.onnx")
