"""A loaded model: its manifest, its tokenizer and the engine, from text to text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from s2scli.data import Decoding, Hypothesis
from s2scli.errors import InvalidModelError, UsageError
from s2scli.inference.device import Placement
from s2scli.inference.engine import Engine, PendingTokens
from s2scli.inference.tokenizers import Tokenizer, open_tokenizer
from s2scli.models.manifest import Manifest

__all__ = ["Model", "PendingTexts"]


class PendingTexts:
    """A batch on its way: waits for the engine, then detokenizes."""

    def __init__(self, pending: PendingTokens, tokenizer: Tokenizer) -> None:
        self._pending = pending
        self._tokenizer = tokenizer

    def result(self) -> list[tuple[Hypothesis, ...]]:
        """For each source its hypotheses, best first."""
        batch = self._pending.result()
        texts = iter(self._tokenizer.decode([h.tokens for source in batch for h in source]))
        return [
            tuple(Hypothesis(next(texts), h.score, h.length, h.truncated) for h in source)
            for source in batch
        ]


class Model:
    """A model directory, ready to run; a ``Decoder`` for the flow.

    Args:
        directory: the model directory.
        placement: where to run it.
        compute_type: one of ``s2scli.inference.engine.COMPUTE_TYPES``.
        target_language: the language to write, for models that know several.

    Raises:
        UnavailableError: there is no such directory, or the device cannot run the model.
        InvalidModelError: the directory is damaged or of another kind.
        UsageError: the model needs a target language, or does not write the given one.
    """

    def __init__(
        self,
        directory: Path,
        placement: Placement,
        compute_type: str = "default",
        target_language: str | None = None,
    ) -> None:
        self.manifest = Manifest.load(directory)
        _check_sizes(self.manifest, directory)
        recipe = self.manifest.tokenizer
        self._prefix = [*_language_token(self.manifest, target_language), *recipe.prefix]
        self._suffix = list(recipe.suffix)
        self.tokenizer = open_tokenizer(recipe, directory)
        self.device = placement.device
        self.engine = Engine(directory, placement, compute_type)

    @property
    def workers(self) -> int:
        """How many batches are decoded at the same time."""
        return self.engine.workers

    @property
    def budget(self) -> int:
        """How many tokens of text fit into one source."""
        return self.manifest.max_source_tokens - len(self._prefix) - len(self._suffix)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text, without prefix and suffix."""
        return self.tokenizer.encode(texts)

    def source(self, tokens: list[str]) -> list[str]:
        """A source as the engine takes it: the tokens of a text with prefix and suffix."""
        return [*self._prefix, *tokens, *self._suffix]

    def decoding(self, given: Mapping[str, Any]) -> Decoding:
        """The decode that a user asks for: what is given, else the manifest's, else the default.

        Args:
            given: fields of ``Decoding``.

        Returns:
            The options, with the maximum length within what the model can do.

        Raises:
            InvalidModelError: the manifest's values are none.
        """
        longest = self.manifest.max_target_tokens
        try:
            options = Decoding(**{"max_length": longest, **self.manifest.decoding, **given})
            limited = min(options.max_length, longest)
            return replace(options, max_length=limited, suppress=tuple(options.suppress))
        except TypeError as error:
            raise InvalidModelError(f"The manifest of {self.manifest.name}: {error}") from error

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> PendingTexts:
        """Begin to decode one batch."""
        return PendingTexts(self.engine.submit(sources, decoding), self.tokenizer)


def _language_token(manifest: Manifest, language: str | None) -> list[str]:
    tokens = manifest.tokenizer.target_tokens
    if not tokens:
        return []
    known = f"It writes: {', '.join(sorted(tokens))}."
    if language is None:
        raise UsageError(f"The model {manifest.name} needs --to, a target language", known)
    if language not in tokens:
        raise UsageError(f"The model {manifest.name} does not write {language!r}", known)
    return [tokens[language]]


def _check_sizes(manifest: Manifest, directory: Path) -> None:
    for name, record in manifest.files.items():
        path = directory / name
        if not path.is_file() or path.stat().st_size != record.bytes:
            raise InvalidModelError(
                f"{path} is missing or does not have the size that the manifest gives",
                "Convert the model again with 's2s convert --force'.",
            )
