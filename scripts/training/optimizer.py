"""Muon for matrices and AdamW for the rest, on float32 masters of bfloat16 weights."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from training.network import Network, named_parts

__all__ = ["Optimizer", "learning_rate"]

AVERAGE_EVERY, AVERAGE_SHARE = 20, 0.05


class Optimizer:
    """Steps on masters, which are the weights as a Marian checkpoint names and splits them.

    Muon: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon, with the update's size
    matched to AdamW's (Liu et al. 2025, https://arxiv.org/abs/2502.16982). An exponential average
    of the masters is kept beside them; it is what is exported.
    """

    def __init__(self, network: Network) -> None:
        parts = list(named_parts(network))
        self.names = [name for name, _, _ in parts]
        self.parts = [(parameter, rows) for _, parameter, rows in parts]
        self.masters = [p.detach()[rows].float().clone() for p, rows in self.parts]
        self.average = [master.clone() for master in self.masters]
        matrix = [
            m.ndim == 2 and "layers" in n for n, m in zip(self.names, self.masters, strict=True)
        ]
        split = list(zip(self.masters, matrix, strict=True))
        self.optimizers: list[torch.optim.Optimizer] = [
            torch.optim.Muon(
                [master for master, is_matrix in split if is_matrix],
                weight_decay=0.01,
                adjust_lr_fn="match_rms_adamw",
            ),
            torch.optim.AdamW(
                [master for master, is_matrix in split if not is_matrix],
                betas=(0.9, 0.98),
                weight_decay=0.0,
                fused=True,
            ),
        ]

    def step(self, number: int, rate: float, tokens: int) -> None:
        """Apply the gradients of a summed loss over so many tokens."""
        for master, (weight, rows) in zip(self.masters, self.parts, strict=True):
            assert weight.grad is not None
            master.grad = weight.grad[rows].float().div_(tokens)
        for weight, _ in self.parts:
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(self.masters, 1.0)
        for optimizer in self.optimizers:
            for settings in optimizer.param_groups:
                settings["lr"] = rate
            optimizer.step()
        self.publish(self.masters)
        if number % AVERAGE_EVERY == 0:
            share = max(AVERAGE_SHARE, 1 / (1 + number / AVERAGE_EVERY))
            torch._foreach_lerp_(self.average, [m.detach() for m in self.masters], share)

    def publish(self, values: list[Tensor]) -> None:
        """Copy masters, or their average, to the network's weights."""
        for value, (weight, rows) in zip(values, self.parts, strict=True):
            weight.data[rows] = value.to(weight.dtype)

    def state(self) -> dict[str, Any]:
        """All that a later run needs."""
        inner = [optimizer.state_dict() for optimizer in self.optimizers]
        return {"masters": self.masters, "average": self.average, "optimizers": inner}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        for name in ("masters", "average"):
            for ours, theirs in zip(getattr(self, name), state[name], strict=True):
                ours.data.copy_(theirs)
        self.publish(self.masters)
        for optimizer, saved in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(saved)

    def start_from(self, tensors: dict[str, Tensor]) -> None:
        """Take weights by their names in a checkpoint; nothing is known of moments then.

        Raises:
            KeyError: a weight is not there.
        """
        for name, master, average in zip(self.names, self.masters, self.average, strict=True):
            master.data.copy_(tensors[name][: len(master)])
            average.copy_(master.data)
        self.publish(self.masters)


def learning_rate(step: int, steps: tuple[int, int, int], peak: float) -> float:
    """Warm-up, a constant, and a straight line to zero: steps of the first, all, of the last."""
    warm_up, all_steps, decay = steps
    warm = min(1.0, (step + 1) / warm_up)
    return peak * warm * min(1.0, max(0.0, (all_steps - step) / decay))
