"""Loaded models: loaded when they are first asked for; the least recently used leave."""

from __future__ import annotations

import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import NamedTuple

from s2scli.api import TextModel
from s2scli.data import TASKS
from s2scli.errors import UnavailableError, UsageError
from s2scli.flow.cancel import Cancel
from s2scli.flow.service import FlowService
from s2scli.models.store import Installed, Wish, is_called, speaks

__all__ = ["ModelRequest", "NoModelError", "Pool"]

# What a loaded model takes for a byte of its files, roughly.
IN_MEMORY = 1.3


class NoModelError(UnavailableError):
    """No model of the server does what a request asks for."""


class ModelRequest(NamedTuple):
    """The model that a request asks for.

    Attributes:
        task: what it must do.
        source: source language, any name or code; None if it is not said.
        target: target language.
        model: its name; None for whichever does the job.
    """

    task: str
    source: str | None = None
    target: str | None = None
    model: str | None = None


class _Warm:
    """A loaded model with a running flow, which all requests share."""

    def __init__(self, session: TextModel) -> None:
        self.session = session
        self.flow = FlowService(session.model.workers, session.flow)
        self.users = 0

    def close(self) -> None:
        self.flow.close()
        self.session.close()


class Pool:
    """The models that a server may use.

    Args:
        models: these; of several that fit a request, the first is taken.
        load: loads one.
        limit: bytes that loaded models may take together; None for no limit.

    Raises:
        UsageError: there are none, or one is larger than the limit.
    """

    def __init__(
        self,
        models: Sequence[Installed],
        load: Callable[[Installed], TextModel],
        limit: int | None = None,
    ) -> None:
        if not models:
            raise UsageError("There is no model to serve", "Pull one: s2s models pull NAME.")
        for model in models:
            if limit is not None and size_of(model) > limit:
                raise UsageError(
                    f"The model {model.manifest.name} takes about {size_of(model) >> 20} MB, more "
                    f"than the limit of {limit >> 20} MB",
                    "Raise --memory-limit, or leave the model out.",
                )
        self.models = tuple(models)
        self._sizes = {model.directory: size_of(model) for model in models}
        self._load = load
        self._limit = limit
        self._changed = threading.Condition()
        self._warm: dict[Path, _Warm] = {}  # the least recently used first
        self._loading: set[Path] = set()
        self._closed = False

    def choose(self, request: ModelRequest) -> Installed:
        """The model for a request.

        Raises:
            UsageError: the task is unknown.
            NoModelError: no model does the task in these languages.
        """
        if request.task not in TASKS:
            raise UsageError(f"There is no task {request.task!r}")
        wish = Wish(None, request.task, request.source, request.target)
        named = self.models
        if request.model is not None:
            named = tuple(each for each in self.models if is_called(each, request.model))
            if not named:
                raise NoModelError(f"There is no model {request.model!r} on this server")
        fit = [each for each in named if _does(each, wish, named=request.model is not None)]
        if fit:
            return fit[0]
        pair = "".join(
            f" {word} {code}"
            for word, code in (("from", request.source), ("to", request.target))
            if code
        )
        raise NoModelError(f"No model on this server can {request.task}{pair}")

    @contextmanager
    def use(self, model: Installed, cancel: Cancel | None = None) -> Iterator[TextModel]:
        """A loaded model, which stays loaded until the block ends.

        Args:
            model: one of ``models``.
            cancel: ends what the block decodes.

        Raises:
            S2SError: it cannot be loaded, or the server is closed.
        """
        warm = self._take(model)
        try:
            session = copy(warm.session)
            session.flow = session.flow._replace(service=warm.flow, cancel=cancel)
            yield session
        finally:
            with self._changed:
                warm.users -= 1
                self._changed.notify_all()

    def loaded(self) -> dict[str, int]:
        """The names of loaded models, and about how many bytes each takes."""
        with self._changed:
            return {
                warm.session.model.manifest.name: self._sizes[place]
                for place, warm in self._warm.items()
            }

    def batches(self) -> dict[str, Counter[int]]:
        """For each loaded model, how many batches there were of each number of sentences."""
        with self._changed:
            warm = list(self._warm.values())
        return {each.session.model.manifest.name: each.flow.sizes.copy() for each in warm}

    def close(self) -> None:
        """Free all models; what is running fails."""
        with self._changed:
            self._closed = True
            warm = list(self._warm.values())
            self._warm.clear()
            self._changed.notify_all()
        for each in warm:
            each.close()

    def _take(self, model: Installed) -> _Warm:
        place = model.directory
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._is_at_hand(place))
            if self._closed:
                raise UnavailableError("The server is shutting down")
            if place in self._warm:
                warm = self._warm[place] = self._warm.pop(place)
                warm.users += 1
                return warm
            for each in self._leaving(place):
                self._warm.pop(each).close()
            self._loading.add(place)
        try:
            warm = _Warm(self._load(model))
            warm.users = 1
            with self._changed:
                self._warm[place] = warm
        finally:
            with self._changed:
                self._loading.discard(place)
                self._changed.notify_all()
        return warm

    def _is_at_hand(self, place: Path) -> bool:
        """Whether a model is loaded, or can be now."""
        if place in self._warm:
            return True
        return place not in self._loading and self._free(self._leaving(place)) >= self._sizes[place]

    def _leaving(self, place: Path) -> list[Path]:
        """Those that must leave for a model; of those that nobody uses, the longest unused."""
        leaving: list[Path] = []
        for each, warm in self._warm.items():
            if self._free(leaving) >= self._sizes[place]:
                break
            if not warm.users:
                leaving.append(each)
        return leaving

    def _free(self, leaving: Sequence[Path]) -> float:
        if self._limit is None:
            return math.inf
        there = {*self._warm, *self._loading}.difference(leaving)
        return self._limit - sum(self._sizes[place] for place in there)


def size_of(model: Installed) -> int:
    """About how many bytes a loaded model takes."""
    return int(IN_MEMORY * sum(record.bytes for record in model.manifest.files.values()))


def _does(model: Installed, wish: Wish, *, named: bool) -> bool:
    """Whether a model does what is wished; whatever model is named may be given any prompt."""
    if wish.task == "generate" and named:
        return model.manifest.images is None
    return speaks(model.manifest, wish)
