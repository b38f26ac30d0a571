"""ROUGE, METEOR, BLEU, chrF and TER against the tools that people quote."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s2scli.metrics.base import MetricOptions, load_metric
from s2scli.metrics.meteor import meteor_score
from s2scli.metrics.porter import stem
from s2scli.tasks.squad import read_squad
from tests.metrics.texts import random_pairs, real_pairs
from tests.oracle.needs import needs

pytestmark = needs("rouge_score", "nltk")
DATA = Path(__file__).parents[3] / "shared" / "data"


@cache
def pairs() -> list[tuple[str, str]]:
    """Made by the first test that needs them: that takes seconds."""
    return [*real_pairs(), *random_pairs(10_000)]


@pytest.mark.parametrize("stemmer", [True, False])
def test_rouge(stemmer: bool) -> None:
    from rouge_score.rouge_scorer import RougeScorer

    names = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    scorer = RougeScorer(names, use_stemmer=stemmer)
    hypotheses, references = zip(*pairs(), strict=True)
    expected = [scorer.score(reference, hypothesis) for hypothesis, reference in pairs()]
    for name in names:
        metric = load_metric(name, MetricOptions(stem=stemmer))
        found = np.array(metric.statistics(hypotheses, [[text] for text in references]))
        theirs = np.array([[s[name].fmeasure, s[name].precision, s[name].recall] for s in expected])
        np.testing.assert_allclose(found[:, :3], theirs, rtol=0, atol=1e-9)


def test_rouge_with_several_references() -> None:
    from rouge_score.rouge_scorer import RougeScorer

    names = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
    scorer = RougeScorer(names, use_stemmer=True)
    rows = [(a, [b, c]) for (a, b), (c, _) in zip(pairs()[:500], pairs()[500:1000], strict=True)]
    for name in names:
        found = np.array(load_metric(name).statistics(*zip(*rows, strict=True)))
        theirs = [scorer.score_multi(refs, a)[name].fmeasure for a, refs in rows]
        np.testing.assert_allclose(found[:, 0], theirs, rtol=0, atol=1e-9)


@pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")
def test_rouge_on_scitldr() -> None:
    import json

    from rouge_score.rouge_scorer import RougeScorer

    rows: list[dict[str, Any]] = [
        json.loads(line) for line in (DATA / "scitldr-test.jsonl").read_text("utf-8").splitlines()
    ]
    source = next(key for key, value in rows[0].items() if isinstance(value, list))
    texts = [" ".join(map(str, row[source])) for row in rows[:300]]
    hypotheses = ["\n".join(text.split(". ")[:3]) for text in texts]
    references = ["\n".join(text.split(". ")[1:5]) for text in texts]
    scorer = RougeScorer(["rougeLsum", "rougeL"], use_stemmer=True)
    for name in ("rougeLsum", "rougeL"):
        single = [[text] for text in references]
        found = np.array(load_metric(name).statistics(hypotheses, single))
        theirs = [
            scorer.score(r, h)[name].fmeasure for h, r in zip(hypotheses, references, strict=True)
        ]
        np.testing.assert_allclose(found[:, 0], theirs, rtol=0, atol=1e-9)


def test_the_stemmer() -> None:
    from nltk.stem.porter import PorterStemmer

    theirs = PorterStemmer()
    words = {word for pair in pairs() for text in pair for word in text.lower().split()}
    roots = ["relat", "condition", "happ", "y", "fall", "geo", "archaeo", "ed", "agr", "s", "hop"]
    ends = ["ational", "tional", "enci", "anci", "izer", "bli", "alli", "entli", "eli", "ousli"]
    ends += ["ization", "ation", "ator", "alism", "iveness", "fulness", "ousness", "aliti"]
    ends += ["iviti", "biliti", "fulli", "logi", "icate", "ative", "alize", "iciti", "ical"]
    ends += ["ful", "ness", "ies", "ied", "eed", "ed", "ing", "y", "sses", "ss", "s", "e", "ll"]
    ends += ["ement", "ment", "ent", "ion", "sion", "tion", "ou", "ism", "ate", "iti", "ous"]
    words |= {root + end for root in roots for end in ends}
    words |= {root + end + more for root in roots for end in ends for more in ("s", "ing", "ly")}
    assert {word: stem(word) for word in words} == {word: theirs.stem(word) for word in words}


def test_meteor() -> None:
    from nltk.translate.meteor_score import single_meteor_score

    class Empty:
        """WordNet without data."""

        @staticmethod
        def synsets(_word: str) -> list[Any]:
            return []

    class Senses:
        """A WordNet of a few words."""

        words: tuple[str, ...] = ("cat", "dog", "sky", "news")

        def synsets(self, word: str) -> list[Any]:
            return [self] if word in self.words else []

        def lemmas(self) -> list[Any]:
            return [type("Lemma", (), {"name": lambda _s, w=w: w})() for w in self.words]

    def synonyms(word: str) -> set[str]:
        return {*Senses.words} if word in Senses.words else {word}

    for one, two in pairs()[:3000]:
        ours, theirs = one.lower().split(), two.lower().split()
        if not ours or not theirs:
            continue
        expected = single_meteor_score(theirs, ours, wordnet=Empty())
        assert meteor_score(ours, theirs) == pytest.approx(expected, abs=1e-9)
        expected = single_meteor_score(theirs, ours, wordnet=Senses())
        assert meteor_score(ours, theirs, synonyms) == pytest.approx(expected, abs=1e-9)


def test_answers_as_squads_script_scores_them() -> None:
    """transformers carries the functions of SQuAD's official script (evaluate-v2.0.py)."""
    squad = pytest.importorskip("transformers.data.metrics.squad_metrics")
    generator = random.Random(5)
    words = ["the", "a", "Tower", "tower.", "in", "1889", "Paris,", "“x”", "an apple", "", "é"]

    def text() -> str:
        return " ".join(generator.choices(words, k=generator.randint(0, 4)))

    exact, f_score = load_metric("exact-match"), load_metric("token-f1")
    for _ in range(2000):
        ours, answers = text(), [text() for _ in range(generator.randint(0, 3))]
        entry = {"id": "1", "question": "?", "answers": [{"text": answer} for answer in answers]}
        paragraph = {"context": "c", "qas": [entry]}
        content = json.dumps({"data": [{"paragraphs": [paragraph]}]})
        (question,) = read_squad("f", content)
        gold = [answer for answer in answers if squad.normalize_answer(answer)] or [""]
        assert list(question.references) == gold
        for metric, theirs in ((exact, squad.compute_exact), (f_score, squad.compute_f1)):
            wanted = 100 * max(theirs(answer, ours) for answer in gold)
            found = metric.score(metric.statistics([ours], [question.references]))
            assert found == pytest.approx(wanted, abs=1e-9)
