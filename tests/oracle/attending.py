"""Show, attend and tell (Xu et al. 2015, https://arxiv.org/abs/1502.03044) in PyTorch.

The encoder is transformers' ResNet, and the search is that of its ``generate``; each step computes
all that came before it anew, so that nothing of a search's order of rows is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import nn
from transformers.generation import GenerationMixin
from transformers.modeling_outputs import BaseModelOutput, Seq2SeqLMOutput

__all__ = ["ShowAttendTell", "ShowAttendTellConfig", "WordList"]

ACTIVATIONS: dict[str, Any] = {"tanh": torch.tanh, "relu": torch.relu, "linear": lambda x: x}


class ShowAttendTellConfig(transformers.PretrainedConfig):
    """Two parts: ``encoder`` and ``decoder``."""

    model_type = "show-attend-tell"
    is_composition = True

    def __init__(self, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        super().__init__(**{"is_encoder_decoder": True, "tie_word_embeddings": False, **kwargs})
        self.encoder, self.decoder = encoder or {}, decoder or {}

    def get_text_config(self, *_: Any, **__: Any) -> Any:
        """The whole, in which the settings of outputs stand."""
        return self

    @property
    def vocab_size(self) -> int:
        """Words of the output."""
        return int(self.decoder["vocab_size"])


class _Attention(nn.Module):
    def __init__(self, pixels: int, hidden: int, size: int) -> None:
        super().__init__()
        self.encoder_att = nn.Linear(pixels, size)
        self.decoder_att = nn.Linear(hidden, size)
        self.full_att = nn.Linear(size, 1)


class _Decoder(nn.Module):
    """One step after the other, as the paper has it (its equations 1 to 10)."""

    def __init__(self, settings: dict[str, Any], pixels: int) -> None:
        super().__init__()
        words, width, hidden = (
            settings[n] for n in ("vocab_size", "embedding_size", "hidden_size")
        )
        self._attends, self._starts = (
            ACTIVATIONS[settings[n]] for n in ("attention_activation", "initial_activation")
        )
        self._deep = settings["deep_output"]
        self.embedding = nn.Embedding(words, width)
        self.attention = _Attention(pixels, hidden, settings["attention_size"])
        self.init_h, self.init_c = nn.Linear(pixels, hidden), nn.Linear(pixels, hidden)
        self.f_beta = nn.Linear(hidden, pixels)
        self.decode_step = nn.LSTMCell(width + pixels, hidden)
        if self._deep:
            self.output_h, self.output_z = nn.Linear(hidden, width), nn.Linear(pixels, width, False)
        self.fc = nn.Linear(width if self._deep else hidden, words)

    def forward(self, pixels: torch.Tensor, tokens: torch.Tensor) -> tuple[Any, Any]:
        """The logits after each token, and what was looked at."""
        mean = pixels.mean(1)
        h, c = self._starts(self.init_h(mean)), self._starts(self.init_c(mean))
        keys, attention = self.attention.encoder_att(pixels), self.attention
        logits, looked = [], []
        for column in tokens.T:
            words = self.embedding(column)
            scores = attention.full_att(self._attends(keys + attention.decoder_att(h)[:, None]))
            shares = scores.squeeze(2).softmax(1)
            context = torch.sigmoid(self.f_beta(h)) * (shares[:, :, None] * pixels).sum(1)
            h, c = self.decode_step(torch.cat([words, context], 1), (h, c))
            state = words + self.output_h(h) + self.output_z(context) if self._deep else h
            logits.append(self.fc(state))
            looked.append(shares)
        return torch.stack(logits, 1), torch.stack(looked, 1)


class _Encoder(nn.Module):
    """The annotation vectors of images, row by row."""

    main_input_name = "pixel_values"

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self._model = [model]  # whose parameters are its own

    def forward(self, pixel_values: torch.Tensor, **_: Any) -> BaseModelOutput:
        found = self._model[0](pixel_values).last_hidden_state
        return BaseModelOutput(last_hidden_state=found.flatten(2).transpose(1, 2))


class ShowAttendTell(transformers.PreTrainedModel, GenerationMixin):
    """The whole model."""

    config_class = ShowAttendTellConfig
    main_input_name = "pixel_values"
    base_model_prefix = "model"

    def __init__(self, config: ShowAttendTellConfig) -> None:
        super().__init__(config)
        settings = dict(config.encoder)
        settings.pop("model_type", None)
        resnet = transformers.ResNetConfig(**settings)
        self.encoder = transformers.ResNetModel(resnet)
        self.decoder = _Decoder(config.decoder, resnet.hidden_sizes[-1])

    def _init_weights(self, module: nn.Module) -> None:
        """As PyTorch's own."""

    def _supports_default_dynamic_cache(self) -> bool:
        return False

    def get_encoder(self) -> nn.Module:
        return _Encoder(self.encoder)

    def prepare_inputs_for_generation(
        self, input_ids: Any, encoder_outputs: Any = None, **_: Any
    ) -> dict[str, Any]:
        return {"decoder_input_ids": input_ids, "encoder_outputs": encoder_outputs}

    def forward(
        self,
        pixel_values: Any = None,
        decoder_input_ids: Any = None,
        encoder_outputs: Any = None,
        labels: Any = None,
        **_: Any,
    ) -> Seq2SeqLMOutput:
        if labels is not None:
            first = torch.full_like(labels[:, :1], self.config.decoder_start_token_id)
            decoder_input_ids = torch.cat([first, labels[:, :-1].clamp(min=0)], 1)
        pixels = (
            encoder_outputs if encoder_outputs is not None else self.get_encoder()(pixel_values)
        )
        logits, looked = self.decoder(pixels.last_hidden_state, decoder_input_ids)
        return Seq2SeqLMOutput(logits=logits, cross_attentions=looked)


class WordList:
    """Words with spaces between them; a file ``vocab.json``.

    Args:
        words: by id.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._words = list(words)

    @classmethod
    def from_pretrained(cls, directory: Path, **_: Any) -> WordList:
        """Read the file."""
        import json

        content = json.loads((directory / "vocab.json").read_text("utf-8"))
        return cls(sorted(content, key=content.__getitem__))

    def save_pretrained(self, directory: Path) -> None:
        """Write the file."""
        import json

        content = {word: number for number, word in enumerate(self._words)}
        (directory / "vocab.json").write_text(json.dumps(content, indent=1), encoding="utf-8")

    def __len__(self) -> int:
        return len(self._words)

    def encode(self, text: str, **_: Any) -> list[int]:
        """The ids of a text's words."""
        return [self._words.index(word) for word in text.split()]

    def convert_ids_to_tokens(self, ids: Sequence[int]) -> list[str]:
        """The words of ids."""
        return [self._words[number] for number in ids]
