"""Files of SQuAD's form (Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250), 1.1 and 2.0."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from s2scli.errors import BadInputError
from s2scli.metrics.answers import normalized
from s2scli.tasks.answer import Question
from s2scli.text.reading import Replaced, checked

__all__ = ["read_squad"]


def read_squad(
    name: str, text: str, errors: str = "strict", replaced: Replaced | None = None
) -> Iterator[Question]:
    """The questions of a file, in its order.

    A question of version 2.0 that has no answer (or none with a word that counts) has the empty
    text for its only reference, as in the official evaluation.

    Args:
        name: the file's name.
        text: its content.
        errors: ``strict``, or ``replace`` for U+FFFD instead of halves of characters.
        replaced: told of each question in which something was replaced.

    Raises:
        BadInputError: the file is of another form.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{name} is not valid JSON: {error}", "A SQuAD file must be.") from None

    def text_of(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(f"a text; it has {value!r}")
        return checked(value, f"{name}: question {index + 1}", errors, replaced)

    try:
        index = 0
        for article in content["data"]:
            for paragraph in article["paragraphs"]:
                context = text_of(paragraph["context"])
                for entry in paragraph["qas"]:
                    yield _question(index, entry, context, text_of)
                    index += 1
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInputError(
            f"{name} is not in SQuAD's form: question {index + 1} lacks {error}",
            "It needs data[].paragraphs[].context and .qas[].question and .id.",
        ) from None


def _question(
    index: int, entry: dict[str, Any], context: str, text_of: Callable[[Any], str]
) -> Question:
    answers = [_reference(answer["text"]) for answer in entry.get("answers", [])]
    known = tuple(text for text in answers if normalized(text))
    # An identifier is only passed through.
    if not isinstance(entry["id"], str):
        raise TypeError(f"an id that is text; it has {entry['id']!r}")
    return Question(index, text_of(entry["question"]), context, entry["id"], known or ("",))


def _reference(value: Any) -> str:
    """A right answer, which outputs are only compared with: no reason to end a run."""
    if not isinstance(value, str):
        raise TypeError(f"an answer that is text; it has {value!r}")
    return checked(value, "", "replace")
