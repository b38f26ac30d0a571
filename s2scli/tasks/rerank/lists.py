"""N-best lists of any system: Moses' format, and JSON lines.

Moses (https://www2.statmt.org/moses/?n=Advanced.Search) and Marian write a line for each
hypothesis::

    0 ||| das ist ein Haus ||| LM0= -12.3 TM0= -1.2 -3.4 ||| -4.56

index, hypothesis, features and score, and perhaps more fields; all after the hypothesis may be
missing. The lines of a list follow each other; lists are numbered from 0 without gaps.

JSON lines have an object for each list, with ``hypotheses``: texts, or objects with ``text`` and
perhaps ``score``. ``source`` and ``index`` may be there too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, NamedTuple

from s2scli.data import Segment
from s2scli.errors import BadInputError
from s2scli.tasks.beside import beside
from s2scli.tasks.rerank.ranking import Candidates, Ranker, Ranking
from s2scli.text.reading import Digits, checked, json_object

__all__ = ["BAR", "Listed", "NbestList", "ranked", "read_lists", "with_sources"]

BAR = " ||| "
FORM = "Each line must be: INDEX ||| HYPOTHESIS ||| FEATURES ||| SCORE."
NEEDS_SOURCE = "Give the sources with --source FILE, or as 'source' in JSON lines."
MOST = 2000  # hypotheses of a list: all pairs of them may be compared
SCORE_FIELD = 3


class Listed(NamedTuple):
    """A hypothesis of a list.

    Attributes:
        text: the hypothesis.
        score: its own score, if it has one; higher is better.
        row: what it was read from: the fields of a line, or a value of JSON.
    """

    text: str
    score: float | None
    row: Any


class NbestList(NamedTuple):
    """The hypotheses of one source.

    Attributes:
        number: that of the source, from 0.
        place: the line that it begins on, for messages.
        entries: the hypotheses.
        source: the source, if it is known.
        values: the object that it was read from, if it is JSON.
    """

    number: int
    place: str
    entries: tuple[Listed, ...]
    source: str | None = None
    values: Mapping[str, Any] | None = None


def read_lists(blocks: Iterable[Sequence[Segment]]) -> Iterator[list[NbestList]]:
    """The lists of an input, whose first line shows whether it is JSON.

    Args:
        blocks: its lines.

    Yields:
        Those that are complete, as lines come.

    Raises:
        BadInputError: a line is none of a list, or not of the one whose turn it is; all lists
            before it have been yielded.
    """
    blocks = iter(blocks)
    for block in blocks:
        if first := next((line.text for line in block if line.text.strip()), ""):
            read = _json_lists if first.lstrip().startswith("{") else _moses_lists
            yield from read(chain([block], blocks))
            return


def _moses_lists(blocks: Iterable[Sequence[Segment]]) -> Iterator[list[NbestList]]:
    held: NbestList | None = None
    blank = ""
    for block in blocks:
        ready: list[NbestList] = []
        try:
            for line in block:
                place = f"line {line.index + 1}"
                blank = _blank(line, place, blank)
                if blank:
                    continue
                index, entry = _moses_entry(line.text, place)
                if held and index == held.number:
                    held = _longer(held, entry, place)
                    continue
                _check_index(index, held.number + 1 if held else 0, place)
                if held:
                    ready.append(held)
                held = NbestList(index, place, (entry,))
        except BadInputError:
            yield ready
            raise
        yield ready
    if held:
        yield [held]


def _longer(held: NbestList, entry: Listed, place: str) -> NbestList:
    if len(held.entries) >= MOST:
        raise _too_many(place)
    return held._replace(entries=(*held.entries, entry))


def _too_many(place: str) -> BadInputError:
    return BadInputError(f"{place}: the list has more than {MOST} hypotheses", "Shorten it.")


def _moses_entry(text: str, place: str) -> tuple[int, Listed]:
    fields = f"{text} ".split(BAR) if text.endswith("|||") else text.split(BAR)
    index = fields[0].strip()
    if len(fields) == 1 or not (index.isascii() and index.isdecimal()):
        raise BadInputError(f"{place} is not of an n-best list", FORM)
    score = None
    if len(fields) > SCORE_FIELD:
        score = _number(fields[SCORE_FIELD], place)
    # Moses itself writes a blank after each word.
    return int(index), Listed(fields[1].rstrip(" "), score, fields)


def _json_lists(blocks: Iterable[Sequence[Segment]]) -> Iterator[list[NbestList]]:
    blank, count = "", 0
    for block in blocks:
        ready: list[NbestList] = []
        try:
            for line in block:
                place = f"line {line.index + 1}"
                blank = _blank(line, place, blank)
                if not blank:
                    ready.append(_json_list(json_object(line.text, place) or {}, count, place))
                    count += 1
        except BadInputError:
            yield ready
            raise
        yield ready


def _json_list(values: Mapping[str, Any], number: int, place: str) -> NbestList:
    rows = values.get("hypotheses")
    if not isinstance(rows, list):
        raise BadInputError(f"{place}: there is no list 'hypotheses'", f"It has: {_keys(values)}.")
    if len(rows) > MOST:
        raise _too_many(place)
    if type(values.get("index", number)) is not int:
        raise BadInputError(f"{place}: the index is not a whole number")
    _check_index(values.get("index", number), number, place)
    source = values.get("source")
    if source is not None:
        source = _text(source, f"{place}: the source")
    entries = tuple(_json_entry(row, place) for row in rows)
    return NbestList(number, place, entries, source, values)


def _json_entry(row: Any, place: str) -> Listed:
    if not isinstance(row, dict):
        return Listed(_text(row, f"{place}: a hypothesis"), None, row)
    score = row.get("score")
    if score is not None:
        score = _number(score, place)
    return Listed(_text(row.get("text"), f"{place}: the 'text' of a hypothesis"), score, row)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise BadInputError(f"{what} is not text")
    return checked(value, what)


def _number(value: Any, place: str) -> float:
    """A finite number.

    Raises:
        BadInputError: it is something else.
    """
    number = math.nan
    if isinstance(value, str | int | float | Digits) and not isinstance(value, bool):
        with suppress(ValueError):
            number = float(str(value))
    if not math.isfinite(number):
        raise BadInputError(f"{place}: the score {str(value).strip()!r} is not a number")
    return number


def _keys(values: Mapping[str, Any]) -> str:
    return ", ".join(values) or "nothing"


def _blank(line: Segment, place: str, blank: str) -> str:
    """The first blank line so far; only blank lines may follow.

    Raises:
        BadInputError: another follows.
    """
    if not line.text.strip():
        return blank or place
    if blank:
        raise BadInputError(f"{blank} is blank", "Blank lines may stand at the end only.")
    return ""


def _check_index(index: int, expected: int, place: str) -> None:
    """Make sure that lists come one after the other.

    Raises:
        BadInputError: they do not.
    """
    if index != expected:
        what = "comes again" if index < expected else f"follows, and there is no list {expected}"
        raise BadInputError(
            f"{place}: index {index} {what}", "Lists are numbered from 0, without gaps."
        )


def with_sources(
    blocks: Iterable[list[NbestList]], lines: Iterable[str], name: str
) -> Iterator[list[NbestList]]:
    """Lists with their sources.

    Args:
        blocks: the lists.
        lines: the sources, one for each list.
        name: the file of the sources, for messages.

    Raises:
        BadInputError: there are more or fewer; all lists before have been yielded.
    """
    return beside(
        blocks,
        lines,
        lambda each, source: each._replace(source=source),
        lambda each, count: BadInputError(
            f"{each.place}: the list {each.number} has no source; {name} has {count} lines"
        ),
        lambda count: BadInputError(f"{name} has more lines than there are lists ({count})"),
    )


def ranked(lists: Sequence[NbestList], ranker: Ranker) -> list[tuple[Candidates, Ranking]]:
    """The rankings of lists.

    Raises:
        BadInputError: a source is needed and not known, or some hypotheses have scores and others
            have none.
    """
    given = [_candidates(each, ranker) for each in lists]
    return list(zip(given, ranker.rank(given), strict=True))


def _candidates(each: NbestList, ranker: Ranker) -> Candidates:
    if each.source is None and ranker.asks_models:
        raise BadInputError(f"{each.place}: the source of the list is not known", NEEDS_SOURCE)
    scores = [entry.score for entry in each.entries if entry.score is not None]
    if scores and len(scores) < len(each.entries):
        raise BadInputError(f"{each.place}: some hypotheses of the list have a score, others none")
    texts = [entry.text for entry in each.entries]
    return Candidates(each.source or "", texts, scores if scores or not texts else None)
