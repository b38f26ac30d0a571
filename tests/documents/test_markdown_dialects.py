"""What dialects of Markdown add to it: notes of Pandoc, comments, names and tags of Obsidian."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.documents.runs import run, translated
from tests.sizes import TENTHS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Red^[A *big* note.] house", "HOUSE RED^[NOTE. *BIG* A]"),
        ("Red ^[See [this](a.md).] house", "^[[THIS](a.md). SEE] HOUSE RED"),
        ("Red^[Two [in] it] house", "HOUSE RED^[IT \\[IN\\] TWO]"),
        ("Red ^[open house", "HOUSE ^[OPEN RED"),
        ("Big house ^a-b1", "HOUSE BIG ^a-b1"),
        ("Big house\nof us ^a-b1\n\nRed ^2 here", "US OF HOUSE\nBIG ^a-b1\n\nHERE ^2 RED"),
        ("Red %%not shown%% house", "%%not shown%% HOUSE RED"),
        ("%% not shown %%\n\nRed house", "%% not shown %%\n\nHOUSE RED"),
        ("Sure 100%% red, 50%% blue", "BLUE 50%% RED, 100%% SURE"),
        (r"Let \(x_1 = y\) be or \(\alpha\)", r"\(\alpha\) OR BE \(x_1 = y\) LET"),
        ("Red\n\n\\[ a = b \\]\n\nhouse", "RED\n\n\\[ a = b \\]\n\nHOUSE"),
        (r"A \[red\] and \(old one\) house", r"HOUSE ONE) (OLD AND [RED] A"),
        ("Red #my-house and #garden/old", "#garden/old AND #my-house RED"),
    ],
)
def test_within_paragraphs(text: str, said: str, tmp_path: Path) -> None:
    assert translated("a.md", f"{text}\n", tmp_path, backwards=True) == f"{said}\n"


def test_texts_in_tags_within_a_paragraph(tmp_path: Path) -> None:
    text = 'A <Badge text="red house" note="It is so old." /> <my-b note="It is so new.">b</my-b>\n'
    found = run({"a.md": text.encode()}, tmp_path)
    assert found.written["a.md"].decode() == (
        'A <Badge text="RED HOUSE" note="It is so old." /> <my-b note="It is so new.">B</my-b>\n'
    )
    (remark,) = found.outcomes["a.md"].remarks
    assert remark.endswith("stay: 'It is so old.', 'It is so new.'.")


def test_comments_of_myst_stand_beside_text(tmp_path: Path) -> None:
    text = "Red house\n% a note\nof us\n% another\n\n(here)=\n# Old garden\n"
    said = "HOUSE RED\n% NOTE A\nUS OF\n% ANOTHER\n\n(here)=\n# GARDEN OLD\n"
    assert translated("a.md", text, tmp_path, backwards=True) == said


def test_lines_that_begin_with_a_sign_are_no_comments_elsewhere(tmp_path: Path) -> None:
    text = "It was about a half or 50\n% of people\n"
    assert translated("a.md", text, tmp_path) == text.upper()


@pytest.mark.parametrize("tenths", TENTHS)
@pytest.mark.parametrize(
    "part", ["\\(a = ", "\\[", "^[a ", "%%a ", "^[a] ", "% a\nb\n", "%%\n", "#a-", " ^a"]
)
def test_takes_linear_time(part: str, tenths: int, tmp_path: Path) -> None:
    text = "Word.\n\n" + part * (tenths * 2_000 // len(part)) + "\n"
    began = time.process_time()
    translated("a.md", text, tmp_path)
    assert time.process_time() - began < 20


def test_fields_of_dataview_keep_their_keys(tmp_path: Path) -> None:
    text = (
        "name:: old value\nA (owner:: big man) has a [place:: old house], std::big.\n"
        "**Two words**:: big car\n\n- item:: red car\n"
    )
    found = run({"a.md": text.encode()}, tmp_path)
    assert found.written["a.md"].decode() == (
        "name:: OLD VALUE\nA (owner:: big man) HAS A [place:: old house], std::big.\n"
        "**Two words**:: BIG CAR\n\n- item:: RED CAR\n"
    )
    assert "(owner:: big man)" in found.outcomes["a.md"].remarks[0]


COMMENTS = [
    "%%\none\n\ntwo\n%%", "%% one\n\n# two\n - three %%", "> {::comment}\n> one\n> {:/}",
    "{::comment}\none\n\n    two\n{:/comment}",
]  # fmt: skip


@pytest.mark.parametrize("comment", COMMENTS)
def test_comments_on_several_lines_stay(comment: str, tmp_path: Path) -> None:
    text = f"Red car\n\n{comment}\n\nOne {{::comment}}two{{:/comment}} three %% four\n"
    said = f"RED CAR\n\n{comment}\n\nONE {{::comment}}two{{:/comment}} THREE %% FOUR\n"
    assert translated("a.md", text, tmp_path) == said


def test_a_comment_that_is_never_closed_is_text(tmp_path: Path) -> None:
    assert translated("a.md", "%% red\n\ncar\n\n{::comment}\nsix\n", tmp_path) == (
        "%% RED\n\nCAR\n\n{::comment}\nSIX\n"
    )


def test_terms_that_roles_name_stay(tmp_path: Path) -> None:
    text = (
        "See {term}`a <red house>`.\n\n```{glossary}\nRed  house\n  Big one\n\ncar\n  Fast\n```\n"
    )
    found = run({"a.md": text.encode()}, tmp_path)
    assert found.written["a.md"].decode() == (
        "SEE {term}`a <red house>`.\n\n```{glossary}\nRed  house\n  BIG ONE\n\nCAR\n  FAST\n```\n"
    )
    assert "Red house" in found.outcomes["a.md"].remarks[0]


@pytest.mark.parametrize("formula", [r"\[ \int x\,dx = 1 \]", r"\[x^2\]", r"\(x = 1\)"])
def test_formulas_beside_text_stay(formula: str, tmp_path: Path) -> None:
    text = f"Let us see: {formula} is one. A \\[word = two\\] here.\n"
    new = translated("a.md", text, tmp_path)
    assert formula in new
    assert "WORD = TWO" in new


@pytest.mark.parametrize(
    "comment",
    ["[//]: # (red {})", "[comment]: <> (red {})", '[//]: # "red {}"', "[Comments]: # 'red\n{}'",
     "[_]: # (red\n{})", "[//]: # red {}", "[//]: <>", "> [//]: # (red {})", "- [//]: # (red {})"],
)  # fmt: skip
def test_definitions_of_no_link_are_comments(comment: str, tmp_path: Path) -> None:
    comment = comment.format("car \\)")
    text = f"Red car\n{comment}\n\n{comment}\n{comment}\n\nOne [home]\n\n[home]: # (Red)\n"
    said = f"RED CAR\n{comment}\n\n{comment}\n{comment}\n\nONE [home]\n\n[home]: # (RED)\n"
    new = translated("a.md", text, tmp_path).replace("[HOME][home]", "[home]")
    assert new == said


@pytest.mark.parametrize(
    "formula",
    [r"\[a+b\]", r"\[x = 1\]", r"\begin{equation} a = b \end{equation}",
     r"\begin{align*} a &= b \\ c &= d \end{align*}"],
)  # fmt: skip
def test_short_formulas_and_environments_within_a_text_stay(formula: str, tmp_path: Path) -> None:
    assert formula in translated("a.md", f"Let {formula} be the rule.\n", tmp_path)


def test_words_that_latex_gives_a_look_are_translated(tmp_path: Path) -> None:
    text = "See \\textbf{the dog} and \\emph{a cat}. `\\emph{a}` $\\textbf{b}$ {x}\n"
    new = translated("a.md", text, tmp_path)
    assert new == "SEE \\textbf{THE DOG} AND \\emph{A CAT}. `\\emph{a}` $\\textbf{b}$ {x}\n"
