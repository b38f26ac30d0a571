"""Documents in their places, behind links too, and backups of what is replaced."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from s2scli.tasks.targets import keep, write
from s2scli.tasks.tree import DocumentJob


@pytest.mark.parametrize("links", [True, False])
def test_a_backup_replaces_no_other(
    links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On file systems with hard links and without (FAT, many network drives)."""

    def refuse(source: Path, _target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", str(source))

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    path, content = tmp_path / "a.txt", ["one", "two", "two", "three"]
    names = []
    for text in content:
        path.unlink(missing_ok=True)
        path.write_text(text)
        names.append(keep(path).name)
    assert names == ["a.txt.bak", "a.txt.bak2", "a.txt.bak2", "a.txt.bak3"]
    assert [(tmp_path / name).read_text() for name in names] == content


def test_links_are_followed(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    backup = keep(link)
    write(b"new", DocumentJob("a.txt", tmp_path / "a.txt", link, "text"))
    assert (link.is_symlink(), real.read_text(), backup.read_text()) == (True, "new", "old")
    assert backup.name == "link.txt.bak"
