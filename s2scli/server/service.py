"""What all APIs do: admit a request, translate its texts, answer or say why not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

from starlette.requests import Request

from s2scli.api import TextModel
from s2scli.data import Result
from s2scli.errors import BadInputError, S2SError, UsageError
from s2scli.flow.cancel import Cancel
from s2scli.models.store import Installed
from s2scli.server.files import FAILED, Files, Upload, read_upload
from s2scli.server.fragments import translated_html
from s2scli.server.glossaries import Glossaries
from s2scli.server.limits import ForbiddenError, RateError, Rates, RequestLimits, TooLargeError
from s2scli.server.metrics import Metrics
from s2scli.server.pool import ModelRequest, NoModelError, Pool
from s2scli.server.reading import SlowError, fields_of, key_of, refuse_unknown
from s2scli.server.work import BusyError, LateError, Workers

__all__ = [
    "FILE",
    "STRING",
    "TEXTS",
    "Endpoint",
    "MissingError",
    "Service",
    "retry_of",
    "status_of",
]

T = TypeVar("T")


class MissingError(S2SError):
    """What a request names is not there."""


STATUSES: tuple[tuple[type[S2SError], int], ...] = (
    (ForbiddenError, 403),
    (SlowError, 408),
    (TooLargeError, 413),
    (RateError, 429),
    (BusyError, 429),
    (LateError, 503),
    (NoModelError, 404),
    (MissingError, 404),
    (UsageError, 400),
    (BadInputError, 400),
)


# Schemas of fields.
STRING: Mapping[str, Any] = {"type": "string"}
TEXTS: Mapping[str, Any] = {"oneOf": [STRING, {"type": "array", "items": STRING}]}
FILE: Mapping[str, Any] = {"type": "string", "format": "binary"}


class Endpoint(NamedTuple):
    """One operation of an API.

    Attributes:
        method: of HTTP.
        path: below the server's address.
        handle: answers.
        summary: what it does, for the documentation.
        fields: the fields of the request, by name: a JSON schema each.
        answer: a JSON schema of the answer; None for what is no JSON.
        is_open: whether it needs no key.
        status: of HTTP when all is well.
    """

    method: str
    path: str
    handle: Callable[[Service, Request], Any]
    summary: str
    fields: Mapping[str, Mapping[str, Any]] = {}
    answer: Mapping[str, Any] | None = None
    is_open: bool = False
    status: int = 200


class Service:
    """A server's models, limits and counts.

    Args:
        pool: the models.
        workers: run what requests ask for.
        limits: what a request may hold.
        rates: how often a client may ask.
    """

    def __init__(self, pool: Pool, workers: Workers, limits: RequestLimits, rates: Rates) -> None:
        self.pool = pool
        self.workers = workers
        self.limits = limits
        self.rates = rates
        self.metrics = Metrics()
        self.files = Files()
        self.glossaries = Glossaries()
        self.endings: list[Callable[[], None]] = []  # what is to be done before the models leave
        self._later: set[asyncio.Task[None]] = set()

    def close(self) -> None:
        """Free the models, and remove what was uploaded."""
        for end in self.endings:
            end()
        self.pool.close()
        self.files.close()

    async def admit(self, request: Request, known: Collection[str] | None = None) -> dict[str, Any]:
        """Read a request whose client may ask.

        Args:
            request: the request.
            known: the fields that there are; by default the caller looks at them.

        Raises:
            ForbiddenError: it may not.
            RateError: it asks too often.
            TooLargeError: the request is too large.
            BadInputError: it cannot be read, or has other fields.
        """
        self._is_known(request)
        fields = await fields_of(request, self.limits.most_bytes)
        self.check(request, fields)
        if known is not None:
            refuse_unknown(fields, known)
        return fields

    async def admit_upload(self, request: Request) -> tuple[str, bytes, dict[str, Any]]:
        """The same for a form with a file: see ``read_upload``. Who has shown no key yet may send
        as much as without a file."""
        limits = self.limits
        known = self._is_known(request)
        most = limits.most_file_bytes if known else min(limits.most_bytes, limits.most_file_bytes)
        try:
            name, data, fields = await read_upload(request, most)
        except TooLargeError as error:
            if known:
                raise
            raise TooLargeError(error.message, "Send the API key in a header.") from error
        self.check(request, fields)
        return name, data, fields

    def _is_known(self, request: Request) -> bool:
        """Whether a client may ask, as far as it can be said before its body is read.

        Raises:
            ForbiddenError: it may not: the key in its headers or its address is none.
        """
        key = key_of(request, request.query_params)
        if key is not None:
            self.limits.check_key(key)
        return key is not None or not self.limits.keys

    def check(self, request: Request, fields: Mapping[str, Any]) -> None:
        """Whether a client may ask: by its key, and how often it has.

        Raises:
            ForbiddenError: it may not.
            RateError: it asks too often.
        """
        key = key_of(request, fields)
        self.limits.check_key(key)
        client = key or (request.client.host if request.client else "local")
        self.rates.check(client)

    @contextmanager
    def model(self, wanted: ModelRequest, cancel: Cancel) -> Iterator[TextModel]:
        """A loaded model for what is wanted.

        Raises:
            NoModelError: there is none.
        """
        with self.pool.use(self.pool.choose(wanted), cancel) as session:
            yield session

    async def translate(
        self,
        request: Request,
        texts: Sequence[str],
        wanted: ModelRequest,
        **options: Any,
    ) -> list[Result]:
        """Translate texts.

        Raises:
            S2SError: they cannot be.
        """
        self.limits.check_texts(texts)

        def job(cancel: Cancel) -> list[Result]:
            with self.model(wanted, cancel) as session:
                languages = {"source": wanted.source, "target": wanted.target}
                found = session.translate([*texts], **languages, **options)
                self._count(session, found)
                return found

        return await self.workers.run(request, job)

    async def translate_texts(
        self, request: Request, texts: Sequence[str], wanted: ModelRequest, **options: Any
    ) -> list[list[str]]:
        """The hypotheses of texts of several lines, best first; line breaks stay where they are.

        Raises:
            S2SError: they cannot be translated.
        """
        lines = [text.split("\n") for text in texts]
        flat = [line for some in lines for line in some]
        found = iter(await self.translate(request, flat, wanted, **options))
        count = options.get("n_best", 1)
        return [_joined([next(found) for _ in some], count) for some in lines]

    async def translate_html(
        self, request: Request, texts: Sequence[str], wanted: ModelRequest, **options: Any
    ) -> list[list[str]]:
        """The same for pieces of HTML: their tags stay, on the words that they belong to.

        Raises:
            S2SError: they cannot be translated.
        """
        self.limits.check_texts(texts)

        def job(cancel: Cancel) -> list[list[str]]:
            with self.model(wanted, cancel) as session:
                speaking = session.speaking(wanted.source, wanted.target)
                found = translated_html(speaking, texts, self.files.scratch(), **options)
                name = session.model.manifest.name
                self.metrics.decoded(name, sum(map(len, texts)), 0)
                return [[each] for each in found]

        return await self.workers.run(request, job)

    def results(
        self, texts: Sequence[str], wanted: ModelRequest, cancel: Cancel, **options: Any
    ) -> Iterator[Result]:
        """The results of texts as they come, in order; runs in a thread."""
        with self.model(wanted, cancel) as session:
            languages = {"source": wanted.source, "target": wanted.target}
            for result in session.translate(iter(texts), **languages, **options):
                self._count(session, [result])
                cancel.check()
                yield result

    def _count(self, session: TextModel, results: Sequence[Result]) -> None:
        """Count what was decoded."""
        characters = sum(len(result.segment.text) for result in results)
        tokens = sum(each.tokens for result in results for each in result.hypotheses)
        self.metrics.decoded(session.model.manifest.name, characters, tokens)

    async def translate_document(
        self, request: Request, document: Upload, wanted: ModelRequest, **options: Any
    ) -> None:
        """Translate a document while its client waits.

        Raises:
            S2SError: there is no model or no place; other failures are the document's state.
        """

        def job(cancel: Cancel) -> None:
            self._translate(document, wanted, cancel, options)

        await self.workers.run(request, job)

    def translate_later(self, document: Upload, wanted: ModelRequest, **options: Any) -> None:
        """Translate a document in the background; all failures are its state."""

        async def job() -> None:
            try:
                async for _ in self.workers.stream(work):
                    pass
            except S2SError as error:
                document.state, document.reason = FAILED, str(error)

        def work(cancel: Cancel) -> Iterator[None]:
            self._translate(document, wanted, cancel, options)
            yield

        task = asyncio.get_running_loop().create_task(job())
        self._later.add(task)  # or it may be collected before it is done
        task.add_done_callback(self._later.discard)

    def _translate(
        self, document: Upload, wanted: ModelRequest, cancel: Cancel, options: Mapping[str, Any]
    ) -> None:
        if wanted.source is None:
            source = document.language(wanted.target or "", self.pool.models)
            wanted = wanted._replace(source=source)
        with self.model(wanted, cancel) as session:
            document.translate(session, wanted.source, wanted.target, **options)
            self.metrics.decoded(session.model.manifest.name, document.characters, 0)

    def translating(self) -> list[Installed]:
        """The models that translate."""
        return [model for model in self.pool.models if "translate" in model.manifest.tasks]


def _joined(lines: Sequence[Result], count: int) -> list[str]:
    """The hypotheses of a text from those of its lines."""
    most = max((len(line.hypotheses) for line in lines), default=0)
    return [
        "\n".join(
            line.hypotheses[place].text if place < len(line.hypotheses) else line.text
            for line in lines
        )
        for place in range(max(1, min(most, count)))
    ]


def status_of(error: S2SError) -> int:
    """The status of HTTP for an error."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def retry_of(error: S2SError) -> dict[str, str]:
    """The header that says when to come again, if an error does."""
    if isinstance(error, BusyError | RateError):
        return {"Retry-After": str(error.seconds)}
    return {}
