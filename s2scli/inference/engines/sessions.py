"""Sessions of ONNX Runtime: how a graph is opened, and its errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError, S2SError, UnavailableError, memory_error
from s2scli.inference.device import Placement
from s2scli.models.graphfiles import check_graph

__all__ = [
    "loaded_runtime",
    "open_session",
    "own_session",
    "runtime_errors",
    "runtime_is_installed",
]

ERRORS_ONLY = 3  # ONNX Runtime writes what it has to say to stderr


def open_session(path: Path, placement: Placement) -> Any:
    """A graph, loaded.

    Raises:
        InvalidModelError: it is missing or damaged, or reads files of other directories.
        UnavailableError: ONNX Runtime is not installed.
    """
    runtime = loaded_runtime()
    check_graph(path)
    try:
        return _session(runtime, str(path), placement.threads)
    except Exception as error:  # the library's own, of several classes
        if short := memory_error(error):
            raise short from error
        raise InvalidModelError(
            f"ONNX Runtime cannot read {path}: {_first_line(error)}",
            "Convert the checkpoint again with 's2s convert'.",
        ) from error


def own_session(content: bytes, threads: int) -> Any:
    """A graph of our own that is in memory.

    Raises:
        UnavailableError: ONNX Runtime is not installed.
        S2SError: it cannot be loaded, such as for want of memory.
    """
    runtime = loaded_runtime()
    with runtime_errors():
        return _session(runtime, content, threads)


def runtime_is_installed() -> bool:
    """Whether graphs can be made and run."""
    return all(find_spec(package) is not None for package in ("onnx", "onnxruntime"))


def loaded_runtime() -> Any:
    """ONNX Runtime.

    Raises:
        UnavailableError: it is not installed.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise memory_error(error) or UnavailableError(
            "This model runs by ONNX Runtime, which is not installed",
            "Install it: pip install 's2scli[onnx]'.",
        ) from error
    return onnxruntime


def _session(runtime: Any, model: str | bytes, threads: int) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = ERRORS_ONLY
    # Idle threads would keep cores busy that others could use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@contextmanager
def runtime_errors() -> Iterator[None]:
    """Turn the library's errors into ours.

    Raises:
        S2SError: a run failed.
    """
    try:
        yield
    except Exception as error:  # the library's own, of several classes
        raise memory_error(error) or S2SError(
            f"ONNX Runtime failed: {_first_line(error)}"
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
