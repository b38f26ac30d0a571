"""Resource bundles of apps (https://github.com/google/app-resource-bundle), as Flutter has them.

The messages are text, each branch of plurals and choices on its own. What begins with ``@`` is
metadata and stays, but for the language that the bundle says it is in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from s2scli.documents.base import Edit, Slot, Source
from s2scli.documents.jsontext import Json, checked, strings
from s2scli.documents.languages import check_source

__all__ = ["Arb"]

META, LOCALE = "@", "@@locale"


class Arb(Json):
    """A bundle."""

    is_named = True

    def slots(self, source: Source) -> Iterator[Slot]:
        """The messages."""
        checked(source.text, source.name)
        for start, end, path, text in strings(source.text, 0, len(source.text)):
            if path == (LOCALE,):
                check_source(source.name, text, self.options.source_language)
            is_message = len(path) > 0 and not path[0].startswith(META)
            if is_message and self.wanted(path) and any(map(str.isalpha, text)):
                yield Slot(start, end, text)

    def edits(self, source: Source) -> Iterator[Edit]:
        """The language that it says it is in."""
        from s2scli.languages.codes import written_code

        target = self.options.target_language
        code = (written_code(target) or target).replace("-", "_")
        for start, end, path, _ in strings(source.text, 0, len(source.text)) if code else ():
            if path == (LOCALE,):
                yield Edit(start, end, json.dumps(code))

    def has_text(self, source: Source) -> bool:
        """Never: only a message is text."""
        return False
