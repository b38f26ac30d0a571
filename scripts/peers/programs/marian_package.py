"""Marian itself, by ``pymarian``: batches sorted by length, in float32 or its int8 (intgemm)."""

from __future__ import annotations

from pathlib import Path

from peers.harness import Ask, Translate, measure


def load(ask: Ask) -> Translate:
    """The model in ``ask.how``, float32 or int8."""
    import pymarian

    home = Path(ask.forms) / "marian"
    translator = pymarian.Translator(
        models=str(home / {"float32": "model.npz", "int8": "model.bin"}[ask.how]),
        vocabs=[str(home / "vocab.spm")] * 2,
        beam_size=ask.beam,
        normalize=1.0,
        cpu_threads=ask.threads,
        mini_batch=64,
        maxi_batch=100,
        maxi_batch_sort="src",
        workspace=512,
        quiet=True,
    )

    def translate(lines: list[str]) -> list[str]:
        found: str = translator.translate("\n".join(lines))
        return found.removesuffix("\n").split("\n")

    return translate


if __name__ == "__main__":
    measure(load)
