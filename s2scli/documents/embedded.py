"""Texts that programs read: JSON, data of Python, PHP and JavaScript, conditions, SQL, commands."""

from __future__ import annotations

import json
import re

from s2scli.text.dateforms import is_worded_form
from s2scli.text.sessions import is_command

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
# What is compared and joined: a name, a number, a placeholder, a text in quotes.
_OPERAND = (
    r"(?:!{0,2}\({0,9}[\w.$@{}\[\]-]+(?:\([^()]*\))?\){0,9}|\({0,9}(?:'[^']*'|\"[^\"]*\")\){0,9})"
)
_OPERATOR = r"\s?(?:===?|!==?|=~|<>|[<>]=?|=|&&|\|\||\b(?:and|or|in|contains)\b)\s?"
_CODE = re.compile(
    # Conditions; what has only signs that prose has too is none, nor are words of a label.
    rf"(?![A-Z][a-z]+(?: && [A-Z][a-z]+)+\Z)"
    rf"(?=.*(?:[=!]=|&&|\|\||[=<>~]\s?['\"])){_OPERAND}(?:{_OPERATOR}{_OPERAND})+|"
    # Commands one after the other.
    r"[a-z][\w./-]*(?: [\w./:=@$\"'{}-]+)*(?: (?:&&|\|\|) [a-z][\w./-]*(?: [\w./:=@$\"'{}-]+)*)+|"
    r"(?:SELECT\s.+?\sFROM|INSERT\s+INTO|DELETE\s+FROM|(?:CREATE|ALTER|DROP)\s+(?:TABLE|VIEW|INDEX))"
    r"\s+[\w.\"`\[({].*|UPDATE\s+[\w.\"`]+\s+SET\s.+|"
    r"(?:[a-z_$]\w*|\([\w\s,]*\))\s*=>.+|"  # a function
    r"\^.+\$",  # a regular expression
    re.DOTALL,
)
# Lines of a program: what all of them have, and what one of them has at least.
_CODE_LINE = re.compile(
    r"[={}();\[\]]|:$|^(?:#|//|@)|^(?:return|break|continue|pass|else|end|import|from)\b"
)
_SURE_LINE = re.compile(
    r"^(?:def \w+\(|class \w+.*[:{]$|import [\w.]+(?: as \w+|;)$|from [\w.]+ import |#include\b|"
    r"(?:async )?function\b.*[({]|(?:const|let|var) \w+ =|"
    r"(?:public|private|static) (?:[\w<>\[\].]+ ){0,4}(?:\w+\(|\w+ \{|\w+(?: = .*)?;$)|"
    r"func \w+\(|fn \w+\(|return\b.*;$)|(?<!\})[)\]}];$"
)
_SIGNS = re.compile(r"=|&&|\|\||<|>|^\s*(?:\^|[A-Z]{4})")
LONGEST = 1000  # characters of code
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
    """Whether a text is data that a program reads, in another form than JSON, or code for one."""
    if is_worded_form(text.strip()):
        return True
    if _SIGNS.search(text) and len(text) < LONGEST and _CODE.fullmatch(text.strip()):
        return True
    if "\n" in text and _is_program(text):
        return True
    if len(text) < LONGEST and is_command(text.strip()):
        return True
    return bool(_START.match(text) and _DATA.fullmatch(text.strip())) and not is_json(text)


def _is_program(text: str) -> bool:
    """Whether lines are those of a program."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return all(map(_CODE_LINE.search, lines)) and any(map(_SURE_LINE.search, lines))
