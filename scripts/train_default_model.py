"""Train the bundled English-German model from scratch, on a CPU or a GPU.

Input are a directory of parallel text by domain (``DOMAIN.tsv.xz``, see ``training/corpus.py``) and
Tatoeba's sentence pairs, as two parallel files or as Tatoeba's own export: choose the two languages
under "Custom exports → Sentence pairs" on https://tatoeba.org/downloads (or take ``deu-eng.zip`` of
https://www.manythings.org/anki), unpack it and give the tab-separated file with ``--tatoeba``.

Output is a Hugging Face MarianMT directory, which ``s2s convert`` turns into a model. The run can
be stopped (Ctrl-C, or killed) and started again with the same arguments at any time; it goes on
from its last checkpoint, and what comes out is the same as without the stop. The learning rate is
constant until ``--decay-steps`` before ``--steps`` and falls to zero from there, so that the length
of a run can be decided late. ``--start-from`` begins a new run with the weights of another.

Needs torch, safetensors and a C++ compiler::

    python scripts/train_default_model.py --corpus corpus/ \\
        --source train.en.gz --target train.de.gz --held-out test.docs.tsv tatoeba-test.en \\
        --dev dev.docs.tsv dev.ui.tsv --work work/ --out en-de-checkpoint/ --steps 20000
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from training.batches import Batches, Place, collate, cut
from training.card import CARD
from training.corpus import Corpus, read_domains, read_lines
from training.export import export
from training.log import log
from training.network import Masks, Network, OutputLoss, Shape, batch_loss
from training.optimizer import Optimizer, learning_rate
from training.vocabulary import Vocabulary, train_tokenizer
from training.warm import starting_weights

SAVE_SECONDS = 300
REPORT_STEPS, DEV_STEPS = 50, 500
TOKENIZER_CHUNKS = 6


class Trainer:
    """One run, from whatever state the working directory holds."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.device = torch.device(options.device)
        self.step, self.place, self.tokens = 0, Place(), 0
        self.stopping = False
        options.work.mkdir(parents=True, exist_ok=True)
        corpus = read_corpus(options)
        self.joint: Path = options.work / "joint.spm"
        if not self.joint.exists():
            chunks = (corpus.chunk(number) for number in range(TOKENIZER_CHUNKS))
            lines = (text for chunk in chunks for pair in chunk for text in pair)
            train_tokenizer(lines, options.vocabulary, self.joint)
        self.vocabulary = Vocabulary(self.joint)
        self.batches = Batches(corpus, self.vocabulary, options.batch_tokens, options.workers)
        self.shape = Shape(
            self.vocabulary.pad,
            options.width,
            options.feed_forward,
            options.encoder_layers,
            options.decoder_layers,
        )
        torch.manual_seed(options.seed)
        self.network = Network(self.shape).to(self.device)
        self.optimizer = Optimizer(self.network)
        self.network.to(torch.bfloat16)
        self.checkpoint: Path = options.work / "checkpoint.pt"
        if self.checkpoint.exists():
            self.resume()
        elif options.start_from:
            self.optimizer.start_from(starting_weights(options.start_from, self.vocabulary.ids))
        else:
            self.optimizer.publish(self.optimizer.masters)
        self.dev = {path.stem: self.dev_batches(path) for path in options.dev}

    def resume(self) -> None:
        """Read the checkpoint."""
        saved = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        self.optimizer.restore(saved["optimizer"])
        self.step, self.tokens, self.place = saved["step"], saved["tokens"], Place(*saved["place"])
        log(f"resumed at step {self.step}, {self.tokens} target tokens, {self.place}")

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        temporary = self.checkpoint.with_suffix(".tmp")
        state = {"step": self.step, "tokens": self.tokens, "place": tuple(self.place)}
        torch.save({"optimizer": self.optimizer.state(), **state}, temporary)
        temporary.replace(self.checkpoint)

    def dev_batches(self, path: Path) -> list[tuple[Tensor, Tensor]]:
        """A development file's pairs as batches."""
        pairs = [line.split("\t")[:2] for line in read_lines(path)]
        sides = [self.vocabulary.encode([pair[i] for pair in pairs]) for i in (0, 1)]
        return [self.tensors(batch) for batch in cut(list(zip(*sides, strict=True)), 4000)]

    def tensors(self, batch: list[tuple[list[int], list[int]]]) -> tuple[Tensor, Tensor]:
        """A batch on the device."""
        source, target = collate(batch, self.vocabulary.pad)
        return source.to(self.device), target.to(self.device)

    def dev_losses(self, run: Any) -> str:
        """Mean label-smoothed loss of a token of each development file, by the averaged weights."""
        self.optimizer.publish(self.optimizer.average)
        parts = []
        for name, batches in self.dev.items():
            with torch.no_grad():
                losses = [
                    batch_loss(self.network, *pair, self.vocabulary.pad, None, run)
                    for pair in batches
                ]
            mean = sum(float(loss) for loss, _ in losses) / sum(n for _, n in losses)
            parts.append(f"{name} {mean:.3f}")
        self.optimizer.publish(self.optimizer.masters)
        return ", ".join(parts)

    def run(self) -> None:
        """Train until ``--steps``, ``--minutes`` or a signal; save now and then, and at the end."""
        options, network = self.options, self.network
        run: Any = network
        if options.compile:
            run = torch.compile(network, dynamic=True)
            OutputLoss.gradient = staticmethod(torch.compile(OutputLoss.gradient, dynamic=True))
        masks = Masks(options.seed, self.device)
        started = saved = reported = time.monotonic()
        schedule = options.warm_up_steps, options.steps, options.decay_steps
        seen, total = 0, 0.0
        batches = self.batches.after(self.place)
        while self.step < options.steps and not self.stopping:
            self.place, batch = next(batches)
            masks.seed(self.step)
            loss, tokens = batch_loss(
                network, *self.tensors(batch), self.vocabulary.pad, masks, run
            )
            loss.backward()
            rate = learning_rate(self.step, schedule, options.rate)
            self.optimizer.step(self.step, rate, tokens)
            self.step, self.tokens = self.step + 1, self.tokens + tokens
            seen, total = seen + tokens, total + float(loss.detach())
            now = time.monotonic()
            if self.step % REPORT_STEPS == 0:
                log(
                    f"step {self.step} chunk {self.place.chunk} loss {total / seen:.3f} rate "
                    f"{rate:.2e} {self.tokens} tokens, {seen / (now - reported):.0f} a second"
                )
                seen, total = 0, 0.0
                if self.step % DEV_STEPS == 0:
                    log(f"dev {self.dev_losses(run)}")
                reported = time.monotonic()
            if now - saved > SAVE_SECONDS:
                self.save()
                saved = time.monotonic()
            self.stopping |= now - started > 60 * options.minutes
        self.save()

    def export(self) -> None:
        """Write a Hugging Face directory: the averaged weights, or after the decay the last ones.

        The average lags behind a falling learning rate: the last weights were better then by 0.2
        to 0.5 chrF on four of five held-out sets.
        """
        optimizer, finished = self.optimizer, self.step >= self.options.steps
        weights = optimizer.masters if finished else optimizer.average
        tensors = dict(zip(optimizer.names, weights, strict=True))
        host = {name: tensor.detach().cpu() for name, tensor in tensors.items()}
        export(self.options.out, host, self.shape, self.vocabulary, self.joint, CARD)
        log(f"wrote {self.options.out} at step {self.step}")


def read_corpus(options: argparse.Namespace) -> Corpus:
    """All domains; says how many pairs each has and what was left out."""
    everyday: list[tuple[str, str]] = []
    if options.tatoeba:
        rows = [line.split("\t") for line in read_lines(options.tatoeba)]
        # Tatoeba's export has ids beside the texts (4 columns), manythings.org's has none (3).
        everyday = [(r[1], r[3]) if r[0].isdigit() else (r[0], r[1]) for r in rows]
    elif options.source:
        sides = read_lines(options.source), read_lines(options.target)
        everyday = list(zip(*sides, strict=True))
    domains, rejects = read_domains(options.corpus, everyday, options.held_out, options.filter)
    for domain in domains:
        left = ", ".join(f"{n} {reason}" for reason, n in rejects[domain.name].most_common())
        log(f"{domain.name}: {len(domain.pairs)} pairs, share {domain.share:.3f}; left out: {left}")
    return Corpus(domains, options.chunk_pairs, options.seed)


def parse() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    add: Callable[..., Any] = parser.add_argument
    add("--corpus", type=Path, help="directory of DOMAIN.tsv.xz files")
    add("--source", type=Path, help="Tatoeba's source sentences, one per line, perhaps gzipped")
    add("--target", type=Path, help="their translations")
    add("--tatoeba", type=Path, help="Tatoeba's export instead of --source and --target")
    add("--held-out", type=Path, nargs="*", default=[], help="sources never to train on")
    add(
        "--no-filter",
        dest="filter",
        action="store_false",
        help="train on pairs of unlike length, copied sides and other languages too",
    )
    add("--dev", type=Path, nargs="*", default=[], help="pairs (TSV) whose loss is reported")
    add("--work", type=Path, required=True, help="directory for the state of the run")
    add("--out", type=Path, required=True, help="the Hugging Face directory to write")
    add(
        "--start-from",
        type=Path,
        help="take weights of an exported checkpoint or a converted model",
    )
    add("--steps", type=int, default=20_000)
    add("--decay-steps", type=int, default=4_000)
    add("--warm-up-steps", type=int, default=400)
    add("--minutes", type=float, default=1e9, help="stop and save after so long")
    add("--rate", type=float, default=2e-3, help="highest learning rate")
    add("--batch-tokens", type=int, default=7000, help="padded tokens per side")
    add("--chunk-pairs", type=int, default=30_000, help="pairs that are sorted by length at once")
    add("--vocabulary", type=int, default=12_000, help="SentencePiece pieces")
    add("--width", type=int, default=256, help="of the model; a multiple of 32")
    add("--feed-forward", type=int, default=1024, help="inner width of feed-forward layers")
    add("--encoder-layers", type=int, default=6)
    add("--decoder-layers", type=int, default=2)
    add("--seed", type=int, default=1)
    add("--threads", type=int, default=torch.get_num_threads())
    add("--workers", type=int, default=0, help="processes that prepare batches; 0 is none")
    add("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add("--no-compile", dest="compile", action="store_false", help="without torch.compile")
    add("--export-only", action="store_true", help="write --out from the last checkpoint")
    options = parser.parse_args()
    if options.device == "auto":
        options.device = "cuda" if torch.cuda.is_available() else "cpu"
    return options


def main() -> None:
    """Train and export."""
    options = parse()
    torch.set_num_threads(options.threads)
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
