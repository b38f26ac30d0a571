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
    "a.adoc": "xref:b.adoc#the-garden[] <<#own>> <<guide/c.adoc#_start,x>> link:b.html#b[]\n"
    "include::part/d.adoc[]\n<<The house>>\n",
    "b.adoc": "= B\n\n== The garden\n\nxref:none.adoc#c[] link:https://b.org/b.adoc#far[x]\n",
    "guide/c.adoc": "== Start\n",
    "part/d.adoc": "== The house\n",
    "docs/m/pages/x/e.adoc": "xref:f.adoc#one[] xref:n:g.adoc#two[] xref:1@k:n:g.adoc#three[]\n",
    "docs/m/pages/f.adoc": "== One\n",
    "docs/n/pages/g.adoc": "== Two\n",
}


def test_named_anchors(tmp_path: Path) -> None:
    jobs = []
    for name, text in PAGES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text)
        kind = {"md": "markdown", "mdx": "mdx", "txt": "text", "adoc": "asciidoc"}[
            name.rpartition(".")[2]
        ]
        jobs.append(DocumentJob(name, path, path, kind))
    expected = {
        "b.md": ("b", "the-garden", "the-house"),
        "guide/index.md": ("start",),
        "a.adoc": ("The house", "own"),
        "b.adoc": ("b", "the-garden"),
        "guide/c.adoc": ("_start",),
        "part/d.adoc": ("The house", "own"),
        "docs/m/pages/f.adoc": ("one",),
        "docs/n/pages/g.adoc": ("three", "two"),
    }
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


def test_asciidoc_links_of_a_run(s2s: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.adoc").write_text("See xref:other.adoc#the-green-garden[].\n")
    (tmp_path / "in" / "other.adoc").write_text("== The green garden\n\n== The red house\n")
    (tmp_path / "in" / "b.adoc").write_text("include::other.adoc[]\n\nSee <<The red house>>.\n")
    done = s2s("translate", tmp_path / "in", "-o", tmp_path / "out", "--beam", 1)
    assert done.returncode == 0, done.stderr
    assert " [[the-green-garden]]\n" in (tmp_path / "out" / "other.adoc").read_text()
    assert "[[_the_red_house]]" in (tmp_path / "out" / "other.adoc").read_text()
    assert "<<_the_red_house>>" in (tmp_path / "out" / "b.adoc").read_text()
    assert "xref:other.adoc#the-green-garden[]" in (tmp_path / "out" / "a.adoc").read_text()
    again = s2s("translate", tmp_path / "in", "-o", tmp_path / "new", "--no-anchors", "--beam", 1)
    assert again.returncode == 0, again.stderr
    assert "[[" not in (tmp_path / "new" / "other.adoc").read_text()
