"""Cheap variations of sentence pairs, so that a small model learns what clean text never shows.

Every function takes a pair and a seeded generator and gives a pair; where a variation does not
apply, the pair comes back as it was.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from training.quantities import Pair, quantity
from training.sentences import sentence
from training.things import (
    address,
    code,
    file_name,
    foreign,
    identifier,
    made_up_name,
    number_line,
    placeholder,
    symbol,
    url,
    word,
)

__all__ = ["Pair", "augment"]

Variation = Callable[[Pair, random.Random], Pair]

FINAL = ".!?"
# Names that Tatoeba's sentences share out among themselves.
COMMON_NAMES = re.compile(
    r"\b(Tom|Mary|Maria|John|Boston|Australia|Bill|Alice|Ken|Jane|Bob|Jim|Mike|Tokyo)\b"
)
# What programs read: neither its case nor its letters may change. Not $50, 5% and 2 p.m.
EXACT = re.compile(r"[`_{}<>/\\@=]|\$(?!\d)|%(?=[\w(])|[a-z][A-Z]|(?<!\b[ap])\.\w")
THING = re.compile(r"`[^`\s]+`|https?://[^\s<>\"'„“)]+|\{\{?\w+\}?\}|%\(\w+\)s|\$\{\w+\}|%\d\$s")
JOINED_CHARACTERS = 320
NUMBER = re.compile(r"(?<![\d.,:])\d+(?![\d.,:]?\d)")


def augment(pairs: Sequence[Pair], seed: int, epoch: int, index: int) -> Pair:
    """The first pair, varied or (two times in three) not.

    Args:
        pairs: the pair, and others that may be joined to it.
        seed: of the run.
        epoch: draws differ from epoch to epoch.
        index: the pair's number.
    """
    generator = random.Random(f"{seed} {epoch} {index}")
    pair = pairs[0]
    if generator.random() < 0.64:
        return pair
    (variation,) = generator.choices(list(VARIATIONS), list(VARIATIONS.values()))
    if variation is joined:
        return joined(pairs[: generator.choice((2, 2, 2, 3, 3, 4))], generator)
    return variation(pair, generator)


def joined(pairs: Sequence[Pair], generator: random.Random) -> Pair:
    """Several sentences on a line; without its mark, a sentence could not be told from the next."""
    whole = [pair for pair in pairs if pair[0][-1] in FINAL and pair[1][-1] in FINAL]
    if len(whole) < 2 or sum(len(source) for source, _ in whole) > JOINED_CHARACTERS:
        return pairs[0]
    return " ".join(source for source, _ in whole), " ".join(target for _, target in whole)


def unfinished(pair: Pair, generator: random.Random) -> Pair:
    """No final punctuation."""
    if pair[0][-1] != pair[1][-1] or pair[0][-1] not in FINAL:
        return pair
    return pair[0].rstrip(FINAL), pair[1].rstrip(FINAL)


def lower_case(pair: Pair, generator: random.Random) -> Pair:
    """A careless source, with or without its final mark; the target stays as it should be."""
    if EXACT.search(pair[0].rstrip(FINAL)):
        return pair
    source, target = unfinished(pair, generator) if generator.random() < 0.5 else pair
    return source.lower(), target


def capitals(pair: Pair, generator: random.Random) -> Pair:
    """Both sides in capitals (ß becomes SS)."""
    if EXACT.search(pair[0].rstrip(FINAL)):
        return pair
    return pair[0].upper(), pair[1].upper()


def other_numbers(pair: Pair, generator: random.Random) -> Pair:
    """A number that stands once on either side becomes another one."""
    here, there = NUMBER.findall(pair[0]), NUMBER.findall(pair[1])
    shared = [n for n in here if here.count(n) == 1 and there.count(n) == 1]
    for number in shared:
        digits = generator.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 8))
        new = (
            str(generator.randrange(2, 10**digits)) if digits > 1 else str(generator.randint(2, 9))
        )
        pair = _swap(pair, re.compile(rf"(?<!\d){number}(?!\d)"), new)
    return pair


def decimals(pair: Pair, generator: random.Random) -> Pair:
    """A whole number that stands once on either side gets decimals or thousands.

    English writes ``1,234.56``, German ``1.234,56``.
    """
    here, there = NUMBER.findall(pair[0]), NUMBER.findall(pair[1])
    shared = [n for n in here if here.count(n) == 1 and there.count(n) == 1]
    if not shared:
        return pair
    if generator.random() < 0.5:
        english = f"{generator.randrange(10 ** generator.randint(1, 3))}."
        english += f"{generator.randrange(100):02}" if generator.random() < 0.6 else "5"
    else:
        english = f"{generator.randrange(1000, 10 ** generator.randint(4, 8)):,}"
        english += f".{generator.randrange(100):02}" if generator.random() < 0.4 else ""
    german = english.translate(str.maketrans(",.", ".,"))
    old = re.compile(rf"(?<!\d){generator.choice(shared)}(?!\d)")
    return old.sub(english, pair[0]), old.sub(german, pair[1])


def other_names(pair: Pair, generator: random.Random) -> Pair:
    """A common name becomes a rare or a made-up one, which can only be copied.

    Tatoeba writes Mary in German as Maria; a genitive (``Toms``) is left alone.
    """
    found = COMMON_NAMES.search(pair[0])
    if not found:
        return pair
    name = found[0]
    there = "Maria" if name == "Mary" and "Mary" not in pair[1] else name
    once = re.compile(rf"\b{name}\b"), re.compile(rf"\b{there}\b")
    if len(once[0].findall(pair[0])) != 1 or len(once[1].findall(pair[1])) != 1:
        return pair
    if f"{name}'" in pair[0]:
        return pair
    new = made_up_name(generator)
    return once[0].sub(new, pair[0]), once[1].sub(new, pair[1])


def placed(pair: Pair, generator: random.Random) -> Pair:
    """Something that is copied as it is, in mid-sentence: in the place of a name."""
    found = COMMON_NAMES.search(pair[0])
    if not found:
        return pair
    once = re.compile(rf"\b{found[0]}\b")
    if any(len(once.findall(side)) != 1 for side in pair) or f"{found[0]}'" in pair[0]:
        return pair
    thing = generator.choice((url, address, address, file_name, placeholder, code))(generator)
    return once.sub(lambda _: thing, pair[0]), once.sub(lambda _: thing, pair[1])


def other_things(pair: Pair, generator: random.Random) -> Pair:
    """Code, addresses and placeholders that are on both sides become others of their kind."""
    here, there = THING.findall(pair[0]), THING.findall(pair[1])
    for thing in {t for t in here if here.count(t) == 1 and there.count(t) == 1}:
        if thing.startswith("http"):
            new = url(generator)
        elif thing.startswith("`"):
            maker = generator.choice((word, file_name, placeholder, identifier, identifier))
            new = f"`{maker(generator)}`"
        else:
            new = re.sub(r"\w{2,}", lambda _: word(generator), thing)
        pair = pair[0].replace(thing, new), pair[1].replace(thing, new)
    return pair


def appended(pair: Pair, generator: random.Random) -> Pair:
    """Behind a colon, in brackets or at the end: what is copied as it is, or a quantity."""
    if generator.random() < 0.3:
        thing = quantity(generator)
    else:
        makers = (url, url, address, address, file_name, placeholder, symbol, foreign, code)
        thing = (generator.choice(makers)(generator),) * 2
    if pair[0][-1] not in FINAL or pair[1][-1] not in FINAL:
        return pair
    source, target = pair[0].rstrip(FINAL), pair[1].rstrip(FINAL)
    shape = generator.choice(("{}: {}", "{} ({})", "{} ({}).", "{}. {}", "{} {}", "{}! {}"))
    return shape.format(source, thing[0]), shape.format(target, thing[1])


def prefixed(pair: Pair, generator: random.Random) -> Pair:
    """A list mark, a speaker or a quotation around the sentence."""
    name = made_up_name(generator)
    kind = generator.randrange(4)
    if kind == 0:
        return f'"{pair[0]}"', f"„{pair[1]}“"
    mark = ("", f"{generator.randint(1, 20)}. ", "- ", f"{name}: ")[kind]
    return mark + pair[0], mark + pair[1]


def made(pair: Pair, generator: random.Random) -> Pair:
    """Another sentence with dates, prices, names and the like, as anyone may write it."""
    other, pair = pair, sentence(generator)
    kind = generator.random()
    if kind > 0.75:
        return joined([pair, other] if kind > 0.85 else [other, pair], generator)
    if kind < 0.15:
        return capitals(pair, generator)
    if kind < 0.25:
        return lower_case(pair, generator)
    return unfinished(pair, generator) if kind < 0.4 else pair


def copied(pair: Pair, generator: random.Random) -> Pair:
    """A line that has no words to translate."""
    makers = (url, address, file_name, symbol, foreign, made_up_name, number_line)
    line = " ".join(generator.choice(makers)(generator) for _ in range(generator.choice((1, 1, 2))))
    return line, line


def _swap(pair: Pair, old: re.Pattern[str], new: str) -> Pair:
    return old.sub(new, pair[0]), old.sub(new, pair[1])


# Variation → its share among the variations.
VARIATIONS: dict[Callable[..., Pair], int] = {
    joined: 30,
    unfinished: 14,
    lower_case: 12,
    capitals: 10,
    other_numbers: 6,
    decimals: 3,
    other_names: 16,
    placed: 8,
    other_things: 10,
    appended: 12,
    prefixed: 4,
    copied: 4,
    made: 30,
}
