"""Measurements in a process of their own: a request in JSON on stdin, the numbers on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from time import perf_counter, process_time

from s2scli.addressspace import peak_memory_bytes
from s2scli.data import Decoding, Result, Segment
from s2scli.errors import S2SError
from s2scli.flow.options import FlowOptions
from s2scli.inference.decoding import named_decoding
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.manifest import Manifest
from s2scli.tasks.bench import Measured, Setting, Speed, Workload
from s2scli.tasks.translate import translate

__all__ = ["main", "measure", "speeds"]

WARM_UP = 8  # texts
ALONE = 100  # texts that are decoded one by one


def main() -> None:
    """Answer the request on stdin.

    Raises:
        SystemExit: the setting does not run; the reason goes to stderr.
    """
    request = json.load(sys.stdin)
    settings = [Setting(*each) for each in request["settings"]]
    work = Workload(*request["work"])
    try:
        found = measure(settings[0], work) if request["alone"] else speeds(settings, work)
    except S2SError as error:
        raise SystemExit(str(error)) from error
    json.dump(found, sys.stdout)


def measure(setting: Setting, work: Workload) -> Measured:
    """Run a model with a setting in this process.

    Raises:
        S2SError: it does not run.
    """
    start = perf_counter()
    bench = _Bench(setting, work)
    loaded = perf_counter() - start
    bench.warm_up(setting)
    speed = bench.speed(setting)
    alone = sorted(bench.seconds(setting, [text]) for text in work.texts[:ALONE])
    p50, p95, p99 = (1000 * alone[(len(alone) - 1) * part // 100] for part in (50, 95, 99))
    return Measured(speed, p50, p95, p99, loaded, peak_memory_bytes())


def speeds(settings: Sequence[Setting], work: Workload) -> list[Speed]:
    """Run a model with settings that differ in ``batch_tokens`` alone, one after the other.

    Raises:
        S2SError: it does not run.
    """
    bench = _Bench(settings[0], work)
    bench.warm_up(settings[0])
    return [bench.speed(setting) for setting in settings]


class _Bench:
    """A loaded model and what it is to decode."""

    def __init__(self, setting: Setting, work: Workload) -> None:
        directory = Path(work.directory)
        manifest = Manifest.load(directory)
        where = place(work.device, threads=setting.threads, engine=manifest.engine)
        job = Job(work.task, work.source, work.target)
        self._model = Model(directory, where, setting.compute_type, job, manifest=manifest)
        self._decoding: Decoding = named_decoding(self._model, {"beam_size": setting.beam or None})
        self._work = work

    def warm_up(self, setting: Setting) -> None:
        self._decode(setting, self._work.texts[:WARM_UP])

    @cached_property
    def _read(self) -> int:
        """Tokens that are read for all texts."""
        return sum(len(self._model.source(each)) for each in self._model.encode(self._work.texts))

    def speed(self, setting: Setting) -> Speed:
        texts = self._work.texts
        passes, seconds, busy, tokens = 0, 0.0, 0.0, 0
        while seconds < self._work.seconds or not passes:
            start, before = perf_counter(), process_time()
            results = self._decode(setting, texts)
            seconds += perf_counter() - start
            busy += process_time() - before
            tokens += sum(each.tokens for result in results for each in result.hypotheses[:1])
            passes += 1
        return Speed(
            lines_per_second=passes * len(texts) / seconds,
            lines_per_processor_second=passes * len(texts) / busy,
            source_tokens_per_second=passes * self._read / seconds,
            target_tokens_per_second=tokens / seconds,
            compute_type=self._model.engine.compute_type,
        )

    def seconds(self, setting: Setting, texts: Sequence[str]) -> float:
        start = perf_counter()
        self._decode(setting, texts)
        return perf_counter() - start

    def _decode(self, setting: Setting, texts: Sequence[str]) -> list[Result]:
        flow = FlowOptions.on(self._model.device, setting.batch_tokens or None)
        whole = flow._replace(whole_windows=True)
        segments = [Segment(number, text) for number, text in enumerate(texts)]
        found = translate([segments], self._model, self._decoding, whole)
        return [each for results in found for each in results]
