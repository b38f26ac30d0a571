"""When tokens are chosen from a model's lexical shortlist.

A shortlist limits each step of a search to the target tokens that its sources may yield (see
``s2scli.models.shortlist``). The candidates of a batch are those of all its sources together, and
probabilities are shares among them: a score is a little higher than over the whole vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from s2scli.data import Decoding, Piece
from s2scli.disk.hashes import short_digest
from s2scli.errors import UsageError
from s2scli.models.enginenames import CTRANSLATE2
from s2scli.models.manifest import LEXICON_FILE

if TYPE_CHECKING:
    from s2scli.inference.model import Model

__all__ = ["apart", "shortlisted_by_default", "with_shortlist"]

# What a shortlist serves whatever its value; for the rest it was checked with the model's own.
FREE = frozenset(
    (
        *("beam_size", "length_penalty", "patience", "max_length", "max_ratio"),
        *("alignment", "detail", "replace_unknowns", "shortlist"),
    )
)


def with_shortlist(model: Model, decoding: Decoding) -> Decoding:
    """The same decoding with the model's shortlist.

    Args:
        model: the model, ready for its job.
        decoding: the options.

    Raises:
        UsageError: the model has none for its languages, or the options need the whole vocabulary.
    """
    if why := _obstacle(model):
        raise UsageError(*why)
    found = replace(decoding, shortlist=_name(model))
    if not found.is_shortlisted:
        raise UsageError(
            "A shortlist serves one output of the engine's own search: no n-best list, sample, "
            "prefix, coverage penalty or reference search"
        )
    return found


def shortlisted_by_default(model: Model, decoding: Decoding) -> Decoding:
    """The same decoding, with the model's shortlist if it was checked for such a one.

    Args:
        model: the model, ready for its job.
        decoding: the options.
    """
    if model.manifest.shortlist is None or _obstacle(model):
        return decoding
    own = asdict(model.decoding({}))
    given = asdict(decoding).items()
    if any(value != own[name] for name, value in given if name not in FREE):
        return decoding
    return replace(decoding, shortlist=_name(model))


def apart(blocks: Iterable[list[Piece]], model: Model, decoding: Decoding) -> Iterator[list[Piece]]:
    """The same pieces; those that the shortlist does not serve are decoded without it.

    The engine would see to that too, but batch by batch: here and there a few sources that are
    decoded together cost several times what they cost in batches of their own.

    Args:
        blocks: lists of pieces.
        model: what decodes them.
        decoding: the options of the run, with the shortlist.
    """
    if model.manifest.shortlist is None:  # that of a student, which has something for all tokens
        yield from blocks
        return
    reach = model.shortlist_reach
    for block in blocks:
        ready = []
        for piece in block:
            own = piece.decoding or decoding
            if own.shortlist and not reach.serves(piece.tokens):
                piece = piece._replace(decoding=replace(own, shortlist=""))
            ready.append(piece)
        yield ready


def _obstacle(model: Model) -> tuple[str, str] | None:
    """Why a model's shortlist cannot be used, and what to do; None if it can."""
    record, name = model.manifest.shortlist, model.manifest.name
    if not model.is_local:
        return "A shortlist is for models on this machine, not for a cluster", "Leave it out."
    if LEXICON_FILE in model.manifest.files:
        return None
    if model.manifest.engine != CTRANSLATE2:
        return f"The model {name} has no shortlist, and its engine takes none", "Leave it out."
    if record is None:
        return f"The model {name} has no shortlist", "Make one: s2s models shortlist --help."
    languages = (model.source_language, model.target_language)
    if record.languages != languages:
        made, asked = "-".join(record.languages), "-".join(languages)
        return f"The shortlist of {name} is for {made}, not for {asked}", "Leave it out."
    return None


def _name(model: Model) -> str:
    record = model.manifest.shortlist
    if record is None:
        return short_digest(model.manifest.files[LEXICON_FILE].sha256)
    return record.name
