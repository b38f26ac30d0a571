"""One SentencePiece vocabulary for both languages, with ids as a Marian checkpoint has them."""

from __future__ import annotations

import io
import random
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import sentencepiece

__all__ = ["EOS", "Vocabulary", "train_tokenizer"]

EOS, UNK = 0, 1
SEGMENTATIONS = 32
SPACES = "\u2581\t\n\v\f\r\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# Controls, and what has no width: soft hyphens, joiners of lines, directions, byte order marks.
NOTHING = "\u007f\u00ad\u200b\u200e\u200f\u2060\ufeff" + "".join(
    chr(code) for code in range(1, 32) if chr(code) not in SPACES
)
HANGUL = range(0xAC00, 0xD7A4)  # 11,172 syllables, which nobody writes decomposed


def normalization_rules() -> str:
    """Composed characters for decomposed ones, plain spaces for others, nothing for the invisible.

    SentencePiece's own rules (NFKC) turn ``m²`` into ``m2``, ``½`` into ``1⁄2`` and ``™`` into
    ``TM``: what a user has written would be lost.
    """
    rules = {**dict.fromkeys(SPACES, " "), **dict.fromkeys(NOTHING, "")}
    for code in range(0xC0, 0x30000):
        character = chr(code)
        decomposed = unicodedata.normalize("NFD", character)
        composed = unicodedata.normalize("NFC", character)
        if code not in HANGUL and len(decomposed) > 1 and composed != decomposed:
            rules[decomposed] = composed
    return "".join(f"{_codes(old)}\t{_codes(new)}\n" for old, new in sorted(rules.items()))


def _codes(text: str) -> str:
    return " ".join(f"{ord(character):X}" for character in text)


def train_tokenizer(lines: Iterable[str], size: int, path: Path) -> None:
    """A unigram vocabulary; bytes stand for what it does not know."""
    model = io.BytesIO()
    with tempfile.NamedTemporaryFile("w", suffix=".tsv", encoding="utf-8") as rules:
        rules.write(normalization_rules())
        rules.flush()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines),
            model_writer=model,
            model_type="unigram",
            vocab_size=size,
            character_coverage=0.9999,
            required_chars="ÄÖÜäöüßẞ„“”‚‘’–—…«»€£°%&@#*+=_<>[]{}|~^\\/²³½™©®·•→×",
            byte_fallback=True,
            split_digits=True,
            normalization_rule_tsv=rules.name,
            unk_id=0,
            bos_id=-1,
            eos_id=1,
            pad_id=-1,
            num_threads=2,
            minloglevel=2,
        )
    path.write_bytes(model.getvalue())


class Vocabulary:
    """Token ids of a Marian checkpoint: ``</s>``, ``<unk>``, pieces, and last ``<pad>``."""

    def __init__(self, path: Path) -> None:
        self.processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        size = self.processor.get_piece_size()
        pieces = [self.processor.id_to_piece(number) for number in range(2, size)]
        self.ids = {token: i for i, token in enumerate(["</s>", "<unk>", *pieces, "<pad>"])}
        self.pad = self.ids["<pad>"]

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """The ids of each text, with the end token."""
        return [self.marian(ids) for ids in self.processor.encode(list(texts), out_type=int)]

    def sample(self, text: str, generator: random.Random) -> list[int]:
        """The ids of one of the likeliest segmentations (Kudo 2018, https://arxiv.org/abs/1804.10959).

        SentencePiece's own sampling cannot be seeded across processes.
        """
        return self.marian(
            generator.choice(self.processor.nbest_encode_as_ids(text, SEGMENTATIONS))
        )

    def marian(self, ids: list[int]) -> list[int]:
        """SentencePiece's ids as Marian's, with the end token: <unk> is 0 there and </s> 1."""
        return [UNK if number == 0 else number for number in ids] + [EOS]
