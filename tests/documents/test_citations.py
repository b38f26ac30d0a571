"""Keys, hashes, citations and references stay; terms and rows of templates are texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.runs import run, translated

KEYS = (
    "9fceb02", "a1b2c3d4e5f6", "AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "sha512-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7w==", "AAAAB3NzaC1yc2EAAAADAQABAAABAQC7",
    "@fig:house", "-@doe99", "@doe-99", "@sec:a-b",
)  # fmt: skip


@pytest.mark.parametrize("name", ["a.md", "a.rst", "a.txt", "a.html"])
def test_keys_and_references_stay(name: str, tmp_path: Path) -> None:
    texts = [f"We see {key} in the house." for key in KEYS]
    before, behind = ("<p>", "</p>") if name == "a.html" else ("", "\n\n")
    new = translated(
        name, "".join(f"{before}{text}{behind}" for text in texts), tmp_path, str.title
    )
    assert [key for key in KEYS if f"We See {key} In The House." not in new] == []


@pytest.mark.parametrize("word", ["COVID19", "1920s", "16-year-old", "2ndhand", "deadbeef", "3D"])
def test_words_with_figures_are_words(word: str, tmp_path: Path) -> None:
    assert translated("a.txt", f"We see {word} here.\n", tmp_path) == (
        f"WE SEE {word.upper()} HERE.\n"
    )


def test_what_is_said_in_a_citation_is_named(tmp_path: Path) -> None:
    text = "A text [@doe99, p. 3; see also @roe].\n\nA [@doe99, p. 3] text.\n"
    found = run({"a.md": text.encode()}, tmp_path)
    assert found.written["a.md"].decode() == text.replace("A text", "A TEXT").replace(
        "] text", "] TEXT"
    ).replace("A [", "A [")
    assert "'p. 3; see also'" in found.outcomes["a.md"].remarks[0]


def test_glossaries_of_myst(tmp_path: Path) -> None:
    text = "```{glossary}\nOne\n  A thing it is.\n\nTwo\nThree\n  Another.\n```\n"
    assert translated("a.md", text, tmp_path) == text.upper().replace("GLOSSARY", "glossary")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "```{toctree}\n:caption: A way\n:maxdepth: 2\n\nA *big* house <a/b>\nc/d\n```\n",
            "```{toctree}\n:caption: A WAY\n:maxdepth: 2\n\nA *BIG* HOUSE <a/b>\nc/d\n```\n",
        ),
        (
            "> ```{code-block} python\n> :caption: A way\n> :linenos:\n> x\n> :caption: y\n> ```\n",
            "> ```{code-block} python\n> :caption: A WAY\n> :linenos:\n> x\n> :caption: y\n> ```\n",
        ),
        ("```python\n:caption: a way\n```\n", "```python\n:caption: a way\n```\n"),
    ],
)
def test_options_of_myst_around_code(text: str, expected: str, tmp_path: Path) -> None:
    assert translated("a.md", text, tmp_path) == expected


def test_abbreviations_of_myst_are_named(tmp_path: Path) -> None:
    text = "A {abbr}`HTML (Hypertext Markup Language)` page, {kbd}`Ctrl+C (twice)`.\n"
    found = run({"a.md": text.encode()}, tmp_path)
    assert "{abbr}`HTML (Hypertext Markup Language)`" in found.written["a.md"].decode()
    assert "stay: 'Hypertext Markup Language'." in found.outcomes["a.md"].remarks[0]


def test_rows_of_loops(tmp_path: Path) -> None:
    text = "| A name | A value |\n|--|--|\n{% for a in b %}| {{ a }} | the value |\n{% endfor %}\n"
    assert translated("a.md", text, tmp_path) == (
        "| A NAME | A VALUE |\n|--|--|\n{% for a in b %}| {{ a }} | THE VALUE |\n{% endfor %}\n"
    )
