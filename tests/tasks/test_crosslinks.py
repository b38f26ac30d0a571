"""Links of pages to the headings of others."""

from __future__ import annotations

from pathlib import Path

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document
from s2scli.tasks.crosslinks import named_anchors
from s2scli.tasks.tree import DocumentJob
from tests.conftest import Run

PAGES = {
    "a.md": "[x](b.md#the-garden) [own](#a) [far](https://b.org/b.md#far) [no](c.md#none)\n",
    "b.md": "# B\n\n## The garden\n\n## The house\n\n[up](guide/#start)\n",
    "guide/index.md": "# Start\n\n[r]\n\n[r]: ../b#the-house 'x'\n",
    "guide/c.mdx": '# C\n\n<a href="/b.html#b">x</a> [i](./index.md#start)\n',
    "d.txt": "[x](b.md#nothing)\n",
}


def test_named_anchors(tmp_path: Path) -> None:
    jobs = []
    for name, text in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        kind = {"md": "markdown", "mdx": "mdx", "txt": "text"}[name.rpartition(".")[2]]
        jobs.append(DocumentJob(name, path, path, kind))
    expected = {"b.md": ("b", "the-garden", "the-house"), "guide/index.md": ("start",)}
    assert named_anchors(jobs) == expected
    assert named_anchors(jobs[:1]) == {}


def test_a_heading_keeps_the_anchor() -> None:
    form = open_format("markdown", FormatOptions(linked=("the-garden",)))
    document = read_document(form, "b.md", b"# B\n\n## The garden\n")
    new = b"".join(document.written([Target("B"), Target("Der Garten")]))
    assert new == b'# B\n\n## <a id="the-garden"></a>Der Garten\n'


def test_links_of_a_run(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").write_text("See [the garden](b.md#the-green-garden).\n")
    (tmp_path / "in" / "b.md").write_text("## The green garden\n\nIt is old.\n")
    done = s2s("translate", tmp_path / "in", "-o", tmp_path / "out", "--beam", 1)
    assert done.returncode == 0, done.stderr
    assert '<a id="the-green-garden"></a>' in (tmp_path / "out" / "b.md").read_text()
