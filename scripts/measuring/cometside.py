"""unbabel-comet's side of ``bench_learned.py``; runs in the environment that has it.

``make ENCODER DIR LAYERS WIDTH`` writes a checkpoint with random numbers in the hub's form, and the
encoder's settings and tokenizer beside it; ``score DIR TEXTS THREADS`` scores the JSON lines of a
file, and prints what that took.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path

HEAD = 64  # numbers of each head of an attention
WARMING = 8  # rows that are scored before the clock runs


def make(encoder: Path, target: Path, layers: int, width: int) -> None:
    """Write the checkpoint."""
    import pytorch_lightning
    import torch
    import transformers
    import yaml
    from comet.models import RegressionMetric

    torch.manual_seed(1)
    beside = target / "encoder"
    beside.mkdir(parents=True)
    for name in ("sentencepiece.bpe.model", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copy(encoder / name, beside)
    config = transformers.XLMRobertaConfig.from_pretrained(encoder)
    config.update(
        {
            "hidden_size": width,
            "intermediate_size": 4 * width,
            "num_hidden_layers": layers,
            "num_attention_heads": width // HEAD,
            "max_position_embeddings": 514,
            "initializer_range": 0.02,
        }
    )
    config.save_pretrained(beside)
    options = {"pretrained_model": "encoder", "load_pretrained_weights": False, "layer_norm": False}
    os.chdir(target)
    model = RegressionMetric(**options)
    trainer = pytorch_lightning.Trainer(
        accelerator="cpu", logger=False, enable_progress_bar=False, max_steps=0
    )
    trainer.strategy.connect(model)
    trainer.save_checkpoint(target / "checkpoints" / "model.ckpt")
    written = {**dict(model.hparams), "class_identifier": "regression_metric"}
    (target / "hparams.yaml").write_text(yaml.safe_dump(written))


def score(directory: Path, texts: Path, threads: int) -> None:
    """Score, and print seconds, processor seconds, the peak of memory and the scores."""
    import torch
    from comet import load_from_checkpoint

    torch.set_num_threads(threads)
    rows = [json.loads(line) for line in texts.read_text("utf-8").splitlines()]
    os.chdir(directory)
    model = load_from_checkpoint("checkpoints/model.ckpt", local_files_only=True)
    options = {"batch_size": 16, "gpus": 0, "num_workers": 0, "progress_bar": False}
    model.predict(rows[:WARMING], **options)
    begin, cpu = time.perf_counter(), time.process_time()
    found = model.predict(rows, **options)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - begin,
                "cpu": time.process_time() - cpu,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
                "scores": [float(number) for number in found.scores],
            }
        )
    )


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
    else:
        score(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
