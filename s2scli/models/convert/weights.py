"""The weights of a checkpoint: one file or several shards, in either of the two formats."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from s2scli.errors import InvalidModelError
from s2scli.models.convert.finite import finite
from s2scli.models.convert.pytorch import read_pytorch
from s2scli.models.convert.safetensors import read_safetensors
from s2scli.models.convert.standins import no_weights, refuse_pointer, refuse_quantized_tensors
from s2scli.models.convert.tensor import Tensor
from s2scli.models.paths import contained

__all__ = ["Weights", "has_weights", "open_weights"]

MAX_INDEX_BYTES = 64 << 20
# Last parts of names that are not weights: a format's version, a table's type, the numbers of its
# rows. Modules of older versions of PyTorch, fairseq and transformers stored them.
BUFFERS = frozenset({"version", "_float_tensor", "position_ids"})
FLOATS = ("F32", "F16", "BF16", "F64")
# What programs of training put before all names: DataParallel, torch.compile, FSDP; and the name of
# a module that holds the model, with a part that is right below a model.
WRAPPERS = ("module.", "_orig_mod.", "_fsdp_wrapped_module.", "_forward_module.")
HOLDER = "model."
HELD = re.compile(r"model\.(?:model\.|(?:encoder|decoder)\.block\.)")
# In order of preference.
READERS: dict[str, Callable[[Path], dict[str, Tensor]]] = {
    "model.safetensors": read_safetensors,
    "pytorch_model.bin": read_pytorch,
}


class Weights:
    """All tensors of a checkpoint by name; remembers which were taken.

    Args:
        tensors: the tensors.
        files: the files that they come from.
    """

    def __init__(self, tensors: Mapping[str, Tensor], files: tuple[Path, ...]) -> None:
        self.files = files
        self._tensors = {name: finite(name, tensor) for name, tensor in tensors.items()}
        self._taken: set[str] = set()
        self._passed: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    @property
    def parameters(self) -> int:
        """The number of parameters taken; each tensor counts once."""
        return sum(math.prod(self._tensors[name].shape) for name in self._taken)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an existing tensor."""
        return self._tensors[name].shape

    def take(self, name: str, *shape: int) -> Tensor:
        """The tensor ``name`` for the model, which must have this shape; it is not read yet.

        Raises:
            InvalidModelError: it is missing or has another shape.
        """
        tensor = self.look(name, *shape)
        self._taken.add(name)
        return tensor

    def look(self, name: str, *shape: int) -> Tensor:
        """The tensor ``name`` as ``take`` returns it, but the model does not get it.

        Raises:
            InvalidModelError: it is missing or has another shape.
        """
        tensor = self._tensors.get(name)
        if tensor is None:
            raise InvalidModelError(f"The checkpoint has no tensor {name}", self._longer(name))
        if tensor.shape != shape:
            raise InvalidModelError(
                f"The tensor {name} has shape {list(tensor.shape)}, "
                f"but the configuration asks for {list(shape)}"
            )
        if tensor.dtype not in FLOATS:
            raise InvalidModelError(
                f"The tensor {name} holds {tensor.dtype}, not floating-point numbers",
                "Convert a checkpoint that is not quantized.",
            )
        return tensor

    def _longer(self, name: str) -> str:
        """Advice where a tensor has more before its name."""
        found = next((each for each in self._tensors if each.endswith(f".{name}")), "")
        before = found.removesuffix(name)
        return (
            f"It has {found}: what saved it put {before} before the names. Take it off with a few "
            "lines of Python, or save the model with its own save_pretrained."
            if found
            else ""
        )

    def pass_over(self, names: Iterable[str]) -> None:
        """Skip tensors that a family knows but does not need."""
        self._passed.update(names)

    def left(self) -> list[str]:
        """The names of weights that were neither taken nor skipped, in order."""
        left = self._tensors.keys() - self._taken - self._passed
        return sorted(name for name in left if name.rpartition(".")[2] not in BUFFERS)

    def within(self, root: str, parts: tuple[str, ...]) -> Weights:
        """The same weights with ``root`` before the names, as saves of the base class lack it.

        Args:
            root: such as ``model.``.
            parts: what names begin with if the root is left out.
        """
        if any(name.startswith(root) for name in self._tensors):
            return self
        return self.renamed(lambda name: f"{root}{name}" if name.startswith(parts) else name)

    def renamed(self, new_name: Callable[[str], str]) -> Weights:
        """The same weights by other names, none of them taken yet."""
        return Weights({new_name(name): t for name, t in self._tensors.items()}, self.files)


def has_weights(directory: Path) -> bool:
    """Whether a checkpoint directory has weights, whole or in shards."""
    names = (name for each in READERS for name in (each, f"{each}.index.json"))
    return any((directory / name).is_file() for name in names)


def open_weights(directory: Path) -> Weights:
    """Open the weights of a checkpoint directory.

    Raises:
        InvalidModelError: there are none, or a file is damaged or unsafe.
    """
    for name, reader in READERS.items():
        if (whole := contained(directory, name)).is_file():
            return _merge([whole], reader)
        if (index := contained(directory, f"{name}.index.json")).is_file():
            return _merge(list(_shards(index)), reader)
    raise no_weights(directory)


def _merge(files: list[Path], reader: Callable[[Path], dict[str, Tensor]]) -> Weights:
    tensors: dict[str, Tensor] = {}
    for file in files:
        refuse_pointer(file)
        found = reader(file)
        refuse_quantized_tensors(str(file), found)
        if twice := tensors.keys() & found.keys():
            raise InvalidModelError(f"{file} repeats the tensor {min(twice)} of another shard")
        tensors |= found
    return Weights(_unwrapped(tensors), tuple(files))


def _unwrapped(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """Tensors by their names without what a program of training put before all of them."""
    while tensors:
        before = next((b for b in WRAPPERS if all(name.startswith(b) for name in tensors)), "")
        if not before and any(map(HELD.match, tensors)):
            before = HOLDER if all(name.startswith(HOLDER) for name in tensors) else ""
        if not before:
            break
        tensors = {name.removeprefix(before): tensor for name, tensor in tensors.items()}
    return tensors


def _shards(index: Path) -> Iterator[Path]:
    refuse_pointer(index)
    try:
        if index.stat().st_size > MAX_INDEX_BYTES:
            raise ValueError("it is too large")
        names = sorted(set(json.loads(index.read_bytes())["weight_map"].values()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidModelError(f"{index} is not an index of shards") from error
    for name in names:
        path = contained(index.parent, str(name))
        if not path.is_file():
            raise InvalidModelError(
                f"{index} names the shard {name!r}, which is not in the same folder"
            )
        yield path
