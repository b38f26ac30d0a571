"""Backups of what is replaced."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from s2scli.tasks.targets import keep


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
