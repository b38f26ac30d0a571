"""Train the small OpenNMT-py models in ``tests/golden/opennmt``, and keep what OpenNMT-py says.

It declares an old version of PyTorch, but works with today's. In an environment of its own that has
PyTorch, from the root of the repository::

    pip install --no-deps opennmt-py==3.5.1 configargparse pyonmttok rapidfuzz six pyahocorasick
    python scripts/make_opennmt.py
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

for _missing in ("spacy", "fasttext", "flask", "waitress", "tensorboard"):
    sys.modules.setdefault(_missing, MagicMock())

import pyonmttok  # noqa: E402
import torch  # noqa: E402
from onmt import opts  # noqa: E402
from onmt.inputters.inputter import dict_to_vocabs  # noqa: E402
from onmt.inputters.text_utils import _addcopykeys, numericalize, tensorify  # noqa: E402
from onmt.model_builder import build_base_model  # noqa: E402
from onmt.modules.copy_generator import CopyGeneratorLoss  # noqa: E402
from onmt.translate import GNMTGlobalScorer  # noqa: E402
from onmt.translate.translator import Translator  # noqa: E402
from onmt.utils.parse import ArgumentParser  # noqa: E402

OUT = Path(__file__).parents[1] / "tests" / "golden" / "opennmt"
CARD = """---
license: cc0-1.0
---
Small recurrent models of OpenNMT-py for tests, made by `scripts/make_opennmt.py` on sentences that
it makes up.
"""
SENTENCES, LONGEST, BATCH = 100, 40, 16
SPECIAL = ["<unk>", "<blank>", "<s>", "</s>"]
# Beams, length penalty, hypotheses that are kept, sentences.
SEARCHES = ((1, 1.0, 1, 100), (4, 0.6, 1, 100), (4, 1.0, 1, 100), (4, 2.0, 1, 100), (4, 1.0, 4, 25))
RECURRENT = ["-encoder_type", "brnn", "-decoder_type", "rnn", "-dropout", "0"]
# Name → the options of training, updates, and whether its outputs are kept: the others have random
# weights, and only their log-probabilities are of use.
MODELS: dict[str, tuple[str, int]] = {
    "copy": (
        "-rnn_type LSTM -layers 2 -hidden_size 40 -word_vec_size 24 -global_attention general "
        "-copy_attn -reuse_copy_attn",
        900,
    ),
    "gru-mlp": (
        "-rnn_type GRU -layers 1 -hidden_size 32 -word_vec_size 16 -global_attention mlp "
        "-input_feed 0",
        200,
    ),
    "lstm-dot-bridge": (
        "-rnn_type LSTM -layers 2 -hidden_size 8 -word_vec_size 6 -global_attention dot -bridge",
        0,
    ),
    "gru-general-plain": (
        "-encoder_type rnn -rnn_type GRU -layers 2 -hidden_size 8 -word_vec_size 6 -bridge "
        "-global_attention general",
        0,
    ),
    "lstm-general-no-feed": (
        "-encoder_type rnn -rnn_type LSTM -layers 2 -hidden_size 8 -word_vec_size 6 "
        "-global_attention general -input_feed 0",
        0,
    ),
    "gru-mlp-copy": (
        "-rnn_type GRU -layers 1 -hidden_size 8 -word_vec_size 6 -global_attention mlp -copy_attn "
        "-copy_attn_type dot",
        0,
    ),
}

# The language: words in another order, and names that stay as they are.
VERBS = {"visits": "besucht", "calls": "ruft", "knows": "kennt", "likes": "mag", "sees": "sieht"}
DAYS = {"today": "heute", "tomorrow": "morgen", "on_monday": "am_montag", "now": "jetzt"}
WITH = {"old": "alte", "young": "junge", "happy": "frohe", "tall": "grosse", "quiet": "stille"}
WORDS = {"the": "die", "and": "und", ".": ".", "?": "?", "does": "", "not": "nicht"}
KNOWN = ("Anna", "Berta", "Clara", "Dora", "Emma", "Frieda")


def name(rng: random.Random) -> str:
    """A name, which as a rule no vocabulary has."""
    if rng.random() < 0.3:
        return rng.choice(KNOWN)
    return "".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(3)).title()


def sentence(rng: random.Random) -> tuple[list[str], list[str]]:
    """A sentence and its translation: the day comes first there, the verb after it."""
    verb, day = rng.choice(list(VERBS)), rng.choice(list(DAYS))
    source: list[str] = []
    target: list[str] = []
    for place in range(rng.choice((2, 2, 2, 3))):
        if place:
            source.append(verb if place == 1 else "and")
            target.append("" if place == 1 else "und")
        how = rng.choice([*WITH, "", ""])
        who = name(rng)
        source += ["the", how, who] if how else [who]
        target += ["die", WITH[how], who] if how else [who]
    end = rng.choice(".?")
    known = [DAYS[day], VERBS[verb]] if end == "." else [VERBS[verb], DAYS[day]]
    return [*filter(None, source), day, end], [*known, *filter(None, target), end]


def vocabularies() -> dict[str, Any]:
    """Both vocabularies, as checkpoints have them."""
    source = [*VERBS, *DAYS, *WITH, *WORDS, *KNOWN]
    target = dict.fromkeys(
        [*VERBS.values(), *DAYS.values(), *WITH.values(), *filter(None, WORDS.values()), *KNOWN]
    )
    return {
        "src": SPECIAL + source,
        "tgt": SPECIAL + list(target),
        "data_task": "seq2seq",
        "decoder_start_token": "<s>",
    }


def model_options(line: str) -> argparse.Namespace:
    """The options of a model, as OpenNMT-py's trainer completes them."""
    parser = ArgumentParser()
    opts.train_opts(parser)
    found = parser.parse_args(["-data", "{}", "-src_vocab", "none", *RECURRENT, *line.split()])
    ArgumentParser.update_model_opts(found)
    ArgumentParser.validate_model_opts(found)
    return argparse.Namespace(**vars(found))


def batch_of(vocabs: Any, pairs: Sequence[tuple[list[str], list[str] | None]], copies: bool) -> Any:
    """Sentences as OpenNMT-py's own iterator makes a batch of them."""
    rows = []
    for place, (source, target) in enumerate(pairs):
        row: Any = {"src": {"src": " ".join(source)}, "tgt": None, "cid": "", "cid_line_number": 0}
        if target is not None:
            row["tgt"] = {"tgt": " ".join(target)}
        row = numericalize(vocabs, row)
        rows.append((_addcopykeys(vocabs, row) if copies else row, place))
    return tensorify(vocabs, rows, torch.device("cpu"))


def train(model: Any, vocabs: Any, updates: int, copies: bool) -> None:
    """Train a model."""
    rng = random.Random(1)
    size, pad = len(vocabs["tgt"]), vocabs["tgt"]["<blank>"]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.008)
    copying = CopyGeneratorLoss(size, False, unk_index=0, ignore_index=pad, eps=1e-4)
    plain = torch.nn.CrossEntropyLoss(ignore_index=pad, reduction="sum")
    for update in range(updates):
        batch = batch_of(vocabs, [sentence(rng) for _ in range(BATCH)], copies)
        out, attention = model(batch["src"], batch["tgt"], batch["srclen"])
        gold = batch["tgt"][:, 1:, 0]
        if copies:
            # Over time first, as the generator expects rows of different sentences in turn.
            turned = out.transpose(0, 1).contiguous()
            scores = model.generator(
                turned.view(-1, turned.size(2)),
                attention["copy"].view(-1, attention["copy"].size(2)),
                batch["src_map"],
            )
            align = batch["alignment"][:, 1:].t().reshape(-1)
            loss = copying(scores, align, gold.t().reshape(-1)).sum()
        else:
            loss = plain(model.generator(out).view(-1, size), gold.reshape(-1))
        optimizer.zero_grad()
        (loss / BATCH).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] = 0.008 * (1 - update / updates)
        if update % 100 == 0:
            print(update, round(loss.item() / BATCH, 3), flush=True)


def translator(
    model: Any, vocabs: Any, copies: bool, beam: int, penalty: float, best: int = 1
) -> Translator:
    """OpenNMT-py's translator with its usual options."""
    model.eval()
    return Translator(
        model,
        vocabs,
        n_best=best,
        max_length=LONGEST,
        beam_size=beam,
        copy_attn=copies,
        global_scorer=GNMTGlobalScorer(penalty, 0.0, "avg", "none"),
        report_score=False,
        dump_beam="",
    )


def translated(
    found: Translator, vocabs: Any, source: list[str], copies: bool
) -> Iterator[tuple[list[str], float]]:
    """The hypotheses of one sentence, which is a batch alone: in larger ones OpenNMT-py 3.5.1
    mistakes one sentence's words for another's once a sentence is finished."""
    batch = batch_of(vocabs, [(source, None)], copies)
    with torch.no_grad():
        result = found.translate_batch(batch, False)
    own = batch["src_ex_vocab"][0].ids_to_tokens if copies else []
    names = [*vocabs["tgt"].ids_to_tokens, *own]
    for ids, score in zip(result["predictions"][0], result["scores"][0], strict=True):
        yield [names[number] for number in ids.tolist()], float(score)


def forced(found: Translator, vocabs: Any, pairs: Any, copies: bool) -> list[float]:
    """The log-probability of each target, as OpenNMT-py scores it."""
    scores = []
    for pair in pairs:
        batch = batch_of(vocabs, [pair], copies)
        with torch.no_grad():
            source, states, encoded, lengths = found._run_encoder(batch)
            found.model.decoder.init_state(source, encoded, states)
            copied = batch["src_map"] if copies else None
            total = 0.0
            for step in range(batch["tgt"].size(1) - 1):
                logs, _ = found._decode_and_generate(
                    batch["tgt"][:, step : step + 1],
                    encoded,
                    batch,
                    lengths,
                    copied,
                    step,
                    batch_offset=torch.arange(1),
                )
                gold = int(batch["tgt"][0, step + 1, 0])
                if copies and gold == vocabs["tgt"]["<unk>"]:
                    gold = len(vocabs["tgt"]) + int(batch["alignment"][0, step + 1])
                total += logs.view(-1)[gold].item()
        scores.append(total)
    return scores


def keep(name: str, line: str, updates: int) -> dict[str, Any]:
    """Write a model's checkpoint; what it says."""
    torch.manual_seed(1)
    content = vocabularies()
    vocabs = dict_to_vocabs(content)
    options = model_options(line)
    model = build_base_model(options, vocabs)
    for parameter in model.parameters():  # OpenNMT-py leaves them as memory was
        if updates and parameter.dim() > 1:
            torch.nn.init.xavier_uniform_(parameter)
        else:
            torch.nn.init.uniform_(parameter, *((-0.1, 0.1) if updates else (-0.7, 0.7)))
    train(model, vocabs, updates, options.copy_attn)
    with torch.no_grad():
        for parameter in model.parameters():  # half the size, and no rounding afterwards
            parameter.copy_(parameter.half().float())
    half = {name: numbers.half() for name, numbers in model.state_dict().items()}
    torch.save(
        {
            "model": {name: n for name, n in half.items() if "generator" not in name},
            "generator": {name: n.half() for name, n in model.generator.state_dict().items()},
            "vocab": content,
            "opt": options,
            "optim": {"training_step": updates, "decay_step": 1, "optimizer": {}},
        },
        OUT / f"{name}.pt",
    )
    rng = random.Random(2)
    copies = options.copy_attn
    pairs = [sentence(rng) for _ in range(SENTENCES if updates else 8)]
    said: dict[str, Any] = {"sources": [" ".join(source) for source, _ in pairs]}
    scorer = translator(model, vocabs, copies, 1, 1.0)
    some = pairs[:8]
    said["targets"] = [" ".join(target) for _, target in some]
    said["forced"] = [round(score, 5) for score in forced(scorer, vocabs, some, copies)]
    if updates:
        for beam, penalty, best, count in SEARCHES:
            found = translator(model, vocabs, copies, beam, penalty, best)
            said[f"beam {beam}, penalty {penalty}, best {best}"] = [
                [[" ".join(t), round(s, 5)] for t, s in translated(found, vocabs, p, copies)]
                for p, _ in pairs[:count]
            ]
    return said


def main() -> None:
    """Write the models and ``tests/golden/opennmt/said.json``."""
    OUT.mkdir(exist_ok=True)
    made_by = f"scripts/make_opennmt.py, OpenNMT-py 3.5.1, pyonmttok {pyonmttok.__version__}"
    content = {"made_by": made_by, "models": {n: keep(n, *rest) for n, rest in MODELS.items()}}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    (OUT / "README.md").write_text(CARD, encoding="utf-8")
    (OUT / "said.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
