"""transformers as its documentation shows it: ``generate`` in a loop over batches, in order."""

from __future__ import annotations

from pathlib import Path

from peers.harness import Ask, Translate, measure

BATCH = 32  # lines


def load(ask: Ask) -> Translate:
    """The checkpoint in ``ask.how``, float32 or bfloat16."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    torch.set_num_threads(ask.threads)
    checkpoint = Path(ask.forms) / "Helsinki-NLP" / "opus-mt-en-de"
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    model = AutoModelForSeq2SeqLM.from_pretrained(checkpoint, dtype=getattr(torch, ask.how)).eval()

    def translate(lines: list[str]) -> list[str]:
        outputs: list[str] = []
        for start in range(0, len(lines), BATCH):
            batch = tokenizer(
                lines[start : start + BATCH], return_tensors="pt", padding=True, truncation=True
            )
            with torch.no_grad():
                found = model.generate(**batch, num_beams=ask.beam)
            outputs += tokenizer.batch_decode(found, skip_special_tokens=True)
        return outputs

    return translate


if __name__ == "__main__":
    measure(load)
