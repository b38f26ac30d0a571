"""What a user wants results to be reranked by, checked before any work starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from s2scli.data import Decoding
from s2scli.errors import UsageError
from s2scli.inference.frame import Frame, Job
from s2scli.inference.model import Model
from s2scli.inference.scoring.comet import CometScorer
from s2scli.models.store import Installed, Wish, check_languages, find_model
from s2scli.tasks.learned.comet import quality_estimator
from s2scli.tasks.learned.models import scoring_wish
from s2scli.tasks.rerank.components import QUALITY, REVERSE, Component, parse
from s2scli.tasks.rerank.ranking import Ranker
from s2scli.tasks.rerank.step import RerankStep

__all__ = ["Opener", "Reranking"]

# Loads a model for a job.
Opener = Callable[[Installed, Job], Model]
TASK = "translate"


class Reranking(NamedTuple):
    """What hypotheses are ranked by, with the models that are found for it.

    Attributes:
        components: what by.
        models: the model of each component that forces one, by the component's name.
        candidates: how many hypotheses a text is to have; 0 for all that the search keeps.
        estimators: the model of each component that estimates quality, by the same.
    """

    components: tuple[Component, ...]
    models: Mapping[str, Installed]
    candidates: int = 0
    estimators: Mapping[str, CometScorer] = MappingProxyType({})

    @classmethod
    def of(
        cls, specs: str | Sequence[str], candidates: int = 0, registry: Path | None = None
    ) -> Reranking:
        """From what a person wrote (see ``s2scli.tasks.rerank.components``).

        Args:
            specs: one component or several.
            candidates: how many hypotheses; 0 for all that the search keeps.
            registry: a registry of the user's, to find models in.

        Raises:
            UsageError: a component is none, or its model reads images.
            UnavailableError: a model is not installed.
        """
        several = [specs] if isinstance(specs, str) else specs
        if not isinstance(several, Sequence) or not all(isinstance(one, str) for one in several):
            raise UsageError(f"rerank is {specs!r}", "It must be a text, or a list of texts.")
        components = parse(several)
        models = {
            component.name: find_model(
                Wish(
                    component.argument,
                    TASK,
                    registry=registry,
                    option=f"--rerank {component.kind}:",
                )
            )
            for component in components
            if component.forces
        }
        estimators = {
            component.name: quality_estimator(
                scoring_wish(component.argument, f"--rerank {component.kind}:", registry)
            )
            for component in components
            if component.kind == QUALITY
        }
        for name, found in models.items():
            if found.manifest.images is not None:
                raise UsageError(f"--rerank {name}: the model reads images, not texts")
        return cls(components, models, candidates, estimators)

    @property
    def signature(self) -> str:
        """Its components, with the weights and the hashes of the models."""
        parts = []
        for component in self.components:
            if component.weight:
                found = self.models.get(component.name)
                name = f"{component.kind}-{found.manifest.fingerprint}" if found else component.name
                if estimator := self.estimators.get(component.name):
                    name = f"{component.kind}-{estimator.encoder.manifest.fingerprint}"
                parts.append(f"{name}={component.weight:g}")
        return "+".join([*parts, f"candidates={self.candidates or 'beam'}"])

    def step(self, model: Model, decoding: Decoding, open_: Opener) -> RerankStep:
        """The step that reranks what a model decodes.

        With a language between, hypotheses are the last model's; other models compare them with
        the text itself.

        Args:
            model: the model.
            decoding: how it decodes.
            open_: loads other models.

        Raises:
            UsageError: there is only one hypothesis to choose from, or another model does not
                speak the languages.
        """
        count = self.candidates or max(decoding.beam_size, decoding.n_best)
        if count < 2:
            raise UsageError(
                "--rerank has nothing to choose from, with one hypothesis for each text",
                "Add --candidates 8 (candidates=8 in Python).",
            )
        if count < decoding.n_best:
            raise UsageError(
                f"{count} candidates are fewer than the {decoding.n_best} hypotheses wanted"
            )
        return RerankStep(self.ranker(*model.languages, open_), count, self.signature)

    def ranker(self, source: str | None, target: str | None, open_: Opener) -> Ranker:
        """What ranks lists of hypotheses.

        Args:
            source: the language of the sources, if known.
            target: the language of the hypotheses, if known.
            open_: loads other models.

        Raises:
            UsageError: a model does not speak the languages.
        """
        jobs = {}
        for component in self.components:
            if component.forces:
                pair = (target, source) if component.kind == REVERSE else (source, target)
                jobs[component.name] = self._job(component, *pair)

        def opened(component: Component) -> Model:
            return open_(self.models[component.name], jobs[component.name])

        return Ranker(self.components, opened, self.estimators)

    def _job(self, component: Component, source: str | None, target: str | None) -> Job:
        """What a component's model is to do.

        Raises:
            UsageError: it does not speak the languages, or needs one that is not known.
        """
        manifest = self.models[component.name].manifest
        job = Job(TASK, source or None, target or None)
        try:
            check_languages(manifest, job.source_language, job.target_language)
            Frame.of(manifest, job)
        except UsageError as error:
            raise UsageError(f"--rerank {component.name}: {error.message}", error.advice) from error
        return job
