"""Tables: which columns and cells are no texts, and data of programs in cells and elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Source, Target
from s2scli.documents.embedded import is_json, is_program_data
from s2scli.documents.filling import Document
from s2scli.documents.reading import read_document
from tests.documents.runs import translated


def read(text: str, kind: str = "csv", columns: tuple[str, ...] = ()) -> Document:
    options = FormatOptions(source_language="en", target_language="de", columns=columns)
    return read_document(open_format(kind, options), "f", text.encode())


def texts(document: Document) -> list[str]:
    return [slot.text for slot in document.slots]


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        ("key,en,fr,notes\nmenu,Open,Ouvrir,Hi\n", ["Open", "Hi"], "'fr'"),
        ("Save,en\nSave all,One\n", ["Save all", "One"], ""),
        ("Key,English\nSave all,One\nopen,Two\n", ["One", "Two"], "'Key'"),
        ("ID;English;French;Notes\na;One;Un;two\n", ["One", "two"], "'French'"),
        ("eng,fra,min\nOne,Un,two\n", ["One"], "'fra', 'min'"),
        ("min,max\nOne,two\n", ["One", "two"], ""),
        ("is,no\nOne,two\n", ["One", "two"], ""),
        ("en-GB,en,pt_BR\nOne,two,Um\n", ["One", "two"], "'pt_BR'"),
        ("Source string,Context,French\nOne,two,Trois\n", ["One", "two"], "'French'"),
        ("English,Translation (fr)\nOne,Deux\n", ["One"], "'Translation (fr)'"),
        ("Country,German,Total\nOne,two,three\n", ["One", "two", "three"], ""),
        (
            "name,First Name,author_name\nOne,Tom,Jane Hill\n",
            ["One"],
            "'First Name', 'author_name'",
        ),
        ("Handle,Title,Published\nsocks,Wool,TRUE\nhat,Hat,null\n", ["Wool", "Hat"], ""),
        ("product_id,productId,Image URL,text\nab,Xy9,/a b,One\n", ["One"], ""),
        ("valid,paid,hidden,keyboard,code review\na,b,c,d,e\n", [*"abcde"], ""),
        (
            "answer_type,Status\nsingle,Active\nselect-one,on hold\n",
            ["Active", "on hold"],
            "'answer_type'",
        ),
        ("itemType,type of it\none,two\n", ["two"], "'itemType'"),
        ("string id,message\nThe title,One\n", ["One"], "'string id'"),
    ],
)
def test_columns_that_stay(text: str, found: list[str], said: str) -> None:
    document = read(text)
    assert texts(document) == found
    ends = [remark.rpartition("columns ")[2] for remark in document.remarks]
    assert ends == ([f"{said}."] if said else [])


@pytest.mark.parametrize(
    ("text", "found", "said"),
    [
        (
            "id,lang,text\n1,en,One\n2,fr,Deux\n3,,Three\n4,en-GB,Four\n5,xx,Five\n",
            ["One", "Three", "Four", "Five"],
            "fr",
        ),
        ("text;locale\nOne;en_US\nZwei;de_DE\nTrois;fr_FR\n", ["One"], "de_DE, fr_FR"),
        ("text,original_language\nOne,fr\n", ["One"], ""),
        ("text,Language\nOne,French\n", ["One"], ""),
    ],
)
def test_rows_in_other_languages_stay(text: str, found: list[str], said: str) -> None:
    document = read(text)
    assert [one for one in texts(document) if one not in ("en", "fr")] == found
    rows = [remark for remark in document.remarks if remark.startswith("Rows")]
    assert rows == ([f"Rows that are said to be in another language stay: {said}."] if said else [])


def test_columns_that_are_asked_for() -> None:
    assert texts(read("key,en,de\nSave all,One,TRUE\n", columns=("key", "de"))) == [
        "Save all",
        "TRUE",
    ]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ('{"label": "Save", "n": 1, "to": {"de": "Go on"}}', ["Save", "Go on"]),
        ('["Red", "Blue <b>x</b>", true]', ["Red", "Blue x"]),
        ('[{"a": "{\\"b\\": \\"Deep\\"}"}]', ["Deep"]),
        ("{'id': 18, 'name': 'Drama'}", None),
        ("[{'id': 18, 'name': 'Drama'}, {'a': None}]", None),
        ("['Red', 'Blue']", None),
        ('{id: "a", "b": [1]}', None),
        ('a:1:{s:4:"size";s:5:"Large";}', None),
        ('O:8:"stdClass":1:{s:1:"a";s:1:"b";}', None),
        ("{name} has {n, plural, one {# a} other {# b}}", ["{name} has", "# a", "# b"]),
        ("{name}: it is", ["{name}: it is"]),
        ("{{ name }} [x]", ["{{ name }} [x]"]),
        ("[Save]", ["[Save]"]),
        ("Good|Very bad|{{n|x}}", ["Good", "Very bad", "{{n|x}}"]),
        ("Text (*.txt)|*.txt|All (*.*)|*.*", ["Text (*.txt)", "*.txt", "All (*.*)"]),
        ("One | two", ["One", "two"]),
        ('{"a": "not closed', ['{"a": "not closed']),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "json", "properties", "yaml"])
def test_data_of_programs(cell: str, found: list[str] | None, kind: str) -> None:
    forms = {
        "csv": 'text\n"{}"\nOne\n',
        "json": '{{"text": {}, "b": "One"}}',
        "properties": "text = {}\nb = One\n",
        "yaml": "text: {}\nb: One\n",
    }
    written = {
        "csv": cell.replace('"', '""'),
        "json": json.dumps(cell),
        "properties": cell.replace("\\", "\\\\"),
        "yaml": json.dumps(cell),
    }
    text = forms[kind].format(written[kind])
    document = read(text, kind)
    assert texts(document) == [*(found or []), "One"]
    assert document.left == (found is None)
    assert any("data of a program" in remark for remark in document.remarks) == (found is None)
    same = [
        Target(slot.text, tuple((m.start, m.end) for m in slot.marks)) for slot in document.slots
    ]
    assert b"".join(document.written(same)).decode() == text


def test_values_of_data_are_written_as_data() -> None:
    document = read('text\n"{""label"": ""Save"", ""n"": 1.50}"\n')
    new = b"".join(document.written([Target('Say "x", so')])).decode()
    assert new == 'text\n"{""label"": ""Say \\""x\\"", so"", ""n"": 1.50}"\n'


@given(st.text(st.sampled_from("[]{}()'\"a:, 1\\;sO"), max_size=40))
def test_any_text_is_data_or_not(text: str) -> None:
    assert not (is_json(text) and is_program_data(text))


def test_long_texts_are_judged_in_linear_time() -> None:
    for text in ("[" * 50_000, "{'" * 50_000, "['a'," * 20_000, "{a:'" + "}" * 50_000 + "x"):
        is_json(text)
        is_program_data(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{q0} = 'yes please'", True),
        ('a.b == "two words" || !c', True),
        ("(x > 5 && y) or z.includes('old house')", True),
        ("user.role != 'main editor' and open", True),
        ("npm run build && npm test", True),
        ("SELECT name, note FROM houses WHERE old = 1", True),
        ("UPDATE houses SET note = 'very old'", True),
        ("(item) => item.name", True),
        ("^The house (is|was) old$", True),
        ("def f(x):\n    return x + 1\n", True),
        ("import os\nfrom a import b\n\nprint('some words')", True),
        ("#include <a.h>\nint main() {\n  return 0;\n}", True),
        ("const a = 'words';\nalert(a);", True),
        ("$ cd my-house", True),
        ("# apt-get install tree", True),
        ("npm install", True),
        ("sudo docker compose up -d", True),
        ("go get example.org/house", True),
        ("go get milk", False),
        ("git status is shown here", False),
        ("npm install failed.", False),
        ("cd player", False),
        ("# items left", False),
        ("Dear Jane;\nhow are you (today)?", False),
        ("import goods\nfrom us", False),
        ("One = two\nthree (four)", False),
        ("let it be = peace;\nand more", False),
        ("Select a name FROM the list", False),
        ("fish && chips are good", True),  # nobody can know
        ("Fish and chips", False),
        ("x = y", False),
        ("Press > to go on", False),
        ("a < b and c > d", False),
        ("He said: 'I am old' and went", False),
        ("1 + 1 = 2", False),
        ("==marked== text", False),
        ("A => B means more", False),
        ('{name} = "{value}" is wrong', False),
        ("$5 = 4 €", False),
        ("CREATE a house", False),
        ("UPDATE now", False),
    ],
)
def test_code_is_no_text(text: str, expected: bool) -> None:
    assert is_program_data(text) == expected


@pytest.mark.parametrize(
    "part", ["a==", "a == 'b' && ", "((", "!", "'", "a b && ", "SELECT a ", "{a"]
)
def test_long_code_is_read_at_once(part: str) -> None:
    assert is_program_data(part * (990 // len(part)) + "~") is False


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Good morning", "'Good morning'"),
        ("Good morning,Guten Morgen,12", "'Good morning', 'Guten Morgen'"),
        ("This is it.,b", "'This is it.'"),
        ("Good morning,text", ""),
        ("First Part,Last Part", ""),
        ("name of it", ""),
        ("1,2", ""),
    ],
)
def test_a_first_row_that_may_be_no_header_is_said(header: str, said: str) -> None:
    remarks = read(f"{header}\nOne two,Three,4\n").remarks
    what = "The header stays, though it reads like text"
    assert remarks == ([f"{what}: {said}."] if said else [])


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("Hello,World\n", True),
        ("Hello", True),
        ("Hello\n\n,\n", True),
        ("1,2\n", False),
        ("", False),
        ("Name\n1\n", False),
        ("Name\nOne\n", False),
    ],
)
def test_a_header_with_nothing_below_is_said(text: str, is_said: bool) -> None:
    said = "Its last row is taken for a header, and stays: nothing is below it."
    assert read(text).remarks == ([said] if is_said else [])


def test_texts_in_formulas_of_tables_are_said() -> None:
    form = open_format("csv", FormatOptions())
    cells = (
        '"=IF(A1=""yes"",""The house"",B2)"',
        "=SUM(A1:B2)",
        '"=CONCAT(""1"",A1)"',
        '"a ""b"""',
    )
    text = "".join(f"x,{cell}\n" for cell in ("text", *cells))
    assert len(list(form.slots(Source("f", text)))) > 0
    assert form.remarks == ["Texts within formulas stay in the source language: 2."]


@pytest.mark.parametrize(
    "text",
    [
        *("=== Title ===", "*** Good night ***", "-- Hello --", "> == House ==", "== a b ==="),
        *("/// Title ///", "— Title —", "|| Title ||"),
    ],
)
def test_what_is_around_a_title_stays(text: str, tmp_path: Path) -> None:
    def swallows(part: str) -> str:
        return part.strip("=*-/—|").upper()

    found = translated("a.txt", f"{text}\n\nThe end\n", tmp_path, swallows)
    assert found == f"{text.upper()}\n\nTHE END\n"


def test_a_title_between_signs_is_a_line_of_its_own(tmp_path: Path) -> None:
    text = "This is the first long line of a text that goes on\n--- Title ---\nand then is over.\n"
    found = translated("a.txt", text, tmp_path, backwards=True)
    assert found.splitlines()[1] == "--- TITLE ---"


def test_fields_in_cells_keep_their_keys(tmp_path: Path) -> None:
    text = "| a big key:: old house | two |\n|---|---|\n| key:: house | two |\n"
    new = "| a big key:: HOUSE OLD | TWO |\n|---|---|\n| key:: HOUSE | TWO |\n"
    assert translated("a.md", text, tmp_path, backwards=True) == new


def test_items_of_contracts_are_lines_of_their_own(tmp_path: Path) -> None:
    text = "(a) The first one here.\n(b) Now the second one of these is due here.\n(c) A third\n"
    text += "(iv) more;\n(5) the last one\nof (5).\n\n4.1  One two.\n4.2  Three.\n"
    new = translated("a.txt", text, tmp_path, backwards=True)
    assert [line.split()[0] for line in new.split("\n") if line][:5] == [
        "(a)",
        "(b)",
        "(c)",
        "(iv)",
        "(5)",
    ]
    assert new.endswith("4.1  TWO. ONE\n4.2  THREE.\n")


@pytest.mark.parametrize("name", ["a.md", "a.adoc", "a.html"])
def test_truth_values_alone_stay(name: str, tmp_path: Path) -> None:
    tables = {
        "a.md": "| One | true |\n|---|---|\n| One | false |\n",
        "a.adoc": "|===\n|One |true\n\n|One |false\n|===\n",
        "a.html": "<table><tr><td>One</td><td>true</td></tr></table>",
    }
    assert translated(name, tables[name], tmp_path) == tables[name].replace("One", "ONE")


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("key,en,de\na,One house,\nb,Two,Zwei\n", "key,en,de\na,One house,ONE HOUSE\nb,Two,Zwei\n"),
        ("English(en),German(de)\nOne,\n", "English(en),German(de)\nOne,ONE\n"),
        ("de;en;fr\n;One;Un\n", "de;en;fr\nONE;One;Un\n"),
        ("en,notes,German\nOne,Hi\n", "en,notes,German\nOne,Hi,ONE\n"),
        ("English,German\nOne\nTwo,\n", "English,German\nOne,ONE\nTwo,TWO\n"),
        ("source,target\n12 %,\nOne,\n", "source,target\n12 %,12 %\nOne,ONE\n"),
        (
            'Source text,Translation (de)\n"One, ""two""",""\n',
            'Source text,Translation (de)\n"One, ""two""","ONE, ""TWO"""\n',
        ),
        (
            'en,de-AT,de\n"One <b>two</b>\nthree", ,\n',
            'en,de-AT,de\n"One <b>two</b>\nthree", ,"ONE <b>TWO</b>\nTHREE"\n',
        ),
        (
            'en,de\n"{""a"": ""One""}",\n',
            'en,de\n"{""a"": ""One""}","{""a"": ""ONE""}"\n',
        ),
        ("lang,source,target\nfr,Un,\nen,One,\n", "lang,source,target\nfr,Un,\nen,One,ONE\n"),
        (
            "Locale,Default content,Translated content\nde,One,\nfr,Two,\n",
            "Locale,Default content,Translated content\nde,One,ONE\nfr,Two,\n",
        ),
        ("en,de\nOne,Eins\n", "en,de\nOne,Eins\n"),
        # These have no column for the translations.
        (
            "source language,target language,text\nen,,One\n",
            "source language,target language,text\nen,,ONE\n",
        ),
        ("Source,Translation (fr)\nOne,\n", "Source,Translation (fr)\nONE,\n"),
        ("key,en,fr\na,One,Un\n", "key,en,fr\na,ONE,Un\n"),
    ],
)
def test_a_column_for_the_translations_is_filled(text: str, new: str, tmp_path: Path) -> None:
    options = FormatOptions(source_language="en", target_language="de")
    assert translated("a.csv", text, tmp_path, options=options) == new


def test_what_stays_beside_translations_is_said() -> None:
    document = read("key,en,de,notes\na,One house,,The house\nb,Two,Zwei,\n")
    assert texts(document) == ["One house"]
    filled, present = document.remarks
    assert "the empty cells of 'de'" in filled
    assert "in the columns 'notes'" in filled
    assert present == "Cells of 'de' that say something stay (--overwrite): 1."


def test_names_of_addresses_get_no_translation() -> None:
    document = read("field,en,de\nhandle,the-big-house,\ntitle,well-known,\n")
    assert texts(document) == ["well-known"]
    assert "Names of addresses get no translation: the-big-house." in document.remarks


def test_translations_that_are_there_are_made_again_if_asked_for() -> None:
    options = FormatOptions(source_language="en", target_language="de", overwrite=True)
    document = read_document(open_format("csv", options), "f", b"en,de\nOne,Eins\n,Zwei\n")
    assert texts(document) == ["One"]
    assert b"".join(document.written([Target("Neu")])) == b"en,de\nOne,Neu\n,Zwei\n"
