"""``s2s summarize``, ``answer`` and ``generate`` as processes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GOLDEN, Run
from tests.hub import Hub, Repository
from tests.tasks.test_answer import CONTEXT
from tests.tasks.test_summarize import SENTENCE

FAST = ("--beam", 1, "--max-length", 12, "--threads", 1)


def rows(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode().split("\n") if line]


@pytest.fixture
def model(small_models: dict[str, Path]) -> Path:
    return small_models["bart"]


def test_a_file_a_summary(s2s: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Tom has a dog.\nThe dog has a cat.\n")
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbf" + SENTENCE.encode() * 20)
    one = s2s("summarize", "-m", model, *FAST, tmp_path / "a.txt")
    assert (one.returncode, one.stdout.count(b"\n")) == (0, 1)
    piped = s2s("summarize", "-m", model, *FAST, stdin=(tmp_path / "a.txt").read_bytes())
    assert piped.stdout == one.stdout
    both = s2s("summarize", "-m", model, *FAST, tmp_path / "a.txt", tmp_path / "b.txt")
    first, second = both.stdout.decode().split("\n\n")
    assert first == f"==> {tmp_path}/a.txt <==\n{one.stdout.decode().strip()}"
    assert second.startswith(f"==> {tmp_path}/b.txt <==\n")
    as_json = s2s(
        "summarize", "-m", model, *FAST, "--format", "jsonl", tmp_path / "a.txt", tmp_path / "b.txt"
    )
    found = rows(as_json.stdout)
    assert [row["document"] for row in found] == [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    assert found[0]["target"] == one.stdout.decode().rstrip("\n")
    assert found[0]["levels"] == 1
    assert found[1]["levels"] > 1
    assert found[1]["chunks"] > 1


def test_a_line_a_summary(s2s: Run, model: Path) -> None:
    lines = f"Tom has a dog.\r\n\n{SENTENCE * 9}\nThe end."
    done = s2s("summarize", "-m", model, *FAST, "--lines", stdin=lines.encode())
    assert done.returncode == 0
    out = done.stdout.decode().split("\n")
    assert len(out) == 4
    assert out[0].endswith("\r")
    assert out[1] == ""
    assert out[2]
    assert out[3]
    assert b"line 2 is empty" in done.stderr
    shown = s2s("summarize", "-m", model, *FAST, "--lines", "--strategy", "per-chunk",
                stdin=lines.encode())  # fmt: skip
    assert len(shown.stdout.decode().split("\n")) == 4


def test_json_lines(s2s: Run, model: Path) -> None:
    lines: list[dict[str, Any]] = [
        {"id": 7, "text": "Tom has a dog."},
        {"text": SENTENCE * 20, "more": [1]},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in lines).encode()
    arguments = ("summarize", "-m", model, *FAST, "--jsonl-field", "text")
    found = rows(s2s(*arguments, "--format", "jsonl", "--tree", "--evidence", stdin=stdin).stdout)
    assert [row["fields"] for row in found] == [{"id": 7}, {"more": [1]}]
    text = lines[1]["text"]

    def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
        return [leaf for child in node["children"] for leaf in leaves(child)] if (
            "children" in node
        ) else [node]  # fmt: skip

    chunks = [leaf for root in found[1]["tree"] for leaf in leaves(root)]
    assert "".join(text[leaf["fresh"] : leaf["end"]] for leaf in chunks) == text
    assert [leaf["chunk"] for leaf in chunks] == list(range(1, found[1]["chunks"] + 1))
    for sentence in found[1]["sentences"]:
        for each in sentence["evidence"]:
            assert text[each["start"] : each["end"]] == each["text"]
    for bad, message in (
        (b"{}\n", b"line 1: the field 'text' is missing"),
        (b'{"text": 1}\n', b"the field 'text' is not text"),
        (b"[]\n", b"line 1 is not a JSON object"),
        (b"nonsense\n", b"line 1 is not valid JSON"),
    ):
        done = s2s(*arguments, stdin=bad)
        assert (done.returncode, done.stdout) == (65, b"")
        assert message in done.stderr
    good_first = s2s(*arguments, stdin=stdin + b"{\n")
    assert good_first.returncode == 65
    assert good_first.stdout.count(b"\n") == 2


def test_what_a_person_sees(s2s: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(SENTENCE * 20)
    done = s2s("summarize", "-m", model, *FAST, "-v", "--tree", "--evidence", tmp_path / "long.txt")
    text, notes = done.stdout.decode(), done.stderr.decode()
    assert "from chunk 1 (characters 0-" in text
    assert "\n\nlevel " in text
    assert "levels " in notes
    assert "chunks " in notes
    assert "source tokens " in notes
    assert "cut off: 1 (documents 1)" in notes
    assert "beam_size 1 (flag)" in notes


@pytest.mark.parametrize("command", ["summarize", "answer"])
def test_bad_input(s2s: Run, model: Path, tmp_path: Path, command: str) -> None:
    binary, latin = tmp_path / "b.bin", tmp_path / "l.txt"
    binary.write_bytes(b"PK\0\0")
    latin.write_bytes(b"one\ntw\xf6\n")
    question = ("Who?",) if command == "answer" else ()
    for path, message in ((binary, "is a binary file"), (latin, "line 2, byte 3 is not UTF-8")):
        done = s2s(command, "-m", model, *question, path)
        assert (done.returncode, done.stdout) == (65, b"")
        assert message in done.stderr.decode()
        assert done.stderr.count(b"\n") == 1
    done = s2s(command, "-m", model, *FAST, "--encoding-errors", "replace", *question, latin)
    assert done.returncode == 0
    assert b"not UTF-8, lines: 1" in done.stderr
    assert s2s(command, "-m", model, *question, tmp_path / "none").returncode == 66
    folder = s2s(command, "-m", model, *question, tmp_path)
    assert folder.returncode == (66 if question else 2)


def test_empty_documents(s2s: Run, model: Path) -> None:
    done = s2s("summarize", "-m", model, stdin=b"")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"standard input is empty, and so is its summary" in done.stderr
    done = s2s("summarize", "-m", model, "--format", "jsonl", stdin=b" \n")
    (row,) = rows(done.stdout)
    assert (row["target"], row["score"], row["chunks"]) == ("", None, 0)


def test_shorter_than_asked_for(s2s: Run, model: Path) -> None:
    done = s2s("summarize", "-m", model, "-v", "--length", "long", stdin=b"Tom has a dog.")
    assert done.returncode == 0
    assert done.stdout
    assert b"shorter than the requested summary" in done.stderr


def test_lead_is_said(s2s: Run, model: Path) -> None:
    done = s2s("summarize", "-m", model, *FAST, "--strategy", "lead", stdin=SENTENCE.encode() * 20)
    assert done.returncode == 0
    assert b"characters of standard input were not read (--strategy lead)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--length", "huge"), "There is no length 'huge'"),
        (("--length", "short", "--max-length", 9), "--length cannot be"),
        (("--lines", "--jsonl-field", "x"), "cannot be combined"),
        (("--prompt", "no slot"), "does not hold {text} exactly once"),
        (("--min-length", 9, "--max-length", 5), "more than the maximum length"),
        (("--strategy", "best"), "'best' is not one of"),
    ],
)
def test_usage(s2s: Run, model: Path, arguments: tuple[Any, ...], message: str) -> None:
    done = s2s("summarize", "-m", model, *arguments, stdin=b"Tom.")
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert done.stdout == b""


def test_without_a_model(s2s: Run) -> None:
    done = s2s("summarize", stdin=b"Tom has a dog.")
    message = done.stderr.decode()
    assert (done.returncode, done.stdout) == (69, b"")
    assert "No installed model can summarize" in message
    assert "s2s models pull" in message
    assert "MB" in message
    assert "license" in message
    assert message.count("\n") == 1


def test_a_summarizer_is_fetched_when_told_to(s2s: Run, hub: Hub, tmp_path: Path) -> None:
    hub.repositories["tiny/bart"] = Repository.of(GOLDEN / "bart")
    registry = tmp_path / "mine.yaml"
    registry.write_text(
        "models:\n"
        "  - {alias: tiny-sum, hub: tiny/bart, tasks: [summarize], licence: apache-2.0,\n"
        "     parameters: 0.3, download: 0.1, family: bart, about: small}\n"
    )
    arguments = ("summarize", "--registry", registry, *FAST)
    done = s2s(*arguments, stdin=b"Tom has a dog.")
    assert done.returncode == 69
    assert b"but tiny-sum does (0 MB, license apache-2.0)" in done.stderr
    assert not hub.served  # never by surprise
    fetched = s2s(*arguments, "--yes", stdin=b"Tom has a dog.")
    assert (fetched.returncode, fetched.stdout.count(b"\n")) == (0, 1), fetched.stderr
    served = len(hub.served)
    again = s2s("summarize", *FAST, stdin=b"Tom has a dog.")  # whichever is at hand
    assert (again.stdout, len(hub.served)) == (fetched.stdout, served)


def test_an_answer(s2s: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(CONTEXT)
    arguments = ("answer", "-m", model, *FAST)
    done = s2s(*arguments, "Who signed it?", tmp_path / "c.txt")
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)
    (row,) = rows(
        s2s(*arguments, "--format", "jsonl", "Who signed it?", stdin=CONTEXT.encode()).stdout
    )
    assert row["target"] + "\n" == done.stdout.decode()
    assert row["ranking"] == "bm25"
    assert len(row["candidates"]) == 4 < row["passages"]
    for each in row["candidates"]:
        assert CONTEXT[each["start"] : each["end"]] == each["passage"]
    none = s2s(*arguments, "--no-answer-threshold", -0.0001, "Who?", tmp_path / "c.txt")
    assert none.stdout == b"\n"


@pytest.mark.parametrize("command", ["summarize", "answer"])
def test_documents_are_read_as_such(s2s: Run, model: Path, tmp_path: Path, command: str) -> None:
    """Without their markup, packed or not; and what a PDF does not say is said."""
    pytest.importorskip("pypdf")
    from tests.documents.test_pdf import document

    drawn = [
        f"BT /F 10 Tf 50 {height} Td (We study bees.) Tj 200 0 Td (They sting.) Tj ET"
        for height in range(700, 640, -12)
    ]
    asked = [command, "-m", model, *FAST, *["Who signed it?"] * (command == "answer")]
    plain, marked, packed, pdf = (tmp_path / f"a.{kind}" for kind in ("txt", "md", "md.gz", "pdf"))
    plain.write_text("We study bees and the paper.\n")
    marked.write_text("We study *bees* and [the paper](x.html).\n")
    packed.write_bytes(gzip.compress(marked.read_bytes()))
    pdf.write_bytes(document("\n".join(drawn).encode()))
    expected = s2s(*asked, plain).stdout
    assert [s2s(*asked, each).stdout for each in (marked, packed)] == [expected] * 2
    assert b"a.pdf: Pages whose columns or tables are drawn row by row" in s2s(*asked, pdf).stderr
    if command == "summarize":
        done = s2s(*asked, pdf, "-o", tmp_path / "out")
        assert b"a.pdf: Pages whose columns" in done.stderr


def test_many_questions(s2s: Run, model: Path, tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("Who came?\n\nWho left?\n")
    arguments = ("answer", "-m", model, *FAST)
    done = s2s(*arguments, "--questions", tmp_path / "q.txt", stdin=b"Tom came. Mary left.")
    lines = done.stdout.decode().split("\n")
    assert len(lines) == 4
    assert lines[1] == ""
    records = [{"id": "x", "question": "Who came?", "context": "Tom came. Mary left."}]
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, records)))
    (row,) = rows(s2s(*arguments, "--questions", tmp_path / "q.jsonl", "--format", "jsonl").stdout)
    assert (row["target"], row["id"]) == (lines[0], "x")
    squad = {"data": [{"paragraphs": [{"context": "Tom came. Mary left.", "qas": [
        {"id": "x", "question": "Who came?", "answers": []},
        {"id": 'y"', "question": "Who left?", "answers": []}]}]}]}  # fmt: skip
    (tmp_path / "q.json").write_text(json.dumps(squad))
    done = s2s(*arguments, "--questions", tmp_path / "q.json", "--format", "squad")
    assert json.loads(done.stdout) == {"x": lines[0], 'y"': lines[2]}


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "message"),
    [
        ((), b"", 2, "There is no question"),
        (("--questions", "{q}", "extra"), b"", 66, "There is no file extra"),
        (("--prompt", "{question}", "Who?"), b"x", 2, "{question} and {context} exactly once"),
        (("Who?", "--format", "squad"), b"Tom.", 65, "has no id"),
    ],
)
def test_questions_that_cannot_be(
    s2s: Run,
    model: Path,
    tmp_path: Path,
    arguments: tuple[str, ...],
    stdin: bytes,
    code: int,
    message: str,
) -> None:
    (tmp_path / "q.txt").write_text("Who?\n")
    given = [argument.replace("{q}", str(tmp_path / "q.txt")) for argument in arguments]
    done = s2s("answer", "-m", model, *FAST, *given, stdin=stdin)
    assert done.returncode == code
    assert message in done.stderr.decode()


def test_generate(s2s: Run, small_models: dict[str, Path]) -> None:
    arguments = ("generate", "-m", small_models["t5"], *FAST)
    done = s2s(*arguments, "--prompt", "say: {text}", stdin=b"Tom came.\n\nMary left.")
    assert done.returncode == 0
    assert len(done.stdout.split(b"\n")) == 3
    assert done.stdout.split(b"\n")[1] == b""
    fields = b'{"a": "say:", "b": "Tom came."}\n{"a": "say:", "b": "Mary left."}\n'
    other = s2s(*arguments, "--jsonl", "--prompt", "{a} {b}", stdin=fields)
    assert other.stdout.split(b"\n")[:2] == done.stdout.split(b"\n")[::2]
    lists = s2s(*arguments[:3], "--beam", 3, "--n-best", 3, "--format", "jsonl", "--prompt",
                "{text}", stdin=b"Tom.\n")  # fmt: skip
    assert len(rows(lists.stdout)[0]["hypotheses"]) == 3


def test_languages_that_nothing_reads_are_told(s2s: Run, small_models: dict[str, Path]) -> None:
    arguments = ("generate", "-m", small_models["t5"], *FAST, "--to", "de")
    idle = s2s(*arguments, "--prompt", "{text}", stdin=b"Tom came.\n")
    assert b"--to de does not reach the model" in idle.stderr
    used = s2s(*arguments, "--prompt", "To {to}: {text}", stdin=b"Tom came.\n")
    assert b"does not reach" not in used.stderr
    assert (idle.returncode, used.returncode) == (0, 0)
    for task, *texts in (("translate",), ("summarize",), ("answer", "Who came?")):
        done = s2s(task, *arguments[1:], *texts, "--from", "en", stdin=b"Tom came.\n")
        said = done.stderr.decode()
        assert done.returncode == 0, said
        assert "--from en does not reach" in said, said
        assert "--to de does not reach" in said, said


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "message"),
    [
        (("--prompt", "{"), b"x", 2, "brace without a name"),
        (("--prompt", "{other}"), b"x", 65, "Line 1 has nothing for the slot {other}"),
        (("--prompt", "{b}", "--jsonl"), b'{"a": "x"}', 65, "the field 'b' is missing"),
        (("--prompt", "{text}"), b"Tom.\n" + b"word " * 2000, 65, "Line 2 has"),
        ((), b"x", 2, "Missing option '--prompt'"),
    ],
)
def test_prompts_that_cannot_be(
    s2s: Run, model: Path, arguments: tuple[str, ...], stdin: bytes, code: int, message: str
) -> None:
    done = s2s("generate", "-m", model, *FAST, *arguments, stdin=stdin)
    assert done.returncode == code
    assert message in done.stderr.decode()


def test_fields_that_no_document_has_are_named(
    s2s: Run, small_models: dict[str, Path], tmp_path: Path
) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.json").write_text('{"t": "Tom came home. He was tired.", "n": 1}')
    arguments = ("summarize", "-m", small_models["t5"], *FAST, docs, "-o", tmp_path / "out")
    done = s2s(*arguments, "--field", "t", "--field", "zz")
    assert done.returncode == 0, done.stderr
    assert b"warning: --field names nothing in any document: zz\n" in done.stderr
