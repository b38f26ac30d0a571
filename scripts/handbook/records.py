"""The page about JSON: what each command writes, key by key.

``RECORDS`` is compared by a test with what the commands really write.
"""

from __future__ import annotations

from handbook.tables import table

__all__ = ["RECORDS", "records_page"]

HEAD = """# JSON lines

What the commands write as JSON, key by key. `schema` is 1; it changes when the meaning of a key
changes. New keys may appear without that. Texts are UTF-8 and never escaped beyond what JSON needs.
"""
_HYPOTHESIS = {
    "text": "the text",
    "score": "mean natural log-probability per token",
    "tokens": "number of tokens, including the end token",
    "truncated": "whether it reached the maximum length",
}
_LINE = {
    "schema": "1",
    "index": "number of the line, from 0",
    "source": "the line",
    "target": "text of the best hypothesis; the line itself if there was nothing to translate",
    "score": "score of the best hypothesis, or null",
    "tokens": "its number of tokens, including the end token",
    "truncated": "whether it reached the maximum length",
    "hypotheses": "as many objects as `--n-best` asks for, best first",
    "fields": "what else the object of the input had (`--jsonl-field`)",
    "columns": "the columns of the row of the input (`--tsv-column`)",
    "protection": "what was done to keep placeholders (`--protection`, `--protect`)",
    "terms": "terms of the glossary that were `met` and `missed`, each with `source` and `target` "
    "(`--glossary`)",
}
_OF_LINES = ("protection", "terms", "fields", "columns")
_CAPTION = {
    **{key: meaning for key, meaning in _LINE.items() if key not in _OF_LINES},
    "index": "number of the image, from 0",
    "source": "its path",
    "target": "text of the best hypothesis; empty for an image that cannot be read",
    "fields": "what the best hypothesis marks as fields (Donut): an object, or a list of them",
    "error": "why the image cannot be read",
}
_PROTECTION = {
    "how": "`kept`: nothing was lost; `mended`: a slip in a number or white space was mended; "
    "`chosen`: a later hypothesis was taken; `plain`: translated again, sentence by sentence; "
    "`masked`: with marks instead of the placeholders; `fragments`: in fragments around them; "
    "`partly`, `left`: partly or wholly in the source language",
    "left_out": "hypotheses left out because they had lost something",
}
_SUMMARY = {
    "schema": "1",
    "index": "number of the document, from 0",
    "document": "name of the file, or its line",
    "target": "the summary",
    "score": "mean natural log-probability per token of the summary; null if nothing was read",
    "tokens": "number of tokens of the summary",
    "truncated": "whether the summary reached the maximum length",
    "levels": "how many levels of summaries there are",
    "chunks": "into how many parts the text was cut",
    "source_tokens": "tokens of all parts",
    "left_out": "characters not read (`--strategy lead`)",
    "fields": "what else the object of the input had (`--jsonl-field`)",
    "tree": "the parts and their summaries (`--tree`)",
    "sentences": "the sentences of the summary (`--tree`, `--evidence`)",
}
_NODE = {
    "level": "0 for a part of the text, else the level of the summary",
    "start": "first character that was read",
    "fresh": "first character that no earlier part has read",
    "end": "character after the last one; `text[fresh:end]` of all parts is the document",
    "text": "the summary of the part",
    "score": "its score",
    "tokens": "its number of tokens",
    "source_tokens": "tokens that were read",
    "truncated": "whether it reached the maximum length",
    "children": "the summaries that this one was made of",
    "chunk": "number of the part, from 1, where there are no children",
}
_SENTENCE = {
    "text": "the sentence",
    "chunk": "number of the part that it comes from, from 1",
    "evidence": "the nearest sentences of the text (`--evidence`)",
}
_EVIDENCE = {
    "start": "first character in the document",
    "end": "character after the last one",
    "text": "the sentence of the document",
    "rougeL": "how near it is, from 0 to 1",
}
_ANSWER = {
    "schema": "1",
    "index": "number of the question, from 0",
    "id": "identifier of the question, or null",
    "question": "the question",
    "target": "the answer; empty if there is none",
    "score": "score of the best candidate, or null",
    "truncated": "whether the answer reached the maximum length",
    "passages": "into how many passages the text was cut",
    "ranking": "how the passages were ranked; null if there is one",
    "candidates": "the answer from each passage that was read, best first",
    "fields": "what else the object of the input had",
}
_CANDIDATE = {
    "text": "the answer",
    "score": "its score",
    "tokens": "its number of tokens",
    "rank": "rank of the passage, from 1",
    "relevance": "score of the passage by BM25",
    "start": "first character of the passage in the text",
    "end": "character after the last one",
    "passage": "the passage",
}
_SCORES = {"schema": "1", "systems": "an object per system, HYPOTHESES first"}
_SYSTEM = {"name": "name of the system", "scores": "an object per metric"}
_SCORE = {
    "metric": "name of the metric",
    "score": "its value",
    "signature": "how it was computed",
    "lower_is_better": "true for error rates",
    "details": "parts of the score, where it has any",
    "interval": "95% interval (`--confidence`)",
    "against_baseline": "paired tests against HYPOTHESES (`--compare`)",
}
_SEGMENT = {
    "segment": "number of the segment, from 1, or the name of its file",
    "scores": "value per metric",
    "hypothesis": "the hypothesis",
    "references": "the references",
}
_RUN = {
    "lines": "number of lines",
    "source_tokens": "tokens read",
    "target_tokens": "tokens written",
    "truncated": "outputs that reached the maximum length",
    "protection": "number of lines by `how` their placeholders were kept (`--protection`)",
    "terms_met": "terms of the glossary in the translations (`--glossary`)",
    "terms_missed": "those missing from the translations",
    "seconds": "duration, without loading the model",
    "lines_per_second": "speed",
    "source_tokens_per_second": "speed",
    "target_tokens_per_second": "speed",
    "peak_memory_bytes": "the most memory that the process held",
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
# A heading, the command that writes it, and the keys.
RECORDS: dict[str, tuple[str, dict[str, str]]] = {
    "A line": ("`s2s translate` and `s2s generate` with `--format jsonl`", _LINE),
    "A hypothesis": ("an item of `hypotheses`", _HYPOTHESIS),
    "A caption": ("`s2s caption --format jsonl`", _CAPTION),
    "Protection of a line": ("an item of a line: `protection`", _PROTECTION),
    "A summary": ("`s2s summarize --format jsonl`", _SUMMARY),
    "A part of a tree": ("an item of `tree` or of `children`", _NODE),
    "A sentence of a summary": ("an item of `sentences`", _SENTENCE),
    "Evidence": ("an item of `evidence`", _EVIDENCE),
    "An answer": ("`s2s answer --format jsonl`", _ANSWER),
    "A candidate": ("an item of `candidates`", _CANDIDATE),
    "Scores": ("`s2s score --json`", _SCORES),
    "A system": ("an item of `systems`", _SYSTEM),
    "A score": ("an item of `scores` of a system", _SCORE),
    "A segment": ("`s2s score --sentences --format jsonl`", _SEGMENT),
    "Probabilities": ("`s2s score --model MODEL --json`", _LIKELIHOOD),
    "Probabilities of tokens": ("`s2s score --model MODEL --tokens`", _TOKENS),
    "An evaluation": ("`s2s evaluate --json`", _CELLS),
    "A cell": ("an item of `cells`", _CELL),
    "A run": ("`s2s translate --report FILE`, among the settings of the run", _RUN),
    "A run on documents": ("`s2s translate FOLDER --report FILE`, among the same", _FOLDER_RUN),
    "A document of a run": ("an item of `documents`", _DOCUMENT),
    "A known model": ("`s2s models list --json`, in a list", _KNOWN_MODEL),
    "A part of a memory": ("`s2s memory show --json`, in a list", _HOLDING),
    "An entry of a memory": (
        "`s2s memory show --search --json` and `s2s memory export --format jsonl`",
        _ENTRY,
    ),
    "A finding": ("`s2s doctor --json`, in a list", _FINDING),
}


def records_page() -> str:
    """All records, key by key."""
    parts = [HEAD]
    for heading, (writer, keys) in RECORDS.items():
        rows = [(f"`{key}`", meaning) for key, meaning in keys.items()]
        parts.append(f"## {heading}\n\nWritten by {writer}.\n\n{table(('key', 'value'), rows)}")
    return "\n".join(parts).replace("Written by an item", "An item")
