"""The workers of a run: which are ready, which has the least to do, how lost ones are replaced.

A worker starts in two steps: it introduces itself, then it loads the model. The run begins when the
first is ready; the others join as the cluster finds room for them. A lost worker (its process
was killed, its node is gone) is dropped at once and its batches go to the others, while Ray is
asked for a replacement.

All waiting is for futures, never for Ray itself: its native code would lose what a signal handler
raises.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any

from s2scli.errors import S2SError, UnavailableError, UsageError
from s2scli.inference.cluster.options import LOCAL, Cluster
from s2scli.inference.cluster.session import ClusterSession, one_line
from s2scli.inference.cluster.shipping import Parts
from s2scli.inference.cluster.worker import Order, Worker, versions

__all__ = ["Call", "Crew"]

START_SECONDS = 120  # seconds until the first worker has introduced itself
MOST_LOSSES = 3  # lost workers in a row: by one batch, or with no batch decoded in between


@dataclass(eq=False, slots=True)
class _Recruit:
    """A worker that is not ready yet; it has no node until it has introduced itself."""

    actor: Any
    answer: Future[Any]
    node: str = ""


@dataclass(eq=False, slots=True)
class _Member:
    """A worker that has loaded the model, and its pending answers."""

    actor: Any
    node: str
    awaited: list[Future[Any]] = field(default_factory=list)

    def load(self) -> int:
        """The number of its pending batches."""
        self.awaited = [answer for answer in self.awaited if not answer.done()]
        return len(self.awaited)


class Crew:
    """All workers of a run.

    Attributes:
        size: number of workers wanted.
        compute_type: the compute type in use.

    Args:
        session: the connection to the cluster.
        cluster: number and size of the workers.
        order: what they load.
        ship: uploads the model for nodes that do not have it.

    Raises:
        UnavailableError: no worker starts, or one cannot run the model.
        UsageError: this machine has no room for that many.
    """

    def __init__(
        self, session: ClusterSession, cluster: Cluster, order: Order, ship: Callable[[], Parts]
    ) -> None:
        self._session = session
        self._cluster = cluster
        self._order = order
        self._ship = ship
        self._parts: Parts | None = None
        self._lock = threading.RLock()
        self._members: list[_Member] = []
        self._recruits: list[_Recruit] = []
        self._losses = 0  # since the last decoded batch
        self.compute_type = ""
        self.size = self._wanted()
        for _ in range(self.size):
            self._recruit()
        self._await_member()

    def send(self, method: str, arguments: Sequence[Any]) -> tuple[_Member, Future[Any]]:
        """Send a call to the worker that has the least to do."""
        with self._lock:
            self._admit(0)
            self._await_member()
            member = min(self._members, key=_Member.load)
            answer = _future(getattr(member.actor, method).remote(*arguments))
            member.awaited.append(answer)
        return member, answer

    def succeeded(self) -> None:
        """Record that a batch has been decoded."""
        self._losses = 0

    def lose(self, member: _Member, failure: BaseException) -> None:
        """Drop a lost worker and ask for a replacement; calling it twice has no further effect."""
        with self._lock:
            if member in self._members:
                self._members.remove(member)
                self._replace(member.actor, member.node, failure)

    def is_loss(self, failure: BaseException) -> bool:
        """Whether an answer failed because the worker is gone, not because of an error in it.

        A worker that ends with the run is not lost.
        """
        if self._session.closed:
            return False
        errors = self._session.ray.exceptions
        return isinstance(failure, errors.RayError) and not isinstance(failure, errors.RayTaskError)

    def _wanted(self) -> int:
        cluster, room = self._cluster, self._session.room()
        each = _size(cluster)
        if cluster.address == LOCAL and room < (cluster.workers or 1):
            raise UsageError(f"This machine has room for {room} workers of {each}")
        if room < (cluster.workers or 1):
            cluster.warn(
                f"the cluster has room for {room} workers of {each}; more will join when it grows"
            )
        return cluster.workers or max(1, room)

    def _recruit(self) -> None:
        actor = self._session.start(Worker)
        answer = actor.introduce.remote(self._order.directory, self._order.identity)
        self._recruits.append(_Recruit(actor, _future(answer)))

    def _replace(self, actor: Any, node: str, failure: BaseException) -> None:
        self._session.stop(actor)
        self._losses += 1
        place = f" on {node}" if node else ""
        self._cluster.warn(f"a worker{place} is lost: {one_line(failure)}")
        if self._losses <= MOST_LOSSES * self.size:
            self._recruit()

    def _await_member(self) -> None:
        """Wait until a worker is ready.

        Raises:
            UnavailableError: there is none, and none can start.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self._members:
            if not self._recruits:
                raise UnavailableError(
                    "All workers were lost", "See 'ray status', then start the command again."
                )
            loading = any(recruit.node for recruit in self._recruits)
            left = max(0.0, deadline - time.monotonic())
            if not self._admit(None if loading else left):
                raise UnavailableError(
                    f"No worker has started within {START_SECONDS} seconds",
                    f"See 'ray status' for a node with room for {_size(self._cluster)}.",
                )

    def _admit(self, seconds: float | None) -> bool:
        """Add the workers that have become ready; return whether any has answered.

        Args:
            seconds: how long to wait for an answer; None without limit.
        """
        answers = [recruit.answer for recruit in self._recruits]
        done, _ = wait(answers, seconds, FIRST_COMPLETED)
        for recruit in [recruit for recruit in self._recruits if recruit.answer in done]:
            self._recruits.remove(recruit)
            failure = recruit.answer.exception()
            if failure is None:
                self._advance(recruit, recruit.answer.result())
            elif self.is_loss(failure):
                self._replace(recruit.actor, recruit.node, failure)
            else:
                raise _failed(recruit.node, failure)
        return bool(done)

    def _advance(self, recruit: _Recruit, answer: Any) -> None:
        """Process a new worker's answer and start its next step."""
        if recruit.node:
            self._check_type(recruit.node, answer)
            self._members.append(_Member(recruit.actor, recruit.node))
            self._cluster.note(f"worker {len(self._members)} on {recruit.node} is ready")
            return
        recruit.node = answer["node"]
        _check_versions(recruit.node, answer, self._order.engine)
        if not answer["model"] and self._parts is None:
            self._cluster.note(f"sending the model to {recruit.node} and wherever it is missing")
            self._parts = self._ship()
        parts = None if answer["model"] else self._parts
        recruit.answer = _future(recruit.actor.load.remote(self._order, parts))
        self._recruits.append(recruit)

    def _check_type(self, node: str, compute_type: str) -> None:
        self.compute_type = self.compute_type or compute_type
        if compute_type != self.compute_type:
            raise UnavailableError(
                f"The worker on {node} computes in {compute_type}, others in {self.compute_type}",
                "Give a --compute-type that all can compute in.",
            )


class Call:
    """A call to a worker, sent again if the worker is lost.

    Args:
        crew: all workers.
        method: name of the worker's method.
        arguments: its arguments.
    """

    def __init__(self, crew: Crew, method: str, arguments: Sequence[Any]) -> None:
        self._crew = crew
        self._method = method
        self._arguments = arguments
        self._member, self._answer = crew.send(method, arguments)

    def result(self) -> Any:
        """Wait for the worker's answer.

        Raises:
            S2SError: the call failed, or the workers are lost.
        """
        losses = 0
        while failure := self._answer.exception():
            if not self._crew.is_loss(failure):
                raise _failed(self._member.node, failure)
            self._crew.lose(self._member, failure)
            losses += 1
            if losses == MOST_LOSSES:
                raise S2SError(
                    f"{losses} workers were lost with one batch, perhaps because memory ran out",
                    "Use a smaller --batch-tokens, or fewer workers per node.",
                )
            self._member, self._answer = self._crew.send(self._method, self._arguments)
        self._crew.succeeded()
        return self._answer.result()


def _future(reference: Any) -> Future[Any]:
    future: Future[Any] = reference.future()
    return future


def _size(cluster: Cluster) -> str:
    gpus = f" and {cluster.gpus_per_worker} GPU" if cluster.gpus_per_worker else ""
    return f"{cluster.cpus_per_worker} CPU{gpus}"


def _check_versions(node: str, found: dict[str, Any], engine: str) -> None:
    ours = versions(engine)
    for name in ours:
        if found.get(name) != ours[name]:
            raise UnavailableError(
                f"The worker on {node} has {name} {found.get(name)}, this machine {ours[name]}",
                "Install the same version everywhere.",
            )


def _failed(node: str, failure: BaseException) -> S2SError:
    """A worker's exception, in the form that the user sees."""
    cause = getattr(failure, "cause", failure)
    if isinstance(cause, S2SError):
        return cause
    if not node:
        return UnavailableError(
            f"A worker cannot start: {one_line(cause)}", "Install s2scli on every node."
        )
    return S2SError(f"A worker on {node} failed: {one_line(cause)}")
