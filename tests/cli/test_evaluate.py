"""``s2s evaluate`` and ``s2s translate --report`` as processes."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from s2scli.models.store import DEFAULT_MODEL, bundled_directory
from tests.browser import CHROMIUM
from tests.cli.test_models import complaint
from tests.conftest import Run, command

SOURCE = "Where is the station?\nI have two cats.\n\nGood morning!\n"
REFERENCE = "Wo ist der Bahnhof?\nIch habe zwei Katzen.\n\nGuten Morgen!\n"


@pytest.fixture
def test_set(tmp_path: Path) -> tuple[str, ...]:
    (tmp_path / "source").write_text(SOURCE)
    (tmp_path / "reference").write_text(REFERENCE)
    return ("--source", str(tmp_path / "source"), "--reference", str(tmp_path / "reference"))


def test_a_run_in_numbers(s2s: Run, tmp_path: Path) -> None:
    record = tmp_path / "run.json"
    done = s2s("translate", "--report", record, "--beam", 2, stdin=SOURCE.encode())
    assert done.returncode == 0
    run = json.loads(record.read_text())
    assert run["lines"] == 4
    assert run["decoding"]["beam_size"] == 2
    assert run["model"] == "en-de"
    assert 10 < run["source_tokens"] < 40
    assert run["lines_per_second"] > 0
    assert 2e7 < run["peak_memory_bytes"] < 1e9
    for where in (tmp_path / "no" / "run", tmp_path):
        done = s2s("translate", "--report", where, stdin=b"a\n")
        assert "Cannot create" in complaint(done, 73)
        assert done.stdout == b""  # it is said before the work
    done = s2s("translate", "--report", "-", stdin=b"a\n")
    assert "cannot both be standard output" in complaint(done, 2)
    assert done.stdout == b""
    done = s2s("translate", "--report", "-", "-o", tmp_path / "out", stdin=SOURCE.encode())
    assert json.loads(done.stdout)["lines"] == 4


def test_what_came_before_a_failure_is_shown(
    s2s: Run, test_set: tuple[str, ...], tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(bundled_directory(DEFAULT_MODEL), broken)
    (broken / "model.bin").write_bytes(b"damaged")
    arguments = ("evaluate", "-m", "en-de", "-m", broken, *test_set, "--beam", "1")
    done = s2s(*arguments)
    assert "model.bin" in complaint(done, 65)
    assert len(done.stdout.decode().splitlines()) == 2  # a heading, and the first model
    done = s2s(*arguments, "--json")
    assert complaint(done, 65)
    assert done.stdout == b""


def test_files_that_are_given_twice(s2s: Run, test_set: tuple[str, ...]) -> None:
    source, reference = test_set[1], test_set[3]
    done = s2s("evaluate", "--source", source, "--reference", source)
    assert "is given as source and as reference" in complaint(done, 2)
    done = s2s("evaluate", *test_set, "--reference", reference)
    assert "is given twice as reference" in complaint(done, 2)


def test_a_grid(s2s: Run, test_set: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("S2S_SERVER", "unix:/nowhere/s.sock")  # no server's speed is measured
    done = s2s("evaluate", *test_set, "--beam", "1,2", "--length-penalty", "0.5,1", "--json")
    content = json.loads(done.stdout)
    found = [(cell["beam"], cell["length_penalty"]) for cell in content["cells"]]
    assert found == [(1, 0.5), (1, 1.0), (2, 0.5), (2, 1.0)]
    assert all(cell["run"]["lines"] == 4 for cell in content["cells"])
    best = content["cells"][-1]
    assert best["scores"].keys() == {"bleu", "chrf"}
    assert best["scores"]["chrf"] > 50
    assert best["signatures"]["bleu"].startswith("nrefs:1|")


def test_a_table_with_outputs_that_are_used_again(
    s2s: Run, test_set: tuple[str, ...], tmp_path: Path
) -> None:
    arguments = ("evaluate", *test_set, "--beam", "1", "--metric", "chrf", "-o", tmp_path / "runs")
    first = s2s(*arguments)
    rows = [line.split() for line in first.stdout.decode().splitlines()]
    assert rows[0][:5] == ["MODEL", "BEAM", "TYPE", "PENALTY", "CHRF"]
    assert len(rows) == 2
    again = s2s(*arguments, "--resume")
    assert again.stdout == first.stdout  # times included: nothing was run
    kept = json.loads(s2s(*arguments, "--resume", "--json").stdout)["cells"][0]
    assert kept["reused"] is True
    lines = Path(kept["output"]).read_text("utf-8").splitlines()
    assert len(lines) == 4
    (tmp_path / "source").write_text(SOURCE.replace("two", "three"))
    changed = json.loads(s2s(*arguments, "--resume", "--json").stdout)["cells"][0]
    assert changed["reused"] is False
    assert Path(kept["output"]).with_suffix(".json").write_text("{") == 1
    (tmp_path / "source").write_text(SOURCE)
    assert json.loads(s2s(*arguments, "--resume", "--json").stdout)["cells"][0]["reused"] is False


def test_other_weights_are_other_outputs(
    s2s: Run, test_set: tuple[str, ...], tmp_path: Path
) -> None:
    """Even if the manifest does not tell."""
    model = tmp_path / "model"
    shutil.copytree(bundled_directory(DEFAULT_MODEL), model)
    arguments = ("evaluate", *test_set, "-m", model, "--beam", "1", "-o", tmp_path / "runs")
    assert s2s(*arguments).returncode == 0
    assert json.loads(s2s(*arguments, "--resume", "--json").stdout)["cells"][0]["reused"] is True
    weights = model / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    done = s2s(*arguments, "--resume", "--json")
    assert done.returncode or not json.loads(done.stdout)["cells"][0]["reused"]


def test_settings_of_the_user_do_not_reach_a_cell(
    s2s: Run, test_set: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is reused would otherwise hang on settings that nobody sees."""
    settings = tmp_path / "settings.yaml"
    settings.write_text("translate:\n  max-length: 1\n")
    monkeypatch.setenv("S2S_CONFIG", str(settings))
    monkeypatch.setenv("S2S_TRANSLATE_MIN_LENGTH", "7")
    done = s2s("evaluate", *test_set, "--beam", "1", "--device", "cpu", "-o", tmp_path / "runs")
    assert done.returncode == 0, done.stderr
    (record,) = (tmp_path / "runs").glob("*.json")
    decoding = json.loads(record.read_text())["decoding"]
    assert decoding["max_length"] > 1
    assert decoding["min_length"] < 7


def test_what_makes_no_sense(s2s: Run, test_set: tuple[str, ...], tmp_path: Path) -> None:
    assert "Give --source and --reference" in complaint(s2s("evaluate"), 2)
    assert "not both" in complaint(s2s("evaluate", *test_set, "--testset", "wmt14"), 2)
    assert "needs --pair" in complaint(s2s("evaluate", "--testset", "wmt14"), 2)
    assert "--resume needs -o" in complaint(s2s("evaluate", *test_set, "--resume"), 2)
    assert "is not a valid integer" in complaint(s2s("evaluate", *test_set, "--beam", "x"), 2)
    line = complaint(s2s("evaluate", *test_set, "--compute-type", "float23"), 2)
    assert "there is no type 'float23'. Did you mean float32?" in line
    assert "no metric" in complaint(s2s("evaluate", *test_set, "--metric", "blue"), 2)
    complaint(s2s("evaluate", *test_set, "-m", "nonsense"), 69)
    line = complaint(s2s("evaluate", "--testset", "wmt41", "--pair", "en-de"), 2)
    assert "Did you mean wmt" in line
    assert "has no pair" in complaint(s2s("evaluate", "--testset", "wmt14", "--pair", "en-xx"), 2)
    (tmp_path / "reference").write_text("one\n")
    assert "has 4 lines" in complaint(s2s("evaluate", *test_set), 65)


def test_a_failing_cell_says_why(s2s: Run, test_set: tuple[str, ...]) -> None:
    done = s2s("evaluate", *test_set, "--to", "fr")
    assert complaint(done, 69).startswith("s2s: No installed model")
    done = s2s("evaluate", *test_set, "--compute-type", "float16")
    assert "cannot compute in float16" in complaint(done, 69)


def test_a_test_set_that_is_not_here(
    s2s: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a network; the proxy leads nowhere."""
    monkeypatch.setenv("SACREBLEU", str(tmp_path / "sacrebleu"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    line = complaint(s2s("evaluate", "--testset", "wmt14", "--pair", "en-de"), 69)
    assert "is not on this machine and cannot be fetched" in line


HOSTILE = "</script><script>document.title=1</script> <img src=x onerror=alert(1)> %%DATA%% \u2028"


def test_an_interrupted_run_leaves_nothing_half_written(tmp_path: Path) -> None:
    """What one cell was writing goes; it is a process of its own."""
    for number, name in enumerate(("source", "reference")):
        (tmp_path / name).write_text("".join(f"House {n} {number}.\n" for n in range(20_000)))
    files = ("--source", tmp_path / "source", "--reference", tmp_path / "reference")
    folder = tmp_path / "out"
    process = subprocess.Popen(command("evaluate", "-m", "en-de", *files, "-o", folder))
    end = time.monotonic() + 60
    while not list(folder.glob(".*")) and time.monotonic() < end:
        time.sleep(0.05)
    assert list(folder.glob(".*"))
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == -signal.SIGTERM
    assert list(folder.iterdir()) == []


def test_a_page(s2s: Run, test_set: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "source").write_text(SOURCE.replace("Good", f"{HOSTILE} Good"), "utf-8")
    page = tmp_path / "report.html"
    done = s2s("evaluate", *test_set, "--beam", "1,2", "--report", page)
    assert done.returncode == 0, done.stderr
    text = page.read_text("utf-8")
    assert not re.search(r"(src|href)\s*=\s*[\"']?(http|//)|url\(|@import", text)
    assert text.count("<tr>") == 3
    assert text.count("<svg") == 3
    assert "onerror" not in text.replace("\\u003cimg src=x onerror", "")
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    assert len(data["sentences"]) == 4
    assert HOSTILE in data["sentences"][3]["source"]
    for sentence in data["sentences"]:
        assert len(sentence["outputs"]) == len(sentence["scores"]) == 2


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")
def test_the_page_in_a_browser(s2s: Run, test_set: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "source").write_text(SOURCE.replace("Good", f"{HOSTILE} Good"), "utf-8")
    page = tmp_path / "report.html"
    s2s("evaluate", *test_set, "--beam", "1,2", "--report", page)
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    profile = f"--user-data-dir={tmp_path / 'profile'}"
    done = subprocess.run(
        [str(CHROMIUM), *options, profile, page.as_uri()],
        capture_output=True,
        check=True,
        timeout=120,
    )
    dom = done.stdout.decode()
    assert dom.count("<article>") == 4
    assert "<title>s2s evaluate: source</title>" in dom
    assert "4 of 4 sentences" in dom
    assert "<mark>" in dom
    assert "<img" not in dom
    assert "&lt;img src=x" in dom


def test_summaries(s2s: Run, small_models: dict[str, Path], tmp_path: Path) -> None:
    rows = [
        {"text": "Tom has a dog.", "summaries": ["Tom has a dog.", "A dog."]},
        {"text": "Mary left.", "summaries": ["She left."]},
    ]
    source = tmp_path / "set.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows))
    arguments = ("evaluate", "-m", small_models["bart"], "--task", "summarize", "--max-length", 9)
    done = s2s(*arguments, "--source", source, "--beam", "1,2", "--json", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    cells = json.loads(done.stdout)["cells"]
    assert [cell["beam"] for cell in cells] == [1, 2]
    assert list(cells[0]["scores"]) == ["rouge1", "rouge2", "rougeLsum"]
    assert cells[0]["run"]["documents"] == 2
    scored = s2s("score", cells[0]["output"], source, "--ref-field", "summaries", "--bare",
                 "--metric", "rouge1")  # fmt: skip
    assert float(scored.stdout) == pytest.approx(cells[0]["scores"]["rouge1"], abs=1e-4)
    lines = tmp_path / "lines.txt"
    lines.write_text("Tom has a dog.\nMary left.\n")
    summaries = tmp_path / "summaries.txt"
    summaries.write_text("Tom has a dog.\nShe left.\n")
    done = s2s(*arguments, "--source", lines, "--reference", summaries, "--metric", "rougeL")
    assert done.returncode == 0, done.stderr
    assert b"DOCUMENTS/s" in done.stdout


def test_answers(s2s: Run, small_models: dict[str, Path], tmp_path: Path) -> None:
    source = tmp_path / "set.json"
    questions = [
        {"id": "a", "question": "Who came?", "answers": [{"text": "Tom"}]},
        {"id": "b", "question": "Who left?", "answers": []},
    ]
    paragraph = {"context": "Tom came.", "qas": questions}
    source.write_text(json.dumps({"data": [{"paragraphs": [paragraph]}]}))
    arguments = ("evaluate", "-m", small_models["t5"], "--task", "answer", "--max-length", 5)
    done = s2s(*arguments, "--source", source, "--report", tmp_path / "r.html")
    assert done.returncode == 0, done.stderr
    assert b"EXACT-MATCH" in done.stdout
    assert b"QUESTIONS/s" in done.stdout
    assert "Who left?" in (tmp_path / "r.html").read_text("utf-8")
    done = s2s(*arguments, "--source", source, "--reference", source)
    assert done.returncode == 2
