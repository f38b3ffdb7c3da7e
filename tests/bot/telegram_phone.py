"""People who write to the bot, and a clock that does not make tests wait."""

from __future__ import annotations

import asyncio
import atexit
import itertools
import os
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from telegram import Update

from bot.conversations import Conversations
from bot.telegram_handlers import build_telegram
from bot.telegram_link import AnyApplication
from bot.telegram_pace import MessagePace
from config.settings import Settings, load_settings
from rag.assistant import Assistant
from tests.bot.bot_api_server import USERNAME, ApiBot, BotApiServer, Json
from tests.fakes import FakeAssistant

USER, STRANGER, GROUP, STRANGE_GROUP = 111, 999, -100200, -100666
# Nobody speaks TLS on loopback: reading all certificates would take most of a test's time.
NO_CERTIFICATES = {"SSL_CERT_FILE": "", "SSL_CERT_DIR": "/nonexistent"}
_update_ids = itertools.count(1)
_message_ids = itertools.count(1)


class FakeClock:
    """`sleep` moves the time on at once and remembers how long it was."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Phone:
    """Hands updates to the bot one by one, and gives what the bot sent for each."""

    def __init__(self, application: AnyApplication, api: ApiBot, clock: FakeClock) -> None:
        self.application = application
        self.api = api
        self.clock = clock

    async def give(self, update: Json) -> list[Json]:
        """All messages that the bot sent for this update."""
        before = len(self.api.sent)
        await self.application.process_update(Update.de_json(update, self.application.bot))
        return self.api.sent[before:]

    async def write(self, text: str, user: int = USER, chat: int | None = None) -> list[Json]:
        """A text message, private where no chat is named."""
        return await self.give(text_update(text, user, chat))

    async def press(self, button: Json, user: int = USER, chat: int | None = None) -> list[Json]:
        """A button of a message that the bot sent."""
        return await self.give(press_update(button["callback_data"], user, chat))


def text_update(text: str, user: int = USER, chat: int | None = None, **more: Any) -> Json:
    return message_update(user, chat, text=text, entities=_entities(text), **more)


def message_update(user: int = USER, chat: int | None = None, **content: Any) -> Json:
    return {"update_id": next(_update_ids), "message": message(user, chat, **content)}


def message(user: int = USER, chat: int | None = None, **content: Any) -> Json:
    sender = {"id": user, "is_bot": False, "first_name": "Lan"}
    head = {"message_id": next(_message_ids), "date": int(time.time()), "from": sender}
    return {**head, "chat": _chat(user if chat is None else chat), **content}


def press_update(data: str, user: int = USER, chat: int | None = None, **more: Any) -> Json:
    """`more` may replace the message, as where it is too old: {"date": 0}."""
    place = {**message(user, chat, text="…"), **more}
    sender = {"id": user, "is_bot": False, "first_name": "Lan"}
    query = {"id": f"press-{next(_message_ids)}", "from": sender, "chat_instance": "1"}
    query |= {"message": place, "data": data}
    return {"update_id": next(_update_ids), "callback_query": query}


def buttons(sent: Json) -> list[Json]:
    """All buttons under a message, in order."""
    markup = sent.get("reply_markup") or {"inline_keyboard": []}
    return [button for row in markup["inline_keyboard"] for button in row]


def from_bot(api: ApiBot, chat: int) -> Json:
    """A message of the bot itself, to reply to."""
    own = {"id": api.id, "is_bot": True, "first_name": "Dân vận", "username": USERNAME}
    return {**message(USER, chat, text="…"), "from": own}


def _chat(chat_id: int) -> Json:
    kind = "private" if chat_id > 0 else "supergroup"
    return {"id": chat_id, "type": kind, "title": "Văn phòng"} if chat_id < 0 else _private(chat_id)


def _private(chat_id: int) -> Json:
    return {"id": chat_id, "type": "private", "first_name": "Lan"}


def _entities(text: str) -> list[Json]:
    """Commands and mentions, with the UTF-16 offsets that Telegram gives."""
    found = [("bot_command", m) for m in re.finditer(r"(?:^|(?<=\s))/\w+(?:@\w+)?", text)]
    found += [("mention", m) for m in re.finditer(r"(?:^|(?<=\s))@\w+", text)]
    return [
        {"type": kind, "offset": _units(text[: m.start()]), "length": _units(m[0])}
        for kind, m in found
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@cache
def api_server() -> BotApiServer:
    """One server for the whole run; it starts with the first test that needs it."""
    server = BotApiServer()
    server.start()
    atexit.register(server.stop)
    return server


def settings_for(api: ApiBot, folder: Path, **changes: str) -> Settings:
    """Settings as an operator gives them: `server__public_url="https://..."`."""
    values = {
        "data_dir": str(folder),
        "telegram__token": api.token,
        "telegram__base_url": api_server().url,
        "telegram__allowed_users": f"[{USER}]",
        "telegram__allowed_groups": f"[{GROUP}]",
        **changes,
    }
    return load_settings({f"DANVAN_{name.upper()}": value for name, value in values.items()})


@asynccontextmanager
async def open_phone(assistant: Assistant | None = None, **changes: str) -> AsyncIterator[Phone]:
    """A bot of its own on the test's server, initialized and with its menu set."""
    api, clock = api_server().new_bot(), FakeClock()
    with TemporaryDirectory() as folder, patch.dict(os.environ, NO_CERTIFICATES):
        settings = settings_for(api, Path(folder), **changes)
        conversations = Conversations(Path(folder) / "conversations.sqlite3")
        application = build_telegram(
            settings,
            assistant or FakeAssistant(),
            conversations,
            pace=MessagePace(clock, clock.sleep),
            clock=clock,
        )
        try:
            async with application:
                assert application.post_init is not None
                await application.post_init(application)
                yield Phone(application, api, clock)
        finally:
            await application.bot.shutdown()  # the library forgets it where the start failed
            conversations.close()
