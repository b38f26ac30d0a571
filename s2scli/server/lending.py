"""Loaded models for the processes of commands: batches of tokens in, hypotheses out.

The other side is ``s2scli.inference.lent``. Of each process a thread reads questions, and another
one sends answers, in the order of questions; several batches are on their way.
"""

from __future__ import annotations

import json
import queue
import socket
import threading
from array import array
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from s2scli.data import Decoding
from s2scli.errors import S2SError
from s2scli.handover.wire import framed, read_frame
from s2scli.inference.engines.contract import Engine, RankingEngine, TokenHypothesis
from s2scli.inference.lent import DOUBLES
from s2scli.models.store import Installed
from s2scli.server.metrics import Metrics
from s2scli.server.pool import Pool

__all__ = ["lend"]

Answer = tuple[Any, bytes]
Finish = Callable[[], Answer]


def lend(pool: Pool, metrics: Metrics, connection: socket.socket) -> None:
    """Answer the questions of a process until it hangs up.

    Args:
        pool: the models; each is in use while a batch of the process is.
        metrics: counts what is decoded.
        connection: to the process; closed at the end.
    """
    loans = _Loans(pool, metrics)
    todo: queue.SimpleQueue[tuple[int, Finish] | None] = queue.SimpleQueue()
    sender = threading.Thread(target=_send, args=(connection, todo), daemon=True, name="lending")
    sender.start()
    try:
        while (items := read_frame(connection)) is not None:
            number, what, *arguments = json.loads(items[0])
            todo.put((number, loans.begin(what, arguments)))
    except (OSError, ValueError):
        pass  # it has gone, or is none of ours
    finally:
        todo.put(None)
        sender.join()
        connection.close()


def _send(connection: socket.socket, todo: queue.SimpleQueue[tuple[int, Finish] | None]) -> None:
    """Send answers; when nobody reads them any more, batches are only waited for."""
    while (task := todo.get()) is not None:
        number, finish = task
        error, found, data = None, None, b""
        try:
            found, data = finish()
        except S2SError as failure:
            error = (type(failure).__name__, failure.message, failure.advice)
        except Exception as failure:  # a fault of ours ends no server
            error = (S2SError.__name__, f"The server failed: {failure!r}", "")
        with suppress(OSError):
            connection.sendall(framed([json.dumps([number, error, found]).encode(), data]))


class _Loans:
    """What one process has borrowed."""

    def __init__(self, pool: Pool, metrics: Metrics) -> None:
        self._pool = pool
        self._metrics = metrics
        self._models: list[Installed] = []

    def begin(self, what: str, arguments: list[Any]) -> Finish:
        """Begin with a question; what is returned waits for the answer."""
        try:
            if what == "open":
                return lambda: (self._open(*arguments), b"")
            number, *rest = arguments
            if what == "submit":
                return self._submit(self._models[number], *rest)
            if what in ("score", "ranked", "unknown_token"):
                return lambda: (self._ask(self._models[number], what, rest), b"")
            raise S2SError(f"There is no question {what!r}")
        except Exception as error:
            return _failing(error)

    def _open(
        self, directory: str, fingerprint: str, where: list[Any], compute_type: str
    ) -> tuple[int, str, bool, bool] | str:
        """A number for a model, and what its process must know; or why it is not lent."""
        place = Path(directory)
        model = next((m for m in self._pool.models if m.directory.resolve() == place), None)
        if model is None:
            return "the server has not been started with this model"
        if model.manifest.fingerprint != fingerprint:
            return "the model was replaced after the server had started"
        with self._pool.use(model) as session:
            placement, engine = session.placement, session.model.engine
            *device, threads = where
            if [placement.device, list(placement.indices)] != device:
                return f"the server runs it on {placement.device}"
            # Of sums of floats the order may differ, and so the last digits; integers are exact.
            if placement.threads != threads and not engine.compute_type.startswith("int8"):
                return f"the server decodes with {placement.threads} threads, not with {threads}"
            if compute_type not in ("default", engine.compute_type):
                return f"the server computes in {engine.compute_type}, not in {compute_type}"
            self._models.append(model)
            number = len(self._models) - 1
            return number, engine.compute_type, engine.attends, engine.seven_bits

    def _submit(
        self,
        model: Installed,
        sources: list[list[str]],
        decoding: dict[str, Any],
        prefix: list[str],
        start_given: int,
    ) -> Finish:
        asked = Decoding(**{name: _tuples(value) for name, value in decoding.items()})
        with ExitStack() as stack:
            session = stack.enter_context(self._pool.use(model))
            pending = session.model.engine.submit(sources, asked, prefix, start_given)
            held = stack.pop_all()

        def finish() -> Answer:
            with held:
                found = pending.result()
            tokens = sum(len(each.tokens) for several in found for each in several)
            self._metrics.lent(model.manifest.name, len(sources), tokens)
            return _plain(found)

        return finish

    def _ask(self, model: Installed, what: str, arguments: list[Any]) -> Any:
        with self._pool.use(model) as session:
            engine: Engine = session.model.engine
            if what == "unknown_token":
                return engine.unknown_token
            if what == "score":
                return engine.score(*arguments)
            assert isinstance(engine, RankingEngine)
            return engine.ranked(*arguments)


def _failing(error: Exception) -> Finish:
    def finish() -> Answer:
        raise error

    return finish


def _tuples(value: Any) -> Any:
    """A value of ``Decoding`` from one of JSON."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _plain(batch: Sequence[Sequence[TokenHypothesis]]) -> Answer:
    """Hypotheses as JSON, and the numbers of their attention."""
    numbers: array[float] = array(DOUBLES)
    found = []
    for several in batch:
        row = []
        for tokens, score, length, truncated, attention in several:
            shape = None
            if attention is not None:
                shape = [*map(len, attention)]
                for weights in attention:
                    numbers.extend(weights)
            row.append((tokens, float(score), length, bool(truncated), shape))
        found.append(row)
    return found, numbers.tobytes()
