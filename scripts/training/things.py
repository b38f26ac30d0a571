"""Names, addresses, code and signs that no translation changes, made by a seeded generator."""

from __future__ import annotations

import random
import re
import string

__all__ = [
    "address",
    "code",
    "file_name",
    "foreign",
    "identifier",
    "made_up_name",
    "number_line",
    "placeholder",
    "symbol",
    "url",
    "word",
]

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
PLAIN = str.maketrans("äöüé", "aoue")
DOMAINS = ["com", "org", "de", "net", "io", "co.uk", "eu"]
WORDS: list[str] = re.findall(
    r"\S+", "info news blog shop docs data mail user admin test home index main app"
)


def made_up_name(generator: random.Random) -> str:
    """A capitalized word of one to three syllables, sometimes two such."""
    parts = [
        generator.choice(ONSETS) + generator.choice(VOWELS) + generator.choice(CODAS)
        for _ in range(generator.choice((1, 2, 2, 2, 3)))
    ]
    name = "".join(parts).capitalize()
    return f"{name} {made_up_name(generator)}" if generator.random() < 0.15 else name


def identifier(generator: random.Random) -> str:
    """A name as programs have them."""
    words = [made_up_name(generator).split()[0] for _ in range(generator.randint(1, 3))]
    joined_words = generator.choice(("", "_", "-", ".")).join(words)
    return joined_words + generator.choice(("", "", "()"))


def url(generator: random.Random) -> str:
    """A web address."""
    start = generator.choice(("https://", "https://www.", "http://", "www."))
    path = "".join("/" + word(generator) for _ in range(generator.randint(0, 3)))
    query = f"?{word(generator)}={generator.randint(0, 999)}" if generator.random() < 0.2 else ""
    return f"{start}{word(generator)}.{generator.choice(DOMAINS)}{path}{query}"


def address(generator: random.Random) -> str:
    """An e-mail address: of a person or of a department."""
    users = [_user(generator) for _ in range(2)]
    form = generator.choice(("{0}", "{0}", "{0}.{1}", "{0}.{1}", "{0}_{1}", "{0}-{1}", "{0}+{1}"))
    user = form.format(*users) + (str(generator.randint(1, 99)) if generator.random() < 0.1 else "")
    return f"{user}@{_domain(generator)}"


def _user(generator: random.Random) -> str:
    kind = generator.random()
    if kind < 0.5:
        name = made_up_name(generator).split()[0].lower()
        return name.translate(PLAIN)
    return generator.choice(string.ascii_lowercase) if kind < 0.65 else word(generator)


def _domain(generator: random.Random) -> str:
    parts = [_user(generator) for _ in range(generator.choice((1, 1, 1, 2)))]
    if len(parts[0]) > 1 and generator.random() < 0.2:
        parts[0] += f"-{word(generator)}"
    return ".".join([*parts, generator.choice(DOMAINS)])


def file_name(generator: random.Random) -> str:
    """A file name or a path."""
    ending = generator.choice(["txt", "pdf", "py", "csv", "md", "json", "jpg", "docx"])
    folder = generator.choice(("", "", "/etc/", "~/", "C:\\", f"{word(generator)}/"))
    return f"{folder}{word(generator)}_{word(generator)}.{ending}"


def placeholder(generator: random.Random) -> str:
    """What programs put into messages."""
    name = word(generator)
    forms = ("{%s}", "{{%s}}", "%%(%s)s", "${%s}", "$%s", "<%s>", "[%s]", "#%s", "@%s", "`%s`")
    return generator.choice((*(form % name for form in forms), "%s", "%d", "{0}", "{}"))


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


def word(generator: random.Random) -> str:
    """A short word, or letters and digits that make none."""
    if generator.random() < 0.4:
        return generator.choice(WORDS)
    size = generator.randint(3, 9)
    return "".join(generator.choices(string.ascii_lowercase + string.digits, k=size))
