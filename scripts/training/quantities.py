"""Dates, times, prices and measures in English and in German, made by a seeded generator.

Each function takes the generator and gives the same thing in both languages. German puts a stop
after a day, a comma before decimals, and a currency's sign after the amount.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

__all__ = ["QUANTITIES", "Pair", "quantity"]

Pair = tuple[str, str]
Quantity = Callable[[random.Random], Pair]


def _rows(text: str) -> list[list[str]]:
    return [row.split("/") for row in text.split()]


MONTHS = _rows(
    "January/Januar February/Februar March/März April/April May/Mai June/Juni July/Juli "
    "August/August September/September October/Oktober November/November December/Dezember"
)
WEEKDAYS = _rows(
    "Monday/Montag Tuesday/Dienstag Wednesday/Mittwoch Thursday/Donnerstag Friday/Freitag "
    "Saturday/Samstag Sunday/Sonntag"
)
# English, German, and the German form after "in" or "vor".
PERIODS = _rows(
    "seconds/Sekunden/Sekunden minutes/Minuten/Minuten minutes/Minuten/Minuten "
    "hours/Stunden/Stunden days/Tage/Tagen weeks/Wochen/Wochen months/Monate/Monaten "
    "years/Jahre/Jahren"
)
MEASURES = _rows(
    "cm/cm mm/mm km/km m/m kg/kg ml/ml litres/Liter kilometres/Kilometer kilometers/Kilometer "
    "metres/Meter meters/Meter miles/Meilen grams/Gramm degrees/Grad tonnes/Tonnen watts/Watt"
)
SIZES = _rows("KB/KB MB/MB GB/GB TB/TB megabytes/Megabyte gigabytes/Gigabyte bytes/Bytes")
SIGNS = "$$€€£"


def _day(generator: random.Random) -> int:
    return generator.randint(1, 31)


def _year(generator: random.Random) -> str:
    return str(generator.choice((generator.randint(1700, 1999), generator.randint(1950, 2035))))


def _ordinal(day: int) -> str:
    ending = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def day(generator: random.Random, with_year: bool = False) -> Pair:
    """A day of a month: ``3 June``, ``June 3``, ``June 3rd``, ``the 3rd of June``."""
    (month, monat), number = generator.choice(MONTHS), _day(generator)
    year = _year(generator) if with_year else ""
    before, after = f"{month} {number}", f"{number} {month}"
    forms = (before, before, after, after, f"{month} {_ordinal(number)}")
    form = generator.choice((*forms, f"{_ordinal(number)} {month}"))
    comma = "," if year and form.startswith(month) else ""
    return f"{form}{comma} {year}".strip(), f"{number}. {monat} {year}".strip()


def date(generator: random.Random) -> Pair:
    """A day with its year."""
    return day(generator, with_year=True)


def either_date(generator: random.Random) -> Pair:
    """A day with or without its year."""
    return day(generator, with_year=generator.random() < 0.6)


def span(generator: random.Random) -> Pair:
    """From a day to another one, of the same month or of two."""
    year = _year(generator) if generator.random() < 0.5 else ""
    to = generator.choice(("to", "to", "until", "through"))
    (month, monat), (later, monat_later) = generator.sample(MONTHS, 2)
    if generator.random() < 0.5:
        one = generator.randint(1, 28)
        other = generator.randint(one + 1, 31)
        before = generator.choice(
            (f"{month} {one} {to} {other}", f"{month} {one} {to} {month} {other}")
        )
        after = f"{one} {to} {other} {month}"
        german = f"vom {one}. bis {generator.choice(('', 'zum '))}{other}. {monat}"
    else:
        one, other = _day(generator), _day(generator)
        before = f"{month} {one} {to} {later} {other}"
        after = f"{one} {month} {to} {other} {later}"
        german = f"vom {one}. {monat} bis zum {other}. {monat_later}"
    if year:
        before, after, german = f"{before}, {year}", f"{after} {year}", f"{german} {year}"
    return f"from {generator.choice((before, after))}", german


def weekday(generator: random.Random) -> Pair:
    """A day of the week."""
    english, german = generator.choice(WEEKDAYS)
    return english, german


def month(generator: random.Random) -> Pair:
    """A month, often with its year."""
    english, german = generator.choice(MONTHS)
    year = f" {_year(generator)}" if generator.random() < 0.6 else ""
    return english + year, german + year


def year(generator: random.Random) -> Pair:
    """A year in figures."""
    number = _year(generator)
    return number, number


def decade(generator: random.Random) -> Pair:
    """Ten years, after ``in the`` and ``in den``."""
    number = generator.randrange(1810, 2030, 10)
    return f"{number}s", f"{number}er-Jahren"


def iso(generator: random.Random) -> Pair:
    """A date as programs write it."""
    number = f"{_year(generator)}-{generator.randint(1, 12):02}-{_day(generator):02}"
    return number, number


def clock(generator: random.Random) -> Pair:
    """A time of day: of 24 hours as it is, of twelve hours as one of 24."""
    hour, minute = generator.randint(0, 23), generator.randint(1, 59)
    kind = generator.random()
    if kind < 0.5:
        number = f"{hour:02}:{minute:02}"
        return number, f"{number} Uhr"
    half = generator.choice(("a.m.", "am", "AM") if hour < 12 else ("p.m.", "pm", "PM"))
    short = (hour - 1) % 12 + 1
    if hour == 0 or kind > 0.75:
        hour = max(hour, 1)
        short = (hour - 1) % 12 + 1
        return f"{short} {half}", f"{hour} Uhr"
    return f"{short}:{minute:02} {half}", f"{hour}:{minute:02} Uhr"


def hours(generator: random.Random) -> Pair:
    """From one hour to another: ``from 9 a.m. to 5 p.m.``"""
    opening, closing = generator.randint(5, 11), generator.randint(13, 22)
    if generator.random() < 0.5:
        return f"from {opening} a.m. to {closing - 12} p.m.", f"von {opening} bis {closing} Uhr"
    numbers = f"{opening:02}:00", f"{closing}:30"
    return f"from {numbers[0]} to {numbers[1]}", f"von {numbers[0]} bis {numbers[1]} Uhr"


def count(generator: random.Random) -> Pair:
    """A whole number of at most three digits."""
    number = str(generator.randint(2, generator.choice((9, 20, 60, 99, 999))))
    return number, number


def number(generator: random.Random) -> Pair:
    """A number with thousands or decimals, or neither."""
    kind = generator.random()
    if kind < 0.35:
        return count(generator)
    if kind < 0.7:
        english = f"{generator.randrange(1000, 10 ** generator.randint(4, 7)):,}"
    else:
        english = f"{generator.randrange(100)}.{generator.randint(1, 99)}"
    return english, english.translate(str.maketrans(",.", ".,"))


def period(generator: random.Random) -> Pair:
    """A length of time."""
    english, german, _ = generator.choice(PERIODS)
    amount = count(generator)[0]
    return f"{amount} {english}", f"{amount} {german}"


def after_period(generator: random.Random) -> Pair:
    """A length of time as it stands after ``in`` and ``vor``."""
    english, _, german = generator.choice(PERIODS)
    amount = count(generator)[0]
    return f"{amount} {english}", f"{amount} {german}"


def measure(generator: random.Random) -> Pair:
    """A length, a weight or a temperature."""
    english, german = generator.choice(MEASURES)
    amount = number(generator)
    return f"{amount[0]} {english}", f"{amount[1]} {german}"


def dimensions(generator: random.Random) -> Pair:
    """Length and width, often with height: ``40 x 30 x 20 cm``."""
    english, german = generator.choice((*MEASURES[:4], ["", ""], ["pixels", "Pixel"]))
    sides = [count(generator)[0] for _ in range(generator.choice((2, 3, 3)))]
    amount = generator.choice((" x ", " x ", " × ", "x")).join(sides)
    return f"{amount} {english}".strip(), f"{amount} {german}".strip()


def listed(generator: random.Random) -> Pair:
    """Several numbers: ``3, 17 and 40``."""
    numbers = [count(generator)[0] for _ in range(generator.randint(2, 4))]
    start = ", ".join(numbers[:-1])
    return f"{start} and {numbers[-1]}", f"{start} und {numbers[-1]}"


def size(generator: random.Random) -> Pair:
    """An amount of data."""
    english, german = generator.choice(SIZES)
    amount = number(generator)
    return f"{amount[0]} {english}", f"{amount[1]} {german}"


def percent(generator: random.Random) -> Pair:
    """A share."""
    amount = generator.choice((count, number))(generator)
    if generator.random() < 0.4:
        return f"{amount[0]} percent", f"{amount[1]} Prozent"
    return f"{amount[0]}%", f"{amount[1]} %"


def price(generator: random.Random) -> Pair:
    """An amount of money."""
    kind, amount = generator.random(), generator.randint(1, 10 ** generator.randint(1, 4))
    english = f"{amount:,}" if kind < 0.5 else f"{amount:,}.{generator.randint(0, 99):02}"
    german = english.translate(str.maketrans(",.", ".,"))
    if amount > 1 and generator.random() < 0.2:
        words = generator.choice((("euros", "Euro"), ("dollars", "Dollar"), ("pounds", "Pfund")))
        return f"{english} {words[0]}", f"{german} {words[1]}"
    sign = generator.choice(SIGNS)
    return f"{sign}{english}", f"{german} {sign}"


QUANTITIES: dict[str, Quantity] = {
    "date": either_date,
    "full_date": date,
    "span": span,
    "weekday": weekday,
    "month": month,
    "year": year,
    "decade": decade,
    "iso": iso,
    "clock": clock,
    "hours": hours,
    "count": count,
    "number": number,
    "period": period,
    "after_period": after_period,
    "measure": measure,
    "dimensions": dimensions,
    "listed": listed,
    "size": size,
    "percent": percent,
    "price": price,
}
ALONE: Sequence[Quantity] = (
    either_date,
    iso,
    clock,
    period,
    measure,
    dimensions,
    listed,
    size,
    percent,
    price,
)


def quantity(generator: random.Random) -> Pair:
    """One that can stand alone, in brackets or behind a colon."""
    return generator.choice(ALONE)(generator)
