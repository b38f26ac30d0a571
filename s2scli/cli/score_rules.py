"""When the options of ``s2s score`` count: with metrics or a model, and by what the files hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from s2scli.cli.files import STDIN
from s2scli.cli.unused import Given, Rule, refuse_useless
from s2scli.data import TASKS
from s2scli.errors import BadInputError
from s2scli.metrics import meant
from s2scli.metrics.spm import PIECE_TOKENIZERS

__all__ = ["RULES", "refuse_sources"]

# Option → what the names of the metrics that heed it begin with.
METRICS_WITH = {
    "tokenize": ("bleu",),
    "lowercase": ("bleu", "chrf"),
    "stem": ("rouge",),
    "rouge_words": ("rouge",),
    "idf": ("bertscore",),
    "baseline": ("bertscore",),
}


def _metrics(given: Given) -> Iterator[str]:
    """The names of all metrics, those of gates too."""
    names = given["metrics"]
    if not names and not given["metric_files"]:
        names = TASKS[given["task"]].metrics
    yield from names
    yield from (meant(gate.rpartition("=")[0], names) for gate in given["fail_under"])


def _has_metric(names: tuple[str, ...]) -> Callable[[Given], bool]:
    return lambda given: any(name.lower().startswith(names) for name in _metrics(given))


def _is_paired(given: Given) -> bool:
    """Whether systems are compared by tests."""
    return bool(given["compare"] or (given["no_worse_than"] and given["significant"]))


def _is_drawn(given: Given) -> bool:
    """Whether something is drawn by chance."""
    return bool(given["confidence"]) or _is_paired(given)


def _is_of_sentences(given: Given) -> bool:
    """Whether the format is one of ``--sentences``, or of scores, as it has to be."""
    return given["format"] is None or bool(given["sentences"]) == (
        given["format"] in ("tsv", "jsonl")
    )


def _may_be_json(name: str) -> bool:
    """Whether a file holds JSON lines; standard input is read but once, so that it may."""
    from s2scli.cli.files import open_inputs
    from s2scli.tasks.score_inputs import begins_as_json

    if name == STDIN or not Path(name).exists():
        return True
    if Path(name).is_dir():
        return False
    try:
        return any(begins_as_json(name, read) for _, read in open_inputs([name]))
    except BadInputError:  # which is said when it is read
        return True


def _has_json_hypotheses(given: Given) -> bool:
    others = given["references"] if given["model"] else given["compare"]
    names = (given["hypotheses"], *others, given["no_worse_than"])
    return any(_may_be_json(name) for name in names if name)


def _has_json_references(given: Given) -> bool:
    return not given["references"] or any(map(_may_be_json, given["references"]))


def _may_have_json_sources(given: Given) -> bool:
    """Whether sources are JSON lines; of hypotheses that should hold them, it is said otherwise."""
    return not given["source"] or _may_be_json(given["source"])


def _has_rows(given: Given) -> bool:
    """Whether some references are lines."""
    return any(
        name == STDIN or not (Path(name).is_dir() or _is_json(name)) for name in given["references"]
    )


def _is_json(name: str) -> bool:
    return Path(name).exists() and _may_be_json(name)


RULES = (
    Rule(
        ("fail_under", "no_worse_than"),
        lambda given: not given["model"],
        "has no effect with --model, which has scores of its own",
        gate=True,
    ),
    Rule(
        (
            *(
                "metrics",
                "metric_files",
                "task",
                "confidence",
                "compare",
                "resamples",
                "trials",
                "seed",
            ),
            *("marks", "baseline_json", "by_document", "document_column", "spm", "digits"),
            *("by", "significant", "sort", "format"),
            *("ref_field", "source", "source_field", "tabs", "tokenize", "lowercase", "stem"),
            *("rouge_words", "idf", "baseline"),
        ),
        lambda given: not given["model"],
        "has no effect with --model, which has scores of its own",
    ),
    Rule(
        ("quiet",),
        lambda given: not given["model"],
        "has no effect with --model, which warns of nothing",
    ),
    Rule(
        ("source_language", "target_language", "tokens"),
        lambda given: given["model"],
        "belongs to --model",
    ),
    Rule(("sort",), lambda given: given["sentences"], "belongs to --sentences"),
    Rule(
        ("format",),
        lambda given: not (given["as_json"] or given["bare"]),
        "has no effect with --json or --bare",
    ),
    Rule(
        ("format",),
        _is_of_sentences,
        "is tsv or jsonl with --sentences, and markdown, latex or sacrebleu without",
    ),
    Rule(
        ("confidence", "compare", "baseline_json", "as_json", "bare"),
        lambda given: not given["sentences"],
        "has no effect with --sentences",
    ),
    Rule(("marks",), lambda given: given["compare"], "belongs to --compare"),
    Rule(
        ("marks", "baseline_json", "by_document"),
        lambda given: given["format"] != "sacrebleu",
        "cannot be combined with --format sacrebleu, which has no place for it",
    ),
    Rule(
        ("baseline_json",),
        lambda given: not given["compare"],
        "cannot be combined with --compare, whose baseline is HYPOTHESES",
    ),
    Rule(
        ("confidence",),
        lambda given: not (given["compare"] and given["format"] == "sacrebleu"),
        "has no effect with --format sacrebleu and --compare",
    ),
    Rule(("document_column",), lambda given: given["by_document"], "belongs to --by-document"),
    Rule(
        ("spm",),
        lambda given: given["tokenize"] in PIECE_TOKENIZERS,
        f"belongs to --tokenize {', '.join(PIECE_TOKENIZERS)}",
    ),
    Rule(
        ("digits",),
        lambda given: not given["as_json"] and given["format"] != "jsonl",
        "has no effect with --json or --format jsonl, which have all digits",
    ),
    Rule(
        ("sentences", "as_json", "bare"),
        lambda given: not given["tokens"],
        "has no effect with --tokens",
    ),
    Rule(("bare",), lambda given: not given["as_json"], "has no effect with --json"),
    Rule(
        ("confidence", "compare", "baseline_json"),
        lambda given: not given["bare"],
        "has no effect with --bare, which prints a number per metric",
    ),
    Rule(("by", "significant"), lambda given: given["no_worse_than"], "belongs to --no-worse-than"),
    Rule(
        ("task",),
        lambda given: not (given["metrics"] or given["metric_files"]),
        "has no effect with --metric or --metric-file",
    ),
    Rule(
        ("task",),
        lambda given: not given["baseline_json"],
        "has no effect with --baseline-json, whose metrics are computed",
    ),
    Rule(
        ("resamples", "seed", "by_document"),
        _is_drawn,
        "belongs to --confidence, --compare or --significant",
    ),
    Rule(("trials",), _is_paired, "belongs to --compare or --significant"),
    *(
        Rule(
            (name,),
            _has_metric(metrics),
            f"is for {' and '.join(metrics)}, and no such metric is computed",
        )
        for name, metrics in METRICS_WITH.items()
    ),
    Rule(("hyp_field",), _has_json_hypotheses, "is for JSON lines, and no hypotheses are that"),
    Rule(("ref_field",), _has_json_references, "is for JSON lines, and no references are that"),
    Rule(("source_field",), _may_have_json_sources, "is for JSON lines, and no sources are that"),
    Rule(("tabs",), _has_rows, "is for references that are lines of text"),
)


def refuse_sources() -> None:
    """Refuse what names sources; for metrics that read none, which is known when they are loaded.

    Raises:
        UsageError: something does.
    """
    rule = Rule(("source", "source_field"), lambda _: False, "is for metrics that read sources")
    refuse_useless(click.get_current_context(), [rule])
