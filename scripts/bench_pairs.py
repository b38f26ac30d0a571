"""Measure encoder-decoders of separate parts: s2s in int8 against transformers.

``BERT2BERT`` of the base size (two of BERT's, 30,522 tokens): 64 tokens in, 64 out. ``ViT-GPT2`` as
the well-known captioner has it (ViT-base and GPT-2 with 50,257 tokens): images of 224 pixels in, 16
tokens out. Weights are random, and no text ends earlier, so that all do the same work; the rest is
as in ``scripts/bench_engines.py``, which runs this.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TEXTS, WORDS, IMAGES, SIDE, CAPTION = 8, 62, 8, 224, 16
BERT, GPT2 = 30_522, 50_257  # tokens
# A run: what is printed, and what its process is asked to do.
Runs = dict[str, dict[str, Any]]
RUN = "import sys; from bench_pairs import run; run(sys.argv[1])"


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


def run_ours(ask: Mapping[str, Any]) -> Callable[[], Sequence[int]]:
    """s2s, loaded."""
    from s2scli.inference.device import place
    from s2scli.inference.frame import Job
    from s2scli.inference.model import Model

    job = Job("caption" if ask["images"] else "translate")
    model = Model(Path(ask["model"]), place("cpu", threads=1), job=job)
    length = ask["length"]
    decoding = model.decoding(
        {"beam_size": ask["beam"], "min_length": length, "max_length": length}
    )
    sources = (
        list(pixels()) if ask["images"] else [model.source(row) for row in model.encode(texts())]
    )
    return lambda: [len(r[0].tokens) for r in model.engine.submit(sources, decoding).result()]


def run_theirs(ask: Mapping[str, Any]) -> Callable[[], Sequence[int]]:
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
    options = {
        "num_beams": ask["beam"],
        "do_sample": False,
        "min_new_tokens": ask["length"],
        "max_new_tokens": ask["length"],
    }
    if ask["images"]:
        given: Any = {"pixel_values": torch.tensor(pixels(), dtype=kind)}
    else:
        tokenizer = transformers.BertTokenizer.from_pretrained(ask["model"])
        given = tokenizer(texts(), return_tensors="pt")
        given = {name: given[name] for name in ("input_ids", "attention_mask")}
    return lambda: [len(row) - 1 for row in model.generate(**given, **options).tolist()]


def run(argument: str) -> None:
    """Decode once unseen, then print what it takes of the processor's time."""
    ask = json.loads(argument)
    decode = (run_ours if ask["ours"] else run_theirs)(ask)
    decode()
    begin = time.process_time()
    lengths = decode()
    took = time.process_time() - begin
    if set(lengths) != {ask["length"]}:
        raise SystemExit(f"outputs of {sorted(set(lengths))} tokens")
    print(json.dumps(took), file=sys.stderr)


def prepared(work: Path) -> Iterator[tuple[str, int, Runs]]:
    """Make the checkpoints, one after the other: what is measured, how many sources, and how."""
    from s2scli.models.convert.run import convert

    for name, write, images, count, length in (
        ("BERT2BERT", write_bert2bert, False, TEXTS, WORDS + 2),
        ("ViT-GPT2", write_vit_gpt2, True, IMAGES, CAPTION),
    ):
        checkpoint, ours = work / name, work / f"{name}-s2s"
        write(checkpoint)
        convert(checkpoint, ours, quantization="int8")
        ask = {"images": images, "length": length, "ours": False, "half": False}
        yield (
            name,
            count,
            {
                "s2s int8": ask | {"ours": True, "model": str(ours)},
                "transformers float32": ask | {"model": str(checkpoint)},
                "transformers bfloat16": ask | {"model": str(checkpoint), "half": True},
            },
        )
