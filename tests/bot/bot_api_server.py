"""A Bot API server on loopback that refuses what Telegram refuses. `telegram_rules` has the limits.

One server serves many bots; each test takes its own with `new_bot`, so tests share no state.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from tests.bot.telegram_rules import Refused, check_commands, check_keyboard, message_text

Json = dict[str, Any]
USERNAME = "danvan_bot"


class ApiBot:
    """One bot as the server sees it: what waits for it, what it sent, what it will be refused."""

    def __init__(self, number: int) -> None:
        self.id = 7_000_000 + number
        self.token = f"{self.id}:AAsecretsecretsecretsecretsecret{number:03d}"
        self.calls: list[tuple[str, Json]] = []
        self.sent: list[Json] = []
        self.updates: list[Json] = []
        self.blocked_by: set[int] = set()
        self.moved: dict[int, int] = {}
        self.old_presses: set[str] = set()
        self.refusals: dict[str, list[Refused]] = {}
        self.pollers = 0
        self._message_ids = itertools.count(1000)

    def refuse_next(self, method: str, code: int, description: str, **parameters: int) -> None:
        """The next call of `method` is refused, for instance 429 with retry_after=3."""
        self.refusals.setdefault(method, []).append(Refused(description, code, parameters))

    def called(self, method: str) -> list[Json]:
        """The parameters of each call of `method`, refused ones too."""
        return [data for name, data in self.calls if name == method]

    async def handle(self, method: str, data: Json) -> Any:
        """The result of one call. Raises Refused."""
        self.calls.append((method, data))
        if waiting := self.refusals.get(method):
            raise waiting.pop(0)
        known: dict[str, Callable[[Json], Any]] = {
            "getMe": self._me,
            "sendMessage": self._send_message,
            "answerCallbackQuery": self._answer_press,
            "setMyCommands": lambda d: check_commands(d["commands"]),
        }
        if method == "getUpdates":
            return await self._get_updates(data)
        if method in ("sendChatAction", "deleteWebhook", "setWebhook"):
            return True
        if method not in known:
            raise Refused("Not Found", 404)
        return known[method](data)

    def _me(self, _data: Json) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": "Dân vận", "username": USERNAME}

    def _send_message(self, data: Json) -> Json:
        chat_id = data["chat_id"]
        if chat_id in self.blocked_by:
            raise Refused("Forbidden: bot was blocked by the user", 403)
        if chat_id in self.moved:
            moved = {"migrate_to_chat_id": self.moved[chat_id]}
            raise Refused("Bad Request: group chat was upgraded to a supergroup chat", 400, moved)
        text = message_text(data["text"], data.get("parse_mode"))
        check_keyboard(data.get("reply_markup"))
        kind = "private" if chat_id > 0 else "supergroup"
        message = {
            "message_id": next(self._message_ids),
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": kind},
            "text": text,
        }
        self.sent.append({**data, "plain": text, "message_id": message["message_id"]})
        return message

    def _answer_press(self, data: Json) -> bool:
        if data["callback_query_id"] in self.old_presses:
            raise Refused("Bad Request: query is too old and response timeout expired")
        return True

    async def _get_updates(self, data: Json) -> list[Json]:
        """Long polling; a second consumer throws the first one out."""
        self.pollers += 1
        me, offset = self.pollers, data.get("offset", 0)
        end = time.monotonic() + min(data.get("timeout", 0), 5)
        self.updates = [u for u in self.updates if u["update_id"] >= offset]
        while not self.updates and time.monotonic() < end:
            await asyncio.sleep(0.02)
            if self.pollers != me:
                raise Refused("Conflict: terminated by other getUpdates request", 409)
        return list(self.updates)


class BotApiServer:
    """uvicorn in a thread on a free port."""

    def __init__(self) -> None:
        self._bots: dict[str, ApiBot] = {}
        config = uvicorn.Config(
            self._app(), host="127.0.0.1", port=0, log_level="critical", ws="none", lifespan="off"
        )
        config.timeout_graceful_shutdown = 1
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def new_bot(self) -> ApiBot:
        """A bot with a token of its own."""
        bot = ApiBot(len(self._bots))
        self._bots[bot.token] = bot
        return bot

    @property
    def url(self) -> str:
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=5)

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.post("/bot{token}/{method}")
        async def call(token: str, method: str, request: Request) -> JSONResponse:
            body = parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True)
            try:
                if token not in self._bots:
                    raise Refused("Unauthorized", 401)
                result = await self._bots[token].handle(method, _decoded(dict(body)))
            except Refused as refused:
                return JSONResponse(refused.body(), refused.code)
            return JSONResponse({"ok": True, "result": result})

        return app


def _decoded(form: dict[str, str]) -> Json:
    """Numbers and objects come as JSON; words stay words, even where they look like JSON."""
    words = ("text", "parse_mode", "callback_query_id", "url")
    return {name: value if name in words else _loads(value) for name, value in form.items()}


def _loads(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value
