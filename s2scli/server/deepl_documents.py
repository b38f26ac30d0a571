"""DeepL's documents: sent, asked for, fetched."""

from __future__ import annotations

from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from s2scli.errors import BadInputError
from s2scli.server.deepl import options_of, refuse_unserved
from s2scli.server.files import DONE, Upload
from s2scli.server.pool import ModelRequest
from s2scli.server.reading import text_of
from s2scli.server.service import FILE, STRING, Endpoint, MissingError, Service

__all__ = ["ENDPOINTS"]

KNOWN = ("source_lang", "target_lang", "filename", "glossary_id")


async def upload(service: Service, request: Request) -> Response:
    """``POST /v2/document``."""
    name, data, fields = await service.admit_upload(request)
    refuse_unserved(fields, KNOWN)
    target = text_of(fields, "target_lang")
    if target is None:
        raise BadInputError("The field target_lang is missing")
    wanted = ModelRequest("translate", text_of(fields, "source_lang"), target)
    service.pool.choose(wanted)  # now, not when it is too late to say so
    options = options_of(service, fields)
    document = service.files.add(name, data)
    service.translate_later(document, wanted, **options)
    return JSONResponse({"document_id": document.number, "document_key": document.key})


async def state(service: Service, request: Request) -> Response:
    """``POST /v2/document/{number}``."""
    document = await _document(service, request)
    found: dict[str, Any] = {"document_id": document.number, "status": document.state}
    found["progress"] = round(document.progress, 3)  # DeepL's clients pass it by
    if document.state == DONE:
        found["billed_characters"] = document.characters
    if document.reason:
        found["error_message"] = document.reason
    return JSONResponse(found)


async def result(service: Service, request: Request) -> Response:
    """``POST /v2/document/{number}/result``: the translation; after that it is gone."""
    document = await _document(service, request)
    if document.state != DONE:
        raise BadInputError(f"The document is not done: {document.reason or document.state}")
    return FileResponse(document.target, background=BackgroundTask(service.files.drop, document))


async def _document(service: Service, request: Request) -> Upload:
    """The document that a request names.

    Raises:
        MissingError: there is none of that number and key.
    """
    fields = await service.admit(request)
    found = service.files.get(request.path_params["number"], text_of(fields, "document_key") or "")
    if found is None:
        raise MissingError("There is no document of that id and key")
    return found


ENDPOINTS = (
    Endpoint(
        "POST",
        "/v2/document",
        upload,
        "Send a document to translate, as a form with the field 'file'.",
        {**dict.fromkeys(KNOWN, STRING), "file": FILE},
        {"type": "object"},
    ),
    Endpoint(
        "POST",
        "/v2/document/{number}",
        state,
        "How far a document is.",
        {"document_key": STRING},
        {"type": "object"},
    ),
    Endpoint(
        "POST",
        "/v2/document/{number}/result",
        result,
        "Fetch the translation; after that it is gone.",
        {"document_key": STRING},
    ),
)
