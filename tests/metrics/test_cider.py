"""CIDEr-D against its formula, written out once more, and against what it must be by hand."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest

from s2scli.metrics.base import MetricOptions, load_metric
from s2scli.metrics.cider import cider_scores

WORDS = ["a", "the", "red", "blue", "cat", "dog", "sits", "runs", "on", "under", "mat", "tree"]


def by_the_formula(hypotheses: list[list[str]], references: list[list[list[str]]]) -> list[float]:
    """Equation by equation: weights, clipped cosine, penalty, mean over n and references."""

    def grams(words: list[str], n: int) -> Counter[str]:
        return Counter(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))

    images = len(references)
    scores = []
    for words, several in zip(hypotheses, references, strict=True):
        total = 0.0
        for reference in several:
            for n in (1, 2, 3, 4):

                def weigh(text: list[str], n: int = n) -> dict[str, float]:
                    found = {}
                    for gram, count in grams(text, n).items():
                        holding = sum(any(gram in grams(r, n) for r in rs) for rs in references)
                        found[gram] = count * math.log(images / max(1, holding))
                    return found

                ours, theirs = weigh(words), weigh(reference)
                dot = sum(min(w, theirs.get(g, 0.0)) * theirs.get(g, 0.0) for g, w in ours.items())
                norm = math.hypot(*ours.values()) * math.hypot(*theirs.values())
                # Lengths are those of the lists of pairs of words, as in COCO's code.
                apart = max(0, len(words) - 1) - max(0, len(reference) - 1)
                if norm:
                    total += dot / norm * math.exp(-apart * apart / (2 * 6.0 * 6.0))
        scores.append(10 * total / 4 / len(several))
    return scores


@pytest.mark.parametrize("seed", range(20))
def test_scores_are_those_of_the_formula(seed: int) -> None:
    draw = random.Random(seed)

    def text() -> list[str]:
        return [draw.choice(WORDS) for _ in range(draw.randint(0, 9))]

    images = draw.randint(1, 8)
    hypotheses = [text() for _ in range(images)]
    references = [[text() for _ in range(draw.randint(1, 5))] for _ in range(images)]
    assert cider_scores(hypotheses, references) == pytest.approx(
        by_the_formula(hypotheses, references), abs=1e-9
    )


def test_scores_by_hand() -> None:
    references = [[["a", "red", "cat", "sits", "there"]], [["the", "blue", "dog", "runs", "off"]]]
    assert cider_scores([r[0] for r in references], references) == pytest.approx([10, 10])
    # One image of two: "cat" is in all references, so it says nothing.
    alike = [[["cat", "one"]], [["cat", "two"]]]
    assert cider_scores([["cat"], ["two"]], alike) == pytest.approx([0, 10 / 4 * math.exp(-1 / 72)])
    # Words that are repeated count once, and make the text longer.
    more = cider_scores([["red", "red", "red"], []], [[["red"]], [["blue"]]])
    assert more == pytest.approx([10 / 4 * (1 / 3) * math.exp(-4 / 72), 0])


def test_marks_and_case_do_not_count() -> None:
    metric = load_metric("cider", MetricOptions())
    references = [["A red cat, sitting."], ["A dog?"]]
    found = metric.score(metric.statistics(["a RED cat sitting", "a dog!"], references))
    assert found == pytest.approx((10 + 10 / 4 * 2) / 2)
    assert metric.signature(1).startswith("nrefs:1|variant:D|n:4|sigma:6|idf:references|tok:13a")


def test_one_image_alone_says_nothing() -> None:
    assert cider_scores([["a", "cat"]], [[["a", "cat"]]]) == [0.0]
