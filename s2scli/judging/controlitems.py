"""Control items: what shows how well an annotator judges, mixed with the rest.

They are those of WMT's direct assessment: the reference, which should be rated high; a damaged copy
of an output, which should be rated worse than the output; a repeat, which should be rated the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from s2scli.judging.blocks import JudgedBlock
from s2scli.judging.chance import Chance
from s2scli.judging.damage import damaged
from s2scli.judging.design import DAMAGED, REFERENCE, REPEAT, JudgedSegment, Shown

__all__ = ["with_controls"]

FAR = 3  # what belongs together is apart by a third of the sheet


def with_controls(
    blocks: Sequence[JudgedBlock],
    shares: Mapping[str, float],
    segments: Sequence[JudgedSegment],
    chance: Chance,
) -> list[JudgedBlock]:
    """The blocks of a sheet with controls among them.

    A control stands at least a third of the sheet away from what it is a copy of, a repeat after
    it, and never within a document.

    Args:
        blocks: the sheet.
        shares: for each control that is wanted, how many there are for each block of the sheet;
            one at least.
        segments: all segments, whose outputs damaged copies take words from.
        chance: what decides.
    """
    placed: list[tuple[int, JudgedBlock]] = []
    for control, share in shares.items():
        wanted = max(1, round(share * len(blocks))) if share else 0
        for index in _spread(blocks, chance):
            if wanted and (places := _places(blocks, index, control)):
                copy = _control(control, blocks[index], segments, chance)
                if copy:
                    number = len(blocks) + len(placed)
                    placed.append((chance.pick(places), copy._replace(number=number)))
                    wanted -= 1
    order = sorted(chance.shuffled(placed), key=itemgetter(0))
    mixed: list[JudgedBlock] = []
    for place in range(len(blocks) + 1):
        mixed += [block for where, block in order if where == place]
        mixed += blocks[place : place + 1]
    return mixed


def _spread(blocks: Sequence[JudgedBlock], chance: Chance) -> Iterable[int]:
    """The places of all blocks in an order of chance that takes turns among systems."""
    seen: Counter[object] = Counter()
    order = []
    for index in chance.shuffled(range(len(blocks))):
        seen[blocks[index].systems()] += 1
        order.append((seen[blocks[index].systems()], index))
    return [index for _, index in sorted(order, key=itemgetter(0))]


def _places(blocks: Sequence[JudgedBlock], index: int, control: str) -> list[int]:
    """Where a control may be put: the places of the blocks before which it would stand."""
    apart = len(blocks) // FAR
    before = range(0 if control == REPEAT else index - apart + 1)
    after = range(index + apart + 1, len(blocks) + 1)
    return [
        place
        for place in (*before, *after)
        if place in (0, len(blocks)) or blocks[place - 1].unit.number != blocks[place].unit.number
    ]


def _control(
    control: str, block: JudgedBlock, segments: Sequence[JudgedSegment], chance: Chance
) -> JudgedBlock | None:
    """A control of a block; None if its texts do not allow one."""
    if control == REPEAT:
        exchanged = tuple(texts[::-1] for texts in block.shown)
        return block._replace(shown=exchanged, control=REPEAT, of=block.number)
    side = chance.below(len(block.shown[0]))
    if control == REFERENCE:
        if not all((segment.reference or "").strip() for segment in block.unit.segments):
            return None
        shown = tuple(_put(texts, side, Shown(None)) for texts in block.shown)
        return block._replace(shown=shown, control=REFERENCE)
    system = block.shown[0][side].system or ""
    texts = _damaged(block, system, segments, chance)
    place = chance.below(len(block.shown[0]))
    whole = (Shown(system),) * len(block.shown[0])
    shown = tuple(_put(whole, place, Shown(system, text)) for text in texts)
    return block._replace(shown=shown, control=DAMAGED, of=block.number) if shown else None


def _damaged(
    block: JudgedBlock, system: str, segments: Sequence[JudgedSegment], chance: Chance
) -> list[str]:
    """Damaged copies of a system's outputs in a block; none if one of them cannot be damaged."""
    copies = []
    for segment in block.unit.segments:
        others = [each.outputs[system] for each in segments if each.id != segment.id]
        copies.append(damaged(segment.outputs[system], others, chance))
    found = [copy for copy in copies if copy is not None]
    return found if len(found) == len(copies) else []


def _put(texts: tuple[Shown, ...], side: int, text: Shown) -> tuple[Shown, ...]:
    return (*texts[:side], text, *texts[side + 1 :])
