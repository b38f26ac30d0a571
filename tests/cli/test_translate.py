"""``s2s translate`` as a process: results, formats, options, errors."""

from __future__ import annotations

import gzip
import json
import os
import resource
import sys
from pathlib import Path

import pytest

from tests.conftest import Run

LINES = b"Where is the station?\n\nI am hungry.\r\n   \nThe weather is nice today."


def test_lines_in_lines_out(s2s: Run) -> None:
    done = s2s("translate", stdin=LINES)
    assert done.returncode == 0
    assert done.stderr == b""
    lines = done.stdout.split(b"\n")
    assert [line.endswith(b"\r") for line in lines] == [False, False, True, False, False]
    assert lines[0] == b"Wo ist der Bahnhof?"
    assert lines[1] == b""
    assert lines[3] == b"   "
    assert lines[4]
    assert b"Hunger" in lines[2] or b"hungrig" in lines[2]


def test_files_and_standard_input_in_order(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("I am hungry.")
    done = s2s("translate", tmp_path / "a", "-", tmp_path / "a", stdin=b"Hello!\n\n")
    first, second, blank, third = done.stdout.decode().split("\n")
    assert first == third != second
    assert blank == ""


def test_nothing_in_nothing_out(s2s: Run) -> None:
    done = s2s("translate")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_jsonl(s2s: Run) -> None:
    done = s2s("translate", "--format", "jsonl", "--n-best", 2, stdin=LINES)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["index"] for row in rows] == [0, 1, 2, 3, 4]
    assert [row["source"] for row in rows] == LINES.decode().replace("\r", "").split("\n")
    assert rows[0]["target"] == rows[0]["hypotheses"][0]["text"] == "Wo ist der Bahnhof?"
    assert rows[0]["score"] == rows[0]["hypotheses"][0]["score"] < 0
    assert len(rows[0]["hypotheses"]) == 2
    assert rows[1] == {
        "schema": 1,
        "index": 1,
        "source": "",
        "target": "",
        "score": None,
        "tokens": 0,
        "truncated": False,
        "hypotheses": [],
    }


def test_tsv(s2s: Run) -> None:
    done = s2s("translate", "--format", "tsv", "--scores", stdin=b"I am\thungry.\n\n\\n\n")
    rows = [line.split("\t") for line in done.stdout.decode().split("\n")]
    assert [len(row) for row in rows] == [3, 3, 3, 1]
    assert rows[0][0] == "I am\\thungry."
    assert float(rows[0][2]) < 0
    assert rows[1] == ["", "", ""]
    assert rows[2][0] == "\\\\n"


def test_nbest(s2s: Run) -> None:
    done = s2s("translate", "--format", "nbest", "--n-best", 3, stdin=b"I am hungry.\n\n")
    rows = [line.split(" ||| ") for line in done.stdout.decode().splitlines()]
    assert [row[0] for row in rows] == ["0", "0", "0", "1"]
    assert all(len(row) == 4 for row in rows)
    scores = [float(row[3]) for row in rows[:3]]
    assert scores == sorted(scores, reverse=True)


def test_scores_in_front_of_text(s2s: Run) -> None:
    plain = s2s("translate", stdin=LINES).stdout.split(b"\n")
    scored = s2s("translate", "--scores", stdin=LINES).stdout.split(b"\n")
    fields = [line.split(b"\t") for line in scored]
    assert [text for _, text in fields] == plain
    assert [bool(score) for score, _ in fields] == [True, False, True, False, True]


def test_an_output_file_and_its_permissions(s2s: Run, tmp_path: Path) -> None:
    expected = s2s("translate", stdin=LINES).stdout
    target, link = tmp_path / "out.txt", tmp_path / "link"
    done = s2s("translate", "-o", target, stdin=LINES)
    assert (done.returncode, done.stdout) == (0, b"")
    assert target.read_bytes() == expected
    target.chmod(0o640)
    link.symlink_to(target)
    s2s("translate", "-o", link, stdin=b"Hello!\n")
    assert link.is_symlink()
    assert target.read_bytes() != expected
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "out.txt"]
    assert s2s("translate", "-o", "/dev/null", stdin=LINES).returncode == 0


def test_options_reach_the_engine(s2s: Run) -> None:
    done = s2s(
        *("translate", "-v", "--beam", 2, "--length-penalty", 0.5, "--max-length", 7),
        *("--threads", 1, "--compute-type", "float32", "--batch-tokens", 64),
        stdin=LINES,
    )
    notes = done.stderr.decode()
    for note in ("beam_size 2 (flag)", "length_penalty 0.5 (flag)", "max_length 7 (flag)"):
        assert note in notes
    assert "in float32, 1 workers of 1 threads" in notes
    assert "n_best 1 (default)" in notes
    assert "5 lines" in notes


def test_settings_file_and_environment(s2s: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config.yaml"
    settings.write_text("translate:\n  beam: 3\n  max-length: 9\n")
    environment = {**os.environ, "S2S_CONFIG": str(settings), "S2S_TRANSLATE_MAX_LENGTH": "8"}
    notes = s2s("translate", "-v", stdin=LINES, env=environment).stderr.decode()
    assert "beam_size 3 (settings file)" in notes
    assert "max_length 8 (environment)" in notes
    notes = s2s("translate", "-v", "--beam", 2, stdin=LINES, env=environment).stderr.decode()
    assert "beam_size 2 (flag)" in notes


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("translate:\n  beem: 3\n", "translate has no option 'beem'. Did you mean beam?"),
        ("trnslate:\n  beam: 3\n", "no command 'trnslate'. Did you mean translate?"),
        ("translate: 3\n", "does not map options"),
        ("beam: 3\n", "Write options below the command"),
        ('translate: {model: "\\ud800"}\n', "is not YAML: line 1: U+D800 is no character"),
        ('translate: {model: "a\\0"}\n', "is not YAML: line 1: U+0000 is no character"),
        ("- a\n", "does not map commands"),
        ("a: [\n", "is not YAML"),
        ("translate:\n  beam: 3\n  beam: 4\n", "line 3: 'beam' comes twice"),
        ("translate:\n\tbeam: 3\n", "is not YAML: line 2: found character '\\t'"),
        ("translate: {beam: 1}\n\0", "is not YAML: line 2: the character U+0000"),
        ("[" * 5000, "is not YAML: it is nested too deeply"),
        ("translate: {beam: 1_0}\n", "Invalid value for '--beam': '1_0'"),
        ("translate:\n  beam: yes\n", "Invalid value for '--beam': 'yes'"),
        ("translate:\n  beam: [2, 3]\n", "translate: beam takes one value, not 2"),
        ("translate:\n  beam: {a: 2}\n", "translate: beam must be a value"),
        ("translate:\n  include: [[a]]\n", "translate: include must be a value, or a list"),
    ],
)
def test_wrong_settings(s2s: Run, tmp_path: Path, text: str, complaint: str) -> None:
    settings = tmp_path / "config.yaml"
    settings.write_text(text)
    done = s2s("translate", stdin=LINES, env={**os.environ, "S2S_CONFIG": str(settings)})
    assert done.returncode == (2 if complaint.startswith("Invalid value") else 78)
    assert_one_line(done.stderr, complaint)


@pytest.mark.parametrize(
    ("arguments", "variable", "meant"),
    [
        (("translate",), "S2S_TRANSLATE_BEEM", "S2S_TRANSLATE_BEAM"),
        (("models", "list"), "S2S_MODELS_LIST_TASKS", "S2S_MODELS_LIST_TASK"),
        (("translate",), "S2S_BEAM", "S2S_TRANSLATE_BEAM"),
        (("translate",), "S2S_HOMES", "S2S_HOME"),
        (("models", "list"), "S2S_MODELS_TASK", "S2S_MODELS_LIST_TASK"),
    ],
)
def test_variables_that_name_no_option(
    s2s: Run, arguments: tuple[str, ...], variable: str, meant: str
) -> None:
    done = s2s(*arguments, stdin=b"Hello.\n", env={**os.environ, variable: "3"})
    assert done.returncode == 78
    assert done.stdout == b""
    assert f"Did you mean {meant}?" in done.stderr.decode()


def test_settings_that_are_not_utf8(s2s: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config.yaml"
    for data, place in ((b"# x\ntranslate: {to: \xff}", 2), ("a: b".encode("utf-16"), 1)):
        settings.write_bytes(data)
        done = s2s("translate", stdin=LINES, env={**os.environ, "S2S_CONFIG": str(settings)})
        assert done.returncode == 78
        assert_one_line(done.stderr, f"config.yaml: line {place} is not UTF-8 (0xff). Save it as")


def test_sections_without_values(s2s: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config.yaml"
    settings.write_text("translate:\nmodels:\n  list:\n")
    done = s2s("models", "list", env={**os.environ, "S2S_CONFIG": str(settings)})
    assert done.returncode == 0, done.stderr


def test_settings_are_read_as_they_are_written(s2s: Run, tmp_path: Path) -> None:
    settings = tmp_path / "config.yaml"
    text = "\ufefftranslate:\n  to: no\n  scores: yes\n  beam:\n  fail-fast: off\n  format: null\n"
    settings.write_text(text, "utf-8")
    environment = {**os.environ, "S2S_CONFIG": str(settings)}
    done = s2s("translate", "-m", "en-de", stdin=LINES, env=environment)
    assert_one_line(done.stderr, "does not write 'no'")
    done = s2s("translate", "-m", "en-de", "--to", "de", stdin=b"Hello!\n", env=environment)
    assert done.returncode == 0, done.stderr
    score, target = done.stdout.split(b"\t")
    assert float(score) < 0
    assert target == b"Hallo!\n"


def test_one_value_or_several_in_settings(s2s: Run, tmp_path: Path) -> None:
    settings, docs = tmp_path / "config.yaml", tmp_path / "docs"
    docs.mkdir()
    for name in ("a.txt", "b.md", "c.srt"):
        (docs / name).write_text("Hello!\n")
    environment = {**os.environ, "S2S_CONFIG": str(settings)}
    for include, expected in (("'*.txt'", ["a.txt"]), ("['*.txt', '*.md']", ["a.txt", "b.md"])):
        settings.write_text(f"translate:\n  include: {include}\n  device-index: [0, 1]\n")
        out = tmp_path / str(len(expected))
        done = s2s("translate", docs, "-o", out, "--threads", 1, env=environment)
        assert done.returncode == 0, done.stderr
        assert sorted(path.name for path in out.iterdir() if path.name[0] != ".") == expected


def test_a_settings_file_that_is_named_must_exist(s2s: Run, tmp_path: Path) -> None:
    for name, code in (("nothing.yaml", 78), ("", 0), (os.devnull, 0)):
        given = str(tmp_path / name) if name.endswith("yaml") else name
        done = s2s("translate", stdin=b"", env={**os.environ, "S2S_CONFIG": given})
        assert done.returncode == code
        if code:
            assert_one_line(done.stderr, "There is no settings file", given, "S2S_CONFIG")


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory differ")
@pytest.mark.parametrize("megabytes", [*range(60, 300, 40), *range(300, 900, 100)])
def test_too_little_address_space_is_one_line(s2s: Run, megabytes: int) -> None:
    limit = megabytes << 20

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = s2s("translate", "--threads", 1, stdin=b"Hello!\n", preexec_fn=limited)
    if done.returncode:
        assert done.returncode == 69
        assert_one_line(done.stderr, "There is not enough memory", "ulimit -v")
        assert done.stdout == b""
    else:
        assert done.stdout == b"Hallo!\n"


def test_truncated_outputs_are_named(s2s: Run) -> None:
    done = s2s("translate", "--max-length", 3, stdin=LINES)
    assert done.returncode == 0
    assert_one_line(done.stderr, "cut off: 3 (lines 1, 3, 5)", "--max-length")
    assert s2s("translate", "-q", "--max-length", 3, stdin=LINES).stderr == b""
    rows = s2s("translate", "--max-length", 3, "--format", "jsonl", stdin=LINES).stdout
    truncated = [json.loads(line)["truncated"] for line in rows.splitlines()]
    assert truncated == [True, False, True, False, True]


def test_input_that_is_not_utf8(s2s: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_bytes(b"I am hungry.\nbad \xff\nHello!\n")
    done = s2s("translate", source)
    assert done.returncode == 65
    assert done.stdout.count(b"\n") == 1, "the good line before it is not lost"
    assert_one_line(done.stderr, "in.txt: line 2, byte 5", "0xff")
    assert s2s("translate", source, "-o", target).returncode == 65
    assert not target.exists()
    done = s2s("translate", "--encoding-errors", "replace", source)
    assert done.returncode == 0
    assert done.stdout.count(b"\n") == 3
    assert_one_line(done.stderr, "input that is not UTF-8, lines: 1 (first:", "line 2, byte 5")


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["--beamm", "4"], 2, "Did you mean '--beam'?"),
        (["--beam", "0"], 2, "--beam"),
        (["--beam", "x"], 2, "--beam"),
        (["--n-best", "3"], 2, "--format nbest"),
        (["--n-best", "3", "--beam", "2", "--format", "jsonl"], 2, "Use --beam 3"),
        (["--compute-type", "int4"], 2, "int4"),
        (["--compute-type", "float16"], 69, "Choose one of"),
        (["--device-index", "a"], 2, "'a' is not a valid integer"),
        (["-", "-"], 2, "only once"),
        (["missing.txt"], 66, "There is no file missing.txt"),
        (["/"], 2, "need an output for their translations"),
        (["-m", "en-dee"], 69, "Did you mean en-de?"),
        (["-m", "/nonexistent"], 69, "There is no model directory"),
        (["-m", "/"], 65, "is not a converted model"),
        (["--from", "fr"], 69, "No installed model"),
        (["-m", "en-de", "--to", "fr"], 2, "does not write 'fr'"),
        (["-o", "/nonexistent/x"], 73, "Cannot create"),
        (["-o", "/dev/full"], 74, "No space left"),
        (["a\x1b[31mb"], 66, "a\\x1b[31mb"),
    ],
)
def test_errors_are_one_line_with_a_code(
    s2s: Run, arguments: list[str], code: int, complaint: str
) -> None:
    done = s2s("translate", *arguments, stdin=b"Hello!\n")
    assert (done.returncode, done.stdout) == (code, b"")
    assert_one_line(done.stderr, complaint)


def test_input_and_output_may_not_be_one_file(s2s: Run, tmp_path: Path) -> None:
    file = tmp_path / "text"
    file.write_text("Hello!\n")
    done = s2s("translate", file, "-o", file)
    assert done.returncode == 2
    assert file.read_text() == "Hello!\n"


def test_another_model(s2s: Run, tmp_path: Path, golden_checkpoint: Path) -> None:
    done = s2s("convert", golden_checkpoint, "-o", tmp_path / "tiny", "--quantization", "float32")
    assert done.returncode == 0
    table = dict(line.split(None, 1) for line in done.stderr.decode().splitlines())
    assert table["family"] == "marian"
    assert table["parameters"] == "0.3 million"
    assert table["float32"] == "1.9 MB"
    golden = json.loads((golden_checkpoint.parent / "marian-tiny.json").read_text("utf-8"))["runs"][
        0
    ]
    stdin = "\n".join(golden["sources"][:50]).encode()
    done = s2s("translate", "-m", tmp_path / "tiny", "--beam", 4, stdin=stdin)
    assert done.stdout.decode().split("\n") == golden["texts"]["4"][:50]


def assert_one_line(stderr: bytes, *parts: str) -> None:
    text = stderr.decode()
    assert text.startswith("s2s: ")
    assert text.count("\n") == 1
    assert text.endswith("\n")
    for part in parts:
        assert part in text


MESSAGES = b"""Hello {name}, you have %(count)d new messages since %s in {a}{b}{c}{d}.
Where is the station?

%s
"""


def test_lines_keep_placeholders_and_terms(s2s: Run, tmp_path: Path) -> None:
    terms, report = tmp_path / "terms.tsv", tmp_path / "report"
    terms.write_text("station\tHaltestelle\nzebra\tStreifenpferd\n")
    options = ("--protection", "--glossary", terms)
    done = s2s("translate", *options, "--report", report, stdin=MESSAGES)
    assert done.returncode == 0
    lines = done.stdout.decode().split("\n")
    for placeholder in ("{name}", "%(count)d", "%s", "{a}", "{b}", "{c}", "{d}"):
        assert lines[0].count(placeholder) == 1
    assert "Haltestelle" in lines[1]
    assert lines[2:] == ["", "%s", ""]
    facts = json.loads(report.read_text())
    assert sum(facts["protection"].values()) == 4
    assert (facts["terms_met"], facts["terms_missed"]) == (1, 0)
    done = s2s("translate", *options, "--format", "jsonl", stdin=MESSAGES)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["target"] for row in rows] == lines[:-1]
    assert all(row["protection"].keys() == {"how", "left_out"} for row in rows)
    assert rows[1]["terms"]["met"] == [{"source": "station", "target": "Haltestelle"}]


def test_what_a_bad_model_loses_is_said(s2s: Run, tmp_path: Path, golden_checkpoint: Path) -> None:
    assert s2s("convert", golden_checkpoint, "-o", tmp_path / "m").returncode == 0
    terms = tmp_path / "terms.tsv"
    terms.write_text("zebra\tStreifenpferd\n")
    done = s2s(
        "translate", "-m", tmp_path / "m", "--protect", r"ACME-\d", "--glossary", terms,
        stdin=b"Order ACME-7 and %(name)s for the zebra.\n",
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.count(b"ACME-7") == done.stdout.count(b"%(name)s") == 1
    assert b"(line" in done.stderr or b"zebra" in done.stderr
    assert done.stderr.count(b"\n") == done.stderr.count(b"s2s: warning: ")


def test_without_protection_lines_are_the_models(s2s: Run) -> None:
    plain = s2s("translate", stdin=MESSAGES)
    assert s2s("translate", "--no-protection", stdin=MESSAGES).stdout == plain.stdout


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--no-protection", "--protect", "x"), "--protect cannot be combined"),
        (("--no-protection", ".", "-o", "out/"), "--no-protection is for lines"),
        (("--protect", "("), "regular expression"),
        (("--glossary", "missing.tsv"), "missing.tsv"),
    ],
)
def test_wrong_steps(s2s: Run, tmp_path: Path, arguments: tuple[str, ...], complaint: str) -> None:
    done = s2s("translate", *arguments, stdin=b"Hi\n", cwd=tmp_path)
    assert done.returncode == 2 or b"missing" in done.stderr
    assert complaint in done.stderr.decode()
    assert done.stdout == b""


def test_signature_stands_on_stderr_and_in_the_report(s2s: Run, tmp_path: Path) -> None:
    report = tmp_path / "run.json"
    flags = ("--signature", "--report", report, "--protect", "x+")
    done = s2s("translate", *flags, stdin=b"Where is the station?\n")
    signature = json.loads(report.read_text())["signature"]
    assert done.stderr.decode() == f"s2s: signature: {signature}\n"
    assert "|steps:protection-" in signature
    page = tmp_path / "a.md"
    page.write_text("# Garden\n")
    target = tmp_path / "b.md"
    done = s2s("translate", page, "-o", target, "--signature", "--report", report)
    signature = json.loads(report.read_text())["signature"]
    assert f"s2s: signature: {signature}\n" in done.stderr.decode()
    assert "|unit:" in signature
    assert "|steps:protection|" in signature


def test_the_search_of_the_reference(s2s: Run) -> None:
    done = s2s("translate", "--search", "reference", "-v", stdin=b"Where is the station?\n")
    assert done.stdout.decode() == "Wo ist der Bahnhof?\n"
    assert b"search reference (flag)" in done.stderr
    done = s2s("translate", "--search", "reference", "--coverage-penalty", 0.2, stdin=b"Yes.\n")
    assert done.returncode == 2
    assert b"--coverage-penalty" in done.stderr


def test_documents_that_are_read_as_lines_are_said(s2s: Run, tmp_path: Path) -> None:
    for name in ("a.md", "c.txt"):
        (tmp_path / name).write_text("Hello!\n")
    done = s2s("translate", "a.md", "c.txt", "-", cwd=tmp_path)
    assert done.returncode == 0
    notes = done.stderr.decode().splitlines()
    assert [note[: note.index(",")] for note in notes] == ["s2s: note: a.md is read line by line"]


@pytest.mark.parametrize(
    ("name", "option", "is_said"),
    [
        ("a.tsv", "--tsv-column=1", False),
        ("a.po", "--tsv-column=1", True),
        ("a.yaml", "--tsv-column=1", True),
        ("a.jsonl", "--jsonl-field=a", False),
        ("a.csv", "--jsonl-field=a", True),
    ],
)
def test_documents_whose_lines_are_no_records_are_said(
    s2s: Run, tmp_path: Path, name: str, option: str, is_said: bool
) -> None:
    (tmp_path / name).write_text('{"a": "Hello!"}\n')
    done = s2s("translate", option, name, cwd=tmp_path)
    assert (f"{name} is read line by line" in done.stderr.decode()) == is_said


@pytest.mark.parametrize("name", ["x.ttml", "x.DFXP", "x.sbv", "x.lrc", "x.smi", "x.tex", "x.typ"])
def test_markup_of_no_known_format_is_not_read_as_lines(
    s2s: Run, tmp_path: Path, name: str
) -> None:
    """Its tags would be translated; from standard input, or by that name, text is asked for."""
    (tmp_path / name).write_text("<tt><p>The house</p></tt>\n")
    (tmp_path / "a.txt").write_text("Hello!\n")
    for more in ([], ["-o", "new/out"]):
        (tmp_path / "new").mkdir(exist_ok=True)
        done = s2s("translate", "a.txt", name, *more, cwd=tmp_path)
        assert done.returncode == 65
        assert done.stdout == b""
        assert f"s2s: {name} has markup of a format that is not known" in done.stderr.decode()
        assert b"--input-format text" in done.stderr
    assert not any((tmp_path / "new").iterdir())


@pytest.mark.parametrize("name", ["x.1", "x.3pm", "x.8.gz", "log.1"])
def test_manual_pages_are_not_read_as_lines(s2s: Run, tmp_path: Path, name: str) -> None:
    """By their beginnings, for other files have such names too."""
    text = b"Hello!\n" if name == "log.1" else b'.\\" A comment\n.TH FOO 1\nHello!\n'
    (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    done = s2s("translate", name, cwd=tmp_path)
    assert done.returncode == (0 if name == "log.1" else 65)


def test_the_resources_of_android_are_of_a_known_format(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "strings.xml").write_text("<resources>\n")
    done = s2s("translate", "strings.xml", cwd=tmp_path)
    assert done.returncode == 0
    assert b"strings.xml is read line by line" in done.stderr
    (tmp_path / "strings.xml").write_text("<other>\n")
    done = s2s("translate", "strings.xml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (65, b"")
