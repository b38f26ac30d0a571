"""What people give to a model in Python, checked, and the shape of what they get."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from s2scli.data import Decoding
from s2scli.errors import UsageError, WrongTypeError
from s2scli.inference.decoding import copying, named_decoding
from s2scli.inference.model import Model
from s2scli.text.reading import checked
from s2scli.typed import refusal

if TYPE_CHECKING:  # each task is imported when it is first asked for
    from s2scli.session import Session
    from s2scli.tasks.answer import Question
    from s2scli.tasks.rerank.step import RerankStep
    from s2scli.tasks.steps import Step
    from s2scli.tasks.summary import SourceText, Strategy
    from s2scli.text.glossary import Glossary

__all__ = [
    "asked",
    "checked_text",
    "documents",
    "file_names",
    "numbered",
    "plan_of",
    "refuse_several",
    "reranker",
    "shaped",
    "translating",
]

T = TypeVar("T")
R = TypeVar("R")


def plan_of(length: str | None, strategy: str, overlap: int) -> Strategy:
    """How documents are summarized, from a person's terms."""
    from s2scli.tasks.lengths import Length
    from s2scli.tasks.summary import Strategy

    return Strategy(strategy, None if length is None else Length.parse(length), overlap)


def refuse_several(decoding: Mapping[str, Any]) -> None:
    """Refuse more than one hypothesis where only the best is used.

    Raises:
        UsageError: more are asked for.
    """
    if decoding.get("n_best", 1) not in (1, None):
        raise UsageError("n_best is for translate and generate; here only the best one is used")
    if decoding.get("prefix"):
        raise UsageError("A prefix is for translate and generate")


def shaped(given: Any, single: bool, run: Callable[[Iterable[T]], Iterator[R]]) -> Any:
    """Results in the shape of the input: one for one, a list for a collection (which has a size),
    otherwise an iterator.

    Raises:
        WrongTypeError: it is neither a text nor texts.
    """
    if single:
        (result,) = run([given])
        return result
    if isinstance(given, bytes | bytearray | Mapping) or not isinstance(given, Iterable):
        raise WrongTypeError(refusal("What is given", given, "a text or an iterable of texts"))
    return list(run(given)) if isinstance(given, Collection) else run(given)


def numbered(texts: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Texts with their numbers, checked."""
    return ((number, checked_text(number, text)) for number, text in enumerate(texts))


def checked_text(number: int, text: str) -> str:
    """A text, checked.

    Raises:
        WrongTypeError: it is something else.
        BadInputError: it contains something other than text.
    """
    if not isinstance(text, str):
        raise WrongTypeError(refusal(f"Text {number} (from 0)", text, "a text"))
    return checked(text, f"Text {number} (from 0)")


def file_names(paths: Iterable[str | Path]) -> Iterator[tuple[int, str]]:
    """Names of files with their numbers, checked.

    Raises:
        WrongTypeError: one is something else.
    """
    for number, path in enumerate(paths):
        if not isinstance(path, str | PathLike):
            raise WrongTypeError(refusal(f"File {number} (from 0)", path, "a text or a path"))
        yield number, str(path)


def documents(items: Iterable[str | SourceText]) -> Iterator[SourceText]:
    """Documents with their numbers, checked.

    Raises:
        WrongTypeError: one is no text.
        BadInputError: one contains something other than text.
    """
    from s2scli.tasks.summary import SourceText

    for number, item in enumerate(items):
        text = checked_text(number, item.text if isinstance(item, SourceText) else item)
        yield item if isinstance(item, SourceText) else SourceText(number, str(number + 1), text)


def asked(items: Iterable[Question | tuple[str, str]]) -> Iterator[Question]:
    """Questions with their contexts, checked.

    Raises:
        WrongTypeError: one is no pair of texts.
        BadInputError: one contains something other than text.
    """
    from s2scli.tasks.answer import Question

    for number, item in enumerate(items):
        if isinstance(item, Question):
            checked_text(number, item.text), checked_text(number, item.context)
            yield item
            continue
        if not isinstance(item, tuple | list) or len(item) != 2:
            pair = "a pair of a question and its context"
            raise WrongTypeError(refusal(f"Question {number} (from 0)", item, pair))
        question, context = (checked_text(number, text) for text in item)
        yield Question(number, question, context)


def reranker(
    session: Session,
    specs: str | Sequence[str],
    candidates: int,
    decoding: Decoding,
    model: Model,
) -> RerankStep | None:
    """The step that reranks translations, as for ``Session.reranker``; None if nothing asks for it.

    Raises:
        UsageError: only a number of candidates is given.
    """
    if specs:
        return session.reranker(specs, candidates, decoding, model)
    if candidates:
        raise UsageError("candidates has no effect without rerank")
    return None


def translating(
    model: Model,
    options: dict[str, Any],
    protect: bool | Sequence[str],
    glossary: Mapping[str, str] | Glossary | None,
    *,
    copies: bool = False,
    details: bool = False,
    begun: bool = False,
) -> tuple[Decoding, list[Step]]:
    """How texts are decoded, and what happens to their translations, but for ranks.

    Args:
        model: what translates.
        options: fields of ``Decoding``, and what ``Guarding.of`` takes.
        protect: whether placeholders and the like must be kept, or patterns of what else must be.
        glossary: terms and their translations.
        copies: whether words of the source replace unknown tokens.
        details: whether hypotheses come with their tokens.
        begun: whether each translation has a prefix of its own.

    Raises:
        UsageError: an option is unknown, or excludes another.
    """
    from s2scli.tasks.guarding import REPAIR, Guarding

    guarding = Guarding.taken_from(options)
    chosen = named_decoding(model, options)
    steps: list[Step] = []
    if protect or glossary:
        from s2scli.tasks.demands import steps_for

        steps = steps_for(protect, glossary, begun=begun or bool(chosen.prefix))
    if guarding.mode == REPAIR and (begun or chosen.prefix):
        raise UsageError("A prefix cannot be combined with the guard's repair")
    if guarding.is_on:
        from s2scli.tasks.guard import guarded

        steps = guarded(steps, guarding, model)
    if copies:
        chosen = copying(model, chosen)
    if details:
        from s2scli.tasks.inside import detailed

        chosen = detailed(model, chosen, given=bool(protect or glossary or guarding.signature))
    return chosen, steps
