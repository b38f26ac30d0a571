"""An engine of a server's: the model is loaded there, and decodes what it gets from here.

Messages (``s2scli.handover.wire``) have an item of JSON, and one of numbers as they are in memory:
the attention of all hypotheses, one after the other. Answers come in the order of questions.
"""

from __future__ import annotations

import json
import socket
import threading
from array import array
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import s2scli.errors
from s2scli.data import Decoding
from s2scli.errors import S2SError, UnavailableError
from s2scli.handover import State
from s2scli.handover.wire import framed, read_frame
from s2scli.inference.device import Placement
from s2scli.inference.engines.contract import (
    Engine,
    PendingTokens,
    RankedToken,
    RankingEngine,
    TokenHypothesis,
)
from s2scli.models.manifest import Manifest

__all__ = ["DOUBLES", "GoneError", "LentEngine", "Link", "Loan", "borrower"]

DOUBLES = "d"
Opener = Callable[[], Engine]


class GoneError(UnavailableError):
    """The server ended (exit code 69)."""


class Link:
    """Questions to a server, and its answers.

    Args:
        descriptor: of a socket to it.
    """

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._sending = threading.Lock()
        self._reading = threading.Lock()
        self._asked = 0
        self._answers: dict[int, tuple[Any, bytes]] = {}

    def ask(self, what: str, *arguments: Any) -> int:
        """Send a question; its number. That the server has gone is found out with the answer."""
        with self._sending:
            self._asked += 1
            data = framed([json.dumps([self._asked, what, *arguments]).encode()])
            try:
                self._socket.sendall(data)
            except OSError:
                self._socket.close()
            return self._asked

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def answer(self, number: int) -> tuple[Any, bytes]:
        """Wait for the answer to a question.

        Raises:
            GoneError: the server has gone.
            S2SError: what it could not do.
        """
        with self._reading:
            while number not in self._answers:
                try:
                    items = read_frame(self._socket)
                except (OSError, ValueError):
                    items = None
                if items is None:
                    raise GoneError(
                        "The server ended before the command did",
                        "Start it again: s2s serve --detach.",
                    )
                first, error, found = json.loads(items[0])
                self._answers[first] = (error, found), items[1]
            (error, found), numbers = self._answers.pop(number)
        if error:
            kind = getattr(s2scli.errors, error[0], S2SError)
            raise kind(*error[1:])
        return found, numbers


class Loan(NamedTuple):
    """What a server says of a model that it lends."""

    number: int
    compute_type: str
    attends: bool
    seven_bits: bool


def borrower(
    link: Link, *, is_auto: bool
) -> Callable[[Path, Manifest, Placement, str, Opener], Engine | None]:
    """A function that opens a model at a server, or gives None if the server does not lend it.

    Args:
        link: to the server.
        is_auto: whether this process opens the model if the server ends.
    """

    def borrow(
        directory: Path, manifest: Manifest, placement: Placement, compute_type: str, here: Opener
    ) -> Engine | None:
        where = (placement.device, placement.indices, placement.threads)
        place = str(directory.resolve())
        asked = link.ask("open", place, manifest.fingerprint, where, compute_type)
        try:
            found, _ = link.answer(asked)
        except GoneError as error:
            if not is_auto:
                raise
            State.reasons.append(error.message)
            return None
        if isinstance(found, str):
            State.reasons.append(f"{manifest.name}: {found}")
            return None
        workers = placement.workers
        return LentEngine(link, Loan(*found), workers, here if is_auto else None)

    return borrow


class LentEngine:
    """An ``Engine`` of a server's.

    Args:
        link: to the server.
        loan: what the server says of it.
        workers: how many batches are decoded at the same time when the model is loaded here: texts
            are cut into batches as they are then.
        here: opens the model in this process if the server ends; None if that is an error.
    """

    def __init__(self, link: Link, loan: Loan, workers: int, here: Opener | None) -> None:
        self._link = link
        self._loan = loan
        self._workers = workers
        self._here = here
        self._lock = threading.Lock()
        self._opened: Engine | None = None

    @property
    def workers(self) -> int:
        """The number of batches decoded at the same time."""
        return self._workers

    @property
    def compute_type(self) -> str:
        """The compute type in use."""
        return self._loan.compute_type

    @property
    def seven_bits(self) -> bool:
        """Whether int8 weights have 7 bits, for the processor."""
        return self._loan.seven_bits

    @property
    def attends(self) -> bool:
        """Whether hypotheses can come with their attention."""
        return self._loan.attends

    @cached_property
    def unknown_token(self) -> str:
        """The token for all that the target vocabulary does not have."""
        token: str = self._call("unknown_token", ())
        return token

    def submit(
        self,
        sources: Sequence[list[str]],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> PendingTokens:
        """Submit a batch of source token lists; see ``Engine.submit``."""
        arguments = (sources, decoding, target_prefix, start_given)
        if self._opened:
            return self._opened.submit(*arguments)
        plain = (sources, asdict(decoding), list(target_prefix), start_given)
        asked = self._link.ask("submit", self._loan.number, *plain)
        return _LentTokens(self._link, asked, lambda error: self.here(error).submit(*arguments))

    def score(
        self,
        sources: Sequence[list[str]],
        targets: Sequence[list[str]],
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
        batch_tokens: int = 1024,
    ) -> list[list[float]]:
        """Natural log-probabilities of given target tokens; see ``Engine.score``."""
        found: list[list[float]] = self._call(
            "score", (sources, targets, list(target_prefix), start_given, batch_tokens)
        )
        return found

    def ranked(
        self,
        sources: Sequence[list[str]],
        targets: Sequence[list[str]],
        count: int,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> list[list[RankedToken]]:
        """Given target tokens among all others; see ``RankingEngine.ranked``."""
        found = self._call("ranked", (sources, targets, count, list(target_prefix), start_given))
        return [
            [RankedToken(log_prob, rank, [(t, p) for t, p in best]) for log_prob, rank, best in row]
            for row in found
        ]

    def close(self) -> None:
        """Use it no more; the server keeps the model."""
        if self._opened:
            self._opened.close()

    def here(self, error: GoneError) -> Engine:
        """The model, opened in this process since the server ended.

        Raises:
            GoneError: that is not wanted.
        """
        if self._here is None:
            raise error
        with self._lock:
            self._opened = self._opened or self._here()
            return self._opened

    def _call(self, what: str, arguments: Sequence[Any]) -> Any:
        """Ask and wait."""
        if not self._opened:
            try:
                asked = self._link.ask(what, self._loan.number, *arguments)
                return self._link.answer(asked)[0]
            except GoneError as error:
                self.here(error)
        found = getattr(self._opened, what)
        return found(*arguments) if arguments else found


class _LentTokens:
    """A batch at a server."""

    def __init__(self, link: Link, asked: int, again: Callable[[GoneError], PendingTokens]) -> None:
        self._answer = partial(link.answer, asked)
        self._again = again

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source, best first."""
        try:
            found, data = self._answer()
        except GoneError as error:
            return self._again(error).result()
        numbers = iter(array(DOUBLES, data))
        return [
            [
                TokenHypothesis(
                    tokens,
                    score,
                    length,
                    truncated,
                    None if rows is None else [[*islice(numbers, columns)] for columns in rows],
                )
                for tokens, score, length, truncated, rows in several
            ]
            for several in found
        ]


_: type[RankingEngine] = LentEngine
