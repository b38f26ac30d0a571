"""Write what transformers gives for the small checkpoints in ``tests/golden``.

The tests compare s2s with these numbers wherever transformers is not installed. Needs the extra
"oracle"; from the root of the repository::

    PYTHONPATH=. python scripts/make_golden.py --english dev.en --german dev.de [FAMILY]...
"""

from __future__ import annotations

import argparse
import json
from itertools import islice
from pathlib import Path
from typing import Any

import torch
import transformers

from tests.families import ALL, HOSTILE, PENALTIES, SENTENCES, Direction
from tests.oracle.reference import LONGEST, Reference

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
MARIAN_SENTENCES = 500
BEAMS = {"marian-tiny": (1, 2, 3, 4, 5)}
LONGEST_LINE = 60
TRIED = 160
MOST_LINES = 6  # of a document


def answers(
    reference: Reference, sources: list[str], direction: Direction, beams: tuple[int, ...]
) -> dict[str, Any]:
    """Source ids, and by beam size the target ids (with their end) and texts."""
    rows = {beam: reference.generate(sources, direction, beam) for beam in beams}
    return {
        "source_ids": reference.source_ids(sources, direction),
        "hostile_ids": reference.source_ids(HOSTILE, direction),
        "ids": rows,
        "texts": {beam: reference.texts(found) for beam, found in rows.items()},
    }


def scores(reference: Reference, sources: list[str]) -> dict[str, Any]:
    """Mean log-probabilities by beam size, and with other length penalties ids and the same."""
    found: dict[str, Any] = {"scores": {}, "penalties": {}}
    for beam in (1, 4):
        found["scores"][beam] = [round(n, 6) for n in reference.scored(sources, beam)[1]]
    for penalty in PENALTIES:
        ids, numbers = reference.scored(sources, 4, float(penalty))
        found["penalties"][penalty] = {"ids": ids, "scores": [round(n, 6) for n in numbers]}
    return found


def documents(lines: list[str]) -> list[str]:
    """Texts of one to six lines, in turn."""
    rest = iter(lines)
    found: list[str] = []
    while len(found) < TRIED:
        found.append(" ".join(islice(rest, len(found) % MOST_LINES + 1)))
    return found


def usable(
    reference: Reference, sources: list[str], direction: Direction, beams: tuple[int, ...]
) -> list[str]:
    """Those sources for which no output is cut off: there transformers forces an end token."""
    chosen = sources[:TRIED]
    for beam in beams:
        rows = reference.generate(chosen, direction, beam)
        chosen = [s for s, row in zip(chosen, rows, strict=True) if len(row) < LONGEST - 1]
    return chosen


def main() -> None:
    """Write ``tests/golden/FAMILY.json`` for each family."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("families", nargs="*", default=list(ALL), metavar="FAMILY")
    parser.add_argument("--english", type=Path, required=True, help="sentences, a line each")
    parser.add_argument("--german", type=Path, required=True, help="sentences, a line each")
    options = parser.parse_args()
    files = {"en": options.english, "de": options.german}
    lines = {
        language: [
            line
            for line in path.read_text(encoding="utf-8").splitlines()
            if len(line) <= LONGEST_LINE
        ]
        for language, path in files.items()
    }
    for name in options.families:
        family = ALL[name]
        reference = Reference(GOLDEN / name, family)
        count = MARIAN_SENTENCES if name == "marian-tiny" else SENTENCES
        runs = []
        for number, direction in enumerate(family.directions):
            beams = BEAMS.get(name, (1, 4))
            texts = lines["de" if number else "en"]
            texts = documents(texts) if family.documents else texts
            sources = usable(reference, texts, direction, beams)[:count]
            assert len(sources) == count
            run = {"sources": sources, **answers(reference, sources, direction, beams)}
            runs.append(run | (scores(reference, sources) if family.scored else {}))
        content = {
            "made_by": f"scripts/make_golden.py, transformers {transformers.__version__}, "
            f"torch {torch.__version__}",
            "runs": runs,
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(name, [len(run["ids"][4]) for run in runs], flush=True)


if __name__ == "__main__":
    main()
