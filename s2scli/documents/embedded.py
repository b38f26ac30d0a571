"""Texts that are data of programs: JSON, and what Python, PHP and JavaScript write."""

from __future__ import annotations

import json
import re

__all__ = ["is_json", "is_program_data"]

_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*[\"{\[])")
_KEY = r"(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|[A-Za-z_$][\w$]*)"
_DATA = re.compile(
    # A table of Python or JavaScript; ICU has no quote and no number after a colon.
    rf"[\[(]?\s*\{{\s*{_KEY}\s*:\s*(?:['\"\[{{\d-]|true\b|false\b|null\b|None\b|True\b|False\b).*"
    r"\}\s*,?\s*[\])]?|"
    r"\[\s*'(?:[^'\\]|\\.)*'(?:\s*,\s*'(?:[^'\\]|\\.)*')*\s*,?\s*\]|"  # a list of Python
    r"(?:a:\d+:\{.*\}|O:\d+:\".*\}|s:\d+:\".*\";)",  # of PHP
    re.DOTALL,
)
_START = re.compile(r"\s*(?:[\[({]|[aOs]:\d)")


def is_json(text: str) -> bool:
    """Whether a text is an object of JSON, or a list of strings, objects and lists."""
    if not _JSON.match(text):
        return False
    try:
        json.loads(text, parse_int=len)
    except (ValueError, RecursionError):
        return False
    return True


def is_program_data(text: str) -> bool:
    """Whether a text is data that a program reads, in another form than JSON."""
    return bool(_START.match(text) and _DATA.fullmatch(text.strip())) and not is_json(text)
