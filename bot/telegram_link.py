"""Telegram beside HTTP in one process: started, watched, started again, stopped.

The bot itself is `telegram_handlers`. A Telegram that can't start (wrong token, no network) never
stops HTTP: it is tried again with growing pauses, and `/health` says so.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application

from bot import replies
from bot.errors import TelegramNotReady
from config.settings import Settings

log = logging.getLogger(__name__)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]
State = Literal["off", "starting", "running", "retrying"]

FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 300.0
WEBHOOK_PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class TelegramLink:
    """Keeps one Application running. `build` makes a fresh one for each attempt."""

    def __init__(
        self,
        settings: Settings,
        build: Callable[[], AnyApplication],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.state: State = "off"
        self.problem: str | None = None
        self._settings = settings
        self._build = build
        self._sleep = sleep
        self._task: asyncio.Task[None] | None = None
        self._application: AnyApplication | None = None

    def start(self) -> None:
        """Begin in the background; returns at once. Nothing happens without a token."""
        if self._settings.telegram.token is None:
            return
        if self._webhook and not self._webhook_is_complete():
            self.problem = replies.TELEGRAM_INCOMPLETE
            return
        self.state = "starting"
        self._task = asyncio.create_task(self._keep_starting())

    async def stop(self) -> None:
        """Stop trying, or stop what runs. Never raises: the server is going down anyway."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._application is not None:
            await _shut_down(self._application)
        self._application = None
        self.state = "off"

    def accepts(self, secret: str) -> bool:
        """Whether a webhook call carries our secret; compared in constant time."""
        wanted = self._settings.telegram.webhook_secret
        if wanted is None or not self._webhook:
            return False
        return hmac.compare_digest(secret.encode(), wanted.get_secret_value().encode())

    async def take(self, data: dict[str, Any]) -> None:
        """Hand one update of the webhook on. Raises TelegramNotReady."""
        if self._application is None:
            raise TelegramNotReady
        update = Update.de_json(data, self._application.bot)
        await self._application.update_queue.put(update)

    @property
    def _webhook(self) -> bool:
        return self._settings.telegram.mode == "webhook"

    def _webhook_is_complete(self) -> bool:
        return bool(self._settings.server.public_url and self._settings.telegram.webhook_secret)

    async def _keep_starting(self) -> None:
        pause = FIRST_PAUSE_S
        while not await self._try_to_start():
            self.state = "retrying"
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _try_to_start(self) -> bool:
        application: AnyApplication | None = None
        try:
            application = self._build()  # refuses a proxy that is spelt wrong
            await self._run(application)
        except asyncio.CancelledError:
            await _shut_down(application)
            raise
        except Exception as exc:
            # Whatever it is (no network, a missing library): HTTP has to go on all the same.
            wrong = isinstance(exc, InvalidToken)
            self.problem = replies.TELEGRAM_WRONG_TOKEN if wrong else replies.TELEGRAM_RETRYING
            level = logging.WARNING if isinstance(exc, TelegramError) else logging.ERROR
            log.log(level, "telegram can't start: %s", type(exc).__name__)
            await _shut_down(application)
            return False
        self._application, self.state, self.problem = application, "running", None
        return True

    async def _run(self, application: AnyApplication) -> None:
        await application.initialize()
        if application.post_init:  # only run_polling would call it by itself
            await application.post_init(application)
        await application.start()
        if self._webhook:
            await self._set_webhook(application)
        elif application.updater is not None:
            await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)

    async def _set_webhook(self, application: AnyApplication) -> None:
        secret = self._settings.telegram.webhook_secret
        public_url = self._settings.server.public_url
        assert secret is not None and public_url is not None
        await application.bot.set_webhook(
            public_url.rstrip("/") + WEBHOOK_PATH,
            secret_token=secret.get_secret_value(),
            allowed_updates=Update.ALL_TYPES,
        )


async def _shut_down(application: AnyApplication | None) -> None:
    """Each step by itself: one that fails must not leave the others undone."""
    if application is None:
        return
    steps: list[Callable[[], Awaitable[Any]]] = []
    if application.updater is not None and application.updater.running:
        steps.append(application.updater.stop)
    if application.running:
        steps.append(application.stop)
    # A failed initialize leaves the connections open, and application.shutdown does nothing then.
    for step in (*steps, application.shutdown, application.bot.shutdown):
        try:
            await step()
        except Exception as exc:
            log.warning("telegram did not stop cleanly: %s", type(exc).__name__)
