"""Elements of a page that are shown at times or elsewhere: no word goes in or out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from s2scli.markup.html.conditions import CONDITIONS, SLOTTED
from tests.documents.runs import run, translated

TAGS = ["c:if", "c:when", "logic:present", "s:if", "th:block", "ui:fragment", "sec:when",
        "f:if", "ng-container", "slot", "Transition"]  # fmt: skip


def check(before: str, opens: str, inside: str, closes: str, behind: str, folder: Path) -> None:
    """Words in the other order stay on their side of an element's tags."""
    new = translated("a.html", before + opens + inside + closes + behind, folder, backwards=True)
    found = re.fullmatch(rf"(.*){re.escape(opens)}(.*){re.escape(closes)}(.*)", new, re.DOTALL)
    assert found, new
    assert _words(found[2]) == _words(inside)[::-1]
    outside = [*_words(before), *_words(behind)]
    assert [*_words(found[1]), *_words(found[3])] == outside[::-1], new


def _words(text: str) -> list[str]:
    return re.sub("<[^>]*>", " ", text).upper().split()


@pytest.mark.parametrize("tag", TAGS)
def test_elements_by_name(tag: str, tmp_path: Path) -> None:
    opens, closes = f'<{tag} test="x">', f"</{tag}>"
    check("<p>One <b>big ", opens, "red <i>house</i>", closes, " is</b> there.</p>", tmp_path)


@pytest.mark.parametrize("value", ["", "=x", '="a == b"'])
@pytest.mark.parametrize("attribute", sorted(CONDITIONS - {SLOTTED}))
def test_elements_by_attribute(attribute: str, value: str, tmp_path: Path) -> None:
    opens = f"<span {attribute}{value}>"
    check("<p>One ", opens, "red house", "</span>", " there.</p>", tmp_path)


@pytest.mark.parametrize("name", ["sr-only", "x hidden-xs", "D-None y"])
def test_elements_that_are_hidden(name: str, tmp_path: Path) -> None:
    check("<a>Go home ", f'<span class="{name}">', "from here", "</span>", "</a>", tmp_path)


def test_alternatives(tmp_path: Path) -> None:
    text = "<p>You <a v-if='a'>have one letter</a><a v-else>have {{ n }} letters</a> here.</p>"
    new = translated("a.html", text, tmp_path, backwards=True)
    said = "<a v-if='a'>LETTER ONE HAVE</a><a v-else>LETTERS {{ n }} HAVE</a>"
    assert said in new
    assert _words(new.replace(said, "")) == ["HERE.", "YOU"]


STRUCK = [
    ("a.html", "<p>One <del>old</del><ins>new</ins> house</p>",
     "<p>ONE <del>OLD</del><ins>NEW</ins> HOUSE</p>", 2),
    ("a.html", "<p>Only <s>$49.99</s> <b>$39.99</b> for it</p>",
     "<p>ONLY <s>$49.99</s> <b>$39.99</b> FOR IT</p>", 1),
    ("a.html", "<p><strike>All of <b>this</b></strike></p>",
     "<p><strike>ALL OF <b>THIS</b></strike></p>", 1),
    ("a.html", "<p>One colo<s>u</s>r here</p>", "<p>ONE <s>COLOUR</s> HERE</p>", 1),
    ("a.md", "One ~~old~~ **new** house", "ONE ~~OLD~~ **NEW** HOUSE", 2),
    ("a.md", "One <del>very old</del> <ins>new</ins> house",
     "ONE <del>VERY OLD</del> <ins>NEW</ins> HOUSE", 2),
    ("a.md", "One colo~~u~~r here", "ONE ~~COLOUR~~ HERE", 1),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "wanted", "texts"), STRUCK)
def test_what_is_struck_out(name: str, text: str, wanted: str, texts: int, tmp_path: Path) -> None:
    """It is no part of the sentence, but what stands instead of it is."""
    found = run({name: text.encode()}, tmp_path)
    assert found.written[name].decode() == wanted
    assert found.outcomes[name].segments == texts


def test_in_each_other(tmp_path: Path) -> None:
    text = (
        "<c:choose>\n <c:when test='${a}'>A red house <c:if test='b'>and big</c:if></c:when>\n"
        " <c:otherwise>No house</c:otherwise>\n</c:choose>"
    )
    assert translated("a.html", text, tmp_path, backwards=True) == (
        "<c:choose>\n <c:when test='${a}'>HOUSE RED A <c:if test='b'>BIG AND</c:if></c:when>\n"
        " <c:otherwise>HOUSE NO</c:otherwise>\n</c:choose>"
    )


def test_around_blocks(tmp_path: Path) -> None:
    text = "<div>Red house <c:if test='a'><p>of us</p></c:if> for sale</div>"
    said = "<div>HOUSE RED <c:if test='a'><p>US OF</p></c:if> SALE FOR</div>"
    assert translated("a.html", text, tmp_path, backwards=True) == said


def test_within_a_word(tmp_path: Path) -> None:
    text = "<p>Your file<span v-if='n > 1'>s</span> will go.</p><p>Red house</p>"
    found = run({"a.html": text.encode()}, tmp_path)
    assert found.written["a.html"].decode() == text.replace("Red house", "RED HOUSE")
    assert found.outcomes["a.html"].left == 1


def test_what_a_component_has_in_a_slot(tmp_path: Path) -> None:
    text = (
        '<my-card><span slot="title">My <b>title</b></span>Other text<a slot="end">Last words</a>'
        "</my-card><p>Save it<my-icon slot></my-icon></p>"
    )
    assert translated("a.html", text, tmp_path, backwards=True) == (
        '<my-card><span slot="title"><b>TITLE</b> MY</span>TEXT OTHER<a slot="end">WORDS LAST</a>'
        "</my-card><p>IT SAVE<my-icon slot></my-icon></p>"
    )


MARKDOWN = [
    ("You <i v-if='a'>have *one* letter</i><i v-else>have {{ n }} letters</i> on\nthe table.",
     "<i v-if='a'>LETTER *ONE* HAVE</i><i v-else>LETTERS {{ n }} HAVE</i> TABLE.\nTHE ON YOU"),
    ("> One big <span v-if='a'>red\n> [old house](b.md \"My title\")</span> here.",
     "> HERE. BIG ONE\n> <span v-if='a'>[HOUSE OLD](b.md \"TITLE MY\") RED</span>"),
    ("| One <c v-show='x'>red car</c> |\n|--|\n| Hi <Slot>one <b hidden>two six</b></Slot> |",
     "| ONE <c v-show='x'>CAR RED</c> |\n|--|\n| HI <Slot>ONE <b hidden>SIX TWO</b></Slot> |"),
    ("One <span v-if='a'>and old.\n\nSecond one</span> or two.",
     "ONE <span v-if='a'>OLD. AND\n\nTWO. OR ONE</span> SECOND"),
    ("A <MyIcon v-if='a'/> <b v-if='b'></b> big <br v-if='a'> car",
     "<MyIcon v-if='a'/> <b v-if='b'></b> CAR BIG A <br v-if='a'>"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), MARKDOWN)
def test_in_markdown(text: str, wanted: str, tmp_path: Path) -> None:
    assert translated("a.md", text, tmp_path, backwards=True) == wanted


def test_within_a_word_in_markdown(tmp_path: Path) -> None:
    text = "Your file<span v-if='n > 1'>s</span> will go.\n\nRed house\n"
    found = run({"a.md": text.encode()}, tmp_path)
    assert found.written["a.md"].decode() == text.replace("Red house", "RED HOUSE")
    assert found.outcomes["a.md"].left == 1
    assert "line 1" in found.outcomes["a.md"].remarks[0]


PREFIXED = [
    (
        'You <c:if test="${a}">see a red</c:if> house',
        '<c:if test="${a}">RED A SEE</c:if> HOUSE YOU',
    ),
    (
        "See <xsl:if>red one</xsl:if> <urn:house> now",
        "<xsl:if>ONE RED</xsl:if> NOW <urn:house> SEE",
    ),
    ('Red <c:out value="${a}"/> house', '<c:out value="${a}"/> HOUSE RED'),
]


@pytest.mark.parametrize(("text", "wanted"), PREFIXED)
def test_elements_with_a_prefix_in_markdown(text: str, wanted: str, tmp_path: Path) -> None:
    new = translated("a.md", text, tmp_path, backwards=True)
    assert new.split() == wanted.split()


@pytest.mark.parametrize(
    "crossed",
    ["**{% if a %}red house** is{% endif %} here", "A *very {{#if a}}new* red{{/if}} house",
     "{% if a %}One [red{% else %}house](a.md) is{% endif %} here",
     "{% if a %}{% if b %}*one{% endif %} red*{% endif %} house"],
)  # fmt: skip
def test_markup_that_crosses_a_branch(crossed: str, tmp_path: Path) -> None:
    found = run({"a.md": f"{crossed}\n\nRed house\n".encode()}, tmp_path)
    assert found.written["a.md"].decode() == f"{crossed}\n\nRED HOUSE\n"
    assert found.outcomes["a.md"].left == 1
    assert "line 1" in found.outcomes["a.md"].remarks[0]


@pytest.mark.parametrize(
    "text",
    ["**Use `{% if a %}` and** then `{% endif %}` here", "*One {% if a %}red{% endif %} house*",
     "{% if a %}*one* [red](a.md){% else %}**house**{% endif %} here"],
)  # fmt: skip
def test_markup_that_crosses_no_branch(text: str, tmp_path: Path) -> None:
    assert run({"a.md": text.encode()}, tmp_path).outcomes["a.md"].left == 0


DEEP = {
    "a.txt": ("{% if a %}one ", "{% endif %} "),
    "a.md": ("<b v-if='a'>one ", "</b> "),
    "a.html": ("<c:if a>one ", "</c:if> "),
}


@pytest.mark.parametrize("name", DEEP)
def test_too_many_in_each_other(name: str, tmp_path: Path) -> None:
    """They stay, at once, and that is counted."""
    opens, closes = DEEP[name]
    deep = f"{opens * 2000}house {closes * 2000}"
    found = run({name: f"{deep}\n\nRed house\n".encode()}, tmp_path)
    assert found.written[name].decode().split() == [*deep.split(), "RED", "HOUSE"]
    assert found.outcomes[name].left == 1
