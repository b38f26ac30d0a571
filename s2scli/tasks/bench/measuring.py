"""One measurement, in a process of its own: a request in JSON on stdin, the numbers on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
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
from s2scli.tasks.bench import Measured, Setting, Workload
from s2scli.tasks.translate import translate

__all__ = ["main", "measure"]

WARM_UP = 8  # texts
ALONE = 100  # texts that are decoded one by one


def main() -> None:
    """Answer the request on stdin.

    Raises:
        SystemExit: the setting does not run; the reason goes to stderr.
    """
    request = json.load(sys.stdin)
    try:
        found = measure(Setting(**request["setting"]), Workload(**request["work"]))
    except S2SError as error:
        raise SystemExit(str(error)) from error
    json.dump(found._asdict(), sys.stdout)


def measure(setting: Setting, work: Workload) -> Measured:
    """Run a model with a setting in this process.

    Raises:
        S2SError: it does not run.
    """
    start = perf_counter()
    directory = Path(work.directory)
    manifest = Manifest.load(directory)
    where = place(work.device, threads=setting.threads, engine=manifest.engine)
    job = Job(work.task, work.source, work.target)
    model = Model(directory, where, setting.compute_type, job, manifest=manifest)
    loaded = perf_counter() - start
    decoding = named_decoding(model, {"beam_size": setting.beam or None})
    flow = FlowOptions.on(model.device, setting.batch_tokens or None)
    _decode(work.texts[:WARM_UP], model, decoding, flow)
    passes, seconds, busy, tokens = 0, 0.0, 0.0, 0
    while seconds < work.seconds or not passes:
        start, before = perf_counter(), process_time()
        results = _decode(work.texts, model, decoding, flow)
        seconds += perf_counter() - start
        busy += process_time() - before
        tokens += sum(each.tokens for result in results for each in result.hypotheses[:1])
        passes += 1
    read = sum(len(model.source(each)) for each in model.encode(work.texts))
    alone = sorted(_seconds_alone(text, model, decoding, flow) for text in work.texts[:ALONE])
    p50, p95, p99 = (1000 * alone[(len(alone) - 1) * part // 100] for part in (50, 95, 99))
    return Measured(
        lines_per_second=passes * len(work.texts) / seconds,
        lines_per_processor_second=passes * len(work.texts) / busy,
        source_tokens_per_second=passes * read / seconds,
        target_tokens_per_second=tokens / seconds,
        latency_p50=p50,
        latency_p95=p95,
        latency_p99=p99,
        load_seconds=loaded,
        peak_memory_bytes=peak_memory_bytes(),
        compute_type=model.engine.compute_type,
    )


def _decode(
    texts: Sequence[str], model: Model, decoding: Decoding, flow: FlowOptions
) -> list[Result]:
    segments = [Segment(number, text) for number, text in enumerate(texts)]
    whole = flow._replace(whole_windows=True)
    return [each for results in translate([segments], model, decoding, whole) for each in results]


def _seconds_alone(text: str, model: Model, decoding: Decoding, flow: FlowOptions) -> float:
    start = perf_counter()
    _decode([text], model, decoding, flow)
    return perf_counter() - start
