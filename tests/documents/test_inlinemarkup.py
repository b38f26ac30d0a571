"""Markup of manuals and games on words of strings: roff, AsciiDoc, reStructuredText, colours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from s2scli.documents.inlinemacros import link_names
from s2scli.documents.strings import has_parts
from tests.documents.runs import run, translated

PO = 'msgid ""\nmsgstr ""\n\nmsgid {}\nmsgstr {}\n'
ROFF = [
    (r"the \fB--help\fR option of a \fIred car\fR", r"\fICAR RED\fR A OF OPTION \fB--help\fR THE"),
    (r"see \fBgit\-log\fR(1) or \fIa/b.c\fP", r"\fIa/b.c\fP OR \fBgit\-log\fR(1) SEE"),
    (r"do \fBnot\fR use \fBold cars\fP", r"\fBCARS OLD\fP USE \fBNOT\fR DO"),
    (r"use \-\-dry\-run or \f(CWit\fR", r"\f(CWIT\fR OR \-\-dry\-run USE"),
    (r"see \(lqred cars\(rq now", r"NOW \(lqCARS RED\(rq SEE"),
    (r"see \m[blue]\fBold cars\fR\m[] now", r"NOW \m[blue]\fBCARS OLD\fR\m[] SEE"),
    (r"a \(aqcar\(aq here", r"HERE \(aqCAR\(aq A"),
]
MACROS = [
    ("see link:git-log[1] or linkgit:a-b[5]", "linkgit:a-b[5] OR link:git-log[1] SEE"),
    ("see link:https://a.org/b?c=d[red cars] or xref:a.adoc#b[it,window=_blank]",
     "xref:a.adoc#b[IT,window=_blank] OR link:https://a.org/b?c=d[CARS RED] SEE"),
    ("see https://a.org[red cars] or https://a.org/?b[c]=d", "https://a.org/?b[c]=d OR "
     "https://a.org[CARS RED] SEE"),
    ("see image:a/b.png[old house,20]", "SEE image:a/b.png[HOUSE OLD,20]"),
    ("a car.footnote:[See it.] It is", "CAR.footnote:[IT. SEE] A IS IT"),
    ("see <<the-id,red cars>> or <<_id>> here", "HERE <<_id>> OR <<the-id,CARS RED>> SEE"),
    ("see link:++a b++[red cars]", "link:++a b++[CARS RED] SEE"),
    ("the ((red car)) is here", "HERE IS ((CAR RED)) THE"),
    ("press kbd:[Ctrl+T] now", "NOW kbd:[Ctrl+T] PRESS"),
    ("see `red cars <https://a.org>`_ here", "HERE `red cars <https://a.org>`_ SEE"),
    ("see :ref:`red cars <a>` or :doc:`b`", ":doc:`b` OR :ref:`CARS RED <a>` SEE"),
    ("see :ref:`b` or `red cars <a>`", "`red cars <a>` OR :ref:`b` SEE"),
    ("see `red cars <a_>`__ or `old cars`_", "`old cars`_ OR `red cars <a_>`__ SEE"),
    # None of these.
    ("open a link: [here] now", "NOW [HERE] LINK: A OPEN"),
    ("see https://a.org/x[1] now", "NOW https://a.org/x[1] SEE"),
]  # fmt: skip
COLOURS = [
    ("&cYou see it", "&cIT SEE YOU"),
    ("&aYou see &e{n}&a cars", "&aCARS &e{n}&a SEE YOU"),
    ("&x&f&f&0&0&a&aA car", "&x&f&f&0&0&a&aCAR A"),
    ("a &#ff00aared car", "&#ff00aaCAR RED A"),
    ("&l&nOld&r cars", "CARS &l&nOLD&r"),
    ("&cold cars&r here", "HERE &cCARS OLD&r"),
    ("&cOne §5 car", "&cCAR §5 ONE"),
    ("§7See §lred cars§r now", "§7NOW §lCARS RED§r SEE"),
    ("see |cff00ff00red cars|r and |Hitem:1:2|hthe link|h", "|Hitem:1:2|hLINK THE|h AND "
     "|cff00ff00CARS RED|r SEE"),
    ("see |Ta\\b:16|t now", "NOW |Ta\\b:16|t SEE"),
    ("see [c/ff0000:red cars] now", "NOW [c/ff0000:CARS RED] SEE"),
    ("^1Red cars", "^1CARS RED"),
    ("see <color=#fff>red cars</color>", "<color=#fff>CARS RED</color> SEE"),
    # None of these.
    ("AT&T, R&D and Q&A", "Q&A AND R&D AT&T,"),
    ("r&d, Tom &amp; Ann &copy; all", "ALL &copy; ANN &amp; TOM R&D,"),
    ("red cats &dogs or &fish", "&FISH OR &DOGS CATS RED"),
    ("a|b|c", "A|B|C"),
    ("in §7 and §a of it", "IT OF §a AND §7 IN"),
    ("x^2 of y", "Y OF X^2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "new"), [*ROFF, *MACROS, *COLOURS])
@pytest.mark.parametrize(
    ("name", "form"),
    [("a.po", PO), ("a.json", '{{"a": {}, "b": {}}}'), ("a.yaml", "a: {}\nb: {}\n")],
)
def test_words_beside_markup_are_translated(
    name: str, form: str, text: str, new: str, tmp_path: Path
) -> None:
    strings = [json.dumps(each, ensure_ascii=False) for each in (text, new)]
    is_po = name == "a.po"
    source = form.format(strings[0], '""' if is_po else strings[0])
    found = translated(name, source, tmp_path, str.upper, backwards=True)
    assert found == form.format(strings[0] if is_po else strings[1], strings[1])


def test_labels_keep_their_keys(tmp_path: Path) -> None:
    source = '["&Close it", "&eBooks", "E&xit"]'
    new = '["IT &CLOSE", "&EBOOKS", "E&XIT"]'
    assert translated("a.json", source, tmp_path, str.upper, backwards=True) == new


def test_codes_on_one_of_several_lines(tmp_path: Path) -> None:
    source, new = '["&cRed cars\\nold cars"]', '["&cCARS RED\\nCARS OLD"]'
    assert translated("a.json", source, tmp_path, str.upper, backwards=True) == new


def test_names_of_links_are_said_once(tmp_path: Path) -> None:
    source = json.dumps(["see `red cars`_", "or `old cars`_ here"]).encode()
    remarks = run({"a.json": source}, tmp_path, str.upper).outcomes["a.json"].remarks
    assert sum("reStructuredText" in remark for remark in remarks) == 1
    assert link_names("see `red cars <https://a.org>`_ and `code`")
    assert not link_names("see `<https://a.org>`_, :ref:`red cars <a>` and `code`")


@pytest.mark.parametrize(
    "unit",
    ["&a", "&ab", "&a ", "§x", "§a", "|c", "|Ha:", "^1", "\\fB", "\\fBa", "\\-a", "link:a[", "<<a,",
     "<<a, b", "`a <", "`a <b>", "`a`_", "image:a[b,", "https://a[", "footnote:[a"],
)  # fmt: skip
def test_linear_time(unit: str) -> None:
    """Where it is not, this does not end."""
    assert has_parts(unit * (20_000 // len(unit))) in (True, False)
