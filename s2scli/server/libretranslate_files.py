"""LibreTranslate's files: sent and translated in one request, fetched in another."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from s2scli.errors import BadInputError
from s2scli.server.files import FAILED
from s2scli.server.pool import ModelRequest
from s2scli.server.reading import refuse_unknown, text_of
from s2scli.server.service import FILE, STRING, Endpoint, MissingError, Service

__all__ = ["ENDPOINTS"]


async def translate(service: Service, request: Request) -> Response:
    """``POST /translate_file``."""
    name, data, fields = await service.admit_upload(request)
    refuse_unknown(fields, FIELDS)
    source, target = text_of(fields, "source"), text_of(fields, "target")
    if not source or not target:
        raise BadInputError(f"The field {'target' if source else 'source'} is missing")
    wanted = ModelRequest("translate", None if source == "auto" else source, target)
    service.pool.choose(wanted)
    document = service.files.add(name, data)
    try:
        await service.translate_document(request, document, wanted)
        if document.state == FAILED:
            raise BadInputError(document.reason)
    except BaseException:
        service.files.drop(document)
        raise
    place = f"download_file/{document.number}{document.extension}"
    return JSONResponse({"translatedFileUrl": f"{request.base_url}{place}"})


async def download(service: Service, request: Request) -> Response:
    """``GET /download_file/{name}``: the translation; after that it is gone."""
    name = request.path_params["name"]
    document = service.files.get(name.partition(".")[0])
    if document is None or not document.target.exists():
        raise MissingError("There is no such file")
    return FileResponse(
        document.target, filename=name, background=BackgroundTask(service.files.drop, document)
    )


FIELDS = {"file": FILE, **dict.fromkeys(("source", "target", "api_key"), STRING)}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/translate_file",
        translate,
        "Translate a document, as a form with the field 'file'.",
        FIELDS,
        {"type": "object", "properties": {"translatedFileUrl": STRING}},
    ),
    Endpoint(
        "GET",
        "/download_file/{name}",
        download,
        "Fetch a translated document; after that it is gone.",
        is_open=True,
    ),
)
