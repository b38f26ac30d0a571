"""The page about JSON: what each command writes, key by key.

``RECORDS`` is compared by a test with what the commands really write.
"""

from __future__ import annotations

from handbook.tables import table
from handbook.textrecords import TEXT_RECORDS

__all__ = ["RECORDS", "records_page"]

HEAD = """# JSON lines

What the commands write as JSON, key by key. `schema` is 1; it changes when the meaning of a key
changes. New keys may appear without that. Texts are UTF-8 and never escaped beyond what JSON needs.
"""
_SCORES = {
    "schema": "1",
    "documents": "number of documents that are drawn whole (`--by-document`)",
    "systems": "an object per system, HYPOTHESES first",
}
_SYSTEM = {"name": "name of the system", "scores": "an object per metric"}
_SCORE = {
    "metric": "name of the metric",
    "score": "its value",
    "signature": "how it was computed",
    "lower_is_better": "true for error rates",
    "details": "parts of the score, where it has any",
    "interval": "95% interval (`--confidence`)",
    "against_baseline": "paired tests against HYPOTHESES (`--compare`)",
    "mark": "a dagger, or letters; may be empty (`--marks`)",
    "recorded": "`score` of an earlier run, and the `difference` from it (`--baseline-json`)",
}
_SEGMENT = {
    "segment": "number of the segment, from 1, or the name of its file",
    "scores": "value per metric",
    "hypothesis": "the hypothesis",
    "references": "the references",
    "source": "the source, with metrics that read it",
}
_RUN = {
    "signature": "what decides on the outputs, as `--signature` prints it",
    "lines": "number of lines",
    "source_tokens": "tokens read",
    "target_tokens": "tokens written",
    "truncated": "outputs that reached the maximum length",
    "protection": "number of lines by `how` their placeholders were kept (`--protection`)",
    "terms_met": "terms of the glossary in the translations (`--glossary`)",
    "terms_missed": "those missing from the translations",
    "reranked": "lines that were ranked (`count`), those whose best hypothesis is not that of the "
    "search (`changed`), and what some were ranked without (`left_out`)",
    "guard": "what the guard has found, if anything",
    "seconds": "duration, without loading the model",
    "lines_per_second": "speed",
    "source_tokens_per_second": "speed",
    "target_tokens_per_second": "speed",
    "peak_memory_bytes": "the most memory that the process held",
}
_GUARD_RUN = {
    "flagged": "texts with which something seems wrong",
    "checks": "how many, by check",
    "repaired": "how many were repaired, by how (`--guard repair`)",
    "actions": "how many stay in the source language, are marked, or make the run fail (`--below`)",
    "findings": "the findings, each also with its `line` (of summaries: `document`), from 1; at "
    "most 1,000; of a run on documents they are with each document",
    "left_out": "how many more findings there are",
}
_FOLDER_RUN = {
    "done": "documents translated in this run",
    "skipped": "documents that were done before",
    "failed": "documents that failed",
    "segments": "texts of all documents",
    "recalled": "texts taken from the journal or the memory",
    "left": "texts that stay in the source language, wholly or in part",
    "words": "words of the texts translated in this run",
    "words_per_second": "speed",
    "terms_met": "terms of the glossary in the translations",
    "terms_missed": "those missing from the translations",
    "reranked": "as for lines, of the texts",
    "guard": "as for lines, of the texts",
    "documents": "an object per document",
}
_DOCUMENT = {
    "name": "its name within the inputs",
    "source": "its place",
    "target": "place of the translation",
    "format": "its format",
    "status": "`done`, `skipped` or `failed`",
    "reason": "why it failed; else empty",
    "segments": "its texts",
    "words": "its words",
    "recalled": "texts taken from the journal or the memory",
    "truncated": "outputs that reached the maximum length",
    "masked": "texts translated with marks instead of their placeholders",
    "fragments": "texts translated in fragments around their placeholders",
    "left": "texts that stay in the source language, wholly or in part",
    "remarks": "what the run has warned of",
    "terms_met": "terms of the glossary in the translation",
    "terms_missed": "list of those missing from the translation",
    "guard": "list of the guard's findings, each also with the number of its `text`, from 1, and "
    "the beginning of its `source`",
}
_LIKELIHOOD = {
    "schema": "1",
    "log-probability": "natural log-probability of all targets",
    "tokens": "number of target tokens, including end tokens",
    "cross-entropy": "mean negative log-probability per token",
    "perplexity": "its exponential",
}
_TOKENS = {
    "segment": "number of the segment, from 1, as text",
    "tokens": "pairs of a token and its natural log-probability",
}
_CELLS = {"schema": "1", "cells": "an object per model and setting"}
_CELL = {
    "model": "the model",
    "beam": "beam size",
    "compute_type": "arithmetic in use",
    "length_penalty": "length penalty",
    "scores": "value per metric",
    "signatures": "per metric, how it was computed",
    "run": "the record of its run, as `--report` writes it",
    "output": "file of its outputs",
    "reused": "whether the outputs were there already (`--resume`)",
}
_KNOWN_MODEL = {
    "name": "alias, or name of the installed model",
    "about": "what it is",
    "tasks": "tasks that it can do",
    "from": "languages that it reads",
    "to": "languages that it writes",
    "licence": "its license",
    "hub": "its name on the hub, or empty",
    "parameters_millions": "number of its weights, in millions",
    "download_megabytes": "size of the download; 0 if there is none",
    "installed": "its copies here: `directory`, `quantization`, `revision`, `bundled`",
}
_HOLDING = {
    "source_language": "language of the sources",
    "target_language": "language of the targets",
    "origin": "the model, or `import:` and the name of the import",
    "key": "what the translations depend on: model and options",
    "entries": "number of entries",
    "uses": "how often they were used",
    "characters": "characters of all their texts",
    "created": "time of the first",
    "used": "time of the last use",
}
_ENTRY = {
    "source": "the text",
    "target": "its translation",
    "source_language": "language of the source",
    "target_language": "language of the target",
    "origin": "the model, or `import:` and the name of the import",
    "key": "what the translation depends on: model and options",
    "created": "when it was added",
    "used": "when it was last used",
    "uses": "how often it was used",
}
_FINDING = {
    "part": "what it is about, such as `packages`",
    "name": "what was looked at",
    "value": "what was found",
    "state": "how it is",
    "advice": "what to do, or empty",
}
_BENCH = {
    "schema": "2",
    "texts": "how many texts were decoded",
    "task": "what the model did",
    "settings": "an object per setting",
}
_WAY = {
    "compute_type": "the arithmetic that was used",
    "beam": "beam size; 0 for the model's own",
    "batch_tokens": "maximum source tokens per batch",
    "threads": "CPU threads; 0 for one per core",
    "lines_per_second": "texts per second, in batches",
    "lines_per_processor_second": "the same by the time that all threads were computing",
    "source_tokens_per_second": "tokens read per second",
    "target_tokens_per_second": "tokens written per second",
    "rounds": "how often it was measured; the numbers are medians",
}
_SETTING = {
    **_WAY,
    "latency_p50": "median milliseconds for a text that comes alone",
    "latency_p95": "of 95% of such texts",
    "latency_p99": "of 99% of them",
    "load_seconds": "until the model was loaded",
    "peak_memory_bytes": "the most memory of the process",
}
_CANDIDATE = {
    **_WAY,
    "gain": "its speed by that of the default: the median of what the rounds show, each by itself",
    "kept": "whether it is used from now on",
}
_EXPLANATION = {
    "schema": "1",
    "source": "the text",
    "target": "the best hypothesis; the text itself if there was nothing to translate",
    "model": "name of the model",
    "signature": "the run's signature",
    "hypotheses": "what the search found, best first; objects as those of a line",
    "parts": "an object for each part that was decoded alone, most often one",
}
_EXPLAINED_PART = {
    "source": "the tokens that the model read, its own prefix and suffix included",
    "target": "an object for each token that it wrote, the end token last",
}
_EXPLAINED_TOKEN = {
    "token": "the token",
    "log_prob": "its natural log-probability, by the model alone",
    "rank": "its place among all tokens by that, from 1",
    "alternatives": "pairs of the most likely tokens in its place and their log-probabilities",
    "attention": "its weights for the tokens of `source`; empty for the end token, and where the "
    "engine gives none",
}
_JUDGEMENTS = {
    "schema": "1",
    "evaluation": "name of its folder",
    "kind": "what was asked: `direct`, `relative`, `mqm` or `summary`",
    "files": "how many files of answers were read",
    "segments": "how many segments were judged",
    "draws": "what was drawn at random: `samples` of segments, `trials` of permutations, the "
    "`seed`, and whether it was `by_document`",
    "criteria": "what was found by each criterion",
    "annotators": "how each annotator did",
    "errors": "errors by `system`, `category` and `severity`: how many were `marked`, and their "
    "part of the system's mean `penalty` (`mqm`)",
    "metrics": "how well metrics say the same, by criterion (`--metric`)",
}
_CRITERION = {
    "criterion": "its name; `penalty` of the kind `mqm`, `preference` of `relative`",
    "lower_is_better": "whether small values of the first measure are good ones",
    "systems": "the systems, best first; those of which nothing was said last",
    "pairs": "each two systems, the higher ranked first: `first`, `second`, the mean `difference`, "
    "`p` (null if they were never compared), the `test` (`permutation` of the `segments` that both "
    "were judged on, or `rank-sum`)",
    "agreement": "of the annotators: Krippendorff's `alpha` at a `level` (`nominal`, `ordinal`, "
    "`interval`) over `units` that several judged; `pairs` with Cohen's `kappa` over their `units`",
}
_JUDGED_SYSTEM = {
    "system": "its name",
    "judgements": "how many there are",
    "segments": "of how many segments",
    "cluster": "number of its cluster from 1, or null",
    "ranks": "the best and the worst rank that it may have, or null",
    "measures": "`z` and `mean`; `penalty` and `per_100_words`; or `expected_wins`, `strength`, "
    "`won`, `tied` and `lost`: each with its `value` and, where there is one, the 95% `interval` "
    "(`lower`, `upper`). Systems are ranked by the first",
}
_CONDUCT = {
    "annotator": "the name",
    "tasks": "how many there are",
    "answers": "how many have an answer",
    "partial": "how many answers lack a rating",
    "seconds": "median time of an answer, or null",
    "damaged": "how much better originals were rated than damaged copies, `difference` over "
    "`pairs`, and the one-sided `p`; or null",
    "references": "how much better references were rated than outputs, `difference`, over how many "
    "were `judged`; or null",
    "repeats": "how far two answers to one task are apart, `difference` over `pairs`, and answers "
    "to two of these tasks, by `chance`; or null",
    "failures": "why the annotator fails the control items; empty if not",
    "left_out": "whether the answers do not count (`--passing-only`)",
}
_METRIC_CHECK = {
    "metric": "its name",
    "signature": "how it was computed",
    "criterion": "what it is compared with",
    "left_out": "how many judged segments have no reference",
    "splits_at_spaces": "whether it takes what is between spaces for words, in a script without "
    "spaces",
    "remarks": "what a user should know of its scores, a list of texts",
    "systems": "how far systems are ordered alike: `units` compared, `pearson`, `kendall` (tau-b), "
    "`pairs`, and the `accuracy` of these; null where not defined",
    "outputs": "the same of outputs; pairs are of one segment, and those whose difference by the "
    "metric is at most `epsilon` count as tied",
}
# A heading, the command that writes it, and the keys.
RECORDS: dict[str, tuple[str, dict[str, str]]] = {
    **TEXT_RECORDS,
    "Scores": ("`s2s score --json`", _SCORES),
    "A system": ("an item of `systems`", _SYSTEM),
    "A score": ("an item of `scores` of a system", _SCORE),
    "A segment": ("`s2s score --sentences --format jsonl`", _SEGMENT),
    "Probabilities": ("`s2s score --model MODEL --json`", _LIKELIHOOD),
    "Probabilities of tokens": ("`s2s score --model MODEL --tokens`", _TOKENS),
    "An evaluation": ("`s2s evaluate --json`", _CELLS),
    "A cell": ("an item of `cells`", _CELL),
    "Judgements": ("`s2s judge score --format json`", _JUDGEMENTS),
    "A criterion of judgements": ("an item of `criteria`", _CRITERION),
    "A system that was judged": ("an item of `systems` of a criterion", _JUDGED_SYSTEM),
    "An annotator": ("an item of `annotators`", _CONDUCT),
    "A metric beside people": ("an item of `metrics`", _METRIC_CHECK),
    "A run": ("`s2s translate --report FILE`, among the settings of the run", _RUN),
    "A run on documents": ("`s2s translate FOLDER --report FILE`, among the same", _FOLDER_RUN),
    "The guard in a run": ("an item of a run: `guard`", _GUARD_RUN),
    "A document of a run": ("an item of `documents`", _DOCUMENT),
    "A known model": ("`s2s models list --json`, in a list", _KNOWN_MODEL),
    "A part of a memory": ("`s2s memory show --json`, in a list", _HOLDING),
    "An entry of a memory": (
        "`s2s memory show --search --json` and `s2s memory export --format jsonl`",
        _ENTRY,
    ),
    "An explanation": ("`s2s explain --json`", _EXPLANATION),
    "A part of an explanation": ("an item of its `parts`", _EXPLAINED_PART),
    "A token of an explanation": ("an item of `target` of such a part", _EXPLAINED_TOKEN),
    "A finding": ("`s2s doctor --json`, in a list", _FINDING),
    "A benchmark": ("`s2s bench --json`", _BENCH),
    "A setting of a benchmark": ("an item of its `settings`", _SETTING),
    "A setting of a tuning": ("an item of `settings` of `s2s bench --tune --json`", _CANDIDATE),
}


def records_page() -> str:
    """All records, key by key."""
    parts = [HEAD]
    for heading, (writer, keys) in RECORDS.items():
        rows = [(f"`{key}`", meaning) for key, meaning in keys.items()]
        parts.append(f"## {heading}\n\nWritten by {writer}.\n\n{table(('key', 'value'), rows)}")
    return "\n".join(parts).replace("Written by an item", "An item")
