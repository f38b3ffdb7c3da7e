"""The whole way: TelegramLink starts the real bot against the server, as `danvan serve` does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import replies
from bot.conversations import Conversations
from bot.telegram_handlers import build_telegram
from bot.telegram_link import TelegramLink
from tests.bot.bot_api_server import ApiBot
from tests.bot.telegram_phone import api_server, settings_for, text_update
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.asyncio

REPORT = "Trước ngày nào các đơn vị báo cáo kết quả về Sở?"
WEBHOOK = {
    "telegram__mode": "webhook",
    "telegram__webhook_secret": "bí-mật".encode().hex(),
    "server__public_url": "https://tro-ly.so.gov.vn",
}


@asynccontextmanager
async def linked(api: ApiBot, folder: Path, **changes: str) -> AsyncIterator[TelegramLink]:
    settings = settings_for(api, folder, **changes)
    conversations = Conversations(folder / "conversations.sqlite3")
    link = TelegramLink(settings, lambda: build_telegram(settings, FakeAssistant(), conversations))
    link.start()
    yield link
    await link.stop()
    conversations.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.01)


async def test_polling_started_by_the_link_answers_and_stops(tmp_path: Path) -> None:
    api = api_server().new_bot()
    api.updates.append(text_update(REPORT))
    async with linked(api, tmp_path) as link:
        await until(lambda: bool(api.sent))
        assert link.state == "running" and link.problem is None
    assert "15/10/2024" in api.sent[0]["plain"]
    assert api.called("setMyCommands") and api.called("deleteWebhook")
    polls = len(api.called("getUpdates"))
    await asyncio.sleep(0.1)
    assert len(api.called("getUpdates")) == polls


async def test_a_webhook_is_set_with_its_secret_and_its_updates_are_answered(
    tmp_path: Path,
) -> None:
    api = api_server().new_bot()
    async with linked(api, tmp_path, **WEBHOOK) as link:
        await until(lambda: link.state == "running")
        await link.take(text_update(REPORT))
        await until(lambda: bool(api.sent))
    [webhook] = api.called("setWebhook")
    assert webhook["url"] == "https://tro-ly.so.gov.vn/telegram/webhook"
    assert webhook["secret_token"] == WEBHOOK["telegram__webhook_secret"]
    assert "15/10/2024" in api.sent[0]["plain"] and not api.called("getUpdates")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"telegram__token": "1:wrong"}, replies.TELEGRAM_WRONG_TOKEN),
        ({"telegram__base_url": "http://127.0.0.1:9"}, replies.TELEGRAM_RETRYING),
        ({"telegram__proxy": "no proxy"}, replies.TELEGRAM_RETRYING),
    ],
)
async def test_what_can_not_start_is_named_and_tried_again(
    tmp_path: Path, change: dict[str, str], problem: str
) -> None:
    async with linked(api_server().new_bot(), tmp_path, **change) as link:
        await until(lambda: link.state == "retrying")
        assert link.problem == problem
