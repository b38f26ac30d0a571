"""The training of the small checkpoints that the tests read."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch

__all__ = ["train_steps"]

REPORT_EVERY = 250  # steps


def train_steps(
    model: Any, loss_of: Callable[[], torch.Tensor], steps: int, rate: float, **adam: Any
) -> Any:
    """A model after some steps of AdamW, with one cycle of the learning rate.

    Args:
        model: a module of PyTorch.
        loss_of: the loss of the next batch.
        steps: number of steps.
        rate: the highest learning rate.
        adam: further arguments of AdamW.
    """
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), rate, **adam)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps, pct_start=0.1)
    start, total = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        loss = loss_of()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()
        total += float(loss.detach())
        if step % REPORT_EVERY == 0:
            seconds = time.monotonic() - start
            print(f"step {step} loss {total / REPORT_EVERY:.3f} {seconds:.0f} s", flush=True)
            total = 0.0
    return model.eval()
