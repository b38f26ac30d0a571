"""DeepL's API, version 2, so that its clients work unchanged.

See https://developers.deepl.com/docs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from s2scli.errors import BadInputError, S2SError
from s2scli.languages.codes import english_name, primary_code
from s2scli.server.pool import ModelRequest
from s2scli.server.reading import text_of, texts_of
from s2scli.server.service import (
    STRING,
    TEXTS,
    Endpoint,
    MissingError,
    Service,
    retry_of,
    status_of,
)
from s2scli.server.sources import by_source

__all__ = ["ENDPOINTS", "failure", "options_of", "refuse_unserved"]

# What asks for nothing that this server would not do anyway, and the values that do.
HARMLESS: dict[str, tuple[str, ...]] = {
    "formality": ("default", "prefer_more", "prefer_less"),
    "model_type": ("latency_optimized", "quality_optimized", "prefer_quality_optimized"),
    "split_sentences": ("1", "default"),
    "preserve_formatting": ("0", "false"),
    "outline_detection": ("1", "true"),
    "tag_handling_version": ("v1", "v2"),
    "show_billed_characters": ("0", "1", "false", "true"),
    "enable_beta_languages": ("0", "1", "false", "true"),
    "auth_key": (),
    "api_key": (),
}
KNOWN = ("text", "source_lang", "target_lang", "tag_handling", "glossary_id")
TAGS = ("xml", "html")


def failure(error: S2SError) -> Response:
    """An error as this API writes it."""
    return JSONResponse({"message": str(error)}, status_of(error), retry_of(error))


async def translate(service: Service, request: Request) -> Response:
    """``POST /v2/translate``."""
    fields = await service.admit(request)
    refuse_unserved(fields, KNOWN)
    texts = texts_of(fields, "text")
    target = text_of(fields, "target_lang")
    if target is None:
        raise BadInputError("The field target_lang is missing")
    wanted = ModelRequest("translate", text_of(fields, "source_lang"), target)
    options, handling = options_of(service, fields), _handling(fields)

    async def translated(some: Sequence[str], asked: ModelRequest) -> list[list[str]]:
        if handling == "html":
            return await service.translate_html(request, some, asked, **options)
        tags = handling is not None  # of XML; they stay as they are
        return await service.translate_texts(request, some, asked, protect=tags, **options)

    service.limits.check_texts(texts)
    found = await by_source(texts, wanted, service.pool.models, translated)
    return JSONResponse(
        {
            "translations": [
                {
                    "detected_source_language": primary_code(likely.language).upper(),
                    "text": hypotheses[0],
                    "billed_characters": len(text),
                }
                for text, (likely, hypotheses) in zip(texts, found, strict=True)
            ]
        }
    )


def options_of(service: Service, fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields ask of the translation: a glossary, if one is named.

    Raises:
        MissingError: there is no such glossary.
        BadInputError: it is for other languages.
    """
    number = text_of(fields, "glossary_id")
    if number is None:
        return {}
    glossary = service.glossaries.get(number)
    if glossary is None:
        raise MissingError(f"There is no glossary {number!r}")
    for name, language in (("source_lang", glossary.source), ("target_lang", glossary.target)):
        given = text_of(fields, name)
        if given is None or primary_code(given) != language:
            raise BadInputError(
                f"The glossary {number!r} is from {glossary.source} to {glossary.target}",
                f"Give {name} as {language.upper()}.",
            )
    return {"glossary": glossary.entries}


def refuse_unserved(fields: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse what DeepL does and this server does not, and pass over what asks for nothing.

    Raises:
        BadInputError: a field asks for something that this server does not do.
    """
    for name, value in fields.items():
        if name in known or value in (None, "", []):
            continue
        if name not in HARMLESS or (HARMLESS[name] and str(value).lower() not in HARMLESS[name]):
            raise BadInputError(f"This server has no {name} {value!r}", "Leave it out.")


def _handling(fields: Mapping[str, Any]) -> str | None:
    """How tags are handled; None for texts without any.

    Raises:
        BadInputError: there is no such handling.
    """
    handling = text_of(fields, "tag_handling")
    if handling is not None and handling not in TAGS:
        raise BadInputError(f"There is no tag_handling {handling!r}", "Known: xml, html.")
    return handling


async def languages(service: Service, request: Request) -> Response:
    """``/v2/languages``."""
    fields = await service.admit(request, ("type",))
    kind = text_of(fields, "type") or "source"
    if kind not in ("source", "target"):
        raise BadInputError(f"There is no type {kind!r}", "Known: source, target.")
    found: dict[str, dict[str, Any]] = {}
    for model in service.translating():
        manifest = model.manifest
        known = manifest.source_languages if kind == "source" else manifest.target_languages
        for code in map(primary_code, known):
            row: dict[str, Any] = {"language": code.upper(), "name": english_name(code)}
            found[code] = row if kind == "source" else {**row, "supports_formality": False}
    return JSONResponse([found[code] for code in sorted(found)])


async def usage(service: Service, request: Request) -> Response:
    """``/v2/usage``."""
    await service.admit(request)
    # There is no limit; their clients need a number.
    return JSONResponse({"character_count": service.metrics.characters, "character_limit": 10**12})


ENDPOINTS = (
    Endpoint(
        "POST",
        "/v2/translate",
        translate,
        "Translate texts.",
        {
            "text": TEXTS,
            "source_lang": STRING,
            "target_lang": STRING,
            "tag_handling": {"type": "string", "enum": [*TAGS]},
            "glossary_id": STRING,
        },
        {"type": "object"},
    ),
    *(
        Endpoint(method, path, handle, summary, fields, {"type": answer})
        for path, handle, summary, fields, answer in (
            (
                "/v2/languages",
                languages,
                "List languages.",
                {"type": {"type": "string", "enum": ["source", "target"]}},
                "array",
            ),
            ("/v2/usage", usage, "How many characters were translated.", {}, "object"),
        )
        for method in ("GET", "POST")
    ),
)
