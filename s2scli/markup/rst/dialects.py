"""How the options of a table of values say that these are written."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping

from s2scli.markup.values import Dialect

__all__ = ["dialect"]

_NAMES = {"tab": "\t", "space": " "}
_CODE = re.compile(r"(?:0x|x|\\x|U\+?|\\u)([0-9a-f]{1,8})|&#x([0-9a-f]{1,8});", re.IGNORECASE)


def dialect(said: Mapping[str, str]) -> Dialect:
    """The dialect of a table.

    Args:
        said: the options' values, by name.
    """
    delimiter = said.get("delim", "")
    separator = _NAMES.get(delimiter) or _character(said.get("delim", ","))
    quote, escape = _character(said.get("quote", '"')), _character(said.get("escape", ""))
    return Dialect(separator or ",", quote or '"', escape, "keepspace" in said)


def _character(said: str) -> str:
    """A character that an option names by itself or by its number."""
    if said.isdigit() and said.isascii():
        return chr(min(int(said[:8]), sys.maxunicode))
    code = _CODE.fullmatch(said)
    return chr(min(int(code[1] or code[2], 16), sys.maxunicode)) if code else said
