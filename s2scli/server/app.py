"""The application: all APIs over one service."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from s2scli.errors import S2SError
from s2scli.server import (
    deepl,
    deepl_documents,
    deepl_glossaries,
    libretranslate,
    libretranslate_files,
    native,
)
from s2scli.server.metrics import Now
from s2scli.server.openapi import described, page
from s2scli.server.reading import timed
from s2scli.server.service import Endpoint, Service
from s2scli.server.work import Gone

__all__ = ["application"]

Failure = Callable[[S2SError], Response]
# Each API: its operations, and how it writes errors.
APIS: tuple[tuple[tuple[Endpoint, ...], Failure], ...] = (
    (native.ENDPOINTS, native.failure),
    (libretranslate.ENDPOINTS, libretranslate.failure),
    (libretranslate_files.ENDPOINTS, libretranslate.failure),
    (deepl.ENDPOINTS, deepl.failure),
    (deepl_documents.ENDPOINTS, deepl.failure),
    (deepl_glossaries.ENDPOINTS, deepl.failure),
)
LOG = logging.getLogger("s2s.access")
PAGE = Path(__file__).with_name("page.html")
# Pages may ask this server and nothing else, and stand in no frame.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SAFE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
CLIENT_GONE = 499  # as nginx counts it; nobody reads it


def application(service: Service, origins: tuple[str, ...] = ()) -> Starlette:
    """The server's application.

    Args:
        service: the models and limits; closed at the end.
        origins: the origins whose pages may ask (CORS); none by default.
    """
    endpoints = [endpoint for some, _ in APIS for endpoint in some]
    routes = [_route(service, endpoint, failure) for some, failure in APIS for endpoint in some]
    description, text = described(endpoints), page(endpoints)
    start = PAGE.read_text("utf-8")

    async def metrics(request: Request) -> Response:
        if refused := _refused(service, request):
            return refused
        workers, pool = service.workers, service.pool
        now = Now(workers.active, workers.waiting, pool.loaded(), pool.batches())
        text = service.metrics.page(now)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    routes += [
        Route("/metrics", metrics),
        Route("/openapi.json", lambda _: JSONResponse(description)),
        Route("/docs", lambda _: HTMLResponse(text, headers=SAFE)),
        Route("/", lambda _: HTMLResponse(start, headers=SAFE)),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        service.close()

    cors = Middleware(
        CORSMiddleware, allow_origins=[*origins], allow_methods=["*"], allow_headers=["*"]
    )
    return Starlette(
        routes=routes,
        middleware=[cors] if origins else [],
        lifespan=lifespan,
        exception_handlers={HTTPException: _unknown, Exception: _failed},
    )


def _route(service: Service, endpoint: Endpoint, failure: Failure) -> Route:
    async def handle(request: Request) -> Response:
        start = perf_counter()
        receive = timed(request.receive, service.workers.seconds)
        try:
            request = Request(request.scope, receive)
            response: Response = await endpoint.handle(service, request)
        except S2SError as error:
            response = failure(error)
        except Gone:
            response = Response(status_code=CLIENT_GONE)
        seconds = perf_counter() - start
        status = response.status_code
        service.metrics.answered(endpoint.method, endpoint.path, status, seconds)
        LOG.info(
            '{"method": "%s", "path": "%s", "status": %d, "seconds": %.4f}',
            endpoint.method,
            endpoint.path,
            status,
            seconds,
        )
        return response

    return Route(endpoint.path, handle, methods=[endpoint.method])


def _refused(service: Service, request: Request) -> Response | None:
    """The answer to a client that may not ask; None for one that may."""
    try:
        service.check(request, request.query_params)
    except S2SError as error:
        return native.failure(error)
    return None


async def _failed(_request: Request, _error: Exception) -> Response:
    """A fault of ours; the log has it."""
    message = "The server failed; its log says more"
    return JSONResponse({"error": message, "message": message}, 500)


async def _unknown(request: Request, error: Exception) -> Response:
    """What there is not, in the form that all of these clients can read."""
    assert isinstance(error, HTTPException)
    message = f"{error.detail}: {request.method} {request.url.path}"
    body: dict[str, Any] = {"error": message, "message": message}
    return JSONResponse(body, error.status_code, error.headers)
