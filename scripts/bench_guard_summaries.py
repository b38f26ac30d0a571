"""Measure the guard's checks of summaries: false alarms, damages found, time.

False alarms: findings in what people wrote as summaries, and in what a model wrote. Damages: the
model's outputs in which nothing is found, each with one fault. The data are SciTLDR-A's test set
(an abstract and its summaries in each line), the model is made from the checkpoint of the tests by
``s2s convert tests/golden/demo-summarizer -o demo``::

    PYTHONPATH=. python scripts/bench_guard_summaries.py --model demo \\
        --data ../shared/data/scitldr-test.jsonl [--every 4]
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import s2scli
from s2scli.guard.checks import find
from s2scli.guard.facts import Facts

SEED = 1
DAMAGES = 500
FEWEST = 8  # words of a summary that is damaged
LANGUAGE = "en"
# What no abstract speaks of.
NAMES = ("Brandenburg", "Mrs Oyelaran", "Kyoto", "Lufthansa")
FRENCH = "Tous les êtres humains naissent libres et égaux en dignité et en droits."
Damage = Callable[[str, random.Random], str]


def number(text: str, generator: random.Random) -> str:
    """A number that the text has not."""
    words = text.split()
    words.insert(generator.randrange(1, len(words)), str(generator.randrange(1_000, 100_000)))
    return " ".join(words)


def digit(text: str, generator: random.Random) -> str:
    """One digit is another; nothing where there is none."""
    places = [match.start() for match in re.finditer(r"\d", text)]
    if not places:
        return ""
    place = generator.choice(places)
    other = generator.choice("123456789".replace(text[place], ""))
    return text[:place] + other + text[place + 1 :]


def name(text: str, generator: random.Random) -> str:
    """A name within the sentence."""
    words = text.split()
    words.insert(generator.randrange(2, len(words) - 1), f"in {generator.choice(NAMES)}")
    return " ".join(words)


def loop(text: str, generator: random.Random) -> str:
    """From some place on the same words come again and again."""
    words = text.split()
    size = generator.randrange(3, 7)
    start = generator.randrange(max(1, len(words) - size))
    return " ".join(words[:start] + words[start : start + size] * 3)


DAMAGED: dict[str, Damage] = {
    "a number is new": number,
    "a digit is another": digit,
    "a name is new": name,
    "3 to 6 words come again and again": loop,
    "a text in another language": lambda text, generator: FRENCH,
}


def facts_of(pairs: Sequence[tuple[str, str]]) -> list[Facts]:
    """Texts with their summaries."""
    return [Facts(*pair, LANGUAGE, LANGUAGE, summary=True) for pair in pairs]


def alarms(title: str, found: Sequence[Facts]) -> list[Facts]:
    """A row of the table of false alarms; those in which nothing is found."""
    counts, clean = Counter[str](), []
    for facts in found:
        names = {finding.check for finding in find(facts)}
        counts.update(names)
        clean += [facts] * (not names)
    each = ", ".join(f"{check} {count}" for check, count in counts.most_common())
    share = 1 - len(clean) / len(found)
    print(f"| {title} | {len(found):,} | {share:.2%} | {each} |", flush=True)
    return clean


def damages(found: Sequence[Facts]) -> None:
    """The table of damages."""
    print("\n| damage | summaries | found |\n| --- | --- | --- |")
    for title, damage in DAMAGED.items():
        generator = random.Random(f"{title} {SEED}")
        made = [
            facts._replace(target=after)
            for facts in generator.choices(found, k=DAMAGES)
            if (after := damage(facts.target, generator))
        ]
        hits = sum(bool(find(facts)) for facts in made)
        print(f"| {title} | {len(made)} | {hits / len(made):.1%} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, metavar="N")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.data.read_text("utf-8").splitlines()]
    print("| texts | summaries | with a finding | by check |\n| --- | --- | --- | --- |")
    alarms("by people", facts_of([(row["text"], one) for row in rows for one in row["summaries"]]))
    texts = [row["text"] for row in rows[:: options.every]]
    model = s2scli.load(options.model, "summarize", threads=1)
    start = time.process_time()
    outputs = [summary.text for summary in model.summarize(texts)]
    whole = time.process_time() - start
    written = facts_of(list(zip(texts, outputs, strict=True)))
    clean = alarms("by the model", written)
    damages([facts for facts in clean if len(facts.target.split()) >= FEWEST])
    start = time.process_time()
    for facts in written:
        find(facts)
    own = time.process_time() - start
    each = own / len(texts) * 1e6
    print(f"\nAll checks: {each:.0f} µs a text, {own / whole:.2%} of the model's time.")


if __name__ == "__main__":
    main()
