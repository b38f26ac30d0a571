"""Measure a translation model from English into German, and print its card's tables.

For each test set BLEU and chrF with sacrebleu's signatures, and how many of the placeholders,
addresses, code spans and numbers in many texts come out as they went in, before any repair: those
that the sets ``docs`` and ``ui`` have themselves, and others that are put into plain sentences of
the held-out sets by a seeded generator. Always int8 and beam 4.

A test set is a file with English, a tab and German a line, or two parallel files. Names that count
are ``docs``, ``ui``, ``formal``, ``general``, ``tatoeba`` (by their chrF a model is better than
another or not) and ``newstest2014``. From the root of the repository::

    PYTHONPATH=. python scripts/measure_default_model.py s2scli/bundled/en-de \\
        --set newstest2014 newstest2014.en newstest2014.de --set docs test.docs.tsv \\
        --set ui test.ui.tsv --set formal test.formal.tsv --set general test.general.tsv \\
        --set tatoeba tatoeba-test.en tatoeba-test.de --compare OTHER_MODEL
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from measuring.kept import Kept
from measuring.texts import made, native

from s2scli.api import TextModel, load
from s2scli.errors import S2SError
from s2scli.metrics.base import MetricOptions
from s2scli.tasks.score import Score, Scorer
from tests.sanity import faults

BEAM = 4
SEED = 1
TEXTS, QUICK_TEXTS, QUICK_LINES = 10_000, 300, 100
HELD_OUT = ("docs", "ui", "formal", "general", "tatoeba")
WITH_THINGS = ("docs", "ui")
MOST_LOST = 1.0  # points of chrF
SENTENCES = "first sentences"
SENTENCES_FILE = Path(__file__).parents[1] / "tests" / "golden" / "bundled-sentences.tsv"
# As the OPUS-MT leaderboard has them for opus-2020-02-26, the weights of that model: BLEU, chrF.
OPUS_MT = {"newstest2014": (27.6, 58.4), "tatoeba": (44.7, 64.7)}


class TestSet(NamedTuple):
    """Sources and their references."""

    sources: Sequence[str]
    references: Sequence[str]

    def sample(self, most: int) -> TestSet:
        """At most so many pairs, from all over the set."""
        step = max(1, -(-len(self.sources) // most))
        return TestSet(self.sources[::step], self.references[::step])


class Measured(NamedTuple):
    """What a model reaches: scores by set, BLEU first; what it kept; sentences with faults."""

    scores: Mapping[str, Sequence[Score]]
    kept: Kept
    faulty: int


def read_set(paths: Sequence[Path]) -> TestSet:
    """A test set from one file (its last two columns) or two.

    Raises:
        ValueError: the file has a line without a tab, or the two differ in length.
        OSError: a file cannot be read.
    """
    files = [path.read_text(encoding="utf-8").removesuffix("\n").split("\n") for path in paths]
    if len(files) == 2:
        if len(files[0]) != len(files[1]):
            raise ValueError(f"{paths[0]} and {paths[1]} differ in length")
        return TestSet(*files)
    rows = [line.split("\t") for line in files[0]]
    for number, row in enumerate(rows, 1):
        if len(row) < 2:
            raise ValueError(f"{paths[0]}, line {number}, has no tab")
    return TestSet([row[-2] for row in rows], [row[-1] for row in rows])


def texts_with_things(sets: Mapping[str, TestSet], count: int) -> list[str]:
    """So many texts in which something must be kept, found or made, in random order."""
    found = [t for name in WITH_THINGS if name in sets for t in native(sets[name].sources)]
    plain = [text for name in HELD_OUT if name in sets for text in sets[name].sources]
    texts = found + made(plain, TEXTS - len(found), SEED)
    return random.Random(SEED).sample(texts, min(count, len(texts)))


def measure(
    directory: Path, sets: Mapping[str, TestSet], texts: Sequence[str], threads: int
) -> Measured:
    """Translate all and compare."""
    with load(directory, source="en", target="de", compute_type="int8", threads=threads) as model:
        scores, faulty = {}, 0
        for name, test_set in sets.items():
            outputs = translated(model, test_set.sources, name)
            scorer = Scorer(["bleu", "chrf"], [[r] for r in test_set.references], MetricOptions())
            scores[name] = scorer.scores(scorer.statistics(outputs))
            if name == SENTENCES:
                faulty = sum(map(bool, map(faults, test_set.sources, outputs)))
        outputs = translated(model, texts, "texts with things to keep")
    return Measured(scores, Kept(zip(texts, outputs, strict=True)), faulty)


def translated(model: TextModel, sources: Sequence[str], name: str) -> list[str]:
    """The model's own outputs, without repair."""
    start = time.monotonic()
    outputs = [result.text for result in model.translate(sources, beam_size=BEAM)]
    print(f"{name}: {len(outputs)} in {time.monotonic() - start:.0f} s", file=sys.stderr)
    return outputs


# --- what is printed ----------------------------------------------------------------------------


def report(names: Sequence[str], sets: Mapping[str, TestSet], models: Sequence[Measured]) -> str:
    """All that is known about one model or two, as Markdown."""
    some = next(iter(models[0].scores.values()))
    signatures = " and ".join(f"`{score.signature}` ({score.metric})" for score in some)
    lines = [f"int8, beam {BEAM}, {signatures}", "", *scores_table(names, sets, models), ""]
    lines += kept_table(names, models)
    count = len(sets[SENTENCES].sources)
    for name, model in zip(names, models, strict=True):
        lines += ["", f"{name}: {model.faulty} of the {count} {SENTENCES} break a rule."]
    lines += ["", *comparison(models[0])]
    if len(models) == 2:
        lines += ["", verdict(*map(chrf_by_set, models))]
    return "\n".join(lines)


def scores_table(
    names: Sequence[str], sets: Mapping[str, TestSet], models: Sequence[Measured]
) -> list[str]:
    """A row for each test set."""
    rows = [["text", "lines", *(f"{name}: BLEU / chrF" for name in names)]]
    for name, test_set in sets.items():
        cells = [" / ".join(f"{s.value:.1f}" for s in model.scores[name]) for model in models]
        rows.append([name, f"{len(test_set.sources):,}", *cells])
    return table(rows)


def kept_table(names: Sequence[str], models: Sequence[Measured]) -> list[str]:
    """A row for each kind of thing that should be kept."""
    rows = [["kept, before any repair", "of", *names]]
    for kind, share in models[0].kept.shares.items():
        cells = [percent(*model.kept.shares[kind]) for model in models]
        rows.append([kind, f"{share.things:,}", *cells])
    cells = [percent(*model.kept.whole) for model in models]
    return table([*rows, ["texts that keep all", f"{models[0].kept.whole.things:,}", *cells]])


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as Markdown, the first as the header."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def percent(things: int, kept: int) -> str:
    """A share; nothing of nothing is no share."""
    return f"{100 * kept / things:.1f}%" if things else "–"


def comparison(measured: Measured) -> list[str]:
    """A line with what is published of a well-known model for the sets that were measured."""
    known = {name: row for name, row in OPUS_MT.items() if name in measured.scores}
    if not known:
        return []
    parts = [f"{name} {bleu} / {chrf}" for name, (bleu, chrf) in known.items()]
    return [
        f"Helsinki-NLP/opus-mt-en-de, some 74 million parameters, as published: {', '.join(parts)} "
        "(BLEU / chrF on the whole sets; OPUS-MT leaderboard, "
        "https://github.com/Helsinki-NLP/OPUS-MT-leaderboard, scores/eng-deu, opus-2020-02-26)."
    ]


def chrf_by_set(measured: Measured) -> dict[str, float]:
    """The held-out sets' chrF."""
    return {name: measured.scores[name][1].value for name in HELD_OUT if name in measured.scores}


def verdict(new: Mapping[str, float], old: Mapping[str, float]) -> str:
    """Whether one model is better: a higher mean, and no set much worse.

    Args:
        new: chrF by held-out set.
        old: another model's, by the same sets.
    """
    missing = [name for name in HELD_OUT if name not in new]
    if missing:
        return f"verdict: none, for these sets were not given: {', '.join(missing)}"
    means = [sum(scores.values()) / len(scores) for scores in (new, old)]
    losses = {name: old[name] - new[name] for name in HELD_OUT}
    worse = [f"{name} by {loss:.1f}" for name, loss in losses.items() if loss > MOST_LOST]
    why = f"mean chrF of {', '.join(HELD_OUT)}: {means[0]:.2f} against {means[1]:.2f}"
    if worse:
        return f"verdict: not better ({why}; worse by more than {MOST_LOST:g}: {', '.join(worse)})"
    return f"verdict: {'better' if means[0] > means[1] else 'not better'} ({why})"


def parse_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    about, _, more = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        description=about, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, metavar="MODEL_DIR", help="as s2s convert writes it")
    parser.add_argument("--compare", type=Path, metavar="DIR", help="measure another model as well")
    parser.add_argument(
        "--set",
        action="append",
        nargs="+",
        default=[],
        metavar=("NAME", "FILE"),
        dest="sets",
        help="a test set: its name and one file or two; repeatable",
    )
    parser.add_argument(
        "--sentences",
        type=Path,
        default=SENTENCES_FILE,
        metavar="FILE",
        help="a test set whose translations must break no rule [default: that of the tests]",
    )
    parser.add_argument(
        "--texts",
        type=int,
        default=TEXTS,
        metavar="N",
        help=f"how many texts with things to keep [default and most: {TEXTS}]",
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"{QUICK_LINES} lines per set, {QUICK_TEXTS} texts"
    )
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 for all")
    options = parser.parse_args(arguments)
    names = [SENTENCES, *(name for name, *_ in options.sets)]
    for name, *paths in options.sets:
        if not 1 <= len(paths) <= 2:
            parser.error(f"--set {name}: give one file, or two")
        if names.count(name) > 1:
            parser.error(f"--set {name}: this name was given before")
    if not 0 <= options.texts <= TEXTS:
        parser.error(f"--texts is from 0 to {TEXTS}")
    if options.quick:
        options.texts = min(options.texts, QUICK_TEXTS)
    return options


def main() -> None:
    """Measure and print."""
    options = parse_arguments()
    directories = [options.model, *filter(None, [options.compare])]
    try:
        sets = {name: read_set(list(map(Path, paths))) for name, *paths in options.sets}
        texts = texts_with_things(sets, options.texts)
        if options.quick:
            sets = {name: test_set.sample(QUICK_LINES) for name, test_set in sets.items()}
        sets[SENTENCES] = read_set([options.sentences])
        models = [measure(directory, sets, texts, options.threads) for directory in directories]
    except (OSError, ValueError, S2SError) as error:
        sys.exit(f"measure_default_model: {error}")
    if options.quick:
        print("This is a sample: no figures for a card.\n")
    names = [directory.name for directory in directories]
    if len(set(names)) < len(names):
        names = list(map(str, directories))
    print(report(names, sets, models))


if __name__ == "__main__":
    main()
