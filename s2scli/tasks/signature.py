"""The signature of a run: all that another person needs to get the same outputs, in one line.

It is to a run what sacrebleu's signature is to a score (Post 2018,
https://aclanthology.org/W18-6319).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from s2scli._version import __version__
from s2scli.data import Decoding
from s2scli.disk.hashes import short_digest
from s2scli.inference.engines import engine_versions, package_version
from s2scli.inference.model import Model

__all__ = ["plain_value", "run_signature"]

# Options that every signature has; the others only where they are not the default.
ALWAYS = ("beam_size", "length_penalty", "max_length")
# They say how much is shown of the outputs, not what these are.
SHOWN = ("n_best", "alignment", "detail")
SEGMENTER = "sentencex"


def run_signature(
    model: Model, task: str, decoding: Decoding, facts: Mapping[str, object] | None = None
) -> str:
    """The signature of a run, such as ``model:en-de|hash:…|type:int8|task:translate|beam-size:4``.

    Args:
        model: the model, ready for its job.
        task: what it does.
        decoding: how it decodes.
        facts: what else decides on outputs, such as the steps after decoding.
    """
    manifest, frame = model.manifest, model.frame
    versions = engine_versions(manifest.engine, model.engine.compute_type)
    found: dict[str, object] = {
        "model": manifest.name,
        "hash": manifest.fingerprint,
        "engine": "+".join(f"{k}-{v}" for k, v in versions.items()),
        "device": model.device,
        "type": model.engine.compute_type,
    }
    if model.engine.seven_bits:
        found["weights"] = "7-bit"
    found["task"] = task
    for name, language in zip(("from", "to"), model.languages, strict=True):
        if language:
            found[name] = language
    if frame.prompt.literals != ("", ""):
        found["prompt"] = short_digest(*frame.prompt.literals, *frame.prompt.slots)
    found |= dict(_search(decoding))
    if model.before:
        first, how = model.before
        found["via"] = f"{first.frame.target_language}-{first.manifest.name}"
        found["via-hash"] = first.manifest.fingerprint
        found["via-search"] = short_digest(repr((first.engine.compute_type, dict(_search(how)))))
    found |= facts or {}
    found |= {"segmenter": f"{SEGMENTER}-{package_version(SEGMENTER)}", "s2s": __version__}
    return "|".join(f"{name}:{plain_value(value)}" for name, value in found.items())


def _search(decoding: Decoding) -> Iterator[tuple[str, object]]:
    for entry in fields(Decoding):
        value: Any = getattr(decoding, entry.name)
        if entry.name in SHOWN or (value == entry.default and entry.name not in ALWAYS):
            continue
        if isinstance(value, tuple):
            value = short_digest(repr(value))
        elif isinstance(value, float):
            value = f"{value:g}"
        yield entry.name.replace("_", "-"), value


def plain_value(value: object) -> str:
    """A value without the characters that part those of a signature."""
    return "".join("_" if each in "|:" or each.isspace() else each for each in str(value))
