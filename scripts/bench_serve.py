"""A server under load on loopback: throughput, latency, and whether each client gets its own text.

    python scripts/bench_serve.py --input newstest2014.en            # 1, 16 and 64 clients
    python scripts/bench_serve.py --input newstest2014.en --quick    # the same with few lines
    python scripts/bench_serve.py --input newstest2014.en --lone     # one client, idle server
    python scripts/bench_serve.py --input newstest2014.en --beam 1 --clients 64 --rounds 1 \\
        --requests 100000 --hang-up 500

Each request is one sentence with a number in front, which must come back; an answer without it is
right if the model gives the same to the text alone. The baseline is ``s2s translate`` of the same
sentences from file to file, with the same beam, before each round. Ratios are of one round, and the
table has the median of the rounds: by the clock, where the clients take time of the same
processors, and by the server's processor time alone. Clients hang up in the middle (``--hang-up``),
and nothing may be lost by that. Everything is bounded: the number of requests, their time, and the
clients.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any, NamedTuple
from urllib.request import urlopen

SECONDS = 120  # for one request
CHECKED = 2000  # answers without their numbers that are asked for again


class Speed(NamedTuple):
    """How fast lines are translated from file to file.

    Attributes:
        rate: lines per second, by the clock.
        cpu: processor time of a line, in seconds.
    """

    rate: float
    cpu: float


class Load(NamedTuple):
    """What some clients measured.

    Attributes:
        clients: how many there were.
        seconds: for all requests.
        cpu: processor time of the server, in seconds.
        latencies: milliseconds of each.
        wrong: answers that are not those of their requests.
        speed: the baseline of this round.
    """

    clients: int
    seconds: float
    cpu: float
    latencies: list[float]
    wrong: int
    speed: Speed

    @property
    def of_rate(self) -> float:
        """Throughput, of that from file to file."""
        return len(self.latencies) / self.seconds / self.speed.rate

    @property
    def of_cpu(self) -> float:
        """Sentences per second of processor time, of those from file to file."""
        return self.speed.cpu / (self.cpu / len(self.latencies))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--input", type=Path, required=True, help="sentences, a line each")
    parser.add_argument("--model", default="en-de")
    parser.add_argument("--lines", type=int, default=400, help="how many of them")
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 16, 64])
    parser.add_argument("--requests", type=int, help="for each number of clients")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--hang-up", type=int, default=0, help="clients that hang up besides")
    parser.add_argument("--lone", action="store_true", help="a lone request and the engine's call")
    parser.add_argument("--quick", action="store_true", help="few lines, one round")
    given = parser.parse_args()
    if given.quick:
        given.lines, given.rounds = min(given.lines, 100), 1
    lines = [line for line in given.input.read_text("utf-8").splitlines() if line.strip()]
    lines = lines[: given.lines]
    if given.lone:
        lone(lines, given.model, given.beam)
        return
    found: dict[int, list[Load]] = {clients: [] for clients in given.clients}
    with serving(given.model) as port:
        asyncio.run(load(port, lines[:32], 4, 32, given.beam))  # the model is loaded
        for _ in range(given.rounds):
            speed = file_to_file(lines, given.model, given.beam)
            for clients, rounds in found.items():
                count = given.requests or len(lines)
                run = load(port, lines, clients, count, given.beam, given.hang_up)
                rounds.append(asyncio.run(run)._replace(speed=speed))
    rates = [rounds[0].speed.rate for rounds in zip(*found.values(), strict=True)]
    print(f"file to file: {median(rates):.1f} lines/s")
    print(
        "| clients | requests | per second | of file to file | by processor time | p50 ms | p99 ms "
        "| wrong |"
    )
    print("| --- " * 8 + "|")
    for rounds in found.values():
        print(row(rounds))


def row(rounds: Sequence[Load]) -> str:
    """A row of the table."""
    latencies = [each for found in rounds for each in found.latencies]
    cuts = quantiles(latencies, n=100)
    speed = median(len(found.latencies) / found.seconds for found in rounds)
    return (
        f"| {rounds[0].clients} | {len(latencies):,} | {speed:.1f} | "
        f"{median(found.of_rate for found in rounds):.2f} | "
        f"{median(found.of_cpu for found in rounds):.2f} | {cuts[49]:.1f} | {cuts[98]:.1f} | "
        f"{sum(found.wrong for found in rounds)} |"
    )


def file_to_file(lines: Sequence[str], model: str, beam: int) -> Speed:
    """The speed of ``s2s translate``: its own report's, and processor time without the start's."""
    with tempfile.TemporaryDirectory() as folder:
        source, report = Path(folder, "in"), Path(folder, "report")
        command = [sys.executable, "-m", "s2scli", "translate", "-m", model, "--beam", str(beam)]
        command += ["-q", "--guard", "off", "-o", f"{folder}/out", "--report", str(report)]
        times = []
        for some in (lines[:1], lines):
            source.write_text("".join(f"{n}: {line}\n" for n, line in enumerate(some)), "utf-8")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([*command, str(source)], check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        found: dict[str, Any] = json.loads(report.read_text())
        cpu = (times[1] - times[0]) / max(1, len(lines) - 1)
        return Speed(float(found["lines_per_second"]), cpu)


def lone(lines: Sequence[str], model: str, beam: int) -> None:
    """Compare a lone request to an idle server with the engine's own call, in pairs."""
    import s2scli

    with s2scli.load(model) as loaded, serving(model) as port:
        engine = loaded.model
        decoding = loaded.decoding("translate", beam_size=beam)

        async def pairs() -> list[tuple[float, float, float]]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            found = []
            for line in lines:
                start = perf_counter()
                await ask(reader, writer, line, beam)
                middle, cpu = perf_counter(), process_time()
                source = engine.source(engine.encode([line])[0])
                engine.submit([source], decoding).result()
                end = perf_counter()
                found.append((middle - start, end - middle, process_time() - cpu))
            writer.close()
            return found

        asyncio.run(pairs())  # all is loaded
        before = cpu_of(port)
        found = asyncio.run(pairs())
        spent = cpu_of(port) - before
    ratio = median(request / call for request, call, _ in found)
    request, call, _ = (1000 * median(times) for times in zip(*found, strict=True))
    by_cpu = spent / sum(cpu for *_, cpu in found)
    print(
        f"{len(found)} sentences, medians: the engine's own call {call:.2f} ms, a request "
        f"{request:.2f} ms, ratio of pairs {ratio:.3f}; by processor time of all {by_cpu:.3f}"
    )


@contextmanager
def serving(model: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    command = [sys.executable, "-m", "s2scli", "serve", "-m", model, "--port", "0"]
    command += ["--concurrency", "128", "--queue", "10000"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        found = None
        while not found:
            found = re.search(r"listening on \S+:(\d+)", process.stderr.readline())
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=subprocess.DEVNULL)
        yield int(found[1])
    finally:
        process.terminate()
        process.wait()
        drain.wait()


def cpu_of(port: int) -> float:
    """Seconds of processor time that a server has taken."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=SECONDS) as answer:
        found = re.search(rb"^process_cpu_seconds_total (\S+)", answer.read(), re.MULTILINE)
    assert found
    return float(found[1])


async def load(
    port: int,
    lines: Sequence[str],
    clients: int,
    requests: int,
    beam: int,
    hang_up: int = 0,
) -> Load:
    """Send requests, each client one after the other over one connection."""
    numbers = iter(range(requests))
    latencies: list[float] = []
    doubtful: list[tuple[str, str]] = []
    wrong = 0

    async def client() -> None:
        nonlocal wrong
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            text = f"{number}: {lines[number % len(lines)]}"
            start = perf_counter()
            found = await asyncio.wait_for(ask(reader, writer, text, beam), SECONDS)
            latencies.append(1000 * (perf_counter() - start))
            wrong += found["source"] != text
            if not found["target"].startswith(f"{number}:"):
                doubtful.append((text, found["target"]))
        writer.close()

    async def leaves() -> None:
        """A client that hangs up before it has its answer."""
        while len(latencies) < requests // 2:
            await asyncio.sleep(0.05)
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request("Nobody waits for this. " * 20, beam))
        await writer.drain()
        writer.close()

    before, start = cpu_of(port), perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)), *(leaves() for _ in range(hang_up)))
    seconds, cpu = perf_counter() - start, cpu_of(port) - before
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for text, target in doubtful[:CHECKED]:
        wrong += (await ask(reader, writer, text, beam))["target"] != target
    writer.close()
    wrong += len(doubtful[CHECKED:]) + requests - len(latencies)
    return Load(clients, seconds, cpu, latencies, wrong, Speed(0.0, 0.0))


def request(text: str, beam: int) -> bytes:
    """A request as it goes over the wire."""
    body = json.dumps({"text": text, "beam_size": beam}).encode()
    head = (
        "POST /v1/translate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, text: str, beam: int
) -> dict[str, Any]:
    """The record of a text."""
    writer.write(request(text, beam))
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    size = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
    assert size, head
    body = json.loads(await reader.readexactly(int(size[1])))
    assert " 200 " in head.split("\r\n")[0], body
    found: dict[str, Any] = body["results"][0]
    return found


if __name__ == "__main__":
    main()
