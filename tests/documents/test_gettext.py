from __future__ import annotations

import re
import shutil
import subprocess
from gettext import c2py

import pytest

from s2scli.documents import open_format
from s2scli.documents.base import FormatOptions, Target
from s2scli.documents.reading import read_document
from s2scli.errors import BadInputError
from s2scli.languages.plurals import gettext_rule, whole_forms
from tests.documents.test_formats import changed, read

PO = r"""# A comment.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: src/a.c:1
#, c-format
msgid "Hello %s"
msgstr ""

msgctxt "menu"
msgid ""
"Two lines,\n"
"and \"more\".\n"
msgstr ""

msgid "One file"
msgid_plural "%d files"
msgstr[0] ""
msgstr[1] ""

#, fuzzy
#| msgid "Old"
msgid "New"
msgstr "Alt"

msgid "Done"
msgstr "Fertig"

msgid "42"
msgstr ""

#~ msgid "Obsolete"
#~ msgstr ""
"""


def test_what_is_missing() -> None:
    wanted = ["Hello %s", 'Two lines,\nand "more".\n', "One file", "%d files", "New"]
    assert read("po", PO) == wanted
    assert read("po", PO, overwrite=True) == [*wanted, "Done"]


def test_what_is_written() -> None:
    new = changed("po", PO, "<{}>")
    assert 'msgid "Hello %s"\nmsgstr "<Hello %s>"\n' in new
    assert 'msgstr ""\n"<Two lines,\\n"\n"and \\"more\\".\\n"\n' in changed("po", PO, "<{}")
    assert 'msgstr[0] "<One file>"\nmsgstr[1] "<%d files>"\n' in new
    assert 'msgid "New"\nmsgstr "<New>"' in new
    assert 'msgid "Done"\nmsgstr "Fertig"' in new
    assert 'msgid "42"\nmsgstr ""' in new
    assert '#~ msgstr ""' in new
    assert read("po", new) == ["New"]  # still marked as fuzzy
    # A translation that is the text itself is written too.
    assert 'msgstr "Hello %s"' in changed("po", PO)


def test_what_is_complete_stays_as_it_is() -> None:
    complete = changed("po", PO.replace("#, fuzzy\n", ""))
    assert changed("po", complete) == complete
    assert changed("po", complete, "{}", overwrite=True).count("msgstr") == PO.count("msgstr")


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs gettext's msgfmt")
def test_gettext_reads_it() -> None:
    new = changed("po", PO, "{}")
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", "-"], input=new.encode(), check=True)


@pytest.mark.parametrize("line", ["nonsense", '"a string alone"', 'msgid "open', "msgid none"])
def test_what_is_none(line: str) -> None:
    with pytest.raises(BadInputError, match="f, line 3 is not valid PO syntax"):
        read("po", f'msgid "A"\nmsgstr ""\n{line}\n' if line[0] != '"' else f"# c\n\n{line}\n")


@pytest.mark.parametrize(
    ("rule", "before", "expected"),
    [
        ("nplurals=2; plural=(n != 1);", 2, ["one", "many"]),
        ("nplurals=1; plural=0;", 1, ["many"]),
        ("nplurals=3; plural=(n%10==1 ? 0 : n<5 ? 1 : 2);", 2, ["one", "many", "many"]),
        ("nplurals=3; plural=(n==1 ? 2 : 0);", 1, ["many", "many", "one"]),
        ('nplurals=3; plural=(n==1 "\n"? 0 : 1);', 3, ["one", "many", "many"]),
        ("nplurals=2; plural=(n/0);", 2, ["one", "many"]),
        ("nplurals=99; plural=n;", 2, ["one", "many"]),
    ],
)
def test_forms_of_messages_with_a_number(rule: str, before: int, expected: list[str]) -> None:
    head = f'msgid ""\nmsgstr ""\n"Plural-Forms: {rule}\\n"\n\nmsgid "one"\nmsgid_plural "many"\n'
    text = head + "".join(f'msgstr[{number}] ""\n' for number in range(before))
    document = read_document(
        open_format("po", FormatOptions(target_language="pl")), "f", text.encode()
    )
    assert [slot.text for slot in document.slots] == expected
    assert bool(document.remarks) == ("/0" in rule or "99" in rule)
    new = b"".join(document.written([Target(slot.text.upper()) for slot in document.slots]))
    forms = "".join(f'msgstr[{n}] "{one.upper()}"\n' for n, one in enumerate(expected))
    assert new.decode() == head + forms


def test_a_header_that_does_not_say_which_forms_there_are() -> None:
    text = b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    for language, said in (("pl", ["The header has no Plural-Forms"]), ("de", [])):
        form = open_format("po", FormatOptions(target_language=language))
        remarks = read_document(form, "f", text).remarks
        assert [remark.partition(":")[0] for remark in remarks] == said


TEMPLATE = r"""#, fuzzy
msgid ""
msgstr ""
"Language: \n"
"Content-Type: text/plain; charset=CHARSET\n"
"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\n"

#, fuzzy
msgid "one"
msgid_plural "many"
msgstr[0] ""
msgstr[1] ""
"""


@pytest.mark.parametrize(
    ("language", "rule", "expected"),
    [
        ("de", "nplurals=2; plural=(n != 1);", ["one", "many"]),
        ("ja", "nplurals=1; plural=0;", ["many"]),
        ("pl", "nplurals=3;", ["one", "many", "many"]),
        ("pt-BR", "nplurals=2; plural=(n > 1);", ["one", "many"]),
        ("ar", "nplurals=6;", ["many", "one", "many", "many", "many", "many"]),
    ],
)
def test_a_template_gets_the_plural_of_the_language(
    language: str, rule: str, expected: list[str]
) -> None:
    options = FormatOptions(target_language=language)
    document = read_document(open_format("po", options), "f.pot", TEMPLATE.encode())
    assert [slot.text for slot in document.slots] == expected
    assert document.remarks == []
    new = b"".join(document.written([Target(f"<{slot.text}>") for slot in document.slots])).decode()
    assert new.startswith('msgid ""\n')
    assert f'"Language: {language.replace("-", "_")}\\n"' in new
    assert f"Plural-Forms: {rule}" in new
    assert "charset=UTF-8" in new
    forms = "".join(f'msgstr[{n}] "<{one}>"\n' for n, one in enumerate(expected))
    assert new.endswith(f'#, fuzzy\nmsgid "one"\nmsgid_plural "many"\n{forms}')


def test_a_template_for_a_language_whose_plural_is_not_known() -> None:
    form = open_format("po", FormatOptions(target_language="tlh"))
    (said,) = read_document(form, "f.pot", TEMPLATE.encode()).remarks
    assert said.startswith("The plural of tlh is not known")


@pytest.mark.parametrize("code", ["de", "fr", "ja", "pl", "ru", "cs", "sl", "ar", "lv", "ro", "lt"])
def test_rules_have_as_many_forms_as_the_language(code: str) -> None:
    assert gettext_rule(code).startswith(f"nplurals={whole_forms(code)}; ")


def test_rules_are_rules() -> None:
    for language in (
        "de",
        "pt-BR",
        "is",
        "lv",
        "ga",
        "ro",
        "lt",
        "ru",
        "cs",
        "pl",
        "sl",
        "gd",
        "mt",
    ):
        number, rule = re.findall(r"=(.*?);", gettext_rule(language))
        assert {c2py(rule)(n) for n in range(1000)} == set(range(int(number)))


def test_all_escapes_of_c() -> None:
    """gettext reads them (po-lex.c); they mean the same in the translation."""
    source = r"""msgid "Ring\a the \x1b[1mbell\033[0m, \303\244 \"A\\B\"\v\f\b"
msgstr ""
"""
    (text,) = read("po", source)
    assert text == 'Ring\a the \x1b[1mbell\x1b[0m, ä "A\\B"\v\f\b'
    new = changed("po", source, "{}")
    assert r'msgstr "Ring\a the \033[1mbell\033[0m, ä \"A\\B\"\v\f\b"' in new
    assert read("po", new, overwrite=True) == [text]
    for bad in (r'"\377"', r'"\x1234"', r'"a"b"', r'"a\"'):
        with pytest.raises(BadInputError, match=r"line 1 is not valid PO"):
            read("po", f'msgid {bad}\nmsgstr ""\n')


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ('msgid "translator-credits"', "'translator-credits'"),
        ('msgid "translator_credits"', "'translator_credits'"),
        ('msgctxt "NAME OF TRANSLATORS"\nmsgid "Your names"', "'NAME OF TRANSLATORS'"),
        ('msgctxt "EMAIL OF TRANSLATORS"\nmsgid "Your emails"', "'EMAIL OF TRANSLATORS'"),
        ('msgid ""\n"_: NAME OF TRANSLATORS\\n"\n"Your names"', "'NAME OF TRANSLATORS'"),
        ('msgid "The translator credits"', ""),
        ('msgctxt "NAME OF TRANSLATORS AND"\nmsgid "Your names"', ""),
    ],
)
@pytest.mark.parametrize("overwrite", [False, True])
def test_who_translated_is_no_text(entry: str, named: str, overwrite: bool) -> None:
    options = FormatOptions(overwrite=overwrite)
    text = f'{entry}\nmsgstr ""\n\n#, fuzzy\n{entry}\nmsgstr "Ann"\n\nmsgid "Hi"\nmsgstr ""\n'
    document = read_document(open_format("po", options), "f", text.encode())
    assert [slot.text for slot in document.slots][-1] == "Hi"
    assert len(document.slots) == (1 if named else 3)
    ends = [remark.rpartition(": ")[2] for remark in document.remarks]
    assert ends == ([f"{named}."] if named else [])


def test_line_ends_are_those_of_the_file() -> None:
    source = 'msgid ""\n"One\\n"\n"two\\n"\nmsgstr ""\n'.replace("\n", "\r\n")
    assert changed("po", source, "{}").replace("\r\n", "").count("\n") == 0
