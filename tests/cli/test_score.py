"""``s2s score`` as a process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.ter import TER

from s2scli.memory.journal import FILE
from s2scli.metrics import METRICS
from tests.cli.test_models import complaint
from tests.conftest import Run

REFERENCE = ["The cat sat on the mat.", "It is raining today.", "Where is the station?", "Yes."]
GOOD = ["The cat sat on a mat.", "It is raining today.", "Where is a station?", "Yes."]
BAD = ["A cat.", "Rain.", "Station is where the?", "No."]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Forty segments: references, a good system's and a bad one's."""
    content = {"ref": REFERENCE, "good": GOOD, "bad": BAD}
    found = {}
    for name, lines in content.items():
        found[name] = tmp_path / f"{name}.txt"
        found[name].write_text("".join(f"{line} {n}\n" for n in range(10) for line in lines))
    return found


def lines_of(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")[:-1]


def test_a_quick_look(s2s: Run, files: dict[str, Path]) -> None:
    done = s2s("score", files["good"], files["ref"])
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    expected = BLEU().corpus_score(lines_of(files["good"]), [lines_of(files["ref"])])
    assert rows[0][:2] == ["METRIC", "SCORE"]
    assert [row[0] for row in rows[1:]] == ["bleu", "chrf", "ter", "length-ratio"]
    assert rows[1][1] == f"{expected.score:.2f}"
    assert rows[1][-1].startswith("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:")


def test_for_scripts(s2s: Run, files: dict[str, Path]) -> None:
    options = ("--metric", "bleu", "--metric", "rougeL")
    bare = s2s("score", files["good"], files["ref"], "--bare", *options).stdout.decode().split()
    content = json.loads(
        s2s("score", files["good"], files["ref"], "--json", "--confidence", *options).stdout
    )
    scores = content["systems"][0]["scores"]
    assert [score["metric"] for score in scores] == ["bleu", "rougeL"]
    assert [f"{scores[0]['score']:.2f}", f"{scores[1]['score']:.4f}"] == bare
    assert scores[0]["interval"]["lower"] <= scores[0]["score"] <= scores[0]["interval"]["upper"]
    assert len(scores[0]["details"]["precisions"]) == 4


def test_standard_input_and_several_references(s2s: Run, files: dict[str, Path]) -> None:
    done = s2s(
        *("score", "-", files["bad"], files["ref"], "--metric", "bleu", "--bare"),
        stdin=files["good"].read_bytes(),
    )
    documents = [lines_of(files["bad"]), lines_of(files["ref"])]
    expected = BLEU().corpus_score(lines_of(files["good"]), documents)
    assert done.stdout.decode() == f"{expected.score:.2f}\n"
    both = files["ref"].with_name("both.tsv")
    rows = zip(*documents, strict=True)
    both.write_text("".join("\t".join(row) + "\n" for row in rows))
    tabs = s2s("score", files["good"], both, "--tabs", "--metric", "bleu", "--bare")
    assert tabs.stdout == done.stdout


def test_json_lines(s2s: Run, files: dict[str, Path], tmp_path: Path) -> None:
    plain = s2s("score", files["good"], files["ref"], "--metric", "bleu", "--bare").stdout
    pairs = list(zip(lines_of(files["good"]), lines_of(files["ref"]), strict=True))
    own = tmp_path / "own.jsonl"
    own.write_text("".join(json.dumps({"out": {"text": h}, "refs": [r]}) + "\n" for h, r in pairs))
    fields = ("--hyp-field", "out.text", "--ref-field", "refs")
    assert s2s("score", own, *fields, "--metric", "bleu", "--bare").stdout == plain
    ours = tmp_path / "ours.jsonl"
    ours.write_text("".join(json.dumps({"target": h}) + "\n" for h, _ in pairs))
    assert s2s("score", ours, files["ref"], "--metric", "bleu", "--bare").stdout == plain
    ours.write_bytes(b"\xef\xbb\xbf" + ours.read_bytes())  # as editors of Windows write it
    assert s2s("score", ours, files["ref"], "--metric", "bleu", "--bare").stdout == plain
    line = complaint(s2s("score", ours), 65)
    assert "has no field 'reference'" in line


def test_translations_are_read_as_they_are(s2s: Run, tmp_path: Path) -> None:
    translated = s2s("translate", "--format", "jsonl", stdin=b"Where is the station?\n\n")
    (tmp_path / "out.jsonl").write_bytes(translated.stdout)
    (tmp_path / "ref").write_text("Wo ist der Bahnhof?\n\n")
    done = s2s("score", tmp_path / "out.jsonl", tmp_path / "ref", "--metric", "bleu", "--bare")
    assert done.stdout == b"100.00\n"
    assert b"1 of 2 hypotheses are blank" in done.stderr


def test_a_hypothesis_without_a_reference(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "h").write_text("one\n\nthree\n")
    (tmp_path / "r").write_text("one\n\n \n")
    assert "Segment 3 has no reference" in complaint(
        s2s("score", tmp_path / "h", tmp_path / "r"), 65
    )
    answers = s2s("score", tmp_path / "h", tmp_path / "r", "--task", "answer", "--bare")
    assert answers.stdout.decode().split() == ["66.67", "66.67"]


def test_folders(s2s: Run, tmp_path: Path) -> None:
    for folder, texts in (("hyp", GOOD), ("ref", REFERENCE)):
        (tmp_path / folder / "sub").mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text("\n".join(texts[:2]))
        (tmp_path / folder / "sub" / "b.txt").write_text("\n".join(texts[2:]))
    (tmp_path / "hyp" / FILE.format("")).write_bytes(b"a run's journal")
    done = s2s("score", tmp_path / "hyp", tmp_path / "ref", "--task", "summarize", "--sentences")
    names = [line.split("\t")[0] for line in done.stdout.decode().splitlines()]
    assert names == ["segment", "a.txt", "sub/b.txt"]
    (tmp_path / "hyp" / "c.txt").write_text("x")
    line = complaint(s2s("score", tmp_path / "hyp", tmp_path / "ref"), 65)
    assert "c.txt is in one only" in line


def test_sentences_worst_first(s2s: Run, files: dict[str, Path]) -> None:
    for metric in ("chrf", "ter"):
        options = ("--metric", metric, "--sentences", "--sort", "--format", "jsonl")
        done = s2s("score", files["bad"], files["ref"], *options)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        scores = [row["scores"][metric] for row in rows]
        assert len(rows) == 40
        assert scores == sorted(scores, reverse=metric == "ter")
        first = rows[0]
        assert first["references"] == [lines_of(files["ref"])[int(first["segment"]) - 1]]
    assert scores[0] == TER().sentence_score(first["hypothesis"], first["references"]).score


def test_gates(s2s: Run, files: dict[str, Path]) -> None:
    good, bad, ref = files["good"], files["bad"], files["ref"]
    assert (
        s2s("score", good, ref, "--fail-under", "bleu=30", "--fail-under", "ter=90").returncode == 0
    )
    line = complaint(s2s("score", bad, ref, "--fail-under", "bleu=30"), 4)
    assert "below the gate of 30" in line
    line = complaint(s2s("score", bad, ref, "--bare", "--fail-under", "ter=10"), 4)
    assert "above the gate of 10" in line
    assert s2s("score", good, ref, "--no-worse-than", bad, "--metric", "bleu").returncode == 0
    options = ("--no-worse-than", good, "--metric", "bleu")
    assert "worse than" in complaint(s2s("score", bad, ref, *options), 4)
    assert s2s("score", bad, ref, *options, "--by", "99").returncode == 0
    assert "(p = 0.0" in complaint(s2s("score", bad, ref, *options, "--significant"), 4)
    for gate in ("bleu", "bleu=x", "bleu=nan", "=3"):
        complaint(s2s("score", good, ref, "--fail-under", gate), 2)


def test_two_systems(s2s: Run, files: dict[str, Path]) -> None:
    arguments = ("score", files["bad"], files["ref"], "--compare", files["good"])
    done = s2s(*arguments, "--metric", "bleu", "--metric", "meteor")
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    assert rows[1][3] == rows[2][3] == "baseline"
    assert all(float(row[-1]) < 0.05 and float(row[-2]) < 0.05 for row in rows[3:])
    content = json.loads(s2s(*arguments, "--metric", "bleu", "--json").stdout)
    assert content["systems"][1]["scores"][0]["against_baseline"]["difference"] > 0


def test_systems_that_are_the_same_are_named(s2s: Run, files: dict[str, Path]) -> None:
    same = s2s("score", files["good"], files["ref"], "--compare", files["good"])
    assert b" is the same as " in same.stderr
    other = s2s("score", files["good"], files["ref"], "--compare", files["bad"])
    assert b" is the same as " not in other.stderr


def test_references_that_are_not_given(s2s: Run, files: dict[str, Path], tmp_path: Path) -> None:
    for texts in (files["good"], files["good"].parent):
        assert "has no references. Name them as second argument" in complaint(
            s2s("score", texts), 2
        )
    (tmp_path / "broken.jsonl").write_text('{"target": \n')
    line = complaint(s2s("score", tmp_path / "broken.jsonl"), 65)
    assert "broken.jsonl: line 1 is not valid JSON" in line


def test_what_does_not_fit(s2s: Run, files: dict[str, Path], tmp_path: Path) -> None:
    good, ref = files["good"], files["ref"]
    (tmp_path / "short").write_text("one\n")
    (tmp_path / "empty").write_text("")
    (tmp_path / "latin").write_bytes(b"caf\xe9\n")
    assert "has 40 lines" in complaint(s2s("score", good, tmp_path / "short"), 65)
    line = complaint(s2s("score", tmp_path / "latin", tmp_path / "short"), 65)
    assert "latin: line 1, byte 4 is not UTF-8" in line
    assert "as hypotheses and as reference" in complaint(s2s("score", good, good), 2)
    assert "Did you mean bleu" in complaint(s2s("score", good, ref, "--metric", "blue"), 2)
    assert "There is no tokenizer" in complaint(s2s("score", good, ref, "--tokenize", "x"), 2)
    complaint(s2s("score", good, tmp_path / "nothing"), 66)
    complaint(s2s("score", good, ref, "--by", "1"), 2)
    empty = tmp_path / "empty"
    (tmp_path / "empty2").write_text("")
    assert "nothing to score" in complaint(s2s("score", empty, tmp_path / "empty2"), 65)


def test_metrics_are_explained(s2s: Run) -> None:
    text = s2s("score", "--list").stdout.decode()
    for name, (_, about, paper) in METRICS.items():
        assert f"\n{name} " in text
        assert about in text
        assert paper in text


def test_a_model_scores_given_targets(s2s: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_text("Where is the station?\nWhere is the station?\n")
    target.write_text("Wo ist der Bahnhof?\nIch habe zwei Hunde.\n")
    arguments = ("score", "--model", "en-de", source, target)
    rows = [line.split("\t") for line in s2s(*arguments, "--sentences").stdout.decode().split("\n")]
    assert rows[0] == ["segment", "log-probability", "tokens", "cross-entropy", "perplexity"]
    assert float(rows[1][4]) < 2 < 20 < float(rows[2][4])
    whole = json.loads(s2s(*arguments, "--json").stdout)
    assert whole["tokens"] == int(rows[1][2]) + int(rows[2][2])
    assert whole["log-probability"] == pytest.approx(
        float(rows[1][1]) + float(rows[2][1]), abs=1e-3
    )
    tokens = [json.loads(line) for line in s2s(*arguments, "--tokens").stdout.splitlines()]
    assert tokens[0]["tokens"][-1][0] == "</s>"
    assert sum(p for _, p in tokens[0]["tokens"]) == pytest.approx(float(rows[1][1]), abs=1e-3)
    # What the model itself says is as likely as it says.
    said = json.loads(
        s2s("translate", "--format", "jsonl", stdin=source.read_bytes()).stdout.split(b"\n")[0]
    )
    assert said["score"] == pytest.approx(-float(rows[1][3]), abs=1e-3)


def test_models_and_targets_that_do_not_fit(s2s: Run, files: dict[str, Path]) -> None:
    complaint(s2s("score", files["ref"], files["bad"], "--tokens"), 2)
    complaint(s2s("score", "--model", "en-de", files["ref"]), 2)
    files["bad"].write_text("word " * 2000 + "\n" * 40)
    line = complaint(s2s("score", "--model", "en-de", files["ref"], files["bad"]), 65)
    assert "The target of segment 1 has" in line


def test_options_that_would_do_nothing(s2s: Run, files: dict[str, Path]) -> None:
    """Above all a gate, which must never be passed because nobody looked."""
    forced = ("score", "--model", "en-de", files["ref"], files["ref"])
    for gate in (("--fail-under", "bleu=99"), ("--no-worse-than", files["ref"])):
        assert f"{gate[0]} has no effect with --model" in complaint(s2s(*forced, *gate), 2)
    plain = ("score", files["ref"], files["ref"])
    assert "--sort belongs to --sentences" in complaint(s2s(*plain, "--sort"), 2)
    line = complaint(s2s(*plain, "--sentences", "--compare", files["ref"]), 2)
    assert "--compare has no effect with --sentences" in line


def test_a_reference_that_is_given_twice(s2s: Run, files: dict[str, Path]) -> None:
    again = files["ref"].parent / "." / "again.txt"
    again.symlink_to(files["ref"])
    assert "twice as reference" in complaint(s2s("score", files["good"], files["ref"], again), 2)
    assert "as reference" in complaint(s2s("score", files["ref"], files["good"], again), 2)
