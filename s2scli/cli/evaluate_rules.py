"""When the options of ``s2s evaluate`` count."""

from __future__ import annotations

from collections.abc import Sequence

from s2scli.cli.device_options import DEVICE_RULES
from s2scli.cli.options import PROMPT_RULE
from s2scli.cli.records import kind_of
from s2scli.cli.search_options import BEAM_REASON
from s2scli.cli.unused import Given, Rule
from s2scli.data import TASKS

__all__ = ["RULES"]


def _reads_json(given: Given) -> bool:
    """Whether the source is JSON lines."""
    is_jsonl = given["source"] is not None and kind_of(str(given["source"])) == ".jsonl"
    return bool(given["task"] == "summarize" and is_jsonl)


def _metrics(given: Given) -> Sequence[str]:
    metrics: Sequence[str] = given["metrics"]
    return metrics if metrics or given["metric_files"] else TASKS[given["task"]].compared


RULES = (
    Rule(
        ("prompt", "prompt_tokens"),
        lambda given: given["task"] in ("summarize", "answer"),
        "is for --task summarize or answer",
    ),
    PROMPT_RULE,
    Rule(
        ("length_penalties",),
        lambda given: given["beams"] != (1,),
        BEAM_REASON,
    ),
    *DEVICE_RULES,
    Rule(
        ("resume",),
        lambda given: given["output"],
        "needs -o, the folder of the earlier outputs",
    ),
    Rule(("format",), lambda given: not given["as_json"], "has no effect with --json"),
    Rule(("pair",), lambda given: given["testset"], "belongs to --testset"),
    Rule(
        ("source_field", "ref_field"),
        _reads_json,
        "is for --task summarize and a --source of JSON lines (.jsonl)",
    ),
    Rule(
        ("ref_field",),
        lambda given: not given["reference"],
        "has no effect with --reference, which has the references",
    ),
    Rule(
        ("rouge_words",),
        lambda given: any(name.startswith("rouge") for name in _metrics(given)),
        "is for ROUGE, which is not among the metrics",
    ),
)
