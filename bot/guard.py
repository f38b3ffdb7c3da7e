"""What happens to every request before and after its route: plain ASGI, so that streams stream.

`Guard` is outermost: request id, log line, origin, HEAD, security headers, size of the body.
`CatchUnexpected` is innermost, inside CORS: an exception nobody expected becomes a problem.
"""

from __future__ import annotations

import logging
import time
import uuid
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot import replies
from bot.errors import BodyTooLarge, OriginRefused
from bot.logs import request_id
from bot.problems import problem_response
from config.settings import Server, Settings

log = logging.getLogger(__name__)

# A question of 2,000 code points, each escaped as \uXXXX\uXXXX, and a long filter.
MAX_JSON_BYTES = 256_000
# A whole history, and a photo that is refused with a sentence.
MAX_CHAT_BYTES = 8_000_000
UPLOAD_PATH = "/v1/documents"
CHAT_PATH = "/v1/chat/completions"


class Guard:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.server = settings.server
        self.max_file_bytes = settings.library.max_file_bytes
        self.headers = _security_headers(settings.server)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        token = request_id.set(uuid.uuid4().hex[:12])
        watch = _Watch(scope, send, self.headers)
        try:
            await self._answer(scope, receive, watch)
        finally:
            watch.log()
            request_id.reset(token)

    async def _answer(self, scope: Scope, receive: Receive, watch: _Watch) -> None:
        request = Request(scope)
        if refused := self._refusal(request):
            # An origin that was forgotten in the settings is read off here.
            log.warning("%s: %r", type(refused).__name__, refused.detail[:200])
            detail = replies.sentence_for(refused)
            response = problem_response(request, refused.status, detail)
            return await response(scope, receive, watch)
        if scope["method"] == "HEAD":  # operators use `curl -I`; routes know GET only
            scope = {**scope, "method": "GET"}
            watch.body = False
        await self.app(scope, _limited(receive, self._max_bytes(request)), watch)

    def _refusal(self, request: Request) -> OriginRefused | BodyTooLarge | None:
        origin = request.headers.get("origin")
        if origin is not None and not origin_allowed(origin, request.headers, self.server):
            return OriginRefused(origin)
        length = request.headers.get("content-length", "")
        if length.isascii() and length.isdigit() and int(length[:18]) > self._max_bytes(request):
            return BodyTooLarge(length[:18])
        return None

    def _max_bytes(self, request: Request) -> int:
        limits = {UPLOAD_PATH: self.max_file_bytes, CHAT_PATH: MAX_CHAT_BYTES}
        return limits.get(request.url.path, MAX_JSON_BYTES)


class CatchUnexpected:
    """The last net: a sentence and an id for the person, the frames for the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            log.exception("unexpected error")
            if started or scope["type"] != "http":
                raise  # half an answer is out: only closing the connection tells the client
            response = problem_response(Request(scope), 500, replies.UNEXPECTED)
            await response(scope, receive, send)


def origin_allowed(origin: str, headers: Headers, server: Server) -> bool:
    """Our own pages, and those of `server.allowed_origins`.

    Our own are known by the host only: behind a proxy that speaks TLS the scheme differs.
    """
    given = origin.lower().rstrip("/")
    allowed = [*server.allowed_origins, *([server.public_url] if server.public_url else [])]
    if given in {_origin_of(url) for url in allowed}:
        return True
    host = headers.get("host", "").lower()
    return bool(host) and given in (f"http://{host}", f"https://{host}")


def _origin_of(url: str) -> str:
    parts = urlsplit(url.lower())
    return f"{parts.scheme}://{parts.netloc}"


class _Watch:
    """Sends on, with the security headers; knows what is to be logged. Never the query."""

    def __init__(self, scope: Scope, send: Send, headers: dict[str, str]) -> None:
        self.body = True
        self._send = send
        self._headers = headers
        self._request = (scope["method"], scope["path"])
        self._status = 0
        self._started = time.perf_counter()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = request_id.get()
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        elif not self.body:
            message = {**message, "body": b""}
        await self._send(message)

    def log(self) -> None:
        ms = (time.perf_counter() - self._started) * 1000
        log.info("%s %r %d %.0f ms", *self._request, self._status, ms)


def _limited(receive: Receive, max_bytes: int) -> Receive:
    """A body without an honest Content-Length is counted as it comes."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > max_bytes:
            # An HTTPException, because FastAPI makes a 400 of any other while it reads a body.
            raise HTTPException(413)
        return message

    return counted


def _security_headers(server: Server) -> dict[str, str]:
    frames = " ".join(["'self'", *server.frame_ancestors])
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frames}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": "no-store",
    }
