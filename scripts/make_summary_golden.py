"""Write ``tests/golden/demo-summarizer.json``: what transformers makes of some abstracts.

The abstracts and their summaries are those of SciTLDR's test set (Cachola et al. 2020, Apache-2.0).
Needs the extra "oracle"::

    python scripts/make_summary_golden.py scitldr-test.jsonl
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
import transformers

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
CHECKPOINT = GOLDEN / "demo-summarizer"
COUNT, BATCH = 40, 20
# By name, the arguments of ``generate``; beam search only without constraints (see CT2's manual).
RUNS: dict[str, dict[str, Any]] = {
    "greedy": {"num_beams": 1},
    "beam": {"num_beams": 4, "early_stopping": True},
    "constrained": {"num_beams": 1, "no_repeat_ngram_size": 3, "min_length": 20},
}


def main() -> None:
    """Generate and write."""
    transformers.logging.set_verbosity_error()
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    tokenizer: Any = transformers.T5Tokenizer.from_pretrained(CHECKPOINT, legacy=True)
    model: Any = transformers.T5ForConditionalGeneration.from_pretrained(
        CHECKPOINT, dtype=torch.float32
    ).eval()
    prompt = model.config.task_specific_params["summarization"]["prefix"]
    # Whole abstracts only: transformers would read longer ones than the model was trained on.
    limit = model.config.n_positions
    rows = [row for row in rows if len(tokenizer(prompt + row["text"]).input_ids) <= limit][:COUNT]
    texts = [row["text"] for row in rows]
    outputs: dict[str, list[str]] = {name: [] for name in RUNS}
    for name, options in RUNS.items():
        for start in range(0, COUNT, BATCH):
            batch = [prompt + text for text in texts[start : start + BATCH]]
            found = model.generate(**tokenizer(batch, return_tensors="pt", padding=True), **options)
            outputs[name] += tokenizer.batch_decode(found, skip_special_tokens=True)
    content = {
        "made_by": f"scripts/make_summary_golden.py, transformers {transformers.__version__}",
        "licence": "abstracts and summaries: SciTLDR, Apache-2.0",
        "texts": texts,
        "summaries": [row["summaries"] for row in rows],
        "outputs": outputs,
    }
    path = GOLDEN / "demo-summarizer.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
