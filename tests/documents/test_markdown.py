"""Markdown: what is text, and that what is written is read back as the same text and markup."""

from __future__ import annotations

import re
import sys
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.filling import filled
from s2scli.documents.pieces import TEXT as PLAIN
from s2scli.documents.pieces import MarkupPiece
from s2scli.errors import BadInputError
from s2scli.markup.markdown.blocks import MOST_NESTED, page
from s2scli.markup.markdown.brackets import FEW
from s2scli.markup.markdown.format import Markdown
from s2scli.markup.markdown.inline import MOST_SPECIAL, has_too_much, inline
from s2scli.markup.markdown.inner import Inner
from s2scli.text.fillers import has_fillers
from s2scli.text.verbatim import verbatim
from tests.documents.runs import run, translated
from tests.sizes import SIXTHS


def read(text: str) -> list[Slot]:
    return list(Markdown(FormatOptions()).slots(Source("f", text)))


def texts(text: str) -> list[str]:
    return [slot.text for slot in read(text)]


def stretches(text: str) -> list[Any]:
    """The text of each slot with its marks' stretches and what is kept."""
    return [
        (
            slot.text,
            [slot.text[mark.start : mark.end] for mark in slot.marks],
            [slot.text[start:end] for start, end in slot.kept],
        )
        for slot in read(text)
    ]


def rewritten(text: str, *targets: Target, **options: Any) -> str:
    format_ = Markdown(FormatOptions(**options))
    source = Source("f", text)
    return "".join(filled(format_, source, list(format_.slots(source)), targets))


def moved(slot: Slot) -> Target:
    """A slot's text with a word in front of it and one behind it, the marks where they were."""
    spans = tuple((mark.start + 3, mark.end + 3) for mark in slot.marks)
    return Target(f"xy {slot.text} yz", spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title #\n\nSub\n===\n\n## B {#b .c}\n", ["Title", "Sub", "B"]),
        ("A line\nwrapped.\n\nNext.\n", ["A line wrapped.", "Next."]),
        ("これは\n行です。\n", ["これは行です。"]),
        ("- one\n  two\n\n  more\n- [x] done\n1. first\n", ["one two", "more", "done", "first"]),
        ("> q\n> r\n>> deep\nlazy\n", ["q r", "deep lazy"]),
        ("a\n\n{% highlight ruby %}\nputs\n\nb\n{% endhighlight %}\n\nc\n", ["a", "c"]),
        ("{%- raw -%}\na\n{%- endraw -%}\nb\n", ["a", "b"]),
        ("{% comment %}\na\n{% endcomment %}\nb\n", ["b"]),
        ("{% comment %}\na\n", ["a"]),
        ('{{< figure\n  src="a"\n  title="Of it"\n>}}\nb\n', ["Of it", "b"]),
        ("{% include a.html\n  alt='Of \"it\"'\n%}\n", ['Of "it"']),
        ('a {{< b title="C" id="d" >}} e ![](f){ title="G" }\n', ["a e", "C", "G"]),
        (':::note{title="A"}\nb\n:::\n\n{: title="C"}\n', ["A", "b", "C"]),
        ('{\n  "title": "A",\n  "x": {"slug": "b"}\n}\n\n{c} d\n', ["A", "{c} d"]),
        (
            "```{note} One\ntwo\n```\n\n:::{figure} no\n:alt: Three\n:width: no\n\nFour\n:::\n",
            ["One", "two", "Three", "Four"],
        ),
        ("````{tip}\n---\nno: no\n---\n```sh\nno\n```\n- One\n````\nTwo\n", ["One", "Two"]),
        ("```{code-block} no\nno\n```\n```{python}\nno\n```\n```{note}\nno\n", []),
        ("{% x %}\n(no-one)=\n# One\n\n+++ no\n\nTwo\n", ["One", "Two"]),
        (
            "% One\n% no\n\nTwo\n\n% Three\n% Four\n\n% five\nsix\n",
            ["One", "Two", "Three", "Four", "% five six"],
        ),
        ("> **One**\n> two\n\n**Three** four\nfive\n", ["One", "two", "Three four five"]),
        ('<Card title="One" href="no">\n\nTwo\n\n</Card>\n', ["One", "Two"]),
        ('{"a": "b"} c\n', ['{"a": "b"} c']),
        (
            "| a | b `c|d` |\n|---|---|\n| `e|f` | g |\n| `h` | i | j |\n",
            ["a", "b `c|d`", "g", "i"],
        ),
        ("`a|b` | c\n--- | ---\nd | e\n", ["c", "d", "e"]),
        ('--8<-- "snippet.md"\n\na\n', ["a"]),
        # Lists of Pandoc, which are paragraphs to others.
        ("(@) One a\n(@b) Two\n  and more\n\n#. Three\n", ["One a", "Two and more", "Three"]),
        ("a. One\nb. Two\n\n(i) Three\n(ii) Four\n", ["One", "Two", "Three", "Four"]),
        ("A. Smith was\nhere.\n\n(a) One\n", ["A. Smith was here.", "(a) One"]),
        # What pymdownx adds, and markdown-it's plug-ins.
        (
            "/// note | One\n    type: no\n    attrs: {class: no}\n\nTwo\n///\n\n"
            "//// html | no.no\n/// tip\nThree\n///\n////\n",
            ["One", "Two", "Three"],
        ),
        ("/// A doc comment.\n", ["/// A doc comment."]),
        ("[=50% \"One\"]\n\n[=1/2 'Two']{: .thin}\n\n[==3%]\n", ["One", "Two"]),
        (
            'a ++ctrl+alt+del++ b ++enter++ c ++"Big key"+x++ d\n',
            ['a ++ctrl+alt+del++ b ++enter++ c ++"Big key"+x++ d'],
        ),
        ("a ++two words++ b C++ c ++d e++f ++new++\n", ["a two words b C++ c ++d e++f new"]),
        ('???+ note "One"\n    Two\n\n=== "Three"\n\n    ++x++\n', ["One", "Two", "Three"]),
        ("> [!NOTE]\n> Body.\n\n> [!tip] Head\n> Body.\n", ["Body.", "Head", "Body."]),
        ("| A | b \\| c |\n|---|:-:|\n| d | |\ne | 3\n", ["A", "b | c", "d", "e"]),
        ("```\ncode\n```\n\n    code\n\n~~~ x\ncode\n~~~\n\n---\n42\n", []),
        ("a&amp;b &copy; \\*c\\* &nosuch;\n", ["a&b © *c* &nosuch;"]),
        ('[r]: http://x "Title"\n[s]: <y z>\n', ["Title"]),
        ("A[^1].\n\n[^1]: Note\n    goes on.\n\n    More.\n", ["A.", "Note goes on.", "More."]),
        (
            '[a] b[^1].\n\n[^1]: Note\n[^2]: More\n[a]: http://x "Title"\n[c]: d e\n',
            ["a b.", "Note", "More", "Title", "[c]: d e"],
        ),
        ("Term\n:   Meaning\n\n*[HTML]: Hyper Text\n", ["Term", "Meaning", "Hyper Text"]),
        (
            "One\nTwo\n: Three\n  four\n\nFive\nsix\n\n: Seven\n",
            ["One", "Two", "Three four", "Five", "six", "Seven"],
        ),
        ("One\ntwo\n\n    : no\n\nOne\ntwo\n::: no\nThree\n:::\n", ["One two", "One two", "Three"]),
        (
            '!!! note "Head"\n    Body.\n\n=== "Tab"\n\n    In it.\n',
            ["Head", "Body.", "Tab", "In it."],
        ),
        (":::tip Head\nBody.\n:::\n\n:::note[Other]\nx\n:::\n", ["Head", "Body.", "Other", "x"]),
        (
            '![a](x){ .b c=1 }\n\n[d](x){ .e-f }\n\n![](y){ width="3" }\n\n# g { #h .i }',
            ["a", "d", "g"],
        ),
        ("{% if x %}\ntext\n{% endif %}\n{{< figure src=x >}}\n{: .note}\n", ["text"]),
        ("$$\nx text\n$$\n\n\\begin{align}\nx\n\\end{align}\n\nEnd.\n", ["End."]),
        (
            "import A from './a';\n\nText.\n\n<Tabs values={x}>\n\nIn it.\n\n</Tabs>\n",
            ["Text.", "In it."],
        ),
        ('![alt](i.png "title") <!-- c -->\n', ["alt", "title"]),
        ('<abbr title="A b">C</abbr> d <img src="x" alt=\'E\'> f\n', ["C d f", "A b", "E"]),
        (
            '<i translate="no" title="A">B</i> <a title="C &lt; d" href="e">f</a>\n',
            ['<i translate="no" title="A">B</i> f', "C < d"],
        ),
        ('a [b](c "D\ne") f\n\n[r]: u "G\nh"\n', ["a b f", "D e", "G h"]),
        ("<div>\n<p>One <b>two</b></p>\n</div>\n\nthree\n", ["One two", "three"]),
        ("<details><summary>Sum</summary>\n\nBody.\n\n</details>\n", ["Sum", "Body."]),
        ("<!-- no text -->\n\n[TOC]\n\\newpage\n", []),
        ("one\r\ntwo\r\n\r\n- three\r\n", ["one two", "three"]),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [b *c*]{.d} e]{.f}", ("a b c e]", ["b c", "c"], [])),
        ("a **b *c* d** ==e==", ("a b c d e", ["b c d", "c", "e"], [])),
        ("[a b](http://x (t)) c", ("a b c", ["a b"], [])),
        ("[![](y)](z) a ![](c) d", ("a d", [""], [])),
        ("a" * 61 + "  \nb\\\nc<br>d", ("a" * 61 + " b c d", ["", "", ""], [])),
        (
            "use `a  b` and $x_1$ for $5 or $6",
            ("use `a  b` and $x_1$ for $5 or $6", [], ["`a  b`", "$x_1$"]),
        ),
        (
            "at <http://x.y> or https://a.b/c_d_e.",
            ("at <http://x.y> or https://a.b/c_d_e.", [], ["<http://x.y>", "https://a.b/c_d_e"]),
        ),
        ("hit <kbd>A</kbd> <i>b</i> <u>c", ("hit <kbd>A</kbd> b c", ["b", ""], ["<kbd>A</kbd>"])),
        (
            "a[^1] b {{ c }} {% d %} :e: [[f]]",
            ("a b {{ c }} :e: [[f]]", ["", ""], ["{{ c }}", ":e:", "[[f]]"]),
        ),
        ("a ![[b]] [[c]](d)", ("a ![[b]] [c]", ["[c]"], ["![[b]]"])),
        (
            "at https://a.b/c_(d). (www.a.b/c)",
            ("at https://a.b/c_(d). (www.a.b/c)", [], ["https://a.b/c_(d)", "www.a.b/c"]),
        ),
    ],
)
def test_what_is_markup(text: str, expected: Any) -> None:
    assert stretches(text)[0] == expected


FRONT = """---
title: "A \\"b\\""
description: >-
  Folded text
  of two lines.
tags: [x, y]
params:
  - caption: Plain text # comment
    url: /x
lang: en
---
Body.
"""


def test_front_matter() -> None:
    assert texts(FRONT) == ['A "b"', "Folded text of two lines.", "Plain text", "Body."]
    new = rewritten(
        FRONT,
        Target('Das "b"'),
        Target("Gefalteter Text auf Zeilen. " * 4),
        Target("Text: neu"),
        Target("Rumpf."),
        target_language="de",
    )
    assert 'title: "Das \\"b\\""\n' in new
    assert 'caption: "Text: neu" # comment\n    url: /x\nlang: de\n---\nRumpf.\n' in new
    assert texts(new)[1:3] == [("Gefalteter Text auf Zeilen. " * 4).strip(), "Text: neu"]
    assert texts("+++\ntitle = 'A'\nx = 'b'\n+++\n\nBody.\n") == ["A", "Body."]
    assert texts("---\n\ntext\n\n---\n") == ["text"]


def test_wrapped_text_is_wrapped_again() -> None:
    text = (
        "> - A sentence that somebody has wrapped\n>   by hand, with a break\\\n"
        ">   in it and some\n>   more words.\n"
    )
    (slot,) = read(text)
    break_ = slot.text.index(" in it")
    assert rewritten(
        text, Target(slot.text.replace("sentence", "phrase of more words"), ((break_ + 12,) * 2,))
    ) == (
        "> - A phrase of more words that somebody\n>   has wrapped by hand, with a break\\\n"
        ">   in it and some more words.\n"
    )
    text = "one *two*\r\nthree\r\n"
    assert rewritten(text, Target("drei eins zwei", ((5, 9),))) == "drei\r\n*eins*\r\nzwei\r\n"


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("a *b* c", Target("c b!a", ((2, 4),)), "c <em>b!</em>a"),
        ("a _b_ c", Target("cba", ((1, 2),)), "c*b*a"),
        ("a **b** c", Target("请用「b」c", ((2, 5),)), "请用<strong>「b」</strong>c"),
        ("a **b** c", Target("x  y z", ((1, 4),)), "x **y** z"),
        ("a **b** c", Target("x y", ((2, 2),)), "x y"),
        ("*a* **b**", Target("xy", ((0, 1), (1, 2))), "*x***y**"),
        ("[a] b\n\n[a]: x", Target("Das A", ((4, 5),)), "Das [A][a]"),
        ("[a](x)", Target("b] [c](d", ((0, 8),)), "[b\\] \\[c\\](d](x)"),
        ("a ![](x) b", Target("b a", ((2, 2),)), "b ![](x) a"),
        ("a", Target("1. x"), "1\\. x"),
        ("a", Target("# x"), "\\# x"),
        ("a", Target("+ x - y"), "\\+ x - y"),
        (
            "a",
            Target("snake_case 2 * 3 *x* [y] <z> &lt;"),
            "snake_case 2 * 3 \\*x\\* [y] \\<z> \\&lt;",
        ),
        ("# a", Target("x C#"), "# x C\\#"),
        # What had a backslash before a sign of some programs keeps it.
        ("\\$a\\$ H\\~2\\~ \\:b\\: \\@c", Target("$a$ :b: 2 @c"), "\\$a\\$ \\:b\\: 2 \\@c"),
        ("| a |\n|-|\n", Target("x|y"), "| x\\|y |"),
        ('[a](x "b")', Target('say "b"'), '[a](x "say \\"b\\"")'),
    ],
)
def test_what_is_written(text: str, target: Target, expected: str) -> None:
    slots = read(text)
    chosen = next(
        (
            i
            for i, slot in enumerate(slots)
            if (len(slot.marks) == len(target.spans) and slot.text != "a") or len(slots) == 1
        ),
        0,
    )
    targets = [target if i == chosen else Target(slot.text) for i, slot in enumerate(slots)]
    assert rewritten(text, *targets).split("\n")[0] == expected


INLINE = st.recursive(
    st.text("ab .,!1", min_size=1, max_size=6)
    | st.sampled_from(
        [
            "`x y`",
            "![i](u)",
            "<br>",
            "[^1]",
            "$z$",
            "\\*",
            "&amp;",
            "https://u.v/w_x_y",
            "\n",
            "  \n",
            "\\\n",
        ]
    ),
    lambda inner: st.builds(
        lambda parts, around: f"{around[0]}{' '.join(parts)}{around[1]}",
        st.lists(inner, min_size=1, max_size=4),
        st.sampled_from(
            [
                ("*", "*"),
                ("**", "**"),
                ("_", "_"),
                ("~~", "~~"),
                ("==", "=="),
                ("^^", "^^"),
                ("[", "](u)"),
                ("[", '](u "t")'),
                ("[", "][r]"),
                ("[", "]"),
                ("<b>x ", " x</b>"),
                ("", ""),
            ]
        ),
    ),
    max_leaves=8,
)
TEXT = st.text(st.sampled_from("ab  .,!#*_`~[](){}<>\\|&;:$1-+=é漢「\n"), max_size=30)
LINE = st.text(st.sampled_from("ab #*_`~[]()<>!\\|&:$1-+.=>\t"), max_size=12)
PREFIXES = st.sampled_from(["", "# ", "- ", "> ", "1. ", "> - ", "| ", "[^1]: ", ": "])
PAGE = st.lists(st.tuples(PREFIXES, LINE | INLINE).map("".join), max_size=6).map("\n".join)


@given(text=PAGE | TEXT)
def test_documents_come_out_as_they_went_in(text: str) -> None:
    slots = read(text)
    assert rewritten(text, *(Target(slot.text) for slot in slots)) == text
    for slot in slots:
        assert slot.text == slot.text.strip(" \n")
        assert any(map(str.isalpha, slot.text))
        for mark in slot.marks:
            assert slot.start <= mark.opens[0] <= mark.opens[1] <= mark.closes[0] <= mark.closes[1]
            assert mark.closes[1] <= slot.end
            assert 0 <= mark.start <= mark.end <= len(slot.text)


DEFINITION = "\n\n[r]: u\n"


PLACES = ("{}", "# {}", "{}\n===", "- {}", "> {}", "| {} |\n|-|", "a\n: {}", "{}\r\nb", "![{}](u)")


@pytest.mark.parametrize("place", PLACES)
@given(new=TEXT)
@example("$1 >$")  # a formula, in which nothing can be escaped where a line begins
def test_text_is_read_back_as_it_was_written(place: str, new: str) -> None:
    new = " ".join(f"x{new}y z".split())
    assume(not has_fillers(new))  # they part texts
    assume("::" not in new)  # the key of a field is no text
    assume(not any(verbatim(new)))  # "x=# " is a prompt
    text = place.format("abc") + DEFINITION
    before = texts(text)
    wanted = [new if "abc" in slot else slot for slot in before]
    assert texts(rewritten(text, *map(Target, wanted))) == wanted


@given(new=TEXT, quote=st.sampled_from(['"{}"', "'{}'", "({})"]))
def test_titles_are_read_back_as_they_were_written(new: str, quote: str) -> None:
    new = " ".join(f"x{new}y".split())
    assume(not has_fillers(new))
    title = quote.format("abc")
    text = f"a [b](c {title})\n\n| [b](c {title}) |\n|-|\n\n[r]: u {title}\n"
    wanted = [new if slot == "abc" else slot for slot in texts(text)]
    assert texts(rewritten(text, *map(Target, wanted))) == wanted


def squeezed(found: Any) -> Any:
    """Without white space, and without what is on nothing."""
    return [
        ("".join(text.split()), sorted(filter(None, ("".join(s.split()) for s in spans))))
        for text, spans, _ in found
    ]


def letters(found: list[tuple[str, list[str]]]) -> Counter[str]:
    """What only a fault can lose, in whatever texts it is."""
    return Counter(filter(str.isalpha, "".join(text for text, _ in found)))


@given(text=st.tuples(PREFIXES, INLINE).map("".join))
@example(text="*****  a.**** a*")
@example(text="_[_[a](u)_](u)_")
def test_markup_is_read_back_as_it_was_written(text: str) -> None:
    text += DEFINITION
    slots = read(text)
    out = rewritten(text, *map(moved, slots))
    expected: list[tuple[str, list[str], list[str]]] = [
        (target.text, [target.text[a:b] for a, b in target.spans], [])
        for target in map(moved, slots)
    ]
    back = stretches(out)
    found, wanted = squeezed(back), squeezed(expected)
    breaks = "<br>" in text or "\n" in text.removesuffix(DEFINITION)
    fills = has_fillers(re.sub("[*_~]", "", text)) or any(has_fillers(text) for text, *_ in back)
    touching = any(one.end == other.start for one, other in pairwise(slots))
    if found != wanted and (breaks or fills or touching):
        # A line that was short, or ended a sentence, does so no more, a filler that stood behind
        # a sentence is now a word of one, and a link touches another word; what it parted is one
        # text.
        assert not letters(wanted) - letters(found), out
    else:
        assert found == wanted, out

    for point in ("](u)", "[^1]", "<br>"):
        assert out.count(point) == text.count(point)


@pytest.mark.parametrize("n", SIXTHS)
@pytest.mark.parametrize(
    "part",
    [">", "[", "![", "*", "_a ", "`", "<", "&", "\\", "$", "- ", "> - ", "{{", "{%", ": ", "a\n",
     "|a", "[^1]: ", "*a **b ", "<b>", "$$\n", "[a](", "<a ", "~~a ", "[x]: y\n"],
)  # fmt: skip
def test_hostile_documents_end(part: str, n: int) -> None:
    ends(part * 500 * n)


@pytest.mark.parametrize(
    "text",
    [
        "".join("  " * depth + "- a\n" for depth in range(99)),
        "[" * 500 + "a" + "](x)" * 500,
        "**a " * 500 + "b**" * 500,
    ],
)
def test_hostile_nesting_ends(text: str) -> None:
    ends(text)


def ends(text: str) -> None:
    with suppress(BadInputError):  # some are too deep
        slots = read(text)
        assert rewritten(text, *(Target(slot.text) for slot in slots)) == text
        rewritten(text, *map(moved, slots))


@pytest.mark.parametrize(("marker", "levels"), [("> ", 1), ("- ", 2), ("> - ", 3), ("1. > ", 3)])
@pytest.mark.parametrize("depth", [1, 20, 50, 100, 150, 300, 2000])
def test_deep_lists_are_read_or_refused(marker: str, levels: int, depth: int) -> None:
    text = f"{marker * depth}Text {depth}.\n\n\n{marker}Text.\n"
    if depth * levels <= MOST_NESTED:
        assert texts(text) == [f"Text {depth}.", "Text."]
    else:
        with pytest.raises(BadInputError, match="too deep"):
            read(text)
    nested = "".join("  " * number + f"- Text {number}.\n" for number in range(min(depth, 99)))
    assert len(read(nested)) == min(depth, 99)


def test_no_text() -> None:
    format_ = Markdown(FormatOptions())
    for text in ("```\ncode\n```\n", "`code`\n\n![](x)\n"):
        assert not read(text)
        assert not format_.has_text(Source("f", text))


def test_markup_beyond_commonmark() -> None:
    ((text, marks, kept),) = stretches("H~2~O and x^2^ are ==red== at ~5 or a^b or ===.")
    assert (text[:14], marks, kept) == ("H~2~O and x^2^", ["red"], ["~2~", "^2^"])
    ((text, marks, kept),) = stretches("Read the [book]({% link a b.md %}) {% include x %}.")
    assert (text, marks, kept) == ("Read the book .", ["book", ""], [])


@pytest.mark.parametrize(
    ("text", "marks", "kept"),
    [
        ("The ==red **big** house== is [a ==b==](u) ^^old^^.",
         ["red big house", "big", "a b", "b", "old"], []),
        ("这是==重点==内容", ["重点"], []),
        ("If a==b and c==d, or a == b, ==x.", [], ["==", "==", "==", "=="]),
        ("We {~~saw~>see~~} {++a ++}{--b--} {==c==}{>>d *e* <<} here.",
         [], ["{~~saw~>see~~}", "{++a ++}", "{--b--}", "{==c==}", "{>>d *e* <<}"]),
    ],
)  # fmt: skip
def test_what_dialects_mark_with_two_signs(text: str, marks: list[str], kept: list[str]) -> None:
    assert stretches(text)[0][1:] == (marks, kept)
    same = (Target(slot.text, tuple((m.start, m.end) for m in slot.marks)) for slot in read(text))
    assert rewritten(text, *same) == text


def test_marks_that_cannot_stand_in_a_word_become_elements() -> None:
    assert rewritten("a ==b== c", Target("xbc", ((1, 2),))) == "x<mark>b</mark>c"
    assert (
        rewritten("a ==b== c", Target("x y ==z==", ((0, 1),))) == "<mark>x</mark> y " + r"\=\=z\=\="
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("> Love it.\n> — Steve Jobs\n", ["Love it."]),
        ("> Love it.\n>\n> -- Ludwig van Beethoven\n", ["Love it."]),
        ("> Love it.\n> — Steve Jobs, a man of\n", ["Love it. — Steve Jobs, a man of"]),
        ("> Love it.\n> — nobody\n", ["Love it. — nobody"]),
        ("Love it.\n— Steve Jobs\n", ["Love it. — Steve Jobs"]),
    ],
)
def test_who_is_quoted_stays(text: str, found: list[str]) -> None:
    assert texts(text) == found


def test_texts_on_several_lines_of_a_quotation_stay_and_are_said() -> None:
    text = '# A\n\n> b [c](d "E\n> f") <img alt="G\n> h">\n'
    form = Markdown(FormatOptions())
    assert [slot.text for slot in form.slots(Source("f", text))] == ["A", "b c"]
    assert form.left == 2
    assert form.remarks == [
        "Titles and attributes on several lines of a quotation or a list stay in the source "
        "language: lines 3, 4."
    ]


@pytest.mark.parametrize(
    "table",
    [
        "+---+---+\n| a | b |\n+===+===+\n| c | d |\n+---+---+\n",
        "  One  Two\n-----  ----\n    c  d\n",
        "---- ----\na    b\n---- ----\n",
        "-----------\n One   Two\n----- -----\n a     b\n       c\n\n d     e\n-----------\n",
    ],
)
def test_drawn_tables_stay_and_that_is_said(table: str) -> None:
    format_ = Markdown(FormatOptions())
    slots = list(format_.slots(Source("f", f"Text.\n\n{table}\nEnd.\n")))
    assert [slot.text for slot in slots] == ["Text.", "End."]
    assert format_.remarks == [
        "Tables that are drawn with dashes stay in the source language: line 3."
    ]


def test_what_looks_like_text_in_tags_is_said() -> None:
    format_ = Markdown(FormatOptions())
    text = 'See [[A page|what it says]] {{< b "some words" title="A title" c="d" >}}.\n'
    slots = list(format_.slots(Source("f", f"{{{{% e 'two words' %}}}}\n\n{text}")))
    assert [slot.text for slot in slots] == ["See [[A page|what it says]] .", "A title"]
    assert format_.remarks == [
        "Texts in code, shortcodes, roles, addresses, proposals and labels stay: 'two words', "
        "'what it says', 'some words'."
    ]


def test_roles_of_myst_are_said() -> None:
    format_ = Markdown(FormatOptions())
    list(format_.slots(Source("f", "See {ref}`what it says <a>`, {term}`b` and `c <d>`.\n")))
    assert format_.remarks == [
        "Texts in code, shortcodes, roles, addresses, proposals and labels stay: 'what it says'."
    ]


def test_a_span_with_attributes_stays_one() -> None:
    text = "One [two three]{.note} four.\n"
    assert rewritten(text, Target("Vier [drei] eins", ((5, 11),))) == (
        "Vier [\\[drei\\]]{.note} eins\n"
    )


def test_what_pymdownx_adds_is_written() -> None:
    assert rewritten("a ++b c++ ++ctrl+d++ e\n", Target("e ++ctrl+d++ c b", ((13, 16),))) == (
        "e ++ctrl+d++ ++c b++\n"
    )
    assert rewritten("/// note | Title\nText here\n///\n", *map(Target, ["A", "/// b"])) == (
        "/// note | A\n\\/// b\n///\n"
    )
    assert rewritten('[=5% "One"]\n', Target('A "b"')) == '[=5% "A \\"b\\""]\n'


def test_latex_stays_and_is_said() -> None:
    format_ = Markdown(FormatOptions())
    text = (
        "One.\n\n\\begin{figure}[ht]\n\\includegraphics[width=3cm]{no.png}\n\\label{no no}\n"
        "\\caption{It \\emph{is} here}\n\\end{figure}\n\n"
        "\\begin{align*}\nx \\text{ no no }\n\\end{align*}\n\nTwo.\n"
    )
    slots = list(format_.slots(Source("f", text)))
    assert [slot.text for slot in slots] == ["One.", "Two."]
    assert format_.remarks == [
        "Texts in code, shortcodes, roles, addresses, proposals and labels stay: 'It is here'."
    ]


def test_proposed_changes_are_said() -> None:
    format_ = Markdown(FormatOptions())
    found = list(format_.slots(Source("f", "A {++b c++} {==d==}{>>e<<} {--1--} f.\n")))
    assert [slot.text for slot in found] == ["A {++b c++} {==d==}{>>e<<} {--1--} f."]
    assert format_.remarks == [
        "Texts in code, shortcodes, roles, addresses, proposals and labels stay: 'b c', 'd', 'e'."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a|b\n-|-\n" + "".join("`" * count + "a" for count in range(1, 600)),
        " " * 200_000 + "x\n",
        "a|b\n" + "-|-\n" * 20_000,
        ":::{note}\n" * 10_000,
        "+" * 40_000,
        "++a" * 10_000,
    ],
)
def test_tables_and_directives_take_linear_time(text: str) -> None:
    """Where it is quadratic, the test does not come to an end."""
    list(Markdown(FormatOptions()).slots(Source("f", text)))


BRACKETS = st.lists(
    st.sampled_from([*"ab [](){}<`$!\\\"'\n", "](u)", "![", "[a](b)", "[r]", "\\]", '](u "t")']),
    max_size=30,
)


@given(BRACKETS)
@example(["[a [b](c[[[d) ](f)"])
@example(["[", '](u "t")', "\\", "\n", "["])
@example(["\\", "\n", "[", "\\", "\n"])
def test_brackets_without_a_partner_change_nothing(parts: list[str]) -> None:
    """What is found in a paragraph is the same where brackets are counted beforehand."""
    text = "".join(parts)
    many = "[x] " * (FEW + 1)  # so many that they are counted

    def markup(before: str) -> tuple[str, list[MarkupPiece], list[Inner]]:
        whole = page("[r]: u\n")
        found = inline(f"q {before}y{text} z", whole.parser, whole.env)
        shown = "".join(piece.text for piece in found.pieces).replace(before, "", 1)
        size = len(before)
        pieces = [
            piece._replace(start=piece.start - size, end=piece.end - size, name=piece.name[:1])
            for piece in found.pieces
            if piece.kind != PLAIN
        ]
        inner = [one._replace(start=one.start - size, end=one.end - size) for one in found.inner]
        return shown, pieces, inner

    assert markup(many) == markup("")


@pytest.mark.parametrize("unit", ["![", "[", "![x ", "[^", "[x ", "![[x"])
@pytest.mark.parametrize("tail", ["", "]", "](u)"])
def test_brackets_take_linear_time(unit: str, tail: str) -> None:
    def steps(times: int) -> int:
        count = 0

        def counted(frame: FrameType, event: str, argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(counted)
        try:
            read(f"a {unit * times}{tail}\n")
        finally:
            sys.setprofile(None)
        return count

    steps(400)
    assert steps(1600) < 4.4 * steps(400)


@pytest.mark.parametrize("sign", ["*", "\\*", "[", "\\["])
def test_an_escaped_sign_counts_once(sign: str) -> None:
    assert not has_too_much(sign * MOST_SPECIAL)  # else what is written would not be read again
    assert has_too_much(sign * (MOST_SPECIAL + 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| One\n|    Two houses\n|\n| Three\n  more\n", ["One", "Two houses", "Three more"]),
        ("> | One house\n> | Two gardens\n", ["One house", "Two gardens"]),
        ("- | One\n  | Two\n", ["One", "Two"]),
        ("| One\nTwo | three\n", ["| One Two | three"]),
    ],
)  # fmt: skip
def test_line_blocks_keep_their_lines(text: str, expected: list[str]) -> None:
    assert texts(text) == expected
    targets = [Target(slot.text) for slot in read(text)]
    assert rewritten(text, *targets) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{{< tab "a" >}} One house {{< /tab >}}\n', True),
        ("{% tip %}One house{% endtip %}\n", True),
        ("{{< ref a >}} and one house\n", True),
        ("{{< a >}}{{< /a >}} {% b %}\n", False),
        ("{{< highlight go >}}one house{{< /highlight >}}\n", False),
        ("{{< highlight go >}}\none house\n\ntwo {{ x }}\n{{< /highlight >}}\n", False),
        ("{{% math %}}\none house\n{{%/math%}}\n", False),
        ("{{< mermaid >}}\none house\n", True),
    ],
)
def test_text_between_tags_of_templates(text: str, expected: bool) -> None:
    """Text stands between two tags on a line too; between some it is code."""
    assert any("house" in found for found in texts(text)) == expected
    assert texts(f"{text}\nTwo gardens\n")[-1] == "Two gardens"
    (slot,) = read("Is {{< highlight go >}}one house{{< /highlight >}} old?")
    assert [slot.text[start:end] for start, end in slot.kept] == [slot.text[3:-5]]


def test_components_of_vue_and_react() -> None:
    """Tags that HTML does not know are tags; what stands in them, indented, is text."""
    text = (
        'A <My-Part :n="5" title="b" @click="a > b">house <template #head>c</template></My-Part>\n'
    )
    assert rewritten(text, *(Target(slot.text) for slot in read(text))) == text
    assert texts(text) == ["A house c", "b"]
    text = "## One {/* #two *a* */}\n\nBut a <b @ c> d\n"
    assert texts(text) == ["One", "But a <b @ c> d"]
    text = '<Tabs>\n  <Tab label="One">\n    Two *houses*\n  </Tab>\n</Tabs>\n\n    code\n'
    assert texts(text) == ["One", "Two houses"]
    assert rewritten(text, Target("x"), Target("Y y", ((2, 3),))) == text.replace(
        "One", "x"
    ).replace("Two *houses*", "Y *y*")


def test_titles_and_metadata_have_markup(tmp_path: Path) -> None:
    text = (
        "---\ntitle: A **b c** d\nsummary: 'A <i>b</i> [c](u)'\n---\n\n"
        'A [b](c "D **e f** g").\n\n{{< x title="A **b** c" >}}\n'
    )
    new = (
        "---\ntitle: D **C B** A\nsummary: '[C](u) <i>B</i> A'\n---\n\n"
        '[B](c "G **F E** D"). A\n\n{{< x title="C **B** A" >}}\n'
    )
    assert translated("a.md", text, tmp_path, backwards=True) == new


def test_shortcodes_of_wordpress(tmp_path: Path) -> None:
    text = (
        'Go [button text="Buy now" url="https://a.b"] now.\n\n[row header="The big house" by=me]\n'
    )
    found = run({"a.md": text.encode()}, tmp_path)
    new = text.replace("Go", "GO").replace(" now.", " NOW.").replace("Buy now", "BUY NOW")
    assert found.written["a.md"].decode() == new
    assert any("'The big house'" in remark for remark in found.outcomes["a.md"].remarks)
