"""XLSX: what is text, how it is written, and that everything is still called by its name."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Slot, Source, Target
from s2scli.documents.filling import filled
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.office.sheets.names import column_name, sheet_name
from s2scli.office.sheets.parts import (
    Captions,
    Comments,
    Drawing,
    OldDrawing,
    SharedStrings,
    Sheet,
    Threads,
)
from s2scli.office.sheets.references import Renames
from s2scli.text.fillers import has_fillers
from tests.conftest import Run
from tests.documents.office import changed, package, rewritten, slots, stretches, upper

CORPUS = Path(__file__).parents[1] / "corpus" / "xlsx"
X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRINGS, SHEET, COMMENTS = (form(FormatOptions()) for form in (SharedStrings, Sheet, Comments))


def sst(content: str) -> str:
    return f'<sst xmlns="{X}"><si>{content}</si></sst>'


def sheet(content: str) -> str:
    return f'<worksheet xmlns="{X}">{content}</worksheet>'


def members(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


@pytest.mark.parametrize(
    ("content", "texts", "marks"),
    [
        ("<t>One cell.</t>", ["One cell."], [[]]),
        ("<t> a &amp; &lt;b&gt; </t>", ["a & <b>"], [[]]),
        ("<t>42</t>", [], []),
        ("<t/>", [], []),
        ("<t>one\ntwo\n\n3</t>", ["one", "two"], [[], []]),
        ("<t>one_x000D_\ntwo&#10;three</t>", ["one", "two", "three"], [[], [], []]),
        ("<t>_x005F_x0041_ is A</t>", ["_x0041_ is A"], [[]]),
        ("<t>門</t><rPh sb='0' eb='1'><t>モン</t></rPh>", ["門"], [[]]),
        (
            "<r><t>a </t></r><r><rPr><b/></rPr><t>big</t></r><r><t> dog</t></r>",
            ["a big dog"],
            [["big"]],
        ),
        ("<r><rPr><b/></rPr><t>all </t></r><r><rPr><b/></rPr><t>bold</t></r>", ["all bold"], [[]]),
        ("<r><rPr><b/></rPr><t>Head\n</t></r><r><t>body</t></r>", ["Head", "body"], [[], []]),
    ],
)
def test_what_a_string_says(content: str, texts: list[str], marks: list[list[str]]) -> None:
    found = slots(STRINGS, sst(content))
    assert [slot.text for slot in found] == texts
    assert [stretches(slot) for slot in found] == marks
    again = slots(STRINGS, changed(STRINGS, sst(content), upper))
    assert [slot.text for slot in again] == [text.upper() for text in texts]
    assert [stretches(slot) for slot in again] == [[s.upper() for s in some] for some in marks]


def test_the_runs_of_a_string() -> None:
    bold = '<r><rPr><b/></rPr><t xml:space="preserve">'
    text = f'<r><t xml:space="preserve">a </t></r>{bold}big</t></r><r><t> dog\nruns</t></r>'
    assert changed(STRINGS, sst(text), upper) == sst(
        f'<r><t xml:space="preserve">A </t></r>{bold}BIG</t></r><r><t xml:space="preserve"> DOG\n'
        "RUNS</t></r>"
    )


def test_readings_go_with_their_text() -> None:
    text = sst("<t>門</t><rPh sb='0' eb='1'><t>モン</t></rPh><phoneticPr fontId='1'/>")
    assert changed(STRINGS, text, lambda _: Target("gate")) == sst(
        "<t>gate</t><phoneticPr fontId='1'/>"
    )
    assert changed(STRINGS, text, lambda slot: Target(slot.text)) == text


def test_readings_of_texts_that_stay_stay_and_the_others_are_counted() -> None:
    reading = "<rPh sb='0' eb='1'><t>モン</t></rPh>"
    strings = [f"<si><t>{text}</t>{reading}</si>" for text in ("門", "海", "山", "12")]
    text = f'<sst xmlns="{X}">{"".join(strings)}</sst>'
    form = SharedStrings(FormatOptions())
    place = text.index("海")
    form.kept = [(place, place + 1)]
    assert changed(form, text, lambda _: Target("x")) == (
        f'<sst xmlns="{X}"><si><t>x</t></si>{strings[1]}<si><t>x</t></si>{strings[3]}</sst>'
    )
    assert form.remarks == ["Readings go with the texts that they are of (furigana): 2."]


@given(text=st.text(st.sampled_from("a_x0041\x01 &<\"'é漢🙂"), min_size=1).map("z{}".format))
@example("z\x01__")
@example("z<__\x01")
@example("z_x000a_")
def test_strings_are_read_back(text: str) -> None:
    assume(not has_fillers(text))  # which part texts
    new = changed(STRINGS, sst("<t>one</t>"), lambda _: Target(text))
    assert [slot.text for slot in slots(STRINGS, new)] == [" ".join(text.split())]


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('<sheetData><row><c t="s"><v>0</v></c><c><v>3</v></c></row></sheetData>', []),
        ('<row><c t="inlineStr"><is><t>In the sheet</t></is></c></row>', ["In the sheet"]),
        ('<row><c t="str"><f>A1&amp;"x"</f><v>A result</v></c></row>', []),
        ('<row><c t="str"><v>No result\nat all</v></c></row>', ["No result", "at all"]),
        (
            "<oddHeader>&amp;LLeft&amp;C&amp;8Page &amp;P&amp;R&amp;D</oddHeader>",
            ["Left", "Page {P}"],
        ),
        ('<oddFooter>&amp;"Arial,Bold"Tom &amp;&amp; Anna</oddFooter>', ["Tom & Anna"]),
        ('<dataValidation promptTitle="A" prompt="B" sqref="A1"/>', ["A", "B"]),
        (
            '<y:dataValidation xmlns:y="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
            ' errorTitle="A" error="B"/>',
            ["A", "B"],
        ),
        ('<hyperlink ref="A1" location="b!A1" tooltip="To b" display="b!A1"/>', ["To b"]),
        ('<hyperlink ref="A1" display="See b"/>', ["See b"]),
        ('<dataValidation><formula1>"yes,no"</formula1></dataValidation>', []),
    ],
)
def test_what_a_sheet_says(content: str, texts: list[str]) -> None:
    found = slots(SHEET, sheet(content))
    assert [slot.text for slot in found] == texts
    new = changed(SHEET, sheet(content), upper)
    assert [slot.text for slot in slots(SHEET, new)] == [text.upper() for text in texts]
    assert re.findall(r"<f>.*?</f>|<v>\d+</v>", new) == re.findall(
        r"<f>.*?</f>|<v>\d+</v>", content
    )


def test_values_in_headers_are_words_of_their_texts() -> None:
    text = sheet("<oddHeader>&amp;C&amp;8The &amp;P page of &amp;N&amp;R&amp;D</oddHeader>")
    assert [slot.text for slot in slots(SHEET, text)] == ["The {P} page of {N}"]
    new = changed(SHEET, text, lambda slot: Target("Von {N} & die Seite {P}", ()))
    assert "<oddHeader>&amp;C&amp;8Von &amp;N &amp;&amp; die Seite &amp;P&amp;R&amp;D<" in new


def test_attributes_are_as_long_as_excel_takes_them() -> None:
    text = sheet('<dataValidation promptTitle="Pick" prompt="One" sqref="A1"/>')
    new = changed(SHEET, text, lambda _: Target("word " * 80))
    title, prompt = (slot.text for slot in slots(SHEET, new))
    assert len(title) <= 32
    assert len(prompt) <= 255
    assert title.endswith("…")


def test_what_is_shortened_is_said() -> None:
    text = sheet('<dataValidation promptTitle="Pick" prompt="One" sqref="A1"/>')
    form, source = Sheet(FormatOptions()), Source("f", text)
    found = list(form.slots(source))
    for _ in range(2):
        "".join(filled(form, source, found, [Target("word " * 20), Target("word")]))
    assert form.remarks == [
        "Texts that are longer than Excel takes were shortened: 'word word word word word word w…'."
    ]
    document = read_document(
        open_format("xlsx", FormatOptions(sheet_names=True)),
        "f",
        (CORPUS / "hand-formulas.xlsx").read_bytes(),
    )
    b"".join(
        document.written([Target("x", ((0, 1),) * len(slot.marks)) for slot in document.slots])
    )
    assert "Sheets have names that Excel takes: 'x' is 'x 2', 'x' is 'x 3'." in document.remarks


def test_who_wrote_a_comment_stays() -> None:
    text = (
        f'<comments xmlns="{X}"><authors><author>Ann Lee</author></authors><commentList><comment>'
        "<text><r><rPr><b/></rPr><t>Ann Lee:</t></r><r><t>\nIs it so?</t></r></text></comment>"
        "</commentList></comments>"
    )
    assert [slot.text for slot in slots(COMMENTS, text)] == ["Is it so?"]
    thread = (
        '<T xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        "<threadedComment><text>Who pays?</text></threadedComment><threadedComment><text>@Ann does"
        "</text><mentions><mention/></mentions></threadedComment></T>"
    )
    form = Threads(FormatOptions())
    assert [slot.text for slot in slots(form, thread)] == ["Who pays?"]
    assert form.left == 1
    assert "'@Ann does'" in form.remarks[0]


RENAMES = Renames(
    {"jan": "Enero", "my sheet": "Mi hoja", "it's": "Es", "feb": "Feb"},
    {"sales": {"jars sold": "Vendido", "a]b": "c#d"}},
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A1+B2*3", "A1+B2*3"),
        ("Jan!A1", "'Enero'!A1"),
        ("jan!$A$1:Jan!B2", "'Enero'!$A$1:'Enero'!B2"),
        ("A1:Jan!B2", "A1:'Enero'!B2"),
        ("SUM('My sheet'!A1,Feb!A1,Other!A1)", "SUM('Mi hoja'!A1,Feb!A1,Other!A1)"),
        ("'It''s'!A1", "'Es'!A1"),
        ("SUM(Jan:Feb!B1)", "SUM('Enero:Feb'!B1)"),
        ("SUM('Jan:My sheet'!B1)", "SUM('Enero:Mi hoja'!B1)"),
        ("[1]Jan!A1+'[Book.xlsx]Jan'!A1", "[1]Jan!A1+'[Book.xlsx]Jan'!A1"),
        ('IF(A1="Jan!A1 is Jan","Jan","My Jan!A1")', 'IF(A1="Jan!A1 is Jan","Jan","My Jan!A1")'),
        ('INDIRECT("Jan!B1")', "INDIRECT(\"'Enero'!B1\")"),
        ("INDIRECT(\"'My sheet'!A\"&C1)", "INDIRECT(\"'Mi hoja'!A\"&C1)"),
        ('HYPERLINK("#Jan!A1","go")', "HYPERLINK(\"#'Enero'!A1\",\"go\")"),
        ("Jan.Total+Jan+#REF!A1+January!A1", "Jan.Total+Jan+#REF!A1+January!A1"),
        ("SUM(Sales[Jars sold])", "SUM(Sales[Vendido])"),
        ("sales[[#This Row],[Jars Sold]]*2", "sales[[#This Row],[Vendido]]*2"),
        ("Sales[[#All],[Jars sold]:[Hive]]", "Sales[[#All],[Vendido]:[Hive]]"),
        ("Sales[a']b]&Sales[[a']b]]", "Sales[c'#d]&Sales[[c'#d]]"),
        ("Other[Jars sold]+Sales[#Headers]", "Other[Jars sold]+Sales[#Headers]"),
        ("SUBTOTAL(109,[Jars sold])*[@Hive]", "SUBTOTAL(109,[Vendido])*[@Hive]"),
        ("Sales[Jars sold]&Jan!A1&\"[Jars sold]\"", "Sales[Vendido]&'Enero'!A1&\"[Jars sold]\""),
    ],
)  # fmt: skip
def test_formulas_follow(old: str, new: str) -> None:
    assert RENAMES.formula(old) == new


@given(st.text(st.sampled_from("Jan!'\"[]:A1#$ (),Sales")))
def test_without_new_names_a_formula_stays(text: str) -> None:
    assert Renames().formula(text) == text


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Hoja: 1/2 [a]?", (), "Hoja 1 2 a"),
        ("'x'", (), "x"),
        ("", (), "Old"),
        ("??", (), "Old"),
        ("History", (), "Old"),
        ("Name", ("name", "name 2"), "Name 3"),
        ("a" * 40, (), "a" * 31),
        ("a" * 40, ("a" * 31,), "a" * 29 + " 2"),
        ("🙂" * 20, (), "🙂" * 15),
    ],
)
def test_names_of_sheets(wanted: str, taken: tuple[str, ...], name: str) -> None:
    assert sheet_name(wanted, "Old", taken) == name


def test_names_of_columns() -> None:
    assert column_name("a: [b]?", "x", ()) == "a: [b]?"
    assert column_name(" ", "x", ()) == "x"
    assert column_name("Menge", "x", ("menge",)) == "Menge 2"


def renamed(name: str) -> dict[str, str]:
    """A workbook of the corpus with new names of sheets and every text reversed."""

    def change(slot: Slot) -> Target:
        return Target(slot.text[::-1], tuple((0, 1) for _ in slot.marks))

    document = read_document(
        open_format("xlsx", FormatOptions(sheet_names=True)), name, (CORPUS / name).read_bytes()
    )
    return members(b"".join(document.written([change(slot) for slot in document.slots])))


def test_references_follow_the_sheets() -> None:
    new = renamed("hand-formulas.xlsx")
    assert re.findall(r'<sheet name="(.*?)"', new["xl/workbook.xml"]) == [
        "naJ",
        "beF",
        "revo s&apos;tI",
    ]
    assert "<definedName name=\"Rent\">'naJ'!$B$1<" in new["xl/workbook.xml"]
    assert "localSheetId=\"1\">'beF'!$A$1:$D$9<" in new["xl/workbook.xml"]
    first, second = (new[f"xl/worksheets/sheet{number}.xml"] for number in (1, 2))
    assert re.findall("<f>(.*?)</f>", first) == [
        "A1&amp;\" of \"&amp;'beF'!A1",
        "SUM('naJ:beF'!B1)",
        "'revo s''tI'!A1",
    ]
    assert "<f>INDIRECT(\"'naJ'!B1\")+[1]Jan!B1+'naJ'!B1</f>" in second
    assert "<formula>'naJ'!$B$1&gt;3</formula>" in second
    assert "<formula1>'naJ'!$A$1:$A$2</formula1>" in second
    assert "<v>10.5</v>" in first
    assert "<v>45352</v>" in first
    links = renamed("hand-links.xlsx")["xl/worksheets/sheet1.xml"]
    assert 'location="&apos;ekal ehT&apos;!A1"' in links
    assert 'HYPERLINK("#\'ekal ehT\'!A1","Go")' in links
    charts = renamed("xlsxwriter-tables.xlsx")
    assert "<c:f>'sraep &amp; selppA'!$B$1</c:f>" in charts["xl/charts/chart1.xml"]
    assert "<xm:f>'sraep &amp; selppA'!B2:B3</xm:f>" in charts["xl/worksheets/sheet1.xml"]
    assert "<vt:lpstr>trahc ehT</vt:lpstr>" in charts["docProps/app.xml"]
    assert 'sheet="ataD"' in renamed("hand-pivot.xlsx")["xl/pivotCache/pivotCacheDefinition1.xml"]


def test_sheets_keep_their_names_by_default() -> None:
    data = (CORPUS / "hand-formulas.xlsx").read_bytes()
    _, new = rewritten("xlsx", data, upper)
    before, after = members(data), members(new)
    assert after["xl/workbook.xml"] == before["xl/workbook.xml"]
    assert "RENT" in after["xl/sharedStrings.xml"]
    assert "<f>SUM(Jan:Feb!B1)</f>" in after["xl/worksheets/sheet1.xml"]


def test_columns_are_called_as_their_cells() -> None:
    new = renamed("hand-table.xlsx")
    names = re.findall(r'<tableColumn id="\d" name="(.*?)"', new["xl/tables/table1.xml"])
    assert names == ["evih eht fo emaN", "dlos sraJ", "]snworc[ emocnI"]
    assert 'totalsRowLabel="lla nI"' in new["xl/tables/table1.xml"]
    assert "Hives[[#This Row],[dlos sraJ]]*4<" in new["xl/tables/table1.xml"]
    assert "<f>SUBTOTAL(109,Hives[dlos sraJ])</f>" in new["xl/worksheets/sheet1.xml"]
    pivot = renamed("hand-pivot.xlsx")["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert re.findall('cacheField name="(.*?)"', pivot) == ["driB", "neeS"]


def test_two_columns_that_get_one_name() -> None:
    data = (CORPUS / "hand-table.xlsx").read_bytes()
    _, new = rewritten("xlsx", data, lambda slot: Target("Bee"))
    parts = members(new)
    names = re.findall(r'<tableColumn id="\d" name="(.*?)"', parts["xl/tables/table1.xml"])
    assert names == ["Bee", "Bee 2", "Bee 3"]
    cells = parts["xl/worksheets/sheet1.xml"]
    assert '<c r="A1" t="s"><v>0</v></c>' in cells
    assert '<c r="B1" t="inlineStr"><is><t>Bee 2</t></is></c>' in cells
    assert "Hives[Bee 2]" in cells


def test_results_of_formulas_are_made_again() -> None:
    parts = {
        name: text.encode()
        for name, text in members((CORPUS / "hand-formulas.xlsx").read_bytes()).items()
    }
    book = parts["xl/workbook.xml"].decode()
    parts["xl/workbook.xml"] = book.replace(
        "</workbook>", '<calcPr calcId="1"/></workbook>'
    ).encode()
    _, new = rewritten("xlsx", package(parts), upper)
    assert '<calcPr fullCalcOnLoad="1" calcId="1"/>' in members(new)["xl/workbook.xml"]


def test_macros_call_sheets_by_name() -> None:
    parts = members((CORPUS / "hand-rich.xlsx").read_bytes())
    data = package({**parts, "xl/vbaProject.bin": b"\xd0\xcf"})
    assert read_document(open_format("xlsx", FormatOptions()), "f", data).slots
    with pytest.raises(BadInputError, match="has macros"):
        read_document(open_format("xlsx", FormatOptions(sheet_names=True)), "f", data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no zip", "f is not a zip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "f is not a zip archive"),
        (package({"[Content_Types].xml": "<Types/>"}), "f is not XLSX"),
    ],
)
def test_what_is_none(data: bytes, message: str) -> None:
    with pytest.raises(BadInputError, match=message):
        read_document(open_format("xlsx", FormatOptions()), "f", data)


def test_names_of_sheets_by_option(s2s: Run, tmp_path: Path) -> None:
    source, out = CORPUS / "xlsxwriter-names.xlsx", tmp_path / "out.xlsx"
    before = members(source.read_bytes())
    for options in ((), ("--sheet-names",)):
        done = s2s("translate", source, "-o", out, "--beam", 1, "--max-length", 20, *options)
        assert done.returncode == 0, done.stderr
        after = members(out.read_bytes())
        names, others = (
            re.findall(r'<sheet name="(.*?)"', each["xl/workbook.xml"]) for each in (before, after)
        )
        assert (others != names) == bool(options)
        assert f"{others[1]}" in after["xl/worksheets/sheet1.xml"]
        assert after["xl/sharedStrings.xml"] != before["xl/sharedStrings.xml"]


X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (f'<slicers xmlns="{X14}"><slicer name="n" caption="Region"/></slicers>', ["Region"]),
        (f'<x14:table xmlns:x14="{X14}" altText="A" altTextSummary="B"/>', ["A", "B"]),
        (f'<controls xmlns="{X14}"><item val="One"/><item val="7"/></controls>', ["One"]),
    ],
)  # fmt: skip
def test_labels(content: str, texts: list[str]) -> None:
    form = Captions(FormatOptions())
    assert [slot.text for slot in slots(form, content)] == texts
    again = slots(form, changed(form, content, upper))
    assert [slot.text for slot in again] == [text.upper() for text in texts]


def test_texts_that_boxes_take_from_cells() -> None:
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    field = '<a:fld id="1" type="{}"><a:rPr/><a:t>{}</a:t></a:fld>'
    text = f'<a:x xmlns:a="{a}"><a:p>{field.format("TxLink", "Jars &amp; pots")}</a:p><a:p>'
    text += f"{field.format('slidenum', 'no')}</a:p></a:x>"
    form = Drawing(FormatOptions())
    assert [slot.text for slot in slots(form, text)] == ["Jars & pots"]
    assert ">JARS &amp; POTS</a:t></a:fld>" in changed(form, text, upper)


def test_labels_of_controls() -> None:
    vml = "urn:schemas-microsoft-com:vml"
    text = (
        f'<xml xmlns:v="{vml}"><v:shape id="a" alt="A dot"><v:textbox><div><font>Press '
        "<b>me</b></font></div></v:textbox></v:shape></xml>"
    )
    form = OldDrawing(FormatOptions())
    assert [slot.text for slot in slots(form, text)] == ["A dot", "Press", "me"]
    new = changed(form, text, upper)
    assert 'alt="A DOT"' in new
    assert "<font>PRESS <b>ME</b></font>" in new


def test_labels_in_what_is_not_xml_are_counted() -> None:
    for text, left in (
        ("<xml><v:textbox><div>Press<br></div></v:textbox></xml>", 1),
        ("<xml><v:textbox><div></v:textbox>", 0),
    ):
        form = OldDrawing(FormatOptions())
        assert list(form.slots(Source("f", text))) == []
        assert form.left == left


def test_words_in_number_formats_are_named() -> None:
    parts = members((CORPUS / "xlsxwriter-names.xlsx").read_bytes())
    name = next(name for name in parts if name.endswith("styles.xml"))
    styles = f'<styleSheet xmlns="{X}"><numFmts>{{}}</numFmts></styleSheet>'
    for format_, expected in (
        ("0 &quot;pieces&quot;", ["'pieces'"]),
        ("0.00 &quot;kr&quot;;&quot;USD&quot; 0", []),
        ("d mmmm yyyy", []),
    ):
        parts[name] = styles.format(f'<numFmt numFmtId="164" formatCode="{format_}"/>')
        data = package({key: value.encode() for key, value in parts.items()})
        document = read_document(open_format("xlsx", FormatOptions()), "f", data)
        remarks = [one for one in document.remarks if "number formats" in one]
        assert [word for one in remarks for word in re.findall("'.*?'", one)] == expected


def test_texts_that_have_names_are_counted() -> None:
    parts = members((CORPUS / "xlsxwriter-names.xlsx").read_bytes())
    before = read_document(
        open_format("xlsx", FormatOptions()), "f", (CORPUS / "xlsxwriter-names.xlsx").read_bytes()
    ).remarks
    book = parts["xl/workbook.xml"]
    names = '<definedNames><definedName name="Hi">"Good day"</definedName></definedNames>'
    book = re.sub("<definedNames>.*?</definedNames>", "", book)
    parts["xl/workbook.xml"] = book.replace("</sheets>", f"</sheets>{names}")
    data = package({key: value.encode() for key, value in parts.items()})
    remarks = read_document(open_format("xlsx", FormatOptions()), "f", data).remarks
    assert remarks != before
    assert "Texts within formulas stay" in remarks[0]
