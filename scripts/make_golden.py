"""Write what transformers gives for the small checkpoint in ``tests/golden``.

The tests compare s2s with these numbers wherever transformers is not installed. Needs the extra
"oracle"::

    python scripts/make_golden.py --source dev.en
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import torch
import transformers

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
SENTENCES = 500
BEAMS = (1, 2, 3, 4, 5)
BATCH = 50


def reference(directory: Path, sources: list[str], beam: int) -> dict[str, Any]:
    """Source ids, hypothesis ids (without start, with end) and texts of transformers, float32."""
    tokenizer = transformers.MarianTokenizer.from_pretrained(directory)
    model = transformers.MarianMTModel.from_pretrained(directory, dtype=torch.float32).eval()
    source_ids: list[list[int]] = [tokenizer(source)["input_ids"] for source in sources]
    ids: list[list[int]] = []
    for start in range(0, len(sources), BATCH):
        batch = tokenizer(sources[start : start + BATCH], return_tensors="pt", padding=True)
        with torch.no_grad():
            outputs = model.generate(**batch, num_beams=beam, early_stopping=beam > 1)
        pad = model.config.pad_token_id
        ids += [[number for number in row if number != pad] for row in outputs.tolist()]
    texts = [tokenizer.decode(row, skip_special_tokens=True) for row in ids]
    return {"source_ids": source_ids, "ids": ids, "texts": texts}


def main() -> None:
    """Write ``tests/golden/marian-tiny.json``."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--source", type=Path, required=True, help="sentences, a line each")
    sources = parser.parse_args().source.read_text(encoding="utf-8").split("\n")[:SENTENCES]
    runs = {beam: reference(GOLDEN / "marian-tiny", sources, beam) for beam in BEAMS}
    content = {
        "made_by": f"scripts/make_golden.py, transformers {transformers.__version__}, "
        f"torch {torch.__version__}",
        "sources": sources,
        "source_ids": runs[1]["source_ids"],
        "ids": {beam: run["ids"] for beam, run in runs.items()},
        "texts": {beam: run["texts"] for beam, run in runs.items()},
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (GOLDEN / "marian-tiny.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
