"""A shortlist is made, checked against the whole vocabulary, and made larger until it holds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from s2scli.errors import BadInputError, GateError, UsageError
from s2scli.inference.engines.ctranslate2 import CTranslate2Engine
from s2scli.inference.model import Model
from s2scli.inference.suppression import target_vocabulary
from s2scli.models.manifest import SHORTLIST_FILE, ShortlistRecord
from s2scli.models.shortlist import save_shortlist
from s2scli.tasks.shortlist.checking import Check, Promise, Trial
from s2scli.tasks.shortlist.choice import SIZES, Size, choose
from s2scli.tasks.shortlist.yields import Tell, count

__all__ = ["Material", "make_shortlist", "none_holds"]

FEWEST, ONE_IN = 150, 10
FEWEST_HELD_OUT, MOST_HELD_OUT = 100, 1000
CHECKING = "checking"


class Material(NamedTuple):
    """The texts that a shortlist is made from.

    Attributes:
        lines: what it is counted on.
        held_out: what it is checked on.
        references: a translation of each of these; empty if there are none.
        hashes: the SHA-256 of each file with the lines.
    """

    lines: Sequence[str]
    held_out: Sequence[str]
    references: Sequence[str] = ()
    hashes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        texts: Sequence[str],
        check: Sequence[str] | None = None,
        references: Sequence[str] | None = None,
    ) -> Material:
        """The material in some texts, each line once.

        Args:
            texts: the content of the files to count on.
            check: the lines to check on; None to hold out a tenth of the others.
            references: a translation of each of these.

        Raises:
            BadInputError: the texts are too few, or there are not as many references as lines.
        """
        every = dict.fromkeys(line for text in texts for line in _lines(text))
        held_out = list(check or ())
        if check is None:
            many = min(MOST_HELD_OUT, max(FEWEST_HELD_OUT, len(every) // ONE_IN))
            held_out = list(every)[:: max(1, len(every) // many)][:many]
        if references is not None and len(references) != len(held_out):
            raise BadInputError(
                f"There are {len(references)} references for {len(held_out)} lines to check on"
            )
        left = every.keys() - set(held_out)
        lines = [line for line in every if line in left]
        if len(lines) < FEWEST or not held_out:
            raise BadInputError(
                f"There are {len(lines)} lines to count on; at least {FEWEST} are needed",
                "Give more text: 20,000 lines and more make a good shortlist.",
            )
        hashes = tuple(sha256(text.encode()).hexdigest() for text in texts)
        return cls(lines, held_out, references or (), hashes)


def make_shortlist(
    model: Model,
    directory: Path,
    material: Material,
    tell: Tell,
    equal: float = Promise().equal,
    longest: int = 0,
    sizes: Sequence[Size] = SIZES,
) -> ShortlistRecord:
    """Make a shortlist and store it in the model directory.

    Args:
        model: the model in that directory, ready to translate between two languages.
        directory: the model directory.
        material: the texts.
        tell: told how far it is.
        equal: share of translations that must be the same.
        longest: how many tokens a source has at most that it is used for, without the model's own;
            0 for any number.
        sizes: how large it may be, the first that holds.

    Raises:
        UsageError: the model has another engine.
        BadInputError: there is too little to check on.
        GateError: no shortlist is good enough.
        CannotCreateError: the directory may not be written to.
    """
    vocabulary, engine = target_vocabulary(directory), model.engine
    if not isinstance(engine, CTranslate2Engine) or vocabulary is None:
        raise UsageError(
            f"{model.manifest.name} runs by {model.manifest.engine}, which takes no shortlist"
        )
    promise = Promise(equal)
    frame = (*model.frame.prefix, *model.frame.suffix)
    longest = longest and longest + len(frame)
    trial = Trial(model, *_held_out(model, material), promise, longest)
    yields = count(model, engine, _encoded(model, material.lines), tell)
    for number, size in enumerate(sizes):
        tell(CHECKING, number, len(sizes))
        shortlist = choose(yields, vocabulary, size, frame)
        if not (trial.could_hold(shortlist) or size is sizes[-1]):
            continue
        data = shortlist.encoded()
        record = _unchecked(model, material, yields.lines, size, data, longest)
        with _with_shortlist(model, directory, data, record) as loaded:
            check = trial.check(shortlist, loaded)
        if check.holds(promise):
            record = _checked(record, check, trial)
            save_shortlist(directory, model.manifest, data, record)
            return record
    raise none_holds(check, equal)


def none_holds(check: Check, equal: float) -> GateError:
    """What is said of the largest shortlist."""
    advice = "Count on more text, or on text that is more like the lines to check on"
    if check.longest:
        advice += f", or use it for shorter lines alone: --longest {check.longest}"
    return GateError(
        f"No shortlist surely keeps {equal:.1%} of the translations: the largest is used for "
        f"{check.known:.1%} of the lines and keeps {check.equal:.1%} of these",
        f"{advice}.",
    )


@contextmanager
def _with_shortlist(
    model: Model, directory: Path, data: bytes, record: ShortlistRecord
) -> Iterator[Model]:
    """The model, loaded beside with a shortlist that is not in its directory yet."""
    with tempfile.TemporaryDirectory(prefix="s2s-") as name:
        beside = Path(name)
        for file in model.manifest.files:
            (beside / file).symlink_to((directory / file).resolve())
        (beside / SHORTLIST_FILE).write_bytes(data)
        loaded = model.reloaded(beside, model.manifest._replace(shortlist=record))
        try:
            yield loaded
        finally:
            loaded.engine.close()


def _unchecked(
    model: Model, material: Material, lines: int, size: Size, data: bytes, longest: int
) -> ShortlistRecord:
    """How a shortlist was made; what its check finds is not known yet."""
    return ShortlistRecord(
        len(data),
        sha256(data).hexdigest(),
        (model.source_language, model.target_language),
        size.frequent,
        size.per_token,
        lines,
        material.hashes,
        candidates=0,
        checked=0,
        equal=0.0,
        longest=longest,
        share=size.share,
    )


def _checked(record: ShortlistRecord, check: Check, trial: Trial) -> ShortlistRecord:
    """The same with what its check has found."""
    bleu = check.bleu or (None, None)
    with_it, without = (None if score is None else round(score, 2) for score in bleu)
    return record._replace(
        candidates=check.candidates,
        checked=len(trial.sources),
        equal=round(check.equal, 4),
        bleu=with_it,
        bleu_without=without,
        beams=trial.beams,
        known=round(check.known, 4),
        sure=round(check.sure, 4),
        alike=round(check.alike, 2),
        faster=round(check.faster, 2),
    )


def _lines(text: str) -> Iterator[str]:
    return (line for line in map(str.strip, text.split("\n")) if line)


def _encoded(model: Model, lines: Sequence[str]) -> list[list[str]]:
    """The tokens of the lines that fit into the model."""
    return [tokens for tokens in model.encode(lines) if 0 < len(tokens) <= model.budget]


def _held_out(model: Model, material: Material) -> tuple[list[list[str]], list[str]]:
    """The tokens of what is checked, and the references of those that fit into the model."""
    rows = model.encode(material.held_out)
    fit = [0 < len(tokens) <= model.budget for tokens in rows]
    pairs = zip(material.references, fit, strict=False)
    references = [reference for reference, fits in pairs if fits]
    return [tokens for tokens, fits in zip(rows, fit, strict=True) if fits], references
