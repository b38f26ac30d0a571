"""Short whole sentences with dates, prices, measures, names and addresses, made from templates.

``sentences.tsv`` has one template per line: English, a tab, German. ``{price}`` stands for
something that is drawn anew each time and is written as each language writes it; ``{price2}`` is
another one of its kind.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from training.quantities import QUANTITIES, Pair, Quantity
from training.things import address, code, file_name, made_up_name, url

__all__ = ["sentence", "templates"]

SLOT = re.compile(r"\{(\w+?)\d?\}")
FAIRS = (
    "The meeting/Die Besprechung;The concert/Das Konzert;The course/Der Kurs;The exam/Die Prüfung;"
    "The festival/Das Festival;The exhibition/Die Ausstellung;The workshop/Der Workshop;"
    "The party/Die Party;The trade fair/Die Messe;The tournament/Das Turnier;The trip/Die Reise;"
    "The lecture/Der Vortrag;The game/Das Spiel;Our class/Unser Unterricht;"
    "The training/Die Schulung"
)
SHOPS = (
    "The library/Die Bibliothek;The museum/Das Museum;The pool/Das Schwimmbad;The bank/Die Bank;"
    "The restaurant/Das Restaurant;The school/Die Schule;The bakery/Die Bäckerei;"
    "The hotel/Das Hotel;The post office/Die Post;The theatre/Das Theater;The café/Das Café;"
    "The bridge/Die Brücke;Our shop/Unser Laden;The town hall/Das Rathaus;The castle/Das Schloss;"
    "The market/Der Markt;The hospital/Das Krankenhaus;The church/Die Kirche"
)
CITIES = (
    "Prague/Prag;Vienna/Wien;Munich/München;Cologne/Köln;Rome/Rom;Milan/Mailand;Athens/Athen;"
    "Lisbon/Lissabon;Warsaw/Warschau;Moscow/Moskau;Brussels/Brüssel;Zurich/Zürich;Geneva/Genf;"
    "Copenhagen/Kopenhagen;Venice/Venedig;Florence/Florenz;Naples/Neapel;Nuremberg/Nürnberg;"
    "Berlin/Berlin;Paris/Paris;London/London;Hamburg/Hamburg;Madrid/Madrid;Oslo/Oslo;"
    "Tokyo/Tokio;Beijing/Peking;Cairo/Kairo;New York/New York;Boston/Boston;Dublin/Dublin;"
    "Leipzig/Leipzig;Amsterdam/Amsterdam;Stockholm/Stockholm;Budapest/Budapest"
)
FOODS = (
    "the potatoes/die Kartoffeln;the carrots/die Karotten;the onions/die Zwiebeln;"
    "the tomatoes/die Tomaten;the mushrooms/die Pilze;the beans/die Bohnen;the noodles/die Nudeln;"
    "the apples/die Äpfel;the lentils/die Linsen;the peppers/die Paprika;the peas/die Erbsen;"
    "the leeks/die Lauchstangen;the pears/die Birnen;the courgettes/die Zucchini;"
    "the sausages/die Würste;the chicken breasts/die Hähnchenbrüste;the nuts/die Nüsse;"
    "{count} potatoes/{count} Kartoffeln;{count} onions/{count} Zwiebeln;"
    "{count} carrots/{count} Karotten;{count} tomatoes/{count} Tomaten;"
    "{count} cloves of garlic/{count} Knoblauchzehen"
)
FIRST_NAMES = (
    "Anna Peter Julia Paul Laura Max Sofia Ben Lena Felix Clara Lukas Emma David Nina Daniel Eva "
    "Marco Ines Ali Yusuf Olga Chen Priya Kofi Amara Hassan Leila Jonas Greta Ivan Marta Sven Zoe"
)


def _pairs(text: str) -> list[Pair]:
    rows = (row.split("/") for row in text.split(";"))
    return [(english, german) for english, german in rows]


FAIR, SHOP, CITY, FOOD = map(_pairs, (FAIRS, SHOPS, CITIES, FOODS))


def _same(maker: Callable[[random.Random], str]) -> Quantity:
    def made(generator: random.Random) -> Pair:
        text = maker(generator)
        return text, text

    return made


def _person(generator: random.Random) -> str:
    first = generator.choice(FIRST_NAMES.split())
    return f"{first} {made_up_name(generator)}" if generator.random() < 0.5 else first


def _version(generator: random.Random) -> str:
    return ".".join(str(generator.randrange(25)) for _ in range(generator.choice((2, 3, 3))))


def _phone(generator: random.Random) -> str:
    groups = [str(generator.randrange(10, 10 ** generator.randint(2, 4))) for _ in range(3)]
    return generator.choice(("+49 {} {} {}", "+1 {}-{}-{}", "0{} {}{}")).format(*groups)


def _place(generator: random.Random) -> Pair:
    english, german = generator.choice(SHOP)
    return english[0].lower() + english[1:], german[0].lower() + german[1:]


def _food(generator: random.Random) -> Pair:
    english, german = generator.choice(FOOD)
    number = str(generator.randint(2, 12))
    return english.replace("{count}", number), german.replace("{count}", number)


SLOTS: dict[str, Quantity] = {
    **QUANTITIES,
    "fair": lambda generator: generator.choice(FAIR),
    "shop": lambda generator: generator.choice(SHOP),
    "place": _place,
    "food": _food,
    "city": lambda generator: generator.choice(CITY),
    "person": _same(_person),
    "street": _same(made_up_name),
    "address": _same(address),
    "url": _same(url),
    "file": _same(file_name),
    "code": _same(code),
    "version": _same(_version),
    "phone": _same(_phone),
}


@cache
def templates() -> list[Pair]:
    """The rows of ``sentences.tsv``."""
    rows = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    return [(english, german) for english, german in (row.split("\t") for row in rows)]


def sentence(generator: random.Random) -> Pair:
    """A template with all its slots filled."""
    english, german = generator.choice(templates())
    drawn: dict[str, Pair] = {}
    for match in SLOT.finditer(english):
        drawn[match[0]] = SLOTS[match[1]](generator)
    return _filled(english, drawn, 0), _filled(german, drawn, 1)


def _filled(template: str, drawn: dict[str, Pair], side: int) -> str:
    text = SLOT.sub(lambda match: drawn[match[0]][side], template)
    return text[:-1] if text.endswith(".m..") else text  # one stop ends "5 p.m." and its sentence
