"""Measure s2s against what users would pick instead, each as its documentation says.

All compute the same model, the bundled one, in the form that each reads
(``scripts/peers/forms.py``), with the same beam. Each is installed from PyPI in an environment of
its own, with the versions of ``scripts/peers/environments.py``; the first run makes these, which
takes minutes and 7 GB. What each program does is in ``scripts/peers/programs``, and what is
measured in ``scripts/peers/harness.py``::

    python scripts/bench_peers.py --quick
    python scripts/bench_peers.py --input newstest2014.en --reference newstest2014.de \\
        --lines 200 --rounds 3 --plot docs/peers.svg

The second one gives the figures of docs/benchmarks.md. Without ``--input`` the lines are those of
``tests/golden/bundled-sentences.tsv``. The programs take turns; of several rounds the medians
count.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from peers.environments import python_in
from peers.harness import Ask
from peers.plot import Point, svg

from s2scli.models.manifest import SHORTLIST_FILE
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "scripts"
SENTENCES = ROOT / "tests" / "golden" / "bundled-sentences.tsv"
QUICK = 30  # lines
Figures = dict[str, list[float]]
HEAD = (
    "program",
    "sentences/s",
    "processor ms a sentence",
    "first translation, s",
    "single line, ms",
    "peak memory, MB",
    "BLEU",
)


class Program(NamedTuple):
    """A row of the table.

    Attributes:
        name: as the table shows it.
        module: in ``scripts/peers/programs``.
        environment: where it runs, by its name in ``peers.environments``; empty for s2s.
        how: what it is told, see ``Ask.how``.
    """

    name: str
    module: str
    environment: str = ""
    how: str = ""


PEERS = (
    Program("transformers 4.57, float32", "transformers_loop", "transformers-4.57", "float32"),
    Program("transformers 4.57, bfloat16", "transformers_loop", "transformers-4.57", "bfloat16"),
    Program("transformers 5, float32", "transformers_loop", "transformers-5", "float32"),
    Program("transformers 5, bfloat16", "transformers_loop", "transformers-5", "bfloat16"),
    Program("EasyNMT, float32", "easynmt_package", "easynmt"),
    Program("argos-translate, int8", "argos_package", "argos"),
    Program("Marian, float32", "marian_package", "marian", "float32"),
    Program("Marian, int8", "marian_package", "marian", "int8"),
)


def programs() -> Iterator[Program]:
    """All rows; s2s with a shortlist and without, where the model has one."""
    yield Program("s2s, int8", "s2s_command")
    if (bundled_directory(DEFAULT_MODEL) / SHORTLIST_FILE).exists():
        yield Program("s2s without shortlist, int8", "s2s_command", how="--no-shortlist")
    yield from PEERS


def write_forms(work: Path, environments: Path) -> None:
    """Write the model in all forms; needs torch, which the programs' environments have."""
    python = python_in("transformers-4.57", environments)
    model = bundled_directory(DEFAULT_MODEL)
    command = [python, SCRIPTS / "peers" / "forms.py", model, work]
    paths = os.pathsep.join([str(SCRIPTS), str(ROOT)])
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": paths})


def measured(program: Program, ask: Ask, environments: Path) -> Mapping[str, float]:
    """The figures of one run.

    Raises:
        SystemExit: it failed; what it said comes first.
    """
    python = python_in(program.environment, environments) if program.environment else sys.executable
    threads = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(ask.threads))
    environment = os.environ | threads | {"PYTHONPATH": str(SCRIPTS), "HF_HUB_OFFLINE": "1"}
    file = SCRIPTS / "peers" / "programs" / f"{program.module}.py"
    given = json.dumps(ask._replace(started=time.monotonic(), how=program.how)._asdict())
    done = subprocess.run(
        [python, file, given], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    said = done.stderr.decode(errors="replace")
    if done.returncode:
        raise SystemExit(f"{said}\n{program.name} failed")
    figures: Mapping[str, float] = json.loads(said.splitlines()[-1])
    return figures


def bleu(output: Path, references: list[str]) -> float:
    """BLEU of sacrebleu's defaults."""
    from sacrebleu.metrics.bleu import BLEU

    hypotheses = output.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return float(BLEU().corpus_score(hypotheses, [references]).score)


def texts(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Lines to translate and their references, if there are any: every nth, so that they vary."""
    if options.input:
        sources = _lines(options.input)
        references = _lines(options.reference) if options.reference else []
    else:
        rows = [line.split("\t") for line in _lines(SENTENCES)]
        sources, references = [row[1] for row in rows], [row[2] for row in rows]
    if references and len(references) != len(sources):
        raise SystemExit(f"{len(sources)} lines have {len(references)} references")
    step = max(1, len(sources) // options.lines) if options.lines else 1
    sources, references = (rows[::step][: options.lines] for rows in (sources, references))
    return sources, references


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


def row(name: str, figures: Figures, count: int, quality: float | None) -> str:
    """A row of the table: medians."""
    middle = {key: statistics.median(values) for key, values in figures.items()}
    cells = (
        name,
        f"{count / middle['wall']:.1f}",
        f"{1000 * middle['cpu'] / count:.1f}",
        f"{middle['first']:.2f}",
        f"{1000 * middle['single']:.1f}",
        f"{middle['memory']:.0f}",
        "" if quality is None else f"{quality:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    add = parser.add_argument
    add("--input", type=Path, help="lines to translate, such as newstest2014.en")
    add("--reference", type=Path, help="their translations, for BLEU")
    add("--lines", type=int, help="take so many of them, evenly spread")
    add("--rounds", type=int, default=1)
    add("--threads", type=int, default=1, help="threads of each program")
    add("--beam", type=int, default=4)
    add("--only", action="append", help="only programs whose names contain this; repeatable")
    add("--quick", action="store_true", help=f"{QUICK} lines, one round")
    add("--plot", type=Path, help="write quality against speed here, as SVG")
    add(
        "--environments",
        type=Path,
        default=Path.home() / ".cache" / "s2s-peers",
        help="where the programs are installed (default: ~/.cache/s2s-peers)",
    )
    options = parser.parse_args()
    if options.quick:
        options.lines, options.rounds = QUICK, 1
    return options


def main() -> None:
    """Run all programs in turns, print the table and write the plot."""
    options = parse()
    sources, references = texts(options)
    chosen = [
        each for each in programs() if not options.only or any(o in each.name for o in options.only)
    ]
    found: dict[Program, Figures] = {each: {} for each in chosen}
    quality: dict[Program, float] = {}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_forms(work, options.environments)
        given = work / "input"
        given.write_text("".join(f"{line}\n" for line in sources), encoding="utf-8")
        ask = Ask(name, str(given), str(work / "out"), options.threads, options.beam, 0.0, "")
        for number in range(options.rounds):
            for each in chosen:
                for key, value in measured(each, ask, options.environments).items():
                    found[each].setdefault(key, []).append(value)
                if references and each not in quality:
                    quality[each] = bleu(work / "out", references)
                print(f"round {number + 1}: {each.name}", file=sys.stderr, flush=True)
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    for each in chosen:
        print(row(each.name, found[each], len(sources), quality.get(each)))
    if options.plot and quality:
        points = [
            Point(
                each.name,
                len(sources) / statistics.median(found[each]["cpu"]),
                quality[each],
                not each.environment,
            )
            for each in chosen
        ]
        about = f"{len(sources)} lines, beam {options.beam}, threads {options.threads}"
        options.plot.write_text(svg(points, about), encoding="utf-8")


if __name__ == "__main__":
    main()
