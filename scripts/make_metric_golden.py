"""Write what rouge-score and NLTK give for some pairs of texts to ``tests/golden/metrics.json``.

The tests compare s2s with these numbers wherever those packages are not installed. Needs the extra
"oracle"; from the root of the repository::

    PYTHONPATH=. python scripts/make_metric_golden.py
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nltk.translate.meteor_score import single_meteor_score
from rouge_score.rouge_scorer import RougeScorer

from tests.metrics.texts import random_pairs, real_pairs

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "metrics.json"
ROUGE = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
PAIRS = 300


class NoWordNet:
    """WordNet without data."""

    @staticmethod
    def synsets(_word: str) -> list[Any]:
        """No sense at all."""
        return []


def main() -> None:
    """Write the file."""
    scorers = {stem: RougeScorer(ROUGE, use_stemmer=stem) for stem in (True, False)}
    rows = []
    for hypothesis, reference in [*real_pairs(), *random_pairs(PAIRS)]:
        found = {stem: scorer.score(reference, hypothesis) for stem, scorer in scorers.items()}
        words = reference.lower().split(), hypothesis.lower().split()
        rows.append(
            {
                "hypothesis": hypothesis,
                "reference": reference,
                "stemmed": {name: found[True][name].fmeasure for name in ROUGE},
                "plain": {name: found[False][name].fmeasure for name in ROUGE},
                "meteor": single_meteor_score(*words, wordnet=NoWordNet()) if all(words) else 0.0,
            }
        )
    packages = ", ".join(f"{name} {version(name)}" for name in ("rouge-score", "nltk"))
    content = {"made_by": f"scripts/make_metric_golden.py, {packages}", "rows": rows}
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    GOLDEN.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
