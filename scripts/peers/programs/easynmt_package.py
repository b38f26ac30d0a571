"""EasyNMT itself: sentences sorted by length, batches of 16 through transformers.

Its sentence splitter needs NLTK's Punkt data, which it fetches; here Punkt without data is given by
EasyNMT's own option.
"""

from __future__ import annotations

import os

from peers.harness import Ask, Translate, measure


def load(ask: Ask) -> Translate:
    """EasyNMT with its OPUS-MT class, which finds the checkpoint by its name in this folder."""
    import torch
    from easynmt import EasyNMT
    from easynmt.models import OpusMT
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    os.chdir(ask.forms)
    torch.set_num_threads(ask.threads)
    model = EasyNMT(translator=OpusMT())
    splitter = PunktSentenceTokenizer()

    def translate(lines: list[str]) -> list[str]:
        found: list[str] = model.translate(
            lines,
            source_lang="en",
            target_lang="de",
            beam_size=ask.beam,
            sentence_splitter=lambda text, language: splitter.tokenize(text),
        )
        return found

    return translate


if __name__ == "__main__":
    measure(load)
