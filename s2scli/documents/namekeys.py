"""Names of what is no text wherever it stands: columns of tables, keys of metadata and of data."""

from __future__ import annotations

__all__ = ["NAMING"]

# What a row, a page or a value is called or found by, and how it looks; one word, in small letters.
NAMING = r"u?uid|id|slug|lang|language|locale|icon|href|ur[il]|path|file|colou?r"
