"""Where models are: in the user's store, in the package, or in any directory that a user names.

The store is ``S2S_HOME``, else the user's data directory (``platformdirs``)::

    models/NAME@REVISION-QUANTIZATION/   one model each, complete or not there
    downloads/                           checkpoints on their way in
    locks/                               one file for each model that is being installed
    choices.json                         default models and accepted licenses
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from s2scli.errors import S2SError, UnavailableError, UsageError, write_error
from s2scli.languages.codes import find_language, match_language, nearest_languages, written_code
from s2scli.models.choices import default_model
from s2scli.models.manifest import Manifest
from s2scli.models.pages import repository
from s2scli.plugs import suggestion

if TYPE_CHECKING:
    from s2scli.models.registry import ModelEntry

__all__ = [
    "DEFAULT_MODEL",
    "Installed",
    "NotInstalledError",
    "Wish",
    "bundled_directory",
    "check_languages",
    "damaged_directories",
    "find_model",
    "home",
    "installed",
    "is_called",
    "known_aliases",
    "model_directory",
    "remove",
    "speaks",
]

DEFAULT_MODEL = "en-de"
SHORT_REVISION = 12
NAMED_PIVOTS = 4


class Installed(NamedTuple):
    """A model that can be loaded.

    Attributes:
        directory: where it is.
        manifest: what its ``s2s.json`` says.
        bundled: whether it comes with the package.
    """

    directory: Path
    manifest: Manifest
    bundled: bool = False

    @classmethod
    def at(cls, directory: Path) -> Installed:
        """The model in a directory, of the store or another.

        Raises:
            UnavailableError: there is no such directory.
            InvalidModelError: it holds no model of ours, or the manifest is damaged.
        """
        return cls(directory, Manifest.load(directory), directory.parent == bundled_directory(""))


class Wish(NamedTuple):
    """The model that a user asks for.

    Attributes:
        name: alias, hub id or directory; None for whichever does the job.
        task: what it must do.
        source_language: by any name or code, if given.
        target_language: the same.
        registry: a registry of the user's beside the usual ones.
        option: what stands before the name on the command line, for messages; "" if it is an
            argument.
    """

    name: str | None = None
    task: str = "translate"
    source_language: str | None = None
    target_language: str | None = None
    registry: Path | None = None
    option: str = "-m "


class NotInstalledError(UnavailableError):
    """A model that s2s knows but that is not installed.

    Attributes:
        name: what ``s2s models pull`` takes.
        entry: what the registry says of it, if it is there.
    """

    def __init__(
        self,
        message: str,
        name: str,
        entry: ModelEntry | None,
        option: str,
        otherwise: str = "",
    ) -> None:
        facts = f" ({entry.download:,.0f} MB, license {entry.licence})" if entry else ""
        super().__init__(
            message + facts,
            f"Download it with: s2s models pull {name} (without a network, do so elsewhere, copy "
            f"the directory that 's2s models path {name}' prints, and name "
            + (f"it with {option}DIRECTORY)" if option else "that directory)")
            + (f". {otherwise}" if otherwise else ""),
        )
        self.name = name
        self.entry = entry


def home() -> Path:
    """The store's directory, which need not exist."""
    if given := os.environ.get("S2S_HOME"):
        return Path(os.path.expanduser(given))
    from platformdirs import user_data_path

    return user_data_path("s2s")


def bundled_directory(alias: str) -> Path:
    """Where the package keeps a model that comes with it."""
    return Path(__file__).parents[1] / "bundled" / alias


def stored_as(quantization: str, onnx: str | None, *, long_inputs: bool) -> str:
    """How a model is stored, for ``model_directory``."""
    return onnx or f"{quantization}{'-long' if long_inputs else ''}"


def model_directory(name: str, revision: str, quantization: str) -> Path:
    """Where the store keeps a model."""
    plain = name.replace("/", "--")
    return home() / "models" / f"{plain}@{revision[:SHORT_REVISION] or 'local'}-{quantization}"


def installed() -> list[Installed]:
    """The installed models, those of the package last; damaged directories are passed over."""
    return [*_stored(), *_bundled()]


def _stored() -> Iterator[Installed]:
    for directory in _directories():
        yield from _readable(directory)


def _directories() -> list[Path]:
    """What stands in the store as a model; hidden names are work in progress."""
    root = home() / "models"
    found = sorted(root.iterdir()) if root.is_dir() else []
    return [path for path in found if not path.name.startswith(".")]


def _bundled() -> Iterator[Installed]:
    root = bundled_directory("")
    for directory in sorted(root.iterdir()) if root.is_dir() else []:
        yield from _readable(directory)


def _readable(directory: Path) -> Iterator[Installed]:
    try:
        yield Installed.at(directory)
    except S2SError:
        return


def damaged_directories() -> list[Path]:
    """The directories in the store without a readable manifest."""
    known = {model.directory for model in _stored()}
    return [path for path in _directories() if path not in known]


def known_aliases() -> list[str]:
    """The names of all models that can be used without a download."""
    return list(dict.fromkeys(model.manifest.name for model in installed()))


def find_model(wish: Wish) -> Installed:
    """Find the model that a user asks for; each manifest is read once at most.

    Raises:
        NotInstalledError: s2s knows such a model, but it is not installed.
        UnavailableError: the model is unknown.
        UsageError: the model does not do the task or does not speak the languages.
    """
    if wish.name is not None:
        found = _by_name(wish.name, wish)
        check_languages(found.manifest, wish.source_language, wish.target_language)
        return found
    return _by_job(wish)


def _by_name(name: str, wish: Wish) -> Installed:
    if not name:
        raise UsageError("The name of the model is empty")
    path = Path(os.path.expanduser(name))  # in a settings file and in Python no shell has done that
    if (path.is_dir() and _is_model(path)) or path.is_absolute() or name.startswith((".", "~")):
        return Installed.at(path)
    name = repository(name)[0]
    models = installed()
    matches = [model for model in models if is_called(model, name)]
    if matches:
        return max(matches, key=_age)
    if path.is_dir():
        return Installed.at(path)
    from s2scli.models.registry import load_registry

    entries = load_registry(wish.registry)
    entry = entries.get(name) or next((e for e in entries.values() if e.hub == name), None)
    if entry or name.count("/") == 1:
        raise NotInstalledError(f"The model {name} is not installed", name, entry, wish.option)
    if "," in name:
        raise UsageError(f"{name!r} names several models", "Two, one after the other, need --via.")
    known = [*(model.manifest.name for model in models), *entries]
    raise UnavailableError(
        f"There is no model {name!r}, neither a directory nor an alias",
        suggestion(name, known, "See what there is with: s2s models list."),
    )


def _is_model(path: Path) -> bool:
    return (path / "s2s.json").exists() or (path / "config.json").exists()


def is_called(model: Installed, name: str) -> bool:
    """Whether ``name`` means this model: its name, its hub id or page, its directory's name."""
    return repository(name)[0] in (
        model.manifest.name,
        model.manifest.checkpoint,
        model.directory.name,
    )


def _age(model: Installed) -> float:
    return model.directory.stat().st_mtime


def _by_job(wish: Wish) -> Installed:
    source, target = wish.source_language, wish.target_language
    if chosen := default_model(home(), wish.task, source, target):
        return _by_name(chosen, wish)
    if wish.task == "translate" and not source and not target:
        return Installed.at(bundled_directory(DEFAULT_MODEL))
    if fit := [model for model in installed() if speaks(model.manifest, wish)]:
        return max(fit, key=_merit)
    from s2scli.models.registry import load_registry

    entries = [e for e in load_registry(wish.registry).values() if _offers(e, wish)]
    pair = f" from {source or 'any language'} to {target or 'any language'}"
    what = f"No installed model can {wish.task}" + (pair if source or target else "")
    ways = _pivots(wish) if source and target else []
    through = f"{source}-{ways[0]} and {ways[0]}-{target} are installed" if ways else ""
    if entries:
        best = min(entries, key=_specialization)
        otherwise = f"Or add --via {ways[0]}: {through}." if ways else ""
        raise NotInstalledError(
            f"{what}, but {best.alias} does", best.alias, best, wish.option, otherwise
        )
    if ways:
        more = f" (or {', '.join(ways[1:NAMED_PIVOTS])})" if ways[1:] else ""
        raise UnavailableError(f"{what}, but {through}", f"Add --via {ways[0]}{more}.")
    raise UnavailableError(
        what, "Convert a checkpoint that does (s2s convert DIR -o OUT), and name it with -m OUT."
    )


def _pivots(wish: Wish) -> list[str]:
    """The languages between two others through which installed models can translate; English first,
    then those of the models with the fewest languages."""
    found: dict[str, int] = {}
    source, target = wish.source_language, wish.target_language
    models = [model.manifest for model in installed() if wish.task in model.manifest.tasks]
    for first in models:
        if not speaks(first, Wish(None, wish.task, source)):
            continue
        for second in models:
            if speaks(second, Wish(None, wish.task, None, target)):
                codes = {written_code(code) for code in second.source_languages}
                codes &= {written_code(code) for code in first.target_languages}
                for code in codes - {"", written_code(source or ""), written_code(target or "")}:
                    languages = len(first.target_languages) + len(second.source_languages)
                    found[code] = min(found.get(code, languages), languages)
    return sorted(found, key=lambda code: (code != "en", found[code], code))


def _merit(model: Installed) -> tuple[bool, int, float, str]:
    """What makes one of several models the better: few languages, then size."""
    manifest = model.manifest
    languages = len({*manifest.source_languages, *manifest.target_languages})
    return not model.bundled, -languages, manifest.parameters, model.directory.name


def _specialization(entry: ModelEntry) -> tuple[bool, int, int, float]:
    """What makes one of several known models the better: a free license, few tasks and languages,
    and being small."""
    languages = len({*entry.source_languages, *entry.target_languages})
    return entry.needs_acceptance, len(entry.tasks), languages, entry.download


def speaks(manifest: Manifest, wish: Wish) -> bool:
    """Whether a model does a task in the given languages, according to its manifest."""
    if wish.task not in manifest.tasks:
        return False
    pairs = ((wish.source_language, _reads(manifest)), (wish.target_language, _writes(manifest)))
    return all(not language or match_language(language, known) for language, known in pairs)


def _offers(entry: ModelEntry, wish: Wish) -> bool:
    """Whether an entry that lists its languages has the pair."""
    if wish.task not in entry.tasks or entry.bundled or not entry.hub:
        return False
    pairs = (
        (wish.source_language, entry.source_languages),
        (wish.target_language, entry.target_languages),
    )
    return all(not language or match_language(language, known) for language, known in pairs)


def _reads(manifest: Manifest) -> list[str]:
    return list(dict.fromkeys((*manifest.source_languages, *manifest.tokenizer.source_tokens)))


def _writes(manifest: Manifest) -> list[str]:
    return list(dict.fromkeys((*manifest.target_languages, *manifest.tokenizer.target_tokens)))


def check_languages(manifest: Manifest, source: str | None, target: str | None) -> None:
    """Make sure that a model knows the languages, according to its manifest.

    Raises:
        UsageError: it does not, or there is no such language.
    """
    recipe = manifest.tokenizer
    for language, known, own, verb in (
        (source, _reads(manifest), recipe.source_tokens, "read"),
        (target, _writes(manifest), recipe.target_tokens, "write"),
    ):
        if language in own.values():
            continue  # the language's own token: it may be called as no language is
        if language and not known:
            find_language(language)  # the model does not say: any language, but one
        elif language and not match_language(language, known):
            near = ", ".join(nearest_languages(language, known))
            several = f"{len(known)} languages; the nearest: {near}"
            raise UsageError(
                f"The model {manifest.name} does not {verb} {language!r}",
                f"It {verb}s {several if len(known) > 1 else near}.",
            )


def remove(models: Iterable[Installed]) -> None:
    """Delete installed models, and what is left of their downloads.

    Raises:
        UsageError: one belongs to the package.
        CannotCreateError: a directory may not be deleted.
        InputOutputError: the disk fails.
    """
    for model in models:
        if model.bundled:
            raise UsageError(f"{model.manifest.name} is part of the package and stays")
        try:
            shutil.rmtree(model.directory)
        except OSError as error:
            if model.directory.exists():  # if not, another process has removed it
                raise write_error(f"Cannot remove {model.directory}", error) from error
        shutil.rmtree(home() / "downloads" / model.directory.name, ignore_errors=True)
