"""What earlier runs wrote is known to later ones, whatever journal they have."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.memory.outputs import FILE, LastOutput, Outputs, mark
from tests.conftest import Run

FAST = ("--beam", 1, "--max-length", 30, "--threads", 1)
STAYED = b"Texts that an earlier run wrote in it stay as they are: "
CHANGED = b"What had been written for it was changed since; that is now "


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("name", "source", "added", "expected"),
    [
        (
            "a.md",
            "The house is **old**.\n\n- Where is the station?\n",
            "\nI am tired.\n",
            "Das Haus ist **alt**.\n\n- Wo ist der Bahnhof?\n\nIch bin müde.\n",
        ),
        (
            "a.properties",
            "a = The house is old.\nb = Hello, {0}!\n",
            "c = I am tired.\n",
            "a = Das Haus ist alt.\nb = Hallo, {0}!\nc = Ich bin m\\u00fcde.\n",
        ),
    ],
)
def test_what_was_written_in_place_is_no_source(
    s2s: Run, tmp_path: Path, name: str, source: str, added: str, expected: str
) -> None:
    """Nor is it for another run, of the folder above it or with other options."""
    file = tmp_path / "docs" / name
    file.parent.mkdir()
    file.write_text(source)
    assert STAYED not in s2s("translate", file, "--in-place", *FAST).stderr
    with file.open("a") as end:
        end.write(added)
    done = s2s("translate", tmp_path / "docs", "--in-place", *FAST)
    assert (done.returncode, STAYED + b"2." in done.stderr) == (0, True)
    assert file.read_text() == expected
    written = file.stat()
    assert s2s("translate", file, "--in-place", "--beam", 2, "--threads", 1).returncode == 0
    assert file.stat() == written
    with file.open("a") as end:
        end.write(added.replace("c = ", "d = "))
    assert STAYED + b"3." in s2s("translate", file, "--in-place", *FAST).stderr


def test_an_edited_output_is_kept_whoever_wrote_it(s2s: Run, tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "out"
    docs.mkdir()
    out.mkdir()
    (docs / "a.md").write_text("The house is old.\n")
    alone = ("translate", docs / "a.md", "-o", out / "a.md", *FAST)
    together = ("translate", docs, "-o", out, *FAST)
    assert CHANGED not in s2s(*alone).stderr
    for number, run in (("", together), ("2", alone), ("3", together)):
        (out / "a.md").write_text(f"Mein Haus{number}.\n")
        assert CHANGED + f"a.md.bak{number}".encode() in s2s(*run).stderr
        assert (out / "a.md").read_text() == "Das Haus ist alt.\n"
        assert (out / f"a.md.bak{number}").read_text() == f"Mein Haus{number}.\n"
    # What another run wrote is as it was written.
    (docs / "a.md").write_text("I am tired.\n")
    assert CHANGED not in s2s(*alone).stderr
    (docs / "a.md").write_text("Where is the station?\n")
    assert CHANGED not in s2s(*together).stderr


def test_runs_go_on_without(s2s: Run, tmp_path: Path) -> None:
    """Where the file is damaged it is begun again; where it cannot be, nothing is known."""
    folder = tmp_path / "cache" / "s2s"
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(b"no database" * 1000)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("I am tired.\n")
    for number in range(2):
        done = s2s("translate", tmp_path / "docs", "-o", tmp_path / f"out{number}", *FAST)
        assert done.returncode == 0
        assert b"error" not in done.stderr
    place, output = tmp_path / "docs" / "a.md", LastOutput("hash", "de", frozenset([mark("Ja.")]))
    for known in (Outputs(), Outputs(folder / FILE), Outputs(folder)):
        known.wrote(place, output)
        assert known.of(place) in (None, output)
        known.close()
    assert Outputs(folder).of(place) == output
