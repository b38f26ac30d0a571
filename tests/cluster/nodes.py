"""A Ray cluster of several nodes on the loopback interface, as a process of its own.

Started as a program it prints the address, then obeys its standard input: a line with a number
kills that node (0 is the head), the end of the input ends the cluster.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT = 60  # seconds until a test gives up
ROOT = Path(__file__).parents[2]


class Nodes:
    """A running cluster.

    Attributes:
        address: of its head.
        pid: of the process that all of it descends from.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._orders = process.stdin
        self._answers = process.stdout
        self.address = self._answers.readline().strip()
        self.pid = process.pid

    def kill(self, number: int) -> None:
        """Kill a node and all that runs on it."""
        print(number, file=self._orders, flush=True)
        assert self._answers.readline().strip() == "killed"

    def workers(self) -> list[int]:
        """The process numbers of our workers."""
        return [pid for pid in descendants(self.pid) if title(pid).startswith("ray::Worker")]


@contextmanager
def nodes(count: int, home: Path, **environment: str) -> Iterator[Nodes]:
    """A cluster of so many nodes of one core each.

    Args:
        count: how many.
        home: where they keep models that they receive.
        environment: variables for all its processes.
    """
    variables = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "S2S_HOME": str(home), **environment}
    process = subprocess.Popen(
        [sys.executable, __file__, str(count)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=variables,
        cwd=home,
    )
    try:
        yield Nodes(process)
    finally:
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        process.wait(WAIT)
        process.stdout.close()


def descendants(pid: int) -> list[int]:
    """The processes that descend from a process."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                after = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it has just ended
                continue
            if after[0] != "Z":
                parents[int(entry.name)] = int(after[1])
    found, seen = [pid], 0
    while seen < len(found):
        found += [child for child, parent in parents.items() if parent == found[seen]]
        seen += 1
    return found[1:]


def title(pid: int) -> str:
    """What a process calls itself."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def ended(pids: list[int]) -> bool:
    """Wait until none of these processes is left."""
    deadline = time.monotonic() + WAIT
    while any(title(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def main() -> None:
    """Start the cluster and obey."""
    from ray.cluster_utils import Cluster

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Ray has much to say
    arguments = {"num_cpus": 1, "node_ip_address": "127.0.0.1"}
    cluster = Cluster(
        initialize_head=True, head_node_args={**arguments, "include_dashboard": False}
    )
    members = [cluster.head_node]
    members += [cluster.add_node(**arguments) for _ in range(int(sys.argv[1]) - 1)]
    print(cluster.address, file=answers, flush=True)
    for line in sys.stdin:
        cluster.remove_node(members[int(line)], allow_graceful=False)
        print("killed", file=answers, flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
