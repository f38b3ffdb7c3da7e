"""Errors as a client sees them: RFC 9457 `application/problem+json`, a page for a browser, OpenAI's
form for programs that speak its protocol.

Nothing of an exception reaches the client but its class: a message could hold a question, a path
or a token.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot import pages, replies
from bot.errors import BadRequestBody, EdgeError
from bot.logs import request_id
from bot.openai_body import error_body, is_openai, openai_status
from corpus import errors as corpus_errors
from rag import errors as rag_errors

log = logging.getLogger(__name__)

STATUS: dict[type[Exception], int] = {
    corpus_errors.CorpusError: 500,
    corpus_errors.UnreadableDocument: 422,
    corpus_errors.SecretDocument: 422,
    corpus_errors.UnknownField: 422,
    corpus_errors.DocumentTooLarge: 413,
    corpus_errors.UnknownDocument: 404,
    corpus_errors.ShippedDocument: 409,
    rag_errors.RagError: 503,
    rag_errors.InvalidQuestion: 422,
}


class ProblemBody(BaseModel):
    """RFC 9457. `detail` is a Vietnamese sentence for the person who asked."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str


# For the API's description: FastAPI would promise its own form of validation errors.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "content": {"application/problem+json": {"schema": ProblemBody.model_json_schema()}},
    }
}


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def status_for(error: BaseException) -> int:
    """The HTTP status of one of our errors; 500 for a stranger."""
    if isinstance(error, EdgeError):
        return error.status
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(error: BaseException) -> dict[str, Any]:
    """The problem object of an error: also the data of an SSE `error` event."""
    return _problem(status_for(error), replies.sentence_for(error))


def _problem(status: int, detail: str) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": request_id.get(),
    }


def problem_response(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """A person who follows a stale link gets a page, everybody else the JSON."""
    if is_openai(request.url.path):
        status = openai_status(status)
        return JSONResponse(error_body(status, detail), status, headers=headers)
    asks_for_page = "text/html" in request.headers.get("accept", "")
    if asks_for_page and not request.url.path.startswith("/v1/"):
        return HTMLResponse(pages.error_page(status, detail), status, headers=headers)
    return ProblemResponse(_problem(status, detail), status, headers=headers)


def add_error_handlers(app: FastAPI) -> None:
    """One place where the errors of all rooms become responses."""
    for kind in (EdgeError, corpus_errors.CorpusError, rag_errors.RagError):
        app.add_exception_handler(kind, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


async def _ours(request: Request, error: Exception) -> Response:
    status = status_for(error)
    log.log(
        logging.ERROR if status >= 500 else logging.INFO,
        "%s: %s",
        type(error).__name__,
        getattr(error, "detail", ""),
    )
    return problem_response(request, status, replies.sentence_for(error), headers_for(error))


def headers_for(error: BaseException) -> dict[str, str]:
    """Headers that the status promises: when to come back, how to log in."""
    headers = {}
    if isinstance(error, EdgeError) and error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if status_for(error) == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return await _ours(request, BadRequestBody("not JSON"))
    return problem_response(request, 422, replies.invalid_field(first["loc"], first["type"]))


async def _http(request: Request, error: Exception) -> Response:
    """Starlette's own: unknown routes, wrong methods, bodies that can't be decoded."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400 and request.url.path.startswith("/v1/"):
        return await _ours(request, BadRequestBody("not decodable"))
    detail = replies.status_sentence(error.status_code)
    return problem_response(request, error.status_code, detail, error.headers)
