"""Outputs that begin with a given text: in lines, prompts and captions; from the command line and
from Python."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import s2scli
from s2scli.errors import BadInputError, UsageError
from tests.conftest import Run

TEXTS = ["Where is the station?", "I am hungry.", "Good morning!"]
PREFIXES = ["Sag mir,", "", "Einen"]


@pytest.fixture(scope="module")
def model() -> Any:
    with s2scli.load("en-de", threads=1) as loaded:
        yield loaded


@pytest.mark.parametrize("beam", [1, 4])
def test_all_hypotheses_begin_so(model: Any, beam: int) -> None:
    plain = model.translate(TEXTS, beam_size=beam)
    found = model.translate(TEXTS, prefix="Sag mir,", beam_size=beam, n_best=beam)
    for result in found:
        assert all(h.text.startswith("Sag mir,") for h in result.hypotheses)
        assert all(len(h.text) > len("Sag mir, ") for h in result.hypotheses)
    assert [each.text for each in plain] == [
        each.text for each in model.translate(TEXTS, beam_size=beam, prefix=" ")
    ]


def test_scores_are_of_what_was_generated(model: Any) -> None:
    result = model.translate(TEXTS[0], prefix="Sag mir,")
    inner = model.model
    (source,) = inner.encode([TEXTS[0]])
    target = inner.encode_targets([result.text])
    (row,) = inner.score([inner.source(source)], target)
    own = row[len(inner.prefix("Sag mir,")) :]
    assert result.hypotheses[0].tokens == len(own)
    assert result.hypotheses[0].score == pytest.approx(sum(own) / len(own), abs=2e-2)


def test_each_text_has_its_own(model: Any) -> None:
    found = model.translate(TEXTS, prefixes=PREFIXES)
    alone = [model.translate(t, prefix=p or None) for t, p in zip(TEXTS, PREFIXES, strict=True)]
    assert [each.text for each in found] == [each.text for each in alone]
    assert found[1].text == model.translate(TEXTS[1]).text
    # The same text with several beginnings.
    again = model.translate([TEXTS[0]] * 3, prefixes=["Sag mir,", "Wo", ""])
    assert again[0].text.startswith("Sag mir,")
    assert again[1].text.startswith("Wo")
    # A prefix of a text takes the place of that of all.
    mixed = model.translate(TEXTS[:2], prefix="Also", prefixes=["Sag mir,", ""])
    assert mixed[0].text.startswith("Sag mir,")
    assert mixed[1].text == found[1].text


def test_a_long_line_begins_so_once(model: Any) -> None:
    text = "Where is the station? " * 200
    found = model.translate(text, prefix="Sag mir,")
    assert found.text.startswith("Sag mir,")
    assert found.text.count("Sag mir,") == 1


def test_what_cannot_be_is_refused(model: Any) -> None:
    with pytest.raises(UsageError, match="has 4 tokens"):
        model.translate(TEXTS[0], prefix="Sag mir bitte,", max_length=4)
    with pytest.raises(BadInputError, match="prefix of line 1 has"):
        model.translate(TEXTS[:1], prefixes=["Sag mir bitte,"], max_length=4)
    for prefixes, reason in (([""] * 2, "2, and the input has more"), ([""] * 4, "more than")):
        with pytest.raises(BadInputError, match=reason):
            model.translate(TEXTS, prefixes=prefixes)
    with pytest.raises(UsageError, match="must be one line"):
        model.translate(TEXTS, prefix="Sag\nmir")
    with pytest.raises(BadInputError, match="prefix of line 1 has a line break"):
        model.translate(TEXTS[:1], prefixes=["Sag\u2028mir"])
    with pytest.raises(UsageError, match="must be one text"):
        model.translate(TEXTS, prefix=["Sag", "mir"])
    with pytest.raises(UsageError, match="must be a list"):
        model.translate(TEXTS, prefixes="abc")
    with pytest.raises(UsageError, match="protect or glossary"):
        model.translate(TEXTS, prefix="Sag", protect=True)
    with pytest.raises(UsageError, match="prefix is for"):
        model.summarize("A text.", prefix="Sag")


def test_lines_and_their_file(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("\n".join(TEXTS) + "\n")
    (tmp_path / "prefixes").write_text("\n".join(PREFIXES) + "\n")
    done = s2s("translate", "--prefix-file", tmp_path / "prefixes", tmp_path / "lines")
    first, second, third = done.stdout.decode().splitlines()
    assert first.startswith("Sag mir,")
    assert second == "Ich habe Hunger."
    assert third.startswith("Einen")
    done = s2s("translate", "--prefix", "Also", "--format", "jsonl", "--report", tmp_path / "r",
               tmp_path / "lines")  # fmt: skip
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(row["target"].startswith("Also") for row in rows)
    prefix = json.loads((tmp_path / "r").read_text())["decoding"]["prefix"]
    assert "".join(prefix).strip("▁") == "Also"
    rows_file = tmp_path / "rows.jsonl"
    rows_file.write_text("".join(json.dumps({"a": text}) + "\n" for text in TEXTS))
    begin = ("--prefix-file", tmp_path / "prefixes")
    done = s2s("generate", "-m", "en-de", "--prompt", "{a}", "--jsonl", *begin, rows_file)
    assert done.stdout.decode().splitlines() == [first, second, third]


def test_a_prefix_is_one_line(s2s: Run) -> None:
    done = s2s("translate", "--prefix", "Sag\nmir", stdin=b"Tell me.\n")
    assert done.returncode == 2
    assert b"it must be one line." in done.stderr


@pytest.mark.parametrize("lines", [2, 4])
def test_another_number_of_lines_is_an_error(s2s: Run, tmp_path: Path, lines: int) -> None:
    (tmp_path / "lines").write_text("\n".join(TEXTS) + "\n")
    (tmp_path / "prefixes").write_text("\n" * lines)
    out = tmp_path / "out"
    done = s2s("translate", "--prefix-file", tmp_path / "prefixes", tmp_path / "lines", "-o", out)
    assert done.returncode == 65
    assert b"prefixes are" in done.stderr
    assert not out.exists()
    done = s2s("translate", "--prefix-file", tmp_path / "none", tmp_path / "lines")
    assert done.returncode == 66
    done = s2s("translate", "--prefix-file", "-", tmp_path / "lines", stdin=b"a\n")
    assert done.returncode == 2
    assert b"cannot be standard input" in done.stderr


def test_a_multiple_without_its_sign_is_named(s2s: Run) -> None:
    done = s2s("translate", "--max-length", "1.5", stdin=b"Hello!\n")
    assert done.returncode == 2
    assert b"for a multiple: 1.5x" in done.stderr
    assert s2s("translate", "--max-length", " 2X", stdin=b"Hello!\n").returncode == 0


def test_a_prefix_of_the_settings(s2s: Run, tmp_path: Path) -> None:
    """It holds where it can, and a file's lines come first."""
    environment = {**os.environ, "S2S_TRANSLATE_PREFIX": "Also"}
    done = s2s("translate", stdin=b"I am hungry.\n", env=environment)
    assert done.stdout.startswith(b"Also")
    done = s2s("translate", "--protection", stdin=b"I am hungry.\n", env=environment)
    assert done.stdout == b"Ich habe Hunger.\n"
    (tmp_path / "p").write_text("\n")
    begin = ("--prefix-file", tmp_path / "p")
    done = s2s("translate", *begin, stdin=b"I am hungry.\n", env=environment)
    assert done.stdout == b"Ich habe Hunger.\n"
