"""Damages of each kind are found, on a few pairs; ``scripts/bench_guard.py`` takes thousands."""

from __future__ import annotations

import pytest
from measuring.damages import CLAUSE, KINDS, Corpus, Pair, damaged

from s2scli.guard.checks import find
from s2scli.guard.facts import Facts

PAIRS = [
    Pair(
        "The museum (built in 1895) is open from 10 a.m. to 5 p.m., and on Sundays it is free.",
        "Das Museum (erbaut 1895) hat von 10 bis 17 Uhr geöffnet, und an Sonntagen ist es umsonst.",
    ),
    Pair(
        '"We have sold 12,500 tickets," said the director, who has been there since 2009.',
        "„Wir haben 12.500 Karten verkauft“, sagte die Direktorin, die seit 2009 dort arbeitet.",
    ),
    Pair(
        "When it rains, the paths in the old garden are closed, because they are dangerous.",
        "Wenn es regnet, sind die Wege im alten Garten gesperrt, weil sie gefährlich sind.",
    ),
    Pair(
        "Nobody knows who planted the 340 trees along the river, but everybody likes them.",
        "Niemand weiß, wer die 340 Bäume am Fluss gepflanzt hat, aber alle mögen sie.",
    ),
    Pair(
        "The guide told us that the house (number 27) had belonged to a doctor from the town.",
        "Der Führer erzählte uns, dass das Haus (Nummer 27) einem Arzt aus der Stadt gehört hatte.",
    ),
    Pair(
        'Children often ask: "Why is the door so small?" and nobody has an answer to that.',
        "Kinder fragen oft: „Warum ist die Tür so klein?“, und niemand hat darauf eine Antwort.",
    ),
]
GERMAN = Corpus([Pair(pair.target, pair.source) for pair in PAIRS], "de", "en")
ENGLISH = Corpus(PAIRS, "en", "de")
# Texts of the same length in the source's language are looked for among fifty.
FEW = [kind for kind in KINDS if kind != "another text in the source's language"]


@pytest.mark.parametrize("corpus", [ENGLISH, GERMAN], ids=["en-de", "de-en"])
@pytest.mark.parametrize("kind", FEW)
def test_damages_are_found(kind: str, corpus: Corpus) -> None:
    for before, after in damaged(kind, corpus, 20, seed=1):
        assert not find(Facts(*before, corpus.source, corpus.target)), before
        assert after.source == before.source
        assert after.target != before.target
        if kind != CLAUSE:
            assert find(Facts(*after, corpus.source, corpus.target)), after


def test_the_same_seed_makes_the_same_damages() -> None:
    kind = next(iter(KINDS))
    assert list(damaged(kind, ENGLISH, 5, 1)) == list(damaged(kind, ENGLISH, 5, 1))
    assert list(damaged(kind, ENGLISH, 5, 1)) != list(damaged(kind, ENGLISH, 5, 2))
