"""Models that read images, as transformers runs them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.captions import LONGEST, Answer
from tests.drawings import Picture

__all__ = ["Reference"]


class Reference:
    """A checkpoint in transformers, in float32, with its slow classes.

    Args:
        directory: the checkpoint.
    """

    def __init__(self, directory: Path) -> None:
        import torch
        import transformers

        from tests.oracle.attending import ShowAttendTell, WordList

        kind = json.loads((directory / "config.json").read_text("utf-8"))["model_type"]
        classes: dict[str, tuple[Any, Any]] = {
            "show-attend-tell": (ShowAttendTell, WordList),
            "vision-encoder-decoder": (
                transformers.VisionEncoderDecoderModel,
                transformers.AutoTokenizer,
            ),
        }
        model, tokenizer = classes[kind]
        self.model: Any = model.from_pretrained(directory, torch_dtype=torch.float32).eval()
        self.processor: Any = transformers.AutoImageProcessor.from_pretrained(
            directory, use_fast=False
        )
        self.tokenizer: Any = tokenizer.from_pretrained(directory, use_fast=False)

    def answers(
        self,
        images: Sequence[Picture],
        beams: int,
        penalty: float,
        prompt: str | None = None,
        **options: Any,
    ) -> list[Answer]:
        """Its answers, without the prompt that they begin with."""
        import torch
        from PIL import Image

        from tests.oracle.reference import ids_and_scores

        pixels = torch.cat(
            [
                self.processor(Image.fromarray(image), return_tensors="pt").pixel_values
                for image in images
            ]
        )
        given = 1
        if prompt is not None:
            begun = self.tokenizer(prompt, add_special_tokens=False)["input_ids"]
            options["decoder_input_ids"] = torch.tensor([begun] * len(images))
            given = len(begun) + (not self._starts_with(begun))
        found = ids_and_scores(
            self.model,
            beams,
            given,
            inputs=pixels,
            length_penalty=penalty,
            do_sample=False,
            max_new_tokens=LONGEST,
            **options,
        )
        tokens = self.tokenizer.convert_ids_to_tokens
        return [Answer(tokens(ids), total) for ids, total in found]

    def _starts_with(self, prompt: list[int]) -> bool:
        """Whether a prompt stands instead of the start token, and not after it."""
        start = self.model.generation_config.decoder_start_token_id
        return bool(prompt[0] == start or self.model.config.encoder.model_type == "donut-swin")
