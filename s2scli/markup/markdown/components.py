"""Components of Vue and React in Markdown (VitePress, Docusaurus), which HTML does not know."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, code

__all__ = ["COMMENT", "COMPONENT", "VUE", "indented_code", "prefixed"]

# A tag that has its line for itself.
COMPONENT = r"</?[A-Z][\w.]*(?:[ \t][^<\n]*)?/?>[ \t]*$|"
_COMPONENT = re.compile(COMPONENT[:-1])
COMMENT = r"\{/\*(?:(?!\*/)[\s\S])*\*/\}|"
_VALUE = r"(?:\s*=\s*(?:\"[^\"\n]*\"|'[^'\n]*'))?"
# A tag with an attribute that begins as none of HTML: @click, #header.
# https://vuejs.org/api/built-in-directives.html#v-on, #v-slot
VUE = re.compile(
    rf"<[A-Za-z][\w.-]*(?:\s+[\w:.\[\]-]+{_VALUE})*\s+[@#][\w:.\[\]-]+{_VALUE}"
    rf"(?:\s+[\w:.@#\[\]-]+{_VALUE})*\s*/?>"
)

# A tag with a prefix, as in JSP, JSF and XSLT: <c:if test="…">. Without more in it, it may be an
# address (<urn:a>), unless such an element is closed.
_PREFIXED = re.compile(
    rf"<(?P<closes>/?)(?P<name>[A-Za-z][\w-]*:[A-Za-z][\w.-]*)"
    rf"(?:(?P<given>(?:\s+[\w:.-]+{_VALUE})+\s*/?|\s*/)|\s*)>"
)
_CLOSED = re.compile(r"</([A-Za-z][\w-]*:[\w.-]+)\s*>")


def prefixed(content: str) -> dict[int, int]:
    """Where tags whose names have a prefix are in a paragraph: the end of each by its start."""
    closed = set(_CLOSED.findall(content)) if ":" in content and "<" in content else set()
    return {
        tag.start(): tag.end()
        for tag in (_PREFIXED.finditer(content) if ":" in content else ())
        if tag["closes"] or tag["given"] or tag["name"] in closed
    }


def indented_code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether indented code begins; what follows the tag of a component at once is its content."""
    if start and not state.isEmpty(start - 1):
        first = state.bMarks[start - 1] + state.tShift[start - 1]
        if _COMPONENT.match(state.src, first, state.eMarks[start - 1]):
            return False
    return code(state, start, end, silent)
