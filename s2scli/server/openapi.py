"""The description of all APIs in OpenAPI 3.1, and a page of it that needs no network.

See https://spec.openapis.org/oas/v3.1.0.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from s2scli._version import __version__
from s2scli.server.service import FILE, STRING, Endpoint

__all__ = ["described", "page"]

ERRORS = {
    "400": "The request is wrong; the answer says why.",
    "403": "The API key is missing or unknown.",
    "404": "No model does that, or what is named is not there.",
    "408": "The body came too slowly.",
    "413": "The request is too large.",
    "429": "Too many requests; Retry-After says when to come again.",
    "503": "It took too long, or the server is shutting down.",
}


def described(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The description of some operations."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "s2s", "version": __version__},
        "paths": paths,
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "The answer."}
    if endpoint.answer is not None:
        good["content"] = {"application/json": {"schema": endpoint.answer}}
    errors = {status: {"description": text} for status, text in ERRORS.items()}
    found: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": f"{endpoint.method.lower()}{re.sub(r'[^a-z0-9]+', '_', endpoint.path)}",
        "responses": {str(endpoint.status): good, **errors},
        "security": [] if endpoint.is_open else [{}, {"key": []}],
    }
    places = dict.fromkeys(re.findall(r"{(\w+)}", endpoint.path), STRING)
    parameters = [_parameter(name, "path", schema) for name, schema in places.items()]
    if endpoint.method == "POST":
        found |= _body(endpoint)
    else:
        parameters += [
            _parameter(name, "query", schema) for name, schema in endpoint.fields.items()
        ]
    return {**found, "parameters": parameters} if parameters else found


def _parameter(name: str, place: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _body(endpoint: Endpoint) -> dict[str, Any]:
    """The body of a request; files come in forms of several parts alone."""
    if not endpoint.fields:
        return {}
    kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
    schema = {"type": "object", "properties": dict(endpoint.fields)}
    known = kinds[2:] if FILE in endpoint.fields.values() else kinds
    return {"requestBody": {"content": {kind: {"schema": schema} for kind in known}}}


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>s2s: the APIs of this server</title>
<style>
:root {{ color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }}
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
code, pre {{ font-family: ui-monospace, monospace; overflow-wrap: anywhere }}
summary {{ cursor: pointer; padding: .25rem 0 }}
pre {{ white-space: pre-wrap; padding: .5rem; border: 1px solid; border-radius: .25rem }}
</style>
<h1>The APIs of this server</h1>
<p>As <a href="/openapi.json">OpenAPI 3.1</a>, for tools.</p>
{operations}
</html>
"""


def page(endpoints: Sequence[Endpoint]) -> str:
    """The description for people."""
    operations = "\n".join(
        f"<details><summary><code>{each.method} {html.escape(each.path)}</code> "
        f"{html.escape(each.summary)}</summary>"
        f"<pre>{html.escape(json.dumps(_operation(each), indent=2, ensure_ascii=False))}</pre>"
        "</details>"
        for each in endpoints
    )
    return PAGE.format(operations=operations)
