"""``s2s judge make``: the folder that it writes, and what it refuses."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from s2scli.cli.main import run
from s2scli.judging.design import read_design
from s2scli.judging.kinds import KINDS
from tests.conftest import Run

SOURCE = [f"Source number {n}." for n in range(8)]
FILES = {
    "source.en": SOURCE,
    "online-x.de": [f"Ausgabe eins zur Quelle {n}, ja." for n in range(8)],
    "online-y.de": [f"Hier steht als zweite {n} etwas anderes." for n in range(8)],
    "ref.de": [f"Die Referenz mit der Nummer {n} ist gut." for n in range(8)],
    "docs": ["d1"] * 4 + ["d2"] * 4,
    "short.de": ["x"] * 7,
    "blank.en": [""] * 8,
    "halfblank.en": ["", *SOURCE[1:]],
    "halfblank.de": [f"Satz {n}" for n in range(7)] + [" "],
}
THREE = ["source.en", "online-x.de", "online-y.de"]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, lines in FILES.items():
        Path(name).write_text("".join(f"{line}\n" for line in lines), "utf-8")


def made(*arguments: str) -> int:
    return run(["judge", "make", *THREE, "-o", "out", *arguments])


def files() -> dict[str, bytes]:
    return {
        str(path.relative_to("out")): path.read_bytes()
        for path in sorted(Path("out").rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_sheets_say_nothing_of_systems_and_controls(kind: str) -> None:
    options = ("--kind", kind, "--reference", "ref.de", "--documents", "docs", "--annotators", "2")
    assert made(*options) == 0
    design = read_design(Path("out"))
    assert design.systems == ("online-x", "online-y")
    found = files()
    assert sorted(found) == [
        "design.json",
        *(f"sheets/annotator-{n}.{kind}" for n in (1, 2) for kind in ("csv", "html")),
    ]
    assert Path("out/answers").is_dir()
    for name, data in found.items():
        if name != "design.json":
            text = data.decode()
            assert not re.search(
                r"online-|\.de\b|\.en\b|control|damaged|\"repeat|\bd1\b|12345", text
            )
            ids = re.findall(r"t\d{9}", text)
            own = [task.id for task in design.sheet(Path(name).stem)]
            assert [each for each in ids if each != design.id] == own


def test_pages_need_no_network() -> None:
    assert made() == 0
    text = Path("out/sheets/annotator-1.html").read_text("utf-8")
    assert not re.search(r"(src|href)\s*=\s*[\"']?(http|//)|url\(|@import|https?:", text)


def test_the_same_seed_gives_the_same_bytes(s2s: Run) -> None:
    options = ("--kind", "mqm", "--reference", "ref.de", "--annotators", "3", "--overlap", "2")
    assert made(*options) == 0
    first = files()
    done = s2s("judge", "make", *THREE, "-o", "other", *options)
    assert done.returncode == 0
    assert all(Path("other", name).read_bytes() == data for name, data in first.items())
    done = s2s("judge", "make", *THREE, "-o", "third", *options, "--seed", "1")
    assert Path("third/design.json").read_bytes() != first["design.json"]


def test_what_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert made("--reference", "ref.de", "--annotators", "2", "--overlap", "2") == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "s2s: out: sheets: 2; items: 8; tasks: 32; controls: damaged 4, reference 4, repeat 4; "
        "for each annotator: 22\n"
    )


def test_blank_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["judge", "make", "halfblank.en", "halfblank.de", "-o", "out"]) == 0
    said = capsys.readouterr().err
    assert "segments left out, since their source is blank: 1" in said
    assert "blank outputs of halfblank: 1" in said
    assert [segment.id for segment in read_design(Path("out")).segments] == list("2345678")


def test_texts_that_are_too_long_for_a_spreadsheet(capsys: pytest.CaptureFixture[str]) -> None:
    Path("long.de").write_text("x" * 32_768 + "\n" + "x\n" * 7)
    assert run(["judge", "make", "source.en", "long.de", "-o", "out"]) == 0
    assert "32,767 characters of a spreadsheet's cell: 1;" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "counts"),
    [
        ((), {"": 16, "damaged": 2, "repeat": 2}),
        (("--control", "none"), {"": 16}),
        (("--control", "none", "--control", "damaged=50"), {"": 16, "damaged": 8}),
        (("--control", "repeat=0"), {"": 16, "damaged": 2}),
    ],
)
def test_controls(options: tuple[str, ...], counts: dict[str, int]) -> None:
    assert made(*options) == 0
    assert Counter(task.control for task in read_design(Path("out")).tasks) == counts


def test_scales_and_json_lines() -> None:
    Path("s.jsonl").write_text(json.dumps({"source": "One."}) + "\n")
    Path("h.jsonl").write_text(json.dumps({"target": "Eins."}) + "\n")
    assert run(["judge", "make", "s.jsonl", "h.jsonl", "--scale", "5", "-o", "out"]) == 0
    design = read_design(Path("out"))
    assert design.criteria[0] == ("adequacy", 1, 5)
    assert design.segments[0].outputs == {"h": "Eins."}


def test_systems_with_the_same_name() -> None:
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(name, "out.de").write_bytes(Path("online-x.de").read_bytes())
    assert run(["judge", "make", "source.en", "one/out.de", "two/out.de", "-o", "out"]) == 0
    assert read_design(Path("out")).systems == ("one/out.de", "two/out.de")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((*THREE, "short.de"), 65, "source.en has 8 lines, short.de has 7"),
        ((*THREE, "--reference", "short.de"), 65, "short.de has 7"),
        ((*THREE, "--documents", "short.de"), 65, "short.de has 7"),
        (("blank.en", "online-x.de"), 65, "blank.en is empty"),
        (("none.en", "online-x.de"), 66, "Cannot read none.en"),
        ((*THREE, "online-x.de"), 2, "online-x.de is given twice"),
        ((*THREE, "--items", "9"), 2, "There are 8 items to judge, and --items is 9"),
        ((*THREE, "--annotators", "9"), 2, "are too few"),
        ((*THREE, "--annotators", "3", "--documents", "docs"), 2, "2 documents"),
        ((*THREE, "--overlap", "2"), 2, "2 annotators cannot see each item: there are 1"),
        ((*THREE[:2], "--kind", "relative"), 2, "--kind relative compares systems"),
        ((*THREE, "--control", "repeat=5", "--control", "repeat=9"), 2, "repeat is given twice"),
        ((*THREE, "--control", "bad=1"), 2, "There is no control 'bad'"),
        ((*THREE, "--control", "repeat=x"), 2, "'x' is not a valid number"),
        ((*THREE, "--control", "repeat"), 2, "'repeat' has no share"),
        ((*THREE, "--control", "repeat=101"), 2, "101.0 is not in the range"),
        ((*THREE, "--control", "reference=5"), 2, "needs references"),
    ],
)
def test_what_is_refused(
    arguments: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["judge", "make", *arguments, "-o", "out"]) == code
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert not Path("out").exists()


def test_answers_are_never_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    assert made() == 0
    Path("out/answers/annotator-1.json").write_text("{}")
    before = files()
    assert made() == 73
    assert "out exists already" in capsys.readouterr().err
    assert files() == before
