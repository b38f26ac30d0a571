"""Send a server what its own description allows, and what it does not: schemathesis on OpenAPI.

    python scripts/fuzz_server.py --quick               # some requests to each operation
    python scripts/fuzz_server.py --examples 1000       # of each operation, in each of two rounds

A server is started with the bundled model and little patience for long texts. It must answer each
request as its description says: no status of 500 or above, no type or status that is not in it. At
the end it must still answer, its log must have no traceback, and the second round must not have
made it grow. Needs the extra ``fuzz`` (https://schemathesis.readthedocs.io).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
SECONDS = 60  # until the server listens, and for the end
GROWTH = 1.25  # of memory in the second round, at most


def main() -> None:
    """Run it; the exit code is 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--examples", type=int, default=200, help="for each operation")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--quick", action="store_true", help="few examples, one round")
    given = parser.parse_args()
    examples, rounds = (5, 1) if given.quick else (given.examples, 2)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        command = [sys.executable, "-m", "s2scli", "serve", "-m", "en-de", "--port", "0"]
        with log.open("wb") as stream:
            server = subprocess.Popen([*command, "--max-chars", "300"], stderr=stream)
        try:
            wrong = fuzz(address_of(log), examples, rounds, given.seed, folder)
        finally:
            server.terminate()
            server.wait(SECONDS)
        if "Traceback" in (said := log.read_text("utf-8", "replace")):
            wrong.append(f"the log has a traceback:\n{said[-2000:]}")
    for each in wrong:
        print(f"wrong: {each}", file=sys.stderr)
    sys.exit(bool(wrong))


def fuzz(url: str, examples: int, rounds: int, seed: int, folder: str) -> list[str]:
    """What is wrong with a server; schemathesis writes what it remembers into the folder."""
    wrong, sizes = [], []
    for number in range(rounds):
        command = [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json"]
        command += ["--phases", "fuzzing", "--checks", ",".join(CHECKS)]
        command += ["--max-examples", str(examples), "--seed", str(seed + number)]
        if subprocess.run(command, check=False, cwd=folder).returncode:
            wrong.append("schemathesis has found something, see above")
        sizes.append(memory_of(url))
    if sizes[-1] > GROWTH * sizes[0]:
        wrong.append(f"memory has grown from {sizes[0]:,} to {sizes[-1]:,} bytes")
    print(f"memory after each round: {', '.join(f'{size >> 20} MB' for size in sizes)}")
    return wrong


def address_of(log: Path) -> str:
    """Where a server listens, from its log."""
    end = time.monotonic() + SECONDS
    while not (found := re.search(r"listening on (\S+)", log.read_text("utf-8"))):
        if time.monotonic() > end:
            raise SystemExit(f"The server does not start:\n{log.read_text('utf-8')}")
        time.sleep(0.05)
    return found[1]


def memory_of(url: str) -> int:
    """Bytes of memory that the server has."""
    with urlopen(f"{url}/metrics", timeout=SECONDS) as answer:
        found = re.search(rb"^process_resident_memory_bytes (\d+)", answer.read(), re.MULTILINE)
    if not found:
        raise SystemExit("The server does not say how much memory it has")
    return int(found[1])


if __name__ == "__main__":
    main()
