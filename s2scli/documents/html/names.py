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
    "LINKS",
    "META_NAMES",
    "OPAQUE",
    "RAW",
    "READ",
    "SCOPES",
    "TABLE",
    "VOID",
    "WORDED_INPUTS",
]


def _set(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Begin and end a text of their own; all others stand within one.
BLOCKS = _set(
    "address article aside audio blockquote body canvas caption center col colgroup datalist dd "
    "details dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 "
    "h4 h5 h6 head header hgroup hr html legend li listing main marquee menu nav noframes "
    "noscript object ol optgroup option p plaintext pre search section select summary table tbody "
    "td template tfoot th thead title tr ul video"
)
# Have no content.
VOID = _set(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source "
    "track wbr"
)
# Have content that is no markup; a title's is text.
RAW = _set("iframe noembed script style textarea title xmp")
# With their content they are as a picture is: no text. A reading (rt) stands beside its text.
OPAQUE = (RAW | _set("math rp rt rtc svg")) - {"title"}
FOREIGN = _set("math svg")
# What cannot stand in FOREIGN, and ends it, unless there is one of HTML_WITHIN.
FOREIGN_ENDS = _set(
    "blockquote body center dd div dl dt h1 h2 h3 h4 h5 h6 head hr li listing menu ol p pre table "
    "ul"
)
HTML_WITHIN = ("annotation-xml", "desc", "foreignobject")
# Not translated, unless they say so.
KEPT = _set("code kbd listing pre samp template var")
KEPT_CLASSES = _set("notranslate math mathjax katex")  # the last are formulas
# A row of these is no sentence.
LINKS = _set("a button label")

# The end tags of these may be left out: what closes them, and what keeps it from reaching further.
_CELLS = _set("caption td th")
_ROWS = _CELLS | _set("colgroup tr")
_GROUPS = _ROWS | _set("tbody tfoot thead")
_BESIDE_P = _set("button caption object table td template th")
CLOSED_BY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    **{name: (_set("p"), _BESIDE_P) for name in BLOCKS - _GROUPS - _set("optgroup option")},
    "li": (_set("li"), _set("dir menu ol table ul")),
    **dict.fromkeys(("dd", "dt"), (_set("dd dt"), _set("dl table"))),
    "option": (_set("option"), _set("datalist optgroup select")),
    "optgroup": (_set("optgroup option"), _set("select")),
    **dict.fromkeys(("rp", "rt", "rtc"), (_set("rp rt"), _set("ruby"))),
    **dict.fromkeys(("td", "th"), (_CELLS, _set("table"))),
    "tr": (_ROWS, _set("table")),
    **dict.fromkeys(("tbody", "tfoot", "thead"), (_GROUPS, _set("table"))),
}
# An end tag closes nothing outside of the innermost of these, but for those of a table's parts.
SCOPES = _set("caption object table td template th")
TABLE = _GROUPS | {"table"}

# Attributes with text, and the elements on which they are; empty for all.
# https://html.spec.whatwg.org/#translatable-attributes
# https://www.w3.org/TR/wai-aria-1.2/#translatable-attributes
ATTRIBUTES: dict[str, frozenset[str]] = {
    "abbr": _set("th"),
    "alt": _set("applet area img input"),
    "aria-description": _set(""),
    "aria-label": _set(""),
    "aria-placeholder": _set(""),
    "aria-roledescription": _set(""),
    "aria-valuetext": _set(""),
    "content": _set("meta"),
    "label": _set("menuitem optgroup option track"),
    "placeholder": _set("input textarea"),
    "summary": _set("table"),
    "title": _set(""),
    "value": _set("input"),
}
# Of which inputs the value is text, and of which metadata the content.
WORDED_INPUTS = _set("button reset submit")
META_NAMES = _set(
    "apple-mobile-web-app-title description keywords title dc.description dc.subject dc.title "
    "dcterms.description dcterms.subject dcterms.title og:description og:image:alt og:site_name "
    "og:title twitter:description twitter:image:alt twitter:title"
)
# All attributes that say something about the text.
READ = _set("class lang name property translate type xml:lang xmlns") | ATTRIBUTES.keys()
