"""Records of texts, key by key: lines, captions, summaries, answers, and what belongs to them."""

from __future__ import annotations

__all__ = ["TEXT_RECORDS"]

_HYPOTHESIS = {
    "text": "the text",
    "score": "mean natural log-probability per token",
    "tokens": "number of tokens, including the end token",
    "truncated": "whether it reached the maximum length",
    "copied": "words of the source that stand instead of unknown tokens (`--replace-unknowns`)",
    "alignment": "pairs of positions in the next two lists (`--alignments`)",
    "source_words": "the words of the line; in scripts without spaces, its characters",
    "target_words": "those of the text",
    "source_tokens": "instead of words, the tokens that the model read (`--token-level`)",
    "target_tokens": "those that it wrote",
    "attention": "an object for each part that was decoded alone, most often one (`--attention`)",
    "log_probs": "natural log-probability of the segment, or pairs of a word or token and its own; "
    "end tokens stand in such lists too (`--log-probs`)",
}
_LINE = {
    "schema": "1",
    "index": "number of the line, from 0",
    "source": "the line",
    "target": "text of the best hypothesis; the line itself if there was nothing to translate",
    "score": "score of the best hypothesis, or null",
    "tokens": "its number of tokens, including the end token",
    "truncated": "whether it reached the maximum length",
    "hypotheses": "as many objects as `--n-best` asks for, best first; samples as they were drawn",
    "fields": "what else the object of the input had (`--jsonl-field`, `--jsonl`)",
    "columns": "the columns of the row of the input (`--tsv-column`)",
    "protection": "what was done to keep placeholders (`--protection`, `--protect`)",
    "terms": "terms of the glossary that were `met` and `missed`, each with `source` and `target` "
    "(`--glossary`)",
    "rerank": "what the hypotheses were ranked by (`--rerank`)",
    "guard": "what seems wrong with the translation, a list; only where something does (`--guard`)",
    "alternatives": "for each hypothesis its first `token` after the place, and the "
    "`probability` of this token (`--alternatives`)",
    "via": "the text between, of a translation by two models (`--via`)",
    "detected": "the language that was found (`--from auto`)",
}
_OF_LINES = (
    *("protection", "terms", "rerank", "guard", "fields", "columns", "via", "detected"),
    "alternatives",
)
_GUARD_FINDING = {
    "check": "name of the check",
    "detail": "what it found",
    "repaired": "how a translation was made with which this is not wrong any more "
    "(`--guard repair`)",
    "action": "what was done for lack of confidence or quality: `keep-source`, `mark` or `fail` "
    "(`--below`)",
    "line": "number of the line in a text of several lines, from 1 (`--jsonl-field`)",
    "start": "of a summary that was made of others: first character of the part that it is about",
    "end": "its last character, exclusive",
}
_ATTENTION = {
    "source": "the tokens that the model read, its own prefix and suffix included",
    "target": "the tokens that it wrote",
    "weights": "a row for each token of `target`, with a number for each of `source`; the sum is 1",
}
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
_RERANKING = {
    "candidates": "all hypotheses that were ranked, best first",
    "left_out": "what they were not ranked by, since a text is longer than its model takes",
}
_RANKED = {
    "text": "the hypothesis",
    "rank": "its rank in the search, from 1",
    "total": "what it is ranked by: the sum of the following, each times its weight",
    "score": "its own score",
    "mbr:METRIC": "its mean score against the other hypotheses, from 0 to 1",
    "qe:MODEL": "quality as a learned metric estimates it by the source",
    "reverse:MODEL": "mean natural log-probability per token of the source, given the hypothesis",
    "ensemble:MODEL": "mean natural log-probability per token of the hypothesis, given the source",
}
_VIA = {
    "language": "the language between",
    "text": "what the first model wrote; at the first attempt, if there were several to keep what "
    "is protected",
    "score": "mean natural log-probability per token",
    "tokens": "number of tokens, including the end token",
    "truncated": "whether it reached the maximum length",
}
_OF_LINE = {
    "language": "the shortest ISO 639 code of what the line is in; `und` if it is unknown",
    "confidence": "how likely that is, from 0 to 1",
    "from": "the language that it was translated from; null if it was left as it is",
    "kept": "why it was: `target` (it is in the language of the output), `language` (its own is "
    "unknown) or `model` (none is installed for it); null if it was translated, or has no letters",
}
_DETECTED = {
    "schema": "1",
    "index": "number of the text, from 0",
    "document": "what the file is called; with `--lines` there is `source` instead: the line",
    "language": "its shortest ISO 639 code; `und` if it is unknown",
    "confidence": "how likely the likeliest language is, from 0 to 1",
    "candidates": "the likeliest languages, as many as `--top` asks for, each with `language` and "
    "`confidence`; none for a text without letters",
}
_LIST = {
    "schema": "1",
    "index": "number of the list, from 0",
    "source": "its source, if known",
    "target": "the best hypothesis",
    "hypotheses": "the hypotheses, best first, each as it was in the input; those of Moses have "
    "`text`, `features` and `score`",
    "rerank": "what they were ranked by",
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
    "guard": "what seems wrong with the summary, a list; only where something does (`--guard`)",
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
# A heading, the command that writes it, and the keys.
TEXT_RECORDS: dict[str, tuple[str, dict[str, str]]] = {
    "A line": ("`s2s translate` and `s2s generate` with `--format jsonl`", _LINE),
    "A hypothesis": ("an item of `hypotheses`", _HYPOTHESIS),
    "Attention": ("an item of `attention` of a hypothesis", _ATTENTION),
    "A caption": ("`s2s caption --format jsonl`", _CAPTION),
    "Protection of a line": ("an item of a line: `protection`", _PROTECTION),
    "A finding of the guard": ("an item of a line or a summary: `guard`, a list", _GUARD_FINDING),
    "Reranking of a line": ("an item of a line: `rerank`", _RERANKING),
    "A ranked hypothesis": ("an item of `candidates` of `rerank`", _RANKED),
    "The text between": ("an item of a line: `via`", _VIA),
    "The language of a line": ("an item of a line: `detected`", _OF_LINE),
    "A detected text": ("`s2s detect --format jsonl`", _DETECTED),
    "A reranked list": (
        "`s2s rerank --format jsonl`, beside the other keys of an object of the input",
        _LIST,
    ),
    "A summary": ("`s2s summarize --format jsonl`", _SUMMARY),
    "A part of a tree": ("an item of `tree` or of `children`", _NODE),
    "A sentence of a summary": ("an item of `sentences`", _SENTENCE),
    "Evidence": ("an item of `evidence`", _EVIDENCE),
    "An answer": ("`s2s answer --format jsonl`", _ANSWER),
    "A candidate": ("an item of `candidates`", _CANDIDATE),
}
