"""The network to train: Marian's transformer (layer norm after each sublayer), made to be compiled.

`transformers` (``modeling_marian.py``) is the reference for what it computes; a test compares the
two. Queries, keys and values are one matrix here, and padding's row is not in the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["Masks", "Network", "OutputLoss", "Shape", "batch_loss"]

LABEL_SMOOTHING = 0.1
DROPOUT = 0.1
LONGEST = 512
NEVER = -1e4  # added to the scores of what may not be looked at
HEAD = 32
CHUNKS = {"cpu": 256, "cuda": 8192}  # tokens whose logits are made at once


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of a network; the vocabulary is without padding."""

    vocabulary: int
    width: int = 256
    feed_forward: int = 1024
    encoder_layers: int = 6
    decoder_layers: int = 2

    @property
    def heads(self) -> int:
        """Of each attention; a head is 32 wide."""
        return self.width // HEAD


class Masks:
    """Dropout masks cut from one pool of random numbers: making new ones took 10% of a step."""

    ALIGNED = 64

    def __init__(self, seed: int, device: torch.device, size: int = 1 << 24) -> None:
        generator = torch.Generator().manual_seed(seed)
        keep = torch.rand(size, generator=generator) >= DROPOUT
        self.pool = (keep.float() / (1 - DROPOUT)).to(torch.bfloat16).to(device)
        self.starts = torch.Generator()

    def seed(self, step: int) -> None:
        """Masks depend on the step alone: a run that was stopped resumes with the same."""
        self.starts.manual_seed(step)

    def take(self, count: int, like: tuple[int, int, int]) -> list[Tensor]:
        """So many masks of a shape."""
        size = math.prod(like)
        room = (len(self.pool) - size) // self.ALIGNED
        starts = torch.randint(room, (count,), generator=self.starts).tolist()
        return [self.pool[s * self.ALIGNED : s * self.ALIGNED + size].view(like) for s in starts]


def _weight(rows: int, columns: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(rows, columns) * 0.02)


class Attention(nn.Module):  # type: ignore[misc]
    """Multi-head attention; ``inputs`` holds the projections that are made of the same states."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width, self.heads = width, width // HEAD
        self.inputs, self.inputs_bias = (
            _weight(3 * width, width),
            nn.Parameter(torch.zeros(3 * width)),
        )
        self.output, self.output_bias = _weight(width, width), nn.Parameter(torch.zeros(width))
        self.scale, self.shift = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(
        self, states: Tensor, memory: Tensor | None, mask: Tensor, drop: Tensor | None
    ) -> Tensor:
        """Of states to themselves, or to a memory (encoder's states)."""
        width = self.width
        if memory is None:
            q, k, v = F.linear(states, self.inputs, self.inputs_bias).split(width, -1)
        else:
            q = F.linear(states, self.inputs[:width], self.inputs_bias[:width])
            kv = F.linear(memory, self.inputs[width:], self.inputs_bias[width:])
            k, v = kv.split(width, -1)
        q, k, v = (x.unflatten(-1, (self.heads, HEAD)).transpose(1, 2) for x in (q, k, v))
        scores = (q @ k.transpose(2, 3)) * (1 / math.sqrt(HEAD)) + mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).flatten(2)
        added = F.linear(mixed, self.output, self.output_bias)
        added = added if drop is None else added * drop
        return F.layer_norm(states + added, (width,), self.scale, self.shift)


class FeedForward(nn.Module):  # type: ignore[misc]
    """Two matrices with swish between them."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.width = width
        self.first, self.first_bias = _weight(inner, width), nn.Parameter(torch.zeros(inner))
        self.second, self.second_bias = _weight(width, inner), nn.Parameter(torch.zeros(width))
        self.scale, self.shift = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, states: Tensor, drop: Tensor | None) -> Tensor:
        """(rows, length, width) to the same."""
        inner = F.silu(F.linear(states, self.first, self.first_bias))
        added = F.linear(inner, self.second, self.second_bias)
        added = added if drop is None else added * drop
        return F.layer_norm(states + added, (self.width,), self.scale, self.shift)


class Network(nn.Module):  # type: ignore[misc]
    """Encoder and decoder with one table of words for source, target and output."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        width, inner = shape.width, shape.feed_forward
        self.words = _weight(shape.vocabulary, width)
        layers = range(shape.encoder_layers), range(shape.decoder_layers)
        self.encoder = nn.ModuleList([Attention(width) for _ in layers[0]])
        self.encoder_inner = nn.ModuleList([FeedForward(width, inner) for _ in layers[0]])
        self.decoder = nn.ModuleList([Attention(width) for _ in layers[1]])
        self.decoder_memory = nn.ModuleList([Attention(width) for _ in layers[1]])
        self.decoder_inner = nn.ModuleList([FeedForward(width, inner) for _ in layers[1]])
        self.register_buffer("positions", sinusoids(LONGEST, width), persistent=False)

    def masks(self) -> tuple[int, int]:
        """How many dropout masks encoder and decoder take."""
        return 1 + 2 * len(self.encoder), 1 + 3 * len(self.decoder)

    def embed(self, ids: Tensor, real: Tensor) -> Tensor:
        """Scaled rows of the table with positions; padding and the start are rows of zeros."""
        rows = F.embedding(ids, self.words) * (
            math.sqrt(self.shape.width) * real.to(self.words.dtype)
        )
        return rows + self.positions[: ids.shape[1]]

    def forward(
        self,
        source: Tensor,
        source_real: Tensor,
        target: Tensor,
        target_real: Tensor,
        drops: tuple[list[Tensor], list[Tensor]] | None,
    ) -> Tensor:
        """The decoder's last states, (rows, target length, width).

        Args:
            source: ids, (rows, source length); any id where ``source_real`` is 0.
            source_real: 1 for a token and 0 for padding, (rows, source length, 1).
            target: the ids that stand before those to be predicted.
            target_real: 0 for the start and for padding.
            drops: dropout masks of encoder and decoder; none in evaluation.
        """
        dtype = self.words.dtype
        visible = ((1 - source_real.to(dtype)) * NEVER)[:, None, None, :, 0]
        length = target.shape[1]
        causal = torch.full((length, length), NEVER, dtype=dtype, device=target.device).triu(1)
        encoder, decoder = drops or (None, None)
        states = self.embed(source, source_real)
        states = states if encoder is None else states * encoder[0]
        for i, (attention, inner) in enumerate(zip(self.encoder, self.encoder_inner, strict=True)):
            states = attention(states, None, visible, encoder and encoder[2 * i + 1])
            states = inner(states, encoder and encoder[2 * i + 2])
        memory, states = states, self.embed(target, target_real)
        states = states if decoder is None else states * decoder[0]
        for i, layer in enumerate(
            zip(self.decoder, self.decoder_memory, self.decoder_inner, strict=True)
        ):
            states = layer[0](states, None, causal, decoder and decoder[3 * i + 1])
            states = layer[1](states, memory, visible, decoder and decoder[3 * i + 2])
            states = layer[2](states, decoder and decoder[3 * i + 3])
        return states


def sinusoids(length: int, width: int) -> Tensor:
    """Marian's positions: all sines, then all cosines."""
    rates = 10_000 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1).float()


def _softmax_gradient(
    hidden: Tensor, table: Tensor, labels: Tensor, used: Tensor, gradient: Tensor
) -> Tensor:
    """The summed loss of a chunk, and by ``gradient`` that of its logits, (tokens, vocabulary).

    Smoothing's even part is left out of both; rows that are not ``used`` count for nothing.
    """
    logits = (hidden @ table.T).float()
    largest = logits.max(1, keepdim=True).values
    powers = (logits - largest).exp()
    total = powers.sum(1, keepdim=True)
    right = logits.gather(1, labels[:, None])
    here = torch.arange(table.shape[0], device=labels.device) == labels[:, None]
    weight = used[:, None].float()
    gradient.copy_(weight * (powers / total - (1 - LABEL_SMOOTHING) * here))
    return (weight * (largest + total.log() - (1 - LABEL_SMOOTHING) * right)).sum()


def _filled(rows: Tensor, chunk: int) -> Tensor:
    missing = -len(rows) % chunk
    return torch.cat([rows, rows.new_zeros(missing, *rows.shape[1:])])


class OutputLoss(torch.autograd.Function):  # type: ignore[misc]
    """Label-smoothed cross-entropy of the tied output layer, some hundred tokens at a time.

    The table of all logits in float32 (tokens × vocabulary) would not fit the cache and took half
    of a step; so the gradients are made along with the loss, chunk by chunk.
    """

    gradient = staticmethod(_softmax_gradient)

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, table: Tensor, labels: Tensor) -> Tensor:
        """The summed loss of (tokens, width) states, a (vocabulary, width) table, (tokens,)."""
        # The smoothed part of a label is the same for every word: it needs no table of its own.
        smooth = LABEL_SMOOTHING * table.float().mean(0)
        loss = -(hidden.float() @ smooth).sum()
        real, share = len(hidden), LABEL_SMOOTHING / len(table) * hidden.float().sum(0)
        # Whole chunks alone: matrix products are prepared for each new shape.
        chunk = CHUNKS[hidden.device.type]
        hidden, labels = _filled(hidden, chunk), _filled(labels, chunk)
        gradients = torch.empty(len(hidden), len(table), dtype=hidden.dtype, device=hidden.device)
        for start in range(0, len(hidden), chunk):
            rows = slice(start, start + chunk)
            used = torch.arange(start, start + chunk, device=hidden.device) < real
            lost = OutputLoss.gradient(hidden[rows], table, labels[rows], used, gradients[rows])
            loss += lost
        states_grad = gradients @ table - smooth.to(hidden.dtype)
        table_grad = (hidden.T @ gradients).T - share.to(hidden.dtype)
        ctx.save_for_backward(states_grad[:real], table_grad)
        return loss

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Any:
        """The gradients that ``forward`` made; the loss's own is a scale."""
        states_grad, table_grad = ctx.saved_tensors
        scale = grads[0].to(states_grad.dtype)
        return states_grad * scale, table_grad * scale, None


def batch_loss(
    network: nn.Module,
    source: Tensor,
    target: Tensor,
    filler: int,
    masks: Masks | None,
    run: Any = None,
) -> tuple[Tensor, int]:
    """The summed loss of a batch and its number of target tokens.

    Args:
        network: a `Network`.
        source: (rows, length), padded with ``filler``.
        target: likewise.
        filler: the id of padding, one past the table.
        masks: where dropout masks come from; none in evaluation.
        run: the network's compiled form.
    """
    assert isinstance(network, Network)
    real = target != filler
    before = torch.cat([torch.full_like(target[:, :1], filler), target[:, :-1]], 1)
    source_real, before_real = (source != filler)[:, :, None], (before != filler)[:, :, None]
    drops = None
    if masks is not None:
        width = network.shape.width
        counts = network.masks()
        drops = (
            masks.take(counts[0], (*source.shape, width)),
            masks.take(counts[1], (*target.shape, width)),
        )
    clipped = source.clamp(max=filler - 1), before.clamp(max=filler - 1)
    run = network if run is None else run  # a compiled module has no truth value
    states = run(clipped[0], source_real, clipped[1], before_real, drops)
    return OutputLoss.apply(states[real], network.words, target[real]), int(real.sum())


def named_parts(network: Network) -> Iterator[tuple[str, nn.Parameter, slice]]:
    """The network's weights by their names in a Marian checkpoint: a parameter, and its rows."""
    width, everything = network.shape.width, slice(None)
    yield "model.shared.weight", network.words, everything
    sides: list[tuple[str, list[tuple[str, Any]]]] = []
    for i, attention in enumerate(network.encoder):
        parts = [("self_attn", attention), ("", network.encoder_inner[i])]
        sides.append((f"model.encoder.layers.{i}.", parts))
    for i, attention in enumerate(network.decoder):
        parts = [("self_attn", attention), ("encoder_attn", network.decoder_memory[i])]
        sides.append((f"model.decoder.layers.{i}.", [*parts, ("", network.decoder_inner[i])]))
    for prefix, parts in sides:
        for name, part in parts:
            norm = f"{name}_layer_norm" if name else "final_layer_norm"
            yield f"{prefix}{norm}.weight", part.scale, everything
            yield f"{prefix}{norm}.bias", part.shift, everything
            if name:
                for k, letter in enumerate("qkv"):
                    rows = slice(k * width, (k + 1) * width)
                    yield f"{prefix}{name}.{letter}_proj.weight", part.inputs, rows
                    yield f"{prefix}{name}.{letter}_proj.bias", part.inputs_bias, rows
                yield f"{prefix}{name}.out_proj.weight", part.output, everything
                yield f"{prefix}{name}.out_proj.bias", part.output_bias, everything
            else:
                yield f"{prefix}fc1.weight", part.first, everything
                yield f"{prefix}fc1.bias", part.first_bias, everything
                yield f"{prefix}fc2.weight", part.second, everything
                yield f"{prefix}fc2.bias", part.second_bias, everything
