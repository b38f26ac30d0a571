"""Pairs of texts on which metrics are compared with their reference implementations."""

from __future__ import annotations

import random

__all__ = ["random_pairs", "real_pairs"]

WORDS = [
    "the",
    "a",
    "an",
    "cat",
    "cats",
    "dog",
    "running",
    "runs",
    "ran",
    "happily",
    "happiness",
    "relational",
    "conditional",
    "rationality",
    "sky",
    "skies",
    "dying",
    "news",
    "proceed",
    "archaeology",
    "apology",
    "really",
    "fully",
    "yes",
    "saying",
    "stay",
    "crying",
    "1,234",
    "don't",
    "state-of-the-art",
    "über",
    "naïve",
    "東京",
    "привет",
    "👩\u200d💻",
    "U.S.",
    "e.g.",
    "(hi)",
    '"quoted"',
    "&",
    "<",
    ">",
    "%",
    "3.14",
]


def random_pairs(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Texts of words that metrics treat in different ways, and of any characters."""
    generator = random.Random(seed)
    pairs = []
    for number in range(count):
        if number % 2:
            one = [generator.choice(WORDS) for _ in range(generator.randrange(30))]
            two = [w for w in one if generator.random() < 0.7]
            two += [generator.choice(WORDS) for _ in range(generator.randrange(6))]
            glue = generator.choice([" ", "  ", "\n", "\t"])
            pairs.append((glue.join(one), " ".join(two)))
        else:
            pairs.append((_characters(generator), _characters(generator)))
    return pairs


def _characters(generator: random.Random) -> str:
    size = generator.randrange(40)
    blocks = ((32, 127), (160, 1400), (0x4E00, 0x4F00), (0x1F300, 0x1F400), (0, 32))
    characters = []
    for _ in range(size):
        low, high = blocks[generator.choice((0, 0, 0, 0, 1, 2, 3, 4))]
        characters.append(chr(generator.randrange(low, high)))
    return "".join(characters).replace("\n", " ").replace("\r", " ")


def real_pairs() -> list[tuple[str, str]]:
    """A few sentences of news, translated well and badly."""
    return [
        ("The cat sat on the mat.", "The cat is on the mat."),
        ("", "Nothing was said."),
        ("Der Hund läuft schnell.", "Der Hund rennt schnell."),
        ("It is raining cats and dogs today!", "It rains heavily today."),
        ("He proceeded to the archaeological site\nand then left.", "He left the site.\nHe went."),
    ]
