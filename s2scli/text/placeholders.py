"""The syntaxes of what is not language and has a sign to begin with: placeholders, tags, escapes.

One row a syntax: whose it is, what kind of thing, how it looks, examples. What begins at the same
place is taken by the first row. All patterns run in linear time: what may be left open has limits.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ARGUMENT",
    "BREAK",
    "CONTROLS",
    "LITERAL",
    "MARKUP",
    "PICTURE_OPTION",
    "SIGNS",
    "SMALL",
    "SYMBOLS",
    "SYNTAXES",
    "Syntax",
]

# Stands for words that a program puts in.
ARGUMENT = "argument"
# Structure around words: tags, statements of templates, braces.
MARKUP = "markup"
# A line break or a tab that is written as an escape; a sign that stands alone between texts.
BREAK = "break"
# Means itself: an address, code, a symbol. A translation may have others beside it.
LITERAL = "literal"

# Control characters, but for those that end lines and for tabs; marks of direction.
CONTROLS = "\0-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# Figures above and below the line, and fractions; symbols that are no letters.
SMALL = "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209c\u2150-\u218b"
SYMBOLS = (
    "|\u00a6\u00a9\u00ac\u00ae\u00b0\u00b1\u00b6\u00d7\u00f7\u2016\u2020-\u2023\u203b\u2043\u2100-\u214f\u2190-\u23ff\u2460-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
)
_TEXT = r"[^{}\n]*"  # what braces are around
_NAME = r"[A-Za-z_]\w*"
_ICU = "plural|select|selectordinal|choice|number|date|time|spellout|ordinal|duration|list"
# Commands of LaTeX without an argument that begin as an escape does.
_COMMANDS = (
    "alpha|approx|beta|bar|bf|bfseries|big|bullet|epsilon|equiv|eta|exists|forall|footnotesize|"
    "nabla|ne|neq|newline|newpage|noindent|normalsize|not|notin|nu|rangle|rho|right|rightarrow|"
    "rm|tableofcontents|tau|textwidth|theta|tilde|times|tiny|to|top|triangle|varepsilon|varphi|"
    "vdots|vec|vee|vfill|vskip|vspace"
)
# Those whose arguments are names.
_KEYED = (
    "ref|eqref|pageref|autoref|nameref|[cC]ref|cite[a-z]*|label|url|href|hyperref|includegraphics|"
    "input|include|begin|end|usepackage|documentclass|bibliography|bibliographystyle|index|"
    "gls|Gls|glspl|Glspl|ac|newcommand|vspace|hspace"
)
# What stands before a price and after it; a pattern looks back to one length at a time.
_PAID = r"\$)(?<!".join(
    f"{word} "
    for word in ("cost", "costs", "costing", "paid", "pay", "pays", "paying", "worth", "spend",
                 "spent", "save", "saved", "earn", "charge", "charges", "charged", "price of")
)  # fmt: skip
_PRICED = (
    r"[ \u00a0-]?(?:k|m|mn|bn?|thousand|million|billion|trillion|USD|dollars?|bills?)\b|"
    r" (?:per|an?) (?:hour|day|week|month|year)\b|"
    r"/(?:h|hr|hour|d|day|wk|week|mo|month|y|yr|year|user|seat)\b"
)


# How a picture in a wiki is shown.
PICTURE_OPTION = (
    r"(?:thumb(?:nail)?|frame(?:d|less)?|border|left|right|cent(?:er|re)|none|baseline|middle|sub|"
    r"super|top|bottom|text-top|text-bottom|upright|\d{0,5}(?:x\d{1,5})?px|"
    r"(?:thumb|upright|alt|link|lang|page|class|start|end)=[^\[\]|\n]{0,200})(?=[|\]])"
)
# The numbers of a range.
_RANGE = r"(?:-?\d+|-Inf),\s?(?:-?\d+|\*|\+?Inf)"
# What is between parentheses, which are three deep at most.
_ARGUMENTS = r"(?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\)){0,500}"


def _closed(opening: str, sign: str, closing: str) -> str:
    """What ends with a sign and a character after it, and may have the sign before."""
    part = rf"[^{sign}\n]{{0,500}}"
    return rf"{opening}{part}(?:{sign}(?!{closing}){part}){{0,20}}{sign}{closing}"


class Syntax(NamedTuple):
    """A way of writing something that is not language.

    Attributes:
        owners: where it is used.
        kind: ``ARGUMENT``, ``MARKUP``, ``BREAK`` or ``LITERAL``.
        pattern: a regular expression without groups; it begins with the character that all of the
            kind begin with, where there is one.
        examples: each of them a whole.
    """

    owners: str
    kind: str
    pattern: str
    examples: tuple[str, ...]


SYNTAXES = (
    # In braces.
    Syntax("vue-i18n: names in braces that are shown", ARGUMENT,
           r"\{'\{'\}[\w .-]{1,60}\{'\}'\}", ("{'{'}name{'}'}",)),
    Syntax(
        "ICU, Java, Yii: arguments with a format; two levels deep",
        ARGUMENT,
        rf"\{{\s{{0,9}}\w+\s{{0,9}},\s{{0,9}}(?:{_ICU})\b[^{{}}]*"
        r"(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*){0,20}\}[^{}]*){0,20}\}",
        ("{0,number,#.##}", "{d, date, ::yMMMd}", "{ n , spellout }", "{0,choice,0#-|1#+}"),
    ),
    Syntax(
        "Jinja, Liquid, Twig, Django, docxtpl: statements and comments",
        MARKUP,
        rf"\{{(?:{_closed('%', '%', r'[}]')}|{_closed('#', '#', r'[}]')})",
        ("{% if a %}", "{%- endif -%}", "{%p if x.y %}", '{% trans "a" %}', "{# a note #}"),
    ),
    Syntax(
        "Mustache, Handlebars, Go, Hugo: statements",
        MARKUP,
        r"\{\{[-~]?\s?(?:[#/^>!<%]|(?:if|else|end|range|with|block|define|template|each)\b)"
        rf"{_TEXT}\}}\}}",
        ("{{#if a}}", "{{/if}}", "{{- if .A -}}", "{{ end }}", "{{> part}}", '{{< img "a" >}}'),
    ),
    Syntax(
        "Mustache, Vue, Angular, Jinja, Liquid, Go, i18next, MediaWiki: expressions",
        ARGUMENT,
        rf"\{{\{{\{{?(?:[^{{}}\n]|\{{{_TEXT}\}})*\}}\}}\}}?",
        ("{{name}}", "{{ item.name | upper }}", "{{{raw}}}", "{{ .Name }}", "{{- n, number }}"),
    ),
    Syntax(
        "SSA and ASS: override tags",
        MARKUP,
        rf"\{{\\{_TEXT}\}}",
        (r"{\an8}", r"{\i1}", r"{\pos(1,2)\fad(1,2)}"),
    ),
    Syntax(
        "Smarty, Angular, Fluent: variables",
        ARGUMENT,
        rf"\{{\s{{0,9}}\$[\w.]{_TEXT}\}}",
        ("{$name}", "{ $name }", "{$user.name|escape}", "{$START_LINK}"),
    ),
    Syntax(
        "Fluent, JavaScript: functions and strings; Vue: literals",
        ARGUMENT,
        r"\{\s{0,9}(?:-?[A-Za-z][\w.-]*\([^(){}\n]*\)|\"[^\"\n]{0,200}\"|'[^'\n]{0,200}')\s{0,9}\}",
        ('{ DATETIME($d, month: "long") }', "{getName()}", '{ "a" }', "{'@'}", "{ NUMBER($n) }"),
    ),
    Syntax(
        "Python, Java, .NET, ICU, Laravel, Fluent, Svelte: names and numbers",
        ARGUMENT,
        r"\{\s{0,9}[$-]?[\w.!:,#\[\]-]*\s{0,9}\}",
        ("{}", "{0}", "{name}", "{ name }", "{user.name!r}", "{0:.2f}", "{ -brand }", "{:else}"),
    ),
    Syntax(
        "Python, Rust, C++: names and numbers with a format",
        ARGUMENT,
        r"\{[\w.\[\]]*(?:![rsa])?:(?:[^{}\n]?[<>=^])?[-+ ]?#?\d{0,9}[,_]?(?:\.\d{1,9})?"
        r"[a-zA-Z%?]?\}",
        ("{count:>5}", "{0[a].b:,.2f}", "{:?}", "{x:08.3f}", "{p:%}"),
    ),
    Syntax(
        ".NET: numbers with a width or a format",
        ARGUMENT,
        rf"\{{\d+(?:,\s?-?\d+)?(?::{_TEXT})?\}}",
        ("{0:N2}", "{0,-10}", "{1:yyyy-MM-dd HH:mm}"),
    ),
    Syntax("Blade: expressions", ARGUMENT, r"\{!!(?:(?!!!\})[^\n]){0,300}!!\}",
           ("{!! $name !!}", "{!! f(['a' => 1]) !!}")),
    Syntax(
        "Svelte, Smarty: blocks",
        MARKUP,
        rf"\{{[#/:@][a-z]{_TEXT}\}}",
        ("{#if a > b}", "{/if}", "{:else if c}", "{@html x}"),
    ),
    Syntax("braces of any template, LaTeX, ICU", MARKUP, r"\{", ("{",)),
    Syntax("braces of any template, LaTeX, ICU", MARKUP, r"\}", ("}",)),
    # After a per cent sign.
    Syntax("GnuPG's passphrase windows: line ends", BREAK, r"%0[AaDd](?:%0[AaDd])?",
           ("%0A", "%0D%0A", "%0A%0A")),
    Syntax(
        "Ruby, Elixir, Polyglot, GitLab: names",
        ARGUMENT,
        rf"%\{{{_TEXT}\}}",
        ("%{name}", "%{ n }", "%{user.name}"),
    ),
    Syntax("Ruby: names with a format", ARGUMENT, r"%<[\w.]+>[#0\-+ ]*\d*(?:\.\d+)?[a-zA-Z]?",
           ("%<n>d", "%<price>.2f")),
    Syntax("Python: names", ARGUMENT, r"%\([\w. -]+\)[#0\- +]*(?:[1-9]\d*)?(?:\.\d+)?[a-zA-Z]",
           ("%(name)s", "%(count)d", "%(x)05.2f")),
    Syntax("Apple: plural variables", ARGUMENT, r"%(?:\d+\$)?#@\w+@", ("%#@books@", "%1$#@n@")),
    Syntax("Pascal", ARGUMENT, r"%\d+:-?\d*(?:\.\d+)?[dsfenmgpuxDSFENMGPUX](?![A-Za-z])",
           ("%0:s", "%1:8.2f")),
    Syntax("Windows: FormatMessage", ARGUMENT, r"%\d{1,2}![\w.*-]+!", ("%1!s!", "%2!08X!")),
    Syntax(
        "C, PHP, Java, Android, Apple, Go, Perl: printf",
        ARGUMENT,
        r"%(?:\d+\$)?[#0\-+']*(?:\[\d+\])?(?:\*|[1-9]\d*)?(?:\.(?:\[\d+\])?(?:\*|\d+)?)?(?:\[\d+\])?"
        r"(?:hh|h|ll|l|z|j|t|q|L)?[diouxXeEfFgGaAcspnvTtqwUbmy@](?![A-Za-z])",
        ("%s", "%d", "%1$s", "%[1]s", "%[2]*.[1]*f", "%-10s", "%05.2f", "%lld", "%zu", "%@", "%1$@",
         "%+v", "%#v", "%*d", "%.*f", "%'d", "%q"),
    ),
    Syntax("the same with a width before letters", ARGUMENT,
           r"%(?<!\d%)(?!20)(?:-?[1-9]\d?|0\d{1,2}|-?\d{0,2}\.\d{1,2})(?:ll?|hh?|z)?[diuxefgs]",
           ("%.1f", "%2lu", "%02d", "%5.2f")),
    Syntax("tools: other letters with a width", ARGUMENT, r"%[-+]\d{1,3}[A-Za-z](?![A-Za-z])",
           ("%-5h", "%-7l", "%+4Y")),
    Syntax("Salesforce, mail: names between double signs", ARGUMENT,
           r"%%[A-Za-z_](?:[\w.-]| (?! )){0,60}%%(?![\w%])",
           ("%%name%%", "%%first.name%%", "%%A b%%")),
    Syntax("printf, Django: the sign itself, and what is filled in later", ARGUMENT,
           r"%%(?:[sd](?![a-z]))?", ("%%", "%%s")),
    Syntax("Symfony, Windows, Boost: names between signs", ARGUMENT,
           r"%(?<!\d%)(?:[A-Za-z_][\w.-]*|\d{1,2})%(?![\w(%{<])",
           ("%name%", "%APPDATA%", "%user.name%", "%1%")),
    Syntax("Qt: numbers", ARGUMENT, r"%(?<!\d%)L?\d{1,2}(?!\d)", ("%1", "%L2", "%12")),
    Syntax("strftime: parts of a date", ARGUMENT, r"%(?<!\d%)[-_^#]?[A-Za-z](?![A-Za-z])",
           ("%B", "%-H", "%Y")),
    Syntax("Drupal: names; printf before letters", ARGUMENT,
           r"%(?<!\d%)(?<!\d[ \u00a0]%)[A-Za-z_][\w-]*", ("%name", "%type", "%dpx", "%ds")),
    # After a dollar sign.
    Syntax("Chrome: prices, whose sign is two", ARGUMENT, r"\$\$(?:\d[\d.,]*)?\d",
           ("$$5", "$$1,250.50")),
    Syntax("GitHub Actions, shells, JavaScript, JSP: expressions", ARGUMENT,
           rf"\$!?(?:\{{\{{{_TEXT}\}}\}}|\{{(?:[^{{}}\n]|\{{{_TEXT}\}})*\}})",
           ("${name}", "${a ? {b} : c}", "${{ github.ref }}", "$!{x}", "${}")),
    Syntax("i18next: nesting; make, NSIS, shells", ARGUMENT, r"\$t?\([^()\n]*\)",
           ("$t(home.title)", '$t(a, {"n": 1})', "$(name)")),
    Syntax("Chrome, i18next: names between signs", ARGUMENT, rf"\${_NAME}\$(?!\w)",
           ("$USER$", "$n$")),
    Syntax("LaTeX, Markdown: formulas", LITERAL,
           r"\$(?=[^$\n]{0,200}[\\^_={}])(?![\s$])[^$\n]{1,200}(?<![\s(\[{])\$(?!\d)",
           ("$a^2 + b$", r"$\alpha$")),
    Syntax("shells, PHP, Perl, Velocity: variables", ARGUMENT, rf"\${_NAME}(?:->{_NAME})*",
           ("$PATH", "$user->name", "$n")),
    # Beside words of money it is a price, a number with its currency; nowhere else is that sure.
    Syntax("MediaWiki, Chrome: numbers", ARGUMENT,
           rf"\$(?<!{_PAID}\$)[1-9](?![\d%]|[.,]\d|{_PRICED})",
           ("$1", "$2")),
    # In angle brackets.
    Syntax("ERB, EJS, JSP: expressions", ARGUMENT, _closed("<%=", "%", ">"),
           ("<%= name %>", "<%= n %5 %>", "<%= a > b %>")),
    Syntax("ERB, EJS, JSP, ASP: statements", MARKUP, _closed("<%", "%", ">"),
           ("<% if a %>", "<%# note %>", "<%- end -%>")),
    Syntax("PHP: expressions", ARGUMENT, _closed(r"<\?=", r"\?", ">"), ("<?= $name ?>",)),
    Syntax("PHP, XML: statements", MARKUP, _closed(r"<\?", r"\?", ">"),
           ("<?php if ($a): ?>", "<?xml-model a?>")),
    Syntax("HTML: comments", MARKUP, r"<!--[^\n]{0,500}?-->", ("<!-- a > b -->",)),
    Syntax("Slack: mentions", ARGUMENT, r"<[@#!][^<>\s]+>",
           ("<@U123>", "<#C1|general>", "<!here>")),
    Syntax("FreeMarker: directives", MARKUP, r"</?[#@][A-Za-z][^<>\n]*>",
           ("<#if a == b>", "</#if>", "<@part x/>")),
    Syntax("Markdown, e-mail: addresses", LITERAL, r"<[^<>\s]*[@:][^<>\s]*>(?<!\d>)",
           ("<https://example.org>", "<me@example.org>")),
    Syntax("WebVTT: voices", MARKUP, r"<(?:v|lang)(?:\.[\w.]+)?\s[^<>=\n]+>",
           ("<v Mary>", "<v.loud Mary Smith>", "<lang en-GB>")),
    Syntax("commands: what may come again", LITERAL, r"<[\w-]{1,40}>\.{3}",
           ("<file>...",)),
    Syntax(
        "HTML, XML, i18next, Lingui, Unity: tags",
        MARKUP,
        r"</?(?:[A-Za-z][\w:.-]*|\d+)(?:=(?:\"[^\"<>]*\"|[^\s<>\"'=]+))?"
        r"(?:\s+[\w:.@-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s<>\"'=]+)|"
        r"\s+(?:disabled|checked|hidden|required|selected|readonly|async|defer|controls|open))*"
        r"\s*/?>",
        ("<b>", "</b>", "<br/>", "<br />", '<a href="x" class=\'y\'>', "<0>", "</1>", "<a hidden>",
         "<size=20>"),
    ),
    # Behind other signs.
    Syntax(
        "Android, feeds, JSON: tags that are escaped",
        MARKUP,
        r"&(?:amp;){0,3}lt;/?(?:[A-Za-z][\w:.-]*|\d+)"
        r"(?:\s{1,9}[\w:.@-]+\s?=(?:(?!&(?:amp;){0,3}[lg]t;)[^<>\n]){1,500})?"
        r"\s{0,9}/?(?:&(?:amp;){0,3}gt;|>)",
        ("&lt;b&gt;", "&lt;/b&gt;", "&lt;br /&gt;", "&lt;i>", "&amp;lt;i&amp;gt;"),
    ),
    Syntax("HTML, XML: entities", ARGUMENT, r"&(?:[A-Za-z]\w{1,30}|#\w{1,8});",
           ("&nbsp;", "&#160;", "&#x20AC;")),
    # What ends with a blank, but begins with none, is between two quotes: ``a'' and ``b''.
    Syntax("Sphinx, reStructuredText: code", LITERAL,
           r"``(?:(?=\s)(?:[^`\n]|`(?!`))+|(?:[^`\n]|`(?!`))*[^`\s])``",
           ("``open()``", "``a `b` c``", "`` ` ``")),
    Syntax("Markdown: code; Sphinx: links", LITERAL,
           r"`(?:(?=\s)[^`\n]+|[^`\n']*[^`\s']|[^`\n]*[^`\s(\[{,/-])`(?:__?(?!\w))?",
           ("`make test`", "`the book`_", "`a`__", "` a `", "`'a'`")),
    Syntax("ICU, Java: doubled apostrophes", LITERAL, r"''", ("''",)),
    Syntax("ICU, Java: what is quoted", ARGUMENT,
           r"'(?:\{'[\w .-]{1,60}'\}|[{}][^'\n]*|#)'", ("'{x}'", "'{x} #'", "'{'x'}'", "'#'")),
    Syntax("Ruby, Sass, JSF: expressions", ARGUMENT, rf"#\{{{_TEXT}\}}", ("#{n}", "#{user.name}")),
    Syntax("Velocity: directives", MARKUP,
           r"#(?<![\w#&]#)(?:(?:if|elseif|foreach|set|include|parse|macro|define) ?\("
           rf"{_ARGUMENTS}\)|(?:else|end|stop|break)(?![\w-]))",
           ("#if($a > f($b))", "#foreach($x in $y)", "#set ($a = 1)", "#else", "#end")),
    Syntax("ICU: the number in a branch", ARGUMENT,
           r"#(?<![\w#&]#)(?:st|nd|rd|th)?(?![\w#\ufe0f\u20e3])",
           ("#", "#th")),
    Syntax("Obsidian: tags; CSS, addresses: names of places", LITERAL,
           r"#(?<![\w#&/]#)[A-Za-z]\w*(?:[/_-]\w+)+",
           ("#garden/red", "#my-house", "#old_house")),
    Syntax("hashtags that begin with figures", LITERAL,
           r"#(?<![\w#&/]#)\d{1,9}(?!(?:st|nd|rd|th)\b)[A-Za-z]\w*", ("#100days",)),
    Syntax("CSS: colours", LITERAL, r"#(?<![\w#&]#)(?:[0-9a-fA-F]{3,4}){1,2}\b",
           ("#ff0000", "#fff")),
    Syntax(
        "Blade, Angular, Razor: statements with arguments",
        MARKUP,
        r"@(?<![\w.+-]@)(?:[A-Za-z]\w*\(|(?:else )?(?:if|elseif|unless|isset|for|foreach|forelse|"
        r"while|switch|case|section|include|defer|placeholder|loading) ?\()"
        rf"{_ARGUMENTS}\)(?:\s?\{{(?![{{%#!]))?",
        ("@if (a > f(b)) {", "@foreach ($a as $b)", "@section('a', 'b c')", "@else if (a) {"),
    ),
    Syntax("vue-i18n: linked messages", ARGUMENT,
           r"@(?:\.\w+)?:(?:\([\w.-]+\)|[\w-]+(?:\.[\w-]+)*)",
           ("@:common.hello", "@.lower:a.b", "@:(a.b)")),
    Syntax("Drupal: names; mentions; Pandoc: citations, references", ARGUMENT,
           r"@(?<![\w.+]@)(?<![\w.+-]-@)[A-Za-z_][\w-]*(?:/[\w.-]*\w|(?::\w[\w-]*){1,3})?",
           ("@count", "@name", "@types/node", "@fig:house", "@doe-99:a")),
    Syntax("Drupal: names", ARGUMENT, r"!(?<![\w!]!)[a-z_]\w*(?![\w!])", ("!name",)),
    Syntax("Sphinx: roles", LITERAL, r":[\w+-]{1,40}(?::[\w+-]{1,40}){0,3}:`[^`\n]+`",
           (":ref:`house`", ":py:func:`open`", ":py:meth:`the garden <a.Garden>`")),
    Syntax("chats, GitHub: emoji", ARGUMENT,
           r":(?<!\w:)(?=[\w+-]{0,40}[A-Za-z+-])[\w+-]{1,60}:(?!\w)",
           (":smile:", ":+1:", ":white_check_mark:")),
    Syntax("Laravel, Drupal: names", ARGUMENT, r":(?<![\w:]:)[A-Za-z_]\w*", (":name", ":Count")),
    Syntax("Home Assistant: keys", ARGUMENT, r"\[%[^%\n]*%\]",
           ("[%key:common::state::on%]",)),
    Syntax("wikis: links, names and pictures", ARGUMENT,
           rf"\[\[(?:[^\[\]|\n]*(?:\|{PICTURE_OPTION}){{0,20}}|"
           rf"(?![^\[\]|\n]*\|(?:{PICTURE_OPTION}\|){{1,20}}[^\[\]|\n]*\]\])"
           r"[^\[\]|\n]*\|[^\[\]|\n]*\|[^\[\]\n]*)\]\]",
           ("[[n]]", "[[a.png|thumb]]", "[[File:a.png|left|200px|alt=Here]]", "[[a|b c|d]]")),
    Syntax("wikis: links and pictures with a text", MARKUP,
           rf"\[\[[^\[\]|\n]{{1,200}}\|(?:{PICTURE_OPTION}\|){{0,20}}",
           ("[[Page|", "[[File:a.png|thumb|x300px|")),
    Syntax("wikis: ends of links", MARKUP, r"\]\]", ("]]",)),
    Syntax("reStructuredText: footnotes", LITERAL, r"\[[\w#*-]+\]_(?!\w)",
           ("[1]_", "[#f]_", "[*]_")),
    Syntax("Laravel, Symfony: ranges", ARGUMENT, rf"\[{_RANGE}[\[\]]",
           ("[2,*]", "[1,19]", "[2,Inf[", "[-Inf, 0[")),
    Syntax("Symfony: ranges without their first number", ARGUMENT, rf"\]{_RANGE}[\[\]]",
           ("]1,Inf[", "]-Inf,0]")),
    Syntax("Apple: words that are bent", MARKUP, r"\^\[", ("^[",)),
    Syntax("Apple: how words are bent", MARKUP, rf"\]\((?:inflect|morphology)\w*:{_ARGUMENTS}\)",
           ("](inflect: true)", '](morphology: { partOfSpeech: "noun" })')),
    Syntax("forums, WordPress: tags", MARKUP,
           r"\[(?:/[A-Za-z][\w-]*|[A-Za-z][\w-]*(?:=|\s+[\w-]+=)[^\[\]\n]*|"
           r"(?:b|i|u|s|url|img|code|quote|center|list)|\*)\]",
           ("[b]", "[/b]", "[url=https://example.org]", '[gallery id="1"]')),
    Syntax("Sphinx: substitutions", LITERAL, r"\|(?<!\w\|)\w(?:[\w .-]{0,80}\w)?\|(?!\w)",
           ("|version|", "|my name|")),
    Syntax("Chrome, Python: names between signs", ARGUMENT, r"_(?<!\w_)_[A-Za-z]\w*?__(?!\w)",
           ("__MSG_name__", "__init__")),
    Syntax("spreadsheets: formulas", LITERAL,
           r"=(?<![\s\S]=)(?:[-+(]*[$\d.\"'{]|[-+(]*\$?[A-Za-z_][\w.$]*(?:[(!:$+*/&^<>=,;-]|\Z))"
           r"[^\n]*\Z",
           ("=SUM(A1:B2)", '=IF(A1>0,"yes","no")', "=A1+B$2", "='My Sheet'!A1", "=1+2")),
    # The character that begins them; then a backslash.
    Syntax("terminals: colours, cursors, titles", MARKUP,
           "\x1b" r"(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x00-\x1f]{0,200}(?:\x07|\x1b\\)|"
           r"[ -/]{0,4}[0-Z\\^-~])",
           ("\x1b[31m", "\x1b[1;38;5;208m", "\x1b]0;a\x07", "\x1b(B", "\x1bM")),
    Syntax("terminals: the same, as escapes", MARKUP,
           r"\\(?:e|E|x1[bB]|u001[bB]|0?33|u\{1[bB]\})\[[0-?]{0,40}[@-~]",
           (r"\e[1m", r"\033[0;32m", r"\x1b[0m", r"\u001b[2J", r"\u{1b}[m")),
    Syntax("most languages: a backslash before a placeholder", ARGUMENT,
           r"\\(?:%(?:\d+\$)?[#0\-+]*\d{0,3}(?:\.\d+)?(?:ll?|hh?|z)?[diouxXeEfgGcsp@](?![A-Za-z])|"
           r"%\(\w+\)[a-z]|%L?\d{1,2}(?!\d)|\{[A-Za-z_][\w.]*\}|\{\d+\})",
           (r"\%c", r"\%03o", r"\{name}", r"\{0}", r"\%(name)s", r"\%1")),
    Syntax("Windows: paths of a network", LITERAL, r"\\\\[\w.-]+\\[\w$.\\-]*[\w$]",
           (r"\\server\share\a.txt",)),
    Syntax("LaTeX: formulas", LITERAL, r"\\\((?=[^\n]{0,300}?\\\))[^\n]{0,300}?\\\)",
           (r"\(a^2\)",)),
    Syntax("Swift: expressions", ARGUMENT, r"\\\([^()\n]*\)", (r"\(name)",)),
    Syntax("LaTeX: commands with names", ARGUMENT,
           rf"\\(?:{_KEYED})\*?(?:\[[^\[\]\n]*\])?\{{{_TEXT}\}}",
           (r"\ref{fig:a}", r"\cite[p. 5]{knuth}", r"\begin{itemize}", r"\url{example.org}")),
    Syntax("LaTeX: commands with a text", MARKUP,
           r"\\(?![nrt][A-Z])[A-Za-z]{2,20}\*?(?:\[[^\[\]\n]*\])?\{", (r"\textbf{", r"\emph{")),
    Syntax("LaTeX: commands", LITERAL, rf"\\(?:{_COMMANDS})\b", (r"\alpha", r"\noindent")),
    Syntax("most languages: breaks as escapes", BREAK,
           r"\\(?:r\\n|[nrtfv]|u000[aAdD9]|x0[aAdD9])", (r"\n", r"\t", r"\r\n")),
    Syntax("most languages: escapes", LITERAL,
           r"\\(?:u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|x[0-9a-fA-F]{2}|[0-7]{1,3}|"
           r"[A-Za-z]{1,20}\*?|[^\sA-Za-z0-9])",
           (r"\u00e9", r"\x1b", r"\"", r"\LaTeX", r"\\", r"\_", r"\u{1F600}")),
)  # fmt: skip

# A text with none of these has nothing of all that.
SIGNS = (
    rf"[%{{}}$<&`#@\[\]\\|_={CONTROLS}{SMALL}{SYMBOLS}\u20e3«»‹›·]|'['{{}}#]|![a-z_]|:[:\w+/-]|/[\w.*]|www\.|"
    r"\d-\d|\d[A-Za-z]|[a-fA-F]\d|-[A-Z]|[LDcen]-\d|\.[A-Za-z_]|\(\)|\d\(\w|--[a-z]|[a-z][A-Z]|\*[/.]|"
    r"-[a-zA-Z][ =<]|[a-z]\([\d.-]|gradient\(|url\(|serif-|\^\d|§|\b[ivx]{1,6}[.)]|"
    r"yyyy|YYYY|MMMM|dddd|EEEE|h:mm|H:mm|2006|[FMmn],? jS?\b|\bjS?[. ]{1,2}[FM]\b|\b[gGhH]:i"
)
