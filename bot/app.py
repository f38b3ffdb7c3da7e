"""Builds the HTTP application and runs it, with Telegram in the same process where configured."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from bot.conversations import Conversations
from bot.desk import Desk
from bot.duty_routes import duty_routes
from bot.errors import AddressUnavailable
from bot.guard import CatchUnexpected, Guard
from bot.limits import PersonLimit, Waiting
from bot.logs import set_up_logging
from bot.manage import management_routes
from bot.openai_routes import openai_routes
from bot.page_routes import page_routes
from bot.problems import PROBLEMS, add_error_handlers
from bot.telegram_link import AnyApplication, TelegramLink
from bot.web import api_routes, forget_old_conversations
from bot.webhook import webhook_routes
from config.settings import Settings
from rag.assistant import Assistant
from rag.errors import RagError

log = logging.getLogger(__name__)

SHUTDOWN_S = 10  # an answer under way may finish
SERVER_FILE = "server.json"
DATABASE_FILE = "danvan.sqlite3"


def create_app(
    settings: Settings,
    assistant: Assistant,
    conversations: Conversations,
    *,
    machine_token: str | None = None,
    build_telegram: Callable[[], AnyApplication] | None = None,
) -> FastAPI:
    """The whole HTTP edge on the given parts. Opens nothing by itself."""
    desk = Desk(
        settings,
        assistant,
        conversations,
        machine_token or secrets.token_urlsafe(32),
        PersonLimit(settings.server.questions_per_minute),
        Waiting(settings.server.max_waiting),
    )
    build = build_telegram or partial(_build_telegram, desk)
    telegram = TelegramLink(settings, build)
    app = FastAPI(
        title="danvan",
        version="1",
        description="Hỏi đáp trên văn bản của cơ quan, mỗi câu trả lời đều có trích dẫn.",
        docs_url=None,  # Swagger UI comes from a CDN, and offices are offline: see page_routes
        redoc_url=None,
        responses=PROBLEMS,
        lifespan=lambda _app: _lifespan(desk, telegram),
    )
    app.include_router(api_routes(desk, telegram))
    app.include_router(openai_routes(desk))
    app.include_router(duty_routes(desk))
    app.include_router(management_routes(desk))
    app.include_router(webhook_routes(telegram))
    app.include_router(page_routes(desk, app.openapi))
    add_error_handlers(app)
    _add_middleware(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """The last one added is the first one asked."""
    app.add_middleware(CatchUnexpected)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=[origin.rstrip("/") for origin in settings.server.allowed_origins],
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After", "X-Request-ID"],
    )
    app.add_middleware(Guard, settings=settings)


@asynccontextmanager
async def _lifespan(desk: Desk, telegram: TelegramLink) -> AsyncIterator[None]:
    telegram.start()
    chores = [
        asyncio.create_task(forget_old_conversations(desk)),
        asyncio.create_task(_bring_index_up_to_date(desk.assistant)),
    ]
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)
        await telegram.stop()


async def _bring_index_up_to_date(assistant: Assistant) -> None:
    """Questions are answered meanwhile. What went wrong is in the assistant's own health."""
    try:
        await assistant.index()
    except RagError as exc:
        log.error("indexing failed: %s: %s", type(exc).__name__, exc.detail)


def _build_telegram(desk: Desk) -> AnyApplication:
    from bot.telegram_handlers import build_telegram  # unused without a token

    return build_telegram(desk.settings, desk.assistant, desk.conversations, waiting=desk.waiting)


async def serve(settings: Settings, on_ready: Callable[[str], None] | None = None) -> None:
    """Run until a signal stops it; `on_ready` gets the address once questions are welcome.

    Raises AddressUnavailable, and what `open_assistant` raises.
    """
    from rag.wiring import open_assistant  # seconds of imports that `--help` should not wait for

    set_up_logging(settings.logging)
    with bound_socket(settings.server.host, settings.server.port) as listener:
        async with open_assistant(settings) as assistant:
            await serve_assistant(settings, assistant, listener, on_ready)


async def serve_assistant(
    settings: Settings,
    assistant: Assistant,
    listener: socket.socket,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve an opened assistant on a bound socket until a signal comes."""
    conversations = Conversations(
        settings.data_dir / DATABASE_FILE, expire_days=settings.conversations.expire_days
    )
    token = secrets.token_urlsafe(32)
    app = create_app(settings, assistant, conversations, machine_token=token)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # it would write queries; Guard writes one line a request
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    url = _url_of(listener)

    def ready() -> None:
        log.info("serving %s", url)
        if on_ready:
            on_ready(url)

    try:
        with _server_file(settings.data_dir, url, token), _signals_end_quietly():
            await _Server(config, ready).serve(sockets=[listener])
    finally:
        conversations.close()


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()


@contextmanager
def bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Bound before the model is loaded: a port in use is told at once. Port 0 takes a free one."""
    with ExitStack() as stack:
        try:
            family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            # With the protocol named asyncio turns Nagle's delay off for what is accepted; without
            # it every answer on a kept connection came 44 ms late.
            kind = socket.SOCK_STREAM, socket.IPPROTO_TCP
            listener = stack.enter_context(socket.socket(family, *kind))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError as exc:
            raise AddressUnavailable(f"{host}:{port}: {exc.strerror}") from exc
        yield listener


def _url_of(listener: socket.socket) -> str:
    """How a command on this machine reaches the socket."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def _server_file(data_dir: Path, url: str, token: str) -> Iterator[None]:
    """`server.json` tells this machine's commands where the server is, and lets them in."""
    path = data_dir / SERVER_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)  # left by a server that was killed; its mode can't be trusted
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"url": url, "token": token, "pid": os.getpid()}, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _signals_end_quietly() -> Iterator[None]:
    """uvicorn raises its signal again when it has stopped, which would kill us before the clean-up.

    It goes to the handlers that were set before: here, to ones that do nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: None) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
