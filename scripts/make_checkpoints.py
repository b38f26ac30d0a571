"""Train the small checkpoints in ``tests/golden``: one of each family, of real structure.

Each has some 0.15M parameters, so that it fits into the repository, and learns a little English
and German, so that its outputs are not all alike. Needs the extra "oracle"::

    python scripts/make_checkpoints.py --english train.en --german train.de [FAMILY]...
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import torch
import transformers
from checkpoint_families import FAMILIES, LONGEST, LONGEST_DOCUMENT, Family
from training.small import train_steps

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
STEPS, BATCH, RATE = 1500, 48, 3e-3
# Of models that read long documents: what they copy is learned soon.
SENTENCES, DOCUMENT_STEPS, DOCUMENT_BATCH = 6, 700, 20
TARGET = "target-tokenizer"  # the folder of the target's own
CARD = """---
license: cc-by-4.0
---
A small checkpoint ({family}) for tests, made by `scripts/make_checkpoints.py`. Training data:
Tatoeba (tatoeba.org), CC BY 2.0 FR, English–German pairs by way of manythings.org/anki.
"""


class Examples:
    """Pairs of texts as batches, in one direction or, if the model is told which, in both."""

    def __init__(
        self, family: Family, tokenizer: Any, target: Any | None, pairs: list[tuple[str, str]]
    ) -> None:
        self.family, self.tokenizer, self.pairs = family, tokenizer, pairs
        self.target = target or (tokenizer if family.adds_end else None)
        self.both = bool(family.languages or family.prompts)

    def batch(self, generator: random.Random) -> dict[str, torch.Tensor]:
        """A random batch."""
        german = not self.both or generator.random() < 0.5
        count = DOCUMENT_BATCH if self.family.documents else BATCH
        chosen = [generator.choice(self.pairs) for _ in range(count)]
        sources = [pair[not german] for pair in chosen]
        targets = [pair[german] for pair in chosen]
        if self.family.documents:
            return self.documents(generator, [pair[0] for pair in chosen])
        if self.family.prompts:
            sources = [self.family.prompts[german] + source for source in sources]
        if self.family.languages:
            self.tokenizer.src_lang = self.family.languages[not german]
            self.tokenizer.tgt_lang = self.family.languages[german]
        options = {"padding": True, "truncation": True, "max_length": LONGEST}
        if self.target is None:
            batch = self.tokenizer(sources, text_target=targets, return_tensors="pt", **options)
            batch["labels"][batch["labels"] == self.tokenizer.pad_token_id] = -100
        else:
            batch = self.tokenizer(sources, return_tensors="pt", **options)
            batch["labels"] = self.rows(targets)
        return {name: batch[name] for name in ("input_ids", "attention_mask", "labels")}

    def documents(self, generator: random.Random, firsts: list[str]) -> dict[str, torch.Tensor]:
        """Texts that begin with some sentences, which are their summaries."""
        texts = [
            " ".join([first, *(generator.choice(self.pairs)[0] for _ in range(count))])
            for first in firsts
            for count in [generator.randrange(SENTENCES)]
        ]
        options = {"padding": True, "truncation": True, "return_tensors": "pt"}
        batch = self.tokenizer(texts, max_length=LONGEST_DOCUMENT, **options)
        labels = self.tokenizer(text_target=firsts, max_length=LONGEST, **options)["input_ids"]
        labels[labels == self.tokenizer.pad_token_id] = -100
        inputs = {name: batch[name] for name in ("input_ids", "attention_mask")}
        return {**inputs, "labels": labels}

    def rows(self, targets: list[str]) -> torch.Tensor:
        """The ids of targets, each with its end, by the tokenizer of their own."""
        assert self.target is not None
        end = self.target.eos_token_id
        end = self.target.sep_token_id if end is None else end
        found = [self.target(text)["input_ids"] for text in targets]
        ids = [torch.tensor([*row[: LONGEST - 1], *[end][: row[-1:] != [end]]]) for row in found]
        return torch.nn.utils.rnn.pad_sequence(ids, batch_first=True, padding_value=-100)


def further_input(model: Any, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What else a class reads in training: LED's encoder, which token looks at all; FSMT's decoder
    what others make of the labels."""
    labels = batch["labels"]
    if model.config.model_type == "led":
        first = torch.zeros_like(batch["input_ids"])
        first[:, 0] = 1
        return {"global_attention_mask": first}
    if model.config.model_type != "fsmt":
        return {}
    # The method writes over what it is given.
    return {"decoder_input_ids": model.prepare_decoder_input_ids_from_labels(labels.clone())}


def train(family: Family, tokenizer: Any, target: Any | None, pairs: list[tuple[str, str]]) -> Any:
    """A model that has seen all its batches."""
    torch.manual_seed(0)
    # M2M100's tokenizer counts neither its languages, which stand behind all other tokens, nor the
    # words made up to fill the table.
    languages = getattr(tokenizer, "lang_token_to_id", {})
    tokens = max([len(tokenizer), *(number + 1 for number in languages.values())])
    tokens += getattr(tokenizer, "num_madeup_words", 0)
    sizes = (tokens,) if target is None else (tokens, len(target))
    config = family.config(*(8 * -(-size // 8) for size in sizes))
    model = getattr(transformers, family.model)(config).train()
    steps = DOCUMENT_STEPS if family.documents else STEPS
    generator, examples = random.Random(0), Examples(family, tokenizer, target, pairs)

    def loss_of() -> Any:
        batch = examples.batch(generator)
        return model(**batch, **further_input(model, batch)).loss

    return train_steps(model, loss_of, steps, RATE, betas=(0.9, 0.98), weight_decay=0.0)


def stored(model: Any) -> dict[str, torch.Tensor] | None:
    """What to save, if not all: FSMT's positions are computed, and the hub's files lack them."""
    if model.config.model_type != "fsmt":
        return None
    state = model.state_dict()
    return {name: weights for name, weights in state.items() if "embed_positions" not in name}


def main() -> None:
    """Train and write what is asked for."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("families", nargs="*", default=list(FAMILIES), metavar="FAMILY")
    parser.add_argument("--english", type=Path, required=True)
    parser.add_argument("--german", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=60_000)
    options = parser.parse_args()
    transformers.logging.set_verbosity_error()
    with options.english.open() as english, options.german.open() as german:
        lines = islice(zip(english, german, strict=True), options.pairs)
        pairs = [(source.strip(), target.strip()) for source, target in lines]
    for name in options.families:
        family, out = FAMILIES[name], GOLDEN / name
        with tempfile.TemporaryDirectory() as work:
            text = [t for p in pairs[:20_000] for t in p]
            tokenizer = family.tokenizer(Path(work), text)
            target = family.target(Path(work), text) if family.target else None
            print(name, flush=True)
            model = train(family, tokenizer, target, pairs)
            shutil.rmtree(out, ignore_errors=True)
            model.generation_config.update(num_beams=4, max_length=LONGEST, early_stopping=True)
            model.half().save_pretrained(out, state_dict=stored(model))
            tokenizer.save_pretrained(out)
            if target and type(target) is not type(tokenizer):
                target.save_pretrained(out / TARGET)
            (out / "README.md").write_text(CARD.format(family=name), encoding="utf-8")


if __name__ == "__main__":
    main()
