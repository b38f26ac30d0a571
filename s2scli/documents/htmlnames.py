"""What HTML's elements and attributes are to a translation (https://html.spec.whatwg.org/)."""

from __future__ import annotations

__all__ = [
    "ATTRIBUTES",
    "BLOCKS",
    "CLOSED_BY",
    "FOREIGN",
    "FOREIGN_ENDS",
    "HTML_WITHIN",
    "KEPT",
    "LANGUAGES",
    "LINKS",
    "LOCALE",
    "META_LANGUAGES",
    "META_NAMES",
    "OPAQUE",
    "RAW",
    "READ",
    "SCOPES",
    "TABLE",
    "VOID",
    "WORDED_INPUTS",
    "name_set",
]


def name_set(names: str) -> frozenset[str]:
    """Names, with spaces between."""
    return frozenset(names.split())


# Begin and end a text of their own; all others stand within one.
BLOCKS = name_set(
    "address article aside audio blockquote body canvas caption center col colgroup datalist dd "
    "details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 "
    "h4 h5 h6 head header hgroup hr html legend li listing main marquee menu nav noframes "
    "noscript object ol optgroup option p plaintext pre search section select summary table tbody "
    "td template tfoot th thead title tr ul video"
)
# Have no content.
VOID = name_set(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
# Have content that is not markup; a title's is text.
RAW = name_set("iframe noembed script style textarea title xmp")
# With their content they are as a picture is: no text. A reading (rt) stands beside its text.
OPAQUE = (RAW | name_set("math rp rt rtc svg")) - {"title"}
FOREIGN = name_set("math svg")
# What cannot stand in FOREIGN, and ends it, unless there is one of HTML_WITHIN.
FOREIGN_ENDS = name_set(
    "blockquote body center dd div dl dt h1 h2 h3 h4 h5 h6 head hr li listing menu ol p pre table "
    "ul"
)
HTML_WITHIN = ("annotation-xml", "desc", "foreignobject")
# Not translated, unless they say so.
KEPT = name_set("code kbd listing pre samp template var")
KEPT_CLASSES = name_set("notranslate math mathjax katex")  # the last are formulas
# A row of these is not a sentence.
LINKS = name_set("a button label")

# The end tags of these may be left out: what closes them, and what keeps it from reaching further.
_CELLS = name_set("caption td th")
_ROWS = _CELLS | name_set("colgroup tr")
_GROUPS = _ROWS | name_set("tbody tfoot thead")
_BESIDE_P = name_set("button caption object table td template th")
CLOSED_BY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    **{name: (name_set("p"), _BESIDE_P) for name in BLOCKS - _GROUPS - name_set("optgroup option")},
    "li": (name_set("li"), name_set("dir menu ol table ul")),
    **dict.fromkeys(("dd", "dt"), (name_set("dd dt"), name_set("dl table"))),
    "option": (name_set("option"), name_set("datalist optgroup select")),
    "optgroup": (name_set("optgroup option"), name_set("select")),
    **dict.fromkeys(("rp", "rt", "rtc"), (name_set("rp rt"), name_set("ruby"))),
    **dict.fromkeys(("td", "th"), (_CELLS, name_set("table"))),
    "tr": (_ROWS, name_set("table")),
    **dict.fromkeys(("tbody", "tfoot", "thead"), (_GROUPS, name_set("table"))),
}
# An end tag closes nothing outside of the innermost of these, but for those of a table's parts.
SCOPES = name_set("caption object table td template th")
TABLE = _GROUPS | {"table"}

# Attributes with text, and the elements on which they are; empty for all.
# https://html.spec.whatwg.org/#translatable-attributes
# https://www.w3.org/TR/wai-aria-1.2/#translatable-attributes
ATTRIBUTES: dict[str, frozenset[str]] = {
    "abbr": name_set("th"),
    "alt": name_set("applet area img input"),
    "aria-description": name_set(""),
    "aria-label": name_set(""),
    "aria-placeholder": name_set(""),
    "aria-roledescription": name_set(""),
    "aria-valuetext": name_set(""),
    "content": name_set("meta"),
    "label": name_set("menuitem optgroup option track"),
    "placeholder": name_set("input textarea"),
    "summary": name_set("table"),
    "title": name_set(""),
    "value": name_set("input"),
}
# Of which inputs the value is text, and of which metadata the content.
WORDED_INPUTS = name_set("button reset submit")
META_NAMES = name_set(
    "apple-mobile-web-app-title description keywords title dc.description dc.subject dc.title "
    "dcterms.description dcterms.subject dcterms.title og:description og:image:alt og:site_name "
    "og:title twitter:description twitter:image:alt twitter:title"
)
# All attributes that say something about the text.
READ = ATTRIBUTES.keys() | name_set(
    "class http-equiv lang name property translate type xml:lang xmlns"
)
LANGUAGES = ("lang", "xml:lang")
# Metadata that says which language a page is in; the first as a locale, such as ``en_US``.
LOCALE = "og:locale"
META_LANGUAGES = name_set("content-language dc.language dcterms.language language") | {LOCALE}
