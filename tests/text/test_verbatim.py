"""What of plain text stays as a whole: armour, changes, code between fences."""

from __future__ import annotations

from pathlib import Path

import pytest

from s2scli.documents.base import FormatOptions
from s2scli.text.verbatim import outside, verbatim
from tests.documents.runs import run, translated

_KEY = """-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED

MIIDdzCCAlgIBAgIEAgAAuTANBgkqhkiGwBAQUFADBaMQswCQYDVQQGEwJJ
RTESMBAGA
-----END RSA PRIVATE KEY-----
"""
_SIGNATURE = """-----BEGIN PGP SIGNATURE-----
Version: GnuPG v2
Comment: made with love and care

iQIzBAEBCAAdFiEEdLxhYkEpJQmBzZPzxXcFAmBp
=abcd
-----END PGP SIGNATURE-----
"""
_GIT = """diff --git a/main.c b/main.c
new file mode 100644
index 83db48f..bf3a1c2 100644
--- a/main.c
+++ b/main.c
@@ -1,4 +1,4 @@ int main(void)
 /* A note. */

-    puts("hello");
+    puts("hello there");
 }
"""
_SUBVERSION = """Index: notes
===================================================================
--- notes\t(revision 1)
+++ notes\t(revision 2)
@@ -1 +1 @@
-old words
+new words
\\ No newline at end of file
"""
_CODE = "```sh\ncopy this that\n```\n"
_MAIL = """Received: from mx.example.org
        by mail.example.com; Tue, 3 Mar 2020
Message-ID: <a.b@example.org>
Content-Type: text/plain;
 charset=utf-8
X-Spam-Status: No, really
"""
_CONTEXT = """*** a/notes\t2020
--- b/notes\t2021
***************
*** 1,4 ****
  first words
! old words
  more words
- gone words
--- 1,3 ----
  first words
! new words
  more words
***************
*** 8,9 ****
--- 7,9 ----
  first words
+ new words
  more words
"""
_NORMAL = """5c5,6
< old words
---
> new words
> and more
7d7
< gone words
8a9
> came words
"""
_BINARY = """diff --git a/a.png b/a.png
index 1..2
GIT binary patch
literal 10
RcmZQ%ABCdefWx
Lc$@<O00001

literal 0
HcmV?d00001

"""
_UUENCODED = "begin 644 a house\n#0V%T\n`\nend\n"
_BASE64 = "begin-base64 644 a house\nQ2F0d29yZHM=\n====\n"
_DOCTEST = """>>> foo.run("hello")
'hello world'
>>> for a in b:
...     print(a)
"""
_TYPED = (
    "$ pip install house", "$ ./configure --prefix=/usr && \\\n  make things", "$ cat a b",
    "    $ house start server", "$ house --verbose red", "$ house red.txt", "$ A=b house",
    "user@host:~$ show houses", "[me@host town]$ show houses", "root@host:/# show houses",
    "C:\\Users\\me> show houses", "PS C:\\> Get-House red", "In [1]: house = 1",
    "~$ house red", "(venv) $ pip install house", "~/a$ house red",
    "mysql> SELECT house FROM town", "db=# select house", "% ls house", "% make house",
    "% cat a.txt b", "house [OPTION]... FILE", "house show [-v] [--red=<x>] <file>...",
    "# apt install house", "# ls -la house", "# systemctl restart house",
)  # fmt: skip
_QUOTED = "".join(f"> {line}\n" for line in _GIT.splitlines())
_CARD = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nSUMMARY:Our house\nEND:VEVENT\nEND:VCALENDAR\n"
WHOLE = (
    _CARD,
    *(_KEY, _SIGNATURE, _GIT, _SUBVERSION, _CODE, _QUOTED, _MAIL, _CONTEXT, _NORMAL, _BINARY),
    *(_UUENCODED, _BASE64, *(f"{line}\n" for line in _TYPED)),
)


@pytest.mark.parametrize("unit", ["paragraph", "sentence", "line"])
@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_it_stays_and_what_is_around_it_does_not(
    whole: str, unit: str, end: str, tmp_path: Path
) -> None:
    text = f"See this file:\n\n{whole}\nThen go on.\n\n{whole}Good bye.\n".replace("\n", end)
    options = FormatOptions(unit=unit, target_language="de")
    expected = f"SEE THIS FILE:\n\n{whole}\nTHEN GO ON.\n\n{whole}GOOD BYE.\n".replace("\n", end)
    assert translated("a.txt", text, tmp_path, options=options) == expected


@pytest.mark.parametrize(
    "whole", [_DOCTEST, ">>> import house\n", ">>> house = a\n", "    >>> a.b\n    c d\n"]
)
def test_what_python_says_is_over_with_an_empty_line(whole: str, tmp_path: Path) -> None:
    text = f"See:\n\n{whole}\nThen go on.\n"
    assert translated("a.txt", text, tmp_path) == f"SEE:\n\n{whole}\nTHEN GO ON.\n"


@pytest.mark.parametrize("name", ["a.md", "a.adoc", "a.rst", "a.txt"])
@pytest.mark.parametrize("typed", [_TYPED[0], _TYPED[2], "% ls house", "root@host:/# show houses"])
def test_what_is_typed_stays_in_a_paragraph(typed: str, name: str, tmp_path: Path) -> None:
    text = f"Go to the house.\n{typed}\n{typed}\nThen go on\nand on.\n\n{typed}\n"
    new = translated(name, text, tmp_path)
    assert new.splitlines()[0] == "GO TO THE HOUSE."
    typed_lines = [*typed.split("\n")]
    assert new.split("\n")[1 : 1 + 2 * len(typed_lines)] == typed_lines * 2
    assert "THEN GO ON\nAND ON.\n" in new
    assert new.endswith(f"\n{typed}\n")


@pytest.mark.parametrize("whole", [_KEY, _GIT, _CODE])
def test_it_stays_in_strings(whole: str, tmp_path: Path) -> None:
    lines = "".join(f"  {line}\n" if line else "\n" for line in f"A key:\n{whole}".splitlines())
    said = "".join(f"  {line}\n" if line else "\n" for line in f"A KEY:\n{whole}".splitlines())
    assert translated("a.yaml", f"note: |\n{lines}", tmp_path) == f"note: |\n{said}"


def test_a_signed_text_is_translated_and_that_is_said(tmp_path: Path) -> None:
    head = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n"
    found = run({"a.txt": f"{head}A good day.\n{_SIGNATURE}".encode()}, tmp_path)
    assert found.written["a.txt"].decode() == f"{head}A GOOD DAY.\n{_SIGNATURE}"
    assert found.outcomes["a.txt"].remarks == (
        "It is signed, and the signature is invalid for another text.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN LETTER-----\nThis is a letter to you.\n-----END LETTER-----\n",
        "```\nwhat is never closed\n",
        "Index: what is where\n",
        "--- a line\nof a list\n",
        "@@ hello @@\n",
        "> a quoted line\n",
        "One and two\n```````````\nand\n\nThree\n`````\nfour\n",
        "One\n~~~~~\nand two\n\n~~~~~\nThree\n~~~~~\nfour\n",
        "References: what we read\n",
        "Received: two letters\nX-Ray: a picture\n",
        "$ five each\n",
        "$ is the sign of the dollar\n",
        "Total\n$ deposit paid\n",
        "Jan: $ make\n",
        ">>> Hello, are you there?\n>>> yes (see below)\n>>> thanks\n",
        "> one\n>> two\n>>> three (four)\n>>> if you (really) want: do it\n$ go home now\n",
        '>>> "Hello there"\n>>> (as he said)\n',
        "5a6\nand more\n\n3d6\n> quoted dice\n",
        "*** note\n--- other\n***************\na title\n***************\n",
        "begin 644 words\nand then\nend\n",
        "he > she\nyou$ are\nb> what\n",
        "# git basics\n# make the house red\n# find what is there\n# apt words\n",
        "x=> y z\nhouse=> of mine\n",
        "% of people\n% make sure of it\n% time seconds\n",
        "BEGIN:VCARD\nand no end\n",
        "the house [OLD] of mine\nsee [HERE] now\nhouse [sic] and\n",
    ],
)
def test_what_only_looks_so_is_text(text: str) -> None:
    assert not any(sum(map(str.islower, text[start:end])) > 0 for start, end in verbatim(text)), (
        list(verbatim(text))
    )


@pytest.mark.parametrize(
    "part",
    ["-----BEGIN A KEY-----\n", "```a\n", "````\n~~~b\n", "@@ -1,9 +1,9 @@\n", "diff -u a b\nc\n",
     "--- a\n+++ b\n\n",
     "*** a\n--- b\n", "***************\n*** 1,9 ****\n", "5c5\n< a\n", "begin 644 a\nAB\n",
     "GIT binary patch\nliteral 9\n", ">>> x\n", ">>> (", "$ a", "$ pip a\n", "a@b:", "  $ aa ",
     "X-A-B: c\n d\n", "BEGIN:VCARD\na\n", "# ls a\n", "a [AB] AB [AB] ", "% make a",
     "Index: a\n" + " " * 50, "-----BEGIN PGP SIGNED MESSAGE-----\n"],
)  # fmt: skip
def test_takes_linear_time(part: str) -> None:
    """A quadratic pattern would take minutes."""
    text = part * (500_000 // len(part))
    assert sum(end - start for start, end in [*verbatim(text), *outside(text)]) == len(text)
