"""Telegram beside HTTP: a Telegram that can't start never stops HTTP."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, cast

import pytest
from telegram import Update
from telegram.error import InvalidToken, NetworkError

from bot import replies
from bot.telegram_link import SECRET_HEADER, AnyApplication, TelegramLink
from tests.bot.live import QUESTION, Live, running, settings_in
from tests.bot.test_bad_input import check_problem

SECRET = "bi-mat_1"
TOKEN = "123:abc"


class FakeApplication:
    """Of the library's Application what the link uses; `errors` are raised one a start."""

    def __init__(self, errors: list[Exception]) -> None:
        self.errors = errors
        self.updater = None
        self.running = False
        self.bot = self
        self.update_queue: asyncio.Queue[Update] = asyncio.Queue()
        self.webhooks: list[tuple[str, str]] = []
        self.initialized: list[bool] = []

    async def post_init(self, _application: object) -> None:
        self.initialized.append(True)

    async def initialize(self) -> None:
        if self.errors:
            raise self.errors.pop(0)

    async def start(self) -> None:
        self.running = True

    async def stop(self) -> None:
        self.running = False

    async def shutdown(self) -> None:
        pass

    async def set_webhook(self, url: str, *, secret_token: str, allowed_updates: Any) -> None:
        self.webhooks.append((url, secret_token))


def as_application(fake: FakeApplication) -> AnyApplication:
    return cast(AnyApplication, fake)


WEBHOOK = {
    "DANVAN_TELEGRAM__TOKEN": TOKEN,
    "DANVAN_TELEGRAM__MODE": "webhook",
    "DANVAN_TELEGRAM__WEBHOOK_SECRET": SECRET,
    "DANVAN_SERVER__PUBLIC_URL": "https://tro-ly.so.gov.vn/",
}


def wait_for(live: Live, state: str) -> dict[str, Any]:
    deadline = time.monotonic() + 5
    while (health := live.client.get("/health").json())["telegram"] != state:
        assert time.monotonic() < deadline, health
        time.sleep(0.02)
    return dict(health)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InvalidToken("x"), replies.TELEGRAM_WRONG_TOKEN),
        (NetworkError("x"), replies.TELEGRAM_RETRYING),
        (RuntimeError("x"), replies.TELEGRAM_RETRYING),
    ],
)
def test_http_answers_while_telegram_cannot_start(
    tmp_path: Path, error: Exception, sentence: str
) -> None:
    settings = settings_in(tmp_path, DANVAN_TELEGRAM__TOKEN=TOKEN)
    fake = FakeApplication([error] * 99)
    with running(settings, build_telegram=lambda: as_application(fake)) as live:
        health = wait_for(live, "retrying")
        assert health["status"] == "degraded"
        assert health["problems"] == [sentence]
        assert live.ask(QUESTION)["status"] == "answered"


def test_it_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async def run() -> TelegramLink:
        fake = FakeApplication([NetworkError("x")] * 10)
        settings = settings_in(tmp_path, DANVAN_TELEGRAM__TOKEN=TOKEN)
        link = TelegramLink(settings, lambda: as_application(fake), sleep)
        link.start()
        while link.state != "running":
            await asyncio.sleep(0)
        assert fake.initialized == [True]
        assert link.problem is None
        await link.stop()
        assert not fake.running
        return link

    assert asyncio.run(run()).state == "off"
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_the_webhook_opens_to_the_secret_only(tmp_path: Path) -> None:
    fake = FakeApplication([])
    update = {"update_id": 7}
    with running(
        settings_in(tmp_path, **WEBHOOK), build_telegram=lambda: as_application(fake)
    ) as live:
        wait_for(live, "running")
        assert fake.webhooks == [("https://tro-ly.so.gov.vn/telegram/webhook", SECRET)]
        for wrong in ({}, {SECRET_HEADER: "sai"}, {SECRET_HEADER: ""}):
            reply = live.client.post("/telegram/webhook", json=update, headers=wrong)
            check_problem(reply, 403)
        assert fake.update_queue.empty()
        right = {SECRET_HEADER: SECRET}
        reply = live.client.post("/telegram/webhook", json=update, headers=right)
        assert reply.status_code == 200
        assert fake.update_queue.get_nowait().update_id == 7


def test_an_update_before_the_bot_runs_is_sent_again_later(tmp_path: Path) -> None:
    fake = FakeApplication([NetworkError("x")] * 99)
    with running(
        settings_in(tmp_path, **WEBHOOK), build_telegram=lambda: as_application(fake)
    ) as live:
        right = {SECRET_HEADER: SECRET}
        reply = live.client.post("/telegram/webhook", json={"update_id": 7}, headers=right)
        check_problem(reply, 503)


def test_a_webhook_without_a_public_address_is_said(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, DANVAN_TELEGRAM__TOKEN=TOKEN, DANVAN_TELEGRAM__MODE="webhook")
    with running(settings) as live:
        assert live.client.get("/health").json()["problems"] == [replies.TELEGRAM_INCOMPLETE]


def test_without_a_token_there_is_no_telegram(live: Live) -> None:
    health = live.client.get("/health").json()
    assert (health["status"], health["telegram"]) == ("ok", "off")
    reply = live.client.post("/telegram/webhook", json={}, headers={SECRET_HEADER: ""})
    check_problem(reply, 403)
