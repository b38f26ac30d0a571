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
import gzip
import io
import json
import random
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from augment import augment
from torch import Tensor
from transformers import MarianConfig, MarianMTModel
from transformers.models.marian import modeling_marian

Pair = tuple[str, str]
Example = tuple[list[int], list[int]]

EOS, UNK = 0, 1
CHUNK_PAIRS = 20_000
LABEL_SMOOTHING = 0.1
DROPOUT = 0.1
WARM_UP_STEPS = 400
PEAK_RATE = 2e-3
EMA_EVERY, EMA_SHARE = 20, 0.05
SAVE_SECONDS = 120
LONGEST = 160  # tokens of a training example
MODEL_MAX_LENGTH = 128
SHARE_SAMPLED = 0.1  # of the sources, tokenized at random (Kudo 2018) for robustness


@dataclass(slots=True)
class State:
    """Where a run is: optimizer steps done, epoch, chunk in the epoch, batch in the chunk."""

    step: int = 0
    epoch: int = 0
    chunk: int = 0
    batch: int = 0


# --- text ---------------------------------------------------------------------------------------


def read_pairs(arguments: argparse.Namespace) -> list[Pair]:
    """The training pairs, without those whose source is held out."""
    if arguments.tatoeba:
        rows = [line.split("\t") for line in read_lines(arguments.tatoeba)]
        # Tatoeba's export has ids beside the texts (4 columns), manythings.org's has none (3).
        pairs = [(row[1], row[3]) if row[0].isdigit() else (row[0], row[1]) for row in rows]
    else:
        sources, targets = read_lines(arguments.source), read_lines(arguments.target)
        pairs = list(zip(sources, targets, strict=True))
    held_out = {key(line) for path in arguments.held_out for line in read_lines(path)}
    kept = [pair for pair in pairs if key(pair[0]) not in held_out and all(pair)]
    log(f"{len(kept)} pairs, {len(pairs) - len(kept)} held out or empty")
    return kept


def read_lines(path: Path) -> list[str]:
    """The lines of a text file, gzipped or not."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [line.strip() for line in data.decode().removesuffix("\n").split("\n")]


def key(sentence: str) -> str:
    """What makes two sentences the same: their letters and digits."""
    return "".join(re.findall(r"\w", sentence.casefold()))


def train_tokenizer(pairs: Sequence[Pair], size: int, seed: int, path: Path) -> None:
    """One unigram vocabulary for both languages; bytes stand for what it does not know."""
    lines = (text for i, pair in enumerate(pairs) for text in augment([pair], seed, -1, i))
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines,
        model_writer=model,
        model_type="unigram",
        vocab_size=size,
        character_coverage=0.9999,
        required_chars="ÄÖÜäöüßẞ„“”‚‘’–—…«»€£°%&@#*+=_<>[]{}|~^\\/",
        byte_fallback=True,
        split_digits=True,
        unk_id=0,
        bos_id=-1,
        eos_id=1,
        pad_id=-1,
        num_threads=2,
        minloglevel=2,
    )
    path.write_bytes(model.getvalue())


class Vocabulary:
    """Token ids as a Marian checkpoint has them: ``</s>``, ``<unk>``, pieces, ``<pad>``."""

    def __init__(self, path: Path) -> None:
        self.processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        size = self.processor.get_piece_size()
        pieces = [self.processor.id_to_piece(number) for number in range(2, size)]
        self.ids = {token: i for i, token in enumerate(["</s>", "<unk>", *pieces, "<pad>"])}
        self.pad = self.ids["<pad>"]

    def encode(self, texts: Sequence[str], *, sample: bool = False) -> list[list[int]]:
        """The ids of each text, with the end token."""
        encoded = self.processor.encode(
            list(texts), out_type=int, enable_sampling=sample, alpha=0.2, nbest_size=-1
        )
        # Only the first two ids of the processor differ: <unk> 0, </s> 1.
        return [[UNK if number == 0 else number for number in ids] + [EOS] for ids in encoded]


# --- batches ------------------------------------------------------------------------------------


def epoch_chunks(pairs: Sequence[Pair], epoch: int, seed: int) -> list[list[int]]:
    """The pairs' numbers in the epoch's own order, in chunks."""
    order = list(range(len(pairs)))
    random.Random(f"{seed} {epoch}").shuffle(order)
    return [order[i : i + CHUNK_PAIRS] for i in range(0, len(order), CHUNK_PAIRS)]


def chunk_batches(
    pairs: Sequence[Pair],
    chunk: list[int],
    vocabulary: Vocabulary,
    options: argparse.Namespace,
    epoch: int,
) -> list[list[Example]]:
    """Augmented, tokenized and sorted by length, in batches of similar length, shuffled."""
    texts = [
        augment([pairs[j] for j in chunk[i : i + 4]], options.seed, epoch, chunk[i])
        for i in range(len(chunk))
    ]
    sources = vocabulary.encode([source for source, _ in texts])
    generator = random.Random(f"{options.seed} {epoch} {chunk[0]}")
    for i in range(len(texts)):
        if generator.random() < SHARE_SAMPLED:
            sources[i] = vocabulary.encode([texts[i][0]], sample=True)[0]
    targets = vocabulary.encode([target for _, target in texts])
    examples = [e for e in zip(sources, targets, strict=True) if max(map(len, e)) <= LONGEST]
    batches = list(cut(examples, options.batch_tokens))
    generator.shuffle(batches)
    return batches


def cut(examples: list[Example], batch_tokens: int) -> Iterator[list[Example]]:
    """Batches of at most ``batch_tokens`` padded tokens on either side."""
    batch: list[Example] = []
    longest = 0
    for example in sorted(examples, key=lambda e: (len(e[1]), len(e[0]))):
        longest = max(longest, *map(len, example))
        if batch and longest * (len(batch) + 1) > batch_tokens:
            yield batch
            batch, longest = [], max(map(len, example))
        batch.append(example)
    if batch:
        yield batch


def pad(rows: Sequence[list[int]], filler: int) -> Tensor:
    """Rows of ids as one tensor, (rows, longest)."""
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


# --- model --------------------------------------------------------------------------------------


def new_model(vocabulary: Vocabulary, options: argparse.Namespace) -> MarianMTModel:
    """By default 9M parameters: a deep encoder, which is fast, and a shallow decoder."""
    size = vocabulary.pad + 1
    config = MarianConfig(
        vocab_size=size,
        decoder_vocab_size=size,
        d_model=options.width,
        encoder_layers=options.encoder_layers,
        decoder_layers=options.decoder_layers,
        encoder_attention_heads=options.width // 32,
        decoder_attention_heads=options.width // 32,
        encoder_ffn_dim=4 * options.width,
        decoder_ffn_dim=4 * options.width,
        activation_function="swish",
        dropout=DROPOUT,
        max_position_embeddings=512,
        scale_embedding=True,
        static_position_embeddings=True,
        share_encoder_decoder_embeddings=True,
        pad_token_id=vocabulary.pad,
        eos_token_id=EOS,
        forced_eos_token_id=EOS,
        decoder_start_token_id=vocabulary.pad,
        use_cache=False,
    )
    model = MarianMTModel._from_config(config, attn_implementation="eager")
    assert not model.model.shared.weight[vocabulary.pad].any(), "decoding starts from zero"
    return model


class OutputLoss(torch.autograd.Function):  # type: ignore[misc]
    """Label-smoothed cross-entropy of the tied output layer, a few hundred tokens at a time.

    The table of all logits (tokens × vocabulary) would not fit the cache and took half of a
    step; so the gradients are made along with the loss, chunk by chunk.
    """

    CHUNK = 512

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, table: Tensor, labels: Tensor) -> Tensor:
        """The summed loss of (tokens, width) states, a (vocabulary, width) table, (tokens,)."""
        # The smoothed part of a label is the same for every word: it needs no table of its own.
        smooth = LABEL_SMOOTHING * table.float().mean(0)
        states_grad, table_grad = torch.empty_like(hidden), torch.zeros_like(table).float()
        loss = -(hidden.float() @ smooth).sum()
        for start in range(0, len(hidden), OutputLoss.CHUNK):
            rows = slice(start, start + OutputLoss.CHUNK)
            logits = (hidden[rows] @ table.T).float()
            label = labels[rows, None]
            right, largest = logits.gather(1, label), logits.max(1, keepdim=True).values
            total = logits.sub_(largest).exp_().sum(1, keepdim=True)
            loss += (largest + total.log() - (1 - LABEL_SMOOTHING) * right).sum()
            grad = torch.empty_like(logits, dtype=hidden.dtype)
            torch.mul(logits, 1 / total, out=grad)
            grad.scatter_add_(
                1, label, torch.full_like(label, LABEL_SMOOTHING - 1, dtype=grad.dtype)
            )
            states_grad[rows] = grad @ table - smooth.to(grad.dtype)
            table_grad += grad.T @ hidden[rows]
        table_grad -= LABEL_SMOOTHING / len(table) * hidden.float().sum(0)
        ctx.save_for_backward(states_grad, table_grad.to(table.dtype))
        return loss

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        """The gradients that ``forward`` made; the loss's own is a scale."""
        states_grad, table_grad = ctx.saved_tensors
        scale = grads[0].to(states_grad.device, states_grad.dtype)
        return states_grad * scale, table_grad * scale, None


class DropoutPool:
    """Dropout masks cut from one pool of random numbers: making new ones took 10% of a step."""

    def __init__(self, size: int, device: torch.device) -> None:
        keep = torch.rand(size, device=device) >= DROPOUT
        self.masks = (keep.float() / (1 - DROPOUT)).to(torch.bfloat16)

    def __call__(self, states: Tensor, p: float, training: bool = True) -> Tensor:
        """In the place of ``torch.nn.functional.dropout``."""
        if not training or p == 0:
            return states
        start = int(torch.randint(len(self.masks) - states.numel(), ()))
        return states * self.masks[start : start + states.numel()].view_as(states)


def batch_loss(model: MarianMTModel, batch: list[Example], filler: int) -> tuple[Tensor, int]:
    """The summed loss of a batch and its number of target tokens."""
    device = model.device
    source = pad([source for source, _ in batch], filler).to(device)
    target = pad([target for _, target in batch], filler).to(device)
    started = torch.cat([torch.full_like(target[:, :1], filler), target[:, :-1]], dim=1)
    states = model.model(
        input_ids=source, attention_mask=source != filler, decoder_input_ids=started
    ).last_hidden_state
    real = target != filler
    table = model.model.shared.weight[:filler]  # <pad> is never generated
    return OutputLoss.apply(states[real], table, target[real]), int(real.sum())


# --- optimization -------------------------------------------------------------------------------


class Optimizer:
    """Muon for matrices, AdamW for the rest, on float32 copies of bfloat16 weights.

    Muon: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon, with the update's size
    matched to AdamW's (Liu et al. 2025, https://arxiv.org/abs/2502.16982).
    """

    def __init__(self, model: MarianMTModel) -> None:
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        self.weights = [parameter for _, parameter in named]
        self.masters = [parameter.detach().float().clone() for parameter in self.weights]
        self.average = [master.clone() for master in self.masters]
        matrix = [p.ndim == 2 and "layers" in n for n, p in named]
        split = list(zip(self.masters, matrix, strict=True))
        self.parts = [
            torch.optim.Muon(
                [master for master, is_matrix in split if is_matrix],
                weight_decay=0.01,
                adjust_lr_fn="match_rms_adamw",
            ),
            torch.optim.AdamW(
                [master for master, is_matrix in split if not is_matrix],
                betas=(0.9, 0.98),
                weight_decay=0.0,
            ),
        ]

    def step(self, number: int, rate: float, tokens: int) -> None:
        """Apply the gradients of a summed loss over so many tokens."""
        for weight, master in zip(self.weights, self.masters, strict=True):
            master.grad = weight.grad.float() / tokens if weight.grad is not None else None
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(self.masters, 1.0)
        for part in self.parts:
            for settings in part.param_groups:
                settings["lr"] = rate
            part.step()
        with torch.no_grad():
            for weight, master in zip(self.weights, self.masters, strict=True):
                weight.copy_(master)
            if number % EMA_EVERY == 0:
                share = max(EMA_SHARE, 1 / (1 + number / EMA_EVERY))
                for average, master in zip(self.average, self.masters, strict=True):
                    average.lerp_(master, share)

    def state(self) -> dict[str, Any]:
        """All that a later run needs."""
        parts = [part.state_dict() for part in self.parts]
        return {"masters": self.masters, "average": self.average, "parts": parts}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        with torch.no_grad():
            for name in ("masters", "average"):
                for ours, theirs in zip(getattr(self, name), state[name], strict=True):
                    ours.copy_(theirs)
            for weight, master in zip(self.weights, self.masters, strict=True):
                weight.copy_(master)
        for part, saved in zip(self.parts, state["parts"], strict=True):
            part.load_state_dict(saved)

    def load_average(self) -> None:
        """Put the averaged weights into the model."""
        with torch.no_grad():
            for weight, average in zip(self.weights, self.average, strict=True):
                weight.copy_(average)


def learning_rate(step: int, steps: int, decay_steps: int) -> float:
    """Warm-up, a constant, and a straight line to zero."""
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    return PEAK_RATE * warm * min(1.0, max(0.0, (steps - step) / decay_steps))


# --- the run ------------------------------------------------------------------------------------


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
        for batch in self.batches():
            if state.step >= options.steps or self.stopping:
                break
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
        self.model.generation_config.update(
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
        log(f"wrote {out} at step {self.state.step}")


def log(message: str) -> None:
    """A line on stderr."""
    print(time.strftime("%H:%M:%S"), message, file=sys.stderr, flush=True)


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
    add("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    add("--export-only", action="store_true", help="write --out from the last checkpoint")
    return parser.parse_args()


def main() -> None:
    """Train and export."""
    options = parse()
    torch.set_num_threads(options.threads)
    trainer = Trainer(options)
    modeling_marian.nn.functional.dropout = DropoutPool(1 << 24, trainer.model.device)

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
