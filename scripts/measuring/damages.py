"""Translations with faults in them, made from good ones: what the guard must find.

Each kind takes a pair of texts of ``Corpus`` by a seeded generator, puts into both what the damage
is done to where few texts have it (an address, a placeholder, a date), and damages the translation.
The texts are English and German; either may be the source.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from s2scli.text.numbers import numbers

__all__ = ["CLAUSE", "KINDS", "Corpus", "Pair", "damaged"]

FEWEST_WORDS = 8  # of a text that is cut or loops
LEAST_CLAUSE = 3  # words, the comma before them counted
ENDS = tuple(".!?")
CLAUSE = "a clause is lost"  # the kind that no check is sure of
MONTHS: dict[str, list[str]] = {
    "en": re.findall(
        r"\S+",
        "January February March April May June July August September October November December",
    ),
    "de": re.findall(
        r"\S+",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    ),
}
PLACEHOLDERS = (
    "{name}",
    "{0}",
    "%s",
    "%1$s",
    "%(count)d",
    "${user}",
    "{{ item }}",
    "<b>",
    "&nbsp;",
)
HOSTS = ("example.org", "news.example.com", "docs.example.net")
PATHS = ("", "/", "/index.html", "/a/b?id=7", "/guide#start", "/2014/05")
PEOPLE = ("anna.keller", "info", "press", "o.novak", "sales-team")
NAMES = ("ABC", "the EU", "Kim", "Berlin", "NATO")
# The Universal Declaration of Human Rights, articles 1, 2, 3, 20 and 26, as it begins there.
OTHERS = (
    "Tous les êtres humains naissent libres et égaux en dignité et en droits.",
    "Tout individu a droit à la vie, à la liberté et à la sûreté de sa personne.",
    "Nul ne peut être obligé de faire partie d'une association.",
    "Toute personne a droit à l'éducation, qui doit être gratuite.",
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos.",
    "Todo individuo tiene derecho a la vida, a la libertad y a la seguridad de su persona.",
    "Nadie podrá ser obligado a pertenecer a una asociación.",
    "Toda persona tiene derecho a la educación, que debe ser gratuita.",
    "Tutti gli esseri umani nascono liberi ed eguali in dignità e diritti.",
    "Ogni individuo ha diritto alla vita, alla libertà ed alla sicurezza della propria persona.",
    "Nessuno può essere costretto a far parte di un'associazione.",
    "Todos os seres humanos nascem livres e iguais em dignidade e em direitos.",
    "Todo indivíduo tem direito à vida, à liberdade e à segurança pessoal.",
    "Ninguém pode ser obrigado a fazer parte de uma associação.",
    "Alle mensen worden vrij en gelijk in waardigheid en rechten geboren.",
    "Een ieder heeft het recht op leven, vrijheid en onschendbaarheid van zijn persoon.",
    "Niemand mag worden gedwongen om tot een vereniging te behoren.",
    "Alla människor är födda fria och lika i värde och rättigheter.",
    "Var och en har rätt till liv, frihet och personlig säkerhet.",
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "Każdy człowiek ma prawo do życia, wolności i bezpieczeństwa swej osoby.",
    "Все люди рождаются свободными и равными в своем достоинстве и правах.",
    "Каждый человек имеет право на жизнь, на свободу и на личную неприкосновенность.",
)


class Pair(NamedTuple):
    """A source and its translation."""

    source: str
    target: str


class Corpus(NamedTuple):
    """What damages are made from.

    Attributes:
        pairs: sources with good translations.
        source, target: their languages, ``en`` and ``de`` or the other way round.
    """

    pairs: Sequence[Pair]
    source: str
    target: str


Damage = Callable[[Corpus, random.Random], "tuple[Pair, Pair] | None"]


def damaged(kind: str, corpus: Corpus, count: int, seed: int) -> Iterator[tuple[Pair, Pair]]:
    """Pairs before and after a damage.

    Args:
        kind: a key of ``KINDS``.
        corpus: what they are made from.
        count: how many.
        seed: the same seed gives the same pairs.
    """
    generator = random.Random(f"{kind} {seed}")
    made = 0
    while made < count:
        found = KINDS[kind](corpus, generator)
        if found:
            made += 1
            yield found


# --- something is left out ----------------------------------------------------------------------


def _sentence(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """Of two to four sentences one is lost."""
    count = generator.randrange(2, 5)
    start = generator.randrange(len(corpus.pairs) - count)
    rows = [pair for pair in corpus.pairs[start : start + count] if _is_whole(pair)]
    if len(rows) < 2:
        return None
    lost = generator.randrange(len(rows))
    source, target = (" ".join(row[side] for row in rows) for side in (0, 1))
    kept = " ".join(row.target for number, row in enumerate(rows) if number != lost)
    return Pair(source, target), Pair(source, kept)


def _half(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    pair, words = _long(corpus, generator)
    return pair, Pair(pair.source, " ".join(words[: len(words) // 2]))


def _cut(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """The end is lost, from a tenth to seven tenths of the words."""
    pair, words = _long(corpus, generator)
    kept = round(len(words) * generator.uniform(0.3, 0.9))
    return pair, Pair(pair.source, " ".join(words[:kept]))


def _clause(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """What stands between two commas, or between one and the end, is lost."""
    pair, _ = _long(corpus, generator)
    target = pair.target
    commas = [match.start() for match in re.finditer(r",(?=[ “”\"])", target)]
    if not commas or target[-1] not in ENDS:
        return None
    number = generator.randrange(len(commas))
    start = commas[number]
    end = commas[number + 1] if number + 1 < len(commas) else len(target) - 1
    if len(target[start:end].split()) < LEAST_CLAUSE:
        return None
    return pair, Pair(pair.source, target[:start] + target[end:])


# --- something is too much, or another ----------------------------------------------------------


def _loop(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """From some place on three to six words come again and again, three times at least."""
    pair, words = _long(corpus, generator)
    size = generator.randrange(3, 7)
    start = generator.randrange(len(words) - size + 1)
    times = max(3, 1 + (len(words) - start) // size)
    return pair, Pair(pair.source, " ".join(words[:start] + words[start : start + size] * times))


def _copy(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    pair, _ = _long(corpus, generator)
    return pair, Pair(pair.source, pair.source)


def _same_language(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """Another text in the language of the source, of about the right length."""
    pair, _ = _long(corpus, generator)
    for other in generator.sample(corpus.pairs, 50):
        if other != pair and 0.8 < len(other.source) / len(pair.target) < 1.25:
            return pair, Pair(pair.source, other.source)
    return None


def _other_language(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    pair, _ = _long(corpus, generator)
    return pair, Pair(pair.source, generator.choice(OTHERS))


# --- numbers and dates --------------------------------------------------------------------------


def _numbered(
    corpus: Corpus, generator: random.Random
) -> tuple[Pair, list[tuple[int, int]]] | None:
    """A pair with numbers in both texts, and where those of the translation are."""
    pair = generator.choice(corpus.pairs)
    own = {value for number in numbers(pair.source) for value in number.values}
    found = [
        (number.start, number.end)
        for number in numbers(pair.target)
        if own & number.values and number.whole == (number.start, number.end)
    ]
    return (pair, found) if found else None


def _number_changed(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """One digit is another."""
    if not (found := _numbered(corpus, generator)):
        return None
    pair, places = found
    start, end = generator.choice(places)
    digits = [place for place in range(start, end) if pair.target[place].isdecimal()]
    place = generator.choice(digits)
    others = "123456789".replace(pair.target[place], "")
    target = pair.target[:place] + generator.choice(others) + pair.target[place + 1 :]
    return pair, Pair(pair.source, target)


def _number_lost(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    if not (found := _numbered(corpus, generator)):
        return None
    pair, places = found
    start, end = generator.choice(places)
    return pair, Pair(pair.source, f"{pair.target[:start]}{pair.target[end:].lstrip()}")


def _number_added(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    pair, words = _long(corpus, generator)
    new = generator.choice((generator.randrange(2, 100), generator.randrange(100, 10_000)))
    words.insert(generator.randrange(1, len(words)), str(new))
    return pair, Pair(pair.source, " ".join(words))


def _date(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """Another day, month or year; the date is put in."""
    pair, _ = _long(corpus, generator)
    day, month, year = (
        generator.randrange(1, 29),
        generator.randrange(12),
        1990 + generator.randrange(40),
    )
    other = [day, month, year]
    part = generator.randrange(3)
    while other[part] == [day, month, year][part]:
        other[part] = (
            generator.randrange(1, 29),
            generator.randrange(12),
            1990 + generator.randrange(40),
        )[part]
    form = generator.randrange(3)
    ours = _written(corpus.source, form, day, month, year)
    theirs, wrong = (_written(corpus.target, form, *each) for each in ((day, month, year), other))
    source, target = f"{ours}: {pair.source}", f"{theirs}: {pair.target}"
    return Pair(source, target), Pair(source, f"{wrong}: {pair.target}")


def _written(language: str, form: int, day: int, month: int, year: int) -> str:
    if language == "en":
        name = MONTHS["en"][month]
        return (f"{name} {day}, {year}", f"{day} {name} {year}", f"{month + 1}/{day}/{year}")[form]
    name = MONTHS["de"][month]
    return (f"{day}. {name} {year}", f"Am {day}. {name} {year}", f"{day}.{month + 1}.{year}")[form]


# --- signs --------------------------------------------------------------------------------------


def _with(corpus: Corpus, generator: random.Random, things: Sequence[str]) -> tuple[Pair, str]:
    """A pair with the same thing in both texts."""
    pair, _ = _long(corpus, generator)
    thing = generator.choice(things)
    form = generator.choice(("{0} {1}", "{1}: {0}", "{0} ({1})"))
    return Pair(*(form.format(text, thing) for text in pair)), thing


def _without(pair: Pair, thing: str, instead: str) -> Pair:
    target = pair.target.replace(f" ({thing})", f" ({instead})" if instead else "")
    return Pair(pair.source, target.replace(thing, instead).strip())


def _urls() -> list[str]:
    return [
        f"{start}{host}{path}"
        for start in ("https://", "http://www.")
        for host in HOSTS
        for path in PATHS
    ]


def _mails() -> list[str]:
    return [f"{person}@{host}" for person in PEOPLE for host in HOSTS]


def _lost(things: Sequence[str]) -> Damage:
    def damage(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
        pair, thing = _with(corpus, generator, things)
        return pair, _without(pair, thing, "")

    return damage


def _altered(things: Sequence[str]) -> Damage:
    """One letter is another, or is missing."""

    def damage(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
        pair, thing = _with(corpus, generator, things)
        letters = [place for place, sign in enumerate(thing) if sign.isalpha()]
        place = generator.choice(letters)
        instead = generator.choice(("", "x" if thing[place] != "x" else "y"))
        return pair, _without(pair, thing, thing[:place] + instead + thing[place + 1 :])

    return damage


def _doubled(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    pair, thing = _with(corpus, generator, PLACEHOLDERS)
    return pair, _without(pair, thing, f"{thing} {thing}")


def _bracket(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    """One bracket of a pair; half of the pairs are put in."""
    pair = generator.choice(corpus.pairs)
    if generator.random() < 0.5:
        name = generator.choice(NAMES)
        pair = Pair(*(f"{text} ({name})" for text in pair))
    if not all(text.count("(") == text.count(")") > 0 for text in pair):
        return None
    places = [place for place, sign in enumerate(pair.target) if sign in "()"]
    place = generator.choice(places)
    return pair, Pair(pair.source, pair.target[:place] + pair.target[place + 1 :])


def _quote(corpus: Corpus, generator: random.Random) -> tuple[Pair, Pair] | None:
    pair = generator.choice(corpus.pairs)
    places = [place for place, sign in enumerate(pair.target) if sign in '„“”"']
    if not places or not re.search('[„“”"]', pair.source):
        return None
    place = generator.choice(places)
    return pair, Pair(pair.source, pair.target[:place] + pair.target[place + 1 :])


KINDS: dict[str, Damage] = {
    "one of 2 to 4 sentences is lost": _sentence,
    "the second half is lost": _half,
    "the end is lost, from a tenth on": _cut,
    CLAUSE: _clause,
    "3 to 6 words come again and again": _loop,
    "a digit is another": _number_changed,
    "a number is lost": _number_lost,
    "a number is new": _number_added,
    "a date is another": _date,
    "a URL is lost": _lost(_urls()),
    "a URL is another": _altered(_urls()),
    "an e-mail address is lost": _lost(_mails()),
    "an e-mail address is another": _altered(_mails()),
    "a placeholder is lost": _lost(PLACEHOLDERS),
    "a placeholder comes twice": _doubled,
    "a bracket is lost": _bracket,
    "a quotation mark is lost": _quote,
    "the source is copied": _copy,
    "another text in the source's language": _same_language,
    "a text in a third language": _other_language,
}


def _long(corpus: Corpus, generator: random.Random) -> tuple[Pair, list[str]]:
    """A pair whose texts have some words, and those of the translation."""
    while True:
        pair = generator.choice(corpus.pairs)
        words = pair.target.split()
        if len(words) >= FEWEST_WORDS and len(pair.source.split()) >= FEWEST_WORDS:
            return pair, words


def _is_whole(pair: Pair) -> bool:
    return all(text[-1:] in ENDS for text in pair)
