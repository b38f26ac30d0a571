"""The language of texts and documents for which a request names none."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence

from s2scli.errors import BadInputError
from s2scli.languages.codes import english_name, same_language, written_code
from s2scli.languages.detection import LEAST, UNKNOWN, Likely, detect, detectable
from s2scli.models.manifest import Manifest
from s2scli.models.store import Installed, Wish, speaks
from s2scli.server.pool import ModelRequest

__all__ = ["NAME_IT", "by_source", "source_of"]

Translate = Callable[[Sequence[str], ModelRequest], Awaitable[list[list[str]]]]

CLEAR = 0.9  # confidence from which on a text is taken for one in the language of the output
NAME_IT = "Name the source language."


def source_of(text: str, target: str, models: Iterable[Installed]) -> Likely:
    """The language that a text is in: one that a model translates into the target, or the target.

    If there is only one that models translate, a text whose language is not clear is in that.

    Args:
        text: the text; tags in it do not count.
        target: the language of the output, by any name or code.
        models: those that there are.

    Returns:
        The language; ``und`` if no model for the target says what it reads.

    Raises:
        BadInputError: it is not clear, or in a language without a model.
    """
    wish = Wish(None, "translate", None, target)
    read = _read_by(each.manifest for each in models if speaks(each.manifest, wish))
    told = [code for code in read if detectable(code)]
    if not told:
        return Likely(read[0] if len(read) == 1 else UNKNOWN, 0.0)
    plain = re.sub(r"<[^<>]*>", " ", text)
    found = detect(plain, {*told, target} if detectable(target) else told)
    if not found.candidates:  # it has no letters
        return Likely(read[0], 0.0)
    # Short texts are soon like one in the language of the output, and would stay.
    is_doubted = len(read) == 1 and found.confidence < CLEAR
    if found.is_sure and not (is_doubted and same_language(found.language, target)):
        return Likely(found.language, found.confidence)
    if found.confidence >= LEAST:
        if len(read) == 1:
            return Likely(read[0], _confidence(found.candidates, read[0]))
    elif (other := detect(plain)).is_sure:
        raise BadInputError(
            f"The text seems to be in {english_name(other.language)}, and no model on this server "
            f"translates that to {target}",
            NAME_IT,
        )
    raise BadInputError("The language of the text is not clear", NAME_IT)


async def by_source(
    texts: Sequence[str], wanted: ModelRequest, models: Sequence[Installed], translate: Translate
) -> list[tuple[Likely, list[str]]]:
    """Translate each text from its own language; those in that of the output stay as they are.

    Where the request names the source language, all are translated from that.

    Args:
        texts: the texts.
        wanted: has a target; a source language if one is named.
        models: those that there are.
        translate: the hypotheses of texts in one language.

    Returns:
        For each text its language and its hypotheses.

    Raises:
        BadInputError: the language of one is not clear, or there is no model for it.
    """
    if wanted.source:
        named = Likely(wanted.source, 1.0)
        return [(named, hypotheses) for hypotheses in await translate(texts, wanted)]
    target = wanted.target or ""
    found = [source_of(text, target, models) for text in texts]
    outputs = [[text] for text in texts]
    for source in dict.fromkeys(each.language for each in found):
        if source != UNKNOWN and same_language(source, target):
            continue
        places = [place for place, each in enumerate(found) if each.language == source]
        asked = wanted if source == UNKNOWN else wanted._replace(source=source)
        hypotheses = await translate([texts[place] for place in places], asked)
        for place, each in zip(places, hypotheses, strict=True):
            outputs[place] = each
    return list(zip(found, outputs, strict=True))


def _read_by(manifests: Iterable[Manifest]) -> list[str]:
    """The languages that models read, as shortest codes."""
    codes = (
        written_code(code)
        for each in manifests
        for code in (*each.source_languages, *each.tokenizer.source_tokens)
    )
    return list(dict.fromkeys(code for code in codes if code))


def _confidence(found: Sequence[Likely], language: str) -> float:
    return next((each.confidence for each in found if each.language == language), 0.0)
