"""The body of a request: JSON or a form, read within limits."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

from anyio import fail_after
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from s2scli.errors import BadInputError, S2SError
from s2scli.plugs import suggestion
from s2scli.server.limits import TooLargeError
from s2scli.server.work import Gone
from s2scli.text.reading import Digits, json_object

__all__ = [
    "SlowError",
    "body_of",
    "fields_of",
    "flag",
    "key_of",
    "limited_to",
    "refuse_unknown",
    "text_of",
    "texts_of",
    "timed",
]

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
KEYS = ("api_key", "auth_key", "secret")  # what clients show of themselves, with any request
SCHEMES = ("bearer", "deepl-auth-key")
MOST_FIELDS = 10_000  # of a form
PAUSE = 30.0  # seconds between two parts of a body


class SlowError(S2SError):
    """A client takes too long to send its request."""


def timed(receive: Receive, seconds: float) -> Receive:
    """What receives the body of a request, within limits of time.

    Args:
        receive: receives the next part.
        seconds: for all parts.

    Returns:
        The same, which raises ``SlowError`` if it takes longer.
    """
    end, whole = monotonic() + seconds, False

    async def next_part() -> Message:
        nonlocal whole
        if whole:  # what comes is that the client goes
            return await receive()
        try:
            with fail_after(min(PAUSE, end - monotonic())):  # without a task for each part
                message = await receive()
        except TimeoutError as error:
            raise SlowError("The body of the request comes too slowly") from error
        whole = not message.get("more_body", False)
        return message

    return next_part


def limited_to(request: Request, most: int, what: str) -> Request:
    """The same request, whose body is read up to so many bytes.

    Args:
        request: the request.
        most: bytes.
        what: is too large, if there are more.

    Returns:
        A request that raises ``TooLargeError`` while it is read.

    Raises:
        TooLargeError: it says itself that there are more; nothing has been read.
    """
    refusal = TooLargeError(f"{what} has more than {most:,} bytes")
    said, count = request.headers.get("content-length", ""), 0
    if said.isdecimal() and int(said[:20]) > most:
        raise refusal

    async def receive() -> Message:
        nonlocal count
        message = await request.receive()
        count += len(message.get("body", b""))
        if count > most:
            raise refusal
        return message

    return Request(request.scope, receive)


async def body_of(request: Request, most: int) -> bytes:
    """The body, up to so many bytes.

    Raises:
        TooLargeError: it is larger.
        Gone: the client has hung up.
    """
    try:
        return await limited_to(request, most, "The request").body()
    except ClientDisconnect as error:
        raise Gone from error


async def fields_of(request: Request, most: int) -> dict[str, Any]:
    """The fields of a request: of JSON, of a form, and of its address; a form's may be lists.

    Raises:
        BadInputError: the body is neither.
        TooLargeError: it is too large.
    """
    found: dict[str, Any] = _several(request.query_params.multi_items())
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FORMS[0]:
        from urllib.parse import parse_qsl

        data = await body_of(request, most)
        if data.lstrip()[:1] == b"{":  # from curl -d, which says that it is a form
            return found | _json(data)
        if data.count(b"&") >= MOST_FIELDS:
            raise BadInputError(f"The form has more than {MOST_FIELDS:,} fields")
        try:
            fields = parse_qsl(data.decode(), keep_blank_values=True, errors="strict")
            return found | _several(fields)
        except ValueError as error:
            raise BadInputError("The form is not UTF-8") from error
    if kind == FORMS[1]:
        return found | await _multipart(request, most)
    data = await body_of(request, most)
    return found | _json(data) if data.strip() else found


async def _multipart(request: Request, most: int) -> dict[str, Any]:
    from starlette.exceptions import HTTPException

    try:
        limited = limited_to(request, most, "The request")
        form = await limited.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=most)
    except HTTPException as error:
        raise BadInputError(f"The form cannot be read: {error.detail}") from error
    except ClientDisconnect as error:
        raise Gone from error
    return _several((k, v) for k, v in form.multi_items() if not isinstance(v, UploadFile))


def _json(data: bytes) -> dict[str, Any]:
    place = "The body of the request"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError(f"{place} is not UTF-8") from error
    return {name: _plain(name, value) for name, value in (json_object(text, place) or {}).items()}


def _plain(name: str, value: Any) -> Any:
    """The value of a field; a number that was written in an unusual way (``1.50``) is a number."""
    if not isinstance(value, Digits):
        return value
    number = float(value.literal)
    if not math.isfinite(number):
        raise BadInputError(f"{name} is {value}; it must be a number")
    return number


def refuse_unknown(fields: Mapping[str, Any], known: Collection[str]) -> None:
    """Refuse what would be without effect.

    Raises:
        BadInputError: a field with a value is none of those that are known.
    """
    for name, value in fields.items():
        if name not in known and name not in KEYS and value not in (None, "", []):
            raise BadInputError(f"There is no field {name!r} here", suggestion(name, known))


def _several(items: Any) -> dict[str, Any]:
    """Names that come several times have a list."""
    found: dict[str, list[Any]] = {}
    for name, value in items:
        found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def text_of(fields: Mapping[str, Any], name: str) -> str | None:
    """A field that is a text; None if it is not there or empty.

    Raises:
        BadInputError: it is something else.
    """
    value = fields.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadInputError(f"{name} must be a text")
    return value


def texts_of(fields: Mapping[str, Any], name: str) -> list[str]:
    """A field that is a text or a list of texts.

    Raises:
        BadInputError: it is something else, or not there.
    """
    value = fields.get(name)
    values: list[Any] = value if isinstance(value, list) else [value]
    if not all(isinstance(each, str) for each in values):
        raise BadInputError(f"{name} must be a text, or a list of texts")
    return values


def flag(fields: Mapping[str, Any], name: str) -> bool:
    """A field that is true or false; false if it is not there.

    Raises:
        BadInputError: it is something else.
    """
    value = fields.get(name, False)
    known = {"true": True, "1": True, "false": False, "0": False, "": False}
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    if not isinstance(value, bool):
        raise BadInputError(f"{name} must be true or false")
    return value


def key_of(request: Request, fields: Mapping[str, Any]) -> str | None:
    """The key that a request brings: in a header, or in the field ``api_key``."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() in SCHEMES and key.strip():
        with suppress(UnicodeError):  # headers are read as Latin-1; most clients send UTF-8
            key = key.encode("latin-1").decode()
        return key.strip()
    given = fields.get("api_key") or fields.get("auth_key")
    return given if isinstance(given, str) else None
