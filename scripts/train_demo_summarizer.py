"""Train a small T5-shaped summarizer from scratch, to show the whole way on real input.

Input are files of SciTLDR (https://github.com/allenai/scitldr, Apache-2.0) as JSON lines with
``text`` (an abstract) and ``summaries``, and any plain English sentences. There is far too little
text to learn English from, so the model learns to copy first and what to copy then:

1. "first sentence: ", "last sentence: " and "repeat: " of a few sentences in a row;
2. "summarize: " of several neighbouring sentences of an abstract; the target is its principal
   sentence, the one with the best ROUGE-1 against the others (gap sentences, Zhang et al. 2020,
   https://arxiv.org/abs/1912.08777; the sentence stays in the source);
3. "summarize: " of whole abstracts; the target is the author's summary or the sentence that is
   nearest to it.

The three share the given time. Output is a Hugging Face T5 directory for ``s2s convert``. Runs on
a GPU if there is one. Needs the extra "oracle"::

    python scripts/train_demo_summarizer.py --train scitldr-train.jsonl --dev scitldr-dev.jsonl \\
        --sentences tatoeba-train.en.gz --minutes 60 --out demo-summarizer/
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import sentencepiece
import torch
import transformers

from s2scli.metrics.base import load_metric
from s2scli.text.sentences import sentences

PROMPT = "summarize: "
PIECES = 3000
SHAPE: dict[str, Any] = {
    "d_model": 128,
    "d_kv": 32,
    "num_heads": 4,
    "d_ff": 384,
    "num_layers": 3,
    "num_decoder_layers": 3,
    "relative_attention_num_buckets": 32,
    "relative_attention_max_distance": 128,
    "dropout_rate": 0.1,
    "tie_word_embeddings": True,
}
LONGEST_SOURCE, LONGEST_TARGET = 384, 64
BATCH_TOKENS = 2500
WARMUP_STEPS, RATE, WEIGHT_DECAY = 500, 1.5e-3, 0.05
SHARES = (0.4, 0.3, 0.3)  # of the time, by stage
CARD = """---
license: {licence}
language: [en]
---
A summarizer of {parameters:.1f} million parameters that `scripts/train_demo_summarizer.py` of s2s
made from scratch in {minutes:.0f} minutes. It shows how a model is trained, converted, run and
scored; it is no good summarizer. Training data: SciTLDR (Cachola et al. 2020, Apache-2.0): its
authors' summaries, and gap sentences of its abstracts, namely the sentence with the best ROUGE-1
against its neighbours as the target for all of them; for learning to copy, English sentences of
{sentences}.
"""


class Example(NamedTuple):
    """A source with its prompt, and its target."""

    source: str
    target: str


class Abstract(NamedTuple):
    """The sentences of an abstract, and its summaries."""

    sentences: list[str]
    summaries: list[str]


Draw = Callable[[random.Random], Example]


def read_abstracts(path: Path) -> list[Abstract]:
    """The abstracts of a SciTLDR file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Abstract(split(row["text"]), [s for s in row["summaries"] if s]) for row in rows]


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[start:end].strip() for start, end in sentences(text, 0, len(text))]


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, gzipped or not."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.decode().splitlines()


def nearest(candidates: list[str], wanted: list[str]) -> str:
    """The candidate with the best ROUGE-1 against the text wanted in its place."""
    metric = load_metric("rouge1")
    scores = metric.sentence_scores(metric.statistics(candidates, [[text] for text in wanted]))
    return candidates[max(range(len(candidates)), key=scores.__getitem__)]


def copying(texts: list[list[str]]) -> Draw:
    """Stage 1: a sentence out of a few."""

    def draw(generator: random.Random) -> Example:
        text = generator.choice(texts)
        count = generator.randint(1, 6)
        start = generator.randrange(max(1, len(text) - count + 1))
        some = text[start : start + count]
        prompt, target = generator.choice(
            (("first sentence: ", some[0]), ("last sentence: ", some[-1]), ("repeat: ", some[0]))
        )
        return Example(prompt + (target if prompt == "repeat: " else " ".join(some)), target)

    return draw


def principal(abstracts: list[Abstract]) -> Draw:
    """Stage 2: the principal sentence of several neighbours."""

    def draw(generator: random.Random) -> Example:
        text = generator.choice(abstracts).sentences
        count = generator.randint(2, 8)
        start = generator.randrange(max(1, len(text) - count + 1))
        some = text[start : start + count]
        rests = [" ".join(some[:i] + some[i + 1 :]) for i in range(len(some))]
        return Example(PROMPT + " ".join(some), nearest(some, rests))

    return draw


def summaries(abstracts: list[Abstract]) -> Draw:
    """Stage 3: the summary of an abstract, or its nearest sentence."""

    def draw(generator: random.Random) -> Example:
        abstract = generator.choice(abstracts)
        summary = generator.choice(abstract.summaries)
        if generator.random() < 0.5:
            summary = nearest(abstract.sentences, [summary] * len(abstract.sentences))
        return Example(PROMPT + " ".join(abstract.sentences), summary)

    return draw


def train_tokenizer(texts: list[str], path: Path) -> transformers.T5Tokenizer:
    """A SentencePiece vocabulary with T5's special tokens, all characters covered by bytes."""
    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(texts),
            model_writer=file,
            vocab_size=PIECES,
            pad_id=0,
            eos_id=1,
            unk_id=2,
            bos_id=-1,
            byte_fallback=True,
            minloglevel=2,
        )
    return transformers.T5Tokenizer(str(path), extra_ids=0, legacy=True)


class Trainer:
    """A model in training.

    Args:
        tokenizer: of source and target.
        seconds: how long the whole run may take.
    """

    def __init__(self, tokenizer: transformers.T5Tokenizer, seconds: float) -> None:
        self.tokenizer = tokenizer
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        config = transformers.T5Config(vocab_size=len(tokenizer), decoder_start_token_id=0, **SHAPE)
        self.model = transformers.T5ForConditionalGeneration(config).to(self.device)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=WEIGHT_DECAY
        )
        self.generator = random.Random(1)
        self.begin, self.seconds, self.step = time.monotonic(), seconds, 0

    def run(self, draw: Draw, until: float) -> None:
        """Train on one stage until a share of the time has passed."""
        self.model.train()
        loss = 0.0
        while (passed := (time.monotonic() - self.begin) / self.seconds) < until:
            for batch in self.batches(draw):
                rate = RATE * min(1.0, (self.step + 1) / WARMUP_STEPS)
                # Falls over the last 40% of the time.
                rate *= min(1.0, max(0.02, (1.0 - passed) / 0.4))
                for group in self.optimizer.param_groups:
                    group["lr"] = rate
                loss = self.update(batch, loss)
                passed = (time.monotonic() - self.begin) / self.seconds
                if passed >= until:
                    break

    def update(self, batch: dict[str, torch.Tensor], mean: float) -> float:
        """One step of the optimizer; the running mean of the loss."""
        with torch.autocast(self.device, torch.bfloat16):
            value = self.model(**batch).loss
        value.backward()
        now = float(value.detach())
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        mean = 0.98 * mean + 0.02 * now if mean else now
        if self.step % 100 == 0:
            log(f"step {self.step}, {time.monotonic() - self.begin:.0f} s, loss {mean:.3f}")
        return mean

    def batches(self, draw: Draw) -> Iterator[dict[str, torch.Tensor]]:
        """A few hundred examples, sorted by length, in batches."""
        examples = sorted(
            (draw(self.generator) for _ in range(400)), key=lambda example: len(example.source)
        )
        batches: list[list[Example]] = [[]]
        for example in examples:
            if len(batches[-1]) * len(example.source) / 4 > BATCH_TOKENS:
                batches.append([])
            batches[-1].append(example)
        self.generator.shuffle(batches)
        for batch in batches:
            yield self.tensors(batch)

    def tensors(self, batch: list[Example]) -> dict[str, torch.Tensor]:
        """A batch as the model takes it."""

        def encode(texts: list[str], longest: int) -> Any:
            return self.tokenizer(
                texts, padding=True, truncation=True, max_length=longest, return_tensors="pt"
            ).to(self.device)

        sources = encode([example.source for example in batch], LONGEST_SOURCE)
        labels = encode([example.target for example in batch], LONGEST_TARGET).input_ids
        labels[labels == 0] = -100
        return {**sources, "labels": labels}

    def loss(self, examples: list[Example]) -> float:
        """The mean loss of a token."""
        self.model.eval()
        with torch.no_grad():
            values = [
                float(self.model(**self.tensors(examples[i : i + 16])).loss)
                for i in range(0, len(examples), 16)
            ]
        return sum(values) / len(values)


def save(trainer: Trainer, options: argparse.Namespace) -> None:
    """The checkpoint in float16, with its decoding defaults and its card."""
    model = trainer.model.half().cpu()
    model.generation_config = transformers.GenerationConfig(
        decoder_start_token_id=0,
        eos_token_id=1,
        pad_token_id=0,
        num_beams=4,
        max_length=LONGEST_TARGET,
        early_stopping=True,
        length_penalty=1.0,
    )
    model.config.n_positions = LONGEST_SOURCE
    model.config.task_specific_params = {"summarization": {"prefix": PROMPT}}
    model.save_pretrained(options.out)
    trainer.tokenizer.model_max_length = LONGEST_SOURCE
    trainer.tokenizer.save_pretrained(options.out)
    card = CARD.format(
        licence="apache-2.0" if not options.sentences else "cc-by-4.0",
        parameters=model.num_parameters() / 1e6,
        minutes=options.minutes,
        sentences=options.sentences_from,
    )
    (options.out / "README.md").write_text(card, encoding="utf-8")


def log(message: str) -> None:
    """A line on stderr."""
    print(message, file=sys.stderr, flush=True)


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--sentences", type=Path, help="English sentences in a row, a line each")
    parser.add_argument(
        "--sentences-from", default="the same abstracts", help="where they come from, for the card"
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    abstracts, dev = read_abstracts(options.train), read_abstracts(options.dev)
    texts = [abstract.sentences for abstract in abstracts]
    if options.sentences:
        texts.append(read_lines(options.sentences))
    words = [line for text in texts for line in text[:20000]]
    words += [summary for abstract in abstracts for summary in abstract.summaries]
    options.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(train_tokenizer(words, options.out / "spiece.model"), 60 * options.minutes)
    log(f"{trainer.model.num_parameters() / 1e6:.2f}M parameters on {trainer.device}")
    texts = texts[:-1] * 2 + texts[-1:] * len(abstracts) if options.sentences else texts
    generator = random.Random(2)
    held_out = [summaries(dev)(generator) for _ in range(320)]
    until = 0.0
    stages = (copying(texts), principal(abstracts), summaries(abstracts))
    for number, (draw, share) in enumerate(zip(stages, SHARES, strict=True), 1):
        until += share
        trainer.run(draw, until)
        log(f"stage {number} done: loss {trainer.loss(held_out):.3f} on the development set")
    save(trainer, options)


if __name__ == "__main__":
    main()
