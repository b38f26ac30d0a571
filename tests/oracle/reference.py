"""What transformers, the reference implementation, makes of a checkpoint and some sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import transformers

from tests.families import Direction, Family, target_tokenizer

__all__ = ["LONGEST", "Reference", "ids_and_scores"]

BATCH = 50
LONGEST = 60


class Reference:
    """A checkpoint in transformers, float32, with its slow tokenizer.

    Args:
        checkpoint: its directory.
        family: which classes to load.
    """

    def __init__(self, checkpoint: Path, family: Family) -> None:
        transformers.logging.set_verbosity_error()
        self.family = family
        self.tokenizer: Any = getattr(transformers, family.tokenizer).from_pretrained(checkpoint)
        self.target_tokenizer = self.tokenizer
        if place := target_tokenizer(checkpoint):
            other = getattr(transformers, family.target_tokenizer)
            self.target_tokenizer = other.from_pretrained(place)
        model: Any = getattr(transformers, family.model)
        self.model = model.from_pretrained(checkpoint, dtype=torch.float32).eval()
        if family.reads_all:
            plain = self.model.prepare_inputs_for_generation
            self.model.prepare_inputs_for_generation = lambda ids, **more: {
                **plain(ids, **more),
                "decoder_input_ids": ids,
            }

    def _batches(self, texts: list[str]) -> Iterator[dict[str, torch.Tensor]]:
        """What the model is given for some texts at a time; documents come one at a time."""
        size = 1 if self.family.documents else BATCH
        for start in range(0, len(texts), size):
            batch = self.tokenizer(texts[start : start + size], return_tensors="pt", padding=True)
            given = {name: batch[name] for name in ("input_ids", "attention_mask")}
            if self.model.config.model_type == "led":
                given["global_attention_mask"] = torch.zeros_like(given["input_ids"])
                given["global_attention_mask"][:, 0] = 1
            yield given

    def source_ids(self, texts: list[str], direction: Direction) -> list[list[int]]:
        """The ids of each source, special tokens and prompt included."""
        if direction.source:
            self.tokenizer.src_lang = direction.source
        return [list(self.tokenizer(direction.prompt + text)["input_ids"]) for text in texts]

    def generate(
        self, texts: list[str], direction: Direction, beam: int, **options: Any
    ) -> list[list[int]]:
        """The target ids of each source, without what stands in front of the first real token.

        Options of ``generate`` that are None are left to the checkpoint.
        """
        options = {
            "max_length": LONGEST,
            "use_cache": True,
            "early_stopping": beam > 1,
            **options,
        }
        if direction.source:
            self.tokenizer.src_lang = direction.source
        skipped = 1
        if direction.target:
            language = self.tokenizer.convert_tokens_to_ids(direction.target)
            if hasattr(self.tokenizer, "get_lang_id"):
                language = self.tokenizer.get_lang_id(direction.target)
            if self.family.starts_with_language:
                options["decoder_start_token_id"] = language
            else:
                options["forced_bos_token_id"] = language
                skipped = 2
        elif self.model.generation_config.forced_bos_token_id is not None:
            skipped = 2
        rows: list[list[int]] = []
        for batch in self._batches([direction.prompt + text for text in texts]):
            with torch.no_grad():
                found = self.model.generate(
                    **batch,
                    num_beams=beam,
                    **{key: value for key, value in options.items() if value is not None},
                )
            rows += [self._until_end(row[skipped:]) for row in found.tolist()]
        return rows

    def scored(
        self, texts: list[str], beam: int, penalty: float = 1.0
    ) -> tuple[list[list[int]], list[float]]:
        """The target ids of each source, and the mean log-probability of each one's tokens."""
        rows: list[list[int]] = []
        scores: list[float] = []
        for batch in self._batches(texts):
            options = {"max_length": LONGEST, "early_stopping": beam > 1, "length_penalty": penalty}
            with torch.no_grad():
                found = self.model.generate(
                    **batch,
                    num_beams=beam,
                    return_dict_in_generate=True,
                    output_scores=True,
                    **options,
                )
            ids = [self._until_end(row[1:]) for row in found.sequences.tolist()]
            rows += ids
            if beam > 1:
                pairs = zip(found.sequences_scores.tolist(), ids, strict=True)
                scores += [score * len(row) ** (penalty - 1) for score, row in pairs]
                continue
            steps = self.model.compute_transition_scores(
                found.sequences, found.scores, normalize_logits=True
            ).tolist()
            pairs = zip(steps, ids, strict=True)
            scores += [sum(step[: len(row)]) / len(row) for step, row in pairs]
        return rows, scores

    def _until_end(self, row: list[int]) -> list[int]:
        end = self.model.config.eos_token_id
        return row[: row.index(end) + 1] if end in row else row

    def texts(self, rows: list[list[int]]) -> list[str]:
        """Target ids as text."""
        return [self.target_tokenizer.decode(row, skip_special_tokens=True) for row in rows]


def ids_and_scores(
    model: Any, beams: int, given: int = 1, **options: Any
) -> list[tuple[list[int], float]]:
    """What ``generate`` finds, without the start: the ids of each text, and their total score.

    Args:
        model: a model of transformers.
        beams: the beam size.
        given: number of tokens that the outputs start with.
        options: further arguments of ``generate``.
    """
    out = model.generate(
        **options, num_beams=beams, return_dict_in_generate=True, output_scores=True
    )
    logs = model.compute_transition_scores(
        out.sequences,
        out.scores,
        getattr(out, "beam_indices", None),
        normalize_logits=beams == 1,
    )
    end, found = model.generation_config.eos_token_id, []
    for ids, scores in zip(out.sequences[:, given:].tolist(), logs.tolist(), strict=True):
        length = ids.index(end) + 1 if end in ids else len(ids)
        found.append((ids[:length], sum(scores[:length])))
    return found
