"""Our own API: the command line's records over HTTP, at once or as JSON lines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from s2scli.api import TextModel
from s2scli.data import Result
from s2scli.errors import BadInputError, S2SError
from s2scli.flow.cancel import Cancel
from s2scli.server.pool import ModelRequest
from s2scli.server.reading import flag, text_of, texts_of
from s2scli.server.service import STRING, TEXTS, Endpoint, Service, retry_of, status_of
from s2scli.tasks.alternatives import MOST
from s2scli.tasks.records import answer_record, line_record, summary_record

__all__ = ["ENDPOINTS", "failure"]

LINES = "application/x-ndjson"
# What alternatives do not have: they are written as the model has them, all at once.
NO_ALTERNATIVES = ("protect", "guard", "glossary", "stream", "prefix")
# Fields that are decoding options of their names.
DECODING = ("beam_size", "n_best", "length_penalty", "max_length", "min_length", "prefix")


def failure(error: S2SError) -> Response:
    """An error as this API writes it."""
    body = {"error": {"message": error.message, "advice": error.advice}}
    return JSONResponse(body, status_of(error), retry_of(error))


async def translate(service: Service, request: Request) -> Response:
    """``POST /v1/translate``."""
    fields = await service.admit(request, TRANSLATE)
    texts = texts_of(fields, "text")
    wanted = ModelRequest(
        "translate",
        text_of(fields, "source"),
        text_of(fields, "target"),
        text_of(fields, "model"),
    )
    options = _decoding(fields)
    if fields.get("alternatives") is not None or fields.get("at"):
        return await _alternatives(service, request, fields, texts, options)
    options["protect"] = flag(fields, "protect")
    options["guard"] = text_of(fields, "guard") or "off"
    options["glossary"] = _glossary(fields)
    if not flag(fields, "stream"):
        results = await service.translate(request, texts, wanted, **options)
        return JSONResponse({"results": [line_record(result) for result in results]})
    service.limits.check_texts(texts)

    def job(cancel: Cancel) -> Iterator[Result]:
        return service.results(texts, wanted, cancel, **options)

    return StreamingResponse(_lines(service.workers.stream(job)), media_type=LINES)


async def _alternatives(
    service: Service,
    request: Request,
    fields: Mapping[str, Any],
    texts: Sequence[str],
    options: Mapping[str, Any],
) -> Response:
    """The translations of each text that part in one place; see ``TextModel.alternatives``.

    Raises:
        BadInputError: something is asked for besides that alternatives do not have.
    """
    count, at = fields.get("alternatives"), text_of(fields, "at") or ""
    if count is None:
        raise BadInputError("at belongs to alternatives", "Say how many with alternatives.")
    if type(count) is not int:  # nor true or false
        raise BadInputError(f"alternatives must be a whole number, not {count!r}")
    for name in NO_ALTERNATIVES:
        if fields.get(name) not in (None, False, "", "off"):
            raise BadInputError(f"alternatives cannot be combined with {name}", "Leave it out.")

    def job(session: TextModel) -> list[dict[str, Any]]:
        found = session.alternatives(texts, count, at=at, **options)
        return [line_record(result) for result in found]

    return await _results(service, request, "translate", fields, texts, job)


async def _lines(results: AsyncIterator[Result]) -> AsyncIterator[bytes]:
    """Records as JSON lines; a failure after the first is the last line."""
    try:
        async for result in results:
            yield bytes(JSONResponse(line_record(result)).body) + b"\n"
    except S2SError as error:
        yield bytes(failure(error).body) + b"\n"


async def generate(service: Service, request: Request) -> Response:
    """``POST /v1/generate``."""
    fields = await service.admit(request, GENERATE)
    texts, options = texts_of(fields, "text"), _decoding(fields)
    prompt = text_of(fields, "prompt")

    def job(session: TextModel) -> list[dict[str, Any]]:
        found = session.generate(texts, prompt=prompt, **options)
        return [line_record(result) for result in found]

    return await _results(service, request, "generate", fields, texts, job)


async def summarize(service: Service, request: Request) -> Response:
    """``POST /v1/summarize``."""
    fields = await service.admit(request, SUMMARIZE)
    texts, options = texts_of(fields, "text"), _decoding(fields)
    options |= {name: text_of(fields, name) for name in ("length", "prompt")}

    def job(session: TextModel) -> list[dict[str, Any]]:
        return [summary_record(summary) for summary in session.summarize(texts, **options)]

    return await _results(service, request, "summarize", fields, texts, job)


async def answer(service: Service, request: Request) -> Response:
    """``POST /v1/answer``."""
    fields = await service.admit(request, ANSWER)
    questions, options = texts_of(fields, "question"), _decoding(fields)
    context = text_of(fields, "context")
    if context is None:
        raise BadInputError("The field context is missing")

    def job(session: TextModel) -> list[dict[str, Any]]:
        pairs = [(question, context) for question in questions]
        return [answer_record(found) for found in session.answer(pairs, **options)]

    return await _results(service, request, "answer", fields, [*questions, context], job)


async def score(service: Service, request: Request) -> Response:
    """``POST /v1/score``."""
    fields = await service.admit(request, SCORE)
    sources, targets = texts_of(fields, "source_text"), texts_of(fields, "target_text")

    def job(session: TextModel) -> list[dict[str, Any]]:
        return [
            {
                "tokens": list(found.tokens),
                "log_probabilities": list(found.log_probabilities),
                "log_probability": found.log_probability,
                "perplexity": found.perplexity,
            }
            for found in session.score(sources, targets)
        ]

    return await _results(service, request, "translate", fields, [*sources, *targets], job)


async def _results(
    service: Service,
    request: Request,
    task: str,
    fields: Mapping[str, Any],
    texts: Sequence[str],
    job: Callable[[TextModel], list[dict[str, Any]]],
) -> Response:
    """The records that a job gives."""
    service.limits.check_texts(texts)
    names = [text_of(fields, name) for name in ("source", "target", "model")]
    wanted = ModelRequest(task, *names)

    def work(cancel: Cancel) -> list[dict[str, Any]]:
        with service.model(wanted, cancel) as session:
            return job(session.speaking(wanted.source, wanted.target))

    return JSONResponse({"results": await service.workers.run(request, work)})


def _decoding(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The decoding options among the fields."""
    return {name: fields[name] for name in DECODING if fields.get(name) is not None}


def _glossary(fields: Mapping[str, Any]) -> dict[str, str] | None:
    found = fields.get("glossary")
    if found is None:
        return None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise BadInputError("glossary must be an object of terms and their translations")
    return found


async def models(service: Service, request: Request) -> Response:
    """``GET /v1/models``."""
    service.check(request, request.query_params)
    loaded = service.pool.loaded()
    return JSONResponse(
        {
            "models": [
                {
                    "name": each.manifest.name,
                    "tasks": list(each.manifest.tasks),
                    "source_languages": list(each.manifest.source_languages),
                    "target_languages": list(each.manifest.target_languages),
                    "loaded": each.manifest.name in loaded,
                }
                for each in service.pool.models
            ]
        }
    )


LENGTH = {"oneOf": [{"type": "integer"}, STRING]}
LANGUAGES = {"source": STRING, "target": STRING, "model": STRING}
SEARCH: dict[str, Any] = {
    "beam_size": {"type": "integer", "minimum": 1},
    "n_best": {"type": "integer", "minimum": 1},
    "length_penalty": {"type": "number"},
    "max_length": LENGTH,
    "min_length": LENGTH,
    "prefix": STRING,
}
RESULTS = {"type": "object", "properties": {"results": {"type": "array"}}}
TRANSLATE: dict[str, Any] = {
    "text": TEXTS,
    **LANGUAGES,
    **SEARCH,
    "protect": {"type": "boolean"},
    "guard": {"type": "string", "enum": ["off", "warn", "repair"]},
    "glossary": {"type": "object", "additionalProperties": STRING},
    "alternatives": {"type": "integer", "minimum": 1, "maximum": MOST},
    "at": STRING,
    "stream": {"type": "boolean"},
}
SUMMARIZE: dict[str, Any] = {
    "text": TEXTS,
    "length": STRING,
    "prompt": STRING,
    **LANGUAGES,
    **SEARCH,
}
ANSWER: dict[str, Any] = {"question": TEXTS, "context": STRING, **LANGUAGES, **SEARCH}
GENERATE: dict[str, Any] = {"text": TEXTS, "prompt": STRING, **LANGUAGES, **SEARCH}
SCORE: dict[str, Any] = {"source_text": TEXTS, "target_text": TEXTS, **LANGUAGES}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/v1/translate",
        translate,
        "Translate texts; the records are those of the command line's JSON lines.",
        TRANSLATE,
        RESULTS,
    ),
    Endpoint(
        "POST",
        "/v1/summarize",
        summarize,
        "Summarize texts of any length.",
        SUMMARIZE,
        RESULTS,
    ),
    Endpoint(
        "POST",
        "/v1/answer",
        answer,
        "Answer questions from a text.",
        ANSWER,
        RESULTS,
    ),
    Endpoint(
        "POST",
        "/v1/generate",
        generate,
        "Fill a prompt with texts, and decode it; a model that is named takes any prompt.",
        GENERATE,
        RESULTS,
    ),
    Endpoint(
        "POST",
        "/v1/score",
        score,
        "How likely a model finds given translations.",
        SCORE,
        RESULTS,
    ),
    Endpoint("GET", "/v1/models", models, "List the models of the server.", {}, {"type": "object"}),
)
