"""Where models are: directories of the user's, and those that come with the package."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from s2scli.errors import UnavailableError, UsageError
from s2scli.models.manifest import Manifest
from s2scli.models.registry import load_registry

__all__ = ["DEFAULT_MODEL", "bundled_directory", "find_model", "known_aliases"]

DEFAULT_MODEL = "en-de"


def bundled_directory(alias: str) -> Path:
    """Where the package keeps a model that comes with it."""
    return Path(__file__).parents[1] / "bundled" / alias


def known_aliases() -> list[str]:
    """The aliases of all models that can be used at once."""
    return [alias for alias, entry in load_registry().items() if entry.bundled]


def find_model(
    name: str | None, source_language: str | None = None, target_language: str | None = None
) -> Path:
    """The directory of the model that a user asks for.

    Args:
        name: an alias or a directory; None for whatever speaks the languages.
        source_language: the language to read, if given.
        target_language: the language to write, if given.

    Raises:
        UnavailableError: there is no such model.
        UsageError: the model does not speak the languages.
    """
    directory = _by_name(name) if name else _by_languages(source_language, target_language)
    if source_language or target_language:
        _check_languages(Manifest.load(directory), source_language, target_language)
    return directory


def _by_name(name: str) -> Path:
    directory = Path(name)
    if directory.is_dir() or directory.is_absolute() or len(directory.parts) > 1:
        return directory
    bundled = bundled_directory(name)
    if bundled.is_dir():
        return bundled
    aliases = known_aliases()
    near = get_close_matches(name, aliases, n=1) or aliases[:1]
    raise UnavailableError(
        f"There is no model {name!r}, neither a directory nor an alias",
        f"Did you mean {near[0]}? Or convert a checkpoint: s2s convert DIR -o {name}.",
    )


def _by_languages(source: str | None, target: str | None) -> Path:
    if not source and not target:
        return bundled_directory(DEFAULT_MODEL)
    for alias, entry in load_registry().items():
        reads = not source or source in entry.source_languages
        writes = not target or target in entry.target_languages
        if entry.bundled and reads and writes:
            return bundled_directory(alias)
    pair = f"from {source or 'any language'} to {target or 'any language'}"
    raise UnavailableError(
        f"No model at hand translates {pair}",
        "Convert a checkpoint that does (s2s convert DIR -o OUT) and name it with -m OUT.",
    )


def _check_languages(manifest: Manifest, source: str | None, target: str | None) -> None:
    writes = {*manifest.target_languages, *manifest.tokenizer.target_tokens}
    for language, known, verb in (
        (source, set(manifest.source_languages), "read"),
        (target, writes, "write"),
    ):
        if language and known and language not in known:
            raise UsageError(
                f"The model {manifest.name} does not {verb} {language!r}",
                f"It {verb}s: {', '.join(sorted(known))}.",
            )
