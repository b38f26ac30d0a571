"""Words of figures and letters that name something, or a time: ``SW1A``, ``221B``, ``2h``.

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
_PART = re.compile(r"[A-Z]+|\d+")


def codes(text: str) -> Iterator[Span]:
    """Where such words are."""
    for pattern in (_CODE, _TIME):
        for match in pattern.finditer(text):
            yield match.span()


def lost_codes(source: str, target: str) -> list[str]:
    """Those of a source that its target has not; a source in capitals alone has none."""
    found = [] if source.isupper() else _CODE.findall(source)
    lost = [code for code in dict.fromkeys(found) if not re.search(_parted(code), target)]
    times = (match for match in _TIME.finditer(source) if re.search(_bare(match[1]), target))
    return lost + [match[0] for match in times]


def _parted(code: str) -> str:
    parts = r"[ .\u00a0-]?".join(_PART.findall(code))
    return rf"(?<![^\W_])(?i:{parts})(?![A-Z\d])"


def _bare(figure: str) -> str:
    """A figure without a unit behind it, at the end of a sentence or a part of one."""
    return rf"(?<![\w.,:]){figure}[.,;:!?]?(?!\S)(?!\s[^\W\d_])"
