"""The processor, the memory, and the GPUs."""

from __future__ import annotations

import os
import platform
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from s2scli.errors import S2SError
from s2scli.inference.device import (
    available_threads,
    missing_for_gpus,
    processor_fact,
    products_overflow,
    supported_types,
)
from s2scli.tasks.health.diagnosis import BROKEN, NOTE, Diagnosis

__all__ = ["gpus", "machine"]

# Of these, what a processor has decides how fast int8 and float32 are.
INSTRUCTIONS = ("sse4_1", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "amx_int8")
ENOUGH = "avx2"
SCARCE_BYTES = 1 << 30
DRIVER = Path("/proc/driver/nvidia/version")
SECONDS = 20


def machine() -> Iterator[Diagnosis]:
    """System, processor, compute types and memory."""
    yield Diagnosis("system", platform.platform())
    yield Diagnosis(
        "processor", processor_fact("model name") or platform.processor() or platform.machine()
    )
    cores, use = os.cpu_count() or 1, available_threads()
    yield Diagnosis("cores", str(cores) if use == cores else f"{use} of {cores} may be used")
    if flags := set(processor_fact("flags").split()):
        has = [name for name in INSTRUCTIONS if name in flags]
        weak = ENOUGH not in flags
        yield Diagnosis(
            "instructions",
            ", ".join(has) or "none of those that make it fast",
            NOTE if weak else "ok",
            f"Without {ENOUGH} the engine is slow; nothing else is wrong." if weak else "",
        )
    try:
        yield Diagnosis("compute types", ", ".join(supported_types("cpu")))
    except (S2SError, RuntimeError, ImportError) as error:
        yield Diagnosis("compute types", f"the engine does not start: {error}", BROKEN)
    bits = "7 bits, since this processor lacks AVX512-VNNI" if products_overflow() else "8 bits"
    yield Diagnosis("int8 weights", bits)
    yield from _memory()


def _memory() -> Iterator[Diagnosis]:
    page = os.sysconf("SC_PAGE_SIZE")
    whole = page * os.sysconf("SC_PHYS_PAGES")
    free = _free() or whole
    text = f"{_gigabytes(free)} of {_gigabytes(whole)} available"
    if free < SCARCE_BYTES:
        yield Diagnosis("memory", text, NOTE, "Large models need more; close other programs.")
    else:
        yield Diagnosis("memory", text)
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        yield Diagnosis(
            "address space",
            f"{_gigabytes(limit)} (ulimit -v)",
            NOTE,
            "Raise it if a model does not load.",
        )
    with suppress(OSError, ValueError):
        allowed = int(Path("/sys/fs/cgroup/memory.max").read_text())
        yield Diagnosis("memory of this container", _gigabytes(allowed))


def _free() -> int:
    """The memory that programs can still get, in bytes, as Linux estimates it; 0 elsewhere."""
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    return 0


def _gigabytes(count: int) -> str:
    return f"{count / 2**30:,.1f} GB"


def gpus() -> Iterator[Diagnosis]:
    """The GPUs that can be used, or what is missing; having none is no fault."""
    if missing := missing_for_gpus():
        if _cards() or DRIVER.exists():
            yield Diagnosis("cuda", missing, NOTE, "Models run on the CPU until that is mended.")
        else:
            yield Diagnosis("cuda", missing)
        return
    yield Diagnosis("cuda", f"usable; compute types {', '.join(supported_types('cuda'))}")
    for card in _cards():
        number, _, about = card.partition(", ")
        yield Diagnosis(f"gpu {number}", about)


def _cards() -> list[str]:
    """``NUMBER, NAME, MEMORY`` of each card, as NVIDIA's own program lists them."""
    program = shutil.which("nvidia-smi")
    if not program:
        return []
    query = ["--query-gpu=index,name,memory.total", "--format=csv,noheader"]
    try:
        done = subprocess.run(
            [program, *query], capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return done.stdout.splitlines()
