"""Products of integers do not depend on what else is multiplied."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("onnxruntime")

from s2scli.inference.engines.matrices import LARGE, FloatMatrix, IntegerMatrices

RANDOM = np.random.default_rng(7)


def rows(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Rows of sizes that differ much."""
    numbers = RANDOM.normal(size=shape).astype(np.float32)
    return numbers * RANDOM.choice([1e-3, 1, 50], (*shape[:-1], 1)).astype(np.float32)


@pytest.mark.parametrize(("outputs", "width"), [(1, 1), (7, 5), (300, 64), (129, 513)])
def test_a_row_of_many_is_what_it_is_alone(outputs: int, width: int) -> None:
    matrix = IntegerMatrices(1)(rows(outputs, width))
    numbers = rows(600, width)
    together = matrix(numbers)
    for row in (0, 1, 255, 256, 599):
        assert np.array_equal(matrix(numbers[row : row + 1])[0], together[row])
    assert np.array_equal(matrix(numbers[::-1])[::-1], together)


def test_they_are_close_to_those_of_floats() -> None:
    weight, numbers = rows(200, 96), rows(50, 96)
    exact = FloatMatrix(weight)(numbers)
    error = np.abs(IntegerMatrices(1)(weight)(numbers) - exact).mean(1)
    assert (error < 0.02 * np.abs(exact).mean(1)).all()


def test_no_rows() -> None:
    """In a graph: a dimension of 0 stays one."""
    from s2scli.inference.engines.sessions import own_session
    from s2scli.models.convert.graphs.graph import Graph, NumberType
    from s2scli.models.convert.graphs.layers import Layers, LinearLayer
    from s2scli.models.convert.graphs.onnxfile import onnx_bytes
    from s2scli.models.convert.tensor import Tensor

    weight, graph = rows(4, 3), Graph("layer", "int8")
    numbers = graph.input("numbers", NumberType.FLOAT32, "B", "S", 3)
    layer = LinearLayer(Tensor("F32", weight.shape, lambda: weight))
    graph.output(Layers(graph).linear(numbers, layer), "found", "B", "S", 4)
    session = own_session(onnx_bytes(graph), 1)
    for shape in ((1, 0, 3), (2, 5, 3)):
        [found] = session.run(None, {"numbers": np.ones(shape, np.float32)})
        assert found.shape == (*shape[:2], 4)


def test_rows_of_zeros() -> None:
    matrix = IntegerMatrices(1)(np.zeros((3, 4), np.float32))
    assert not matrix(rows(2, 4)).any()
    assert not IntegerMatrices(1)(rows(3, 4))(np.zeros((2, 4), np.float32)).any()


@pytest.mark.parametrize("make", [FloatMatrix, IntegerMatrices(1)])
def test_positions_and_a_place_for_the_product(make: type[FloatMatrix]) -> None:
    matrix, numbers = make(rows(6, 8)), rows(3, 5, 8)
    flat = matrix(numbers.reshape(15, 8))
    assert matrix(numbers).reshape(15, 6) == pytest.approx(flat, rel=1e-5, abs=1e-5)
    wide = np.zeros((15, 9), np.float32)
    assert matrix(numbers.reshape(15, 8), wide[:, :6]) is not None
    assert np.array_equal(wide[:, :6], flat)
    assert not wide[:, 6:].any()


def test_threads_change_nothing() -> None:
    weight, numbers = rows(LARGE // 64, 64), rows(9, 64)
    assert np.array_equal(IntegerMatrices(1)(weight)(numbers), IntegerMatrices(2)(weight)(numbers))
