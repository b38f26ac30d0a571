"""Write the weighted mean of checkpoints of one shape (Wortsman et al., "Model soups", 2022).

What several runs from the same beginning have learnt adds up this way, and what one of them has
lost comes back. All but the weights is taken from the first::

    python scripts/mean_checkpoint.py OUT FIRST 0.5 SECOND 0.5
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

WEIGHTS = "model.safetensors"


def mean(parts: list[tuple[Path, float]]) -> dict[str, torch.Tensor]:
    """The mean of all tensors, in the type of the first checkpoint.

    Raises:
        SystemExit: the shares do not add up to one, or the tensors differ in name or shape.
    """
    if abs(sum(share for _, share in parts) - 1) > 1e-9:
        raise SystemExit("The shares do not add up to one.")
    loaded = [(load_file(path / WEIGHTS), share) for path, share in parts]
    first = loaded[0][0]
    shapes = [{name: value.shape for name, value in tensors.items()} for tensors, _ in loaded]
    if any(other != shapes[0] for other in shapes):
        raise SystemExit("The checkpoints differ in their tensors.")
    return {
        name: sum((tensors[name].double() * share for tensors, share in loaded), torch.zeros(()))
        .to(value.dtype)
        .contiguous()
        for name, value in first.items()
    }


def main() -> None:
    """Write the mean."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path, help="directory to write; it must be new")
    parser.add_argument("parts", nargs="+", help="a checkpoint's directory, its share, and so on")
    options = parser.parse_args()
    if len(options.parts) % 2:
        parser.error("each checkpoint needs a share")
    pairs = zip(options.parts[::2], options.parts[1::2], strict=True)
    parts = [(Path(path), float(share)) for path, share in pairs]
    tensors = mean(parts)
    shutil.copytree(parts[0][0], options.out)
    save_file(tensors, options.out / WEIGHTS, metadata={"format": "pt"})


if __name__ == "__main__":
    main()
