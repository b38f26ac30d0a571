"""The sheet of an annotator as one page of HTML that needs no network.

The template stands beside this module. Texts reach the page only as JSON in a script element of
data; its own script, which the page's policy names by its hash, writes them as text.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path

from s2scli.judging.design import Design
from s2scli.judging.instructions import ABOUT, SEVERITIES_ABOUT, TITLES, instructions, labels
from s2scli.judging.mqm import CATEGORIES
from s2scli.judging.sheets import sheet_tasks

__all__ = ["page"]

TEMPLATE = Path(__file__).with_name("sheet.html")


def page(design: Design, annotator: str) -> str:
    """The page.

    Args:
        design: the design.
        annotator: one of its annotators.
    """
    template = TEMPLATE.read_text(encoding="utf-8")
    script = template.rpartition("<script>")[2].partition("</script>")[0]
    source, target = labels(design.kind)
    data = {
        "design": design.id,
        "annotator": annotator,
        "kind": design.kind,
        "source": source,
        "target": target,
        "criteria": [{**each._asdict(), "about": ABOUT[each.name]} for each in design.criteria],
        "categories": CATEGORIES,
        "severities": SEVERITIES_ABOUT,
        "tasks": [task._asdict() for task in sheet_tasks(design, annotator)],
    }
    parts = {
        "TITLE": html.escape(TITLES[design.kind]),
        "ANNOTATOR": html.escape(annotator),
        "INSTRUCTIONS": "\n".join(f"<li>{html.escape(line)}</li>" for line in instructions(design)),
        "HASH": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        # So that no text can end the element.
        "DATA": json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"),
    }
    return re.sub(r"%%([A-Z]+)%%", lambda match: parts[match[1]], template)
