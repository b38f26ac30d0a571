"""Texts in the codes of Word's fields, and the results of these fields."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.office.instructions import coded
from s2scli.office.ooxml import WordPart
from tests.documents.office import changed, package, reversed_target, slots, upper
from tests.documents.runs import run
from tests.documents.test_ooxml import BOLD, LINK, TYPES, WORD, WORD_MAIN, document, p, r
from tests.sizes import TENTHS

MARK = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BEGIN, SEPARATE, END = (MARK.format(kind) for kind in ("begin", "separate", "end"))

IF_A, MORE = " IF 1 = 2 &quot;a", "<w:br/><w:instrText>b&quot;</w:instrText></w:r>"


def code(text: str, look: str = "") -> str:
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f'<w:r>{properties}<w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def field(*codes: str, result: str = "") -> str:
    inside = "".join(one if one.startswith("<") else code(one) for one in codes)
    return f"{BEGIN}{inside}{SEPARATE + result if result else ''}{END}"


NAME = field(" MERGEFIELD Name ", result=r("«Name»"))


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (field(' IF 1 = 2 "Yes it is" "No &amp; x" \\* MERGEFORMAT '), ["Yes it is", "No & x"]),
        (field(" IF ", NAME, ' = "Ann" "She" "He"'), ["She", "He"]),
        (field(" if ", NAME, ' &lt;&gt; "Ann" &quot;She&quot; Others '), ["She", "Others"]),
        (field(" IF ", NAME, ' = "Ann" "Dear Ms ', NAME, '," "All"'), ["Dear Ms ,", "All"]),
        (field(' IF 1 = 2 "over two', ' runs" ""'), ["over two runs"]),
        (field(' IF 1 = 2 "say \\"so\\" now" ""'), ['say "so" now']),
        (field(" I", 'F 1 = 2 "a b"'), ["a b"]),
        (field(" IF 1 = 1 ", field(' IF 2 = 2 "in" "out" '), ' "else"'), ["in", "out", "else"]),
        (field(' FILLIN "Who are you?" \\d "Nobody" \\o '), ["Who are you?", "Nobody"]),
        (field(' ASK who "Who are you?" \\d Nobody '), ["Who are you?", "Nobody"]),
        (field(' SET who "The owner" '), ["The owner"]),
        (field(' XE "Fruit:Green pear" \\t "See Food" \\b'), ["Fruit", "Green pear", "See Food"]),
        (field(' TC "A heading" \\f C \\l "1" '), ["A heading"]),
        (field(' HYPERLINK "http://a.de/b" \\l "top" \\o "A tip" \\t "_blank"'), ["A tip"]),
        (field(" MACROBUTTON NoMacro [Click here] "), ["[Click here]"]),
        (field(' MERGEFIELD Name \\b "Dear " \\f ", hello"'), ["Dear", ", hello"]),
        (
            field(' GREETINGLINE \\f "&lt;&lt;_BEFORE_ Dear &gt;&gt;&lt;&lt;_TITLE0_&gt;&gt;'
            '&lt;&lt; _LAST0_&gt;&gt;&lt;&lt;_AFTER_ , hello&gt;&gt;" \\l 1033 \\e "Dear all,"'),
            ["Dear", ", hello", "Dear all,"],
        ),
        (field(' ADDRESSBLOCK \\f "&lt;&lt;_FIRST0_&gt;&gt; of &lt;&lt;_CITY_&gt;&gt;"'), ["of"]),
        (field(' TA \\l "The law of bees, 3" \\s "Bees" \\c 2 '), ["The law of bees, 3"]),
        (field(' INDEX \\h "A" \\c "2" \\e " on page " \\z "1033" '), ["on page"]),
        (field(' INFO  TITLE "A new title" '), ["A new title"]),
        (field(' TOC \\o "1-3" \\t "Big style,1" '), []),
        (field(' DATE \\@ "d MMMM" '), []),
        (field(' REF Bookmark \\h "no" '), []),
        (field(" IF "), []),
        (field(' IF 1 = "'), []),
        ('<w:fldSimple w:instr=" IF 1 = 2 &quot;Yes&quot; &quot;No&quot; "/>', ["Yes", "No"]),
        ('<w:fldSimple w:instr=\' FILLIN "Say" \'>' + r("x") + "</w:fldSimple>", ["Say", "x"]),
    ],
)  # fmt: skip
def test_what_is_text(content: str, texts: list[str]) -> None:
    found = [slot.text for slot in slots(WORD, p(content)) if slot.text != "«Name»"]
    assert found == texts
    new = changed(WORD, p(content), upper)
    ElementTree.fromstring(new)
    again = [slot.text for slot in slots(WORD, new)]
    assert again == [text.upper() for text in texts]
    assert new.count("fldChar ") == content.count("fldChar ")
    assert new.count("«Name»") == content.count("«Name»")


def test_fields_within_a_text_may_move() -> None:
    text = p(field(" IF ", NAME, ' = "A" "Dear ', NAME, ' my friend" "You"'))
    new = changed(WORD, text, reversed_target)
    ElementTree.fromstring(new)
    codes = "".join(re.findall(r"<w:instrText[^>]*>([^<]*)", new))
    assert codes == ' IF  MERGEFIELD Name  = "A" "dneirf ym  MERGEFIELD Name  raeD" "uoY"'
    assert "my friend" not in new


@pytest.mark.parametrize("text", ['a "b" c', "a\\b", "plain", '\\"'])
def test_quotes_within_a_text(text: str) -> None:
    for content in (
        field(' IF 1 = 2 "old"'),
        '<w:fldSimple w:instr=" IF 1 = 2 &quot;old&quot;"/>',
    ):
        new = changed(WORD, p(content), lambda slot: Target(f"x {text} y"))
        ElementTree.fromstring(new)
        assert [slot.text for slot in slots(WORD, new)] == [f"x {text} y"]
    assert coded('"') == '\\"'


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (
            r("We will ") + field(' IF 1 = 2 "go" "stay" ', result=r("stay")) + r(" here."),
            ["We will here.", "go", "stay", "stay"],
        ),
        (field(" TITLE ", result=r("The title")), ["The title"]),
        (r("Of ") + field(" REF x ", result=r("all")) + r(" things"), ["Of all things"]),
        (field(" DOCPROPERTY Client ", result=r("The client")), []),
        (field(" IF ", NAME, ' = "a" "b c"', result=r("b c")), ["b c", "b c"]),
        (
            LINK.format(field(' IF 1 = 1 "b c"', result=r("b c", BOLD))) + r(" d"),
            ["b c", "b c", "d"],
        ),
        (
            '<w:fldSimple w:instr=" IF 1 = 1 &quot;b c&quot;">' + r("b c") + "</w:fldSimple>",
            ["b c", "b c"],
        ),
    ],
)
def test_what_a_field_says_is_a_text_of_its_own(content: str, texts: list[str]) -> None:
    found = [slot.text for slot in slots(WORD, p(content))]
    assert sorted(found) == sorted(texts)
    new = changed(WORD, p(content), lambda slot: upper(replace(slot, text=f"{slot.text} x")))
    ElementTree.fromstring(new)
    assert sorted(slot.text for slot in slots(WORD, new)) == sorted(
        f"{one} x".upper() for one in texts
    )


@pytest.mark.parametrize(
    "content",
    [
        f"<w:p>{field(code(IF_A), '<w:ins>', code('b&quot;'), '</w:ins>')}</w:p>",
        f"<w:p>{BEGIN}{code(' IF 1 = 2 &quot;One two&quot;')}</w:p>",
    ],
    ids=["changes", "no end"],
)  # fmt: skip
def test_what_cannot_be_replaced_is_said(content: str) -> None:
    form = WordPart(FormatOptions())
    text = document(content)
    assert list(form.slots(Source("f", text))) == []
    assert form.left == 1
    assert "'IF'" in form.remarks[0]


PARTED = [
    (
        f"<w:p>{r('Before')}{BEGIN}{code(' IF 1 = 2 &quot;One')}</w:p>"
        f"<w:p>{code('more &quot; &quot;Two&quot;')}{SEPARATE}{r('Two')}{END}{r('Behind')}</w:p>",
        ["Before", "One", "more", "Two", "Two", "Behind"],
    ),
    (
        f"<w:p>{BEGIN}{code(' IF ')}{NAME}{code(' = 1 &quot;One')}</w:p><w:p>{NAME}{code(', hi')}"
        f"</w:p><w:p/><w:p>{code('&quot;')}{END}</w:p>",
        ["One", ", hi"],
    ),
    (
        f"<w:p>{BEGIN}{code(' IF 1 = 1 &quot;Dear ')}{BEGIN}{code(' MERGEFIELD')}</w:p>"
        f"<w:p>{code(' Name ')}{END}{code(' my friend&quot;')}{END}</w:p>",
        ["Dear", "my friend"],
    ),
    (f"<w:p>{field(code(IF_A).replace('</w:r>', MORE))}</w:p>", ["a", "b"]),
    (
        f"<w:p>{BEGIN}{code(' IF 1 = 2 &quot;In')}{p(field(' SET who &quot;a box&quot;'))}</w:p>"
        f"<w:p>{code('out&quot;')}{END}</w:p>",
        ["In", "a box", "out"],
    ),
    (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>IF 1 = 2 &quot;Go </w:instrText>"
        "<w:fldChar w:fldCharType='begin'/><w:instrText>MERGEFIELD x</w:instrText><w:fldChar "
        "w:fldCharType='end'/><w:instrText>now&quot;</w:instrText><w:fldChar w:fldCharType='end'/>"
        "</w:r></w:p>",
        ["Go", "now"],
    ),
]


@pytest.mark.parametrize(("content", "texts"), PARTED)
def test_paragraphs_and_breaks_part_the_texts_of_a_field(content: str, texts: list[str]) -> None:
    form = WordPart(FormatOptions())
    source = Source("f", document(content))
    found = list(form.slots(source))
    assert [slot.text for slot in found if slot.text != "«Name»"] == texts
    assert form.left == 0
    assert [slot.start for slot in found] == sorted(slot.start for slot in found)
    assert changed(WORD, source.text, lambda slot: Target(slot.text)) == source.text
    new = changed(WORD, source.text, reversed_target)
    ElementTree.fromstring(new)
    again = [slot.text for slot in slots(WORD, new)]
    assert again == [text[::-1] for text in texts]
    assert re.sub(r">[^<]*<", "><", new) == re.sub(r">[^<]*<", "><", source.text)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (field(" DATE \\@ \"d 'of' MMMM\" "), ["'of'"]),
        (field(" PAGE \\# &quot;'Page: '#'\n'&quot; "), ["Page:"]),
        (field(" = A1 \\# 0' pieces' "), ["pieces"]),
        (field(' DATE \\@ "d MMMM yyyy" \\* MERGEFORMAT '), []),
    ],
)
def test_words_in_formats_are_said(content: str, words: list[str]) -> None:
    form = WordPart(FormatOptions())
    assert list(form.slots(Source("f", document(p(content))))) == []
    assert [remark for remark in form.remarks if "formats" in remark] == form.remarks
    assert all(word in " ".join(form.remarks) for word in words)
    assert bool(form.remarks) == bool(words)


def test_texts_of_an_unknown_namespace_are_said() -> None:
    other = '<o:p xmlns:o="http://example.org/o"><o:r><o:t>Not read</o:t></o:r></o:p>'
    form = WordPart(FormatOptions())
    assert [slot.text for slot in form.slots(Source("f", document(p(r("One")) + other)))] == ["One"]
    assert form.left == 1
    assert "unknown namespace" in form.remarks[0]
    assert "'Not read'" in form.remarks[0]


def test_a_field_over_several_paragraphs_with_no_text_is_fine() -> None:
    form = WordPart(FormatOptions())
    toc = code(' TOC \\o "1-3" ')
    text = document(f"<w:p>{BEGIN}{toc}{SEPARATE}{r('One')}</w:p><w:p>{r('Two')}{END}</w:p>")
    assert [slot.text for slot in form.slots(Source("f", text))] == ["One", "Two"]
    assert form.left == 0


def test_results_stay_in_step(tmp_path: Path) -> None:
    content = r("It is ") + field(' IF 1 = 2 "open all day" "shut"', result=r("open all day"))
    members = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Override PartName="/d.xml" '
        f'ContentType="{WORD_MAIN}"/></Types>',
        "d.xml": p(content),
    }
    found = run({"a.docx": package(members)}, tmp_path, lambda word: word[::-1])
    assert found.outcomes["a.docx"].status == "done"
    with zipfile.ZipFile(io.BytesIO(found.written["a.docx"])) as file:
        new = file.read("d.xml").decode()
    assert new.count("nepo lla yad") == 2
    assert '"tuhs"' in new


def change(slot: Slot) -> Target:
    return Target(slot.text)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: field(" IF ", *[field(" IF ") for _ in range(200 * n)], '"x y"'),
        lambda n: BEGIN * 500 * n + code(' IF 1 = 1 "x y"') + END * 500 * n,
        lambda n: field(' IF 1 = 1 "', *['x" "y z' for _ in range(500 * n)], '"'),
        lambda n: field(' XE "' + ":x y" * 2_000 * n + '"'),
        lambda n: field(" IF 1 = 1 " + "\\" * 10_000 * n),
        lambda n: field(" IF 1 = 1 " + '"a ' * 5_000 * n),
        lambda n: code(' IF 1 = 1 "x y"') * 500 * n,
    ],
    ids=["nested", "deep", "pieces", "levels", "slashes", "quotes", "orphans"],
)
@pytest.mark.parametrize("n", TENTHS)
def test_hostile_codes(make: Callable[[int], str], n: int) -> None:
    text = p(make(n))
    assert changed(WORD, text, change) == text
    ElementTree.fromstring(changed(WORD, text, upper))
