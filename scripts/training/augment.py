"""Cheap variations of sentence pairs, so that a small model learns what clean text never shows.

Every function takes a pair and a seeded generator and gives a pair; where a variation does not
apply, the pair comes back as it was.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Sequence

__all__ = ["Pair", "augment"]

Pair = tuple[str, str]
Variation = Callable[[Pair, random.Random], Pair]

FINAL = ".!?"
# Names that Tatoeba's sentences share out among themselves.
COMMON_NAMES = re.compile(
    r"\b(Tom|Mary|Maria|John|Boston|Australia|Bill|Alice|Ken|Jane|Bob|Jim|Mike|Tokyo)\b"
)
# What programs read: neither its case nor its letters may change.
EXACT = re.compile(r"[`_{}<>%$/\\@=]|[a-z][A-Z]|\.\w")
THING = re.compile(r"`[^`\s]+`|https?://[^\s<>\"'„“)]+|\{\{?\w+\}?\}|%\(\w+\)s|\$\{\w+\}|%\d\$s")
JOINED_CHARACTERS = 320
NUMBER = re.compile(r"(?<![\d.,:])\d+(?![\d.,:]?\d)")
ONSETS: list[str] = re.findall(
    r"\S+", "b br c ch d dr f fr g gr h j k kl l m n p r s sch sh st t tr v w z"
)
VOWELS = ["a", "e", "i", "o", "u", "ai", "ee", "ie", "ou", "ä", "ö", "ü", "é"]
CODAS = ["", "", "n", "r", "l", "s", "t", "k", "m", "nd", "rt", "ng", "x"]
FOREIGN: list[str] = re.findall(
    r"\S+",
    """
    東京 北京 こんにちは ありがとう 서울 안녕 Москва Привет Київ Αθήνα καλημέρα שלום مرحبا
    नमस्ते สวัสดี 你好 谢谢 Łódź Kraków São Paulo İstanbul Čeština Ñandú
    """,
)
SYMBOLS: list[str] = re.findall(
    r"\S+", "😀 😂 😍 👍 🎉 ❤️ 🙏 🔥 ☕ 🚀 ✨ 🤔 😢 🇩🇪 👩‍💻 ✓ → • © ™ € £ ½ α β ∑ ≤"
)
DOMAINS = ["com", "org", "de", "net", "io", "co.uk", "eu"]
WORDS: list[str] = re.findall(
    r"\S+", "info news blog shop docs data mail user admin test home index main app"
)


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
            maker = generator.choice((_word, file_name, placeholder, identifier, identifier))
            new = f"`{maker(generator)}`"
        else:
            new = re.sub(r"\w{2,}", lambda _: _word(generator), thing)
        pair = pair[0].replace(thing, new), pair[1].replace(thing, new)
    return pair


def identifier(generator: random.Random) -> str:
    """A name as programs have them."""
    words = [made_up_name(generator).split()[0] for _ in range(generator.randint(1, 3))]
    joined_words = generator.choice(("", "_", "-", ".")).join(words)
    return joined_words + generator.choice(("", "", "()"))


def appended(pair: Pair, generator: random.Random) -> Pair:
    """Something that is copied as it is: behind a colon, in brackets or at the end."""
    thing = generator.choice((url, url, address, file_name, placeholder, symbol, foreign, code))(
        generator
    )
    if pair[0][-1] not in FINAL or pair[1][-1] not in FINAL:
        return pair
    source, target = pair[0].rstrip(FINAL), pair[1].rstrip(FINAL)
    shape = generator.choice(("{}: {}", "{} ({})", "{} ({}).", "{}. {}", "{} {}", "{}! {}"))
    return shape.format(source, thing), shape.format(target, thing)


def prefixed(pair: Pair, generator: random.Random) -> Pair:
    """A list mark, a speaker or a quotation around the sentence."""
    name = made_up_name(generator)
    kind = generator.randrange(4)
    if kind == 0:
        return f'"{pair[0]}"', f"„{pair[1]}“"
    mark = ("", f"{generator.randint(1, 20)}. ", "- ", f"{name}: ")[kind]
    return mark + pair[0], mark + pair[1]


def copied(pair: Pair, generator: random.Random) -> Pair:
    """A line that has no words to translate."""
    makers = (url, address, file_name, symbol, foreign, made_up_name, number_line)
    line = " ".join(generator.choice(makers)(generator) for _ in range(generator.choice((1, 1, 2))))
    return line, line


def _swap(pair: Pair, old: re.Pattern[str], new: str) -> Pair:
    return old.sub(new, pair[0]), old.sub(new, pair[1])


def made_up_name(generator: random.Random) -> str:
    """A capitalized word of one to three syllables, sometimes two such."""
    parts = [
        generator.choice(ONSETS) + generator.choice(VOWELS) + generator.choice(CODAS)
        for _ in range(generator.choice((1, 2, 2, 2, 3)))
    ]
    name = "".join(parts).capitalize()
    return f"{name} {made_up_name(generator)}" if generator.random() < 0.15 else name


def url(generator: random.Random) -> str:
    """A web address."""
    start = generator.choice(("https://", "https://www.", "http://", "www."))
    path = "".join("/" + _word(generator) for _ in range(generator.randint(0, 3)))
    query = f"?{_word(generator)}={generator.randint(0, 999)}" if generator.random() < 0.2 else ""
    return f"{start}{_word(generator)}.{generator.choice(DOMAINS)}{path}{query}"


def address(generator: random.Random) -> str:
    """An e-mail address."""
    form = generator.choice(("{0}", "{0}.{1}", "{0}_{1}", "{0}-{1}", "{0}+{1}", "{0}{2}"))
    user = form.format(_word(generator), _word(generator), generator.randint(1, 99))
    return f"{user}@{_word(generator)}.{generator.choice(DOMAINS)}"


def file_name(generator: random.Random) -> str:
    """A file name or a path."""
    ending = generator.choice(["txt", "pdf", "py", "csv", "md", "json", "jpg", "docx"])
    folder = generator.choice(("", "", "/etc/", "~/", "C:\\", f"{_word(generator)}/"))
    return f"{folder}{_word(generator)}_{_word(generator)}.{ending}"


def placeholder(generator: random.Random) -> str:
    """What programs put into messages."""
    word = _word(generator)
    forms = ("{%s}", "{{%s}}", "%%(%s)s", "${%s}", "$%s", "<%s>", "[%s]", "#%s", "@%s", "`%s`")
    return generator.choice((*(form % word for form in forms), "%s", "%d", "{0}", "{}"))


def symbol(generator: random.Random) -> str:
    """Emoji and other signs."""
    return "".join(generator.choice(SYMBOLS) for _ in range(generator.choice((1, 1, 1, 2))))


def foreign(generator: random.Random) -> str:
    """A word in another script."""
    return generator.choice(FOREIGN)


def code(generator: random.Random) -> str:
    """An identifier such as a part number."""
    letters = "".join(generator.choices(string.ascii_uppercase, k=generator.randint(1, 4)))
    return (
        f"{letters}{generator.choice('-_ /')}{generator.randrange(10 ** generator.randint(1, 6))}"
    )


def number_line(generator: random.Random) -> str:
    """Digits, perhaps with signs between."""
    signs = generator.choice(("", "", ".", "-", ":", "/", "+", " "))
    return signs.join(
        str(generator.randrange(10 ** generator.randint(1, 5)))
        for _ in range(generator.choice((1, 2, 3)))
    )


def _word(generator: random.Random) -> str:
    if generator.random() < 0.4:
        return generator.choice(WORDS)
    size = generator.randint(3, 9)
    return "".join(generator.choices(string.ascii_lowercase + string.digits, k=size))


# Variation → its share among the variations.
VARIATIONS: dict[Callable[..., Pair], int] = {
    joined: 30,
    unfinished: 14,
    lower_case: 12,
    capitals: 6,
    other_numbers: 6,
    decimals: 3,
    other_names: 16,
    placed: 8,
    other_things: 10,
    appended: 10,
    prefixed: 4,
    copied: 3,
}
