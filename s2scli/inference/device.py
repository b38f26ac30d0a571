"""Where the engine runs: the CPU's threads, or GPUs whose libraries have to be found first."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from s2scli.addressspace import require_folder
from s2scli.errors import UnavailableError, UsageError
from s2scli.inference.engines import ON_GPUS
from s2scli.models.enginenames import CTRANSLATE2

__all__ = [
    "COMPUTE_TYPES",
    "DEVICES",
    "MOST_GPUS",
    "MOST_THREADS",
    "Owner",
    "Placement",
    "available_threads",
    "missing_for_gpus",
    "place",
    "place_beside",
    "processor_fact",
    "products_overflow",
    "supported_types",
]

DEVICES = ("cpu", "cuda", "auto")
COMPUTE_TYPES = (
    "default",
    "auto",
    "int8",
    "int8_float32",
    "int8_float16",
    "int8_bfloat16",
    "int16",
    "float16",
    "bfloat16",
    "float32",
)
# Maximum threads: more than any machine has.
MOST_THREADS = 1024
MOST_GPUS = 64
PROCESSOR = Path("/proc/cpuinfo")
CUBLAS = ("libcublasLt.so.12", "libcublas.so.12")


class Placement(NamedTuple):
    """Where a model runs.

    Attributes:
        device: ``cpu`` or ``cuda``.
        indices: numbers of the GPUs; one zero on a CPU.
        workers: batches decoded at the same time.
        threads: CPU threads of each worker.
        note: why ``auto`` does not use a GPU that is there; empty otherwise.
    """

    device: str
    indices: tuple[int, ...] = (0,)
    workers: int = 1
    threads: int = 1
    note: str = ""


class Owner:
    """The process whose threads run a model; a forked one has its memory, but not its threads."""

    def __init__(self) -> None:
        self._process: int | None = os.getpid()

    def leave(self) -> None:
        """Nobody runs the model from now on."""
        self._process = None

    def check(self, model: str) -> None:
        """Refuse what would fail, or wait for ever.

        Args:
            model: its name.

        Raises:
            UsageError: it is closed, or was loaded by another process.
        """
        if self._process is None:
            raise UsageError(f"The model {model} is closed", "Load it again.")
        if self._process != os.getpid():
            raise UsageError(
                f"The model {model} was loaded before this process was forked",
                "Load it in the process that uses it, or start processes with 'spawn'.",
            )


def place(
    device: str,
    *,
    indices: Sequence[int] = (0,),
    threads: int = 0,
    single: bool = False,
    engine: str = CTRANSLATE2,
) -> Placement:
    """Decide where to run.

    Args:
        device: one of ``DEVICES``.
        indices: numbers of the GPUs.
        threads: total CPU threads; 0 for one per core that this process may use.
        single: whether all threads share each batch, for small inputs; for bulk work, and for
            small models, one worker per thread is faster.
        engine: the model's engine, a key of ``s2scli.inference.engines.ENGINES``.

    Raises:
        UnavailableError: ``cuda`` was asked for and cannot be used.
        UsageError: a device or a GPU that does not exist, or a number of threads that cannot be
            started.
    """
    if device not in DEVICES:
        raise UsageError(f"There is no device {device!r}", f"Known: {', '.join(DEVICES)}.")
    if not all(type(number) is int and number >= 0 for number in (threads, *indices)):
        raise UsageError(
            f"threads is {threads!r} and device_index {tuple(indices)!r}",
            "They must be whole numbers, none below 0.",
        )
    note = ""
    if device != "cpu":
        missing = missing_for_gpus(engine)
        if not missing:
            return _on_cuda(indices)
        if device == "cuda":
            raise UnavailableError(f"Cannot use a GPU: {missing}", "Use --device cpu.")
        note = f"no GPU is used: {missing}"
    if threads > available_threads():
        _try_threads(threads)
    threads = threads or available_threads()
    workers, each = (1, threads) if single else (threads, 1)
    return Placement("cpu", workers=workers, threads=each, note=note)


def place_beside(near: Placement, engine: str) -> Placement:
    """Where another model runs beside one; its engine may have no GPUs."""
    if near.device != "cpu":
        return place("auto", indices=near.indices, engine=engine)
    threads = min(near.workers * near.threads, available_threads())
    return place("cpu", threads=threads, engine=engine)


def available_threads() -> int:
    """The number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=1)
def products_overflow(processor: Path = PROCESSOR) -> bool:
    """Whether sums of two products of 8-bit integers overflow on this machine's CPU.

    So they do on x86 without the instructions AVX512-VNNI (oneDNN's developer guide, "Nuances of
    int8 computations"); there, int8 weights have 7 bits.

    Args:
        processor: the system's description of it; a system without one is taken to overflow.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    return "avx512_vnni" not in processor_fact("flags", processor).split()


def processor_fact(key: str, processor: Path = PROCESSOR) -> str:
    """A value of the first processor, as Linux describes it; empty on other systems.

    Args:
        key: such as ``model name``.
        processor: the system's description.
    """
    with suppress(OSError), processor.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            name, _, value = line.partition(":")
            if name.strip() == key:
                return value.strip()
    return ""


def _try_threads(number: int) -> None:
    """Start that many threads for a moment: if the engine cannot, it aborts the process.

    Raises:
        UsageError: they cannot be started.
    """
    advice = f"Use at most {available_threads()}, one for each core."
    if not 0 <= number <= MOST_THREADS:
        raise UsageError(f"{number} threads are too many", advice)
    from threading import Event, Thread

    over = Event()
    started: list[Thread] = []
    try:
        for _ in range(number):
            thread = Thread(target=over.wait, daemon=True)
            thread.start()
            started.append(thread)
    except (RuntimeError, MemoryError) as error:
        raise UsageError(f"This machine cannot start {number} threads", advice) from error
    finally:
        over.set()
        for thread in started:
            thread.join()


def _ctranslate2() -> Any:
    require_folder()
    import ctranslate2

    return ctranslate2


def _on_cuda(indices: Sequence[int]) -> Placement:
    ctranslate2 = _ctranslate2()

    count = ctranslate2.get_cuda_device_count()
    if wrong := [index for index in indices if index >= count]:
        raise UsageError(f"There is no GPU {wrong[0]}: {count} found, numbered from 0")
    return Placement("cuda", tuple(indices), workers=len(indices))


def supported_types(device: str) -> list[str]:
    """The compute types that CTranslate2 has on a device, ``cpu`` or ``cuda``, sorted."""
    ctranslate2 = _ctranslate2()

    return sorted(ctranslate2.get_supported_compute_types(device))


def missing_for_gpus(engine: str = CTRANSLATE2) -> str:
    """What is missing for a GPU, as part of a sentence; empty if nothing is."""
    if engine not in ON_GPUS:
        return f"the engine of this model ({engine}) runs on CPUs only"
    ctranslate2 = _ctranslate2()

    try:
        count = ctranslate2.get_cuda_device_count()
    except RuntimeError as error:
        return str(error)
    if count == 0:
        return "no NVIDIA GPU with a working driver was found"
    if not _load_cublas():
        return (
            "the library cuBLAS 12 was not found; install it with: pip install nvidia-cublas-cu12"
        )
    return ""


def _load_cublas() -> bool:
    """Load cuBLAS into the process, from the package nvidia-cublas-cu12 or from the system.

    The engine opens ``libcublas.so.12`` by name on first use; a library that is already loaded
    is found regardless of ``LD_LIBRARY_PATH``.
    """
    import ctypes

    folders = _package_folders()
    for name in CUBLAS:
        paths = [folder / name for folder in folders if (folder / name).is_file()]
        try:
            ctypes.CDLL(str(paths[0]) if paths else name, mode=ctypes.RTLD_GLOBAL)
        except OSError:
            return False
    return True


def _package_folders() -> list[Path]:
    """The library folders of the package nvidia-cublas-cu12, if it is installed."""
    from importlib.util import find_spec

    if find_spec("nvidia") is None or (package := find_spec("nvidia.cublas")) is None:
        return []
    return [Path(root) / "lib" for root in package.submodule_search_locations or []]
