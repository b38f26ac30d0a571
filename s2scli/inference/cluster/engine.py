"""An engine whose batches the workers of a Ray cluster decode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from s2scli.data import Decoding
from s2scli.inference.cluster.crew import Call, Crew
from s2scli.inference.cluster.options import Cluster
from s2scli.inference.cluster.session import ClusterSession
from s2scli.inference.cluster.shipping import identity, ship
from s2scli.inference.cluster.worker import Order
from s2scli.inference.engines.contract import TokenHypothesis
from s2scli.models.manifest import Manifest

__all__ = ["ClusterEngine", "RemoteTokens"]


class RemoteTokens:
    """A batch at a worker."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def result(self) -> list[list[TokenHypothesis]]:
        """Wait for the batch; the hypotheses of each source, best first."""
        hypotheses: list[list[TokenHypothesis]] = self._call.result()
        return hypotheses


class ClusterEngine:
    """An ``Engine`` whose model is loaded by every worker of a cluster.

    Args:
        directory: the model directory.
        manifest: the model's manifest.
        cluster: where to run it.
        compute_type: one of ``s2scli.inference.device.COMPUTE_TYPES``.

    Raises:
        UnavailableError: there is no such cluster, or its workers cannot run the model.
        InvalidModelError: the engine cannot read the model.
    """

    def __init__(
        self, directory: Path, manifest: Manifest, cluster: Cluster, compute_type: str
    ) -> None:
        directory = directory.absolute()
        order = Order(
            str(directory),
            identity(directory),
            manifest.engine,
            compute_type,
            cluster.cpus_per_worker,
            cluster.gpus_per_worker,
        )
        self._session = ClusterSession(cluster)
        try:
            put = self._session.ray.put
            self._crew = Crew(
                self._session, cluster, order, lambda: ship(directory, manifest.all_files, put)
            )
        except BaseException:
            self.close()
            raise
        self._slots = cluster.slots

    @property
    def workers(self) -> int:
        """The number of batches decoded at the same time."""
        return self._crew.size * self._slots

    @property
    def compute_type(self) -> str:
        """The compute type in use."""
        return self._crew.compute_type

    @property
    def seven_bits(self) -> bool:
        """Whether int8 weights have 7 bits, for the processors of the workers."""
        return bool(Call(self._crew, "fact", ("seven_bits",)).result())

    @property
    def attends(self) -> bool:
        """Whether hypotheses can come with their attention."""
        return bool(Call(self._crew, "fact", ("attends",)).result())

    @property
    def unknown_token(self) -> str:
        """The token for all that the target vocabulary does not have."""
        return str(Call(self._crew, "fact", ("unknown_token",)).result())

    def submit(
        self,
        sources: Sequence[list[str]],
        decoding: Decoding,
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
    ) -> RemoteTokens:
        """Submit a batch of source token lists; see ``Engine.submit``."""
        arguments = (sources, decoding, target_prefix, start_given)
        return RemoteTokens(Call(self._crew, "decode", arguments))

    def score(
        self,
        sources: Sequence[list[str]],
        targets: Sequence[list[str]],
        target_prefix: Sequence[str] = (),
        start_given: int = 0,
        batch_tokens: int = 1024,
    ) -> list[list[float]]:
        """Natural log-probabilities of given target tokens; see ``Engine.score``."""
        arguments = (sources, targets, target_prefix, start_given, batch_tokens)
        scores: list[list[float]] = Call(self._crew, "score", arguments).result()
        return scores

    def close(self) -> None:
        """End the workers, and the cluster if it was started for them."""
        self._session.close()
