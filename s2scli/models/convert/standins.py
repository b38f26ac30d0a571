"""What people take for a checkpoint and is none: told by what it is, with what to do.

Models that were converted already, weights of other libraries, Git LFS pointers instead of files (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md),
adapters (https://huggingface.co/docs/peft) and weights that another tool has quantized.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from s2scli.errors import InvalidModelError
from s2scli.models.exported import WHOLE

__all__ = [
    "no_weights",
    "refuse_adapter",
    "refuse_converted",
    "refuse_dangling",
    "refuse_pointer",
    "refuse_quantized",
    "refuse_quantized_tensors",
]

POINTER = b"version https://git-lfs.github.com/spec/"
ADAPTER_FILES = frozenset({"adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"})
# ``quantization_config.quant_method`` → the tool's name.
QUANTIZERS = {
    "bitsandbytes": "bitsandbytes",
    "gptq": "GPTQ",
    "awq": "AWQ",
    "aqlm": "AQLM",
    "hqq": "HQQ",
    "quanto": "Quanto",
    "torchao": "torchao",
    "eetq": "EETQ",
    "compressed-tensors": "compressed-tensors",
}
# Last parts of tensor names → the tool that writes them.
QUANTIZED_NAMES = {
    "SCB": "bitsandbytes",
    "absmax": "bitsandbytes",
    "quant_map": "bitsandbytes",
    "qweight": "GPTQ or AWQ",
    "qzeros": "GPTQ or AWQ",
}
CONVERTED = "s2s.json"
CTRANSLATE2_FILES = ("shared_vocabulary", "source_vocabulary", "target_vocabulary")
GGUF = ".gguf"
# Extensions of weights of other libraries → the library, and what makes PyTorch's of them.
_FROM = "Save it again: in Python, AutoModelForSeq2SeqLM.from_pretrained(DIRECTORY, {}=True)"
LIBRARIES = {
    ".h5": ("TensorFlow", f"{_FROM.format('from_tf')}.save_pretrained(NEW)."),
    ".msgpack": ("Flax", f"{_FROM.format('from_flax')}.save_pretrained(NEW)."),
    ".ot": ("rust-bert", "Take the checkpoint that it was made from."),
}
ADAPTER_NAMES = ("lora_A", "lora_B", "lora_embedding_A", "ia3_l", "prompt_embeddings")


def refuse_pointer(path: Path) -> None:
    """Make sure that a file is not a Git LFS pointer.

    Raises:
        InvalidModelError: it is a pointer.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        if file.read(len(POINTER)) != POINTER:
            return
    raise InvalidModelError(
        f"{path} is a Git LFS pointer: the file itself was not fetched",
        f"Fetch it: git lfs install, then git -C {path.parent} lfs pull.",
    )


def refuse_dangling(directory: Path) -> None:
    """Make sure that no file of a checkpoint is a link to one that is not there.

    It would be taken for one that the checkpoint does not have, and its settings for the defaults.
    Weights of other libraries are not asked for.

    Raises:
        InvalidModelError: one is.
        OSError: the directory cannot be read.
    """
    for path in sorted(directory.iterdir()):
        if path.is_symlink() and path.suffix not in LIBRARIES and not path.exists():
            raise InvalidModelError(
                f"{path} is a link to a file that is not there ({path.readlink()})",
                "Download the checkpoint again, or remove the link if the file is not needed.",
            )


def refuse_converted(name: str, files: Collection[str]) -> None:
    """Make sure that a checkpoint is not a model that a tool made of one.

    Args:
        name: of the checkpoint.
        files: the names of its files, or its own if it is a file.

    Raises:
        InvalidModelError: it is one.
    """
    original = "Convert the checkpoint that it was made from."
    if CONVERTED in files:
        raise InvalidModelError(
            f"{name} is a model of s2s: it has been converted already",
            f"Use it with -m {name}, or convert its checkpoint.",
        )
    if "model.bin" in files and any(file.startswith(CTRANSLATE2_FILES) for file in files):
        raise InvalidModelError(
            f"{name} is a model of CTranslate2 that another tool converted", original
        )
    if any(file.endswith(GGUF) for file in files) and not any(
        file.endswith((".safetensors", ".bin")) for file in files
    ):
        raise InvalidModelError(
            f"{name} holds weights as GGUF, which llama.cpp and its kin read", original
        )


def no_weights(directory: Path) -> InvalidModelError:
    """What to say of a checkpoint without weights that can be read."""
    others = sorted(path.name for path in directory.iterdir() if path.suffix in LIBRARIES)
    graphs = sorted((*directory.glob("*.onnx"), *directory.glob("onnx/*.onnx")))
    if graphs and not others:
        return InvalidModelError(
            f"The checkpoint {directory} has ONNX files, but not those of a whole model "
            f"({graphs[0].name})",
            WHOLE,
        )
    if not others:
        return InvalidModelError(
            f"The checkpoint {directory} has no weights",
            "Expected model.safetensors or pytorch_model.bin, whole or in shards with an index.",
        )
    library, advice = LIBRARIES[Path(others[0]).suffix]
    return InvalidModelError(
        f"The checkpoint {directory} has weights of {library} alone ({others[0]})", advice
    )


def refuse_adapter(name: str, files: Iterable[str], base: object = None) -> None:
    """Make sure that a checkpoint is not an adapter.

    Args:
        name: of the checkpoint.
        files: the names of its files.
        base: the model that it adapts, if that is known.

    Raises:
        InvalidModelError: it is one.
    """
    if ADAPTER_FILES.intersection(files):
        raise _adapter(name, base)


def refuse_quantized(name: str, config: Mapping[str, Any]) -> None:
    """Make sure that ``config.json`` names no quantization of the weights.

    Raises:
        InvalidModelError: it does.
    """
    found = config.get("quantization_config")
    if not found:
        return
    settings = found if isinstance(found, dict) else {}
    method = str(settings.get("quant_method") or "")
    if not method and any(key.startswith(("load_in_", "bnb_")) for key in settings):
        method = "bitsandbytes"
    bits = next((f" ({n} bits)" for n in (4, 8) if settings.get(f"load_in_{n}bit")), "")
    raise _quantized(name, QUANTIZERS.get(method, method or "another tool") + bits)


def refuse_quantized_tensors(name: str, tensors: Iterable[str]) -> None:
    """Make sure that the names of tensors are those of plain weights.

    Raises:
        InvalidModelError: they are those of quantized weights or of an adapter.
    """
    for tensor in tensors:
        parts = tensor.split(".")
        if parts[-1] in QUANTIZED_NAMES:
            raise _quantized(name, QUANTIZED_NAMES[parts[-1]])
        if any(part in ADAPTER_NAMES for part in parts):
            raise _adapter(name)


def _adapter(name: str, base: object = None) -> InvalidModelError:
    model = base if isinstance(base, str) and base else "its base model"
    return InvalidModelError(
        f"{name} is an adapter (PEFT, such as LoRA) of {model}, not a whole model",
        "Merge the two first: in Python, load the adapter with peft.AutoPeftModelForSeq2SeqLM, "
        "save merge_and_unload() and the tokenizer to a directory, then convert that.",
    )


def _quantized(name: str, tool: str) -> InvalidModelError:
    return InvalidModelError(
        f"{name} holds weights that {tool} has quantized",
        "Take the checkpoint that it was made from, with float weights: s2s quantizes itself "
        "(--quantization).",
    )
