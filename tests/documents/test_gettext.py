from __future__ import annotations

import shutil
import subprocess

import pytest

from s2scli.errors import BadInputError
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
