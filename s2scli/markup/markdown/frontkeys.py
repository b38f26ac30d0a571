"""What the keys of metadata mean, by what site generators and converters make of their values.

Read for this: Jekyll, Hugo, Hexo, Pelican, MkDocs, Docusaurus, VitePress, Starlight, Slidev, Marp,
Quarto and Pandoc. A page shows the values of some keys and uses no other; those are texts.
Others are addresses, dates, names of layouts, of people and of files, or settings. What tags and
categories say is shown, but is also a part of addresses and found in other files.
"""

from __future__ import annotations

import re

from s2scli.documents.namekeys import NAMING

__all__ = ["LISTED", "NEVER", "TEXT_KEYS", "is_quiet", "is_text_key", "is_weak"]

# Their values are texts. Those of the second kind are so if they look like it.
_STRONG = (
    r"title|linktitle|subtitle|description|summary|abstract|excerpt|caption|tagline|"
    r"heading|subheading|headline|lead|teaser|details|question|answer|alt|herotext|"
    r"(?:meta|seo|og|twitter|short|long|nav|menu|page|sidebar|toc)(?:title|description)|"
    r"[\w.:-]*[_.:-](?:title|subtitle|description|caption|cap|alt|summary|tagline)|"
    r"(?-i:[a-z]\w*(?:Title|Description|Caption|Alt|Summary|Tagline))"
)
_WEAK = (
    r"text|label|intro|blurb|slogan|_?header|_?footer|[\w.:-]*[_.:-](?:text|label)|"
    r"(?-i:[a-z]\w*(?:Text|Label))"
)
TEXT_KEYS = rf"(?:{_STRONG}|{_WEAK})"
_IS_TEXT = re.compile(TEXT_KEYS, re.IGNORECASE)
_IS_WEAK = re.compile(_WEAK, re.IGNORECASE)
# No texts, and nothing that a reader misses; neither is what is inside them.
_QUIET = re.compile(
    rf"(?:[\w.:-]*[_.:-])?(?:{NAMING}|link|date|time|class|style|font|logo|image|img|size)s?|"
    r"(?-i:[a-z]\w*(?:Url|URL|Link|Href|Path|File|Slug|Date|Class|Style|Font|Id|Icon|Image|Color))|"
    r"layout|template|theme|type|permalink|redirect\w*|lang\w*|locale|"
    r"authors?|editors?|contributors?|publisher|affiliations?|institutes?|organi[sz]ation|name|"
    r"display_name|email|github|twitter|orcid|status|published|modified|updated|created|lastmod|"
    r"date[_-]\w+|last_?updated?|version|license|format|output|outputs|engine|jupyter|jupytext|"
    r"kernel\w*|bibliography|csl|nocite|css|scripts?|header-includes|include-\w+|documentclass|"
    r"classoption|geometry|\w*font|fontfamily|markup|transition|background|editor|filters|"
    r"execute|knitr|position|order|weight|sources?|ms\.[\w.]+",
    re.IGNORECASE,
)
# What their lists say is shown: whatever it is, a reader misses it.
LISTED = re.compile(
    r"tags?|categor(?:y|ies)|keywords?|topics?|subjects?|labels|series|sections?|genres?",
    re.IGNORECASE,
)
# What YAML takes for no text.
NEVER = re.compile(r"(?:true|false|null|yes|no|on|off|none|~|y|n)\Z", re.IGNORECASE)


def is_text_key(key: str) -> bool:
    """Whether values of a key are texts."""
    return _IS_TEXT.fullmatch(key) is not None


def is_weak(key: str) -> bool:
    """Whether values of a key are texts only if they look like it."""
    return _IS_WEAK.fullmatch(key) is not None


def is_quiet(key: str) -> bool:
    """Whether nobody misses what a key says, in whatever language that is."""
    return _QUIET.fullmatch(key) is not None
