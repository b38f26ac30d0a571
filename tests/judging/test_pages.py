"""Pages hold texts as they are, whatever is in them, and are the same on every machine."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2scli.judging.chance import Chance
from s2scli.judging.design import JudgedSegment
from s2scli.judging.kinds import KINDS
from s2scli.judging.pages import page
from s2scli.judging.planning import JudgingPlan, planned

texts = st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(
    ["</script><script>", "%%DATA%%", "<!--<script>", "\u2028", "\\u003c", '"&lt;']
)


def data_of(text: str) -> Any:
    """The data in a page, found as a browser does it."""
    return json.loads(text.partition('id="data">')[2].partition("</script>")[0])


@given(st.lists(texts, min_size=3, max_size=3), st.sampled_from(sorted(KINDS)))
def test_texts_are_data(three: list[str], kind: str) -> None:
    source, one, two = three
    segment = JudgedSegment("1", source, None, {"a": one, "b": two})
    design = planned(JudgingPlan(kind, controls={}), [segment])
    text = page(design, "annotator-1")
    shown = {each for task in data_of(text)["tasks"] for each in (task["source"], *task["texts"])}
    assert shown == {source, one, two}
    empty = planned(JudgingPlan(kind), [JudgedSegment("1", "", None, {"a": "", "b": ""})])
    assert text.count("<") == page(empty, "annotator-1").count("<")


def test_the_policy_names_the_script() -> None:
    design = planned(JudgingPlan("direct"), [JudgedSegment("1", "x", None, {"a": "y"})])
    text = page(design, "annotator-1")
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "%%" not in text.replace(json.dumps(data_of(text)), "")


def test_chance_is_the_same_everywhere() -> None:
    """These numbers may never change: seeds that people wrote down would lose their meaning."""
    chance = Chance("seed")
    assert [chance.below(100) for _ in range(5)] == [13, 23, 86, 28, 4]
    assert chance.shuffled("abcdef") == list("dcebfa")
    assert chance.name() == "t411093134"


@pytest.mark.parametrize("kind", KINDS)
def test_documents_have_numbers(kind: str) -> None:
    segments = [
        JudgedSegment(str(n), f"s{n}", None, {"a": f"a{n}", "b": f"b{n}"}, "d" if n < 3 else None)
        for n in range(1, 5)
    ]
    tasks = data_of(page(planned(JudgingPlan(kind), segments), "annotator-1"))["tasks"]
    pairs = 1 if kind == "relative" else 2
    numbers = [task["document"] for task in tasks if task["document"]]
    assert sorted(numbers) == [n for n in range(1, pairs + 1) for _ in range(2)]
    assert sum(not task["document"] for task in tasks) == 2 * pairs
