"""The models of learned metrics, found by name; each is opened once, whoever asks for it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from s2scli.data import SCORE
from s2scli.inference.engines import engine_versions
from s2scli.inference.scoring.bertscore import BertScorer
from s2scli.inference.scoring.comet import CometScorer
from s2scli.inference.scoring.encoder import ScoringEncoder
from s2scli.models.manifest import Manifest
from s2scli.models.store import Wish, find_model
from s2scli.tasks.signature import plain_value

__all__ = ["bert_scorer", "comet_scorer", "cut_remark", "model_facts", "scoring_wish"]

MOST_OPEN = 4


def scoring_wish(name: str, option: str, registry: Path | None = None) -> Wish:
    """A wish for a model that scores.

    Args:
        name: alias, hub id or directory.
        option: what stands before it on the command line.
        registry: a registry of the user's, to find it in.
    """
    return Wish(name, SCORE, registry=registry, option=option)


def comet_scorer(wish: Wish) -> CometScorer:
    """A model of COMET's.

    Args:
        wish: the model; see ``scoring_wish``.

    Raises:
        NotInstalledError: it is known, but not installed.
        UnavailableError: it is unknown, or ONNX Runtime is not installed.
        InvalidModelError: it is damaged.
        UsageError: it is another kind of model.
    """
    return _comet(find_model(wish).directory)


def bert_scorer(wish: Wish) -> BertScorer:
    """An encoder for BERTScore; takes and raises what ``comet_scorer`` does."""
    return _bertscore(find_model(wish).directory)


@lru_cache(MOST_OPEN)
def _comet(directory: Path) -> CometScorer:
    return CometScorer(directory, Manifest.load(directory))


@lru_cache(MOST_OPEN)
def _bertscore(directory: Path) -> BertScorer:
    return BertScorer(directory, Manifest.load(directory))


def model_facts(encoder: ScoringEncoder) -> dict[str, str]:
    """What a signature says of a model: its name, its hash, how it computes and by what."""
    manifest = encoder.manifest
    versions = engine_versions(manifest.engine).items()
    return {
        "model": plain_value(manifest.name),
        "hash": manifest.fingerprint,
        "type": encoder.compute_type,
        "engine": "+".join(f"{package}-{version}" for package, version in versions),
    }


def cut_remark(count: int, metric: str) -> tuple[str, ...]:
    """What a user should know of segments that were not read whole."""
    if not count:
        return ()
    return (f"{metric}: segments longer than the model reads, whose ends do not count: {count}",)
