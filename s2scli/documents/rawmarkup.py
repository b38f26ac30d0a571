"""What HTML or another language that stands in prose as it is says, beside its tags."""

from __future__ import annotations

import re

from s2scli.text.wording import reads_like_text

__all__ = ["raw_words"]

_MARKUP = re.compile(
    r"<(script|style)\b.*?(?:</\1>|\Z)|<!--.*?-->|<[^<>]*>|\\[a-zA-Z]+\*?(?:\[[^\]]*\])?|[{}]|&#?\w+;|"
    r"(?<!\w)[*_`#]+|[*_`#]+(?!\w)",
    re.DOTALL | re.IGNORECASE,
)
LONGEST = 60  # characters of it that are named


def raw_words(markup: str) -> str:
    """The beginning of its text, if that has two words; else nothing."""
    said = " ".join(_MARKUP.sub(" ", markup).split())
    if len(said.split()) < 2 or not reads_like_text(said):
        return ""
    return said if len(said) <= LONGEST else f"{said[:LONGEST].rstrip()}…"
