"""OpenNMT-py's checkpoints (``.pt``), read as data: options, vocabularies, tensors.

Versions 2 and before keep vocabularies as objects of torchtext's, and 3 as lists. Both keep the
options of training as an ``argparse.Namespace``. Such objects are admitted by name, as inert data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.convert.pytorch import read_pickled
from s2scli.models.convert.safetensors import read_safetensors
from s2scli.models.convert.standins import refuse_pointer
from s2scli.models.convert.tensor import Tensor
from s2scli.models.convert.unpickle import Inert

__all__ = ["OpenNMTFile", "find_opennmt", "read_opennmt_file"]

SUFFIX = ".pt"
START = "<s>"
MAX_DEPTH = 6  # objects around a list of tokens
GENERATOR = "generator."
# What checkpoints name beside tensors.
ADMITTED = frozenset(
    {
        "argparse.Namespace",
        "collections.Counter",
        "collections.defaultdict",
        "functools.partial",
        "__builtin__.set",
        "builtins.set",
        "torch.bool",
        "torch.float32",
        "torch.int64",
        "torch.long",
        "torch.uint8",
        "torchtext.data.Field",
        "torchtext.data.RawField",
        "torchtext.data.field.Field",
        "torchtext.data.field.RawField",
        "torchtext.legacy.data.field.Field",
        "torchtext.legacy.data.field.RawField",
        "torchtext.legacy.vocab.Vocab",
        "torchtext.legacy.vocab._default_unk_index",
        "torchtext.vocab.Vocab",
        "torchtext.vocab._default_unk_index",
        "onmt.inputters.text_dataset.TextMultiField",
        "onmt.inputters.text_dataset._feature_tokenize",
        "onmt.inputters.inputter._feature_tokenize",
        "onmt.inputters.inputter.make_src",
        "onmt.inputters.inputter.make_tgt",
        "onmt.inputters.fields.make_src",
        "onmt.inputters.fields.make_tgt",
        "onmt.inputters.fields.AlignField",
        "onmt.inputters.inputter.AlignField",
        "configargparse.Namespace",
    }
)


@dataclass(frozen=True, slots=True)
class OpenNMTFile:
    """A checkpoint.

    Attributes:
        path: the file.
        weights: the file with the tensors, which is another one if training was told so.
        options: those of training.
        source: the source tokens by id.
        target: the target tokens by id.
        start: the token that decoding starts from.
        tensors: the tensors by name, those of the output with ``generator.`` before it.
    """

    path: Path
    weights: Path
    options: Mapping[str, Any]
    source: list[str]
    target: list[str]
    start: str
    tensors: Mapping[str, Tensor]


def find_opennmt(place: Path) -> Path | None:
    """The checkpoint that a file is, or a directory holds; None if it is something else.

    Raises:
        InvalidModelError: there are several.
    """
    if place.is_file():
        return place if place.suffix == SUFFIX else None
    if not place.is_dir() or (place / "config.json").exists():
        return None
    found = sorted(path for path in place.iterdir() if path.suffix == SUFFIX and path.is_file())
    if len(found) > 1:
        raise InvalidModelError(
            f"{place} holds {len(found)} checkpoints: {', '.join(path.name for path in found)}",
            f"Name one of them: s2s convert {found[-1]}.",
        )
    return found[0] if found else None


def read_opennmt_file(path: Path) -> OpenNMTFile:
    """Read a checkpoint; its tensors stay on disk.

    Raises:
        InvalidModelError: it is damaged, not a checkpoint of OpenNMT-py, or asks for code.
    """
    refuse_pointer(path)
    content = read_pickled(path, ADMITTED)
    if not isinstance(content, dict) or not {"opt", "vocab"} <= content.keys():
        raise InvalidModelError(
            f"{path} is not a checkpoint of OpenNMT-py: it has no options and vocabularies",
            "Of other models, give the directory with config.json.",
        )
    options = content["opt"]
    if isinstance(options, Inert):
        options = options.state
    vocab = content["vocab"]
    if isinstance(vocab, list) and all(isinstance(e, tuple) and len(e) == 2 for e in vocab):
        vocab = dict(vocab)
    if not isinstance(options, dict) or not isinstance(vocab, dict):
        raise InvalidModelError(f"{path} has options or vocabularies of an unknown form")
    if features := [str(name) for name in vocab if "feat" in str(name) and vocab[name]]:
        raise InvalidModelError(
            f"{path} has word features ({features[0]}), which s2s does not read"
        )
    weights, tensors = _tensors(path, content)
    start = vocab.get("decoder_start_token", START)
    return OpenNMTFile(
        path,
        weights,
        options,
        _tokens(path, vocab, "src"),
        _tokens(path, vocab, "tgt"),
        start if isinstance(start, str) else START,
        tensors,
    )


def _tensors(path: Path, content: Mapping[str, Any]) -> tuple[Path, dict[str, Tensor]]:
    if "model" in content:
        model, generator = content["model"], content.get("generator") or {}
        if not isinstance(model, dict) or not isinstance(generator, dict):
            raise InvalidModelError(f"{path} has tensors of an unknown form")
        named = {**model, **{f"{GENERATOR}{name}": each for name, each in generator.items()}}
        tensors = {name: each for name, each in named.items() if isinstance(each, Tensor)}
        if len(tensors) < len(named):
            raise InvalidModelError(f"{path} contains something other than named tensors")
        weights = path
    else:
        weights = path.with_suffix(".safetensors")
        if not weights.is_file():
            raise InvalidModelError(f"{path} has no tensors, and there is no {weights.name}")
        refuse_pointer(weights)
        tensors = dict(read_safetensors(weights))
    for old, new in (("0.weight", "weight"), ("0.bias", "bias")):  # before version 3
        if (tensor := tensors.pop(GENERATOR + old, None)) is not None:
            tensors[GENERATOR + new] = tensor
    return weights, tensors


def _tokens(path: Path, vocab: Mapping[Any, Any], side: str) -> list[str]:
    """The tokens of a side, out of whatever object is around them."""
    found = vocab.get(side)
    for _ in range(MAX_DEPTH):
        if isinstance(found, Inert) and isinstance(found.state, dict):
            state = found.state
            found = state.get("itos") or state.get("vocab") or state.get("fields")
        elif isinstance(found, list) and found and isinstance(found[0], tuple):
            if len(found) > 1:
                raise InvalidModelError(f"{path} has word features, which s2s does not read")
            found = found[0][-1]
    if not isinstance(found, list) or not all(isinstance(token, str) for token in found):
        raise InvalidModelError(f"{path} has no list of tokens of the {side} side")
    if len(set(found)) < len(found):
        raise InvalidModelError(f"{path} has a token twice on the {side} side")
    return found
