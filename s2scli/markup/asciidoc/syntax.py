"""How lines of AsciiDoc begin and what they are, but for texts."""

from __future__ import annotations

import re

__all__ = [
    "ADMONITION",
    "APART",
    "ATTRIBUTES",
    "BOX",
    "CALLOUT",
    "COMMENT",
    "DELIMITER",
    "ENTRY",
    "HEADING",
    "IN_LIST",
    "ITEM",
    "LABEL",
    "LINE",
    "LINE_BEGIN",
    "MACRO",
    "MANUAL",
    "MEDIA",
    "PREPROCESSOR",
    "QUOTED",
    "QUOTES",
    "READ",
    "RULE",
    "STYLE",
    "TERM",
    "TITLE",
    "UNDERLINE",
    "VERBATIM",
]

LINE = re.compile(r"[^\n]*\n|[^\n]+")
COMMENT = re.compile(r"//(?!/)")
PREPROCESSOR = re.compile(r"\\?(?:include|ifn?def|ifeval|endif)::[^\[]*\[(.*)\]$")
ENTRY = re.compile(r":(!?[\w][^:\n]*?):(?:[ \t]+(?=\S)|$)")
READ = re.compile(
    r"(?:page-)?(?:description|subtitle|summary|title|doctitle|nav-?title)|revremark|"
    r"[\w-]+-(?:caption|title|label|signifier)"
)
ATTRIBUTES = re.compile(r"\[(?:|[\w.#%{,\"'].*|\[(?:|[^\W\d][\w:.-]*(?:,[ ]*.+)?)\])\]$")
STYLE = re.compile(r"\[[ \t]*([\w-]+)?[ \t]*(?=[,.#%\]])")
LABEL = re.compile(r"\.(?=\.?[^ \t.])")
HEADING = re.compile(r"(=|#)\1{0,5}[ \t]+(?=\S)")
TITLE = re.compile(r"[=#][ \t]+\S")
MANUAL = re.compile(r"\S+\(\d\w*\)$")  # the page of a manual has to be named so
RULE = re.compile(r"'{3,}$|<{3,}$|([-*])(?:[ ]?)\1(?:[ ]?)\1$")
DELIMITER = re.compile(r"(?:([-.+/=*_~])\1{3,}|--|```[^`]*|[|,:!]={3,})$")
MACRO = re.compile(r"\w[\w-]*::(?:\S[^\[\]]*?)?\[.*\]$")
MEDIA = re.compile(r"(image|video|audio)::\S[^\[\]]*?\[(.*)\]$")
CALLOUT = re.compile(r"<(?:\d+|\.)>[ \t]+(?=\S)")
ITEM = re.compile(r"(?:-|\*{1,9}|\.{1,5}|\u2022|\d+\.|[a-zA-Z]\.|[ivxIVX]+\))[ \t]+(?=\S)")
BOX = re.compile(r"\[[ xX*]\][ \t]+")
TERM = re.compile(r"(?!//)(?P<term>\S.*?[^:;\s]|[^:;\s])(?P<sign>:::?:?|;;)(?:$|[ \t]+)")
ADMONITION = re.compile(r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(?=\S)")
QUOTED = re.compile(r">(?: |$)")
UNDERLINE = re.compile(r"([-=~^+])\1+$")
# Styles of what is quoted.
QUOTES = frozenset(("quote", "verse"))
# Styles of what is not text; some are those of programs that draw.
VERBATIM = frozenset(
    (
        "source", "listing", "literal", "pass", "stem", "latexmath", "asciimath", "comment",
        "a2s", "actdiag", "blockdiag", "bytefield", "d2", "ditaa", "erd", "gnuplot",
        "graphviz", "mermaid", "nomnoml", "nwdiag", "pikchr", "plantuml", "seqdiag", "structurizr",
        "svgbob", "syntrax", "tikz", "umlet", "vega", "vegalite", "wavedrom",
    )
)  # fmt: skip
# Within a paragraph: what is not a line of it; within an item also what begins another.
APART = re.compile(rf"{COMMENT.pattern}|{PREPROCESSOR.pattern}")
IN_LIST = re.compile(rf"\+$|{ITEM.pattern}|{CALLOUT.pattern}|{TERM.pattern}")
LINE_BEGIN = re.compile(
    rf"{ITEM.pattern}|{CALLOUT.pattern}|{HEADING.pattern}|{COMMENT.pattern}|//|"
    rf"{ADMONITION.pattern}|\.\.?[^ \t.]|:(?!:)[^:]+:(?:\s|$)|{ATTRIBUTES.pattern}|```|--[ ]|"
    r">[ ]|(?P<rule>[-.+/=*_~^'<])(?P=rule)*$|[|,:!]={3,}$|"
    r"(?:[-*] ){2}|\w[\w-]*::\S*\[.*\]$"
)
