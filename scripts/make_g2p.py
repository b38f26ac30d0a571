"""Train the miniature of g2p_en's checkpoint in ``tests/golden/g2p``, and write what it says.

It learns a toy rule, from letters of made words to phonemes. ``said.json`` has what PyTorch makes
of 200 words, step by step. Needs the extra "oracle"; from the root of the repository, a minute::

    PYTHONPATH=. python scripts/make_g2p.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from s2scli.models.convert.pronouncing import LETTERS, PHONEMES
from tests.words import made_words

GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "g2p"
WIDTH, HIDDEN, STEPS, BATCH, WORDS, LONGEST = 12, 40, 900, 64, 3000, 20
CARD = """---
license: cc0-1.0
---
A miniature of g2p_en's checkpoint for tests, made by `scripts/make_g2p.py` on words that it makes
up, with phonemes by a toy rule.
"""
# Letters, the longest first, and what the toy makes of them.
RULE = {
    "ght": "T", "ch": "CH", "sh": "SH", "ck": "K", "mb": "M", "ng": "NG", "qu": "K W", "th": "TH",
    "zz": "Z", "ai": "EY1", "ee": "IY1", "oo": "UW1", "ou": "AW1", "a": "AE1", "e": "EH1",
    "i": "IH0", "o": "AA1", "u": "AH0", "y": "AY1", "x": "K S", "h": "HH", "j": "JH",
}  # fmt: skip
START, END = PHONEMES.index("<s>"), PHONEMES.index("</s>")


def phonemes(word: str) -> list[int]:
    """What a word sounds like by the rule."""
    found: list[str] = []
    while word:
        part = next((letters for letters in RULE if word.startswith(letters)), word[0])
        found += RULE.get(part, part.upper()).split()
        word = word.removeprefix(part)
    return [PHONEMES.index(phoneme) for phoneme in found]


def letters(word: str) -> list[int]:
    """A word's ids."""
    return [*map(LETTERS.index, word), LETTERS.index("</s>")]


def train(parts: dict[str, torch.nn.Module]) -> None:
    """Learn the rule."""
    words = [word for word in made_words(WORDS + 200)[200:] if len(phonemes(word)) < LONGEST]
    optimizer = torch.optim.AdamW([p for m in parts.values() for p in m.parameters()], lr=5e-3)
    for step in range(STEPS):
        chosen = [words[n] for n in torch.randint(len(words), (BATCH,))]
        read = torch.nn.utils.rnn.pack_sequence(
            [torch.tensor(letters(word)) for word in chosen], enforce_sorted=False
        )
        packed = read._replace(data=parts["enc_emb"](read.data))
        _, last = parts["enc"](packed)
        given, right = (
            torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], True, padding)
            for rows, padding in (
                ([[START, *phonemes(word)] for word in chosen], 0),
                ([[*phonemes(word), END] for word in chosen], -100),
            )
        )
        written, _ = parts["dec"](parts["dec_emb"](given), last)
        logits = parts["fc"](written)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), right.flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 100 == 99:
            print(step + 1, round(loss.item(), 3), flush=True)


def said(parts: dict[str, torch.nn.Module], word: str) -> tuple[list[str], float]:
    """The phonemes of a word, greedily, and the sum of their log-probabilities."""
    _, state = parts["enc"](parts["enc_emb"](torch.tensor([letters(word)])))
    token, found, total = START, [], 0.0
    for _ in range(LONGEST):
        written, state = parts["dec"](parts["dec_emb"](torch.tensor([[token]])), state)
        logs = parts["fc"](written)[0, 0].log_softmax(0)
        token = int(logs.argmax())
        total += float(logs[token])
        if token == END:
            break
        found.append(PHONEMES[token])
    return found, round(total, 5)


def main() -> None:
    """Write both files."""
    torch.manual_seed(4)
    torch.set_num_threads(1)
    parts: dict[str, torch.nn.Module] = {
        "enc_emb": torch.nn.Embedding(len(LETTERS), WIDTH),
        "enc": torch.nn.GRU(WIDTH, HIDDEN, batch_first=True),
        "dec_emb": torch.nn.Embedding(len(PHONEMES), WIDTH),
        "dec": torch.nn.GRU(WIDTH, HIDDEN, batch_first=True),
        "fc": torch.nn.Linear(HIDDEN, len(PHONEMES)),
    }
    train(parts)
    arrays = {}
    for side, part in parts.items():
        for name, numbers in part.state_dict().items():
            short = name.removesuffix("_l0").replace("weight", "w").replace("bias", "b")
            key = side if side.endswith("_emb") else f"{side}_{short}"
            arrays[key] = numbers.numpy()
    GOLDEN.mkdir(parents=True, exist_ok=True)
    np.savez(GOLDEN / "checkpoint20.npz", **arrays)
    with torch.no_grad():
        content = {word: said(parts, word) for word in made_words(200)}
    text = json.dumps(content, separators=(",", ":"))
    (GOLDEN / "README.md").write_text(CARD, encoding="utf-8")
    (GOLDEN / "said.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
