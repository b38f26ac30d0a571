"""Texts with placeholders, addresses, code and numbers, made from sentences without them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from measuring.kept import KINDS, NUMBERS, things

__all__ = ["made", "native"]

FEWEST_WORDS, MOST_WORDS = 4, 20
WORDS: list[str] = re.findall(
    r"\S+",
    "user file name count size total date path item index color width token value label order "
    "report invoice account message customer report archive station garden window letter",
)
PEOPLE: list[str] = re.findall(
    r"\S+", "anna.keller jmueller info o.novak press sales-team r2 lee.wong contact no-reply"
)
DOMAINS: list[str] = re.findall(
    r"\S+", "example.com example.org shop.example.net news-site.de uni-klein.edu acme.co.uk"
)


def native(sources: Sequence[str]) -> list[str]:
    """Those texts that have something in them that must be kept."""
    return [text for text in sources if not _is_plain(text)]


def made(sources: Sequence[str], count: int, seed: int) -> list[str]:
    """Sentences with something put in, each kind as often as the others.

    Args:
        sources: texts; those that are plain sentences of usual length are taken.
        count: how many are made.
        seed: the same seed gives the same texts.
    """
    generator = random.Random(seed)
    plain = [text for text in sources if _is_plain(text) and _is_usual(text)]
    if not plain:
        return []
    return [_with(KINDS[i % len(KINDS)], generator.choice(plain), generator) for i in range(count)]


def _is_plain(text: str) -> bool:
    return not re.search(r"\d", text) and not any(things(text).values())


def _is_usual(text: str) -> bool:
    return FEWEST_WORDS <= len(text.split()) <= MOST_WORDS and text[-1] in ".!?"


def _with(kind: str, sentence: str, generator: random.Random) -> str:
    maker, carriers = MAKERS[kind]
    carrier, thing = generator.choice(carriers), maker(generator)
    if carrier == INSTEAD:
        words = sentence.split()
        words[generator.randrange(1, len(words) - 1)] = thing
        return " ".join(words)
    parts = {"[text]": sentence, "[open]": sentence[:-1], "[it]": thing}
    return re.sub(r"\[\w+\]", lambda match: parts[match[0]], carrier)


# --- what is put in -----------------------------------------------------------------------------


def _placeholder(generator: random.Random) -> str:
    name = generator.choice(WORDS)
    plain = ("%s", "%d", "%1$s", "%2$d", "%.2f", "{}", "{0}", "{1}")
    named = ("{*}", "{{*}}", "{{ * }}", "${*}", "%(*)s", "%{*}", "$*", "{*_id}")
    return generator.choice((*plain, *named)).replace("*", name)


def _url(generator: random.Random) -> str:
    start = generator.choice(("https://", "http://", "https://www.", "www."))
    path = "/".join(generator.choices(WORDS, k=generator.randrange(1, 4)))
    query = generator.choice(("", "", "/", ".html", f"?id={generator.randrange(1000)}", "#top"))
    return f"{start}{generator.choice(DOMAINS)}/{path}{query}"


def _mail(generator: random.Random) -> str:
    return f"{generator.choice(PEOPLE)}@{generator.choice(DOMAINS)}"


def _code(generator: random.Random) -> str:
    one, other = generator.choices(WORDS, k=2)
    forms = (f"{one}_{other}", f"{one}()", f"--{one}", f"{one}.{other}", f"git {one}", f"/{one}")
    return f"`{generator.choice(forms)}`"


def _number(generator: random.Random) -> str:
    of = generator.randrange
    return generator.choice(
        (
            f"{of(2, 100)}",
            f"{of(1000, 1_000_000):,}",
            f"{of(1, 100)}.{of(1, 100)}",
            f"{of(1, 100)}%",
            f"${of(1, 1000)}.{of(10, 100)}",
            f"{of(1950, 2030)}",
            f"{of(1, 20)}.{of(20)}.{of(20)}",
            f"{of(10, 24)}:{of(10, 60)}",
        )
    )


INSTEAD = "in the place of a word"
MAKERS: dict[str, tuple[Callable[[random.Random], str], Sequence[str]]] = {
    "placeholders": (
        _placeholder,
        (INSTEAD, INSTEAD, "[it]: [text]", "[open]: [it].", '[open] "[it]".', "[text] ([it])"),
    ),
    "URLs": (
        _url,
        ("[text] See [it]", "[text] ([it])", "[it]: [text]", "See [it] for details. [text]"),
    ),
    "e-mail addresses": (
        _mail,
        ("[text] Write to [it].", "[text] ([it])", "Contact [it]. [text]", "[it]: [text]"),
    ),
    "code spans": (
        _code,
        (INSTEAD, INSTEAD, "[text] See [it].", "Run [it]. [text]", "[it]: [text]"),
    ),
    NUMBERS: (
        _number,
        ("[text] ([it])", "[open]: [it].", "[it]: [text]", "The value is [it]. [text]", INSTEAD),
    ),
}
