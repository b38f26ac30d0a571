"""Ignore files mean what git takes them to mean."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from s2scli.disk.ignore import Ignored
from s2scli.errors import BadInputError
from s2scli.tasks.tree import Destination, Selection, jobs

FILES = [
    "a.txt", "b.txt", "sub/a.txt", "sub/c.txt", "sub/deep/a.txt", "sub/deep/d.txt", "build/x.txt",
    "sub/build/x.txt", "build.txt", "notes/a b.txt", "notes/#x.txt", "notes/!y.txt", "n/[z].txt",
    "n/z.txt", "n/1.txt", "n/äöü.txt", "deep/er/still/a.txt", "x/y/z.txt", "sub/x/y/z.txt",
]  # fmt: skip
RULES = [
    {"": "a.txt\n"},
    {"": "/a.txt\n"},
    {"": "build/\n"},
    {"": "build\n!build.txt\n"},
    {"": "sub/*.txt\n"},
    {"": "sub/**/a.txt\n"},
    {"": "**/deep\n"},
    {"": "sub/**\n"},
    {"": "*.txt\n!c.txt\n"},
    {"": "sub/\n!sub/c.txt\n"},
    {"": "notes/a b.txt   \n\\#x.txt\n\\!y.txt\n"},
    {"": "n/[a-z].txt\n"},
    {"": "n/[!a-z].txt\n"},
    {"": "\\[z\\].txt\n"},
    {"": "?.txt\n"},
    {"": "x/y\n"},
    {"": "# a comment\n\n   \n*.md\r\nb.txt\r\n"},
    {"": "*.txt\n", "sub": "!a.txt\n", "sub/deep": "a.txt\n"},
    {"sub": "/a.txt\n", "x": "y/\n"},
    {"": "deep/**/a.txt\n**/y/z.txt\n"},
    {"": "!a.txt\n/n/*\n!/n/1.txt\n"},
    {"": "a**.txt\n"},
]


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.parametrize("rules", RULES)
def test_as_git_does(rules: dict[str, str], tmp_path: Path) -> None:
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text.\n")
    for folder, text in rules.items():
        (tmp_path / folder / ".gitignore").write_text(text)
    git = ["git", "-c", "core.excludesFile=/dev/null", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], check=True)
    listed = subprocess.run(
        [*git, "ls-files", "-z", "--others", "--exclude-standard", "*.txt"],
        check=True,
        capture_output=True,
    )
    expected = set(listed.stdout.decode().strip("\0").split("\0")) - {""}
    found = jobs([tmp_path], Selection(ignore_file=".gitignore"), Destination(tmp_path / "../out"))
    assert {job.name for job in found} == expected


@pytest.mark.parametrize(
    "data", ["caf\u00e9.txt\n".encode("latin-1"), "a.txt\n".encode("utf-16"), b"a.txt\0b.txt\0"]
)
def test_ignore_files_that_are_not_utf8_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / ".ignore").write_bytes(data)
    with pytest.raises(BadInputError, match=r"\.ignore.*Save it as UTF-8"):
        Ignored(".ignore").inside(tmp_path)
