"""reStructuredText: what is text, how it is written, and that it is still the same document."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.filling import filled
from s2scli.errors import BadInputError
from tests.documents.projected import projected
from tests.documents.runs import run, translated
from tests.sizes import TENTHS

FORMAT = open_format("rst", FormatOptions())
CORPUS = Path(__file__).parents[1] / "corpus" / "rst"


def slots(text: str) -> list[Slot]:
    return list(FORMAT.slots(Source("f", text)))


def texts(text: str) -> list[str]:
    return [slot.text for slot in slots(text)]


def changed(text: str, change: Callable[[str], str]) -> str:
    return projected(FORMAT, text, change)


ONE_TO_FOUR = ["One", "Two", "Three", "Four"]
FIVE_ON = ["three", "four", "five", "Six"]
FIVE = [*ONE_TO_FOUR, "Five"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\n===\n\nTwo\n", ["One", "Two"]),
        ("===\nOne\n===\n", ["One"]),
        ("One\ntwo.\n\nThree\n", ["One two.", "Three"]),
        ("* One\n  two\n* Three\n\n  Four\n", ["One two", "Three", "Four"]),
        ("1. One\n#. Two\n(a) Three\n", ["One", "Two", "Three"]),
        ("Term\n  One\n", ["Term", "One"]),
        ("Two : of ``a : b`` : c:d\n  One\n", ["Two", "of ``a : b``", "c:d", "One"]),
        ("One\ntwo : three\n  Four\n", ["One two : three", "Four"]),
        (
            ".. glossary::\n\n   One\n   two : three\n      Four\n      five\n\n   Six\n   seven\n",
            ["One", "two", "three", "Four five", "Six seven"],
        ),
        ("One::\n\n  no\n\nTwo\n\n::\n\n  no\n", ["One", "Two"]),
        (".. no\n   no\n\n.. _no: no\n\nOne\n", ["One"]),
        (".. note:: One\n   two\n\n   Three\n", ["One two", "Three"]),
        (".. code-block:: no\n\n   no\n\n.. image:: no\n   :width: no\n\nOne\n", ["One"]),
        (".. image:: no\n   :alt: One *two*\n     three\n   :align: no\n", ["One *two* three"]),
        (".. code:: no\n   :caption: One *two*\n\n   no\n\n|a|\n\n", ["One two"]),
        (".. figure:: no\n   :alt: One\n\n   Two\n", ["One", "Two"]),
        (
            ".. list-table:: One\n   :class: no\n\n   * - Two\n     - Three\n",
            ["One", "Two", "Three"],
        ),
        (
            ".. toctree::\n   :caption: One\n   :maxdepth: 2\n\n   Two *x* <no/no>\n   no\n"
            "   self\n   Three <https://no.no>\n   no/*\n\nFour\n",
            ["One", "Two *x*", "Three", "Four"],
        ),
        (
            ".. meta::\n   :description: One\n     two\n   :keywords lang=fr: no\n   :no: no\n"
            "   :property=og\\:title: Three\n",
            ["One two", "Three"],
        ),
        (".. title:: One\n\n.. sidebar:: Two\n   :subtitle: Three\n\n   Four\n", ONE_TO_FOUR),
        (
            ".. versionadded:: 1.0\n   One\n\n.. deprecated:: 2 Two\n   three\n",
            ["One", "Two three"],
        ),
        (".. versionchanged:: 2\n\n   One\n\n.. deprecated-removed:: 1 2 Two\n", ["One", "Two"]),
        (
            ".. py:function:: no(a)\n              no(b)\n   :async:\n\n   One\n\n"
            "   :param int a: Two\n",
            ["One", "Two"],
        ),
        (".. module:: no\n   :synopsis: One\n   :platform: no\n", ["One"]),
        (".. card:: One\n   :img-alt: Two\n\n   Three\n   ^^^\n   Four\n   +++\n   Five\n", FIVE),
        (".. collapse:: One\n\n   Two\n\n.. grid-item-card::  Three\n", ["One", "Two", "Three"]),
        (".. admonition:: One\n   two\n   :class: no\n\n   Three\n", ["One two", "Three"]),
        (".. note:: One\n   :class: no\n", ["One"]),
        (".. |a| replace:: One\n.. |b| image:: no\n", ["One"]),
        (".. [1] One\n   two\n", ["One two"]),
        (":param a: One\n    two\n:type a: no\n", ["One two"]),
        (":author: No One\n:status: draft\n:ivar a: One\n", ["One"]),
        (":Status: This is not done.\n:Target group: One\n", ["This is not done.", "One"]),
        ("| One\n| Two\n", ["One", "Two"]),
        ("-a, --all  One\n", ["One"]),
        ("== ==\n12 34\n== ==\n\n+--+\n|no\n+--+\n", []),
        ("One ``no`` *two* **three** `four <no>`_ [1]_\n", ["One ``no`` two three four"]),
        ("See :ref:`no \\<no\\>` and :ref:`a \\<b <no>`.\n", ["See :ref:`no \\<no\\>` and a <b."]),
        ("", []),
    ],
)
def test_what_is_text(text: str, expected: list[str]) -> None:
    for newline in ("\n", "\r\n", "\r"):
        old = text.replace("\n", newline)
        assert texts(old) == expected
        assert changed(old, str) == old
        assert (
            texts(changed(old, str.swapcase)) == [one.swapcase() for one in expected] or "`" in text
        )


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("One\n===\n", "Eins zwei", "Eins zwei\n=========\n"),
        ("One\n======\n", "Eins", "Eins\n======\n"),
        ("One two three\n=============\n", "Eins", "Eins\n====\n"),
        ("=====\n One\n=====\n", "Eins zwei", "===========\n Eins zwei\n===========\n"),
        ("One\n===\n", "蜂蜜", "蜂蜜\n====\n"),
        ("One\n===\n\n`One`_\n", "Eins", ".. _One:\n\nEins\n====\n\n`Eins <One_>`__\n"),
        ("`one\ntwo`_\n", "eins zwei", "`eins\nzwei <one two_>`__\n"),
        ("`one`__\n", "eins", "`eins`__\n"),
        ("One\n", "a *b* `c` |d| e_ \\f", "a \\*b\\* \\`c\\` \\|d\\| e\\_ \\\\f\n"),
        ("One\n", "- zwei", "\\- zwei\n"),
        ("One\n", "1. zwei", "\\1. zwei\n"),
        ("One::\n\n  x\n", "Eins", "Eins::\n\n  x\n"),
        (
            "One\n===\n\n`One`_\n\n.. _One: a\n",
            "Eins",
            "Eins\n====\n\n`Eins <One_>`__\n\n.. _One: a\n",
        ),
        ("One\n===\n", "--zwei-drei", "\\--zwei-drei\n============\n"),
        ("See :rfc:``5``.\n", "Sieh :rfc:``5``.", "Sieh :rfc:``5``.\n"),
        ("One ``x``\n", "``x``en", "``x``\\ en\n"),
    ],
)
def test_how_texts_are_written(text: str, target: str, expected: str) -> None:
    assert changed(text, lambda old: target if old == slots(text)[0].text else old) == expected


def test_markup_that_touches_words() -> None:
    text = "One *two* three.\n"
    source, (slot,) = Source("f", text), slots(text)
    new = "".join(filled(FORMAT, source, [slot], [Target("Einszweidrei", ((4, 8),))]))
    assert new == "Eins\\ *zwei*\\ drei\n"
    assert texts(new) == ["Einszweidrei"]
    assert "".join(filled(FORMAT, source, [slot], [Target("Eins", ((4, 4),))])) == "Eins\n"


def shape(node: Any) -> list[str]:
    """The elements of a document, in order, without system messages."""
    return [part.tagname for part in node.findall() if part.tagname not in ("#text", "target")]


def other(text: str) -> str:
    """A text with other letters."""
    return codecs.encode(text, "rot13")


# What is not closed is escaped: it is text before and after, but no error any more.
FILES = sorted(path for path in CORPUS.glob("*.rst") if "unclosed" not in path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_another_reader_finds_the_same_elements(path: Path) -> None:
    core = pytest.importorskip("docutils.core")
    text = path.read_bytes().decode("utf-8-sig")
    quiet = {"report_level": 5, "file_insertion_enabled": False}
    before = core.publish_doctree(text, settings_overrides=quiet)
    after = core.publish_doctree(changed(text, other), settings_overrides=quiet)
    assert shape(after) == shape(before)


PARTS = st.lists(
    st.text(st.sampled_from("ab*`_|:.\\ -="), max_size=9)
    | st.sampled_from(["Title\n=====", ".. note:: a", "   :b: c", "* d", "e::", "   f", "===="]),
    max_size=9,
)  # fmt: skip


@given(PARTS, st.text(st.sampled_from("ab*`_|:.\\ -=\n"), max_size=12))
def test_nothing_is_lost(parts: list[str], target: str) -> None:
    text = "\n".join(parts)
    assert changed(text, str) == text
    assert len(slots(changed(text, lambda _: f"x {target} x"))) >= 0


@pytest.mark.parametrize("part", ["*", "`", "``a ", "a\n", "* a\n", "|a", "a_ ", "\\"])
@pytest.mark.parametrize("n", TENTHS)
def test_large_ones(part: str, n: int) -> None:
    text = "x " + part * 1_000 * n + "\n"
    assert changed(text, str) == text


def test_titles_of_a_table_of_contents_keep_their_pages() -> None:
    text = ".. toctree::\n   :caption: one\n\n   two  <a/b>\n   c\n   three <https://d>\n"
    expected = ".. toctree::\n   :caption: ONE\n\n   TWO  <a/b>\n   c\n   THREE <https://d>\n"
    assert changed(text, str.upper) == expected


def test_that_directives_are_not_known_is_said() -> None:
    form = open_format("rst", FormatOptions())
    text = "One\n\n.. foo::\n   :a: b\n\n   Two\n"
    text += "\n.. code::\n\n   b\n\n.. my:bar:: x\n\n.. foo\n\n   b\n"
    assert [slot.text for slot in form.slots(Source("f", text))] == ["One"]
    assert form.remarks == ["Directives that are raw or not known stay as they are: foo (line 3)."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (".. index:: one, ! two\n\nThree.", ["one", "two", "Three."]),
        (
            ".. index::\n   single: one; two\n   see: three; four, five\n   :name: x\n\nSix.",
            ["one", "two", "three", "four, five", "Six."],
        ),
        (
            ".. index:: pair: one; two\n   ! triple: three; four; five\nSix",
            ["one", "two", *FIVE_ON],
        ),
        (".. index::\n   module: os.path\n   keyword: while\n   builtin: len\n", []),
        (".. index::\n\nOne", ["One"]),
        (".. index::", []),
        ("One :index:`two` and :index:`!three`.", ["One two and three."]),
        ("One :index:`two <pair: three; four>`", ["One two", "three", "four"]),
        ("A :strong:`b` :dfn:`c` :title:`d`", ["A b c d"]),
    ],
)
def test_entries_of_an_index(text: str, expected: list[str]) -> None:
    assert texts(text) == expected
    new = changed(text, str.upper)
    assert texts(new) == [one.upper() for one in expected]
    assert new.lower() == text.lower()


def test_an_entry_stays_one() -> None:
    text = ".. index:: one, two\n.. index:: single: one; two, a\n\nOne :index:`two <three>`"
    target = iter(["a, b; c", "d", "e; f", "g, h", "i", "j <k>`"])
    new = changed(text, lambda _: next(target))
    assert ".. index:: a b c, d\n.. index:: single: e f; g, h\n" in new
    assert "<j k>`" in new


def test_lists_that_are_nested_too_deeply_are_refused() -> None:
    with pytest.raises(BadInputError, match="f nests lists too deeply"):
        texts("- " * 5000 + "One\n")


def test_references_find_their_targets() -> None:
    """A name that others refer by stays; a reference gets a text of its own."""
    text = (
        "My Title\n========\n\nSee `My page <https://a.org>`_, the `my\npage`_, `My Title`_ and\n"
        "`New things <https://b.org>`_.\n"
    )
    new = changed(text, str.upper)
    core, nodes = (pytest.importorskip(f"docutils.{name}") for name in ("core", "nodes"))
    tree = core.publish_doctree(new, settings_overrides={"report_level": 2, "halt_level": 2})
    found = [
        (" ".join(node.astext().split()), node.get("refuri"))
        for node in tree.findall(nodes.reference)
    ]
    assert found == [
        ("My page", "https://a.org"),
        ("MY PAGE", "https://a.org"),
        ("MY TITLE", None),
        ("NEW THINGS", "https://b.org"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Press :guilabel:`&Save all` or _`my aim`\n", [":guilabel:`&Save all`", "_`my aim`"]),
        ("A :term:`house` and `one two`\n", [":term:`house`", "`one two`"]),
        ("`My page <https://a.org>`_ and `my page`_\n", ["`My page <https://a.org>`_"]),
        ("``Some code`` :math:`one two` :py:func:`one two` :ref:`a <b>` `My page`_ *A b*\n", []),
        ("It is :sup:`new`, 5\\ :sup:`th` in H\\ :sub:`2`\n", [":sup:`new`"]),
        ("::\n\n  :guilabel:`Save all`\n", []),
    ],
)  # fmt: skip
def test_texts_in_roles_are_said(text: str, said: list[str]) -> None:
    format_ = open_format("rst", FormatOptions())
    list(format_.slots(Source("f", text)))
    remark = f"Roles, targets, attributions and terms stay: {', '.join(said)}."
    assert format_.remarks == ([remark] if said else [])


def test_what_is_raw_and_who_is_quoted_stays_and_is_said() -> None:
    form = open_format("rst", FormatOptions())
    text = (
        "One:\n\n  Two.\n\n  -- Jane Doe\n\n"
        ".. epigraph::\n\n   Three.\n\n   \u2014 *Old book*, 3\n\n"
        ".. raw:: html\n\n   <p class='a b'>It is <b>here</b></p>\n\n"
        ".. raw:: html\n\n   <br class='a b'/>\n\n.. raw:: latex\n\n   \\newpage\n\n-- Four\n"
    )
    found = [slot.text for slot in form.slots(Source("f", text))]
    assert found == ["One:", "Two.", "Three.", "-- Four"]
    assert form.remarks == [
        "Directives that are raw or not known stay as they are: raw (line 13).",
        "Roles, targets, attributions and terms stay: Jane Doe, *Old book*, 3.",
    ]


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("Field name", True), ("Reviewed by", True), ("Editor", True), ("x", False),
        ("param str name", False), ("raises ValueError", False), ("returns", False),
        ("Abstract", False), ("Author", False), ("no-index", False),
    ],
)  # fmt: skip
def test_names_of_fields_are_said(field: str, said: bool) -> None:
    form = open_format("rst", FormatOptions())
    assert list(form.slots(Source("f", f"A text.\n\n:{field}: One house.\n")))
    assert form.remarks == ([f"Names of fields stay as they are: {field!r}."] if said else [])


@pytest.mark.parametrize(
    "text",
    [
        "* One\n  two@\n\n      code\n\n  three\n\n* four\n",
        "*   One@\n\n        code\n\n    two\n",
        "1. One@\n\n     code\n\n       code\n\n   two@\n\n      code\n",
        "* * One@\n\n      code\n\n    two\n\n  three\n",
        ".. note:: One@\n\n      code\n\n   two\n\nthree\n",
        ".. note:: One@\n\n      code\n\n      two\n",
        ".. [1] One@\n\n      code\n\n   two\n",
        ":a: two\n   three@\n\n     code\n\n   four\n",
        "-a  One@\n\n        code\n\n    two\n",
        "One\n   Two@\n\n      code\n\n   three\n\nfour@\n\n> code\n\nfive\n",
        "* One\n\n  ::\n\n    code\n\n  two\n",
    ],
)
def test_text_after_code(text: str, tmp_path: Path) -> None:
    """It goes on where the block that announced the code does."""
    text = text.replace("@", "::")
    said = re.sub("One|two|Two|three|four|five", lambda word: word[0].upper(), text)
    assert translated("a.rst", text, tmp_path) == said


def test_terms_that_roles_name_stay(tmp_path: Path) -> None:
    text = (
        "See :term:`a house <house>` and :term:`car`, :term:`a boat <boat>`.\n\n"
        ".. glossary::\n\n   house\n   home\n      A red thing.\n\n   Car\n      A fast one.\n"
    )
    found = run({"a.rst": text.encode()}, tmp_path)
    assert found.written["a.rst"].decode() == (
        "SEE :term:`A HOUSE <house>` AND :term:`car`, :term:`A BOAT <boat>`.\n\n"
        ".. glossary::\n\n   house\n   HOME\n      A RED THING.\n\n   Car\n      A FAST ONE.\n"
    )
    assert "house, Car" in found.outcomes["a.rst"].remarks[0]
    assert "<boat>" in found.outcomes["a.rst"].remarks[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.rst", ".. glossary::\n\n   house\n      A red thing.\n"),
        ("a.md", "# One\n\n```{glossary}\nhouse\n  A red thing\n```\n"),
    ],
)
def test_that_terms_become_others_is_said(name: str, text: str, tmp_path: Path) -> None:
    """Roles in other documents name them."""
    remarks = run({name: text.encode()}, tmp_path).outcomes[name].remarks
    assert [remark for remark in remarks if "'house'" in remark and "other documents" in remark]
