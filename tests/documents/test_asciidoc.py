"""AsciiDoc: what is text, how it is written, and that it is read back as the same document."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.filling import Document, filled
from s2scli.errors import BadInputError
from s2scli.text.fillers import has_fillers
from s2scli.text.verbatim import verbatim
from tests.documents.projected import projected
from tests.sizes import SIXTHS

FORMAT = open_format("asciidoc", FormatOptions())
CORPUS = Path(__file__).parents[1] / "corpus" / "asciidoc"


def slots(text: str) -> list[Slot]:
    return list(FORMAT.slots(Source("f", text)))


def texts(text: str) -> list[str]:
    return [slot.text for slot in slots(text)]


def changed(text: str, change: Callable[[str], str]) -> str:
    return projected(FORMAT, text, change)


def other(text: str) -> str:
    """A text with other letters."""
    return codecs.encode(text, "rot13")


def stretches(text: str) -> Any:
    """The text of the first slot, what its marks are on, and what is kept."""
    slot = slots(text)[0]
    return (
        slot.text,
        [slot.text[mark.start : mark.end] for mark in slot.marks],
        [slot.text[start:end] for start, end in slot.kept],
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("= One\nNo One <no@example.org>\nv1.0, no\n:no: no\n\nTwo\n", ["One", "Two"]),
        (":description: One \\\n  two\n:toc-title: Three\n:no: no\n", ["One two", "Three"]),
        ("---\ntitle: One\nno: no\n---\n= Two\n", ["One", "Two"]),
        ("== One\n\n=== Two ===\n\n## Three\n", ["One", "Two", "Three"]),
        ("One\n===\n\nTwo\n---\n\nThree four\n~~~~~~~~~~\n", ["One", "Two", "Three four"]),
        ("no(1)\n=====\n\nNAME\n----\nno - one\n", ["NAME", "no - one"]),
        ("One\ntwo\n\n.Three\n====\nFour\n====\n", ["One two", "Three", "Four"]),
        ("* One\ntwo\n** Three\n- Four\n. Five\n", ["One two", "Three", "Four", "Five"]),
        ("* [x] One\n* [ ] Two\n", ["One", "Two"]),
        ("* One\n+\nTwo\nthree\n* Four\n", ["One", "Two three", "Four"]),
        ("One:: two\nThree::\n  four\n  five\nSix::\n\n  seven\n",
         ["One", "two", "Three", "four five", "Six", "seven"]),
        ("----\nno\n----\n<1> One\n", ["One"]),
        ("....\nno\n....\n\n++++\nno\n++++\n\n////\nno\n////\n\n```no\nno\n```\nOne\n", ["One"]),
        ("[source]\nno\n\n[listing]\n--\nno\n--\n\n no\n no\n\nOne\n", ["One"]),
        ("----\nno, never closed\n", []),
        ("****\nOne\n****\n\n____\nTwo\n____\n\n--\nThree\n--\n", ["One", "Two", "Three"]),
        ("NOTE: One\ntwo\n\n[TIP]\nThree\n", ["One two", "Three"]),
        ("[verse]\n____\nOne\ntwo\n____\n", ["One", "two"]),
        ('"One."\n-- No, No\n\n> Two\n> three\n', ['"One."', "Two three"]),
        ("One\n// no\ntwo\ninclude::no[]\nthree\n", ["One", "two", "three"]),
        ("ifdef::no[]\nOne\nendif::[]\nifdef::no[Two]\n", ["One", "Two"]),
        ('image::no.png[One,200,title="Two, three"]\n\nvideo::no[]\n\nno::no[no]\n',
         ["One", "Two, three"]),
        ("One::\nimage::no.png[Two]\n\nThree:: image::no.png[Four]\n",
         ["One", "Two", "Three", "Four"]),
        ("* One\nimage::no.png[Two]\nthree\n* image::no.png[]\n", ["One", "Two", "three"]),
        ("[quote, No, no]\nOne\n\n[verse,no]\n____\nTwo\n____\n", ["One", "Two"]),
        ("'''\n\n<<<\n\n---\n\n// no\n\n[no]\n[[no]]\n:no: no\n", []),
        ("|===\n|One |Two\n\n|three | 4\n2+|five\nsix\n|===\n",
         ["One", "Two", "three", "five six"]),
        ('[cols="1,1a,m"]\n|===\n|One|* two\n* three|no\n|===\n', ["One", "two", "three"]),
        ('[%header,cols="a,m"]\n|===\n|One |Two\n|three |no\n|===\n', ["One", "Two", "three"]),
        ("|===\n|One \\| two\n\nthree\nl|no\n|===\n", ["One | two", "three"]),
        (',===\nOne,"two, ""three"""\n,===\n', ["One", 'two, "three"']),
        ("[format=dsv]\n|===\nOne:two\n|===\n", ["One", "two"]),
        ("[cols=a]\n|===\n|\n!===\n! One ! two\n!===\n|===\n", ["One", "two"]),
        ('One.footnote:[Two *three*] image:no.png[Four,9] "`five`"\n',
         ["One. “five”", "Two three", "Four"]),
        ("123 -- {no} `no` +no+ https://no.example\n", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_text(text: str, expected: list[str]) -> None:
    for newline in ("\n", "\r\n", "\r"):
        old = text.replace("\n", newline)
        assert texts(old) == expected
        assert changed(old, str) == old
        assert texts(changed(old, other)) == [other(one) for one in expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b _c_* d", ("a b c d", ["b c", "c"], [])),
        ("**a**b [.x]#c# ##d##e H~2~O m^2^", ("ab c de H2O m2", ["a", "c", "d", "2", "2"], [])),
        ("`a *b*` +c+ ++d++ pass:[e] stem:[f] kbd:[g] x",
         ("`a *b*` +c+ ++d++ pass:[e] stem:[f] kbd:[g] x", [],
          ["`a *b*`", "+c+", "++d++", "pass:[e]", "stem:[f]", "kbd:[g]"])),
        ("link:u[a b] https://x.y[c,role=z] <<d,e>> <<f>> xref:g[h]",
         ("a b c e <<f>> h", ["a b", "c", "e", "h"], ["<<f>>"])),
        ("see https://x.y/a_b_c. or a@b.cd, {e}", ("see https://x.y/a_b_c. or a@b.cd, {e}", [],
         ["https://x.y/a_b_c", "a@b.cd", "{e}"])),
        ("see {u}[a b] or {u}/c[d], {u}/e.", ("see a b or d, {u}/e.", ["a b", "d"], ["{u}/e"])),
        ("a [[b]] ((c)) (((1))) e", ("a c e", ["", "c", ""], [])),
        ("\\*a* \\_b_ \\{c} &amp; &copy; &#8364; {asterisk}{empty}", ("*a* _b_ \\{c} & © € *", [],
         ["\\{c}"])),
        ("a*b* 2 * 3 * 4 *c*d e_f_g", ("a*b* 2 * 3 * 4 *c*d e_f_g", [], [])),
        ("it's '`a`' b`'s", ("it's ‘a’ b’s", [], [])),
    ],
)  # fmt: skip
def test_what_is_markup(text: str, expected: Any) -> None:
    assert stretches(text) == expected


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("One\n", "a *b* `c` {d} <<e>> &amp;",
         "a &#42;b* &#96;c` &#123;d} &#60;<e>> &#38;amp;\n"),
        ("One\n", "2 * 3 = 6, a_b [c] #1", "2 * 3 = 6, a_b [c] #1\n"),
        ("One\n", "* zwei", "&#42; zwei\n"),
        ("One\n", ".NET", "{empty}.NET\n"),
        ("One\n", "//zwei", "{empty}//zwei\n"),
        ("One\n", "NOTE: zwei", "{empty}NOTE: zwei\n"),
        ("One\n", "a:: b", "a&#58;&#58; b\n"),
        ("One\n", "zwei +", "zwei &#43;\n"),
        ("One and two\nthree\n", "Eins, zwei - drei", "Eins, zwei\n{empty}- drei\n"),
        ("== One\n", "Eins ==", "== Eins =&#61;\n"),
        ("One\n---\n", "Eins und zwei", "Eins und zwei\n-------------\n"),
        ("One\n---\n", "蜂", "== 蜂\n"),
        ("== One\n\n<<_one>>\n", "Eins", "== Eins [[_one]]\n\n<<_one>>\n"),
        ("== One\n\n<<One>> a\n", "Eins", "== Eins [[One]]\n\n<<One>> a\n"),
        ("[[x]]\n== One\n\n<<_one>>\n", "Eins", "[[x]]\n== Eins\n\n<<_one>>\n"),
        ("|===\n|One|two\n|===\n", "Plan a", "|===\n|Plan a{empty}|two\n|===\n"),
        ("|===\n|One |two\n|===\n", "a|b", "|===\n|a&#124;b |two\n|===\n"),
        ("* [ ] One\n", "[x] eins", "* [ ] {empty}[x] eins\n"),
        (".One\n----\n", ". eins", ".{empty}. eins\n----\n"),
        ("image::x[One]\n", 'a, "b" = [c]', "image::x[a&#44; &#34;b&#34; &#61; [c&#93;]\n"),
    ],
)  # fmt: skip
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    first = slots(text)[0].text
    new = changed(text, lambda old: target if old == first else old)
    assert new == expected
    assert texts(new)[0] == target


@pytest.mark.parametrize(
    ("text", "target", "spans", "expected"),
    [
        ("One *two* three.\n", "Einszweidrei", ((4, 8),), "Eins**zwei**drei\n"),
        ("One _two_ three.\n", "Eins zwei drei", ((4, 10),), "Eins _zwei_ drei\n"),
        ("One *two* three.\n", "Eins", ((4, 4),), "Eins\n"),
        ("One ^two^ three.\n", "Eins zwei drei", ((5, 14),), "Eins ^zwei{sp}drei^\n"),
        ("One link:u[two].\n", "Eins a]b=c.", ((5, 10),), "Eins link:u[a&#93;b&#61;c].\n"),
        ("One <<u,two>>.\n", "Eins a>>b", ((5, 9),), "Eins <<u,a&#62;&#62;b>>\n"),
    ],
)  # fmt: skip
def test_markup_around_words(text: str, target: str, spans: Any, expected: str) -> None:
    found = slots(text)
    new = "".join(filled(FORMAT, Source("f", text), found, [Target(target, spans)]))
    assert new == expected
    (slot,) = slots(new)
    assert slot.text == target


def test_code_within_a_word() -> None:
    text = "One `x` two.\n"
    assert changed(text, lambda _: "Ein `x`en") == "Ein ``x``en\n"


def test_links_by_title() -> None:
    text = "== The pond\n\nSee <<The pond>> and <<The pond,it>>.\n"
    new = changed(text, other)
    assert new == "== Gur cbaq [[_the_pond]]\n\nFrr <<_the_pond>> naq <<_the_pond,vg>>.\n"
    plain = open_format("asciidoc", FormatOptions(anchors=False))
    found = list(plain.slots(Source("f", text)))
    targets = [Target("Der Teich"), *(Target(slot.text) for slot in found[1:])]
    targets[1] = Target(found[1].text, tuple((m.start, m.end) for m in found[1].marks))
    assert "".join(filled(plain, Source("f", text), found, targets)).startswith("== Der Teich\n")


def test_the_language() -> None:
    text = "= One\n:lang: en\n\nTwo\n"
    german = open_format("asciidoc", FormatOptions(target_language="de"))
    found = list(german.slots(Source("f", text)))
    new = "".join(filled(german, Source("f", text), found, [Target("Eins"), Target("Zwei")]))
    assert new == "= Eins\n:lang: de\n\nZwei\n"
    french = open_format("asciidoc", FormatOptions(source_language="fr"))
    with pytest.raises(BadInputError, match="in en"):
        list(french.slots(Source("f", text)))


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_other_letters_in_the_same_places(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    before, after = slots(text), slots(changed(text, other))
    assert len(after) == len(before)
    for one, two in zip(before, after, strict=True):
        assert [two.text[m.start : m.end] for m in two.marks] == [
            other(one.text[m.start : m.end]) if "`" not in one.text else two.text[m.start : m.end]
            for m in one.marks
        ]


SIGNS = "ab*`_|:.\\ -=[]#+<>{}^~\"'/&;!,"
PARTS = st.lists(
    st.text(st.sampled_from(SIGNS), max_size=9)
    | st.sampled_from(
        ["== A", "A\n---", "NOTE: a", "a:: b", "* c", "+", "----", "====", "|===", "|a|b", "[a]",
         "[cols=a]", ".A", ":a: b", "link:a[b]", "<<a,b>>", "*a*", "**b**c", "footnote:[a]", "a +",
         "// a", "include::a[]", "```", "[verse]", "____", "image::a[b]", ",===", 'a,"b"', "> a"]
    ),
    max_size=9,
)  # fmt: skip
WORDS = st.text(st.sampled_from(SIGNS + "\n"), max_size=14)


@given(PARTS)
def test_what_is_not_changed(parts: list[str]) -> None:
    text = "\n".join(parts)
    assert changed(text, str) == text


@settings(deadline=None, max_examples=50)
@given(WORDS)
@example("*:: *")
@example("'#_; #")
@example("*^\n#!!a#~ *")
def test_any_text_is_read_back(words: str) -> None:
    """Whatever a translation has in it is text: at the begin of lines and in markup too."""
    target = " ".join(f"x {words} x".split())
    assume(not has_fillers(target))  # they part texts
    for text in (
        "Aaa\n", "Aaa bb\nccc\n", "* Aaa\n", "Aaa:: bbb\n", ".Aaa\n----\n----\n", "== Aaa\n",
        "Aaa bbb\n-------\n", "|===\n|Aaa|b\n|===\n", "image::x[Aaa]\n", "NOTE: Aaa\n",
        'image::x["Aaa"]\n', ',===\nAaa,b\n,===\n', ',===\n"Aaa",b\n,===\n', "> Aaa\n",
    ):  # fmt: skip
        first = slots(text)[0].text
        new = changed(text, lambda old, first=first: target if old == first else old)  # type: ignore[misc]
        assert "".join(texts(new)[0].split()) == "".join(target.split()), new
        assert len(slots(new)) == len(slots(text)), new


@settings(deadline=None, max_examples=50)
@given(WORDS, WORDS, WORDS)
@example("_a", "", "a")
def test_markup_stays_on_its_words(before: str, inside: str, behind: str) -> None:
    start, middle, end = (" ".join(part.split()) for part in (before, f"x{inside}x", behind))
    target = f"{start}{middle}{end}"
    assume(not has_fillers(target) and not any(verbatim(target)))  # they part texts
    span = len(start), len(start) + len(middle)
    for text in (
        "a *b* c\n",
        "a **b** c\n",
        "a _b_ c\n",
        "a #b# c\n",
        "a link:u[b] c\n",
        "a <<u,b>> c\n",
    ):
        found = slots(text)
        new = "".join(filled(FORMAT, Source("f", text), found, [Target(target, (span,))]))
        (slot,) = slots(new)
        assert "".join(slot.text.split()) == "".join(target.split()), new
        marks = [slot.text[mark.start : mark.end] for mark in slot.marks]
        assert ["".join(mark.split()) for mark in marks] == ["".join(middle.split())], new


@pytest.mark.parametrize(
    "part", ["*", "`", "**a ", "*a ", "a\n", "* a\n", "|a", "{a ", "<<a", "[", "a:[", "footnote:[",
             "((a", "pass:[", "+a ", "\\", "a-", "a:a", "<<", "&a", "//", "^a", "a:: ", "://a"]
)  # fmt: skip
@pytest.mark.parametrize("n", SIXTHS)
def test_large_ones(part: str, n: int) -> None:
    for text in (f"x {part * 500 * n}\n", f"|===\n|x {part * 500 * n}\n|===\n"):
        assert changed(text, str) == text
        assert changed(text.replace("\n", "]\n"), str.swapcase)


def calls(text: str) -> int:
    """How many calls reading a document takes."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += 1

    form = open_format("asciidoc", FormatOptions())
    sys.setprofile(counted)
    try:
        for _ in form.slots(Source("f", text)):
            pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("part", ["*</p>\n\n", "[append'\n\n", "* a\n", "plain\n\n", "a `b` *c*\n"])
def test_work_grows_as_the_document(part: str) -> None:
    calls(part)
    few, many = calls(part * 200), calls(part * 800)
    assert many <= 4.4 * few


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A (((b, c d))) e.", ["A e.", "b", "c d"]),
        ('A indexterm:[b,"c, d"] e.', ["A e.", "b", "c, d"]),
        ('((("A", "b, c", see="D", seealso=E)))', ["A", "b, c", "D"]),
        ("(((a)))\nB", ["B", "a"]),
    ],
)
def test_terms_of_an_index_that_do_not_show(text: str, expected: list[str]) -> None:
    assert sorted(texts(text)) == sorted(expected)
    assert sorted(texts(changed(text, str.upper))) == sorted(one.upper() for one in expected)
    assert changed(text, str.upper).lower() == text.lower()


QUOTES: dict[str, list[str]] = {
    "[quote,Ann,Old Songs]\nOne\n": ["Ann", "Old Songs"],
    '[quote#id.role, Ann , "Songs, old"]\n____\nOne\n____\n': ["Ann", "Songs, old"],
    "[verse,attribution=Ann,citetitle=Songs]\nOne\n": ["Ann", "Songs"],
    "[,Ann]\n____\nOne\n____\n": ["Ann"],
    '"One\ntwo"\n-- Ann, Songs\n': ["-- Ann, Songs"],
    "> One\n> -- Ann\n": ["-- Ann"],
    "[source,ruby]\nno\n\n[quote]\nOne\n\n[cols=2]\n|===\n|One\n|===\n": [],
    "----\n[quote,Ann]\nno\n----\nOne\n": [],
}


@pytest.mark.parametrize("text", QUOTES)
def test_who_is_quoted_stays_and_is_named(text: str) -> None:
    document = Document.of(open_format("asciidoc", FormatOptions()), Source("f", text))
    assert {slot.text for slot in document.slots} <= {"One", "Two", '"One two"'}
    quoted = ", ".join(map(repr, QUOTES[text]))
    assert document.remarks == [f"Who and what is quoted stays as it is: {quoted}."][: len(quoted)]


@pytest.mark.parametrize("before", ["One::\n", "One:: ", "One::\n  ", "* One\n", "* ", "One\n"])
def test_images_beside_texts_stay_images(before: str) -> None:
    text = f"{before}image::one.png[Two, 30]\n"
    assert changed(text, other) == text.replace("One", "Bar").replace("Two", "Gjb")


def test_texts_of_its_own_attributes_are_said() -> None:
    text = (
        "= A\n:intro: Some words in it\n:name: One\n:url: http://some words in\n:x-label: Two\n"
        ":author: Jane de Doe\n\n[[b,The label]]\n[reftext=Three]\n== C\n\nD {intro}.\n"
    )
    format_ = open_format("asciidoc", FormatOptions())
    found = list(format_.slots(Source("f", text)))
    assert [slot.text for slot in found] == [*("A", "Two", "The label", "Three", "C", "D {intro}.")]
    assert format_.remarks == [
        "Texts in attributes of the document's own stay: 'Some words in it'."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[a,One, two]]\nThree\n", "[[a,EINS, {}]]\nThree\n"),
        ("Three [[a, One]]four [[b]] x [[c,1]]\n", "Three [[a, EINS, {}]]four [[b]] x [[c,1]]\n"),
        ("Three anchor:a[One] four anchor:b[]\n", "Three anchor:a[EINS, {}] four anchor:b[]\n"),
        ("|===\n|[[a,One]]Three\n|===\n", "|===\n|[[a,EINS, {}]]Three\n|===\n"),
    ],
)
def test_labels_of_anchors(text: str, expected: str) -> None:
    format_, source = open_format("asciidoc", FormatOptions()), Source("f", text)
    slots = list(format_.slots(source))
    assert [slot.text for slot in slots if slot.text.startswith("One")] in (["One"], ["One, two"])
    for end, written in (("x", "x"), ("x] y", "x\\] y")):
        targets = [
            Target(f"EINS, {end}" if slot.text.startswith("One") else slot.text,
                   tuple((mark.start, mark.end) for mark in slot.marks))
            for slot in slots
        ]  # fmt: skip
        new = "".join(filled(format_, source, slots, targets))
        if end == "x":
            assert new == expected.format(written)
        assert [slot.text for slot in format_.slots(Source("f", new))] == [
            target.text for target in targets
        ]


def test_names_that_programs_show_are_said() -> None:
    text = "Press btn:[Save] in menu:File[Open]. kbd:[F1]\n\n* [[[a,Some book]]] [[[b]]] One\n"
    format_ = open_format("asciidoc", FormatOptions())
    list(format_.slots(Source("f", text)))
    assert format_.remarks == [
        "Names of buttons, menus and icons, and labels of a bibliography, stay: "
        "'Save', 'menu:File[Open]', 'Some book'."
    ]


def test_texts_in_passthroughs_are_said() -> None:
    form = open_format("asciidoc", FormatOptions())
    text = (
        "One +++<u>two words</u>+++ pass:[<b>it \\] is</b>] +++<br>+++ pass:q[_x_].\n\n"
        "++++\n<p>In a block</p>\n++++\n\n++++\n<video src='a b'></video>\n++++\n"
    )
    found = list(form.slots(Source("f", text)))
    assert len(found) == 1
    assert form.remarks == ["Texts in passthroughs stay: 'two words', 'it \\\\] is', 'In a block'."]
    assert form.left == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= One\nAnn Lee\nv1.0, 2024-01-01: The first one\n\nText.\n", "The first one"),
        ("= One\nAnn Lee\n2024-01-01: A first one\n\nText.\n", "A first one"),
        ("= One\nAnn Lee\nv1.0, 2024-01-01\n\nText: more.\n", ""),
        ("See icon:tags[title=The tags] here.\n", "The tags"),
        ('icon:tags[size=2x,title="Some tags"]\n\nText.\n', "Some tags"),
        ("icon:tags[size=2x]\n\nText.\n", ""),
        (".pass:q[A *title* here]\nText.\n", "A title here"),
        ("See +{name} as it is+ and +some words+ there.\n", "some words"),
        ("See `+some code+` there, 1+2 and C+++.\n", ""),
    ],
)
def test_what_stays_in_headers_icons_and_passthroughs_is_said(text: str, said: str) -> None:
    form = open_format("asciidoc", FormatOptions())
    assert list(form.slots(Source("f", text)))
    remarks = "".join(form.remarks)
    assert said in remarks if said else not remarks


def test_remarks_of_revisions_are_texts() -> None:
    form = open_format("asciidoc", FormatOptions())
    found = form.slots(Source("f", "= One\n:revremark: The first one\n\nText.\n"))
    assert [slot.text for slot in found] == ["One", "The first one", "Text."]
