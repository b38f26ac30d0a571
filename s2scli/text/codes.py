"""Words of figures and letters or marks: names, times, feet and inches: ``SW1A``, ``2h``, ``5'``.

A translation may part their figures from their letters, and write a unit in another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from s2scli.data import Span

__all__ = ["codes", "lost_codes"]

# None are 10PM, 5GB, 2ND, Q1 and others that have words of their own in translations.
_CODE = re.compile(
    r"(?<![\w.&'’/@#$€£-])(?=\d{1,9}[A-Z]|[A-Z]{1,9}\d)"
    r"(?!(?:\d+(?:[AP]M|ST|ND|RD|TH|[KMB]N?|[KMGT]B|[KMG]HZ|[CF])|[QH]\d+|CO2|H2O)\b)"
    r"[A-Z\d]{3,12}(?![\w&/@]|[.-]\w)"
)
_TIME = re.compile(r"(?<![\w.,:])(\d{1,3})(?:h|min)(?!\w)")
# Feet and inches, where no such mark begins a quotation.
_FEET = re.compile(r"(?<![\w.,:'\"°])(\d{1,4}(?:[.,]\d{1,2})?)['′](?![^\W\d_'\"])")
_INCHES = re.compile(r"(?<![\w.,:\"°])(?:\d{1,3}['′] ?)?(\d{1,4}(?:[.,]\d{1,2})?)[\"″](?![\w\"])")
_QUOTING = re.compile(r"(?:(?<!\S)|(?<=[(\[=]))(['\"])")
_FOOT = (
    r"['′’´`]|ft\b|f(?:oo|ee)t|fu(?:ß|ss)|pieds?|pies?\b|piedi|pés?\b|voet|fot|stóp|фут|"
    r"英尺|フィート"
)
_INCH = (
    r"[\"″“”„»]|''|in\b|inch|zoll|pouces?|pulgad|polegad|pollic|duim|tum|cal[ie]|дюйм|英寸|インチ"
)
_PART = re.compile(r"[A-Z]+|\d+")


def codes(text: str) -> Iterator[Span]:
    """Where such words are."""
    for pattern in (_CODE, _TIME):
        for match in pattern.finditer(text):
            yield match.span()
    for match, _ in _lengths(text):
        yield match.span()


def lost_codes(source: str, target: str) -> list[str]:
    """Those of a source that its target has not; a source in capitals alone has none."""
    found = [] if source.isupper() else _CODE.findall(source)
    lost = [code for code in dict.fromkeys(found) if not re.search(_parted(code), target)]
    times = (match for match in _TIME.finditer(source) if re.search(_bare(match[1]), target))
    lengths = (
        match
        for match, unit in _lengths(source)
        if not re.search(_measured(match[1], unit), target) and re.search(_figure(match[1]), target)
    )
    return lost + [match[0] for match in (*times, *lengths)]


def _lengths(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Lengths with marks of feet or inches, each with what may stand for the mark."""
    if not any(mark in text for mark in "'\"′″"):
        return
    quoting = set(_QUOTING.findall(text))
    for pattern, unit, mark in ((_FEET, _FOOT, "'"), (_INCHES, _INCH, '"')):
        if mark not in quoting:
            for match in pattern.finditer(text):
                yield match, unit


def _figure(figure: str) -> str:
    return rf"(?<!\d){re.sub('[.,]', '[.,]', figure)}(?!\d|[.,]\d)"


def _measured(figure: str, unit: str) -> str:
    return rf"{_figure(figure)}[ \u00a0-]?(?i:{unit})"


def _parted(code: str) -> str:
    parts = r"[ .\u00a0-]?".join(_PART.findall(code))
    return rf"(?<![^\W_])(?i:{parts})(?![A-Z\d])"


def _bare(figure: str) -> str:
    """A figure without a unit behind it, at the end of a sentence or a part of one."""
    return rf"(?<![\w.,:]){figure}[.,;:!?]?(?!\S)(?!\s[^\W\d_])"
