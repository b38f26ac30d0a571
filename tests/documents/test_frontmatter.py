"""Metadata before and within Markdown: which values are texts, and that what stays is said."""

from __future__ import annotations

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document

# Metadata, the texts in it, the keys that are named in a warning.
SITES: dict[str, tuple[str, list[str], list[str]]] = {
    "Jekyll": (
        "layout: single\ntitle: One day\npermalink: /one-day/\ndate: 2021-01-01 10:00:00 +0100\n"
        "tags: [linux, shell]\ncategories:\n- Web development\nauthor: Jane Doe\n"
        "header:\n  image: /a b.png\n  image_alt: A cat\n  caption: 'Photo: Jane'\n"
        "toc: true\ntoc_label: On this page\nexcerpt: >-\n  Two\n  lines.\n",
        ["One day", "A cat", "Photo: Jane", "On this page", "Two lines."],
        ["tags", "categories"],
    ),
    "VitePress": (
        "layout: home\nhero:\n  name: Owl\n  text: A great tool\n  tagline: Simple and fast\n"
        "  image: {src: /a.png, alt: An owl}\n  actions:\n    - theme: brand\n"
        "      text: Get started\n      link: /guide\nfeatures:\n- icon: x\n  title: Small\n"
        "  details: It is small.\n  linkText: Read more\nfooter: false\n"
        "head:\n- - meta\n  - name: keywords\n    content: super duper SEO\n",
        ["A great tool", "Simple and fast", "Get started", "Small", "It is small.", "Read more"],
        ["alt", "content"],
    ),
    "Docusaurus": (
        "aliases: [/old-start, Good start]\n"
        "id: intro\ntitle: The start\nsidebar_label: Easy\nslug: /the-start\ndraft: false\n"
        "keywords:\n  - one\n  - two\nlast_update:\n  date: 1/1/2000\n  author: Jane Doe\n"
        "pagination_label: Go on\nhide_title: yes\ntitle_meta: no\n",
        ["The start", "Easy", "Go on"],
        ["aliases", "keywords"],
    ),
    "Pandoc": (
        "title: 'It''s good'\nauthor:\n- Jane Doe\n- name: Bo Li\n  affiliation: Great School\n"
        "thanks: We thank all.\nabstract: |\n  One.\n  Two.\nheader-includes: |\n"
        "  \\newcommand{\\a}{some words}\nclassoption: twocolumn, landscape\ngeometry: a b\n"
        "mainfont: Times New Roman\nbibliography: my refs.bib\nlof-title: Figures\n",
        ["It's good", "One.", "Two.", "Figures"],
        ["thanks"],
    ),
    "what YAML can say otherwise": (
        "title: &a The start\nsummary: [One thing, 2]\ndescription: {a: bad cat}\n# a remark here\n"
        "caption: no\nalt: ~\nlabel: fig-a\nother: \"Some words\" # more words\nnumber: 1\n",
        [],
        ["title", "summary", "a", "other"],
    ),
    "nothing to say": ("layout: post\nweight: 10\ndraft: true\ncolor: dark red\nx: y\n", [], []),
}  # fmt: skip


def said(text: str, kind: str = "markdown") -> tuple[list[str], str]:
    """The texts of a document, and what is said of its metadata."""
    document = read_document(open_format(kind, FormatOptions()), "f", text.encode())
    remark = " ".join(document.remarks).removeprefix("Values in the front matter stay as they are:")
    return [slot.text for slot in document.slots], remark.strip(" .")


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("kind", ["markdown", "asciidoc"])
def test_keys_of_sites(site: str, kind: str) -> None:
    front, texts, stays = SITES[site]
    begin = f"---\n{front}---\n\n"
    assert said(f"{begin}Body.\n", kind) == ([*texts, "Body."], ", ".join(map(repr, stays)))
    if kind == "markdown":  # Pandoc and Slidev have it between other blocks too
        within = f"First.\n\n{begin}Body.\n"
        assert said(within) == (["First.", *texts, "Body."], ", ".join(map(repr, stays)))


@pytest.mark.parametrize(
    ("front", "texts", "stays"),
    [
        (
            '+++\ntitle = "Hi"\ndescription = """\nSome words\n"""\ntags = ["a", "b"]\n'
            'date = 2020-01-01\n[params]\nauthor = "Jane Doe"\nnote = "Some words"\n'
            '[[resources]]\nname = "A b"\nsummary = """\\\n  Some more"""\n+++\n',
            ["Hi", "Some words"],
            "'tags', 'note', 'summary'",
        ),
        (
            '{"title": "One", "tags": ["a b"], "url": "x y", "x": {"note": "Two words"}}\n',
            ["One"],
            "'tags', 'note'",
        ),
        ("title: Hi there\ndate: 2013/7/13 20:46:25\ntags:\n- one\n---\n", ["Hi there"], "'tags'"),
    ],
)
def test_other_forms(front: str, texts: list[str], stays: str) -> None:
    assert said(f"{front}\nBody.\n") == ([*texts, "Body."], stays)


def test_texts_of_toml_on_several_lines() -> None:
    text = (
        "+++\ntitle = '''Some \\ words'''\nsummary = '''One b'''\n"
        'description = """\nSome "c" d\n\nand \\\\ e \\" """\n+++\n'
    )
    document = read_document(open_format("markdown", FormatOptions()), "f", text.encode())
    assert [slot.text for slot in document.slots] == ["One b", 'Some "c" d', 'and \\ e "']
    assert document.remarks == ["Values in the front matter stay as they are: 'title'."]
    new = b"".join(document.written([*map(Target, ["Ein 'b'", '"""C', "\\ E"])])).decode()
    assert new == (
        "+++\ntitle = '''Some \\ words'''\nsummary = '''Ein 'b''''\n"
        'description = """\n""\\"C\n\n\\\\ E """\n+++\n'
    )


def test_lines_of_keys() -> None:
    text = (
        'Title: "My" post: one\nDate: 2010-12-03 10:20\nCategory: Python\nAuthors: Jane Doe\n'
        "Summary: It goes\n    on here\n\nBody.\n"
    )
    texts, remark = said(text)
    assert texts == ['"My" post: one', "It goes on here", "Body."]
    assert remark.startswith("The lines before the text are metadata, and their keys stay.")
    assert remark.endswith("'Category'")
    document = read_document(open_format("markdown", FormatOptions()), "f", text.encode())
    new = b"".join(document.written([Target("Mein: X"), Target("So"), Target("Rumpf.")])).decode()
    assert new == (
        "Title: Mein: X\nDate: 2010-12-03 10:20\nCategory: Python\nAuthors: Jane Doe\n"
        "Summary: So\n\nRumpf.\n"
    )


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("Note: this\nWarning: that\n\nBody.\n", ["Note: this Warning: that", "Body."]),
        ("Title: One line\n\nBody.\n", ["Title: One line", "Body."]),
        ("One.\n\n---\nNote: this\n---\n", ["One.", "Note: this"]),
        ("One.\n\n---\nkey: this\n\nMore text.\n\n---\n", ["One.", "key: this", "More text."]),
        ("One.\n\n---\n\nkey: this\n---\n", ["One.", "key: this"]),
        ("One.\n---\nkey: this\n---\n", ["One.", "key: this"]),
        ("- One.\n\n  ---\n  key: this\n  ---\n", ["One.", "key: this"]),
        ("One.\n\n---\n---\n\nTwo.\n", ["One.", "Two."]),
        ("One.\n\n---\n# a\nkey: this\n...\n\nTwo.\n", ["One.", "Two."]),
        ("One.\n\n---\nkey: |\n  ```\n  a\n\n  ---\nb: c\n---\nTwo.\n", ["One.", "Two."]),
        ("```\n\n---\nkey: this\n---\n```\n\nTwo.\n", ["Two."]),
    ],
)
def test_what_is_metadata(text: str, texts: list[str]) -> None:
    assert said(text)[0] == texts
    assert said(text.replace("\n", "\r\n"))[0] == texts


def test_metadata_within_are_written() -> None:
    text = "One.\r\n\r\n---\r\ntitle: Two\r\nbibliography: refs.bib\r\n...\r\n\r\nThree.\r\n"
    document = read_document(open_format("markdown", FormatOptions()), "f", text.encode())
    new = b"".join(document.written([*map(Target, ["Eins.", "Zwei: 2", "Drei."])])).decode()
    assert new == text.replace("One", "Eins").replace("Two", '"Zwei: 2"').replace("Three", "Drei")


CHUNKS = """One.

```{r}
#| label: fig-a
#| fig-cap: "A plot"
#| tbl-cap: Of all
#| fig-alt: 'It''s red'
#| fig-subcap:
#|   - "Part one"
#|   - Part two
#| layout-ncol: 2
plot(x)
#| fig-cap: "no option"
```

> ```{python, fig.cap='Two "plots"', echo=FALSE}
> #| code-summary: Show it
> ```

```{r x, fig.cap="A \\"b\\" c", fig.alt=paste("It is", x)}
#| fig-cap: |
#|   On lines
#| lst-cap: !expr 'of r'
```

```r title="A file of it" file="no.r"
#| fig-cap: No chunk
```

``` {.python caption="Of code"}
```

```js title="no.js"
```
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_captions_in_chunks_of_code(ends: str) -> None:
    text = CHUNKS.replace("\n", ends)
    document = read_document(open_format("markdown", FormatOptions()), "f", text.encode())
    texts = [
        "One.", "A plot", "Of all", "It's red", "Part one", "Part two", 'Two "plots"', "Show it",
        'A "b" c', "A file of it", "Of code",
    ]  # fmt: skip
    assert [slot.text for slot in document.slots] == texts
    assert document.remarks == [
        "Texts in code, shortcodes, roles, addresses, proposals and labels stay: "
        "'It is', 'On lines', \"!expr 'of r'\"."
    ]
    new = b"".join(document.written([Target(f"{text}: it's") for text in texts])).decode()
    lines = new.split(ends)
    for line in (
        '#| fig-cap: "A plot: it\'s"',
        '#| tbl-cap: "Of all: it\'s"',
        "#| fig-alt: 'It''s red: it''s'",
        '#|   - "Part one: it\'s"',
        '#|   - "Part two: it\'s"',
        '> ```{python, fig.cap="Two \\"plots\\": it\'s", echo=FALSE}',
        '```{r x, fig.cap="A \\"b\\" c: it\'s", fig.alt=paste("It is", x)}',
        '```r title="A file of it: it\'s" file="no.r"',
        "#| fig-cap: No chunk",
        '#| fig-cap: "no option"',
    ):
        assert line in lines, new
