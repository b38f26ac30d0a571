"""Metrics of texts by references, each from per-segment sufficient statistics.

``METRICS`` lists them: name → ("module:function", what it is, where it was published). The
function makes a ``Metric`` of ``MetricOptions``; those of ``LEARNED`` take the name of a model too,
which a person writes behind a colon (``comet:MODEL``). Corpus scores, sentence scores, confidence
intervals and paired tests follow from its statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["LEARNED", "METRICS", "LearnedMetric", "meant"]

METRICS: dict[str, tuple[str, str, str]] = {
    "bleu": (
        "s2scli.metrics.sacre:bleu",
        "Overlap of word n-grams up to 4, with a penalty for brevity, by sacrebleu",
        "Papineni et al. 2002, https://aclanthology.org/P02-1040",
    ),
    "chrf": (
        "s2scli.metrics.sacre:chrf",
        "F-score of character n-grams up to 6, recall weighted twice (chrF2), by sacrebleu",
        "Popović 2015, https://aclanthology.org/W15-3049",
    ),
    "chrf++": (
        "s2scli.metrics.sacre:chrf_plus_plus",
        "chrF with word n-grams up to 2 as well, by sacrebleu",
        "Popović 2017, https://aclanthology.org/W17-4770",
    ),
    "ter": (
        "s2scli.metrics.sacre:ter",
        "Edits (including shifts) per reference word; lower is better, by sacrebleu",
        "Snover et al. 2006, https://aclanthology.org/2006.amta-papers.25",
    ),
    "rouge1": (
        "s2scli.metrics.rouge:rouge1",
        "Overlap of words, as in the package rouge-score",
        "Lin 2004, https://aclanthology.org/W04-1013",
    ),
    "rouge2": (
        "s2scli.metrics.rouge:rouge2",
        "Overlap of pairs of words, as in the package rouge-score",
        "Lin 2004, https://aclanthology.org/W04-1013",
    ),
    "rougeL": (
        "s2scli.metrics.rouge:rouge_l",
        "Longest common subsequence of words of the whole text",
        "Lin 2004, https://aclanthology.org/W04-1013",
    ),
    "rougeLsum": (
        "s2scli.metrics.rouge:rouge_lsum",
        "Longest common subsequences per sentence (one per line), taken together",
        "Lin 2004, https://aclanthology.org/W04-1013",
    ),
    "meteor": (
        "s2scli.metrics.meteor:meteor",
        "Words aligned by form, stem and (with WordNet's data) synonyms, as in NLTK",
        "Banerjee and Lavie 2005, https://aclanthology.org/W05-0909",
    ),
    "cider": (
        "s2scli.metrics.cider:cider",
        "Cosine of word n-grams up to 4, weighted by rarity (CIDEr-D); for captions of images",
        "Vedantam et al. 2015, https://arxiv.org/abs/1411.5726",
    ),
    "exact-match": (
        "s2scli.metrics.answers:exact_match",
        "Share of answers equal to a reference but for case, articles and punctuation",
        "Rajpurkar et al. 2016, https://aclanthology.org/D16-1264",
    ),
    "token-f1": (
        "s2scli.metrics.answers:token_f1",
        "F-score of the words of answers, normalized in the same way",
        "Rajpurkar et al. 2016, https://aclanthology.org/D16-1264",
    ),
    "length-ratio": (
        "s2scli.metrics.sacre:length_ratio",
        "Words of the hypotheses per word of the closest references, tokenized as for BLEU",
        "Papineni et al. 2002, https://aclanthology.org/P02-1040",
    ),
}


class LearnedMetric(NamedTuple):
    """A metric that a model computes.

    Attributes:
        target: "module:function" of the maker.
        about: what it is.
        paper: where it was published.
        model: the alias of the model that is taken if none is named.
    """

    target: str
    about: str
    paper: str
    model: str


LEARNED: dict[str, LearnedMetric] = {
    "comet": LearnedMetric(
        "s2scli.tasks.learned.comet:comet",
        "Quality as people rate it, learned; reads sources and references (comet:MODEL)",
        "Rei et al. 2022, https://aclanthology.org/2022.wmt-1.52",
        "wmt22-comet-da",
    ),
    "cometkiwi": LearnedMetric(
        "s2scli.tasks.learned.comet:cometkiwi",
        "The same without references: quality estimation (cometkiwi:MODEL)",
        "Rei et al. 2022, https://aclanthology.org/2022.wmt-1.60",
        "wmt22-cometkiwi-da",
    ),
    "bertscore": LearnedMetric(
        "s2scli.tasks.learned.bertscore:bertscore",
        "Likeness of words by an encoder's vectors in their context (bertscore:MODEL)",
        "Zhang et al. 2020, https://arxiv.org/abs/1904.09675",
        "bert-base-multilingual-cased",
    ),
}


def meant(name: str, metrics: Sequence[str]) -> str:
    """Which of some metrics a name means: ``comet`` is ``comet:MODEL``, if that is there alone."""
    found = [metric for metric in metrics if metric.partition(":")[0] == name]
    return found[0] if len(found) == 1 else name
