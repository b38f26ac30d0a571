"""The syntaxes of manual pages and games, of which most are around words without brackets.

As in ``placeholders``, one row a syntax. These are tried before those, of which some begin alike.
"""

from __future__ import annotations

from s2scli.text.placeholders import ARGUMENT, LITERAL, MARKUP, Syntax

__all__ = ["INLINE"]

# What manual pages set in bold is typed as it stands (man-pages(7)), but for stressed words.
_STRESSED = (
    "all|also|always|and|any|both|but|by|can|cannot|do|each|every|if|in|is|may|more|must|never|no|"
    "none|not|note|of|on|one|only|or|same|should|that|the|this|very|warning|will|with|without"
)
_GLYPH = (  # behind a backslash
    r"\((?:aq|dq|cq|oq|lq|rq|em|en|bu|hy|co|rg|tm|ha|ti|mi|pl|mu|ga|sh|rs|at|sq|de|<=|>=|->|<-)"
)
_TYPED = rf"(?:[\w./:=,+~@-]|\\[-&_.e~]|\\{_GLYPH})"
_PAGE = r"\(\d\w?\)"  # of which section a page is
_LOOK = "[0-9a-fk-or]"  # of Minecraft: colours, bold and the like

INLINE = (
    # Manual pages.
    Syntax("roff: names in bold, pages", LITERAL,
           rf"\\f(?:B(?!(?:{_STRESSED})\\)(?=[a-z\d.\\/~-]){_TYPED}{{1,80}}?\\f[RP](?:{_PAGE})?|"
           rf"I(?=[\\/~.-]|\w{{1,60}}[-_/.\\](?!f))(?!\\f){_TYPED}{{1,80}}?\\f[RP](?:{_PAGE})?|"
           rf"I{_TYPED}{{1,80}}?\\f[RP]{_PAGE})",
           (r"\fB--help\fR", r"\fB\-\-dry\-run\fP", r"\fBgit\-log\fR(1)", r"\fBopen\fR",
            r"\fI/etc/a.conf\fR", r"\fIprintf\fP(3)")),
    Syntax("roff: fonts, sizes, colours", MARKUP,
           r"\\(?:f(?:[BIRPCH1-4]|\[[A-Z]{0,3}\]|\((?:CW|CR|CB|CI|BI))|s[-+]?\d|m\[\w{0,20}\])",
           (r"\fB", r"\fP", r"\f(CW", r"\f[BI]", r"\s-1", r"\m[blue]")),
    Syntax("roff: options", LITERAL,
           r"\\-(?:(?<!\w\\-)|(?<=\\f[A-Z1-4]\\-))(?:\\-)?[A-Za-z\d](?:[\w=]|\\-){0,60}",
           (r"\-\-help", r"\-q", r"\-\-dry\-run")),
    Syntax("roff: characters by their names", LITERAL,
           rf"\\(?:{_GLYPH}(?!\w+\))|\*(?:\((?:L\"|R\"|[A-Za-z]{{2}})|\[\w{{1,20}}\]))",
           (r"\(aq", r"\(bu", r'\*(L"', r"\*[Aq]")),
    # Games.
    Syntax("Minecraft: colours and looks", MARKUP,
           rf"&(?<![\w&]&)(?:x(?:&[0-9a-fA-F]){{6}}|#[0-9a-fA-F]{{6}}|{_LOOK})(?:&{_LOOK})*"
           r"(?!&|\w{0,30};|[a-z\d=])",
           ("&x&f&f&0&0&a&a", "&#ff00aa", "&l&n")),
    Syntax("Minecraft: colours and looks", MARKUP,
           rf"§(?:x(?:§[0-9a-fA-F]){{6}}|[a-fk-or](?![a-z])|(?:§?{_LOOK})(?=§))(?:§{_LOOK})*",
           ("§x§f§f§0§0§a§a", "§a", "§l§6")),
    Syntax("Warcraft: colours", MARKUP, r"\|c(?:[0-9a-fA-F]{8}|n[A-Z][A-Z_]{1,60}:)",
           ("|cff00ff00", "|cnGREEN_FONT_COLOR:")),
    Syntax("Warcraft: links", MARKUP, r"\|H[a-z]\w{0,30}:[^|\n]{0,300}\|h",
           ("|Hitem:123|h",)),
    Syntax("Warcraft: pictures", ARGUMENT, r"\|(?:T[^|\n]{1,300}\|t|A[^|\n]{1,300}\|a)",
           (r"|TInterface\Icons\Inv_Misc:16|t", "|Araid:16|a")),
    Syntax("Warcraft: ends of colours and links", MARKUP, r"\|[rh](?![a-z])", ("|r", "|h")),
    Syntax("Warcraft: line ends", ARGUMENT, r"\|n(?![a-z\]}/?])", ("|n",)),
    Syntax("chats, games: commands", LITERAL,
           r"/(?<![^\s\"'(`]/)(?!(?:and|or|an?|the|s?he|hers?|him|his|they|them|no)\b)"
           r"[a-z][a-z\d_-]{1,30}(?![\w/]|\.\w|[^/\n]{0,300}\w/(?!\w))",  # not /by all means/
           ("/help", "/set-home")),
    Syntax("Terraria: colours", MARKUP, r"\[c/[0-9a-fA-F]{6}:", ("[c/ff0000:",)),
    Syntax("Terraria: pictures of things", ARGUMENT, r"\[i(?:/[sp]\d{1,5})?:\d{1,5}\]",
           ("[i:123]", "[i/s5:123]")),
    Syntax("Quake: colours", MARKUP, r"\^(?<![\w)\]}.,*^]\^)\d(?![\d^])", ("^1", "^7")),
)  # fmt: skip
