"""How reranked lists are written. ``WRITERS`` is the table of formats."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from s2scli.cli.jsontext import json_text
from s2scli.cli.output import escape
from s2scli.tasks.rerank.lists import BAR, SCORE_FIELD, Listed, NbestList
from s2scli.tasks.rerank.ranking import Ranking
from s2scli.text.oneline import one_line

__all__ = ["WRITERS"]

SCHEMA = 1
Note = Mapping[str, Any]
# From a list, its ranking, what JSON says of that, and how many hypotheses are wanted.
Write = Callable[[NbestList, Ranking, Note, int], str]


def _text(each: NbestList, ranking: Ranking, _note: Note, _most: int) -> str:
    return one_line(_best(each, ranking)) + "\n"


def _best(each: NbestList, ranking: Ranking) -> str:
    """The best text; of a list without any, what its object says."""
    if ranking.order:
        return each.entries[ranking.order[0]].text
    target = (each.values or {}).get("target")
    return target if isinstance(target, str) else ""


def _tsv(each: NbestList, ranking: Ranking, _note: Note, most: int) -> str:
    return "".join(
        f"{each.number}\t{escape(each.entries[number].text)}\t{ranking.totals[number]:.6f}\n"
        for number in ranking.order[:most]
    )


def _nbest(each: NbestList, ranking: Ranking, _note: Note, most: int) -> str:
    return "".join(f"{BAR.join(_fields(each, ranking, n))}\n" for n in ranking.order[:most])


def _fields(each: NbestList, ranking: Ranking, number: int) -> Iterator[str]:
    """Those of a line of Moses; what came after the score stays."""
    entry = each.entries[number]
    fields = entry.row if isinstance(entry.row, list) else []
    values = (f"{_feature(name)}= {row[number]:.6f}" for name, row in ranking.values.items())
    yield str(each.number)
    yield one_line(entry.text)
    yield " ".join([*filter(None, map(str.strip, fields[2:SCORE_FIELD])), *values])
    yield f"{ranking.totals[number]:.6f}"
    yield from fields[SCORE_FIELD + 1 :]


def _feature(name: str) -> str:
    """A name as Moses reads it: without white space, and without the sign that ends it."""
    return "_".join(name.replace("=", "_").split())


def _jsonl(each: NbestList, ranking: Ranking, note: Note, most: int) -> str:
    best = each.entries[ranking.order[0]] if ranking.order else None
    values = {"schema": SCHEMA, "index": each.number, **(each.values or {})}
    if each.source is not None:
        values["source"] = each.source
    values["target"] = _best(each, ranking)
    for name in ("score", "tokens", "truncated") if best else ():
        if name in values and best:  # what was said of the hypothesis that was the best
            values[name] = best.row.get(name) if isinstance(best.row, dict) else None
    values["hypotheses"] = [_shown(each.entries[number]) for number in ranking.order[:most]]
    return json_text({**values, "rerank": note}) + "\n"


def _shown(entry: Listed) -> Any:
    """A hypothesis as it was in its object; one of Moses' as an object."""
    if not isinstance(entry.row, list):
        return entry.row
    names = ("text", "features", "score")
    values = (entry.text, *(field.strip() for field in entry.row[2:SCORE_FIELD]), entry.score)
    return dict(zip(names, values, strict=False))


WRITERS: dict[str, Write] = {"text": _text, "nbest": _nbest, "jsonl": _jsonl, "tsv": _tsv}
