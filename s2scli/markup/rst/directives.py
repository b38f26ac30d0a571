"""The directives of reStructuredText that hold text, of docutils, Sphinx and its extensions.

Those that are not named here hold code, names, or nobody knows what: they stay.
"""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DIRECTIVES", "NAME", "ONE_LINE", "PROSE", "Directive"]

# An argument that is a name or a number; a title on one line; the begin of the content or a title.
NAME, ONE_LINE, PROSE = range(3)


class Directive(NamedTuple):
    """What of a directive is text.

    Attributes:
        argument: what stands after its name: ``NAME``, ``ONE_LINE`` or ``PROSE``.
        body: whether what is indented below it is text.
    """

    argument: int
    body: bool


_NAMES = {
    Directive(PROSE, True): (
        "admonition attention caution compound danger dropdown epigraph error footer header "
        "highlights hint important note pull-quote seealso sidebar tab tab-item tip todo topic "
        "warning"
    ),
    Directive(ONE_LINE, True): "list-table table",
    Directive(ONE_LINE, False): "centered contents csv-table rubric",
    Directive(PROSE, False): "replace",
    Directive(NAME, True): (
        "card class collapse container deprecated figure glossary grid only rst-class tab-set "
        "versionadded versionchanged versionremoved"
    ),
}
DIRECTIVES = {name: what for what, names in _NAMES.items() for name in names.split()}
