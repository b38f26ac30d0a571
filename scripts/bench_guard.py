"""Measure the guard's checks: false alarms, damages found, time.

False alarms: findings in references of newstest2014 against their sources, in both directions, and
in the bundled model's good outputs (chrF of 60 and more) on the Tatoeba test set. Damages: of each
kind 2,000 translations with a fault that ``scripts/measuring/damages.py`` puts in, made from pairs
in which nothing is found before. English to German is checked by the bundled model's limits, German
to English by the usual ones. Time: microseconds a line for each check, and all of them as a share
of the time that the bundled model takes for the line. Tables are printed as Markdown. The data are
WMT's newstest2014 and the Tatoeba Challenge's test set; where the test sets of the bundled model's
domains are too, they count as references::

    PYTHONPATH=. python scripts/bench_guard.py --data ../shared/data [--quick]
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from measuring.damages import CLAUSE, KINDS, Corpus, Pair, damaged
from measuring.forcing import Forcing

import s2scli
from s2scli.api import TextModel
from s2scli.guard.checks import CHECKS, find, holding
from s2scli.guard.facts import Facts
from s2scli.guard.limits import USUAL, Limits
from s2scli.models.store import DEFAULT_MODEL, bundled_directory

GOOD, FAIR, POOR = 60.0, 45.0, 35.0  # chrF; the bundled model is not made for news
ATTENTION = ((0.0, 0.0), (0.57, 0.15), (0.62, 0.25), (0.7, 0.25))  # limits that are compared
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 1.0)  # of a translation's characters, lost
ROUNDS = 5
SEED = 1
NEWS, TATOEBA = "newstest2014", "tatoeba-test"
# Sets that are measured where they are: in ``corpus``, a tab between the texts.
DOMAINS = ("docs", "ui", "formal", "general")


class Sizes(NamedTuple):
    """How much is measured.

    Attributes:
        step: every how many lines of newstest2014 are taken.
        talk: the same of the Tatoeba test set, which is larger.
        damages: of each kind.
        timed: lines that are timed.
    """

    step: int
    talk: int
    damages: int
    timed: int


FULL, QUICK = Sizes(1, 4, 2000, 1000), Sizes(10, 40, 100, 100)


def pairs(data: Path, name: str, step: int) -> list[Pair]:
    """English sentences with their German translations."""
    texts = ((data / f"{name}.{code}").read_text("utf-8").split("\n")[:-1] for code in ("en", "de"))
    return [Pair(*pair) for pair in zip(*texts, strict=True)][::step]


def domain(data: Path, name: str, step: int) -> list[Pair]:
    """The pairs of a set with a tab between the texts; none if it is not there."""
    path = data / "corpus" / f"test.{name}.tsv"
    rows = path.read_text("utf-8").split("\n") if path.exists() else []
    return [Pair(*row.split("\t")[:2]) for row in rows if "\t" in row][::step]


def facts_of(found: Iterable[tuple[str, str]], source: str, target: str) -> list[Facts]:
    """Pairs without attention."""
    return [Facts(*pair, source, target) for pair in found]


def outputs(model: TextModel, found: Sequence[Pair], least: float = GOOD) -> list[Pair]:
    """The model's outputs with that chrF at least, each with its source."""
    from sacrebleu.metrics.chrf import CHRF

    metric = CHRF()
    results = model.translate([pair.source for pair in found], protect=True)
    return [
        Pair(pair.source, result.text)
        for pair, result in zip(found, results, strict=True)
        if metric.sentence_score(result.text, [pair.target]).score >= least
    ]


def alarms(name: str, found: Sequence[Facts], limits: Limits) -> None:
    """A row of the table of false alarms."""
    counts, lines = Counter[str](), 0
    for facts in found:
        names = {finding.check for finding in find(facts, limits)}
        counts.update(names)
        lines += bool(names)
    each = ", ".join(f"{check} {counts[check]}" for check in CHECKS if counts[check])
    print(f"| {name} | {len(found):,} | {lines / len(found):.2%} | {each} |", flush=True)


def share(found: Sequence[Facts], limits: Limits) -> tuple[float, Counter[str]]:
    """How many of some damages are found, as a share, and how many each check finds."""
    counts, lines = Counter[str](), 0
    for facts in found:
        names = {finding.check for finding in find(facts, limits)}
        counts.update(names)
        lines += bool(names)
    return lines / len(found), counts


def clean(found: Iterable[Pair], source: str, target: str, limits: Limits) -> Corpus:
    """The pairs in which nothing is found."""
    passed = [pair for pair in found if not find(Facts(*pair, source, target), limits)]
    return Corpus(passed, source, target)


def damages(corpora: Sequence[tuple[Corpus, Limits]], count: int) -> None:
    """The table of damages."""
    print("\n| damage | en→de | de→en | found by (en→de) |\n| --- | --- | --- | --- |")
    for kind in KINDS:
        shares, by = [], Counter[str]()
        for corpus, limits in corpora:
            made = (after for _, after in damaged(kind, corpus, count, SEED))
            found, counts = share(facts_of(made, corpus.source, corpus.target), limits)
            shares.append(found)
            by = by or counts
        most = [(check, n) for check, n in by.most_common(3) if n >= count / 100]
        checks = ", ".join(f"{check} {n / count:.0%}" for check, n in most)
        print(f"| {kind} | {' | '.join(f'{each:.1%}' for each in shares)} | {checks} |", flush=True)


def clauses(forcing: Forcing, corpora: dict[str, Corpus], limits: Limits, count: int) -> None:
    """The table of lost clauses: by the share of the translation that they are."""
    print("\n| of the translation is lost | texts | without attention | with attention |")
    print("| --- | --- | --- | --- |")
    for name, corpus in corpora.items():
        made = list(damaged(CLAUSE, corpus, count, SEED))
        pairs = [after for _, after in made]
        sides = corpus.source, corpus.target
        found = [
            [bool(find(facts, limits)) for facts in each]
            for each in (facts_of(pairs, *sides), forcing.facts(pairs, *sides))
        ]
        lost = [1 - len(after.target) / len(before.target) for before, after in made]
        rows: dict[str, Sequence[int]] = {f"{name}: any part": range(count)}
        for low, high in itertools.pairwise(SHARES):
            inside = [number for number, part in enumerate(lost) if low <= part < high]
            rows[f"{name}: {low:.0%} to {high:.0%}"] = inside
        for title, numbers in rows.items():
            shares = (statistics.mean(each[n] for n in numbers) if numbers else 0 for each in found)
            print(f"| {title} | {len(numbers)} | {' | '.join(f'{one:.1%}' for one in shares)} |")


def attention(
    model: TextModel, forcing: Forcing, news: list[Pair], talk: list[Pair], limits: Limits
) -> None:
    """The table of limits for attention: by what the model wrote, of which it is known."""
    sides = "en", "de"
    wrote = outputs(model, news, FAIR)
    corpora = clean(talk, *sides, limits), clean(outputs(model, news, POOR), *sides, limits)
    found = {
        "Tatoeba, good outputs": outputs(model, talk[::3]),
        f"newstest2014, outputs with a chrF of at least {FAIR:.0f}": wrote,
        "a clause lost in Tatoeba's references": lost(corpora[0], 500),
        f"in outputs for newstest2014 with a chrF of at least {POOR:.0f}": lost(corpora[1], 300),
    }
    known = {title: forcing.facts(rows, *sides) for title, rows in found.items()}
    heads = (f"{title}: {len(rows)}" for title, rows in known.items())
    print(f"\n| `covered`, `stretch` | {' | '.join(heads)} |\n|{' --- |' * (1 + len(known))}")
    for pair in ATTENTION:
        chosen = limits._replace(covered=pair[0], stretch=pair[1])
        shares = (f"{share(rows, chosen)[0]:.1%}" for rows in known.values())
        print(f"| {pair[0]:.2f}, {pair[1]:.2f} | {' | '.join(shares)} |", flush=True)


def lost(corpus: Corpus, count: int) -> list[Pair]:
    """Pairs that have lost a clause."""
    return [after for _, after in damaged(CLAUSE, corpus, count, SEED)]


def times(model: TextModel, found: Sequence[Facts], limits: Limits) -> None:
    """The table of times; each check alone, then all, then the model."""

    def microseconds(names: Sequence[str] | None) -> float:
        rounds = []
        for _ in range(ROUNDS):
            start = time.process_time()
            for facts in found:
                find(facts, limits, names)
            rounds.append((time.process_time() - start) / len(found) * 1e6)
        return statistics.median(rounds)

    print("\n| check | µs a line |\n| --- | --- |")
    for name in holding(summary=False):
        print(f"| {name} | {microseconds([name]):.0f} |")
    every = microseconds(None)
    start = time.process_time()
    model.translate([facts.source for facts in found], protect=True)
    whole = (time.process_time() - start) / len(found) * 1e6
    print(f"| all together | {every:.0f} |\n| the model, beam 4 | {whole:,.0f} |")
    print(f"\nAll checks take {every / whole:.1%} of the model's time.")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--quick", action="store_true", help="a small part of it, for a look")
    options = parser.parse_args()
    sizes = QUICK if options.quick else FULL
    model = s2scli.load(DEFAULT_MODEL, threads=1)
    limits = Limits.of(model.model.manifest.guard)
    forcing = Forcing(model.model, bundled_directory(DEFAULT_MODEL))
    news, talk = pairs(options.data, NEWS, sizes.step), pairs(options.data, TATOEBA, sizes.talk)
    back = [Pair(pair.target, pair.source) for pair in news]
    print("| texts | lines | with a finding | by check |\n| --- | --- | --- | --- |")
    alarms("newstest2014, references, en→de", facts_of(news, "en", "de"), limits)
    alarms("the same, attention known", forcing.facts(news, "en", "de"), limits)
    alarms("newstest2014, references, de→en", facts_of(back, "de", "en"), USUAL)
    for name in DOMAINS:
        if found := domain(options.data, name, sizes.step):
            alarms(f"{name}, references, en→de", facts_of(found, "en", "de"), limits)
    good = outputs(model, talk)
    alarms("Tatoeba, good outputs", facts_of(good, "en", "de"), limits)
    alarms("the same, attention known", forcing.facts(good, "en", "de"), limits)
    there, others = clean(news, "en", "de", limits), clean(back, "de", "en", USUAL)
    damages([(there, limits), (others, USUAL)], sizes.damages)
    corpora = {NEWS: there, "Tatoeba": clean(talk, "en", "de", limits)}
    clauses(forcing, corpora, limits, sizes.damages)
    attention(model, forcing, news[::10], talk, limits)
    times(model, facts_of(news[: sizes.timed], "en", "de"), limits)


if __name__ == "__main__":
    main()
