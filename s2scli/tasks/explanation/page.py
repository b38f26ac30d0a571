"""An explanation as one page of HTML that needs no network and no script."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterator
from pathlib import Path

from s2scli.tasks.explanation import ExplainedPart, ExplainedToken, Explanation

__all__ = ["render"]

TEMPLATE = Path(__file__).with_name("page.html")
NOTHING = 0.005  # less attention than that is left empty
# Above these, black, or else white, differs more from the background: on a dark page, on a light
# one (WCAG 2.2, 1.4.3).
MORE, MOST = 0.65, 0.93
NO_ATTENTION = "The engine of this model gives no attention."


def render(found: Explanation) -> str:
    """The page; all that comes from texts is escaped."""
    best = found.hypotheses[0] if found.hypotheses else None
    score = f"{best.score:.4f}" if best else "none: there is nothing to translate"
    parts = {
        "TITLE": _escaped(found.model),
        "SOURCE": _escaped(found.source),
        "TARGET": _escaped(found.target),
        "SCORE": score + (", cut off at the maximum length" if best and best.truncated else ""),
        "PARTS": "".join(_parts(found)),
        "HYPOTHESES": _hypotheses(found),
        "SIGNATURE": _escaped(found.signature),
    }
    template = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"%%([A-Z]+)%%", lambda match: parts[match[1]], template)


def _escaped(text: str) -> str:
    """Text for the page; characters that would turn the direction of writing round stay in it."""
    return f"<bdi>{html.escape(text)}</bdi>"


def _parts(found: Explanation) -> Iterator[str]:
    for number, part in enumerate(found.parts, 1):
        name = f", part {number} of {len(found.parts)}" if len(found.parts) > 1 else ""
        yield f"<h2>Attention{name}</h2>"
        yield _heatmap(part)
        yield f"<h2>Probabilities{name}</h2>"
        yield _tokens(part)


def _heatmap(part: ExplainedPart) -> str:
    """Rows of target tokens, columns of source tokens; numbers are hundredths."""
    if not any(token.attention for token in part.target):
        return f'<p class="sub">{NO_ATTENTION}</p>'
    head = "".join(f'<th scope="col"><span>{_escaped(name)}</span></th>' for name in part.source)
    rows = "".join(
        f'<tr><th scope="row">{_escaped(token.token)}</th>'
        f"{''.join(map(_cell, token.attention))}</tr>"
        for token in part.target
        if token.attention
    )
    return (
        f'<div class="scroll"><table class="heat"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(weight: float) -> str:
    if weight < NOTHING:
        return "<td></td>"
    kind = "most" if weight > MOST else "more" if weight > MORE else ""
    hundredths = min(100, round(weight * 100))
    return f'<td class="{kind}" style="--w:{hundredths}%">{hundredths}</td>'


def _tokens(part: ExplainedPart) -> str:
    rows = "".join(
        f'<tr><th scope="row">{_escaped(token.token)}</th><td class="number">'
        f"{_percent(token.log_prob)}</td><td>{_bar(token.log_prob)}</td>"
        f'<td class="number rank">{token.rank}</td>'
        f'<td class="others">{_alternatives(token)}</td></tr>'
        for token in part.target
    )
    return (
        '<div class="scroll"><table class="tokens"><thead><tr><th scope="col">token</th>'
        '<th scope="col" colspan="2">probability</th><th scope="col" class="rank">rank</th>'
        f'<th scope="col">most likely here</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _bar(log_prob: float) -> str:
    return f'<span class="bar"><span style="width:{100 * math.exp(log_prob):.1f}%"></span></span>'


def _alternatives(token: ExplainedToken) -> str:
    return " ".join(
        f'<span class="choice{" chosen" if name == token.token else ""}">{_escaped(name)} '
        f"<small>{_percent(value)}</small></span>"
        for name, value in token.alternatives
    )


def _percent(log_prob: float) -> str:
    percent = 100 * math.exp(log_prob)
    return f"{percent:.1f}%" if percent >= 0.1 else "&lt; 0.1%"


def _hypotheses(found: Explanation) -> str:
    return "".join(
        f'<tr><td class="number">{number}</td><td class="number">{each.score:.4f}</td>'
        f'<td class="number">{each.tokens}</td><td>{_escaped(each.text)}</td></tr>'
        for number, each in enumerate(found.hypotheses, 1)
    )
