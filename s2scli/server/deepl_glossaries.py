"""DeepL's glossaries, version 2."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from s2scli.errors import BadInputError
from s2scli.languages.codes import primary_code
from s2scli.server.glossaries import StoredGlossary, parse_entries
from s2scli.server.pool import ModelRequest, NoModelError
from s2scli.server.reading import text_of
from s2scli.server.service import STRING, Endpoint, MissingError, Service

__all__ = ["ENDPOINTS", "stored"]

NAMES = ("name", "source_lang", "target_lang", "entries", "entries_format")


def stored(service: Service, number: str) -> StoredGlossary:
    """The glossary of a number.

    Raises:
        MissingError: there is none.
    """
    found = service.glossaries.get(number)
    if found is None:
        raise MissingError(f"There is no glossary {number!r}")
    return found


async def create(service: Service, request: Request) -> Response:
    """``POST /v2/glossaries``."""
    fields = await service.admit(request, NAMES)
    values: dict[str, str] = {}
    for name in NAMES:
        value = text_of(fields, name)
        if value is None:
            raise BadInputError(f"The field {name} is missing")
        values[name] = value
    source, target = (primary_code(values[name]) for name in NAMES[1:3])
    try:
        service.pool.choose(ModelRequest("translate", source, target))
    except NoModelError as error:
        raise BadInputError(error.message) from error
    entries = parse_entries(values["entries"], values["entries_format"])
    made = service.glossaries.add(values["name"], source, target, entries)
    return JSONResponse(made.facts(), 201)


async def listed(service: Service, request: Request) -> Response:
    """``GET /v2/glossaries``."""
    await service.admit(request)
    return JSONResponse({"glossaries": [each.facts() for each in service.glossaries.all()]})


async def shown(service: Service, request: Request) -> Response:
    """``GET /v2/glossaries/{number}``."""
    await service.admit(request)
    return JSONResponse(stored(service, request.path_params["number"]).facts())


async def entries(service: Service, request: Request) -> Response:
    """``GET /v2/glossaries/{number}/entries``."""
    await service.admit(request)
    found = stored(service, request.path_params["number"]).entries
    lines = "\n".join(f"{term}\t{target}" for term, target in found.items())
    return PlainTextResponse(lines, media_type="text/tab-separated-values")


async def deleted(service: Service, request: Request) -> Response:
    """``DELETE /v2/glossaries/{number}``."""
    await service.admit(request)
    stored(service, request.path_params["number"])
    service.glossaries.drop(request.path_params["number"])
    return Response(status_code=204)


async def pairs(service: Service, request: Request) -> Response:
    """``GET /v2/glossary-language-pairs``."""
    await service.admit(request)
    found: dict[tuple[str, str], None] = {}
    for model in service.translating():
        for source in map(primary_code, model.manifest.source_languages):
            for target in map(primary_code, model.manifest.target_languages):
                if source != target:
                    found[source, target] = None
    rows = [{"source_lang": source, "target_lang": target} for source, target in found]
    return JSONResponse({"supported_languages": rows})


OBJECT: dict[str, Any] = {"type": "object"}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/v2/glossaries",
        create,
        "Make a glossary; it lasts as long as the server runs.",
        {**dict.fromkeys(NAMES, STRING), "entries_format": {"enum": ["tsv", "csv"]}},
        OBJECT,
        status=201,
    ),
    Endpoint("GET", "/v2/glossaries", listed, "List glossaries.", {}, OBJECT),
    Endpoint("GET", "/v2/glossaries/{number}", shown, "What a glossary is.", {}, OBJECT),
    Endpoint("GET", "/v2/glossaries/{number}/entries", entries, "Its entries, as TSV."),
    Endpoint("DELETE", "/v2/glossaries/{number}", deleted, "Delete a glossary.", status=204),
    Endpoint("GET", "/v2/glossary-language-pairs", pairs, "Languages of glossaries.", {}, OBJECT),
)
