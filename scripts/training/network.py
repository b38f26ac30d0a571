"""The network to train, its loss and its optimizer, made fast for a CPU."""

from __future__ import annotations

import argparse
from typing import Any

import torch
from torch import Tensor
from transformers import MarianConfig, MarianMTModel

from training.data import EOS, Example, Vocabulary, pad

__all__ = ["DropoutPool", "Optimizer", "batch_loss", "learning_rate", "new_model"]

LABEL_SMOOTHING = 0.1
DROPOUT = 0.1
WARM_UP_STEPS = 400
PEAK_RATE = 2e-3
EMA_EVERY, EMA_SHARE = 20, 0.05


def new_model(vocabulary: Vocabulary, options: argparse.Namespace) -> MarianMTModel:
    """By default 9M parameters: a deep encoder, which is fast, and a shallow decoder."""
    size = vocabulary.pad + 1
    config = MarianConfig(
        vocab_size=size,
        decoder_vocab_size=size,
        d_model=options.width,
        encoder_layers=options.encoder_layers,
        decoder_layers=options.decoder_layers,
        encoder_attention_heads=options.width // 32,
        decoder_attention_heads=options.width // 32,
        encoder_ffn_dim=4 * options.width,
        decoder_ffn_dim=4 * options.width,
        activation_function="swish",
        dropout=DROPOUT,
        max_position_embeddings=512,
        scale_embedding=True,
        static_position_embeddings=True,
        share_encoder_decoder_embeddings=True,
        pad_token_id=vocabulary.pad,
        eos_token_id=EOS,
        forced_eos_token_id=EOS,
        decoder_start_token_id=vocabulary.pad,
        use_cache=False,
    )
    model = MarianMTModel._from_config(config, attn_implementation="eager")
    assert not model.model.shared.weight[vocabulary.pad].any(), "decoding starts from zero"
    return model


class OutputLoss(torch.autograd.Function):  # type: ignore[misc]
    """Label-smoothed cross-entropy of the tied output layer, a few hundred tokens at a time.

    The table of all logits (tokens × vocabulary) would not fit the cache and took half of a
    step; so the gradients are made along with the loss, chunk by chunk.
    """

    CHUNK = 512

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, table: Tensor, labels: Tensor) -> Tensor:
        """The summed loss of (tokens, width) states, a (vocabulary, width) table, (tokens,)."""
        # The smoothed part of a label is the same for every word: it needs no table of its own.
        smooth = LABEL_SMOOTHING * table.float().mean(0)
        states_grad, table_grad = torch.empty_like(hidden), torch.zeros_like(table).float()
        loss = -(hidden.float() @ smooth).sum()
        for start in range(0, len(hidden), OutputLoss.CHUNK):
            rows = slice(start, start + OutputLoss.CHUNK)
            logits = (hidden[rows] @ table.T).float()
            label = labels[rows, None]
            right, largest = logits.gather(1, label), logits.max(1, keepdim=True).values
            total = logits.sub_(largest).exp_().sum(1, keepdim=True)
            loss += (largest + total.log() - (1 - LABEL_SMOOTHING) * right).sum()
            grad = torch.empty_like(logits, dtype=hidden.dtype)
            torch.mul(logits, 1 / total, out=grad)
            grad.scatter_add_(
                1, label, torch.full_like(label, LABEL_SMOOTHING - 1, dtype=grad.dtype)
            )
            states_grad[rows] = grad @ table - smooth.to(grad.dtype)
            table_grad += grad.T @ hidden[rows]
        table_grad -= LABEL_SMOOTHING / len(table) * hidden.float().sum(0)
        ctx.save_for_backward(states_grad, table_grad.to(table.dtype))
        return loss

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        """The gradients that ``forward`` made; the loss's own is a scale."""
        states_grad, table_grad = ctx.saved_tensors
        scale = grads[0].to(states_grad.device, states_grad.dtype)
        return states_grad * scale, table_grad * scale, None


class DropoutPool:
    """Dropout masks cut from one pool of random numbers: making new ones took 10% of a step."""

    def __init__(self, size: int, device: torch.device) -> None:
        keep = torch.rand(size, device=device) >= DROPOUT
        self.masks = (keep.float() / (1 - DROPOUT)).to(torch.bfloat16)

    def __call__(self, states: Tensor, p: float, training: bool = True) -> Tensor:
        """In the place of ``torch.nn.functional.dropout``."""
        if not training or p == 0:
            return states
        start = int(torch.randint(len(self.masks) - states.numel(), ()))
        return states * self.masks[start : start + states.numel()].view_as(states)


def batch_loss(model: MarianMTModel, batch: list[Example], filler: int) -> tuple[Tensor, int]:
    """The summed loss of a batch and its number of target tokens."""
    device = model.device
    source = pad([source for source, _ in batch], filler).to(device)
    target = pad([target for _, target in batch], filler).to(device)
    started = torch.cat([torch.full_like(target[:, :1], filler), target[:, :-1]], dim=1)
    states = model.model(
        input_ids=source, attention_mask=source != filler, decoder_input_ids=started
    ).last_hidden_state
    real = target != filler
    table = model.model.shared.weight[:filler]  # <pad> is never generated
    return OutputLoss.apply(states[real], table, target[real]), int(real.sum())


class Optimizer:
    """Muon for matrices, AdamW for the rest, on float32 copies of bfloat16 weights.

    Muon: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon, with the update's size
    matched to AdamW's (Liu et al. 2025, https://arxiv.org/abs/2502.16982).
    """

    def __init__(self, model: MarianMTModel) -> None:
        named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
        self.weights = [parameter for _, parameter in named]
        self.masters = [parameter.detach().float().clone() for parameter in self.weights]
        self.average = [master.clone() for master in self.masters]
        matrix = [p.ndim == 2 and "layers" in n for n, p in named]
        split = list(zip(self.masters, matrix, strict=True))
        self.parts = [
            torch.optim.Muon(
                [master for master, is_matrix in split if is_matrix],
                weight_decay=0.01,
                adjust_lr_fn="match_rms_adamw",
            ),
            torch.optim.AdamW(
                [master for master, is_matrix in split if not is_matrix],
                betas=(0.9, 0.98),
                weight_decay=0.0,
            ),
        ]

    def step(self, number: int, rate: float, tokens: int) -> None:
        """Apply the gradients of a summed loss over so many tokens."""
        for weight, master in zip(self.weights, self.masters, strict=True):
            master.grad = weight.grad.float() / tokens if weight.grad is not None else None
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(self.masters, 1.0)
        for part in self.parts:
            for settings in part.param_groups:
                settings["lr"] = rate
            part.step()
        with torch.no_grad():
            for weight, master in zip(self.weights, self.masters, strict=True):
                weight.copy_(master)
            if number % EMA_EVERY == 0:
                share = max(EMA_SHARE, 1 / (1 + number / EMA_EVERY))
                for average, master in zip(self.average, self.masters, strict=True):
                    average.lerp_(master, share)

    def state(self) -> dict[str, Any]:
        """All that a later run needs."""
        parts = [part.state_dict() for part in self.parts]
        return {"masters": self.masters, "average": self.average, "parts": parts}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        with torch.no_grad():
            for name in ("masters", "average"):
                for ours, theirs in zip(getattr(self, name), state[name], strict=True):
                    ours.copy_(theirs)
            for weight, master in zip(self.weights, self.masters, strict=True):
                weight.copy_(master)
        for part, saved in zip(self.parts, state["parts"], strict=True):
            part.load_state_dict(saved)

    def load_average(self) -> None:
        """Put the averaged weights into the model."""
        with torch.no_grad():
            for weight, average in zip(self.weights, self.average, strict=True):
                weight.copy_(average)


def learning_rate(step: int, steps: int, decay_steps: int) -> float:
    """Warm-up, a constant, and a straight line to zero."""
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    return PEAK_RATE * warm * min(1.0, max(0.0, (steps - step) / decay_steps))
