"""Measure ``--on ray``: two workers of one core each against one, on a machine with two cores.

Each measurement is a process of its own that starts a local Ray cluster, waits until all workers
are ready, and translates the same sentences. Rounds are pairs, in alternating order; the median of
their ratios counts, without the start (the workers are ready) and with it (the whole process)::

    python scripts/bench_cluster.py --sentences 4000 --rounds 5
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import s2scli
from s2scli.inference.cluster.options import Cluster

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench_documents import sentences


def measure(workers: int, count: int, beam: int) -> None:
    """Translate on so many workers and print the seconds."""
    ready: list[str] = []
    cluster = Cluster(workers=workers, note=ready.append)
    with s2scli.load(cluster=cluster) as model:
        while len(ready) < workers:  # a new worker is taken in when there is something to do
            list(model.translate(["We wait."]))
        lines = sentences(count, 1)
        start, driver = time.perf_counter(), time.process_time()
        done = sum(1 for _ in model.translate(lines, beam_size=beam))
        seconds, driver = time.perf_counter() - start, time.process_time() - driver
    assert done == count
    print(json.dumps({"seconds": seconds, "driver_cpu_seconds": driver}))


def run(workers: int, options: argparse.Namespace) -> dict[str, float]:
    """One measurement, in a process of its own."""
    start = time.perf_counter()
    arguments = ["--measure", workers, "--sentences", options.sentences, "--beam", options.beam]
    done = subprocess.run(
        [sys.executable, __file__, *map(str, arguments)], check=True, capture_output=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return {**found, "whole": time.perf_counter() - start}


def main() -> None:
    """Parse the command line and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure, options.sentences, options.beam)
        return
    ratios: dict[str, list[float]] = {"seconds": [], "whole": []}
    for number in range(options.rounds):
        order = (1, 2) if number % 2 else (2, 1)
        found = {workers: run(workers, options) for workers in order}
        for name, values in ratios.items():
            values.append(found[1][name] / found[2][name])
        for workers in (1, 2):
            facts = ", ".join(f"{name} {value:.2f}" for name, value in found[workers].items())
            print(f"round {number + 1}, {workers} workers: {facts}", flush=True)
    for name, label in (("seconds", "workers ready"), ("whole", "whole process")):
        print(f"{label}: two workers are {statistics.median(ratios[name]):.2f} times as fast")


if __name__ == "__main__":
    main()
