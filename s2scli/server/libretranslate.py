"""LibreTranslate's API (https://docs.libretranslate.com), so that its clients work unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from s2scli.errors import BadInputError, S2SError
from s2scli.languages import detection
from s2scli.languages.codes import english_name, primary_code
from s2scli.server.files import extensions
from s2scli.server.pool import ModelRequest, NoModelError
from s2scli.server.reading import text_of, texts_of
from s2scli.server.service import STRING, TEXTS, Endpoint, Service, retry_of, status_of
from s2scli.server.sources import by_source

__all__ = ["ENDPOINTS", "failure"]

MOST_ALTERNATIVES = 10
MOST_DETECTED = 5


def failure(error: S2SError) -> Response:
    """An error as this API writes it."""
    status = 400 if isinstance(error, NoModelError) else status_of(error)
    return JSONResponse({"error": str(error)}, status, retry_of(error))


async def translate(service: Service, request: Request) -> Response:
    """``POST /translate``."""
    fields = await service.admit(request, TRANSLATE)
    texts = texts_of(fields, "q")
    source, target = text_of(fields, "source"), text_of(fields, "target")
    if not source or not target:
        raise BadInputError(f"The field {'target' if source else 'source'} is missing")
    form, count = text_of(fields, "format") or "text", _alternatives(fields)
    if form not in ("text", "html"):
        raise BadInputError(f"There is no format {form!r}", "Known: text, html.")
    if form == "html" and count:
        raise BadInputError("There are alternatives of texts only", "Leave out alternatives.")

    async def translated(some: Sequence[str], asked: ModelRequest) -> list[list[str]]:
        if form == "html":
            return await service.translate_html(request, some, asked)
        return await service.translate_texts(request, some, asked, n_best=count + 1)

    service.limits.check_texts(texts)
    wanted = ModelRequest("translate", None if source == "auto" else source, target)
    found = await by_source(texts, wanted, service.pool.models, translated)
    answer: dict[str, list[Any]] = {"translatedText": [each[0] for _, each in found]}
    if count:
        answer["alternatives"] = [each[1:] for _, each in found]
    if not wanted.source:
        answer["detectedLanguage"] = [_confidence(*likely) for likely, _ in found]
    is_list = isinstance(fields["q"], list)
    return JSONResponse(answer if is_list else {name: each[0] for name, each in answer.items()})


def _alternatives(fields: dict[str, Any]) -> int:
    given = fields.get("alternatives") or 0
    try:
        count = int(given)
    except (TypeError, ValueError):
        count = -1
    if not 0 <= count <= MOST_ALTERNATIVES:
        raise BadInputError(f"alternatives goes from 0 to {MOST_ALTERNATIVES}")
    return count


async def detect(service: Service, request: Request) -> Response:
    """``POST /detect``."""
    fields = await service.admit(request, DETECT)
    texts = texts_of(fields, "q")
    service.limits.check_texts(texts)
    found = detection.detect("\n".join(texts))
    return JSONResponse(
        [_confidence(each.language, each.confidence) for each in found.candidates[:MOST_DETECTED]]
    )


def _confidence(language: str, confidence: float) -> dict[str, Any]:
    return {"language": language, "confidence": round(100 * confidence, 1)}


async def languages(service: Service, request: Request) -> Response:
    """``GET /languages``."""
    targets: dict[str, dict[str, None]] = {}
    for model in service.translating():
        for source in model.manifest.source_languages:
            known = targets.setdefault(primary_code(source), {})
            known.update(dict.fromkeys(map(primary_code, model.manifest.target_languages)))
    return JSONResponse(
        [
            {"code": code, "name": english_name(code), "targets": sorted(known)}
            for code, known in sorted(targets.items())
        ]
    )


async def health(_service: Service, _request: Request) -> Response:
    """``GET /health``."""
    return JSONResponse({"status": "ok"})


async def settings(service: Service, _request: Request) -> Response:
    """``GET /frontend/settings``: what a page needs to know."""
    limits = service.limits
    return JSONResponse(
        {
            "apiKeys": bool(limits.keys),
            "charLimit": limits.most_characters,
            "filesTranslation": True,
            "frontendTimeout": 500,
            "keyRequired": bool(limits.keys),
            "language": {"source": _language("Auto Detect", "auto"), "target": _language("", "")},
            "suggestions": False,
            "supportedFilesFormat": extensions(),
        }
    )


def _language(name: str, code: str) -> dict[str, str]:
    return {"name": name, "code": code}


TRANSLATE: dict[str, Any] = {
    "q": TEXTS,
    "source": STRING,
    "target": STRING,
    "format": {"type": "string", "enum": ["text", "html"]},
    "alternatives": {"type": "integer", "minimum": 0, "maximum": MOST_ALTERNATIVES},
    "api_key": STRING,
}
DETECT: dict[str, Any] = {"q": TEXTS, "api_key": STRING}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/translate",
        translate,
        "Translate a text or a list of texts.",
        TRANSLATE,
        {"type": "object"},
    ),
    Endpoint(
        "POST",
        "/detect",
        detect,
        "Find the language of a text.",
        DETECT,
        {"type": "array"},
    ),
    Endpoint("GET", "/languages", languages, "List languages.", {}, {"type": "array"}, True),
    Endpoint("GET", "/health", health, "Whether the server runs.", {}, {"type": "object"}, True),
    Endpoint(
        "GET",
        "/frontend/settings",
        settings,
        "What the server allows.",
        {},
        {"type": "object"},
        True,
    ),
)
