"""Make the bundled model's shortlist, and store it in a model directory.

It is counted on English lines of the model's training text: all of Tatoeba, and some thousands of
each other kind. It is checked on development text of all kinds, with references; and it is used for
short lines alone, since among several kinds of text long ones change too often.

A corpus directory holds ``DOMAIN.tsv.xz`` files (see ``training/corpus.py``). A file to check on,
or whose lines must not be counted on, has English, a tab and German a line, or English alone; with
``--check`` an English file may be followed by a German one. From the root of the repository::

    cp -r $(s2s models path en-de) short
    PYTHONPATH=. python scripts/make_default_shortlist.py short --corpus corpus/ \\
        --source train.en.gz --check tatoeba-dev.en tatoeba-dev.de --check dev.docs.tsv \\
        --check dev.formal.tsv --check dev.general.tsv --check dev.ui.tsv \\
        --held-out tatoeba-test.en newstest2014.en test.docs.tsv
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

from training.corpus import read_lines

from s2scli.errors import S2SError
from s2scli.inference.device import place
from s2scli.inference.frame import Job
from s2scli.inference.model import Model
from s2scli.models.catalogue import shortlist_facts
from s2scli.tasks.shortlist.choice import Size
from s2scli.tasks.shortlist.making import Material, make_shortlist

# Lines of each kind; the other domains are copies, and what a machine translated.
LINES = {
    "docs-ms": 8000,
    "docs-other": 8000,
    "docs-mdn-llm": 8000,
    "formal": 9000,
    "general": 9000,
    "ui": 9000,
}
SEED = 1
SIZE = Size(5000, 1000, 0.001)  # a larger file takes longer to read than a line gains
LONGEST = 14  # tokens: of general text and documentation, more change from 16 on


def english(path: Path) -> list[str]:
    """The English lines of a file."""
    return [line.split("\t")[0].strip() for line in read_lines(path)]


def pairs(paths: Sequence[Path]) -> list[tuple[str, str]]:
    """The pairs of one file, or of two parallel ones."""
    if len(paths) == 1:
        rows = [line.split("\t") for line in read_lines(paths[0])]
        return [(row[0], row[1]) for row in rows if len(row) > 1]
    return list(zip(*map(read_lines, paths), strict=True))


def counted_on(corpus: Path, source: Path, not_these: Iterable[str]) -> list[str]:
    """The texts to count on: Tatoeba's, and those of each other kind."""
    without = frozenset(not_these)
    generator = random.Random(SEED)
    texts = [line for line in english(source) if line not in without]
    found = ["\n".join(texts)]
    for domain, most in LINES.items():
        lines = dict.fromkeys(english(corpus / f"{domain}.tsv.xz"))
        rest = [line for line in lines if line and line not in without]
        found.append("\n".join(generator.sample(rest, min(most, len(rest)))))
    return found


def main() -> None:
    """Make it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("model", type=Path, help="a copy of the bundled model")
    parser.add_argument("--corpus", type=Path, required=True, help="parallel text by domain")
    parser.add_argument("--source", type=Path, required=True, help="Tatoeba's English lines")
    parser.add_argument(
        "--check", type=Path, nargs="+", action="append", required=True, help="pairs to check on"
    )
    parser.add_argument("--held-out", type=Path, nargs="+", default=[], help="is not counted on")
    asked = parser.parse_args()
    checked = [pair for paths in asked.check for pair in pairs(paths)]
    sources, references = zip(*checked, strict=True)
    held_out = [line for path in asked.held_out for line in english(path)]
    texts = counted_on(asked.corpus, asked.source, [*sources, *held_out])
    model = Model(asked.model, place("cpu"), job=Job("translate"))

    def tell(stage: str, done: float, whole: float) -> None:
        print(f"\r{stage}: {done:,} of {whole:,}", end="", flush=True)

    material = Material.of(texts, sources, references)
    try:
        record = make_shortlist(model, asked.model, material, tell, longest=LONGEST, sizes=(SIZE,))
    except S2SError as error:
        raise SystemExit(f"\n{error}") from error
    print(*(f"\n{name}: {fact}" for name, fact in shortlist_facts(record).items()))


if __name__ == "__main__":
    main()
