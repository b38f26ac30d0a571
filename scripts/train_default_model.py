"""Train the bundled English-German model from scratch, on a CPU or a GPU.

Input are two parallel text files, or Tatoeba's own export of sentence pairs: choose the two
languages under "Custom exports → Sentence pairs" on https://tatoeba.org/downloads (or take
``deu-eng.zip`` of https://www.manythings.org/anki), unpack it and give the tab-separated file with
``--tatoeba``. Tatoeba's text is under CC BY 2.0 FR: whoever passes on a model trained on it has to
name the source.

Output is a Hugging Face MarianMT directory, which ``s2s convert`` turns into a model. The run can
be stopped (Ctrl-C) and started again with the same arguments at any time; it goes on where it was.
The learning rate is constant until ``--decay-steps`` before ``--steps`` and falls to zero from
there, so that the length of a run can be decided late.

Needs the extra "oracle" (torch, transformers)::

    python scripts/train_default_model.py --source train.en.gz --target train.de.gz \\
        --held-out tatoeba-test.en --dev-source dev.en --dev-target dev.de \\
        --work work/ --out en-de-checkpoint/ --steps 5000 --decay-steps 1500
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from training.data import (
    EOS,
    Example,
    Vocabulary,
    chunk_batches,
    cut,
    epoch_chunks,
    log,
    read_lines,
    read_pairs,
    train_tokenizer,
)
from training.network import DropoutPool, Optimizer, batch_loss, learning_rate, new_model
from transformers.models.marian import modeling_marian

SAVE_SECONDS = 120
MODEL_MAX_LENGTH = 128
CARD = """---
license: cc-by-4.0
language: [en, de]
---
Training data: Tatoeba (tatoeba.org), CC BY 2.0 FR, English–German pairs by way of
manythings.org/anki.
"""


@dataclass(slots=True)
class State:
    """Where a run is: optimizer steps done, epoch, chunk in the epoch, batch in the chunk."""

    step: int = 0
    epoch: int = 0
    chunk: int = 0
    batch: int = 0


class Trainer:
    """One run, from whatever state the working directory holds."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.state = State()
        self.stopping = False
        torch.manual_seed(options.seed)
        options.work.mkdir(parents=True, exist_ok=True)
        self.pairs = read_pairs(options)
        tokenizer = options.work / "joint.spm"
        if not tokenizer.exists():
            train_tokenizer(self.pairs, options.vocabulary, options.seed, tokenizer)
        self.vocabulary = Vocabulary(tokenizer)
        self.model = new_model(self.vocabulary, options).to(options.device)
        self.optimizer = Optimizer(self.model)
        self.model.to(torch.bfloat16)
        self.optimizer.weights = [p for p in self.model.parameters() if p.requires_grad]
        self.checkpoint = options.work / "checkpoint.pt"
        if self.checkpoint.exists():
            self.resume()
        self.dev = self.dev_batches()

    def resume(self) -> None:
        """Read the checkpoint."""
        saved = torch.load(self.checkpoint, map_location=self.options.device)
        self.optimizer.restore(saved["optimizer"])
        self.state = State(**saved["state"])
        torch.set_rng_state(saved["random"].cpu())
        log(f"resumed at {self.state}")

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        temporary = self.checkpoint.with_suffix(".tmp")
        content = {
            "optimizer": self.optimizer.state(),
            "state": asdict(self.state),
            "random": torch.get_rng_state(),
        }
        torch.save(content, temporary)
        temporary.replace(self.checkpoint)

    def dev_batches(self) -> list[list[Example]]:
        """The development pairs as batches."""
        paths = (self.options.dev_source, self.options.dev_target)
        if not all(paths):
            return []
        sources, targets = (self.vocabulary.encode(read_lines(path)) for path in paths)
        return list(cut(list(zip(sources, targets, strict=True)), self.options.batch_tokens))

    def batches(self) -> Iterator[list[Example]]:
        """Batches without end, from where the state is; the state moves along."""
        state = self.state
        while True:
            chunks = epoch_chunks(self.pairs, state.epoch, self.options.seed)
            while state.chunk < len(chunks):
                batches = chunk_batches(
                    self.pairs, chunks[state.chunk], self.vocabulary, self.options, state.epoch
                )
                while state.batch < len(batches):
                    state.batch += 1
                    yield batches[state.batch - 1]
                state.batch, state.chunk = 0, state.chunk + 1
            state.chunk, state.epoch = 0, state.epoch + 1

    def dev_loss(self) -> float:
        """Mean label-smoothed loss of a development token."""
        self.model.eval()
        with torch.no_grad():
            losses = [batch_loss(self.model, batch, self.vocabulary.pad) for batch in self.dev]
        self.model.train()
        return sum(float(loss) for loss, _ in losses) / max(1, sum(n for _, n in losses))

    def run(self) -> None:
        """Train until ``--steps`` or a signal; save now and then, and at the end."""
        options, state = self.options, self.state
        self.model.train()
        saved = reported = time.monotonic()
        seen, total = 0, 0.0
        batches = self.batches()
        while state.step < options.steps and not self.stopping:
            batch = next(batches)
            loss, tokens = batch_loss(self.model, batch, self.vocabulary.pad)
            loss.backward()
            rate = learning_rate(state.step, options.steps, options.decay_steps)
            self.optimizer.step(state.step, rate, tokens)
            state.step += 1
            seen, total = seen + tokens, total + float(loss.detach())
            now = time.monotonic()
            if state.step % 50 == 0:
                dev = f" dev {self.dev_loss():.3f}" if state.step % 250 == 0 and self.dev else ""
                log(
                    f"step {state.step} epoch {state.epoch} loss {total / seen:.3f}{dev} "
                    f"rate {rate:.2e} {seen / (now - reported):.0f} target tokens/s"
                )
                seen, total, reported = 0, 0.0, time.monotonic()
            if now - saved > SAVE_SECONDS:
                self.save()
                saved = time.monotonic()
        self.save()

    def export(self) -> None:
        """Write the averaged weights as a Hugging Face directory (float16)."""
        out: Path = self.options.out
        self.optimizer.load_average()
        pad_id = self.vocabulary.pad
        # transformers forbids <pad> only after the softmax: leave it no share there either.
        self.model.final_logits_bias[0, pad_id] = -10_000
        self.model.config.use_cache = True  # of no use in training, indispensable in decoding
        self.model.generation_config.update(
            use_cache=True,
            num_beams=4,
            max_length=256,
            early_stopping=True,
            length_penalty=1.0,
            bad_words_ids=[[pad_id]],
            decoder_start_token_id=pad_id,
            pad_token_id=pad_id,
            eos_token_id=EOS,
            forced_eos_token_id=EOS,
        )
        self.model.half().save_pretrained(out)
        for name in ("source.spm", "target.spm"):
            shutil.copyfile(self.options.work / "joint.spm", out / name)
        (out / "vocab.json").write_text(json.dumps(self.vocabulary.ids, ensure_ascii=False))
        tokenizer = {
            "source_lang": "en",
            "target_lang": "de",
            "separate_vocabs": False,
            "model_max_length": MODEL_MAX_LENGTH,
            "tokenizer_class": "MarianTokenizer",
        }
        (out / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2))
        (out / "README.md").write_text(CARD, encoding="utf-8")
        log(f"wrote {out} at step {self.state.step}")


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    add: Callable[..., Any] = parser.add_argument
    add("--source", type=Path, help="source sentences, a line each, perhaps gzipped")
    add("--target", type=Path, help="target sentences")
    add("--tatoeba", type=Path, help="Tatoeba's export instead of --source and --target")
    add("--held-out", type=Path, nargs="*", default=[], help="sources never to train on")
    add("--dev-source", type=Path)
    add("--dev-target", type=Path)
    add("--work", type=Path, required=True, help="directory for the state of the run")
    add("--out", type=Path, required=True, help="the Hugging Face directory to write")
    add("--steps", type=int, default=5000)
    add("--decay-steps", type=int, default=1500)
    add("--batch-tokens", type=int, default=6000, help="padded tokens on either side")
    add("--vocabulary", type=int, default=8000, help="SentencePiece pieces")
    add("--width", type=int, default=256, help="of the model; a multiple of 32")
    add("--encoder-layers", type=int, default=6)
    add("--decoder-layers", type=int, default=2)
    add("--seed", type=int, default=1)
    add("--threads", type=int, default=torch.get_num_threads())
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add("--export-only", action="store_true", help="write --out from the last checkpoint")
    options = parser.parse_args()
    if options.device == "auto":
        options.device = "cuda" if torch.cuda.is_available() else "cpu"
    return options


def main() -> None:
    """Train and export."""
    options = parse()
    torch.set_num_threads(options.threads)
    # Made before the checkpoint's random state is read: a resumed run has the same masks.
    torch.manual_seed(options.seed)
    modeling_marian.nn.functional.dropout = DropoutPool(1 << 24, torch.device(options.device))
    trainer = Trainer(options)

    def stop(*_: object) -> None:
        trainer.stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    if not options.export_only:
        trainer.run()
    if options.export_only or not trainer.stopping:
        trainer.export()


if __name__ == "__main__":
    main()
