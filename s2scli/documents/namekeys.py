"""Names of what is no text wherever it stands: columns of tables, keys of metadata and of data."""

from __future__ import annotations

__all__ = ["NAMING", "PEOPLE"]

# What a row, a page or a value is called or found by, and how it looks; one word, in small letters.
NAMING = r"u?uid|id|slug|lang|language|locale|icon|href|ur[il]|path|file|colou?r"

# What people and firms are called; parts of it may stand apart.
PEOPLE = (
    r"(?:first|last|middle|given|family|full|user|nick|maiden|sur|customer|employee|author|"
    r"contact|student|company|brand)[ _-]?name|fore_?name|author|"
    r"manufacturer|vendor|employer"
)
