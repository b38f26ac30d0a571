"""Alignments, attention and log-probabilities beside translations."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s2scli.models.convert.run import convert
from tests.conftest import GOLDEN, Run

TEXT = b"Where is the station, please?\n\n---\n  Good morning!  \nI see."
LINKS = ["0-0 1-1 2-3 3-4 4-2", "", "", "0-0 1-1"]


def test_a_file_has_a_line_for_each_line(s2s: Run, tmp_path: Path) -> None:
    plain = s2s("translate", "-q", stdin=TEXT).stdout
    for extra in ((), ("--format", "jsonl", "--n-best", 2)):
        file = tmp_path / "links"
        done = s2s("translate", "-q", "--alignments-file", file, *extra, stdin=TEXT)
        assert done.returncode == 0, done.stderr
        if not extra:
            assert done.stdout == plain
        rows = file.read_text().split("\n")
        assert rows[:4] == LINKS
        assert len(rows) == 6
        assert rows[5] == ""
    s2s("translate", "-q", "--alignments-file", file, "--token-level", stdin=TEXT)
    assert file.read_text() != "\n".join(rows)


def test_columns_and_lists(s2s: Run) -> None:
    done = s2s("translate", "-q", "--alignments", "--format", "tsv", "--scores", stdin=TEXT)
    rows = [row.split("\t") for row in done.stdout.decode().split("\n")]
    assert [row[3] for row in rows[:4]] == LINKS
    record = json.loads(
        s2s("translate", "-q", "--format", "jsonl", stdin=TEXT).stdout.split(b"\n")[0]
    )
    assert rows[0][2] == f"{record['score']:.4f}"
    # Sums of 8-bit integers are scaled differently on different processors.
    assert record["score"] == pytest.approx(-0.149, abs=0.005)
    done = s2s("translate", "-q", "--alignments", "--format", "nbest", stdin=TEXT)
    lines = done.stdout.decode().splitlines()
    assert [line.split(" ||| ")[4] for line in lines[:4]] == LINKS


def test_json_lines(s2s: Run) -> None:
    asked = ("--alignments", "--attention", "--log-probs", "word")
    done = s2s("translate", "-q", "--format", "jsonl", "--n-best", 2, *asked, stdin=TEXT)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows[1]["hypotheses"] == []
    first, second = rows[0]["hypotheses"]
    for hypothesis in (first, second):
        assert hypothesis["source_words"] == rows[0]["source"].split()
        assert hypothesis["target_words"] == hypothesis["text"].split()
        (part,) = hypothesis["attention"]
        assert [len(row) for row in part["weights"]] == [len(part["source"])] * len(part["target"])
        words = [word for word, _ in hypothesis["log_probs"]]
        assert words == [*hypothesis["text"].split(), "</s>"]
        total = sum(value for _, value in hypothesis["log_probs"])
        assert total == pytest.approx(hypothesis["score"] * hypothesis["tokens"], abs=0.02)
    assert " ".join("-".join(map(str, pair)) for pair in first["alignment"]) == LINKS[0]
    asked = ("--alignments", "--token-level", "--log-probs", "token")
    done = s2s("translate", "-q", "--format", "jsonl", *asked, stdin=TEXT)
    (one,) = json.loads(done.stdout.splitlines()[0])["hypotheses"]
    assert one["source_tokens"][-1] == "</s>"
    assert [token for token, _ in one["log_probs"]] == [*one["target_tokens"], "</s>"]
    assert one["alignment"][0] == [0, 0]
    assert "attention" not in one
    done = s2s("translate", "-q", "--format", "jsonl", "--log-probs", "segment", stdin=TEXT)
    (one,) = json.loads(done.stdout.splitlines()[0])["hypotheses"]
    assert one["log_probs"] == pytest.approx(one["score"] * one["tokens"], abs=0.02)
    assert set(one) == {"text", "score", "tokens", "truncated", "log_probs"}


def test_texts_of_several_lines(s2s: Run, tmp_path: Path) -> None:
    row = json.dumps({"a": "Good morning.\n\nWhere is the station, please?"})
    asked = ("--alignments", "--log-probs", "word", "--alignments-file", tmp_path / "links")
    done = s2s("translate", "-q", "--jsonl-field", "a", *asked, stdin=row.encode())
    (one,) = json.loads(done.stdout)["hypotheses"]
    assert one["target_words"] == one["text"].split()
    assert [word for word, _ in one["log_probs"] if word != "</s>"] == one["text"].split()
    shifted = [pair for pair in one["alignment"] if pair[0] > 1]
    assert " ".join(f"{a - 2}-{b - 2}" for a, b in shifted) == LINKS[0]
    assert (tmp_path / "links").read_text().count("\n") == 1


def test_protected_lines_have_words_that_belong_together(s2s: Run) -> None:
    done = s2s("translate", "-q", "--protection", "--format", "tsv", "--alignments",
               stdin=b"Call %s now\n")  # fmt: skip
    _, target, links = done.stdout.decode().rstrip("\n").split("\t")
    assert f"1-{target.split().index('%s')}" in links.split()


def test_what_fails_leaves_no_file(s2s: Run, tmp_path: Path) -> None:
    file = tmp_path / "links"
    done = s2s("translate", "-q", "--alignments-file", file, stdin=b"Hello!\n\xff\n")
    assert done.returncode != 0
    assert not list(tmp_path.glob("links*"))
    text = tmp_path / "text"
    text.write_text("Hello!\n")
    done = s2s("translate", "--alignments-file", text, text)
    assert done.returncode == 2
    assert b"is both input and --alignments-file" in done.stderr
    assert text.read_text() == "Hello!\n"


def test_settings_that_have_no_place_pass_by(
    s2s: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALIGNMENTS", "ATTENTION", "TOKEN_LEVEL"):
        monkeypatch.setenv(f"S2S_TRANSLATE_{name}", "1")
    monkeypatch.setenv("S2S_TRANSLATE_LOG_PROBS", "word")
    plain = s2s("translate", "-q", stdin=b"Good morning!\n")
    assert plain.stdout == b"Guten Morgen!\n"
    done = s2s("translate", "-q", "--format", "jsonl", stdin=b"Good morning!\n")
    (one,) = json.loads(done.stdout)["hypotheses"]
    assert {"alignment", "target_tokens", "attention", "log_probs"} < set(one)


def test_a_model_without_attention(
    s2s: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    convert(GOLDEN / "g2p", tmp_path / "g2p", quantization="float32")
    for option in ("--alignments", "--attention"):
        arguments = ("translate", "-m", tmp_path / "g2p", "--format", "jsonl")
        done = s2s(*arguments, option, stdin=b"hello\n")
        assert done.returncode == 2
        assert f"{option} needs attention".encode() in done.stderr
    done = s2s(*arguments, "-q", "--log-probs", "word", stdin=b"hello\n")
    (one,) = json.loads(done.stdout)["hypotheses"]
    assert [word for word, _ in one["log_probs"]][:-1] == one["text"].split()
