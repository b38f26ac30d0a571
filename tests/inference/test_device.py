from __future__ import annotations

import sys
from pathlib import Path

import ctranslate2
import pytest

from s2scli.errors import UnavailableError, UsageError
from s2scli.inference import device
from s2scli.inference.device import available_threads, place


def test_bulk_work_has_a_worker_a_thread_and_a_single_line_all_threads() -> None:
    bulk, single = place("cpu", threads=3), place("cpu", threads=3, single=True)
    assert (bulk.workers, bulk.threads) == (3, 1)
    assert (single.workers, single.threads) == (1, 3)
    assert place("cpu").workers == available_threads() >= 1


@pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="there is a GPU")
def test_without_a_gpu() -> None:
    with pytest.raises(UnavailableError, match="no NVIDIA GPU"):
        place("cuda")
    fallback = place("auto", threads=2)
    assert (fallback.device, fallback.workers) == ("cpu", 2)
    assert "no NVIDIA GPU" in fallback.note


def test_a_gpu_without_cublas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 2)
    monkeypatch.setattr(device, "CUBLAS", ("libno-such-library.so.12",))
    with pytest.raises(UnavailableError, match="nvidia-cublas-cu12"):
        place("cuda")
    assert "cuBLAS" in place("auto").note


def test_cublas_is_found_in_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # A real library under another name stands for cuBLAS: it is loaded for real.
    library = next(Path(ctranslate2.__file__).parent.glob("_ext*.so"))
    folder = tmp_path / "nvidia" / "cublas" / "lib"
    folder.mkdir(parents=True)
    for name in device.CUBLAS:
        (folder / name).symlink_to(library)
    (folder.parent / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.split(".")[0] == "nvidia"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 2)
    assert device._package_folders() == [folder]
    found = place("cuda", indices=(0, 1))
    assert (found.device, found.indices, found.workers) == ("cuda", (0, 1), 2)
    with pytest.raises(UsageError, match="no GPU 2: 2 found"):
        place("cuda", indices=(0, 2))
