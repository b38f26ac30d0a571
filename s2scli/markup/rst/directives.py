"""The directives of reStructuredText that hold text, of docutils, Sphinx and its extensions.

Those that are not named here stay; that is said if they have content.
"""

from __future__ import annotations

from typing import NamedTuple

from s2scli.documents.htmlnames import name_set

__all__ = [
    "DIRECTIVES",
    "MARKED_OPTIONS",
    "NAME",
    "ONE_LINE",
    "PLAIN_OPTIONS",
    "SIGNATURE",
    "SILENT",
    "VERSION",
    "VERSIONS",
    "Directive",
]

# An argument that is a name or a number; a title on one line; the start of the content or a title;
# what is described, on several lines; a version, and then the start of the content.
NAME, ONE_LINE, PROSE, SIGNATURE, VERSION = range(5)


class Directive(NamedTuple):
    """What of a directive is text.

    Attributes:
        argument: what stands after its name: ``NAME``, ``ONE_LINE``, ``PROSE``, ``SIGNATURE`` or
            ``VERSION``.
        body: whether what is indented below it is text.
    """

    argument: int
    body: bool


_NAMES = {
    Directive(PROSE, True): (
        "admonition attention availability caution collapse compound danger dropdown epigraph "
        "error footer header highlights hint impl-detail important note pull-quote seealso sidebar "
        "tab tab-item tabbed tip todo topic warning"
    ),
    Directive(ONE_LINE, True): "card grid-item-card group-tab list-table table",
    Directive(ONE_LINE, False): "centered contents csv-table rubric title",
    Directive(PROSE, False): "replace",
    Directive(NAME, True): (
        "acks button-link button-ref card-carousel container div figure glossary grid "
        "grid-item hlist only panels rst-class tab-set tabs"
    ),
    Directive(VERSION, True): (
        "deprecated deprecated-removed soft-deprecated versionadded versionchanged versionremoved"
    ),
    Directive(SIGNATURE, True): (
        "alias attribute autoattribute autoclass autodata autodecorator autoexception autofunction "
        "automethod automodule autoproperty class classmethod cmdoption confval "
        "coroutinefunction data decorator decoratormethod delete describe directive "
        "enum enum-class enum-struct enumerator envvar event exception function "
        "get head macro member method module object opcode option options patch pdbcommand post "
        "property put setting staticmethod struct templatefilter templatetag trace type union var"
    ),
}
DIRECTIVES = {name: what for what, names in _NAMES.items() for name in names.split()}
# How many words of an argument are versions.
VERSIONS = {"deprecated-removed": 2}
# Those whose content is code, names or data.
SILENT = name_set(
    "autosummary bibliography blockdiag code code-block code-cell code-tab codeauthor "
    "command-output cssclass currentmodule date default-domain default-role digraph doctest "
    "graph graphviz highlight image include inheritance-diagram ipython jupyter-execute "
    "jupyter-input jupyter-output literalinclude math mermaid meta moduleauthor nblink "
    "nextslide parsed-literal plantuml plot productionlist program program-output prompt "
    "role sectionauthor seqdiag sourcecode tabularcolumns "
    "target-notes testcleanup testcode testoutput testsetup toctree uml unicode"
)
# Options with text: without markup, and with.
PLAIN_OPTIONS = name_set("alt description img-alt link-alt synopsis tooltip")
MARKED_OPTIONS = name_set("caption subtitle summary text title")
