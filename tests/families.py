"""The small checkpoints of ``tests/golden``: how to load them with transformers, and their jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from s2scli.data import Decoding
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.inference.frame import Job
from s2scli.inference.model import Model

__all__ = [
    "ALL",
    "FAMILIES",
    "HOSTILE",
    "LONG",
    "PAIRS",
    "PENALTIES",
    "SENTENCES",
    "Direction",
    "Family",
    "best_tokens",
    "numbers_of",
    "target_tokenizer",
]

SENTENCES = 100
# What breaks tokenizers; each must come out as transformers' slow tokenizer has it.
HOSTILE = [
    "",
    "   ",
    "\t tabs\tand  double  spaces ",
    "ﬁne ligatures, ｆｕｌｌ width, no\u00a0break, zero\u200bwidth, \ufeffBOM",
    "“curly” quotes – and — dashes…",
    "👩‍💻 works, 🇩🇪 too",
    "東京 ありがとう مرحبا שלום नमस्ते",
    "supercalifragilisticexpialidocious" * 8,
    "ÄÖÜ äöü ß é\u0301\u0302\u0303",
    "%s {name} https://example.org/a?b=c user@example.org 1,234.56",
    "a\u0000b \u0007 \u001b[31m \u007f",
    "\u2028 \u2029 \u0085 \u000b \u000c",
]


@dataclass(frozen=True, slots=True)
class Direction:
    """One job of a checkpoint, in our words and in transformers'.

    Attributes:
        job: ours.
        prompt: what stands in front of the text for transformers.
        source: its ``src_lang``.
        target: its code of the target language.
    """

    job: Job = field(default_factory=Job)
    prompt: str = ""
    source: str = ""
    target: str = ""


def _between(english: str, german: str, to_english: Job, to_german: Job) -> tuple[Direction, ...]:
    return (
        Direction(to_german, source=english, target=german),
        Direction(to_english, source=german, target=english),
    )


def _asked(*prompts: str) -> tuple[Direction, ...]:
    return tuple(Direction(Job(prompt=f"{prompt}{{text}}"), prompt) for prompt in prompts)


@dataclass(frozen=True, slots=True)
class Family:
    """A checkpoint.

    Attributes:
        about: the models that it stands for.
        tokenizer: transformers' class of the slow tokenizer.
        model: its class of the model.
        directions: what it does.
        starts_with_language: whether decoding starts with the target language itself.
        target_tokenizer: transformers' class of the target's slow tokenizer, where it has one of
            its own, in a folder of the checkpoint.
        scored: how far scores may be from those in the golden file, which has hypotheses of other
            length penalties too; 0 if it has none.
        reads_all: whether the decoder must be given all of its tokens at each step: FSMT's takes
            positions from them, and transformers 4.57 hands it the last one alone.
        documents: whether sources are documents of several sentences, which the reference reads
            one at a time.
        official: how much of the official converter's ``model.bin`` must be ours: all of it
            ("yes"), all but the table of positions, which is computed ("but positions"), or
            nothing, since it cannot convert the family ("").
    """

    about: str
    tokenizer: str
    model: str
    directions: tuple[Direction, ...] = (Direction(),)
    starts_with_language: bool = False
    target_tokenizer: str = ""
    scored: float = 0.0
    reads_all: bool = False
    documents: bool = False
    official: str = "yes"


_T5 = _asked("translate English to German: ", "translate German to English: ")
_DE, _EN = Job(source_language="en", target_language="de"), Job("translate", "de", "en")
FAMILIES: dict[str, Family] = {
    "marian-tiny": Family("Marian: OPUS-MT, opus-mt-tc-big", "MarianTokenizer", "MarianMTModel"),
    "t5": Family("T5", "T5Tokenizer", "T5ForConditionalGeneration", _T5),
    "t5v1_1": Family("T5 v1.1, Flan-T5", "T5Tokenizer", "T5ForConditionalGeneration", _T5),
    "mt5": Family("mT5", "T5Tokenizer", "MT5ForConditionalGeneration"),
    "umt5": Family("UMT5", "T5Tokenizer", "UMT5ForConditionalGeneration", _T5),
    "madlad": Family(
        "MADLAD-400",
        "T5Tokenizer",
        "T5ForConditionalGeneration",
        (
            Direction(Job(target_language="de"), prompt="<2de> "),
            Direction(Job(target_language="en"), prompt="<2en> "),
        ),
    ),
    "bart": Family("BART, distilBART", "BartTokenizer", "BartForConditionalGeneration"),
    "blenderbot": Family(
        "Blenderbot", "BlenderbotTokenizer", "BlenderbotForConditionalGeneration", official=""
    ),
    "bigbird-pegasus": Family(
        "BigBird-Pegasus, up to its window",
        "PegasusTokenizer",
        "BigBirdPegasusForConditionalGeneration",
        scored=5e-6,
        official="",
    ),
    "mbart25": Family(
        "mBART-25",
        "MBartTokenizer",
        "MBartForConditionalGeneration",
        _between("en_XX", "de_DE", _EN, _DE),
        starts_with_language=True,
    ),
    "mbart50": Family(
        "mBART-50",
        "MBart50Tokenizer",
        "MBartForConditionalGeneration",
        _between("en_XX", "de_DE", _EN, _DE),
    ),
    "pegasus": Family("Pegasus", "PegasusTokenizer", "PegasusForConditionalGeneration"),
    "m2m100": Family(
        "M2M100",
        "M2M100Tokenizer",
        "M2M100ForConditionalGeneration",
        _between("en", "de", _EN, _DE),
        official="but positions",
    ),
    "nllb": Family(
        "NLLB-200 (dense)",
        "NllbTokenizer",
        "M2M100ForConditionalGeneration",
        _between("eng_Latn", "deu_Latn", _EN, _DE),
        official="but positions",
    ),
}
# Models of two parts or two vocabularies, or whose tokens get other names: neither their tables nor
# their names are those of others.
PAIRS: dict[str, Family] = {
    "bert2bert": Family(
        "BERT2BERT", "BertTokenizer", "EncoderDecoderModel", scored=5e-6, official=""
    ),
    "roberta-shared": Family(
        "RoBERTa2RoBERTa, both parts alike",
        "RobertaTokenizer",
        "EncoderDecoderModel",
        scored=5e-6,
        official="",
    ),
    "bert2gpt2": Family(
        "BERT2GPT2, of two widths",
        "BertTokenizer",
        "EncoderDecoderModel",
        target_tokenizer="GPT2Tokenizer",
        scored=2e-5,
        official="",
    ),
    "blenderbot-small": Family(
        "Blenderbot-small",
        "BlenderbotSmallTokenizer",
        "BlenderbotSmallForConditionalGeneration",
        scored=5e-6,
        official="",
    ),
    "fsmt": Family(
        "FSMT: fairseq's WMT19 models",
        "FSMTTokenizer",
        "FSMTForConditionalGeneration",
        scored=5e-6,
        reads_all=True,
        official="",
    ),
}
# Models for long texts, by ONNX Runtime. Most of their texts are longer than their windows.
LONG: dict[str, Family] = {
    "led": Family(
        "LED",
        "LEDTokenizer",
        "LEDForConditionalGeneration",
        scored=5e-6,
        documents=True,
        official="",
    ),
    "longt5": Family(
        "LongT5, transient-global attention",
        "T5Tokenizer",
        "LongT5ForConditionalGeneration",
        scored=5e-6,
        documents=True,
        official="",
    ),
    "pegasus-x": Family(
        "Pegasus-X",
        "PegasusTokenizer",
        "PegasusXForConditionalGeneration",
        scored=5e-6,
        documents=True,
        official="",
    ),
}
ALL = {**FAMILIES, **PAIRS, **LONG}
TARGET_TOKENIZER = "target-tokenizer"  # the folder in a checkpoint
PENALTIES = ("0.6", "2.0")  # of length; beside 1, which all have
UNKNOWN = ("<unk>", "[UNK]")


def best_tokens(
    model: Model, sources: list[list[str]], decoding: Decoding
) -> list[TokenHypothesis]:
    """The best hypothesis of each source before it is text."""
    frame = model.frame
    pending = model.engine.submit(sources, decoding, frame.target_prefix, frame.start_given)
    return [hypotheses[0] for hypotheses in pending.result()]


def target_tokenizer(checkpoint: Path) -> Path | None:
    """Where the tokenizer of a checkpoint's targets is, if it has one of its own."""
    path = checkpoint / TARGET_TOKENIZER
    return path if path.exists() else None


def numbers_of(directory: Path, side: str = "source") -> Callable[[list[str]], list[int]]:
    """From tokens of a side to the checkpoint's ids, by the vocabulary of a converted model."""
    names = ("stepper.json", "shared_vocabulary.json", f"{side}_vocabulary.json")
    path = next(path for path in (directory / name for name in names) if path.exists())
    tokens = json.loads(path.read_text("utf-8"))
    tokens = tokens["tokens"] if path.name == names[0] else tokens
    numbers = {token: number for number, token in enumerate(tokens)}
    unknown = next((numbers[token] for token in UNKNOWN if token in numbers), -1)
    return lambda row: [numbers.get(token, unknown) for token in row]
