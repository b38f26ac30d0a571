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
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import torch
import transformers
from checkpoint_tokenizers import (
    byte_level,
    bytes_of_gpt2,
    fairseq,
    m2m100,
    moses,
    pegasus,
    small_blenderbot,
    t5,
    wordpiece,
)
from training.small import train_steps

GOLDEN = Path(__file__).parents[1] / "tests" / "golden"
WIDTH, FFN, LAYERS, HEADS, POSITIONS = 48, 96, 2, 4, 64
STEPS, BATCH, RATE, LONGEST = 1500, 48, 3e-3, 40
# Of models that read long documents: what they copy is learned soon.
SENTENCES, LONGEST_DOCUMENT, DOCUMENT_STEPS, DOCUMENT_BATCH = 6, 120, 700, 20
TARGET = "target-tokenizer"  # the folder of the target's own
CARD = """---
license: cc-by-4.0
---
A small checkpoint ({family}) for tests, made by `scripts/make_checkpoints.py`. Training data:
Tatoeba (tatoeba.org), CC BY 2.0 FR, English–German pairs by way of manythings.org/anki.
"""
FAIRSEQ_SHAPE = {
    "d_model": WIDTH,
    "encoder_layers": LAYERS,
    "decoder_layers": LAYERS,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "encoder_ffn_dim": FFN,
    "decoder_ffn_dim": FFN,
    "max_position_embeddings": POSITIONS,
    "scale_embedding": True,
    "dropout": 0.0,
}
T5_SHAPE = {
    "d_model": WIDTH,
    "d_kv": WIDTH // HEADS,
    "d_ff": FFN,
    "num_layers": LAYERS,
    "num_heads": HEADS,
    "dropout_rate": 0.0,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 20,
}
V1_1 = {"feed_forward_proj": "gated-gelu", "tie_word_embeddings": False}
LED_SHAPE = {
    **{name: size for name, size in FAIRSEQ_SHAPE.items() if "max_" not in name},
    "max_encoder_position_embeddings": LONGEST_DOCUMENT + 40,
    "max_decoder_position_embeddings": POSITIONS,
    "attention_window": [8, 16],
}


@dataclass(frozen=True)
class Family:
    """How to make a checkpoint.

    Attributes:
        config: makes the configuration, given the number of rows of the embeddings, by side where
            each has its own.
        model: the class.
        tokenizer: makes the tokenizer in a directory, given the two texts.
        target: makes that of the targets, where they have their own.
        adds_end: whether targets get their end here, for a tokenizer that adds none.
        languages: the codes of English and German, if the model is told.
        prompts: what stands in front of the source, by target language ("en", "de").
        documents: whether it reads several English sentences, and writes the first of them.
    """

    config: Callable[..., Any]
    model: str
    tokenizer: Callable[[Path, list[str]], Any]
    target: Callable[[Path, list[str]], Any] | None = None
    adds_end: bool = False
    languages: tuple[str, str] | None = None
    prompts: tuple[str, str] | None = None
    documents: bool = False


BERT_SHAPE = {
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "intermediate_size": FFN,
    "max_position_embeddings": POSITIONS,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}


GPT2_SHAPE = {
    "n_embd": WIDTH,
    "n_layer": LAYERS,
    "n_head": HEADS,
    "n_positions": POSITIONS,
    "resid_pdrop": 0.0,
    "embd_pdrop": 0.0,
    "attn_pdrop": 0.0,
}


def bert2gpt2_config(source: int, target: int) -> Any:
    """A configuration of two parts of unlike kinds and widths."""
    return transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
        transformers.BertConfig(**{**BERT_SHAPE, "hidden_size": WIDTH + 16, "vocab_size": source}),
        transformers.GPT2Config(vocab_size=target, **GPT2_SHAPE),
        pad_token_id=0,
        decoder_start_token_id=0,
        eos_token_id=0,
    )


def fsmt_config(source: int, target: int) -> Any:
    """A configuration of FSMT."""
    return transformers.FSMTConfig(
        src_vocab_size=source, tgt_vocab_size=target, max_length=LONGEST, **FAIRSEQ_SHAPE
    )


def pair_config(
    encoder: str, decoder: str, ids: dict[str, int], wider: int = 0, **options: Any
) -> Callable[[int], Any]:
    """A configuration of two parts; the encoder may be wider than the decoder."""

    def make(size: int) -> Any:
        parts = [
            getattr(transformers, cls)(**{**BERT_SHAPE, "vocab_size": size, **more})
            for cls, more in ((encoder, {"hidden_size": WIDTH + wider}), (decoder, {}))
        ]
        return transformers.EncoderDecoderConfig.from_encoder_decoder_configs(
            *parts, **ids, **options
        )

    return make


def fairseq_config(cls: str, **options: Any) -> Callable[[int], Any]:
    """A configuration of a family that descends from fairseq."""
    return lambda size: getattr(transformers, cls)(vocab_size=size, **{**FAIRSEQ_SHAPE, **options})


def led_config(size: int) -> Any:
    """A configuration of LED."""
    return transformers.LEDConfig(vocab_size=size, **LED_SHAPE)


def t5_config(cls: str, **options: Any) -> Callable[[int], Any]:
    """A configuration of T5 and its kin."""
    return lambda size: getattr(transformers, cls)(
        vocab_size=size, decoder_start_token_id=0, **{**T5_SHAPE, **options}
    )


BERT_IDS = {"pad_token_id": 0, "decoder_start_token_id": 2, "eos_token_id": 3}
ROBERTA_IDS = {"pad_token_id": 1, "decoder_start_token_id": 0, "eos_token_id": 2}
T5_PROMPTS = ("translate German to English: ", "translate English to German: ")
START_EOS = {"decoder_start_token_id": 2}
FAMILIES = {
    "t5": Family(t5_config("T5Config"), "T5ForConditionalGeneration", t5(), prompts=T5_PROMPTS),
    "t5v1_1": Family(
        t5_config("T5Config", **V1_1), "T5ForConditionalGeneration", t5(), prompts=T5_PROMPTS
    ),
    "mt5": Family(t5_config("MT5Config", **V1_1), "MT5ForConditionalGeneration", t5(0)),
    "umt5": Family(
        t5_config("UMT5Config", feed_forward_proj="gated-gelu"),
        "UMT5ForConditionalGeneration",
        t5(),
        prompts=T5_PROMPTS,
    ),
    "madlad": Family(
        t5_config("T5Config", **V1_1),
        "T5ForConditionalGeneration",
        t5(0, ("<2en>", "<2de>", "<2fr>")),
        prompts=("<2en> ", "<2de> "),
    ),
    "bart": Family(
        fairseq_config("BartConfig", forced_bos_token_id=0, scale_embedding=False),
        "BartForConditionalGeneration",
        byte_level("BartTokenizer"),
    ),
    "blenderbot": Family(
        fairseq_config(
            "BlenderbotConfig",
            bos_token_id=0,
            pad_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=0,
            forced_eos_token_id=2,
            encoder_no_repeat_ngram_size=0,
        ),
        "BlenderbotForConditionalGeneration",
        byte_level("BlenderbotTokenizer"),
    ),
    "bert2bert": Family(
        pair_config("BertConfig", "BertConfig", BERT_IDS, wider=16),
        "EncoderDecoderModel",
        wordpiece,
    ),
    "roberta-shared": Family(
        pair_config("RobertaConfig", "RobertaConfig", ROBERTA_IDS, tie_encoder_decoder=True),
        "EncoderDecoderModel",
        byte_level("RobertaTokenizer"),
    ),
    "bert2gpt2": Family(bert2gpt2_config, "EncoderDecoderModel", wordpiece, bytes_of_gpt2),
    "blenderbot-small": Family(
        fairseq_config("BlenderbotSmallConfig"),
        "BlenderbotSmallForConditionalGeneration",
        small_blenderbot,
        adds_end=True,
    ),
    "bigbird-pegasus": Family(
        fairseq_config("BigBirdPegasusConfig"),
        "BigBirdPegasusForConditionalGeneration",
        pegasus,
    ),
    "led": Family(
        led_config,
        "LEDForConditionalGeneration",
        byte_level("LEDTokenizer"),
        documents=True,
    ),
    "longt5": Family(
        t5_config(
            "LongT5Config",
            feed_forward_proj="gated-gelu",
            tie_word_embeddings=False,
            encoder_attention_type="transient-global",
            local_radius=7,
            global_block_size=4,
        ),
        "LongT5ForConditionalGeneration",
        t5(),
        documents=True,
    ),
    "pegasus-x": Family(
        fairseq_config(
            "PegasusXConfig", max_position_embeddings=256, num_global_tokens=4, block_size=16
        ),
        "PegasusXForConditionalGeneration",
        pegasus,
        documents=True,
    ),
    "fsmt": Family(
        fsmt_config, "FSMTForConditionalGeneration", moses(reads=True), moses(reads=False)
    ),
    "mbart25": Family(
        fairseq_config("MBartConfig"),
        "MBartForConditionalGeneration",
        fairseq("MBartTokenizer"),
        languages=("en_XX", "de_DE"),
    ),
    "mbart50": Family(
        fairseq_config("MBartConfig", tokenizer_class="MBart50Tokenizer", **START_EOS),
        "MBartForConditionalGeneration",
        fairseq("MBart50Tokenizer"),
        languages=("en_XX", "de_DE"),
    ),
    "pegasus": Family(fairseq_config("PegasusConfig"), "PegasusForConditionalGeneration", pegasus),
    "m2m100": Family(
        fairseq_config("M2M100Config", **START_EOS),
        "M2M100ForConditionalGeneration",
        m2m100,
        languages=("en", "de"),
    ),
    "nllb": Family(
        fairseq_config("M2M100Config", tokenizer_class="NllbTokenizer", **START_EOS),
        "M2M100ForConditionalGeneration",
        fairseq("NllbTokenizer"),
        languages=("eng_Latn", "deu_Latn"),
    ),
}


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
