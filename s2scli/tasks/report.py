"""An evaluation as one page of HTML that needs no network.

The template stands beside this module; what comes from texts reaches the page only as JSON in a
script element of data, or escaped.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from s2scli.tasks.plots import histogram, scatter

__all__ = ["ReportRow", "System", "render"]

TEMPLATE = Path(__file__).with_name("report.html")
WORDS = re.compile(r"\S+|\s+")
LONGEST_COMPARED = 2_000


@dataclass(frozen=True, slots=True)
class System:
    """One line of the table.

    Attributes:
        name: model and settings.
        cells: what stands in the table's columns.
        quality: its score by the first metric.
        speed: segments a second.
        hypotheses: a text for each segment.
        scores: the first metric's score of each segment.
    """

    name: str
    cells: Sequence[str]
    quality: float
    speed: float
    hypotheses: Sequence[str]
    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One segment: its source and its references."""

    source: str
    references: Sequence[str]


def render(
    title: str,
    columns: Sequence[str],
    systems: Sequence[System],
    rows: Sequence[ReportRow],
    *,
    metric: str,
    digits: int,
    lower_is_better: bool,
    signatures: Sequence[str],
) -> str:
    """The page.

    Args:
        title: what was evaluated.
        columns: headings of the table, the system's name not among them.
        systems: one for each combination.
        rows: the segments.
        metric: name of the first metric, by which sentences are ranked.
        digits: its decimal places.
        lower_is_better: whether its small scores are good ones.
        signatures: of all metrics.
    """
    data = {
        "metric": metric,
        "digits": digits,
        "lower": lower_is_better,
        "systems": [system.name for system in systems],
        "sentences": [_sentence(number, row, systems) for number, row in enumerate(rows)],
    }
    parts = {
        "TITLE": html.escape(title),
        "SUBTITLE": f"{len(rows):,} segments, {len(systems)} systems",
        "TABLE": _table(columns, systems),
        "SIGNATURES": "<br>".join(map(html.escape, signatures)),
        "PLOTS": _plots(systems, metric),
        "OPTIONS": "".join(
            f'<option value="{number}">{html.escape(system.name)}</option>'
            for number, system in enumerate(systems)
        ),
        # So that no text can end the element.
        "DATA": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
    }
    template = TEMPLATE.read_text(encoding="utf-8")
    return re.sub(r"%%([A-Z]+)%%", lambda match: parts[match[1]], template)


def _table(columns: Sequence[str], systems: Sequence[System]) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in ("system", *columns))
    lines = []
    for number, system in enumerate(systems, 1):
        cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in system.cells)
        lines.append(f"<tr><td>{number} · {html.escape(system.name)}</td>{cells}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _plots(systems: Sequence[System], metric: str) -> str:
    points = [(s.speed, s.quality, str(number)) for number, s in enumerate(systems, 1)]
    figures = [(f"{metric} against segments a second, by number", scatter(points))]
    for system in systems[:1]:
        figures.append((f"{metric} of sentences, {system.name}", histogram(system.scores)))
        lengths = [float(len(text.split())) for text in system.hypotheses]
        figures.append((f"words of outputs, {system.name}", histogram(lengths)))
    return "".join(
        f"<figure><figcaption>{html.escape(caption)}</figcaption>{svg}</figure>"
        for caption, svg in figures
    )


def _sentence(number: int, row: ReportRow, systems: Sequence[System]) -> dict[str, object]:
    return {
        "number": number + 1,
        "source": row.source,
        "references": list(row.references),
        "outputs": [_marked(system.hypotheses[number], row.references[0]) for system in systems],
        "scores": [round(system.scores[number], 4) for system in systems],
    }


def _marked(hypothesis: str, reference: str) -> list[str]:
    """The hypothesis in parts, by turns as in the reference and different from it."""
    ours, theirs = WORDS.findall(hypothesis), WORDS.findall(reference)
    if len(ours) + len(theirs) > LONGEST_COMPARED:
        return [hypothesis]
    parts = [""]
    for kind, start, end, _, _ in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        text = "".join(ours[start:end])
        if not text:
            continue
        different = kind != "equal" and not text.isspace()
        if different == bool(len(parts) % 2):
            parts.append(text)
        else:
            parts[-1] += text
    return parts
