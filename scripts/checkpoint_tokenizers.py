"""The tokenizers of the small checkpoints that ``make_checkpoints.py`` trains."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sentencepiece
import tokenizers
import transformers

PIECES = 500
MOSES_TEXTS = 8_000  # of which its vocabularies are made


def pieces(path: Path, text: list[str], ids: dict[str, int], symbols: Sequence[str] = ()) -> Path:
    """Train a SentencePiece model with special tokens where the family has them."""
    with path.open("wb") as file:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(text),
            model_writer=file,
            vocab_size=PIECES,
            user_defined_symbols=list(symbols),
            minloglevel=2,
            unk_id=ids["unk"],
            bos_id=ids["bos"],
            eos_id=ids["eos"],
            pad_id=ids["pad"],
        )
    return path


FAIRSEQ_IDS = {"unk": 0, "bos": 1, "eos": 2, "pad": -1}
T5_IDS = {"pad": 0, "eos": 1, "unk": 2, "bos": -1}


def fairseq(cls: str, **options: Any) -> Callable[[Path, list[str]], Any]:
    """A tokenizer of mBART's kind."""

    def make(work: Path, text: list[str]) -> Any:
        file = pieces(work / "sentencepiece.bpe.model", text, FAIRSEQ_IDS)
        return getattr(transformers, cls)(str(file), src_lang=None, **options)

    return make


def m2m100(work: Path, text: list[str]) -> Any:
    """A tokenizer of M2M100: words of its own numbering, made by SentencePiece."""
    file = pieces(work / "sentencepiece.bpe.model", text, FAIRSEQ_IDS)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(file))
    own = [processor.id_to_piece(number) for number in range(3, PIECES)]
    words = ["<s>", "<pad>", "</s>", "<unk>", *own]
    vocabulary = work / "vocab.json"
    vocabulary.write_text(json.dumps({word: number for number, word in enumerate(words)}))
    return transformers.M2M100Tokenizer(str(vocabulary), str(file))


def t5(extra_ids: int = 100, symbols: Sequence[str] = ()) -> Callable[[Path, list[str]], Any]:
    """A tokenizer of T5's kind."""

    def make(work: Path, text: list[str]) -> Any:
        file = pieces(work / "spiece.model", text, T5_IDS, symbols)
        return transformers.T5Tokenizer(str(file), extra_ids=extra_ids, legacy=True)

    return make


def pegasus(work: Path, text: list[str]) -> Any:
    """A tokenizer of Pegasus."""
    file = pieces(work / "spiece.model", text, T5_IDS)
    return transformers.PegasusTokenizer(str(file))


def byte_level(cls: str) -> Callable[[Path, list[str]], Any]:
    """A tokenizer of BART's kind."""

    def make(work: Path, text: list[str]) -> Any:
        trainer = tokenizers.ByteLevelBPETokenizer()
        special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
        trainer.train_from_iterator(text, PIECES + 100, special_tokens=special)
        trainer.save_model(str(work))
        return getattr(transformers, cls)(str(work / "vocab.json"), str(work / "merges.txt"))

    return make


def wordpiece(work: Path, text: list[str]) -> Any:
    """A tokenizer of BERT's kind."""
    trainer = tokenizers.BertWordPieceTokenizer(lowercase=False)
    trainer.train_from_iterator(text, PIECES, show_progress=False)
    trainer.save_model(str(work))
    return transformers.BertTokenizer(str(work / "vocab.txt"), do_lower_case=False)


def bytes_of_gpt2(work: Path, text: list[str]) -> Any:
    """A tokenizer of GPT-2's kind."""
    trainer = tokenizers.ByteLevelBPETokenizer()
    trainer.train_from_iterator(text, PIECES, special_tokens=["<|endoftext|>"], show_progress=False)
    trainer.save_model(str(work))
    return transformers.GPT2Tokenizer(str(work / "vocab.json"), str(work / "merges.txt"))


def small_blenderbot(work: Path, text: list[str]) -> Any:
    """A tokenizer of Blenderbot-small: pieces within a word end with ``@@``."""
    special = ["__null__", "__start__", "__end__", "__unk__", "__newln__"]
    trainer = tokenizers.CharBPETokenizer(lowercase=True, suffix="</w>")
    trainer.train_from_iterator(text, PIECES, special_tokens=special, show_progress=False)
    trainer.save_model(str(work))
    vocabulary = work / "vocab.json"
    rows = json.loads(vocabulary.read_text(encoding="utf-8"))
    names = {
        token.removesuffix("</w>") + ("" if token in special or token.endswith("</w>") else "@@"): n
        for token, n in rows.items()
    }
    vocabulary.write_text(json.dumps(names), encoding="utf-8")
    return transformers.BlenderbotSmallTokenizer(str(vocabulary), str(work / "merges.txt"))


def moses(*, reads: bool) -> Callable[[Path, list[str]], Any]:
    """A tokenizer of FSMT: merges for both languages, and a vocabulary for each.

    Args:
        reads: whether it reads English, as the model does, or what the model writes: the class
            itself can only tokenize sources.
    """

    def make(work: Path, text: list[str]) -> Any:
        import sacremoses

        sides = {"en": text[:MOSES_TEXTS:2], "de": text[1:MOSES_TEXTS:2]}
        options = {"aggressive_dash_splits": True, "return_str": True, "escape": True}
        words = {
            code: [sacremoses.MosesTokenizer(code).tokenize(line, **options) for line in lines]
            for code, lines in sides.items()
        }
        model = tokenizers.Tokenizer(tokenizers.models.BPE(end_of_word_suffix="</w>"))
        model.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
        trainer = tokenizers.trainers.BpeTrainer(
            vocab_size=PIECES, end_of_word_suffix="</w>", show_progress=False
        )
        model.train_from_iterator([*words["en"], *words["de"]], trainer)
        pairs = json.loads(model.to_str())["model"]["merges"]
        (work / "merges.txt").write_text("".join(f"{a} {b}\n" for a, b in pairs), encoding="utf-8")
        for code, lines in words.items():
            counts = Counter(t for line in lines for t in model.encode(line).tokens)
            tokens = ["<s>", "<pad>", "</s>", "<unk>", *sorted(counts, key=lambda t: -counts[t])]
            rows = {token: number for number, token in enumerate(tokens)}
            (work / f"{code}.json").write_text(json.dumps(rows), encoding="utf-8")
        codes = ["en", "de"] if reads else ["de", "en"]
        files = [str(work / f"{code}.json") for code in codes]
        return transformers.FSMTTokenizer(codes, *files, str(work / "merges.txt"))

    return make
