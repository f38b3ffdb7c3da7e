"""The door for programs that speak OpenAI's protocol: chat front ends, office add-ins, scripts.

It keeps nothing: each request brings its own history. Turns of `system` and `assistant` say nothing
here; what a person asked earlier is what a follow-up refers to, as in every other conversation.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, Response
from sse_starlette import ServerSentEvent
from starlette.requests import Request

from bot import problems, replies
from bot.desk import Desk
from bot.dialogue import begin_free_turn
from bot.errors import UnknownModel
from bot.openai_body import (
    MODEL,
    ChatBody,
    Completion,
    error_body,
    model_body,
    plain_markdown,
    words_of,
)
from bot.openai_tasks import task_reply
from bot.web import AnswerStream
from rag.assistant import last_answer
from rag.errors import InvalidQuestion, RagError
from rag.model import Answer, Delta, Done, Event

log = logging.getLogger(__name__)

# For the API's description: errors of these routes have a form of their own.
ERRORS: dict[int | str, dict[str, Any]] = {
    "default": {"description": 'OpenAI\'s form: `{"error": {"message", "type", "param", "code"}}`'}
}


def openai_routes(desk: Desk) -> APIRouter:
    """`/v1/models` and `/v1/chat/completions`, on the given parts."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(desk.require_key)], responses=ERRORS)

    @router.get("/models", summary="Mô hình, theo giao thức OpenAI", response_model=dict[str, Any])
    async def models() -> Response:
        return JSONResponse({"object": "list", "data": [model_body()]})

    @router.get("/models/{model}", summary="Một mô hình", response_model=dict[str, Any])
    async def model(model: str) -> Response:
        _check_model(model)
        return JSONResponse(model_body())

    @router.post(
        "/chat/completions",
        summary="Hỏi theo giao thức OpenAI",
        description=(
            "`citations` of the response, or of the last chunk with `stream`, are those of "
            "`/v1/ask`. The last message of the user is the question, the earlier ones its history."
        ),
        response_model=dict[str, Any],
    )
    async def complete(request: Request, body: ChatBody) -> Response:
        _check_model(body.model)
        completion = Completion(_base_url(desk, request), words_of(body.messages))
        with ExitStack() as stack:
            events = _task_events(body)
            if events is None:
                stack.enter_context(desk.place_for(request))
                events = await _answer_events(desk, body)
            if body.stream:
                usage = body.stream_options is not None and body.stream_options.include_usage
                return AnswerStream(_stream(completion, events, usage=usage), stack.pop_all())
            return JSONResponse(completion.whole(await last_answer(events)))

    return router


def _check_model(name: str) -> None:
    if name != MODEL:
        raise UnknownModel(name[:100])


def _base_url(desk: Desk, request: Request) -> str:
    """The address people use, else the one that was called."""
    return desk.settings.server.public_url or str(request.base_url)


def _task_events(body: ChatBody) -> AsyncIterator[Event] | None:
    """The answer to a call that a front end makes for itself; None for a person's question."""
    asked = [message.text for message in body.asked]
    reply = task_reply(asked[-1], asked[0] if asked[1:] else None) if asked else None
    return _said(reply) if reply is not None else None


async def _said(text: str) -> AsyncIterator[Event]:
    yield Delta(text)
    yield Done(Answer("answered", text))


async def _answer_events(desk: Desk, body: ChatBody) -> AsyncIterator[Event]:
    """Raises InvalidQuestion, TextOnly."""
    if not body.asked:
        raise InvalidQuestion("no message of the user")
    *earlier, last = body.asked
    last.require_text_only()
    past = [message.text for message in earlier]
    question = await begin_free_turn(desk.assistant, last.text, past, body.answered)
    desk.log_question(question.text)
    return desk.assistant.answer_events(question)


async def _stream(
    completion: Completion, events: AsyncIterator[Event], *, usage: bool
) -> AsyncIterator[ServerSentEvent]:
    """Chunks as the answer happens. After the first byte an error can only be a chunk."""
    yield _data(completion.chunk(role="assistant", content=""))
    try:
        async for event in events:
            if isinstance(event, Delta):
                yield _data(completion.chunk(content=plain_markdown(event.text)))
            elif isinstance(event, Done):
                if below := completion.below(event.answer):
                    yield _data(completion.chunk(content=below))
                for chunk in completion.last_chunks(event.answer, usage=usage):
                    yield _data(chunk)
                yield ServerSentEvent("[DONE]")
    except RagError as exc:
        log.error("%s: %s", type(exc).__name__, exc.detail)
        yield _error(exc)
    except Exception as exc:
        log.exception("unexpected error in a stream")
        yield _error(exc)


def _error(error: BaseException) -> ServerSentEvent:
    return _data(error_body(problems.status_for(error), replies.sentence_for(error)))


def _data(body: Mapping[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(body, ensure_ascii=False))
