"""How often outputs equal those of transformers, option by option and family by family.

    PYTHONPATH=. python scripts/measure_search.py         # all families, 50 sentences each
    PYTHONPATH=. python scripts/measure_search.py --family t5 bart --sentences 20

Each checkpoint of ``tests/golden`` is converted in float32 and decoded twice: with the engine's
own search (``--search engine``) and with ours (``--search reference``). An output is equal if it
has the same token ids as that of ``generate`` of transformers 4.57. Each cell has both numbers.
Needs ``pip install -e '.[oracle]'``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from s2scli.data import Decoding
from s2scli.inference.device import place
from s2scli.inference.model import Model
from s2scli.models.convert.run import Labels, convert
from s2scli.models.manifest import Manifest, SearchRules
from tests.families import (
    FAMILIES,
    PAIRS,
    Direction,
    Family,
    best_tokens,
    numbers_of,
    target_tokenizer,
)
from tests.oracle.reference import LONGEST, Reference

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
SEARCHES = ("engine", "reference")
PLAIN = Decoding(beam_size=4, max_length=LONGEST - 1, min_length=0)


class Row(NamedTuple):
    """An option.

    Attributes:
        name: the heading of its column.
        ours: fields of ``Decoding``.
        theirs: arguments of ``generate``; None for the same.
        early: ``early_stopping`` of both; False is the default of transformers.
    """

    name: str
    ours: dict[str, Any]
    theirs: dict[str, Any] | None = None
    early: bool = False


ROWS = (
    Row("greedy", {"beam_size": 1}),
    Row("beam 4, `early_stopping=True`", {}, early=True),
    Row("beam 4", {}),
    Row("length penalty 0.6", {"length_penalty": 0.6}),
    Row("length penalty 2", {"length_penalty": 2.0}),
    Row("at least 12 tokens", {"min_length": 12}, {"min_new_tokens": 12}),
    Row("no repeated bigrams", {"no_repeat_ngram_size": 2}),
    Row("repetition penalty 1.3", {"repetition_penalty": 1.3}),
)


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    known = {**FAMILIES, **PAIRS}
    parser.add_argument("--family", nargs="*", default=[*known], choices=[*known], metavar="NAME")
    parser.add_argument("--sentences", type=int, default=50)
    given = parser.parse_args()
    print(f"| family | {' | '.join(row.name for row in ROWS)} |")
    print(f"| --- |{' --- |' * len(ROWS)}")
    for name in given.family:
        cells = measure(name, known[name], given.sentences)
        print(f"| {known[name].about} | {' | '.join(cells)} |", flush=True)


def measure(name: str, family: Family, count: int) -> list[str]:
    """For each option how many outputs are equal: with the engine's search, with ours."""
    golden = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    texts: Sequence[str] = golden["runs"][0]["sources"] if "runs" in golden else golden["sources"]
    texts, direction = list(texts)[:count], family.directions[0]
    reference = Reference(GOLDEN / name, family)
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / name
        convert(
            GOLDEN / name,
            directory,
            quantization="float32",
            labels=Labels(name=name),
            target_tokenizer=target_tokenizer(GOLDEN / name),
        )
        models = {early: opened(directory, direction, early) for early in (False, True)}
        number = numbers_of(directory, "target")
        sources = [models[False].source(tokens) for tokens in models[False].encode(texts)]
        own = models[False].decoding({})
        cells = []
        for row in ROWS:
            plain = replace(PLAIN, suppress=own.suppress, forced_end=own.forced_end, **row.ours)
            options = row.ours if row.theirs is None else row.theirs
            options = {name: value for name, value in options.items() if name != "beam_size"}
            wanted = reference.generate(
                texts, direction, plain.beam_size, early_stopping=row.early, **options
            )
            found = []
            for search in SEARCHES:
                given = replace(plain, search=search)
                hypotheses = best_tokens(models[row.early], sources, given)
                ids = [number(each.tokens) for each in hypotheses]
                pairs = zip(ids, wanted, strict=True)
                found.append(sum(ours == trimmed(theirs, reference) for ours, theirs in pairs))
            cells.append(" → ".join(map(str, found)))
        return cells


def opened(directory: Path, direction: Direction, early: bool) -> Model:
    """A model whose checkpoint asks for this ``early_stopping``."""
    manifest = Manifest.load(directory)._replace(search=SearchRules(early_stopping=early))
    where = place("cpu", threads=1)
    return Model(directory, where, job=direction.job, manifest=manifest)


def trimmed(ids: list[int], reference: Reference) -> list[int]:
    """Ids without the end."""
    return ids[:-1] if ids[-1:] == [reference.model.config.eos_token_id] else ids


if __name__ == "__main__":
    main()
