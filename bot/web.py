"""The routes that programs and the widget use: questions, documents, health. Version 1.

Pages are in `page_routes`, the management of documents in `manage`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bot import problems, replies
from bot.answer_body import (
    AnswerBody,
    ListedDocumentBody,
    citation_body,
    listed_document_body,
)
from bot.desk import Desk
from bot.dialogue import Turn, begin_turn, end_turn
from bot.document_body import FullDocumentBody, MissingBody, full_document_body, missing_bodies
from bot.errors import UnknownConversation
from bot.telegram_link import TelegramLink
from rag.errors import RagError
from rag.model import Cited, Delta, Done, Event, StepStarted

log = logging.getLogger(__name__)

VERSION = 1


class Filters(BaseModel):
    """Where to look. A misspelt key would silently look everywhere, so it is refused."""

    model_config = ConfigDict(extra="forbid")
    document_ids: list[Annotated[str, Field(max_length=200)]] | None = Field(None, max_length=1000)


class AskBody(BaseModel):
    """A question, 1 to 2,000 code points after trimming."""

    question: str
    conversation_id: str | None = None
    filters: Filters | None = None


class ListBody(BaseModel):
    documents: list[ListedDocumentBody]


class MissingListBody(BaseModel):
    missing: list[MissingBody]


class ExamplesBody(BaseModel):
    examples: list[str]


def api_routes(desk: Desk, telegram: TelegramLink) -> APIRouter:
    """All routes of this module, on the given parts."""
    router = APIRouter()
    router.include_router(_ask_routes(desk))
    router.include_router(_conversation_routes(desk))
    router.include_router(_document_routes(desk))

    @router.get("/health", summary="Tình trạng của dịch vụ", response_model=dict[str, Any])
    async def health() -> Response:
        return _health(desk, telegram)

    return router


def _ask_routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/v1", dependencies=[Depends(desk.require_key)])

    @router.post(
        "/ask",
        summary="Hỏi và nhận câu trả lời có trích dẫn",
        description=(
            "With `Accept: text/event-stream`: events `status`, `delta`, `citation`, then `done` "
            "with the whole body, or `error` with a problem."
        ),
        response_model=AnswerBody,
    )
    async def ask(request: Request, body: AskBody) -> Response:
        with ExitStack() as stack:
            stack.enter_context(desk.place_for(request))
            turn = await _begin(desk, body)
            if "text/event-stream" in request.headers.get("accept", ""):
                return AnswerStream(_events(desk, turn), stack.pop_all())
            answer = await desk.assistant.answer(turn.question)
            return JSONResponse(await end_turn(desk.conversations, turn, answer))

    @router.get(
        "/examples",
        summary="Vài câu hỏi mà kho văn bản trả lời được",
        description="Made from the documents and tried; none for an empty library.",
        response_model=ExamplesBody,
    )
    async def examples() -> Response:
        return JSONResponse({"examples": list(await desk.assistant.examples())})

    return router


def _conversation_routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/v1", dependencies=[Depends(desk.require_key)])

    @router.delete(
        "/conversations/{conversation_id}",
        summary="Xoá một hội thoại và mọi điều được lưu trong đó",
        status_code=204,
    )
    async def delete(conversation_id: str) -> None:
        if not await asyncio.to_thread(desk.conversations.delete, conversation_id):
            raise UnknownConversation

    return router


def _document_routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/v1", dependencies=[Depends(desk.require_key)])

    @router.get(
        "/documents",
        summary="Danh sách văn bản trong kho",
        description="With `id` (several times) only those of them that are there.",
        response_model=ListBody,
    )
    async def documents(ids: Annotated[list[str] | None, Query(alias="id")] = None) -> Response:
        every = desk.assistant.documents()
        wanted = every if ids is None else [one for one in every if one.id in ids]
        return JSONResponse({"documents": [listed_document_body(one) for one in wanted]})

    @router.get(
        "/documents/{document_id}",
        summary="Một văn bản: thông tin, toàn văn, mục lục, viện dẫn",
        description="`references`: what it names; `cited_by`: where other documents name it.",
        response_model=FullDocumentBody,
    )
    async def document(document_id: str) -> Response:
        return JSONResponse(await asyncio.to_thread(_full_document, desk, document_id))

    @router.get(
        "/missing",
        summary="Văn bản được viện dẫn nhưng chưa có trong kho",
        description="Cited by most `documents` first; `count` is the number of places.",
        response_model=MissingListBody,
    )
    async def missing() -> Response:
        found = await asyncio.to_thread(lambda: missing_bodies(desk.assistant.links().missing))
        return JSONResponse({"missing": found})

    return router


def _full_document(desk: Desk, document_id: str) -> FullDocumentBody:
    document = desk.assistant.document(document_id)
    return full_document_body(document, desk.assistant.links(), desk.assistant.validity(document))


class AnswerStream(EventSourceResponse):
    """Server-sent events that hold a place in the queue until the last one, or the hang-up."""

    def __init__(self, events: AsyncIterator[ServerSentEvent], place: ExitStack) -> None:
        super().__init__(events)
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:  # not in the generator: one that never starts never cleans up
            await super().__call__(scope, receive, send)


def server_event(name: str, data: Mapping[str, Any]) -> ServerSentEvent:
    """One event with JSON data."""
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)


async def _begin(desk: Desk, body: AskBody) -> Turn:
    document_ids = body.filters.document_ids if body.filters else None
    turn = await begin_turn(
        desk.assistant, desk.conversations, body.question, body.conversation_id, document_ids
    )
    desk.log_question(turn.question.text)
    return turn


async def _events(desk: Desk, turn: Turn) -> AsyncIterator[ServerSentEvent]:
    """The answer as it happens. After the first byte an error can only be an event."""
    try:
        async for event in desk.assistant.answer_events(turn.question):
            yield await _server_event(desk, turn, event)
    except RagError as exc:
        log.error("%s: %s", type(exc).__name__, exc.detail)
        yield server_event("error", problems.problem(exc))
    except Exception as exc:
        log.exception("unexpected error in a stream")
        yield server_event("error", problems.problem(exc))


async def _server_event(desk: Desk, turn: Turn, event: Event) -> ServerSentEvent:
    match event:
        case StepStarted(step):
            return server_event("status", {"step": step})
        case Delta(text):
            return server_event("delta", {"text": text})
        case Cited(citation):
            return server_event("citation", citation_body(citation))
        case Done(answer):
            return server_event("done", await end_turn(desk.conversations, turn, answer))


def _health(desk: Desk, telegram: TelegramLink) -> Response:
    """200 while questions can be answered; 503, as a problem, where they can't."""
    try:
        health = desk.assistant.health()
    except RagError as exc:
        body = problems.problem(exc) | {"status": 503}
        return problems.ProblemResponse(body, 503)
    trouble = [*health.problems]
    if desk.conversations.failing:
        trouble.append(replies.CONVERSATIONS_FAILED)
    if telegram.problem:
        trouble.append(telegram.problem)
    return JSONResponse(
        {
            "status": "degraded" if trouble else "ok",
            "problems": trouble,
            "version": VERSION,
            "documents": health.documents,
            "passages": health.passages,
            "embedded": health.embedded,
            "indexing": health.indexing,
            "chat_model": health.chat_model,
            "questions_leave_machine": health.questions_leave_machine,
            "telegram": telegram.state,
        }
    )


async def forget_old_conversations(desk: Desk, *, every_s: float = 3600) -> None:
    """Runs as long as the server does."""
    while True:
        await asyncio.to_thread(desk.conversations.expire)
        await asyncio.sleep(every_s)
