"""Components of Vue and React in Markdown (VitePress, Docusaurus), which HTML does not know."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock, code

__all__ = ["COMMENT", "COMPONENT", "VUE", "indented_code"]

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


def indented_code(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether indented code begins; what follows the tag of a component at once is its content."""
    if start and not state.isEmpty(start - 1):
        first = state.bMarks[start - 1] + state.tShift[start - 1]
        if _COMPONENT.match(state.src, first, state.eMarks[start - 1]):
            return False
    return code(state, start, end, silent)
