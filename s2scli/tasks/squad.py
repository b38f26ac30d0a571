"""Files of SQuAD's form (Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250), 1.1 and 2.0."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from s2scli.errors import BadInputError
from s2scli.metrics.answers import normalized
from s2scli.tasks.answer import Question

__all__ = ["read_squad"]


def read_squad(name: str, text: str) -> Iterator[Question]:
    """The questions of a file, in its order.

    A question of version 2.0 that has no answer (or none with a word that counts) has the empty
    text for its only reference, as in the official evaluation.

    Raises:
        BadInputError: the file is of another form.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInputError(f"{name} is no JSON: {error}", "SQuAD's files are.") from None
    try:
        index = 0
        for article in content["data"]:
            for paragraph in article["paragraphs"]:
                context = _text(paragraph["context"])
                for entry in paragraph["qas"]:
                    yield _question(index, entry, context)
                    index += 1
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInputError(
            f"{name} is no file of SQuAD's form: question {index + 1} lacks {error}",
            "It needs data[].paragraphs[].context and .qas[].question and .id.",
        ) from None


def _question(index: int, entry: dict[str, Any], context: str) -> Question:
    answers = tuple(
        text for answer in entry.get("answers", []) if normalized(text := _text(answer["text"]))
    )
    return Question(index, _text(entry["question"]), context, _text(entry["id"]), answers or ("",))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text; it has {value!r}")
    return value
