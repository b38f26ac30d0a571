"""When the options of ``s2s score`` count: with metrics or a model, and by what the files hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from s2scli.cli.files import STDIN
from s2scli.cli.unused import Given, Rule
from s2scli.data import TASKS
from s2scli.errors import BadInputError

__all__ = ["RULES"]

# Option → what the names of the metrics that heed it begin with.
METRICS_WITH = {
    "tokenize": ("bleu",),
    "lowercase": ("bleu", "chrf"),
    "stem": ("rouge",),
    "rouge_words": ("rouge",),
}


def _metrics(given: Given) -> Iterator[str]:
    """The names of all metrics, those of gates too."""
    yield from given["metrics"] or TASKS[given["task"]].metrics
    yield from (gate.partition("=")[0] for gate in given["fail_under"])


def _has_metric(names: tuple[str, ...]) -> Callable[[Given], bool]:
    return lambda given: any(name.lower().startswith(names) for name in _metrics(given))


def _is_paired(given: Given) -> bool:
    """Whether systems are compared by tests."""
    return bool(given["compare"] or (given["no_worse_than"] and given["significant"]))


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
            *("metrics", "task", "confidence", "compare", "resamples", "trials", "seed"),
            *("by", "significant", "sort", "format"),
            *("ref_field", "tabs", "tokenize", "lowercase", "stem", "rouge_words"),
        ),
        lambda given: not given["model"],
        "has no effect with --model, which has scores of its own",
    ),
    Rule(
        ("source_language", "target_language", "tokens"),
        lambda given: given["model"],
        "belongs to --model",
    ),
    Rule(("sort", "format"), lambda given: given["sentences"], "belongs to --sentences"),
    Rule(
        ("confidence", "compare", "as_json", "bare"),
        lambda given: not given["sentences"],
        "has no effect with --sentences",
    ),
    Rule(
        ("sentences", "as_json", "bare"),
        lambda given: not given["tokens"],
        "has no effect with --tokens",
    ),
    Rule(("bare",), lambda given: not given["as_json"], "has no effect with --json"),
    Rule(
        ("confidence", "compare"),
        lambda given: not given["bare"],
        "has no effect with --bare, which prints a number per metric",
    ),
    Rule(("by", "significant"), lambda given: given["no_worse_than"], "belongs to --no-worse-than"),
    Rule(("task",), lambda given: not given["metrics"], "has no effect with --metric"),
    Rule(
        ("resamples",),
        lambda given: given["confidence"] or _is_paired(given),
        "belongs to --confidence, --compare or --significant",
    ),
    Rule(
        ("seed",),
        lambda given: given["confidence"] or _is_paired(given),
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
    Rule(("tabs",), _has_rows, "is for references that are lines of text"),
)
