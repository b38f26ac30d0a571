"""Names of locales, as systems write them (POSIX, XPG 4): ``en_GB.UTF-8``, ``sr_RS@latin``."""

from __future__ import annotations

import re

__all__ = ["without_locale"]

LOCALE = re.compile(r"([A-Za-z]{2,3})(_[A-Za-z]{2})?(?:\.[\w-]+)?(?:@(\w+))?", re.ASCII)
# What may stand behind @ → the script that it means. Others may mean another language.
MODIFIERS = {
    "cyrillic": "_Cyrl",
    "devanagari": "_Deva",
    "euro": "",
    "iqtelif": "_Latn",
    "latin": "_Latn",
    "tarask": "",
    "valencia": "",
}


def without_locale(name: str) -> str:
    """What a user writes, without blanks around it; of a locale's name only what a tag says.

    ``en_GB.UTF-8`` → ``en_GB``, ``sr_RS@latin`` → ``sr_Latn_RS``. A modifier that is not known
    stays, for it may mean another language (``aa_ER@saaho``).
    """
    name = name.strip()
    match = LOCALE.fullmatch(name)
    if not match:
        return name
    language, territory, modifier = match[1], match[2] or "", (match[3] or "euro").lower()
    return f"{language}{MODIFIERS[modifier]}{territory}" if modifier in MODIFIERS else name
