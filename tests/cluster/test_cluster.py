"""The same run on a real Ray cluster: two nodes on the loopback interface, workers that die."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ctranslate2
import pytest

import s2scli
from s2scli.disk.hashes import sha256
from s2scli.inference.device import COMPUTE_TYPES
from s2scli.models.convert.run import convert
from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.cluster.nodes import WAIT, Nodes, descendants, ended, nodes, title
from tests.conftest import GOLDEN, Run, command

pytest.importorskip("ray")
pytestmark = pytest.mark.ray

# What stands beside a text in a batch can tip the balance between equal words.
# One text at a time, so that a run lasts long enough to lose a worker in it.
SLOW = ("--batch-tokens", "1", "--beam", "2")
SUBJECTS = ("Tom", "The old man", "Our teacher", "Nobody", "My brother", "Anna")
PACKAGE = Path(s2scli.__file__).parent


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents."""
    folder = tmp_path_factory.mktemp("docs")
    for number in range(40):
        sentences = [
            f"{subject} has {number} books and {len(subject)} cats." for subject in SUBJECTS
        ]
        (folder / f"{number:02}.txt").write_text("\n\n".join(sentences) + "\n")
    (folder / "table.csv").write_text("id,text\n1,Where is the station?\n2,The house is old.\n")
    return folder


@pytest.fixture(scope="module")
def expected(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The translations of one machine without a cluster."""
    out = tmp_path_factory.mktemp("expected")
    environment = {**os.environ, "S2S_CONFIG": os.devnull}
    arguments = command("translate", docs, "-o", out, *SLOW, "--quiet")
    subprocess.run(arguments, check=True, env=environment)
    return contents(out)


@pytest.fixture(scope="module")
def node_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the nodes of the cluster keep models that they receive."""
    return tmp_path_factory.mktemp("node-home")


@pytest.fixture(scope="module")
def pair(node_home: Path) -> Iterator[Nodes]:
    """A cluster of two nodes for all tests that leave the nodes alone."""
    with nodes(2, node_home) as cluster:
        yield cluster


def on(cluster: Nodes, workers: int = 2) -> tuple[object, ...]:
    return ("--on", "ray", "--address", cluster.address, "--workers", workers)


def wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + WAIT
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_cluster_translates_as_one_machine_does(
    s2s: Run,
    pair: Nodes,
    node_home: Path,
    docs: Path,
    expected: dict[str, bytes],
    tmp_path: Path,
) -> None:
    done = s2s("translate", docs, "-o", tmp_path / "out", *SLOW, *on(pair), "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert contents(tmp_path / "out") == expected
    assert ended(pair.workers())
    line = s2s("translate", "-v", *on(pair), stdin=b"Where is the station?\n")
    assert line.stdout == b"Wo ist der Bahnhof?\n"
    assert b"worker 1 on 127.0.0.1 is ready" in line.stderr
    assert b"sending the model" not in line.stderr  # the nodes have it at the same path
    assert not list(node_home.glob("received/*"))


def test_more_workers_than_there_is_room_for(s2s: Run, pair: Nodes) -> None:
    done = s2s("translate", *on(pair, 3), stdin=b"Where is the station?\n")
    assert (done.returncode, done.stdout) == (0, b"Wo ist der Bahnhof?\n")
    assert b"the cluster has room for 2 workers of 1 CPU; more will join" in done.stderr
    done = s2s("translate", "--on", "ray", "--gpus-per-worker", 64, stdin=b"Hello!\n")
    assert done.returncode == 2
    assert done.stderr == b"s2s: This machine has room for 0 workers of 1 CPU and 64 GPU\n"


def test_a_connection_that_is_there_is_used_and_left(tmp_path: Path) -> None:
    script = """
import ray, s2scli
from s2scli.inference.cluster.options import Cluster

ray.init(address="local", num_cpus=1, include_dashboard=False, logging_level="ERROR")
for _ in range(2):  # there is room for one worker at a time
    with s2scli.load(cluster=Cluster(workers=1)) as model:
        print(*(each.text for each in model.translate(["Hello!"])))
assert ray.is_initialized()
ray.shutdown()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path)},  # Ray keeps its token there
    )
    assert done.stdout == b"Hallo!\nHallo!\n"


def test_a_worker_that_is_killed_is_replaced(
    pair: Nodes, docs: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = command("translate", docs, "-o", out, *SLOW, *on(pair))
    with subprocess.Popen(arguments, stderr=subprocess.PIPE) as process:
        wait_for(out / "01.txt", process)
        first = pair.workers()[0]
        os.kill(first, signal.SIGKILL)
        _, errors = process.communicate(timeout=WAIT)
    assert process.returncode == 0
    assert errors.count(b"is lost") == 1
    assert contents(out) == expected


def test_a_node_that_goes_is_done_without(
    docs: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with nodes(2, tmp_path) as cluster:
        arguments = command("translate", docs, "-o", out, *SLOW, *on(cluster))
        with subprocess.Popen(arguments, stderr=subprocess.PIPE) as process:
            wait_for(out / "01.txt", process)
            while len(cluster.workers()) < 2:
                time.sleep(0.01)
            cluster.kill(1)
            _, errors = process.communicate(timeout=WAIT)
    assert process.returncode == 0
    assert b"is lost" in errors
    assert contents(out) == expected


def test_no_worker_that_lives(pair: Nodes, docs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = command("translate", docs, "-o", out, *SLOW, *on(pair))
    with subprocess.Popen(arguments, stderr=subprocess.PIPE) as process:
        wait_for(out / "01.txt", process)
        while process.poll() is None:
            for pid in pair.workers():
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
        assert process.stderr
        last = process.stderr.read().decode().splitlines()[-1]
    assert process.returncode in (1, 69)
    assert "lost" in last
    assert "warning" not in last


def test_a_model_is_sent_where_it_is_missing(
    s2s: Run, pair: Nodes, node_home: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    shutil.copytree(bundled_directory(DEFAULT_MODEL), model)
    here = "/proc/self/cwd/model"  # another directory for every process
    received = node_home / "received" / sha256(model / "s2s.json")

    def translate() -> bytes:
        done = s2s(
            "translate", "-v", "-m", here, *on(pair), stdin=b"The house is old.\n", cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        assert b"sending the model to 127.0.0.1" in done.stderr
        return done.stdout

    assert translate() == b"Das Haus ist alt.\n"
    written = {path.name: path.stat().st_mtime_ns for path in received.iterdir()}
    assert written.keys() >= {"s2s.json", "model.bin"}
    assert translate() == b"Das Haus ist alt.\n"
    assert {path.name: path.stat().st_mtime_ns for path in received.iterdir()} == written
    (received / "model.bin").write_bytes(b"damaged")
    assert translate() == b"Das Haus ist alt.\n"
    assert sha256(received / "model.bin") == sha256(model / "model.bin")


def test_another_version_on_a_node(s2s: Run, tmp_path: Path) -> None:
    shutil.copytree(
        PACKAGE, tmp_path / "other" / "s2scli", ignore=shutil.ignore_patterns("bundled")
    )
    version = tmp_path / "other" / "s2scli" / "_version.py"
    version.write_text(version.read_text().replace(s2scli.__version__, "0.0.1"))
    with nodes(1, tmp_path, PYTHONPATH=str(tmp_path / "other")) as cluster:
        done = s2s("translate", *on(cluster, 1), stdin=b"Hello!\n", cwd=tmp_path)
    assert done.returncode == 69
    assert done.stdout == b""
    assert done.stderr.decode() == (
        f"s2s: The worker on 127.0.0.1 has s2scli 0.0.1, this machine {s2scli.__version__}. "
        "Install the same version everywhere.\n"
    )


def test_what_a_worker_cannot_do_is_one_line(s2s: Run, pair: Nodes, tmp_path: Path) -> None:
    supported = ctranslate2.get_supported_compute_types("cpu")
    kind = next(name for name in COMPUTE_TYPES[2:] if name not in supported)
    line = b"Where is the station?\n"
    done = s2s("translate", "--compute-type", kind, *on(pair, 1), stdin=line)
    assert done.returncode == 69
    assert done.stderr.startswith(f"s2s: This CPU cannot compute in {kind}.".encode())
    assert done.stderr.count(b"\n") == 1


def test_a_model_of_another_engine(s2s: Run, pair: Nodes, tmp_path: Path) -> None:
    source = tmp_path / "checkpoint"
    shutil.copytree(GOLDEN / "marian-gru", source)
    shutil.copy(GOLDEN / "marian-nmt" / "vocab.spm", source)
    convert(source, tmp_path / "m", quantization="float32")
    # The same batches (of a file) by as many threads as a worker has: the last digits agree.
    lines = tmp_path / "lines.txt"
    lines.write_bytes(b"Where is the station?\nI have a book.\n" * 3)
    arguments = ("translate", "-v", "-m", tmp_path / "m", "--format", "jsonl", lines)
    looks = ("--replace-unknowns", "--alignments", "--log-probs", "token")
    here = s2s(*arguments, *looks, "--threads", "1")
    there = s2s(*arguments, *looks, *on(pair, 1))
    assert json.loads(here.stdout.splitlines()[0])["hypotheses"][0]["alignment"]
    assert (there.returncode, there.stdout) == (0, here.stdout)
    assert b"by numpy on cpu in float32" in there.stderr


def test_likelihoods_and_other_tasks(pair: Nodes, small_models: dict[str, Path]) -> None:
    script = f"""
import json, s2scli
from s2scli.inference.cluster.options import Cluster

found = []
for cluster in (None, Cluster({pair.address!r}, workers=2)):
    with s2scli.load(threads=1, cluster=cluster) as model:
        pairs = (["Hello!", "The house is old."], ["Hallo!", "Das Haus ist alt."])
        found.append([each.log_probabilities for each in model.score(*pairs)])
        aligned = list(model.translate(pairs[0], alignment=True))
        found[-1].append([[each.text, each.hypotheses[0].links] for each in aligned])
    with s2scli.load({str(small_models["t5"])!r}, "summarize", threads=1, cluster=cluster) as model:
        text = "The house is old. It has no roof. " * 9
        found[-1].append([each.text for each in model.summarize([text], max_length=9)])
print(json.dumps(found))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    here, there = json.loads(done.stdout)
    assert here == there
    assert here[2][0][1]  # there are links


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_cluster_of_its_own_ends_with_the_run(number: int, tmp_path: Path) -> None:
    source = tmp_path / "lines"
    source.write_text("".join(f"I have {n} books.\n" for n in range(20_000)))
    arguments = command("translate", source, "--on", "ray", "--workers", 1)
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdout=pipe, stderr=pipe) as process:
        assert process.stdout
        assert process.stdout.readline() == b"Ich habe 0 B\xc3\xbccher.\n"
        started = descendants(process.pid)
        assert any(title(pid).startswith("ray::Worker") for pid in started)
        ports = listening(started)
        assert ports
        assert {address for address, _ in ports} == {"127.0.0.1"}
        process.send_signal(number)
        rest, errors = process.communicate(timeout=WAIT)
    assert process.returncode == -number
    assert errors == b""
    assert rest.endswith(b"\n")
    assert ended(started)


def test_nothing_starts_ray_again_after_the_end() -> None:
    """An answer that comes late asks Ray from a thread of its own."""
    script = """
from threading import Thread
from s2scli.inference.cluster.options import Cluster
from s2scli.inference.cluster.session import ClusterSession
session = ClusterSession(Cluster(workers=1))
session.close()
failures = []
def late():
    try:
        session.ray.put(1)
    except Exception as failure:
        failures.append(failure)
thread = Thread(target=late)
thread.start()
thread.join()
print(len(failures), session.ray.is_initialized())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 False\n", "")


def listening(pids: list[int]) -> set[tuple[str, int]]:
    """Addresses and ports that processes listen on; IPv4's own and those within IPv6."""
    sockets = set()
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            try:
                sockets.add(os.readlink(link))
            except OSError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                host, port = fields[1].split(":")
                last = bytes.fromhex(host)[-4:][::-1]
                mapped = host[:-8] in ("", "0000000000000000FFFF0000")
                address = ".".join(map(str, last)) if mapped else host
                found.add((address, int(port, 16)))
    return found


def test_a_signal_while_the_cluster_starts(tmp_path: Path) -> None:
    arguments = command("translate", "--on", "ray", "--workers", 1)
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not any("gcs_server" in title(pid) for pid in descendants(process.pid)):
            time.sleep(0.01)
        started = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=WAIT)
    assert process.returncode == -signal.SIGTERM
    assert errors == b""
    assert ended(started)


def test_a_run_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    arguments = command("translate", "--on", "ray", "--workers", 1)
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"Where is the station?\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"Wo ist der Bahnhof?\n"
        # The servers and the worker; Ray's small agents notice later that they are alone.
        names = ("gcs_server", "raylet/raylet", "ray::Worker")
        started = [
            pid for pid in descendants(process.pid) if any(name in title(pid) for name in names)
        ]
        assert len(started) == 3
        process.kill()
    assert ended(started)
