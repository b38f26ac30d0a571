"""What the guard is to do: how a person says it, and what a run's outputs depend on of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from s2scli.errors import UsageError

if TYPE_CHECKING:
    from s2scli.inference.scoring.comet import CometScorer

__all__ = [
    "BELOW",
    "FAIL",
    "KEEP_SOURCE",
    "MARK",
    "MODES",
    "OFF",
    "QUALITIES",
    "QUALITY_MODEL",
    "REPAIR",
    "SIGN",
    "UNGUARDED",
    "WARN",
    "Guarding",
]

OFF, WARN, REPAIR = MODES = ("off", "warn", "repair")
KEEP_SOURCE, MARK, FAIL = BELOW = ("keep-source", "mark", "fail")
KEYWORDS = ("guard", "min_confidence", "min_quality", "quality_model", "below")
# A summary has no source that could stand in its place, and estimates are made for translations.
OF_TRANSLATIONS = ("min_quality", "quality_model", "below")
QUALITY_MODEL = "wmt22-cometkiwi-da"  # that of the metric cometkiwi
QUALITIES = (-100.0, 100.0)  # most models give about 0 to 1, some standard deviations
SIGN = "[?] "  # what a text begins with that is marked


class Guarding(NamedTuple):
    """What is done with translations that seem wrong.

    Attributes:
        mode: ``off``, ``warn`` (they are noted) or ``repair`` (they are decoded again in other
            ways, and noted).
        min_confidence: the least probability per token, the geometric mean; 0 for any.
        below: what becomes of a translation with less, or less quality: ``keep-source``, ``mark``
            or ``fail`` (the run fails, when it is done); empty for nothing but the note.
        sign: what the text of one that is marked begins with; empty if only its note says so.
        min_quality: the least estimated quality; None for any.
        estimator: the model that estimates it, if there is a limit.
    """

    mode: str = OFF
    min_confidence: float = 0.0
    below: str = ""
    sign: str = SIGN
    min_quality: float | None = None
    estimator: CometScorer | None = None

    @classmethod
    def of(
        cls,
        guard: str = OFF,
        min_confidence: float = 0.0,
        below: str = "",
        sign: str = SIGN,
        min_quality: float | None = None,
        quality_model: str | Path | None = None,
        registry: Path | None = None,
    ) -> Guarding:
        """The same, checked.

        Args:
            guard: the mode.
            min_confidence: as above.
            below: as above.
            sign: as above.
            min_quality: as above.
            quality_model: alias, hub id or directory of the model that estimates quality; None for
                ``QUALITY_MODEL``.
            registry: a registry of the user's, to find it in.

        Raises:
            UsageError: a value is none of those that there are, or has no effect beside others; or
                the model is of another kind.
            UnavailableError: the model is not installed, or ONNX Runtime is not.
        """
        for value, known, what in ((guard, MODES, "guard"), (below or MARK, BELOW, "below")):
            if value not in known:
                raise UsageError(f"{what} is {value!r}", f"Known: {', '.join(known)}.")
        _check_number("min_confidence", min_confidence, 0, 1)
        if min_confidence and guard == OFF:
            raise UsageError("min_confidence has no effect without the guard")
        if below and not min_confidence and min_quality is None:
            raise UsageError("below has no effect without min_confidence or min_quality")
        if quality_model is not None and min_quality is None:
            raise UsageError("quality_model has no effect without min_quality")
        found = cls(guard, float(min_confidence), below, sign)
        if min_quality is None:
            return found
        _check_number("min_quality", min_quality, *QUALITIES)
        if guard == OFF:
            raise UsageError("min_quality has no effect without the guard")
        name = QUALITY_MODEL if quality_model is None else str(quality_model)
        return found._replace(min_quality=float(min_quality), estimator=_opened(name, registry))

    @classmethod
    def taken_from(cls, options: dict[str, Any]) -> Guarding:
        """The keywords of ``KEYWORDS``, taken out of others.

        Raises:
            UsageError: a value is none of those that there are, or has no effect.
            UnavailableError: the model that estimates quality is not there.
        """
        given = {name: options.pop(name) for name in KEYWORDS if name in options}
        if given.get("below") == FAIL:
            raise UsageError("below='fail' is for the command line; here look at the notes")
        return cls.of(**given)

    @classmethod
    def of_summaries(cls, options: dict[str, Any]) -> Guarding:
        """Those that summaries have, taken out of other keywords.

        Raises:
            UsageError: a value is none of those that there are, has no effect, or is for
                translations.
        """
        for name in OF_TRANSLATIONS:
            if options.get(name) is not None:
                raise UsageError(f"{name} is for translations, not for summaries")
        return cls.taken_from(options)

    @property
    def is_on(self) -> bool:
        """Whether there is anything to do."""
        return self.mode != OFF

    @property
    def only_notes(self) -> bool:
        """Whether it looks at translations, without another model, and leaves them as they are."""
        return self.mode == WARN and not self.below and not self.estimator

    @property
    def is_special(self) -> bool:
        """Whether outputs, or what is noted of them, are not those of ``warn`` or ``off``."""
        return self.mode == REPAIR or self.min_confidence > 0 or self.estimator is not None

    @property
    def key(self) -> tuple[object, ...]:
        """All that decides on outputs and on what is noted of them, as plain values."""
        return (self.mode, self.min_confidence, self.below, self.sign, *self._quality)

    @property
    def _quality(self) -> tuple[str, ...]:
        """The limit of quality, and the hash of the model, if there is one."""
        if self.estimator is None:
            return ()
        return "quality", str(self.min_quality), self.estimator.encoder.manifest.fingerprint

    @property
    def signature(self) -> str:
        """What outputs depend on; empty if they are as without the guard."""
        parts = [self.mode] * (self.mode == REPAIR)
        if parts or self.below in (KEEP_SOURCE, MARK):
            parts += [f"{self.min_confidence:g}"] * (self.min_confidence > 0)
            parts += self._quality
            parts += [self.below] * (self.below in (KEEP_SOURCE, MARK))
        return "-".join(["guard", *parts]) if parts else ""


UNGUARDED = Guarding()


def _check_number(name: str, value: object, least: float, most: float) -> None:
    """Refuse what is no number within bounds.

    Raises:
        UsageError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{name} is {value!r}; it must be a number")
    if not least <= value <= most:
        raise UsageError(f"{name} is {value!r}; it goes from {least:g} to {most:g}")


def _opened(name: str, registry: Path | None) -> CometScorer:
    """The model that estimates quality (see ``quality_estimator``)."""
    from s2scli.tasks.learned.comet import quality_estimator  # few runs need it, slow to load
    from s2scli.tasks.learned.models import scoring_wish

    return quality_estimator(scoring_wish(name, "--quality-model ", registry))
