"""Doubles of the model, and of nothing else: for tests of what is around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

from s2scli.data import Decoding, Hypothesis, Link
from s2scli.inference.model import Model

__all__ = ["WordModel"]


class _Pending:
    def __init__(self, hypotheses: list[tuple[Hypothesis, ...]]) -> None:
        self._hypotheses = hypotheses

    def result(self) -> list[tuple[Hypothesis, ...]]:
        return self._hypotheses


class WordModel:
    """A model that changes each word by itself; the words know where they come from.

    Args:
        change: what becomes of a word; nothing, by default.
        backwards: whether the words come out in the other order.
    """

    budget = room = 200
    workers = 1
    source_language = "en"
    before = None
    target_language = ""
    manifest = SimpleNamespace(guard={})

    def __init__(self, change: Callable[[str], str] = str, *, backwards: bool = False) -> None:
        self._change = change
        self._step = -1 if backwards else 1
        self.tokenizer = self

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """Words, and the white space between them."""
        return [re.findall(r"\S+|\s+", text.strip()) for text in texts]

    def source(self, tokens: list[str]) -> list[str]:
        return tokens

    def submit(self, sources: Sequence[list[str]], decoding: Decoding) -> _Pending:
        attention = () if decoding.alignment else None
        texts = ["".join(map(self._changed, tokens[:: self._step])) for tokens in sources]
        return _Pending(
            [
                (Hypothesis(text, -0.5, len(tokens), attention=attention),)
                for text, tokens in zip(texts, sources, strict=True)
            ]
        )

    def links(self, text: str, hypothesis: Hypothesis) -> tuple[Link, ...]:
        sources = [match.span() for match in re.finditer(r"\S+", text)]
        targets = [match.span() for match in re.finditer(r"\S+", hypothesis.text)][:: self._step]
        return tuple((*one, *other) for one, other in zip(sources, targets, strict=True))

    def _changed(self, token: str) -> str:
        return token if token.isspace() else self._change(token)

    def in_float32(self) -> Any:
        """Nothing: there is no arithmetic."""
        return None

    def as_model(self) -> Model:
        """The same, for the type checker."""
        return cast(Model, cast(Any, self))
