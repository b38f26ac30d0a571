"""README and docs/: generated pages are fresh, examples print what they show, commands exist."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from handbook.examples import ROOT, examples_of, pages_with_examples, printed_by, same
from handbook.records import RECORDS

from s2scli.cli import COMMANDS
from s2scli.cli.group import LazyGroup
from s2scli.cli.main import cli
from s2scli.cli.memory import COMMANDS as MEMORY_COMMANDS
from s2scli.cli.models import COMMANDS as MODELS_COMMANDS
from s2scli.cli.output import FORMATS
from s2scli.documents import ABOUT, EXTENSIONS
from s2scli.documents import FORMATS as DOCUMENT_FORMATS
from s2scli.errors import S2SError
from s2scli.metrics import LEARNED, METRICS
from tests.conftest import Run
from tests.forks import Forks
from tests.pivots import install_pair

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if "examples" not in page.parts]
TEXTS = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8") for page in PAGES}
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
# Keys of hypotheses that few runs ask for (tests/tasks/test_copying.py, tests/cli/test_looks.py).
LOOKS = (
    *("copied", "alignment", "source_words", "target_words", "source_tokens", "target_tokens"),
    *("attention", "log_probs"),
)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")


def test_generated_pages_are_fresh() -> None:
    script = ROOT / "scripts" / "update_docs.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", [str(page.relative_to(ROOT)) for page in pages_with_examples()])
def test_examples_print_what_they_show(page: str, forks: Forks) -> None:
    examples = examples_of(TEXTS[page])
    assert examples
    for example, printed in zip(examples, printed_by(examples, forks.program), strict=True):
        assert printed.strip(), example.code
        if not example.varying:
            assert same(example.output, printed), (example.code, printed)


def test_outputs_are_the_same_but_for_last_digits() -> None:
    assert same("bleu 72.79 a\n", "bleu 72.78 a\n")
    assert not same("bleu 72.79 a\n", "bleu 71.79 a\n")
    assert not same("bleu 72.79 a\n", "chrf 72.79 a\n")
    assert not same("1 line\n", "2 line\n")
    assert not same("1.5\n", "1.5\n2.5\n")


def commands() -> Iterator[tuple[str, str]]:
    """Every command line of s2s in a block of shell, with its page."""
    for page, text in TEXTS.items():
        for block in SHELL.findall(text):
            for line in block.replace("\\\n", " ").splitlines():
                for part in re.split(r"\||&&|<\(|;|\)|\{\}", line):
                    if found := re.search(r"(?:^|[ /])s2s (.*)", part.split(" #")[0]):
                        yield page, found[1]


def test_commands_in_the_documentation_have_options_that_exist() -> None:
    seen = list(commands())
    assert len(seen) > 60
    for page, line in seen:
        words = shlex.split(line)
        command: click.Command = cli
        while isinstance(command, LazyGroup) and words:
            inner = command.get_command(click.Context(command), words.pop(0))
            assert inner, (page, line)
            command = inner
        known = {name for param in command.params for name in (*param.opts, *param.secondary_opts)}
        given = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        assert given <= {*known, "--help", "--help-all", "-h"}, (page, line)


def test_links_lead_somewhere() -> None:
    for page, text in TEXTS.items():
        for target, anchor in LINK.findall(CODE.sub("", text)):
            if "://" in target:
                continue
            path = (ROOT / page).parent / target
            assert path.exists(), (page, target)
            if anchor:
                titles = re.findall(r"^#+ (.*)", path.read_text(encoding="utf-8"), re.MULTILINE)
                slugs = {
                    re.sub(r"[^\w -]", "", t).strip().lower().replace(" ", "-") for t in titles
                }
                assert anchor[1:] in slugs, (page, target, anchor)


def test_files_that_are_named_exist() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for text in (contributing, *TEXTS.values()):
        for name in re.findall(r"`((?:s2scli|scripts|tests)/[\w/.-]+)`", text):
            assert (ROOT / name).exists(), name


def test_everything_is_named() -> None:
    everything = "\n".join(TEXTS.values())
    readme = TEXTS["README.md"]
    assert len(readme.splitlines()) <= 200
    assert "<!-- test command -->\n```sh\n" in readme
    for name in COMMANDS:
        assert f"`s2s {name}`" in readme
    for group, table in (("models", MODELS_COMMANDS), ("memory", MEMORY_COMMANDS)):
        for name in table:
            assert f"s2s {group} {name}" in everything
    for name in (*METRICS, *LEARNED):
        assert f"| `{name}` |" in TEXTS["docs/reference/metrics.md"]
    formats = TEXTS["docs/reference/formats.md"]
    for name in (*FORMATS, *DOCUMENT_FORMATS):
        assert f"| `{name}` |" in formats
    assert set(ABOUT) == set(DOCUMENT_FORMATS) == set(EXTENSIONS.values())


def test_workflows_run_what_people_run() -> None:
    import yaml

    folder = ROOT / ".github" / "workflows"
    jobs = yaml.safe_load((folder / "tests.yml").read_text(encoding="utf-8"))["jobs"]
    runs = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert {"scripts/check", ".ci/run", "python -m pytest -q -n auto"} <= set(runs)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    versions = re.findall(r"Python :: (3\.\d+)\"", project)
    assert jobs["tests"]["strategy"]["matrix"]["python"] == versions
    assert "scripts/check" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_exit_codes_are_documented() -> None:
    import s2scli.errors

    page = TEXTS["docs/reference/exit-codes.md"]
    documented = set(map(int, re.findall(r"^\| (\d+) \|", page, re.MULTILINE)))
    classes = [each for each in vars(s2scli.errors).values() if isinstance(each, type)]
    assert {each.exit_code for each in classes if issubclass(each, S2SError)} <= documented


def keys(heading: str, *, without: tuple[str, ...] = ()) -> set[str]:
    return set(RECORDS[heading][1]) - set(without)


def test_records_of_lines_and_scores_have_the_documented_keys(s2s: Run, tmp_path: Path) -> None:
    report = tmp_path / "run.json"
    text = "Good morning!\n"
    terms = tmp_path / "terms"
    terms.write_text("morning\tMorgen\n")
    options = ("--protection", "--glossary", terms, "--report", report)
    ranks = ("--rerank", "mbr:chrf", "--rerank", "ensemble:en-de")
    guard = ("--min-confidence", 1, "--below", "mark")
    done = s2s("translate", "--format", "jsonl", *options, *ranks, *guard, stdin=text.encode())
    row = json.loads(done.stdout)
    special = ("fields", "columns", "via", "detected", "alternatives")
    assert set(row) == keys("A line", without=special)
    others = s2s("translate", "--alternatives", 2, "--format", "jsonl", stdin=text.encode())
    assert "alternatives" in json.loads(others.stdout)
    done = s2s("translate", "--jsonl-field", "a", stdin=b'{"a": "", "b": 1}')
    assert "fields" in json.loads(done.stdout)
    done = s2s("translate", "--tsv-column", 1, "--format", "jsonl", stdin=b"\t1")
    assert "columns" in json.loads(done.stdout)
    assert set(row["hypotheses"][0]) == keys("A hypothesis", without=LOOKS)
    assert set(row["protection"]) == keys("Protection of a line")
    assert set(row["rerank"]) == keys("Reranking of a line")
    ranked = {key.split(":")[0] for key in keys("A ranked hypothesis")} - {"reverse", "qe"}
    assert {key.split(":")[0] for key in row["rerank"]["candidates"][0]} == ranked
    done = s2s("rerank", "--format", "jsonl", stdin=done.stdout)
    assert keys("A reranked list") <= set(json.loads(done.stdout))
    run = json.loads(report.read_bytes())
    assert keys("A run") <= set(run)
    absent = ("line", "repaired", "start", "end")
    assert set(row["guard"][0]) == keys("A finding of the guard", without=absent)
    assert set(run["guard"]) == keys("The guard in a run", without=("repaired",))
    pair = (tmp_path / "hypotheses", tmp_path / "references")
    for path in (*pair, tmp_path / "other"):
        path.write_text(text * 3)
    (tmp_path / "ids").write_text("a\na\nb\n")
    drawn = ("--confidence", "--by-document", tmp_path / "ids")
    compared = ("--compare", tmp_path / "other", "--marks", "dagger")
    done = s2s("score", *pair, "--json", *drawn, *compared)
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)
    assert set(scores) == keys("Scores")
    (tmp_path / "base.json").write_bytes(done.stdout)
    done = s2s("score", *pair, "--json", "--baseline-json", tmp_path / "base.json")
    recorded = json.loads(done.stdout)["systems"][0]["scores"][0]
    assert set(scores["systems"][0]) == keys("A system")
    found = {key for system in scores["systems"] for score in system["scores"] for key in score}
    assert found | set(recorded) == keys("A score")
    done = s2s("score", *pair, "--sentences", "--format", "jsonl")
    assert set(json.loads(done.stdout.splitlines()[0])) == keys("A segment", without=("source",))


def test_records_of_documents_memories_and_models_have_the_documented_keys(
    s2s: Run, tmp_path: Path
) -> None:
    source, memory, report = tmp_path / "a.md", tmp_path / "memory", tmp_path / "run.json"
    source.write_text("Good morning!\n\nsupercalifragilistic zxqv brrr\n")
    (tmp_path / "terms").write_text("morning\tMorgen\n")
    s2s("translate", source, "-o", tmp_path / "out.md", "--memory", memory, "--report", report,
        "--glossary", tmp_path / "terms", "--rerank", "mbr:chrf",
        "--min-confidence", 0.8)  # fmt: skip
    run = json.loads(report.read_bytes())
    assert keys("A run on documents") <= set(run)
    assert set(run["documents"][0]) == keys("A document of a run")
    for heading, *command in (
        ("A part of a memory", "memory", "show", memory),
        ("An entry of a memory", "memory", "show", memory, "--search", "Good"),
        ("A known model", "models", "list", "--installed"),
        ("A finding", "doctor"),
    ):
        assert set(json.loads(s2s(*command, "--json").stdout)[0]) == keys(heading), heading
    install_pair(tmp_path / "home", "fr", "en")
    via = ("--from", "fr", "--to", "de", "--via", "en", "--format", "jsonl")
    between = json.loads(s2s("translate", *via, stdin=b"Good morning!").stdout)["via"]
    assert set(between) == keys("The text between")
    auto = ("--from", "auto", "--to", "de", "--format", "jsonl")
    line = json.loads(s2s("translate", *auto, stdin=b"Good morning!").stdout)
    assert set(line["detected"]) == keys("The language of a line")
    detected = json.loads(s2s("detect", source, "--format", "jsonl").stdout)
    assert set(detected) == keys("A detected text")
    exported = s2s("memory", "export", memory, "--format", "jsonl").stdout
    assert set(json.loads(exported.splitlines()[0])) == keys("An entry of a memory")


def test_records_of_probabilities_and_evaluations_have_the_documented_keys(
    s2s: Run, tmp_path: Path
) -> None:
    pair = (tmp_path / "source", tmp_path / "target")
    pair[0].write_text("Good morning!\n")
    pair[1].write_text("Guten Morgen!\n")
    whole = s2s("score", "--model", "en-de", *pair, "--json").stdout
    assert set(json.loads(whole)) == keys("Probabilities")
    tokens = s2s("score", "--model", "en-de", *pair, "--tokens").stdout
    assert set(json.loads(tokens)) == keys("Probabilities of tokens")
    done = s2s("evaluate", "--source", pair[0], "--reference", pair[1], "--beam", 1, "--json")
    cells = json.loads(done.stdout)
    assert set(cells) == keys("An evaluation")
    assert set(cells["cells"][0]) == keys("A cell")
    done = s2s("bench", pair[0], "--beam", 1, "--rounds", 1, "--seconds", 0, "--json")
    bench = json.loads(done.stdout)
    assert set(bench) == keys("A benchmark")
    assert set(bench["settings"][0]) == keys("A setting of a benchmark")


def test_records_of_summaries_and_answers_have_the_documented_keys(
    s2s: Run, small_models: dict[str, Path], tmp_path: Path
) -> None:
    source = tmp_path / "texts.jsonl"
    source.write_text(json.dumps({"text": "Tom came home. " * 300, "id": 7}) + "\n")
    options: tuple[Any, ...] = ("--beam", 1, "--max-length", 8, "--format", "jsonl")
    shown = ("--tree", "--evidence", "--min-confidence", 1)
    done = s2s("summarize", "-m", small_models["t5"], *options, *shown,
               "--jsonl-field", "text", source)  # fmt: skip
    row = json.loads(done.stdout)
    assert set(row) == keys("A summary")
    absent = ("line", "repaired", "action")
    assert set(row["guard"][0]) == keys("A finding of the guard", without=absent)
    nodes = list(_nodes(row["tree"]))
    assert {key for node in nodes for key in node} == keys("A part of a tree")
    assert {key for each in row["sentences"] for key in each} == keys("A sentence of a summary")
    evidence = [each for sentence in row["sentences"] for each in sentence["evidence"]]
    assert {key for each in evidence for key in each} <= keys("Evidence")
    asked = tmp_path / "questions.jsonl"
    asked.write_text(json.dumps({"question": "Who?", "context": "Tom came.", "note": 1}) + "\n")
    done = s2s("answer", "-m", small_models["t5"], *options, "--questions", asked)
    row = json.loads(done.stdout)
    assert set(row) == keys("An answer")
    assert set(row["candidates"][0]) == keys("A candidate")


def _nodes(tree: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for node in tree:
        yield node
        yield from _nodes(node.get("children", []))
