"""A server on loopback that speaks the OpenAI protocol, well or badly, and a writer's settings for it."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import SecretStr

from config.settings import ChatModel
from rag.adapters.langchain_chat_model import LangChainWriter
from rag.ports import Writer

ROOT = Path(__file__).parents[2]
PROMPT = (ROOT / "config/prompts/answer.md").read_text(encoding="utf-8")
REPAIR = (ROOT / "config/prompts/repair.md").read_text(encoding="utf-8")
QUESTION = (
    "Các đơn vị báo cáo kết quả dân vận chính quyền về Sở Nông nghiệp Tây Ninh trước ngày nào?"
)
GOOD = "Các đơn vị báo cáo kết quả về Sở Nông nghiệp và PTNT trước ngày 15/10/2024 [1]."
KEY = "sk-very-secret"
TIMEOUT_S = 0.6  # where the test is that a model takes too long

Reply = Callable[[dict[str, Any]], Awaitable[Response]]


@dataclass
class ModelServer:
    """An OpenAI-compatible server whose behaviour a test sets."""

    url: str
    reply: Reply
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def says(self, text: str | None) -> None:
        self.reply = saying(text)


def saying(text: str | None, wait_s: float = 0.0) -> Reply:
    """Word by word, `wait_s` before each."""

    async def reply(asked: dict[str, Any]) -> Response:
        assert asked["stream"]
        return StreamingResponse(_chunks(text, wait_s), media_type="text/event-stream")

    return reply


async def _chunks(text: str | None, wait_s: float = 0.0) -> AsyncIterator[str]:
    pieces = re.findall(r"\s*\S+|\s+$", text) if text else [text]
    for piece in pieces:
        await asyncio.sleep(wait_s)
        yield _chunk({"role": "assistant", "content": piece}, None)
    yield _chunk({}, "stop")
    yield "data: [DONE]\n\n"


def _chunk(delta: dict[str, Any], reason: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    return f"data: {json.dumps(body | {'choices': [choice]})}\n\n"


async def _one_word_then_silence() -> AsyncIterator[str]:
    yield _chunk({"role": "assistant", "content": "Các"}, None)
    await asyncio.sleep(5)


async def _one_word_then_error() -> AsyncIterator[str]:
    yield _chunk({"role": "assistant", "content": "Các"}, None)
    yield f"data: {json.dumps({'error': {'message': f'{QUESTION} {KEY}'}})}\n\n"


def answering(response: Callable[[], Response], after_s: float = 0.0) -> Reply:
    async def reply(_: dict[str, Any]) -> Response:
        await asyncio.sleep(after_s)
        return response()

    return reply


async def _dripping() -> AsyncIterator[bytes]:
    """Never silent for long, never done: a timeout between two bytes does not end it."""
    yield b'{"id": "'
    for _ in range(100):
        await asyncio.sleep(0.05)
        yield b"x"


async def _breaking() -> AsyncIterator[bytes]:
    yield b'{"id": "x", "choi'
    raise ConnectionAbortedError


def _with_length(body: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(
        body, headers={"Content-Length": "9999"}, media_type="application/json"
    )


BAD: dict[str, Reply] = {
    "slow": answering(lambda: Response(), after_s=1.2),
    "dripping": answering(lambda: StreamingResponse(_dripping(), media_type="application/json")),
    "500": answering(lambda: JSONResponse({"error": {"message": f"{QUESTION} {KEY}"}}, 500)),
    "401": answering(lambda: JSONResponse({"error": {"message": f"wrong key {KEY}"}}, 401)),
    "404": answering(lambda: JSONResponse({"error": {"message": "no such model"}}, 404)),
    "429": answering(lambda: JSONResponse({}, 429, headers={"Retry-After": "60"})),
    "400 context too long": answering(
        lambda: JSONResponse({"error": "context length exceeded"}, 400)
    ),
    "breaks off": answering(lambda: _with_length(_breaking())),
    "a page": answering(lambda: HTMLResponse("<html><body>Đăng nhập proxy</body></html>")),
    "other JSON": answering(lambda: JSONResponse({"hello": "world"})),
    "a list": answering(lambda: JSONResponse([])),
    "null": answering(lambda: Response("null", media_type="application/json")),
    "no choices": answering(lambda: JSONResponse({"choices": [], "object": "chat.completion"})),
    "no UTF-8": answering(lambda: Response(b"\xff\xfe\x00{", media_type="application/json")),
    "an empty stream": answering(
        lambda: Response('data: {"choices":[]}\n\ndata: [DONE]\n\n', media_type="text/event-stream")
    ),
    "no stream": answering(
        lambda: JSONResponse({"choices": [{"index": 0, "message": {"content": GOOD}}]})
    ),
    "silent in the middle": answering(
        lambda: StreamingResponse(_one_word_then_silence(), media_type="text/event-stream")
    ),
    "an error in the middle": answering(
        lambda: StreamingResponse(_one_word_then_error(), media_type="text/event-stream")
    ),
    "empty body": answering(lambda: Response(b"")),
    "redirected for ever": answering(
        lambda: Response(status_code=307, headers={"Location": "/v1/chat/completions"})
    ),
    "empty": saying(""),
    "white": saying(" \n\t"),
    "no content": saying(None),
}


@contextmanager
def serving() -> Iterator[ModelServer]:
    server = ModelServer("", saying(GOOD))
    app = FastAPI()

    @app.post("/v1/chat/completions")
    async def complete(request: Request) -> Response:
        server.requests.append(await request.json())
        server.headers.append(dict(request.headers))
        return await server.reply(server.requests[-1])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
        config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1)
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        while not running.started and thread.is_alive():
            time.sleep(0.005)
        yield server
        running.should_exit = True
        thread.join()


def settings(url: str | None, **values: Any) -> ChatModel:
    given = {"model": "m", "provider": "openai", "base_url": url, "api_key": SecretStr(KEY),
             "timeout_s": 10, "max_tokens": 400, "entailment": None}  # fmt: skip
    return ChatModel.model_validate(given | values)


def writer_for(url: str | None, **values: Any) -> LangChainWriter:
    return LangChainWriter(settings(url, **values), PROMPT, REPAIR)


async def said(writer: Writer, question: str = "?", sources: Sequence[str] = ("a",)) -> str:
    """All that a model writes, in one."""
    return "".join([piece async for piece in writer.write(question, sources)])
