"""Write what transformers says of drawn images, by the small checkpoints in ``tests/golden``.

The tests compare s2s with these tokens and scores wherever transformers is not installed. Needs the
extras "oracle" and "vision"; from the root of the repository::

    PYTHONPATH=. python scripts/make_caption_golden.py [NAME]...
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
import transformers

from tests.captions import CHECKPOINTS, PROMPTS, SEARCHES, drawn
from tests.oracle.captions import Reference

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"


def main() -> None:
    """Write ``tests/golden/NAME.json`` for each checkpoint."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("names", nargs="*", default=list(CHECKPOINTS), metavar="NAME")
    for name in parser.parse_args().names:
        reference = Reference(GOLDEN / name)
        images = drawn(name)
        runs = []
        for beams, penalty in SEARCHES:
            answers = reference.answers(images, beams, penalty, PROMPTS.get(name))
            runs.append(
                {
                    "beams": beams,
                    "length_penalty": penalty,
                    "tokens": [answer.tokens for answer in answers],
                    "totals": [round(answer.total, 6) for answer in answers],
                }
            )
        content = {
            "made_by": f"scripts/make_caption_golden.py, transformers {transformers.__version__}, "
            f"torch {torch.__version__}",
            "runs": runs,
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(name, len(text), flush=True)


if __name__ == "__main__":
    main()
