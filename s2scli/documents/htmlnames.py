"""What HTML's elements and attributes are to a translation (https://html.spec.whatwg.org/)."""

from __future__ import annotations

__all__ = [
    "ATTRIBUTES",
    "BLOCKS",
    "CHOICE_INPUTS",
    "CLOSED_BY",
    "FOREIGN",
    "FOREIGN_ENDS",
    "FRAME_PAGE",
    "HTML_WITHIN",
    "ICONS",
    "ICON_CLASSES",
    "KEPT",
    "LANGUAGES",
    "LINE_INPUTS",
    "LINKED_DATA",
    "LINKS",
    "LOCALE",
    "META_ITEMS",
    "META_LANGUAGES",
    "META_NAMES",
    "OPAQUE",
    "PAGES",
    "PICTURE_LINES",
    "PICTURE_TEXTS",
    "RAW",
    "READ",
    "SCOPES",
    "TABLE",
    "TEMPLATES",
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
OPAQUE = (RAW | name_set("rp rt rtc xml")) - {"title"}  # xml: settings of Office
# What is not markup there is a page of its own; of a script, if its type is one of these.
PAGES = name_set("iframe noembed")
TEMPLATES = name_set(
    "text/html text/ng-template text/ractive text/template text/x-dot-template text/x-handlebars "
    "text/x-handlebars-template text/x-jquery-tmpl text/x-jsrender text/x-kendo-template "
    "text/x-lodash-template text/x-mustache text/x-mustache-template text/x-template "
    "text/x-tmpl text/x-underscore-template x-tmpl-mustache"
)
LINKED_DATA = "application/ld+json"
FOREIGN = name_set("math svg")
# Of a picture or a formula only these are text (https://www.w3.org/TR/SVG2/text.html,
# https://www.w3.org/TR/mathml-core/#text-mtext); what of it is a line if it says where it stands.
PICTURE_TEXTS = name_set("desc foreignobject mtext text title")
PICTURE_LINES = name_set("tspan")
# What cannot stand in FOREIGN, and ends it, unless there is one of HTML_WITHIN.
FOREIGN_ENDS = name_set(
    "blockquote body center dd div dl dt h1 h2 h3 h4 h5 h6 head hr li listing menu ol p pre table "
    "ul"
)
HTML_WITHIN = ("annotation-xml", "desc", "foreignobject", "mtext")
# Elements and fonts whose words are the names of pictures (ligatures).
ICONS = name_set("mat-icon md-icon v-icon")
ICON_CLASSES = name_set(
    "material-icons material-icons-outlined material-icons-round material-icons-sharp "
    "material-icons-two-tone material-symbols-outlined material-symbols-rounded "
    "material-symbols-sharp"
)
# Not translated, unless they say so.
KEPT = name_set("code kbd listing pre samp var") | ICONS
KEPT_CLASSES = name_set("notranslate math mathjax katex") | ICON_CLASSES  # of formulas, too
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

# Attributes with text, and the elements on which they are; empty for all. Elements that are not
# HTML's own, which have a hyphen in their names, may have any.
# https://html.spec.whatwg.org/#translatable-attributes
# https://www.w3.org/TR/wai-aria-1.3/#translatable-attributes
ATTRIBUTES: dict[str, frozenset[str]] = {
    "abbr": name_set("th"),
    "alt": name_set(""),
    "alttext": name_set("math"),  # if it reads like text; others are formulas
    "aria-braillelabel": name_set(""),
    "aria-brailleroledescription": name_set(""),
    "aria-description": name_set(""),
    "aria-label": name_set(""),
    "aria-placeholder": name_set(""),
    "aria-roledescription": name_set(""),
    "aria-valuetext": name_set(""),
    "content": name_set("meta"),
    "label": name_set("menu menuitem optgroup option track"),
    "placeholder": name_set(""),
    "standby": name_set("object"),
    "summary": name_set("table"),
    "title": name_set(""),
    "value": name_set("input option"),
    "xlink:title": name_set(""),
}
# What scripts that many pages have show of their own attributes.
_DATA = name_set(
    # Bootstrap
    "data-bs-content data-bs-original-title data-bs-title data-content data-original-title "
    "data-loading-text "
    # Fancybox, Lightbox, lightGallery
    "data-caption data-sub-html data-title "
    # Rails, htmx
    "data-confirm data-disable-with data-turbo-confirm data-turbo-submits-with hx-confirm "
    # Intro.js, Materialize
    "data-error data-hint data-intro data-success "
    # Chosen, Select2
    "data-no-results-text data-placeholder "
    # jQuery Validation, Parsley, ASP.NET
    "data-msg data-msg-required data-parsley-error-message data-val-required "
    # tooltips
    "data-tip data-tippy-content data-tooltip "
    # tables whose cells stand one below the other on small screens
    "data-label data-th"
)
ATTRIBUTES |= dict.fromkeys(_DATA, name_set(""))
# Of which inputs the value is text (of those on a line if it reads like it), and of which metadata
# the content.
WORDED_INPUTS = name_set("button reset submit")
CHOICE_INPUTS = name_set("checkbox radio")  # stand before what there is to choose
LINE_INPUTS = name_set("text search")
META_NAMES = name_set(
    "abstract apple-mobile-web-app-title application-name article:section article:tag "
    "citation_title dc.description dc.subject dc.title dcterms.abstract dcterms.description "
    "dcterms.subject dcterms.title description headline keywords msapplication-tooltip "
    "news_keywords og:description og:image:alt og:site_name og:title og:video:alt "
    "parsely-section subject summary title topic twitter:data1 twitter:data2 "
    "twitter:description twitter:image:alt twitter:label1 twitter:label2 twitter:title"
)
META_ITEMS = name_set(  # of https://schema.org
    "about abstract alternatename alternativeheadline articlesection caption description "
    "disambiguatingdescription headline keywords name text"
)
# A page within an attribute.
FRAME_PAGE = "srcdoc"
# All attributes that say something about the text.
READ = ATTRIBUTES.keys() | name_set(
    "class dy http-equiv itemprop lang name property srcdoc translate type x xml:lang xmlns y"
)
LANGUAGES = ("lang", "xml:lang")
# Metadata that says which language a page is in; the first as a locale, such as ``en_US``.
LOCALE = "og:locale"
META_LANGUAGES = name_set("content-language dc.language dcterms.language language") | {LOCALE}
