"""Links that name headings by their texts still lead there."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.documents.base import FormatOptions
from tests.documents.runs import translated


def new(text: str, folder: Path, *, anchors: bool = True) -> str:
    def change(word: str) -> str:
        return f"{word}x" if word.isalpha() else word

    return translated("a.md", text, folder, change, FormatOptions(anchors=anchors))


OLD = '<a id="a-b"></a>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](#a-b)\n\n## A b\n", f"## {OLD}Ax bx\n"),
        ('[a](<#a-b> "t")\n\n## A *b c*\n', "## Ax *bx cx*\n"),
        ("[a][b]\n\n[b]: #a-b\n\nA b\n===\n", f"{OLD}Ax bx\n===\n"),
        ("<a href='#a-b'>a</a>\n\n# A b #\n", f"# {OLD}Ax bx #\n"),
        ("[a](#a-b-1)\n\n# A b\n\n# A b\n", '# Ax bx\n\n# <a id="a-b-1"></a>Ax bx\n'),
        ("[a](#ab)\n\n# A b\n", '# <a id="ab"></a>Ax bx\n'),
        ("[a](#gr%C3%BCn)\n\n# Grün\n", '# <a id="grün"></a>Grünx\n'),
        ("[a](#a-b)\n\n# One {#one}\n\n# A b\n", "# Ax bx {#a-b}\n"),
        ("---\nid: 1\n---\n\n[a](#a-b)\n\n# A b\n", "# Ax bx {#a-b}\n"),
        ("[a](#a-b)\n\n# A b {#a-b}\n", "# Ax bx {#a-b}\n"),
        ("[a](#h2)\n\n# H2\n", "# H2\n"),
        ("[a](#other)\n\n# A b\n", "# Ax bx\n"),
        ("# A b\n", "# Ax bx\n"),
    ],
)
def test_anchors_stay(text: str, expected: str, tmp_path: Path) -> None:
    assert new(text, tmp_path).endswith(expected)


def test_they_may_be_left_out(tmp_path: Path) -> None:
    text = "[a](#a-b)\n\n# A b\n"
    assert new(text, tmp_path, anchors=False).endswith("\n# Ax bx\n")
