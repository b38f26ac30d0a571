"""OpenDocument: what is text, which marks are on it, and what becomes of both."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.office.odf import OdfXml
from tests.documents.office import (
    changed,
    package,
    reversed_target,
    rewritten,
    slots,
    stretches,
    upper,
)
from tests.sizes import TENTHS

OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
SPACES = " ".join(
    f'xmlns:{prefix}="{OASIS}{name}:1.0"'
    for prefix, name in {
        **{
            name: name
            for name in ("text", "office", "style", "meta", "table", "form", "presentation")
        },
        "draw": "drawing",
        "svg": "svg-compatible",
        "fo": "xsl-fo-compatible",
    }.items()
)
SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:officeooo="urn:x"'
STYLES = (
    '<style:style style:name="T1" style:family="text">'
    '<style:text-properties fo:b="1"/></style:style>'
    '<style:style style:name="T2" style:family="text">'
    '<style:text-properties officeooo:rsid="0012"/></style:style>'
    '<style:style style:name="P1" style:family="paragraph"'
    ' style:parent-style-name="Preformatted_20_Text"/>'
)
FORM = OdfXml(FormatOptions())


def content(body: str) -> str:
    return f"<office:document {SPACES}>{STYLES}<office:body>{body}</office:body></office:document>"


def p(inner: str, style: str = "Standard") -> str:
    return content(f'<text:p text:style-name="{style}">{inner}</text:p>')


def span(inner: str, style: str = "T1") -> str:
    return f'<text:span text:style-name="{style}">{inner}</text:span>'


NOTE = "<text:note><text:note-citation>1</text:note-citation><text:note-body>{}</text:note-body>"
NOTE += "</text:note>"


@pytest.mark.parametrize(
    ("inner", "text", "marks"),
    [
        ("One.", "One.", []),
        ("\n  One\n  two. ", "One two.", []),
        ("a<text:s/> b<text:s text:c='1'/>c", "a b c", []),
        ("a &amp; &lt;b&gt;", "a & <b>", []),
        (f"a {span('big')} dog", "a big dog", ["big"]),
        (f"a {span('big ')}dog", "a big dog", ["big"]),
        (span("all"), "all", []),
        (f"Tog{span('eth', 'T2')}er", "Together", []),
        (f"{span('Tog', 'T2')}ether", "Together", []),
        (f"a{span(span('b'), 'T2')}c", "abc", ["b"]),
        ("a<text:span>b</text:span>c", "abc", []),
        (f"a{span('b' + NOTE.format(''), 'T2')}", "ab", [""]),
        ("see <text:a><text:span text:style-name='T1'>it</text:span></text:a>.", "see it.", ["it"]),
        ("a<text:line-break/>b", "a b", [""]),
        ("a <text:tab/> b", "a b", [""]),
        ("<text:tab/>a", "a", []),
        (f"a{span('<text:tab/>')}b", "a b", [""]),
        ("a<text:soft-page-break/>b", "ab", []),
        ('a<text:bookmark-start text:name="x"/>b<text:bookmark-end text:name="x"/>c', "abc", ["b"]),
        ("Page <text:page-number>7</text:page-number> of", "Page 7 of", ["7"]),
        ("x <text:change text:change-id='1'/>y", "x y", [""]),
        ("Is <draw:frame><draw:object/></draw:frame> odd?", "Is odd?", [""]),
        (
            "<text:ruby><text:ruby-base>山</text:ruby-base><text:ruby-text>yama</text:ruby-text>"
            "</text:ruby> high",
            "山 high",
            ["山"],
        ),
    ],
)
def test_what_is_text(inner: str, text: str, marks: list[str]) -> None:
    (slot,) = slots(FORM, p(inner))
    assert (slot.text, stretches(slot)) == (text, marks)
    new = changed(FORM, p(inner), upper)
    ElementTree.fromstring(new)
    # A line that begins with a capital is a text of its own.
    assert " ".join(found.text for found in slots(FORM, new)) == text.upper()


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<text:h>Title</text:h><text:p/><text:p>12</text:p><text:p>a</text:p>", ["Title", "a"]),
        (f"<text:p>a{NOTE.format('<text:p>note</text:p>')} b</text:p>", ["a b", "note"]),
        (
            "<text:p>a<draw:frame><svg:title>T</svg:title><svg:desc>D</svg:desc>"
            "<draw:text-box><text:p>box</text:p></draw:text-box></draw:frame> b</text:p>",
            ["a b", "T", "D", "box"],
        ),
        (
            "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion>"
            "</text:tracked-changes><text:p>here</text:p>",
            ["here"],
        ),
        (
            '<text:p>x <office:annotation office:name="1"><dc:creator>N</dc:creator><text:p>why?'
            '</text:p></office:annotation>y<office:annotation-end office:name="1"/> z</text:p>',
            ["x y z", "why?"],
        ),
        ('<text:p text:style-name="P1">x = y</text:p>', []),
        ('<text:p text:style-name="Preformatted_20_Text">x = y</text:p>', []),
        (
            "<dc:title>Title</dc:title><dc:creator>N</dc:creator><meta:keyword>k</meta:keyword>",
            ["Title", "k"],
        ),
        ("<text:p><text:author-name>N</text:author-name></text:p>", []),
    ],
)
def test_how_many_slots(body: str, texts: list[str]) -> None:
    assert [slot.text for slot in slots(FORM, content(body))] == texts
    new = changed(FORM, content(body), upper)
    ElementTree.fromstring(new)
    assert [slot.text for slot in slots(FORM, new)] == [text.upper() for text in texts]


@pytest.mark.parametrize(
    ("inner", "target", "expected"),
    [
        ("a", Target("x < y"), "x &lt; y"),
        (" a ", Target("x"), " x "),
        (f"a {span('b')}", Target("y x", ((0, 1),)), f"{span('y')} x"),
        (f"{span('Tog', 'T2')}ether", Target("zusammen"), "zusammen"),
        ("a<text:line-break/>b", Target("x y", ((1, 1),)), "x<text:line-break/>y"),
        ("a <text:bookmark/> b", Target("x y", ((1, 1),)), "x <text:bookmark/> y"),
    ],
)
def test_how_a_text_is_written(inner: str, target: Target, expected: str) -> None:
    assert changed(FORM, p(inner), lambda _: target) == p(expected)


def test_code_and_names_that_a_computer_fills_in() -> None:
    (slot,) = slots(FORM, p(f"Call {span('read()', 'Source_20_Text')} now"))
    assert [slot.text[start:end] for start, end in slot.kept] == ["read()"]
    (slot,) = slots(FORM, p("Dear <text:user-field-get>Ann</text:user-field-get>,"))
    assert [slot.text[start:end] for start, end in slot.kept] == ["Ann"]


def test_whether_there_is_text() -> None:
    for inner, style, expected in (
        ("text", "Standard", True),
        ("12", "Standard", False),
        ("x = y", "P1", False),
    ):
        assert FORM.has_text(Source("f", p(inner, style))) == expected
    foreign = p("text").replace(f"{OASIS}text:1.0", "urn:y")
    assert slots(FORM, foreign) == []
    assert FORM.has_text(Source("f", foreign))


KINDS = {"odt": "text", "odp": "presentation", "ods": "spreadsheet"}


def packed(kind: str, **members: str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{KINDS[kind]}"
    parts = {f"{name}.xml".replace("__", "/"): text for name, text in members.items()}
    return package({"mimetype": mimetype, **parts})


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("odt", ["Body", "Footer", "Title", "Chart"]),
        ("odp", ["Body", "Footer", "Title", "Chart"]),
        ("ods", ["Body", "Footer", "Title", "Chart"]),
    ],
)
def test_packages(kind: str, texts: list[str]) -> None:
    data = packed(
        kind,
        styles=p("Footer"),
        Object__content=p("Chart"),
        content=p("Body"),
        meta=content("<dc:title>Title</dc:title>"),
    )
    found, new = rewritten(kind, data, upper)
    assert [slot.text for slot in found] == texts
    assert [slot.text for slot in rewritten(kind, new, upper)[0]] == [
        text.upper() for text in texts
    ]
    assert rewritten(kind, data, lambda slot: Target(slot.text))[1] == data
    assert new[30:38] == b"mimetype"


def test_names_that_charts_have_of_their_own() -> None:
    """LibreOffice shows these and not what the chart's table says; they are texts of formulas."""
    loext = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
    chart = f'xmlns:c="{OASIS}chart:1.0" xmlns:l="{loext}"'
    text = content(
        f'<c:series {chart} l:label-string="&quot;All sales&quot;" c:label-cell-address="A.B1"/>'
        f'<c:series {chart} l:label-string="Total"/>'
        f'<c:series {chart} l:label-string="&quot;&quot;"/>'
    )
    new = changed(FORM, text, upper)
    assert [slot.text for slot in slots(FORM, text)] == ["All sales", "Total"]
    assert 'l:label-string="&quot;ALL SALES&quot;" c:label-cell-address="A.B1"/>' in new
    assert 'l:label-string="TOTAL"/>' in new


def test_items_of_lists_and_labels_of_forms() -> None:
    form = 'xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"'
    label = '<text:label text:value="{}"/>'
    field = 'xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"'
    body = (
        f'<office:forms {form}><form:listbox form:name="a" form:title="Help">'
        '<form:option form:label="Red" form:value="r"/></form:listbox>'
        '<form:combobox><form:item form:label="Blue"/></form:combobox>'
        '<form:checkbox form:label="Wide &amp; high"/><form:hidden form:value="x"/></office:forms>'
        f"<text:p>So <field:fieldmark-start {field}><field:param field:name='Dropdown_ListEntry' "
        "field:value='Up'/><field:param field:name='Dropdown_Selected' field:value='no text'/>"
        "</field:fieldmark-start>and<field:fieldmark-end/> on.</text:p>"
        f"<text:p>Say <text:drop-down text:name='b'>{label.format('Yes')}{label.format('No')}Yes"
        "</text:drop-down> now.</text:p>"
    )
    found, new = rewritten("fodt", content(body).encode(), upper)
    texts = [slot.text for slot in found]
    assert texts[4:6] == ["So and on.", "Up"]
    del texts[4:6]
    assert texts == ["Help", "Red", "Blue", "Wide & high", "Say Yes now.", "Yes", "No"]
    for said in ('title="HELP"', 'label="RED" form:value="r"', 'label="WIDE &amp; HIGH"'):
        assert said.encode() in new
    for said in ('text:value="YES"', 'text:value="NO"', "SAY <text:drop-down"):
        assert said.encode() in new


def test_content_controls() -> None:
    loext = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
    body = (
        f'<text:p>Say <l:content-control xmlns:l="{loext}" l:alias="A word" l:tag="word">'
        '<l:list-item l:display-text="Yes" l:value="y"/>Yes</l:content-control> now.</text:p>'
    )
    found, new = rewritten("fodt", content(body).encode(), upper)
    assert [slot.text for slot in found] == ["Say Yes now.", "A word", "Yes"]
    for said in ('alias="A WORD" l:tag="word"', 'l:display-text="YES" l:value="y"/>YES</l:'):
        assert said.encode() in new


def test_flat_documents() -> None:
    data = p("Body").encode()
    found, new = rewritten("fodt", data, upper)
    assert [slot.text for slot in found] == ["Body"]
    assert new == data.replace(b">Body<", b">BODY<")


ENCRYPTED = {"META-INF__manifest": "<m><encryption-data/></m>", "content": "x"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no zip", "f is not a zip archive"),
        (packed("odt", styles="<a/>"), "it has no content.xml"),
        (packed("odt", **ENCRYPTED), "f is encrypted"),
        (packed("odt", content="no XML"), "f: content.xml is not XML"),
        (packed("odt", content=f"<!DOCTYPE a>{p('')}"), "has a document type"),
        (
            packed("odt", content='<!DOCTYPE a [<!ENTITY e SYSTEM "file:///x">]><a>&e;</a>'),
            "has declarations",
        ),
        (
            packed("odt", content=p("<text:span>" * 10_000 + "</text:span>" * 10_000)),
            "nested more than",
        ),
        (packed("odt", content=p("a" * 40_000_000)), "zip bomb"),
    ],
)
def test_what_is_none(data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read_document(open_format("odt", FormatOptions()), "f", data)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: f"a{span('b')}" * 1_000 * n,
        lambda n: "a<text:s/>" * 3_000 * n,
        lambda n: "a" + '<text:bookmark-start text:name="x"/>' * 1_000 * n + "b",
        lambda n: span("b") * 1_000 * n + '<text:bookmark-end text:name="x"/>' * 1_000 * n + "c",
        lambda n: f"a{NOTE.format('<text:p>b</text:p>')}" * 500 * n + "c",
        lambda n: "<text:span text:style-name='T1'>b " * 200 + "</text:span>" * 200,
    ],
    ids=["spans", "blanks", "begins", "ends", "notes", "deep"],
)
@pytest.mark.parametrize("n", TENTHS)
def test_hostile_paragraphs(make: Callable[[int], str], n: int) -> None:
    text = p(make(n))
    assert changed(FORM, text, lambda slot: Target(slot.text)) == text
    before = [slot.text.upper() for slot in slots(FORM, text)]
    assert [slot.text for slot in slots(FORM, changed(FORM, text, upper))] == before


INNER = st.recursive(
    st.text("xyz \n", min_size=1, max_size=4)
    | st.sampled_from(["a&amp;b", "<text:s/>", "<text:tab/>", "<text:line-break/>"])
    | st.sampled_from(
        ["<text:soft-page-break/>", NOTE.format(""), "<text:page-count>7</text:page-count>"]
    )
    | st.sampled_from(
        [
            f'<text:bookmark-{end} text:name="{name}"/>'
            for end in ("start", "end")
            for name in ("k", "l")
        ]
    ),
    lambda inner: st.tuples(st.sampled_from(["T1", "T2", ""]), st.lists(inner, max_size=4)).map(
        lambda made: (
            span("".join(made[1]), made[0]) if made[0] else f"<text:a>{''.join(made[1])}</text:a>"
        )
    ),
    max_leaves=14,
)
PARAGRAPHS = st.lists(INNER, max_size=6).map("".join)
# What another text may put elsewhere, but must never lose, double or make.
LASTING = {"tab", "line-break", "note", "page-count", "bookmark-start", "bookmark-end", "a"}


def lasting(text: str) -> Counter[str]:
    names = (element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter())
    return Counter(name for name in names if name in LASTING)


@given(inner=PARAGRAPHS)
def test_any_paragraph_comes_out_as_it_went_in(inner: str) -> None:
    assert changed(FORM, p(inner), lambda slot: Target(slot.text)) == p(inner)


@pytest.mark.parametrize("change", [upper, reversed_target])
@given(inner=PARAGRAPHS)
def test_any_paragraph_keeps_its_parts(inner: str, change: Callable[[Slot], Target]) -> None:
    assert lasting(changed(FORM, p(inner), change)) == lasting(p(inner))


# A field that a span held at the border of a text may stand beside it when it is read back.
ENDS = " 0123456789"


def marked(slot: Slot) -> set[str]:
    """The words that have marks."""
    return {stretch.strip(ENDS) for stretch in stretches(slot)} - {""}


def rot13(text: str) -> str:
    return codecs.encode(text, "rot13")


def ciphered(slot: Slot) -> Target:
    """Other letters of the same case: whether a tab parts texts hangs on the case beside it."""
    return Target(rot13(slot.text), tuple((mark.start, mark.end) for mark in slot.marks))


@given(inner=PARAGRAPHS)
@example("x<text:tab/>x")
def test_what_was_written_is_read_back(inner: str) -> None:
    found = slots(FORM, p(inner))
    new = slots(FORM, changed(FORM, p(inner), ciphered))
    assume(len(new) == len(found))  # a tab within a span that is gone may part texts
    assert [one.text.strip(ENDS) for one in new] == [rot13(one.text).strip(ENDS) for one in found]
    # Where a span without a look of its own is gone, the two ends of a range may have met.
    for slot, old in zip(new, found, strict=True):
        assert marked(slot) >= {rot13(word) for word in marked(old)}


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (
            "<text:p>a <text:conditional-text text:string-value-if-true='yes it is'"
            " text:string-value-if-false='no way'>yes it is</text:conditional-text> b</text:p>",
            ["a b", "yes it is", "no way", "yes it is"],
        ),
        (
            '<text:p>Your <text:placeholder text:description="Who you are">&lt;name&gt;'
            "</text:placeholder> here</text:p>",
            ["Your <name> here", "Who you are"],
        ),
        ("<text:p>See <text:a office:title='A tip'>this</text:a></text:p>", ["See this", "A tip"]),
        (
            "<text:p>x<text:alphabetical-index-mark text:string-value='Pears' text:key1='Fruit'/>"
            " y<text:toc-mark text:string-value='Entry'/></text:p>",
            ["x y", "Pears", "Fruit", "Entry"],
        ),
        (
            "<text:p>See <text:bibliography-mark text:title='No'>[Knuth]</text:bibliography-mark>."
            "</text:p><table:title>T</table:title><table:desc>D e</table:desc>",
            ["See [Knuth].", "T", "D e"],
        ),
        (
            "<table:table-cell office:string-value='one line&#10;two'><text:p>one line</text:p>"
            "<text:p>two</text:p></table:table-cell>",
            ["one line", "two", "one line", "two"],
        ),
        (
            "<office:spreadsheet><table:table-cell office:value-type='date'><text:p>Monday</text:p>"
            "<office:annotation>"
            "<text:p>Why so late?</text:p></office:annotation></table:table-cell><table:table-cell"
            " office:value-type='float'><text:p>3 pieces</text:p></table:table-cell>"
            "<table:table-cell office:value-type='string'><text:p>Words</text:p>"
            "</table:table-cell></office:spreadsheet><table:table-cell office:value-type='date'>"
            "<text:p>Sunday</text:p></table:table-cell>",
            ["Why so late?", "Words", "Sunday"],
        ),
        (
            "<table:help-message table:title='Help'><text:p>Type it</text:p></table:help-message>"
            "<table:error-message table:title='No'/>",
            ["Help", "Type it", "No"],
        ),
        (
            "<text:tracked-changes><text:changed-region><text:deletion><office:change-info>"
            "<dc:creator>N</dc:creator><text:p>Too long</text:p></office:change-info>"
            "<text:p>gone</text:p></text:deletion></text:changed-region><text:changed-region>"
            "<text:insertion><office:change-info><text:p>Was missing</text:p></office:change-info>"
            "</text:insertion></text:changed-region></text:tracked-changes><text:p>here</text:p>",
            ["Too long", "Was missing", "here"],
        ),
        (
            "<table:tracked-changes><table:cell-content-change><office:change-info/><text:p>was"
            "</text:p></table:cell-content-change></table:tracked-changes><text:p>is</text:p>",
            ["is"],
        ),
        (
            "<presentation:footer-decl presentation:name='f'>The foot</presentation:footer-decl>"
            "<style:master-page><draw:frame presentation:class='title'><text:p>Click</text:p>"
            "</draw:frame><draw:frame><text:p>Slogan</text:p></draw:frame></style:master-page>"
            "<draw:page draw:name='page1'><draw:frame presentation:class='title'><text:p>Real"
            "</text:p></draw:frame></draw:page>",
            ["The foot", "Slogan", "Real"],
        ),
        (
            "<text:list-level-style-number style:num-prefix='Chapter ' style:num-suffix=')'"
            " style:num-list-format='Chapter %1%)'/>"
            "<text:outline-level-style style:num-prefix='A'/>",
            ["Chapter", "Chapter %1%)"],
        ),
        (
            "<form:textarea form:current-value='So far' form:value='At first' form:title='Tip'/>"
            "<form:checkbox form:label='Yes' form:value='on'/><form:column form:label='Name'/>",
            ["So far", "At first", "Tip", "Yes", "Name"],
        ),
        (
            "<text:index-entry-span> see page </text:index-entry-span>"
            "<text:p><text:page-continuation text:string-value='goes on'/>x</text:p>",
            ["see page", "x", "goes on"],
        ),
    ],
)  # fmt: skip
def test_what_is_shown_beside_paragraphs(body: str, texts: list[str]) -> None:
    assert Counter(slot.text for slot in slots(FORM, content(body))) == Counter(texts)
    new = changed(FORM, content(body), lambda slot: upper(slot) if slot.kept else ciphered(slot))
    ElementTree.fromstring(new)
    expected = [one.upper() if "%" in one or "[" in one else rot13(one) for one in texts]
    assert Counter(slot.text for slot in slots(FORM, new)) == Counter(expected)


def test_words_in_number_formats_and_conditions_are_named() -> None:
    number = 'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"'
    form = OdfXml(FormatOptions())
    styles = f"<a {number}><number:text> pieces</number:text><number:text>, </number:text></a>"
    list(form.slots(Source("f", content(styles))))
    assert "' pieces'" in form.remarks[0] or "'pieces'" in form.remarks[0]
    form = OdfXml(FormatOptions())
    rule = 'table:condition="of:cell-content-is-in-list(&quot;yes&quot;)"'
    name = 'table:expression="&quot;Hi there&quot;"'
    body = f"<table:content-validation {rule}/><text:p>Yes</text:p><table:named-expression {name}/>"
    assert [slot.text for slot in form.slots(Source("f", content(body)))] == ["Yes"]
    assert "language: 2. Cells" in form.remarks[0]
    assert "'Yes'" in form.remarks[0]


def test_hidden_text_is_one_of_its_own() -> None:
    style = (
        '<style:style style:name="H" style:family="text"><style:text-properties '
        'text:display="none"/></style:style><office:body>'
    )
    inner = p(f"One {span('hidden', 'H')} two")
    text = content(inner).replace("<office:body>", style, 1)
    found = slots(FORM, text)
    assert sorted(slot.text for slot in found) == ["One two", "hidden"]
    new = changed(FORM, text, upper)
    assert '<text:span text:style-name="H">HIDDEN</text:span>' in new
    assert "<text:p" in new
    assert re.sub("<[^>]*>", "", new.partition("<office:body>")[2]) == "ONE HIDDEN TWO"


def test_text_that_named_styles_hide_is_one_of_its_own() -> None:
    """Named styles stand in another part, and pass on what they say."""
    display = '<style:text-properties text:display="{}"/></style:style>'
    named = f'<style:style style:name="H" style:family="text">{display.format("none")}'
    own = (
        '<style:style style:name="T1" style:family="text" style:parent-style-name="H"/>'
        '<style:style style:name="T2" style:family="text" style:parent-style-name="H">'
        f"{display.format('true')}<office:body>"
    )
    inner = p(f"One {span('hidden', 'T1')} and {span('shown', 'T2')} two {span('no', 'H')}")
    data = packed(
        "odt",
        content=content(inner).replace("<office:body>", own, 1),
        styles=content("").replace("<office:body>", f"{named}<office:body>"),
    )
    document = read_document(open_format("odt", FormatOptions()), "f", data)
    assert sorted(slot.text for slot in document.slots) == ["One and shown two", "hidden", "no"]


def test_texts_of_an_unknown_namespace_are_said() -> None:
    form = OdfXml(FormatOptions())
    text = content(f'{p("One")}<o:p xmlns:o="http://example.org/o">Not <o:span>read</o:span></o:p>')
    assert [slot.text for slot in form.slots(Source("f", text))] == ["One"]
    assert form.remarks == ["Texts in an unknown namespace stay in the source language: 'read'."]
    text = content('<text:p>One <o:box xmlns:o="http://example.org/o">box</o:box> two</text:p>')
    assert [slot.text for slot in form.slots(Source("f", text))] == ["One two"]
    assert form.remarks[1].endswith("source language: 'box'.")
