"""Metrics of texts by references, each from per-segment sufficient statistics.

``METRICS`` lists them: name → ("module:function", what it is, where it was published). The
function makes a ``Metric`` of ``MetricOptions``; corpus scores, sentence scores, confidence
intervals and paired tests follow from its statistics.
"""

from __future__ import annotations

__all__ = ["METRICS"]

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
