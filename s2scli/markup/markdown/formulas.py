"""Formulas, LaTeX, tags of templates on several lines, and code between tags of Liquid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

from s2scli.markup.markdown.tags import CODED
from s2scli.text.wording import reads_like_text

__all__ = ["formula", "is_formula", "latex_text", "style", "styled"]

# Formulas, LaTeX, and what is not Markdown between two tags of Liquid.
_BEGIN = re.compile(
    r"\$\$|\\\[(?:[ \t]*$|(?=[ \t\\][^\n]*[=^_<>+\\][^\n]*\\\][ \t]*$))|"
    r"\\begin\{([A-Za-z]+)(\*?)\}|"
    r"\{%-?[ \t]*(highlight|codeblock|comment)\b|"
    rf"\{{\{{([<%])-?[ \t]*({CODED})\b(?=[^\n]*[>%]\}}\}})(?![^\n]*/[>%]\}}\}})|"
    r"(?:\{\{[<%]|\{%)(?![^\n]*[>%]\})"
)
_FORMULA = re.compile(
    r"\\begin\{(?:equation|align|alignat|gather|multline|eqnarray|math|displaymath|tikz)"
)
_COMMAND = re.compile(
    r"\\(?:begin|end|label|ref|cite\w*|includegraphics|input|vspace|hspace)\*?"
    r"(?:\[[^\]]*\]|\{[^{}]*\})*|\\[a-zA-Z]+\*?(?:\[[^\]]*\])?"
)
# A formula within a text; words in parentheses whose meaning was taken from them are none.
_INLINE = re.compile(
    r"\\\((?=(?:(?!\\[()]).){0,500}?(?:[=^_<>+]|\\[A-Za-z,;!{}|])|\s*[A-Za-z]{1,2}\s*\\\))"
    r"(?:(?!\\[()]|\n[ \t]*\n).){1,1000}\\\)|"
    r"\\\[(?=(?:(?!\\[\[\]]).){0,500}?(?:(?<![\\\[])\^|(?<!\\)\\[A-Za-z]))"
    r"(?:(?!\\[\[\]]|\n[ \t]*\n).){1,1000}\\\]|"
    # Signs and letters that are no words: \\[a+b\\].
    r"\\\[(?=[^\\\n]{0,100}?[\w)] {0,3}[=+<>/*-] {0,3}[\w(])"
    r"(?:[\d =+<>/*(),.|_-]|(?<![A-Za-z])[A-Za-z](?![A-Za-z])){1,200}\\\]|"
    + _FORMULA.pattern
    + r"[a-z]*\*?\}(?:(?!\\(?:begin|end)\{).){0,2000}(?:\\end\{[a-z]+\*?\})",
    re.DOTALL,
)
# Commands of LaTeX that give words a look, and the words.
_STYLED = re.compile(
    r"\\(?:text(?:bf|it|sc|sf|sl|rm|up|md|normal)|emph|underline|enquote)\{"
    r"(?=([^{}\\`$<>\[\]]{1,500})\})"
)
_TAG_END = re.compile(r"[ \t]*-?(?:%|[>%]\})\}[ \t]*$")
_ENDS = {"$$": "$$", "\\[": "\\]", "{{<": ">}}", "{{%": "%}}", "{%": "%}"}


def latex_text(markup: str) -> Iterator[str]:
    """What an environment of LaTeX says that is no formula, if it is two words or more."""
    if not markup.startswith("\\begin{") or _FORMULA.match(markup):
        return
    for line in markup.splitlines():
        said = " ".join(_COMMAND.sub(" ", line).replace("{", " ").replace("}", " ").split())
        if reads_like_text(said) and len(said.split()) > 1:
            yield said


def formula(state: StateInline, silent: bool) -> bool:
    """A rule for formulas within a text: ``\\(x = y\\)``, ``\\[x^2\\]``."""
    if state.src[state.pos] != "\\":
        return False
    found = _INLINE.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("kept", "", 0).map = [*found.span()]
    state.pos = found.end()
    return True


def styled(content: str) -> dict[int, tuple[int, int]]:
    """Where commands of LaTeX around words begin or end: where each goes to, and 1 or -1."""
    found: dict[int, tuple[int, int]] = {}
    for match in _STYLED.finditer(content):
        close = match.end(1)
        found |= {match.start(): (match.end(), 1), close: (close + 1, -1)}
    return found


def style(state: StateInline, silent: bool) -> bool:
    """A rule for commands of LaTeX around words: ``\\emph{word}``."""
    end, nesting = state.env["styled"].get(state.pos, (0, 0))
    if not state.pos < end <= state.posMax:
        return False
    if not silent:
        token = state.push("latex", "", nesting)
        token.map, token.markup = [state.pos, end], "\\"
    state.pos = end
    return True


def is_formula(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Whether a formula, a tag on several lines, or code of Liquid begins, and ends with a line."""
    first = min(state.bMarks[start] + state.tShift[start], state.eMarks[start])
    match = _BEGIN.match(state.src, first, state.eMarks[start])
    if not match or state.is_code_block(start):
        return False
    closer = f"\\end{{{match[1]}{match[2]}}}" if match[1] else _ENDS.get(match[0].strip(), "")
    closer = f"end{match[3]}" if match[3] else closer
    if match[5]:
        closers_ = (f"{{{{{match[4]}{blank}/{match[5]}" for blank in (" ", ""))
        closer = next((one for one in closers_ if one in state.src), closer)
    # Where there is none after it, none is looked for again.
    closers = state.env["closers"]
    if closer not in closers:
        closers[closer] = state.src.rfind(closer)
    position = match.end()
    for number in range(start, end if closers[closer] >= position else start):
        if state.sCount[number] < state.blkIndent and not state.isEmpty(number):
            return False
        place = state.src.find(closer, position, state.eMarks[number])
        if place >= 0:
            rest = state.src[place + len(closer) : state.eMarks[number]]
            is_end = bool(_TAG_END.match(rest)) if match[3] or match[5] else not rest.strip()
            if is_end and not silent:
                state.line = number + 1
            return is_end
        position = state.bMarks[number + 1]
    return False
