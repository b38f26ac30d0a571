"""Measure encoder-decoders of separate parts: s2s in int8 against transformers.

``BERT2BERT`` of the base size (two of BERT's, 30,522 tokens): 64 tokens in, 32 out. ``ViT-GPT2`` as
the well-known captioner has it (ViT-base and GPT-2 with 50,257 tokens): images of 224 pixels in, 16
tokens out. Weights are random, and no text ends earlier, so that all do the same work. BERT2BERT
also runs by CTranslate2 alone, without s2s. bfloat16 is left out where the processor has no
instructions for it.

Each program is a process of its own with one thread. It finds out which of ``BATCHES`` is best for
it, then takes its turn in each round, after a short decode that brings its memory back. The rest is
as in ``scripts/bench_engines.py``, which runs this.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TEXTS, WORDS, TOKENS, IMAGES, SIDE, CAPTION = 8, 62, 32, 8, 224, 16
BERT, GPT2 = 30_522, 50_257  # tokens
BATCHES, SHORT = (8, 4), 4  # sources, tokens
# A run: what is printed, and what its process is asked to do.
Runs = dict[str, dict[str, Any]]
# Decodes a batch from one source to another, of so many tokens; gives the tokens of each.
Decode = Callable[[slice, int], Sequence[int]]
RUN = "import sys; from bench_pairs import run; run(sys.argv[1])"
HALF = {"amx_bf16", "avx512_bf16", "bf16"}  # what processors say that multiply bfloat16


def write_bert2bert(directory: Path) -> None:
    """Write a checkpoint whose vocabulary is made of numbers."""
    import transformers

    words = [f"w{number}" for number in range(BERT - 5)]
    directory.mkdir()
    path = directory / "vocab.txt"
    path.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]) + "\n")
    config = transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
        transformers.BertConfig(vocab_size=BERT),
        transformers.BertConfig(vocab_size=BERT, is_decoder=True, add_cross_attention=True),
    )
    config.decoder_start_token_id, config.pad_token_id, config.eos_token_id = 2, 0, 3
    config.vocab_size = BERT
    transformers.EncoderDecoderModel(config).save_pretrained(directory)
    transformers.BertTokenizer(str(path)).save_pretrained(directory)


def write_vit_gpt2(directory: Path) -> None:
    """Write a checkpoint whose vocabulary is made of bytes and numbers."""
    import tokenizers
    import transformers

    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    tokens = [*letters, "ab", *(f"w{number}" for number in range(GPT2 - len(letters) - 2))]
    vocabulary = {token: number for number, token in enumerate([*tokens, "<|endoftext|>"])}
    directory.mkdir()
    (directory / "vocab.json").write_text(json.dumps(vocabulary))
    (directory / "merges.txt").write_text("#version: 0.2\na b\n")
    end = GPT2 - 1
    config = transformers.VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        transformers.ViTConfig(), transformers.GPT2Config(vocab_size=GPT2)
    )
    config.decoder_start_token_id = config.pad_token_id = config.eos_token_id = end
    transformers.VisionEncoderDecoderModel(config).save_pretrained(directory)
    names = [str(directory / name) for name in ("vocab.json", "merges.txt")]
    transformers.GPT2Tokenizer(*names).save_pretrained(directory)
    transformers.ViTImageProcessor().save_pretrained(directory)


def pixels() -> Any:
    """Images of noise, as a processor gives them."""
    import numpy as np

    shape = (IMAGES, 3, SIDE, SIDE)
    return np.random.default_rng(3).normal(size=shape).astype(np.float32)


def texts() -> list[str]:
    """Texts of as many tokens."""
    import random

    chosen = random.Random(3)
    return [" ".join(f"w{chosen.randrange(BERT - 5)}" for _ in range(WORDS)) for _ in range(TEXTS)]


def run_ours(ask: Mapping[str, Any]) -> Decode:
    """s2s, loaded."""
    from s2scli.inference.device import place
    from s2scli.inference.frame import Job
    from s2scli.inference.model import Model

    job = Job("caption" if ask["images"] else "translate")
    model = Model(Path(ask["model"]), place("cpu", threads=1), job=job)
    sources = (
        list(pixels()) if ask["images"] else [model.source(row) for row in model.encode(texts())]
    )

    def decode(part: slice, length: int) -> Sequence[int]:
        given = {"beam_size": ask["beam"], "min_length": length, "max_length": length}
        found = model.engine.submit(sources[part], model.decoding(given)).result()
        return [len(several[0].tokens) for several in found]

    return decode


def run_engine(ask: Mapping[str, Any]) -> Decode:
    """CTranslate2 alone, loaded."""
    import ctranslate2
    import tokenizers

    model = Path(ask["model"])
    engine = ctranslate2.Translator(str(model), intra_threads=1, inter_threads=1)
    tokenizer = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
    sources = [tokenizer.encode(text).tokens for text in texts()]

    def decode(part: slice, length: int) -> Sequence[int]:
        found = engine.translate_batch(
            sources[part],
            beam_size=ask["beam"],
            min_decoding_length=length,
            max_decoding_length=length,
        )
        return [len(each.hypotheses[0]) for each in found]

    return decode


def run_theirs(ask: Mapping[str, Any]) -> Decode:
    """transformers, loaded."""
    import torch
    import transformers

    torch.set_num_threads(1)
    torch.set_grad_enabled(False)
    kind = torch.bfloat16 if ask["half"] else torch.float32
    cls = (
        transformers.VisionEncoderDecoderModel
        if ask["images"]
        else transformers.EncoderDecoderModel
    )
    model: Any = cls.from_pretrained(ask["model"], dtype=kind).eval()
    if ask["images"]:
        given: Any = {"pixel_values": torch.tensor(pixels(), dtype=kind)}
    else:
        tokenizer = transformers.BertTokenizer.from_pretrained(ask["model"])
        given = tokenizer(texts(), return_tensors="pt")
        given = {name: given[name] for name in ("input_ids", "attention_mask")}

    def decode(part: slice, length: int) -> Sequence[int]:
        found = model.generate(
            **{name: each[part] for name, each in given.items()},
            num_beams=ask["beam"],
            do_sample=False,
            min_new_tokens=length,
            max_new_tokens=length,
        )
        return [len(row) - 1 for row in found.tolist()]

    return decode


KINDS: dict[str, Callable[[Mapping[str, Any]], Decode]] = {
    "s2s": run_ours,
    "engine": run_engine,
    "transformers": run_theirs,
}


def run(argument: str) -> None:
    """Find the best batch; then, for each line that comes in, print the processor's seconds."""
    ask = json.loads(argument)
    decode, length = KINDS[ask["kind"]](ask), ask["length"]

    def seconds(batch: int) -> float:
        parts = [slice(start, start + batch) for start in range(0, ask["count"], batch)]
        decode(parts[0], SHORT)
        begin = time.process_time()
        lengths = {each for part in parts for each in decode(part, length)}
        took = time.process_time() - begin
        if lengths != {length}:
            raise SystemExit(f"outputs of {sorted(lengths)} tokens")
        return took

    best = min(BATCHES, key=seconds)
    print(best, flush=True)
    for _ in sys.stdin:
        print(seconds(best), flush=True)


class Program:
    """A process that has loaded a model.

    Attributes:
        batch: the number of sources that it is fastest with.

    Args:
        ask: what it shall do.
        environment: its environment.
    """

    def __init__(self, ask: Mapping[str, Any], environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", RUN, json.dumps(ask)],
            env=environment | {"TRANSFORMERS_VERBOSITY": "error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.batch = int(self._answer())

    def seconds(self) -> float:
        """What all sources take of the processor's time."""
        assert self._process.stdin
        print(file=self._process.stdin, flush=True)
        return float(self._answer())

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def _answer(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"A program ended with {self._process.wait()}")
        return line


def computes_half() -> bool:
    """Whether the processor multiplies bfloat16."""
    path = Path("/proc/cpuinfo")
    return path.exists() and not HALF.isdisjoint(path.read_text("utf-8").split())


def prepared(work: Path) -> Iterator[tuple[str, int, Runs]]:
    """Make the checkpoints, one after the other: what is measured, how many sources, and how."""
    from s2scli.models.convert.run import convert

    for name, write, images, count, length in (
        ("BERT2BERT", write_bert2bert, False, TEXTS, TOKENS),
        ("ViT-GPT2", write_vit_gpt2, True, IMAGES, CAPTION),
    ):
        checkpoint, ours = work / name, work / f"{name}-s2s"
        write(checkpoint)
        convert(checkpoint, ours, quantization="int8")
        ask = {"images": images, "length": length, "count": count}
        theirs = ask | {"kind": "transformers", "model": str(checkpoint)}
        runs = {"s2s int8": ask | {"kind": "s2s", "model": str(ours)}}
        if not images:
            runs["CTranslate2 int8 alone"] = ask | {"kind": "engine", "model": str(ours)}
        runs["transformers float32"] = theirs | {"half": False}
        if computes_half():
            runs["transformers bfloat16"] = theirs | {"half": True}
        yield name, count, runs
