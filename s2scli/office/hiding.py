"""Text of Word that a reader does not see, by what its run says or by its styles.

``w:vanish`` is a toggle (ECMA-376, part 1, 17.7.3): what a run says itself counts; otherwise its
text is hidden if one of its styles, that of the run or that of the paragraph, says so, not both.
"""

from __future__ import annotations

import re

from s2scli.documents.base import Source
from s2scli.documents.xmltokens import CLOSE, OPEN, attribute_text, tokens
from s2scli.office.schemas import NAMESPACES

__all__ = ["Unseen", "style_named"]

_STYLE = re.compile(r"[<:][pr]Style\s[^>]*?\bval\s*=\s*[\"']([^\"'>]*)")
_VANISH = re.compile(r"<(?:[\w.-]+:)?vanish(?:\s+[\w:.-]+\s*=\s*[\"'](\w*)[\"'])?\s*/>")
_OFF = ("0", "false", "off")
MOST_PARENTS = 20  # of a style; more are a ring


def style_named(properties: str) -> str:
    """The style that a run's or a paragraph's properties name; empty for none."""
    style = _STYLE.search(properties)
    return style[1] if style else ""


class Unseen:
    """What is hidden.

    Args:
        styles: the names of styles that hide, themselves or by those that they are based on.
    """

    def __init__(self, styles: frozenset[str] = frozenset()) -> None:
        self._styles = styles

    @classmethod
    def of(cls, source: Source) -> Unseen:
        """By a document's styles."""
        hides: dict[str, bool] = {}
        parents: dict[str, str] = {}
        style, inside = "", 0
        for kind, name, start, end, _ in tokens(source, NAMESPACES):
            if name == "w:style":
                style = attribute_text(source.text, (start, end), "styleId") if kind == OPEN else ""
            elif name == "w:tblStylePr":
                inside += (kind == OPEN) - (kind == CLOSE)
            elif not style or inside or kind == CLOSE:
                continue
            elif name == "w:basedOn":
                parents[style] = attribute_text(source.text, (start, end), "val")
            elif name == "w:vanish":
                hides[style] = attribute_text(source.text, (start, end), "val") not in _OFF
        return cls(frozenset(each for each in {*hides, *parents} if _hides(each, hides, parents)))

    def hides(self, properties: str, paragraph: str) -> bool:
        """Whether a run is hidden.

        Args:
            properties: its own, as they stand in the document.
            paragraph: the style of its paragraph.
        """
        if own := _VANISH.search(properties):
            return own[1] not in _OFF
        if not self._styles:
            return False
        return (style_named(properties) in self._styles) != (paragraph in self._styles)


def _hides(style: str, hides: dict[str, bool], parents: dict[str, str]) -> bool:
    for _ in range(MOST_PARENTS):
        if style in hides:
            return hides[style]
        style = parents.get(style, "")
    return False
