"""``s2s rerank``, and ``s2s translate --rerank``, as people run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sacrebleu.metrics.chrf import CHRF

from s2scli.cli.main import run
from s2scli.models.convert.run import Labels, convert
from tests.conftest import GOLDEN, Run

LINES = "Where is the station?\n\nI have never seen such a thing in my life.\n"
MOSES = (
    "0 ||| das ist ein Haus ||| LM0= -12.3 TM0= -1 -2.5 ||| -4.5 ||| 0-1=0-1\n"
    "0 ||| das ist das Haus ||| LM0= -13 ||| -5\n"
    "0 ||| es ist das Haus ||| LM0= -11 ||| -6\n"
    "1 ||| ja ||| LM0= -1 ||| -1\n"
)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("in.txt").write_text(LINES)
    Path("moses.nbest").write_text(MOSES)
    Path("moses.en").write_text("this is the house\nyes\n")
    return tmp_path


def output(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run([*arguments]) == 0, capfd.readouterr().err
    return capfd.readouterr().out


def test_the_best_of_each_list(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert output(capfd, "rerank", "moses.nbest") == "das ist das Haus\nja\n"
    by_score = output(capfd, "rerank", "--rerank", "score", "moses.nbest")
    assert by_score == "das ist ein Haus\nja\n"
    mixed = ("--rerank", "mbr:chrf", "--rerank", "score=9")
    assert output(capfd, "rerank", *mixed, "moses.nbest") == "das ist ein Haus\nja\n"


def test_lists_of_moses_keep_their_fields(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rows = output(capfd, "rerank", "--format", "nbest", "moses.nbest").splitlines()
    texts = [row.split(" ||| ")[1] for row in MOSES.splitlines()[:3]]
    first = rows[0].split(" ||| ")
    others = [CHRF().sentence_score(texts[1], [texts[n]]).score / 200 for n in (0, 2)]
    assert first[:2] == ["0", "das ist das Haus"]
    assert first[2] == f"LM0= -13 score= -5.000000 mbr:chrf= {sum(others):.6f}"
    assert float(first[3]) == pytest.approx(sum(others), abs=1e-6)
    (kept,) = (row for row in rows if "ein Haus" in row)
    assert kept.startswith("0 ||| das ist ein Haus ||| LM0= -12.3 TM0= -1 -2.5 score= -4.500000")
    assert kept.endswith(" ||| 0-1=0-1")
    Path("again").write_text("\n".join(rows) + "\n")
    assert output(capfd, "rerank", "again") == "das ist das Haus\nja\n"


def test_lists_as_json_and_as_a_table(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    options = ("--format", "jsonl", "--n-best", "1", "--source", "moses.en")
    row = json.loads(output(capfd, "rerank", *options, "moses.nbest").splitlines()[0])
    assert (row["index"], row["source"], row["target"]) == (
        0,
        "this is the house",
        "das ist das Haus",
    )
    assert row["hypotheses"] == [{"text": "das ist das Haus", "features": "LM0= -13", "score": -5}]
    assert [each["rank"] for each in row["rerank"]["candidates"]] == [2, 3, 1]
    rows = output(capfd, "rerank", "--format", "tsv", "--n-best", "2", "moses.nbest").splitlines()
    assert [line.split("\t")[:2] for line in rows] == [
        ["0", "das ist das Haus"], ["0", "es ist das Haus"], ["1", "ja"]
    ]  # fmt: skip


def test_objects_keep_their_other_fields(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    objects = (
        '{"id": 1.10, "target": "x", "score": -1, "tokens": 3, '
        '"hypotheses": [{"text": "x", "score": -1, "a": 1}, {"text": "b c", "score": -2, "a": 2}, '
        '{"text": "b c d", "score": -3, "a": 3}]}\n'
        '{"hypotheses": ["a\\nb"]}\n{"hypotheses": [], "target": "left"}\n'
    )
    Path("a.jsonl").write_text(objects)
    assert output(capfd, "rerank", "a.jsonl") == "b c d\na b\nleft\n"
    text = output(capfd, "rerank", "--format", "jsonl", "a.jsonl").splitlines()[0]
    assert '"id": 1.10' in text
    row = json.loads(text)
    assert (row["target"], row["score"], row["tokens"]) == ("b c d", -3, None)
    assert [each["a"] for each in row["hypotheses"]] == [3, 2, 1]


def test_what_translate_wrote_is_reranked_as_translate_does(
    files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ranks = ("--rerank", "mbr:chrf", "--rerank", "ensemble:en-de=0.1")
    wanted = output(capfd, "translate", "--candidates", "8", *ranks, "in.txt")
    for format_, more in (("jsonl", ()), ("nbest", ("--source", "in.txt"))):
        options = ("--beam", "8", "--n-best", "8", "--format", format_, "-o", "lists")
        output(capfd, "translate", *options, "in.txt")
        assert output(capfd, "rerank", *ranks, *more, "lists") == wanted


def test_samples_are_reranked(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    samples = ("translate", "--sample", "--top-k", "20", "in.txt")
    text = output(capfd, *samples, "--rerank", "mbr:chrf", "--candidates", "8")
    output(capfd, *samples, "--n-best", "8", "--format", "jsonl", "-o", "lists")
    assert output(capfd, "rerank", "lists") == text


def test_a_model_of_several_languages_is_told_which(
    files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    convert(GOLDEN / "m2m100", Path("m2m100"), quantization="float32", labels=Labels(name="m2m100"))
    capfd.readouterr()
    options = ("--rerank", "reverse:./m2m100", "--source", "moses.en", "moses.nbest")
    assert run(["rerank", *options]) == 2
    assert "s2s: --rerank reverse:./m2m100: " in capfd.readouterr().err
    found = output(capfd, "rerank", "--from", "en", "--to", "de", "--format", "tsv", *options)
    assert len(found.splitlines()) == 4
    report = json.loads(
        output(capfd, "translate", "--rerank", "reverse:./m2m100", "--report", "r.json", "in.txt")
        and Path("r.json").read_text()
    )
    assert report["reranked"]["count"] == 2
    assert "|rerank:score=1+reverse-" in report["signature"]


def test_what_could_not_count_is_said(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Path("a.jsonl").write_text('{"source": "Yes.", "hypotheses": ["Ja.", "Nein."]}\n')
    assert run(["rerank", "--rerank", "ensemble:en-de", "a.jsonl"]) == 0
    captured = capfd.readouterr()
    assert captured.out == "Ja.\n"
    assert captured.err == "s2s: warning: lists without scores, and ranked without that: 1\n"
    assert run(["rerank", "--rerank", "ensemble:en-de", "--rerank", "score=0", "a.jsonl"]) == 0
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ("rerank --rerank reverse:nowhere moses.nbest", 69, "There is no model 'nowhere'"),
        ("rerank --rerank ensemble:en-de moses.nbest", 65, "line 1: the source of the list is not"),
        (
            "rerank --rerank ensemble:en-de --source in.txt -o x moses.nbest",
            65,
            "in.txt has more lines",
        ),
        ("rerank --rerank nonsense moses.nbest", 2, "'nonsense' is nothing to rank by"),
        ("rerank missing.nbest", 66, "There is no file missing.nbest"),
        ("rerank --source - --rerank ensemble:en-de", 2, "Standard input ('-') can be read only"),
        ("rerank -o moses.nbest moses.nbest", 2, "moses.nbest is both input and output"),
        ("translate --rerank mbr:chrf --beam 1 in.txt", 2, "nothing to choose from"),
        ("translate --rerank mbr:chrf --sample in.txt", 2, "nothing to choose from"),
        ("translate --rerank reverse:en-de in.txt", 2, "en-de does not read 'de'"),
        ("translate --rerank reverse:en-de in.txt -o out.txt", 2, "en-de does not read 'de'"),
        ("translate --rerank reverse:en-de --suffix .de in.txt", 2, "en-de does not read 'de'"),
    ],
)
def test_one_line_says_what_is_wrong(
    arguments: str, code: int, reason: str, files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments.split()) == code
    captured = capfd.readouterr()
    assert captured.out == ""
    assert reason in captured.err
    assert captured.err.count("\n") == 1


def test_models_of_the_wrong_way_are_named(files: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """From the languages that the texts are in, where nobody says which they are."""
    lists = ("--source", "moses.en", "moses.nbest")
    for kind, languages, warns in (
        ("reverse", (), True),
        ("ensemble", (), False),
        ("ensemble", ("--from", "en", "--to", "de"), False),
    ):
        assert run(["rerank", "--rerank", f"{kind}:en-de", *languages, *lists]) == 0
        said = (
            "--rerank reverse:en-de: the model goes from en to de, and is given texts from de to en"
        )
        assert (said in capfd.readouterr().err) == warns


def test_a_variable_has_one_value_a_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("Please open the Blue Door and Old Gate.\n")
    monkeypatch.setenv("S2S_TRANSLATE_PROTECT", "Blue Door\nOld Gate\n")
    found = output(capfd, "translate", str(tmp_path / "a.txt"))
    assert "Blue Door" in found
    assert "Old Gate" in found


def test_a_preference_that_has_nothing_to_choose_from_passes_by(
    files: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = output(capfd, "translate", "--beam", "1", "in.txt")
    sampled = output(capfd, "translate", "--sample", "in.txt")
    monkeypatch.setenv("S2S_TRANSLATE_RERANK", "mbr:chrf\nscore=0.5")
    assert output(capfd, "translate", "--beam", "1", "in.txt") == plain
    assert output(capfd, "translate", "--sample", "in.txt") == sampled
    rows = output(capfd, "translate", "--format", "jsonl", "in.txt").splitlines()
    assert set(json.loads(rows[0])["rerank"]["candidates"][0]) >= {"mbr:chrf", "score"}


def test_lists_before_a_bad_line_are_written(s2s: Run) -> None:
    done = s2s("rerank", stdin=b"0 ||| a\n1 ||| b\n3 ||| c\n")
    assert done.returncode == 65
    assert done.stdout == b"a\n"
    assert done.stderr == (
        b"s2s: line 3: index 3 follows, and there is no list 2. "
        b"Lists are numbered from 0, without gaps.\n"
    )


def test_a_list_too_long_for_a_model_is_said_at_the_end(
    files: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    convert(GOLDEN / "m2m100", Path("m2m100"), quantization="float32", labels=Labels(name="m2m100"))
    Path("long.txt").write_text("The house is old and the garden is large. " * 9 + "\nYes.\n")
    capfd.readouterr()
    assert run(["translate", "--guard", "off", "--rerank", "reverse:./m2m100", "long.txt"]) == 0
    said = "lines too long for reverse:./m2m100, and ranked without that: 1"
    assert capfd.readouterr().err == f"s2s: warning: {said}\n"
