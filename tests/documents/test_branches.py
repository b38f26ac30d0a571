"""Conditions of templates within a sentence: no word leaves its branch, whatever the format."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.data import Translation
from s2scli.documents.base import FormatOptions
from s2scli.tasks.branching import repaired_in_branches
from s2scli.tasks.corrections import Wanted
from s2scli.tasks.protected import Broken
from s2scli.text.branches import branching
from s2scli.text.sentences import sentences
from s2scli.text.spans import Protection
from tests.documents.runs import run, translated
from tests.documents.test_ooxml import BOLD, WORD_MAIN, p, packed, r

TEXTS = [
    "We see {% if a %}one red house{% elsif b %}two blue{% else %}no{% endif %} in the garden.",
    "It is {{#if a}}very old{{else}}quite new{{/if}}, he says.",
    "It {{if .A}}is a very{{else if .B}}was an{{else}}will be{{end}} old house.",
    "He <% if late %>is too late<% else %>comes early<% end %> every day.",
    "Our {{< box >}}old red house{{< /box >}} is big.",
    "All {% for a in b %}{% if a %}red{% else %}very blue{% endif %} houses, {% endfor %}we know.",
    "We see @if ($a) a red @elseif ($b) two blue @else no @endif house in the garden.",
    "It @if (a > b) {is very} @else if (c) {was quite} @else {will be} old, he says.",
    "First one {% else %} then another {% endif %} at last.",
    "One {% if a %}red{% endif %} house. It was {% if a %}red{% endif %} too, we know.",
]
# What is around a text in a file, which stays.
FRAMES = {
    "a.txt": ("", "\n"),
    "a.md": ("> ", "\n"),
    "a.rst": ("", "\n"),
    "a.adoc": ("", "\n"),
    "a.html": ("<div><p>", "</p></div>\n"),
    "a.json": ('{"a": "', '"}'),
    "a.yaml": ("a: '", "'\n"),
    "a.properties": ("a=", "\n"),
    "a.csv": ('a\n"', '"\n'),
    "a.srt": ("1\n00:00:01,000 --> 00:00:09,000\n", "\n"),
}


def branches(text: str) -> list[list[str]]:
    """The words of each branch, and those outside, up to each tag without a partner."""
    found = branching(text)
    rest, inside = list(text), []
    for one in found.found:
        rest[one.start : one.end] = " " * (one.end - one.start)
        inside += [branches(text[slice(*span)]) for span in one.branches]
    places = [0, *(place for span in found.loose for place in span), len(text)]
    outside = ["".join(rest)[a:b] for a, b in zip(places[::2], places[1::2], strict=True)]
    words = [sorted(re.findall(r"\w+", part.upper())) for part in outside]
    # Conditions may come in another order, as placeholders do.
    return [*words, *sorted(part for parts in inside for part in parts)]


VELOCITY = [
    "We see #if($a > 1)one red house#elseif($b)two blue#{else}no#end in the garden.",
    "All #foreach($x in $list)red $x houses, #end we know.",
    "We see #if($y)a red #else no #end house in the garden.",
]


@pytest.mark.parametrize("name", FRAMES)
def test_words_stay_in_their_branches(name: str, tmp_path: Path) -> None:
    before, behind = FRAMES[name]
    # In AsciiDoc these signs are around what is marked.
    for number, text in enumerate([*TEXTS, *(VELOCITY if name != "a.adoc" else ())]):
        folder = tmp_path / str(number)
        folder.mkdir()
        options = FormatOptions(target_language="de", subtitle_width=200)  # tags are on one line
        new = translated(name, before + text + behind, folder, options=options, backwards=True)
        assert new.startswith(before)
        assert new.endswith(behind)
        new = new[len(before) : len(new) - len(behind)]
        assert branches(new) == branches(text)
        outside = re.sub(
            r"(?s)\{[{%].*?[%}]\}|<%.*?%>|[@#]\{?\w+\}?(?: if)?(?: ?\(.*?\))?|\$x", "", new
        )
        assert outside == outside.upper()


def test_marks_stay_with_their_words(tmp_path: Path) -> None:
    """The runs of Word, and the emphasis of Markdown."""
    body = p(
        r("We see {% if a %}one ")
        + r("red", BOLD)
        + r(" house{% else %}no ")
        + r("blue", BOLD)
        + r(" tree{% endif %} today.")
    )
    data = packed({"word/document.xml": (WORD_MAIN, body)})
    (tmp_path / "word").mkdir()
    done = run({"a.docx": data}, tmp_path / "word", backwards=True).written["a.docx"]
    with zipfile.ZipFile(io.BytesIO(done)) as file:
        found = file.read("word/document.xml").decode()
    bold = re.findall(r"<w:r><w:rPr><w:b/></w:rPr><w:t[^>]*>([^<]*)</w:t>", found)
    assert bold == ["RED", "BLUE"]
    shown = "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", found))
    assert shown == "TODAY. {% if a %}HOUSE RED ONE{% else %}TREE BLUE NO{% endif %} SEE WE"

    text = (
        "We see {% if a %}one *red* house{% else %}no [blue](b) tree{% endif %} **today** here.\n"
    )
    new = translated("a.md", text, tmp_path, backwards=True)
    assert new == (
        "HERE. **TODAY** {% if a %}HOUSE *RED* ONE{% else %}TREE [BLUE](b) NO{% endif %} SEE WE\n"
    )


def test_what_is_around_is_one_text_in_html(tmp_path: Path) -> None:
    text = (
        "<p>{% if a %}\n  Hi <b>you</b> there\n{% else %}\n  <a href='b'>Log in</a>{% endif %}</p>"
        "<p>Cats {% if a %} sleep here.</p><p>Dogs {% endif %} run <b>now {{else}} there</b></p>"
    )
    assert translated("a.html", text, tmp_path, backwards=True) == (
        "<p>{% if a %}\n  THERE <b>YOU</b> HI\n{% else %}\n  <a href='b'>IN LOG</a>{% endif %}</p>"
        "<p>CATS {% if a %} HERE. SLEEP</p><p>DOGS {% endif %} RUN <b>NOW {{else}} THERE</b></p>"
    )


@pytest.mark.parametrize("name", FRAMES)
def test_a_branch_within_a_word(name: str, tmp_path: Path) -> None:
    """No text fits both: it stays, is counted, and the others are translated."""
    before, behind = FRAMES[name]
    text = "Your file{% if n %}s{% endif %} will go."
    found = run({name: f"{before}{text}{behind}".encode(), "b.txt": b"A file."}, tmp_path)
    outcome = found.outcomes[name]
    if name == "a.html":
        assert found.written[name].decode() == before + text + behind
        assert outcome.remarks == (
            "Texts with conditions within a word, crossed by other markup, or too many in each "
            "other, stay: line 1.",
        )
        assert outcome.left == 1
    else:
        assert outcome.status == "failed"
        assert "none of it could be translated" in outcome.reason


def test_only_the_sentence_with_such_a_word_stays(tmp_path: Path) -> None:
    text = (
        "A red house. Your file{% if n %}s{% endif %} will go. Big {% if a %}b{% endif %} tree.\n"
    )
    found = run({"a.txt": text.encode()}, tmp_path)
    assert found.written["a.txt"].decode() == (
        "A RED HOUSE. Your file{% if n %}s{% endif %} will go. BIG {% if a %}B{% endif %} TREE.\n"
    )
    assert found.outcomes["a.txt"].left == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.md", "`@`"),
        ("a.md", "<code>@</code>"),
        ("a.rst", "``@``"),
        ("a.adoc", "`+@+`"),
        ("a.html", "<code>@</code>"),
        ("a.json", "`@`"),
        ("a.txt", "`@`"),
    ],
)
def test_conditions_in_code_stay(name: str, code: str, tmp_path: Path) -> None:
    code = code.replace("@", "{% if user %}Hello there{% endif %}")
    before, behind = FRAMES[name]
    text = f"{before}Use {code} and {{% if a %}}this house{{% endif %}} too.{behind}"
    wanted = f"{before}USE {code} AND {{% if a %}}THIS HOUSE{{% endif %}} TOO.{behind}"
    assert translated(name, text, tmp_path) == wanted


PARTS = ["{% if a %}", "{% for a in b %}", "{% else %}", "{% endif %}", "{% endfor %}", "{{#if a}}",
         "{{else}}", "{{/if}}", "{{if .A}}", "{{end}}", "<% if a %>", "<% } else { %>", "<% end %>",
         "@if ($a)", "@endif", "{{ name }}", "red", "house", "old. Big", "%s",
         ", and 5"]  # fmt: skip


@given(st.lists(st.sampled_from(PARTS), max_size=14).map(" ".join))
def test_any_text_keeps_its_branches(text: str) -> None:
    def translate(texts: Sequence[str]) -> list[Translation]:
        return [Translation(" ".join(reversed(each.upper().split())), ()) for each in texts]

    broken = [Broken(Wanted(text), None)]
    (repair,) = repaired_in_branches(broken, translate, Protection(), sentences)
    assert branches(repair.translation.text) == branches(text)
    tags = sorted(text[slice(*span)] for span in branching(text).tags)
    new = repair.translation.text
    assert sorted(new[slice(*span)] for span in branching(new).tags) == tags


@pytest.mark.parametrize("name", ["a.html", "a.txt"])
def test_conditions_that_are_nested_too_deeply_stay(name: str, tmp_path: Path) -> None:
    """They are left, and counted."""
    text = "A house.\n\n" + "one {% if a %}" * 100 + "two" + "{% endif %}" * 100 + "\n"
    found = run({name: text.encode()}, tmp_path)
    assert found.outcomes[name].left == 1
    assert found.written[name].decode().startswith("A HOUSE.")
    assert "one {% if a %}one" in found.written[name].decode()
    assert "two" in found.written[name].decode()
