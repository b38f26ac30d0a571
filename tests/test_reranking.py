"""Lists of hypotheses ranked from Python."""

from __future__ import annotations

from typing import Any

import pytest

import s2scli
from s2scli.errors import UsageError

LISTS = [["Ja.", "Nein.", "Ja!"], [], ["Nein."]]


def test_each_list_has_a_ranking() -> None:
    found = s2scli.rerank(LISTS)
    assert [ranking.order for ranking in found] == [(0, 2, 1), (), (0,)]
    assert found[0].values.keys() == {"mbr:chrf"}
    assert list(found[0].totals) == found[0].values["mbr:chrf"]


def test_with_sources_and_scores() -> None:
    (found,) = s2scli.rerank(
        LISTS[:1], ["ensemble:en-de=2", "score=0.5"], sources=["No."], scores=[[-1, -2, -3]]
    )
    assert found.order[0] == 1
    forced = found.values["ensemble:en-de"]
    assert list(found.totals) == pytest.approx([2 * forced[n] - 0.5 * (n + 1) for n in range(3)])


@pytest.mark.parametrize(
    ("arguments", "options", "reason"),
    [
        ((LISTS, "ensemble:en-de"), {}, "the sources are needed"),
        ((LISTS, "ensemble:en-de"), {"sources": ["No."]}, "There are 3 lists and 1 sources"),
        ((LISTS, "score"), {"scores": [[1], [], [1]]}, "3 hypotheses have 1 scores"),
        ((["Ja.", "Nein."],), {}, "is 'Ja.'; it must be a list of texts"),
        ((LISTS, ()), {}, "nothing to rank by"),
    ],
)
def test_what_is_missing_is_said(
    arguments: tuple[Any, ...], options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UsageError, match=reason):
        s2scli.rerank(*arguments, **options)
