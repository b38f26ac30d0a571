"""What a person writes to rank by."""

from __future__ import annotations

import pytest

from s2scli.errors import UsageError
from s2scli.tasks.rerank.components import Component, parse


@pytest.mark.parametrize(
    ("specs", "components"),
    [
        (["mbr:chrf"], [("score", "", 0), ("mbr", "chrf", 1)]),
        (["mbr:chrf", "score=0.3"], [("score", "", 0.3), ("mbr", "chrf", 1)]),
        (["reverse:de-en=0.5"], [("score", "", 1), ("reverse", "de-en", 0.5)]),
        (["reverse:de-en", "score=0"], [("score", "", 0), ("reverse", "de-en", 1)]),
        (["ensemble:a,b/c=2"], [("score", "", 1), ("ensemble", "a", 2), ("ensemble", "b/c", 2)]),
        (["reverse:./x=y=-1e-1"], [("score", "", 1), ("reverse", "./x=y", -0.1)]),
        (["score"], [("score", "", 1)]),
    ],
)
def test_components(specs: list[str], components: list[tuple[str, str, float]]) -> None:
    assert list(parse(specs)) == [Component(*component) for component in components]


@pytest.mark.parametrize(
    ("specs", "reason"),
    [
        ([], "nothing to rank by"),
        (["chrf"], "'chrf' is nothing to rank by"),
        (["mbr"], "'mbr' is nothing to rank by"),
        (["mbr:"], "'mbr:' is nothing to rank by"),
        (["score:x"], "'score:x' is nothing to rank by"),
        (["mbr:chrff"], "no such metric of sentences. Did you mean chrf?"),
        (["mbr:cider"], "no such metric of sentences"),
        (["mbr:chrf=much"], "the weight 'much' is not a number"),
        (["mbr:chrf=nan"], "the weight 'nan' is not a number"),
        (["mbr:chrf=inf"], "the weight 'inf' is not a number"),
        (["mbr:chrf="], "the weight '' is not a number"),
        (["reverse:x=y"], "the weight 'y' is not a number"),
        (["mbr:chrf=0"], "has no effect: its weight is 0"),
        (["score=0"], "score=0 has no effect"),
        (["score=0", "mbr:chrf"], "score=0 has no effect"),
        (["ensemble:a,,b"], "the name of a model is empty"),
        (["ensemble:a", "ensemble:b,a"], "ensemble:a is given twice"),
        (["mbr:chrf", "mbr:chrf=2"], "mbr:chrf is given twice"),
    ],
)
def test_anything_else_is_refused(specs: list[str], reason: str) -> None:
    with pytest.raises(UsageError) as found:
        parse(specs)
    assert reason in str(found.value)
