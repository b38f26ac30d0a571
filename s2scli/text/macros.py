r"""The syntaxes of macros as AsciiDoc has them: ``link:a.html[the text]``, ``<<a,the text>>``.

As in ``placeholders``, one row a syntax; these are tried before addresses, which some begin with.
"""

from __future__ import annotations

from s2scli.text.literals import START
from s2scli.text.placeholders import LITERAL, MARKUP, Syntax

__all__ = ["MACROS"]

_TARGET = r"[^\s\[\]<>\"'`]{0,500}"
# A number or nothing in brackets is no text: an empty one, and the section of a manual's page.
_NO_TEXT = r"\[(?:\d\w?)?\]"

MACROS = (
    Syntax("AsciiDoc: macros without a text", LITERAL,
           rf"{START}(?:(?:link|linkgit|man|xref|mailto|image|icon|anchor|include):{{1,2}}"
           rf"{_TARGET}{_NO_TEXT}|"
           rf"(?:linkgit|man|icon|anchor|include|kbd|btn|menu|stem|latexmath|asciimath|pass|"
           rf"counter2?|indexterm2?|footnoteref):{{1,2}}(?!\s){_TARGET}\[[^\[\]\n]{{0,300}}\]|"
           rf"(?:https?|ftp|irc)://{_TARGET}\[\])",
           ("link:git-log[1]", "linkgit:git-config[1]", "xref:a.adoc#b[]", "image::a/b.png[]",
            "kbd:[Ctrl+T]", "menu:File[Save as]", "https://example.org/a[]")),
    Syntax("AsciiDoc: macros with a text", MARKUP,
           rf"{START}(?:(?:link|xref|mailto|image):{{1,2}}"
           rf"(?:\+\+[^+\n]{{1,500}}\+\+|(?=[^\s\[]){_TARGET})|footnote:[\w-]{{0,60}})\[",
           ("link:a/b.html[", "link:++a b++[", "xref:a[", "mailto:me@example.org[",
            "image:a.png[", "footnote:[")),
    Syntax("AsciiDoc: addresses with a text", MARKUP,
           rf"{START}(?:https?|ftp|irc)://(?:[^\s\[\]<>\"'`?(){{}}]{{1,500}}\["
           r"(?!\d{0,9}\]|[^\[\]\s]{0,99}\][\w=&/%\[.])|"
           r"[^\s\[\]<>\"'`(){}]{1,500}\[(?=[^\[\]\s]{1,99} ))",
           ("https://example.org/a[",)),
    Syntax("AsciiDoc: references", LITERAL,
           r"<<(?=[^\s<>]{0,200}[-_.#:\d])[A-Za-z_][\w:.#/-]{1,200}>>",
           ("<<the-house>>", "<<_house>>", "<<a.adoc#house>>")),
)  # fmt: skip
