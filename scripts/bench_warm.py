"""What a line costs at a server: beside ``python -c "import click"``, and in a loop of the shell.

    python scripts/bench_warm.py                                  # the bundled model
    python scripts/bench_warm.py --model en-de --model DIRECTORY  # the same for others
    python scripts/bench_warm.py --quick                          # a few rounds

A server is started for the measurement. One line at the server and the import of click are run in
turn, and each pair gives a ratio; medians count. The loop translates lines one by one, in three
ways in turn: each by a process of its own, each by a process at the server, all through one pipe.
Processor time counts the processes of the server too, and what they prepare for the next line. The
script ``s2s`` is the installed one: that of a pip before 25.2 imports re, which is said.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import NamedTuple

CLICK = (sys.executable, "-c", "import click")
S2S = Path(sys.executable).with_name("s2s")
TICK = os.sysconf("SC_CLK_TCK")
SENTENCES = (
    "Where is the station?",
    "The meeting starts on Monday.",
    "Please open the settings and choose a language.",
    "I have received your letter.",
    "The train to Berlin leaves at nine.",
)
WARMING = 5  # runs that are not counted
# The environment of commands without a server.
ALONE = {name: value for name, value in os.environ.items() if name != "S2S_SERVER"}


class Cost(NamedTuple):
    """What something took.

    Attributes:
        seconds: on the clock.
        processor: of processor time.
    """

    seconds: float
    processor: float


class Server(NamedTuple):
    """A server for commands."""

    process: int
    environment: dict[str, str]

    def processor(self) -> float:
        """Seconds of processor time of its processes so far; of those that ended, too."""
        family = [self.process, *children(self.process)]
        return sum(map(processor_of, {*family, *(c for each in family for c in children(each))}))


def children(process: int) -> list[int]:
    """The processes that a process has started and that run."""
    return [int(n) for n in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def processor_of(process: int) -> float:
    """Seconds of processor time of a process and of those that it has waited for."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended
        return 0.0
    return sum(map(int, fields[11:15])) / TICK


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--model", action="append", help="by default the bundled one")
    parser.add_argument("--rounds", type=int, default=60, help="pairs of one line")
    parser.add_argument("--lines", type=int, default=100, help="of the loop")
    parser.add_argument("--loops", type=int, default=3, help="rounds of the loop")
    parser.add_argument("--quick", action="store_true", help="few rounds")
    given = parser.parse_args()
    rounds, lines, loops = (8, 10, 1) if given.quick else (given.rounds, given.lines, given.loops)
    print("| model | a line, ms | `import click`, ms | ratio of pairs (quarters) | alone, ms |")
    print("| --- | --- | --- | --- | --- |")
    models = given.model or ["en-de"]
    for model in models:
        with server(model) as there:
            print(line_row(model, there, rounds))
    if "import re" in S2S.read_text("utf-8"):
        print("\nThe script s2s imports re: pip before 25.2 wrote it.")
    print(f"\n| {lines} lines | seconds | processor, s |\n| --- | --- | --- |")
    for model in models:
        with server(model) as there:
            for row in loop_rows(model, there, lines, loops):
                print(row)


def line_row(model: str, there: Server, rounds: int) -> str:
    """One line beside the import of click."""
    text = f"{SENTENCES[0]}\n".encode()
    arguments = ("translate", "--quiet", "--model", model)
    answer = s2s(arguments, text, there.environment)
    for _ in range(WARMING):
        s2s(arguments, text, there.environment)
    warm, click, alone = [], [], []
    for number in range(rounds):
        warm.append(timed(arguments, text, there.environment, answer))
        click.append(of_click())
        if number % 5 == 0:
            alone.append(timed(arguments, text, ALONE, answer))
    ratios = sorted(one / other for one, other in zip(warm, click, strict=True))
    low, high = ratios[len(ratios) // 4], ratios[3 * len(ratios) // 4]
    first, second, last = (f"{1000 * median(some):.0f}" for some in (warm, click, alone))
    ratio = f"{median(ratios):.2f} ({low:.2f} to {high:.2f})"
    return f"| {Path(model).name} | {first} | {second} | {ratio} | {last} |"


def loop_rows(model: str, there: Server, lines: int, loops: int) -> Iterator[str]:
    """A loop over lines, in three ways."""
    texts = [f"{SENTENCES[number % len(SENTENCES)]}\n".encode() for number in range(lines)]
    arguments = ("translate", "--quiet", "--model", model)
    whole = b"".join(texts)
    answer = s2s(arguments, whole, there.environment)
    costs: dict[str, list[Cost]] = {}
    for _ in range(loops):
        for name, environment in (
            ("alone", ALONE),
            ("at the server", there.environment),
        ):
            before, start = spent(there), perf_counter()
            found = b"".join(s2s(arguments, text, environment) for text in texts)
            costs.setdefault(f"a process each, {name}", []).append(
                Cost(perf_counter() - start, spent(there) - before)
            )
            assert found == answer
        before, start = spent(there), perf_counter()
        assert s2s(arguments, whole, ALONE) == answer
        costs.setdefault("one pipe, alone", []).append(
            Cost(perf_counter() - start, spent(there) - before)
        )
    for name, some in costs.items():
        seconds, processor = (median(each) for each in zip(*some, strict=True))
        yield f"| {Path(model).name}: {name} | {seconds:.2f} | {processor:.2f} |"


def spent(there: Server) -> float:
    """Seconds of processor time of all that was run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime + there.processor()


def of_click() -> float:
    """Seconds of the import of click."""
    start = perf_counter()
    subprocess.run(CLICK, check=True)
    return perf_counter() - start


def timed(
    arguments: Sequence[str], text: bytes, environment: dict[str, str], answer: bytes
) -> float:
    """Seconds of a command, whose answer is checked."""
    start = perf_counter()
    found = s2s(arguments, text, environment)
    seconds = perf_counter() - start
    assert found == answer, found
    return seconds


def s2s(arguments: Sequence[str], text: bytes, environment: dict[str, str]) -> bytes:
    """What the installed command writes."""
    program = (str(S2S), *arguments)
    return subprocess.run(
        program, input=text, env=environment, stdout=subprocess.PIPE, check=True
    ).stdout


@contextmanager
def server(model: str) -> Iterator[Server]:
    """A server with a model, for the time of a block."""
    program = str(S2S)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "s.sock"
        started = subprocess.run(
            (program, "serve", "--detach", "-q", "--unix", path, "--model", model),
            stdout=subprocess.PIPE,
            check=True,
        )
        environment = {**ALONE, "S2S_SERVER": started.stdout.decode().strip()}
        asked = subprocess.run(
            (program, "server", "status"), env=environment, stdout=subprocess.PIPE, check=True
        )
        words = asked.stdout.decode().split()
        try:
            yield Server(int(words[words.index("process") + 1]), environment)
        finally:
            subprocess.run((program, "server", "stop", "-q"), env=environment, check=True)


if __name__ == "__main__":
    main()
