"""One rule for all text that comes in, in every command that reads some."""

from __future__ import annotations

import gzip
import json
import math
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from s2scli import load
from s2scli.cli.jsontext import json_text
from s2scli.errors import BadInputError
from s2scli.text.reading import json_object
from tests.cli.test_models import complaint
from tests.conftest import Run

FAST = ("--beam", 1, "--max-length", 8, "--threads", 1)
Read = Callable[[str, bytes], "subprocess.CompletedProcess[bytes]"]
BOM = b"\xef\xbb\xbf"
HALF = "\\ud83d"  # half an emoji, as JSON spells it


@pytest.fixture
def small(small_models: dict[str, Path]) -> tuple[object, ...]:
    return ("-m", small_models["t5"], *FAST)


def squad(text: str) -> bytes:
    questions = f'[{{"question": "{text}", "id": "{HALF}", "answers": []}}]'
    return f'{{"data": [{{"paragraphs": [{{"context": "Tom.", "qas": {questions}}}]}}]}}'.encode()


# Name of the input → how it is read, and a good one.
READERS: dict[str, tuple[tuple[object, ...], bytes]] = {
    "lines.txt": (("translate", *FAST), b"Hello!\n"),
    "prompts.txt": (("generate", "--prompt", "{text}"), b"Hello!\n"),
    "prompts.jsonl": (("generate", "--jsonl", "--prompt", "{text}"), b'{"text": "Hello!"}\n'),
    "text.txt": (("summarize",), b"Hello!\n"),
    "texts.txt": (("summarize", "--lines"), b"Hello!\n"),
    "texts.jsonl": (("summarize", "--jsonl-field", "text"), b'{"text": "Hello!"}\n'),
    "context.txt": (("answer", "Who?"), b"Tom.\n"),
    "questions.txt": (("answer", os.devnull, "--questions"), b"Who?\n"),
    "questions.jsonl": (("answer", "--questions"), b'{"question": "Who?", "context": "Tom."}\n'),
    "questions.json": (("answer", "--questions"), squad("Who?")),
    "references.txt": (("score", "reference.txt"), b"Hello!\n"),
    "references.jsonl": (("score", "reference.txt"), b'{"reference": "Hello!"}\n'),
}


@pytest.fixture
def run(s2s: Run, small: tuple[object, ...]) -> Read:
    """Give an input to the command that reads it."""

    def run(name: str, data: bytes) -> subprocess.CompletedProcess[bytes]:
        Path(name).write_bytes(data)
        arguments = READERS[name.removesuffix(".gz")][0]
        model = small if arguments[0] in ("generate", "summarize", "answer") else ()
        done = s2s(*arguments, name, *model)
        assert b"Traceback" not in done.stderr
        return done

    return run


@pytest.fixture(autouse=True)
def _reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("reference.txt").write_text("Hello!\n")


@pytest.mark.parametrize("name", READERS)
def test_marks_and_packs_change_nothing(run: Read, name: str) -> None:
    good = READERS[name][1]
    expected = run(name, good)
    assert expected.returncode == 0, expected.stderr
    assert run(name, BOM + good).stdout == expected.stdout
    assert run(f"{name}.gz", gzip.compress(BOM + good)).stdout == expected.stdout


@pytest.mark.parametrize("name", READERS)
def test_what_is_not_text_is_refused_by_name(run: Read, name: str) -> None:
    good = READERS[name][1]
    line = complaint(run(name, good.decode().encode("utf-16")), 65)
    advice = line.partition("with: ")[2]
    assert advice.startswith("iconv -f UTF-16 -t UTF-8 ")
    converted = subprocess.run(advice, shell=True, capture_output=True, check=True).stdout
    assert converted == good
    assert "is NUL" in complaint(run(name, good[:5] + b"\0" + good[5:]), 65)
    assert "is not UTF-8" in complaint(run(name, good[:5] + b"\xff" + good[5:]), 65)


@pytest.mark.parametrize("name", [name for name in READERS if name.endswith((".json", ".jsonl"))])
def test_half_a_character_in_json(
    run: Read, s2s: Run, name: str, small: tuple[object, ...]
) -> None:
    good = READERS[name][1]
    bad = good.replace(b"Hello!", HALF.encode()).replace(b"Who?", HALF.encode())
    alone = name in ("questions.json", "references.jsonl")
    lines = bad if alone else good + bad
    done = run(name, lines)
    place = "question 1" if name.endswith(".json") else f"line {1 if alone else 2}"
    assert place in complaint(done, 65)
    if name == "references.jsonl":
        return
    assert done.stdout.count(b"\n") == lines.count(b"\n", 0, -1), "what came before is not lost"
    arguments = (*READERS[name][0], name, *small, "--encoding-errors", "replace")
    done = s2s(*arguments)
    assert done.returncode == 0, done.stderr
    assert b"input with half of a character, lines: 1 (first: " in done.stderr
    assert done.stderr.count(b"U+FFFD") == 1


def test_half_a_character_in_a_document_is_said_once(s2s: Run) -> None:
    Path("a.json").write_text(f'{{"a": "Hello {HALF}", "b": "Hello!"}}')
    done = s2s("translate", *FAST, "a.json", "--suffix", ".de")
    assert done.returncode == 0
    assert done.stderr.count(b"warning") == 1
    assert b"half of a character (a lone surrogate) stay" in done.stderr


@pytest.mark.parametrize("name", [name for name in READERS if not name.startswith("questions.j")])
@pytest.mark.parametrize("bad", [b"a\xff\n", b"a\0\n", b"\x1f\x8bzz", b"PK\x03\x04aa"])
def test_standard_input_is_called_so(
    s2s: Run, name: str, bad: bytes, small: tuple[object, ...]
) -> None:
    arguments = READERS[name][0]
    model = small if arguments[0] in ("generate", "summarize", "answer") else ()
    line = complaint(s2s(*arguments, "-", *model, stdin=bad), 65)
    assert "standard input" in line
    assert " - " not in line


def test_standard_input_without_text_is_called_so(s2s: Run) -> None:
    assert "no text in standard input" in complaint(s2s("bench", "-", stdin=b"\n"), 65)
    line = complaint(s2s("score", "reference.txt", "-", stdin=b"a\nb\n"), 65)
    assert line.endswith("standard input has 2. Both must have one line per segment.")
    for data in (b"", b"{}\n"):
        line = complaint(s2s("score", "-", "reference.txt", stdin=data), 65)
        assert "standard input" in line


@pytest.mark.parametrize("name", ["texts.jsonl", "questions.jsonl", "prompts.jsonl"])
def test_what_is_only_passed_through_comes_out(
    s2s: Run, name: str, small: tuple[object, ...]
) -> None:
    more = f'"id": "{HALF}", "{HALF}": [NaN, {{"a": "\\u0000{HALF}"}}], '.encode()
    data = READERS[name][1].replace(b"{", b"{" + more, 1) * 2 + b"\n \n"
    Path(name).write_bytes(data)
    done = s2s(*READERS[name][0], name, *small, "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["index"] for row in rows] == [0, 1]
    for row in rows:
        fields = row.get("fields") or json.loads(row["source"])
        assert fields["id"] == "\ud83d"
        constant, inner = fields["\ud83d"]
        assert math.isnan(constant)
        assert inner == {"a": "\0\ud83d"}


def test_numbers_keep_their_digits() -> None:
    numbers = ["1e999", "1.10", "12345678901234567890.123", "1E5", "-0", "9" * 5000, "NaN", "7"]
    row = f'{{"a": [{", ".join(numbers)}], "b": {{"c": 0.1}}}}'
    assert json_text(json_object(row, "line 1")) == row
    assert json_text({"score": math.nan, **(json_object(row, "") or {})}).startswith(
        '{"score": null, "a": [1e999, 1.10, '
    )


def test_a_key_that_stands_twice_is_named(run: Read) -> None:
    good = READERS["texts.jsonl"][1]
    line = complaint(run("texts.jsonl", good.replace(b"{", b'{"a": 1, "a": 2, ')), 65)
    assert "line 1" in line
    assert "'a' stands in it twice" in line


def test_blank_lines_between_records(run: Read) -> None:
    good = READERS["texts.jsonl"][1]
    line = complaint(run("texts.jsonl", good + b"\n" + good), 65)
    assert "line 2 is blank" in line


def test_arguments_that_are_not_utf8(s2s: Run) -> None:
    bad = os.fsdecode(b"caf\xe9 {text}")
    for arguments in (
        ("generate", "--prompt", bad),
        ("answer", bad),
        ("summarize", "--prompt", bad),
        ("translate", "--to", bad),
        ("translate", ".", "-o", "out", "--protect", bad),
        ("memory", "show", "m", "--search", bad),
    ):
        done = s2s(*arguments)
        assert "must be UTF-8" in complaint(done, 2)


def test_names_that_are_not_utf8(s2s: Run, small: tuple[object, ...]) -> None:
    names = [os.fsdecode(b"caf\xe9.txt"), "b.txt"]
    for name in names:
        Path(name).write_text("Hello!\n")
    for arguments in (
        ("translate", *names, *FAST),
        ("summarize", *names, *small),
        ("summarize", *names, *small, "--format", "jsonl"),
        ("answer", "Who?", *names, *small),
        ("score", names[0], "b.txt"),
        ("score", names[0], "reference.txt", "--json"),
        ("score", "b.txt", "reference.txt", "--compare", names[0]),
    ):
        done = s2s(*arguments)
        assert done.returncode == 0, done.stderr


def test_a_line_that_says_nothing_stays_as_it_is(s2s: Run) -> None:
    lines = "***\n\u00ad\n…\n😀\n- -\n\u202e\n?\n \u0301\n"
    done = s2s("translate", *FAST, stdin=lines.encode())
    assert done.stdout.decode() == lines


def test_a_document_that_is_read_misses_no_text(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["He came.\ud83d"]}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    files = {"a.json": '{"a": "He came.\\ud83d", "b": "Mary left."}', "b.ipynb": json.dumps(book)}
    for name, content in files.items():
        (tmp_path / "in" / name).write_text(content)
        for command in ("detect", "summarize"):
            given = ("-m", "en-de") if command == "summarize" else ()
            done = s2s(command, *given, tmp_path / "in" / name)
            assert "a text holds half of a character (a lone surrogate)" in complaint(done, 65)
            assert done.stdout == b""
    (tmp_path / "in" / "c.json").write_text('{"a": "He came."}')
    done = s2s("summarize", "-m", "en-de", tmp_path / "in", "-o", tmp_path / "out")
    assert done.returncode == 3
    assert done.stderr.count(b"half of a character") == len(files)
    assert (tmp_path / "out" / "c.json.txt").read_text().strip()


@pytest.mark.parametrize("bad", ["\ud83d", "a\0b"])
def test_python_names_the_text(small_models: dict[str, Path], bad: str) -> None:
    with load(small_models["t5"], "generate", threads=1) as model:
        options: dict[str, Any] = {"beam_size": 1, "max_length": 4}
        for do in (model.generate, model.summarize):
            results = iter(do(iter(["Hello!", bad]), **options))
            assert next(results)
            with pytest.raises(BadInputError, match="Text 1 "):
                next(results)
        with pytest.raises(BadInputError, match="Text 0 "):
            model.answer(("Who?", bad), **options)
        with pytest.raises(BadInputError, match="Text 1 "):
            model.score(["a", "b"], ["a", bad])
        with pytest.raises(TypeError, match="7; it must be a text"):
            model.generate(["a", 7], **options)  # type: ignore[list-item]
    with load("en-de", threads=1) as model, pytest.raises(BadInputError, match="Text 0 "):
        model.translate(bad)


def test_two_questions_with_one_id_are_named(s2s: Run, small: tuple[object, ...]) -> None:
    row = '{"question": "Who?", "context": "Tom.", "id": "a"}\n'
    Path("twice.jsonl").write_text(row * 2)
    done = s2s("answer", "--questions", "twice.jsonl", *small, "--format", "squad")
    assert "Question 2 has the id 'a'" in complaint(done, 65)


def test_a_context_of_both_kinds_is_refused(s2s: Run, small: tuple[object, ...]) -> None:
    Path("q.jsonl").write_text('{"question": "Who?", "context": "Tom."}\n')
    Path("c.txt").write_text("Ann.\n")
    said = complaint(s2s("answer", "--questions", "q.jsonl", "c.txt", *small), 65)
    assert "line 1 has a context of its own" in said


def test_an_empty_context_is_said(s2s: Run, small: tuple[object, ...]) -> None:
    done = s2s("answer", "Who?", *small, stdin=b" \n")
    assert done.returncode == 0
    assert b"the context is empty: there is nothing to answer from" in done.stderr


def test_a_name_of_a_file_as_question_is_said(s2s: Run, small: tuple[object, ...]) -> None:
    Path("contract.txt").write_text("Ann signed it.\n")
    done = s2s("answer", "contract.txt", *small, stdin=b"Ann signed it.\n")
    assert b"contract.txt is taken as the question" in done.stderr
