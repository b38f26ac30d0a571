"""What is known of models: the registry's entries and the installed ones, side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from s2scli.errors import UnavailableError
from s2scli.languages.codes import match_language
from s2scli.models.install import known_entry
from s2scli.models.manifest import FILE_NAME, LEXICON_FILE, Manifest, ShortlistRecord
from s2scli.models.pages import repository
from s2scli.models.registry import ModelEntry, load_registry
from s2scli.models.store import Installed, installed, is_called

__all__ = ["Known", "describe", "known_models", "shortlist_facts"]


@dataclass(frozen=True, slots=True)
class Known:
    """A model that is in the registry, or installed, or both.

    Attributes:
        name: what ``-m`` takes.
        about: one line for people.
        tasks: what it does.
        source_languages: what it reads; empty if only the checkpoint knows.
        target_languages: what it writes.
        licence: its license.
        hub: the repository; may be empty.
        parameters: millions.
        download: megabytes to fetch; 0 if unknown or nothing.
        installed: the installed copies.
    """

    name: str
    about: str
    tasks: tuple[str, ...]
    source_languages: tuple[str, ...]
    target_languages: tuple[str, ...]
    licence: str
    hub: str
    parameters: float
    download: float
    installed: tuple[Installed, ...] = ()

    def fits(self, task: str | None, source: str | None, target: str | None) -> bool:
        """Whether it does a task in some languages, as far as is known."""
        if task and task not in self.tasks:
            return False
        pairs = ((source, self.source_languages), (target, self.target_languages))
        return all(not language or match_language(language, known) for language, known in pairs)


def known_models(registry: Path | None = None) -> list[Known]:
    """All models: the registry's in its order, then others that are installed."""
    copies = installed()
    models = []
    for entry in load_registry(registry).values():
        own = [copy for copy in copies if _is_copy(copy, entry)]
        copies = [copy for copy in copies if copy not in own]
        models.append(_merged(entry, tuple(own)))
    return [*models, *(_from_copy(copy) for copy in copies)]


def _is_copy(copy: Installed, entry: ModelEntry) -> bool:
    if copy.bundled or entry.bundled:
        return copy.bundled and entry.bundled and copy.manifest.name == entry.alias
    return bool(entry.hub) and copy.manifest.checkpoint == entry.hub


def _merged(entry: ModelEntry, copies: tuple[Installed, ...]) -> Known:
    known = Known(
        entry.alias,
        entry.about,
        entry.tasks,
        entry.source_languages,
        entry.target_languages,
        entry.licence,
        entry.hub,
        entry.parameters,
        entry.download,
        copies,
    )
    if not copies:
        return known
    manifest = copies[0].manifest
    return replace(
        known,
        source_languages=manifest.source_languages or entry.source_languages,
        target_languages=manifest.target_languages or entry.target_languages,
    )


def _from_copy(copy: Installed) -> Known:
    manifest = copy.manifest
    return Known(
        manifest.name,
        f"converted from {manifest.checkpoint}",
        manifest.tasks,
        manifest.source_languages,
        manifest.target_languages,
        manifest.licence or "unknown",
        manifest.checkpoint if "/" in manifest.checkpoint else "",
        round(manifest.parameters / 1e6, 1),
        0,
        (copy,),
    )


def describe(name: str, registry: Path | None = None) -> dict[str, Any]:
    """All that is known of a model, by the name of each fact.

    Args:
        name: alias, hub id or model directory.
        registry: a registry of the user's beside the usual ones.

    Raises:
        UnavailableError: the model is unknown.
    """
    path = Path(name)
    if path.is_dir() and (path / FILE_NAME).exists():
        return _of_manifest(path, Manifest.load(path))
    name = repository(name)[0]
    copies = [copy for copy in installed() if is_called(copy, name)]
    entry = load_registry(registry).get(name)
    if entry is None and not copies:
        entry = known_entry(name, registry)
        if entry is None:
            raise UnavailableError(
                f"{name} is not in the registry and not installed",
                f"Download it with: s2s models pull {name}",
            )
    facts = _of_entry(entry) if entry else {}
    for copy in copies:
        facts |= _of_manifest(copy.directory, copy.manifest)
    if entry and not copies:
        facts["installed"] = "no"
    return facts


def _of_entry(entry: ModelEntry) -> dict[str, Any]:
    facts = {
        "name": entry.alias,
        "about": entry.about,
        "hub": entry.hub,
        "family": entry.family,
        "tasks": list(entry.tasks),
        "from": list(entry.source_languages),
        "to": list(entry.target_languages),
        "licence": entry.licence,
        "parameters": f"{entry.parameters:,.1f} million",
        "download": f"{entry.download:,.0f} MB" if entry.download else "",
        "prompts": dict(entry.prompts),
        "published_scores": [
            f"{s.metric} {s.value} on {s.dataset} ({s.source})" for s in entry.scores
        ],
    }
    return {key: value for key, value in facts.items() if value}


def _of_manifest(directory: Path, manifest: Manifest) -> dict[str, Any]:
    facts = {
        "name": manifest.name,
        "installed": str(directory),
        "family": manifest.family,
        "engine": manifest.engine,
        "tasks": list(manifest.tasks),
        "from": list(manifest.source_languages),
        "to": list(manifest.target_languages),
        "licence": manifest.licence or "unknown",
        "checkpoint": manifest.checkpoint,
        "revision": manifest.revision,
        "quantization": manifest.quantization,
        "parameters": f"{manifest.parameters / 1e6:,.1f} million",
        "size": f"{sum(file.bytes for file in manifest.files.values()) / 1e6:,.1f} MB",
        "longest_source": f"{manifest.max_source_tokens} tokens",
        "longest_target": f"{manifest.max_target_tokens} tokens",
        "decoding": manifest.decoding,
        "decoding_by_job": manifest.job_decoding,
        "prompts": manifest.prompts,
        "without_effect": manifest.unsupported,
        "shortlist": _shortlist(manifest),
    }
    return {key: value for key, value in facts.items() if value}


def _shortlist(manifest: Manifest) -> dict[str, str]:
    """What is known of a model's shortlist; nothing if it has none."""
    if manifest.shortlist:
        return shortlist_facts(manifest.shortlist)
    if LEXICON_FILE not in manifest.files:
        return {}
    size = manifest.files[LEXICON_FILE].bytes
    return {
        "file": LEXICON_FILE,
        "made_by": "those who trained the model; not checked with s2s",
        "used": "when you ask for it (--shortlist)",
        "size": f"{size / 1e6:,.1f} MB",
    }


def shortlist_facts(record: ShortlistRecord) -> dict[str, str]:
    """All that is known of a shortlist, by the name of each fact."""
    facts = {
        "for": "-".join(filter(None, record.languages)),
        "candidates": f"{record.candidates:,} tokens of the vocabulary for a line, in the mean",
        "counted_on": f"{record.lines:,} lines",
        "checked_on": f"{record.checked:,} other lines",
        "for_lines_of": f"at most {record.longest} tokens, the model's own included"
        if record.longest
        else "",
        "used_for": f"{record.known:.1%} of these; the others have the whole vocabulary",
        "equal": f"{record.equal:.1%} of their translations, one by one",
        "surely": f"{record.sure:.1%} (with a confidence of 95%)" if record.sure else "",
        "beam_sizes": " and ".join(map(str, record.beams)),
        "bleu_against_the_whole": f"{record.alike:.2f}" if record.alike else "",
        "faster": f"{record.faster:.2f} times, each line alone" if record.faster else "",
        "size": f"{record.bytes / 1e6:,.1f} MB",
    }
    if record.bleu is not None and record.bleu_without is not None:
        facts["bleu"] = f"{record.bleu:.2f}, without it {record.bleu_without:.2f}"
    return {key: value for key, value in facts.items() if value}
