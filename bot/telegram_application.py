"""The library's Application with our limits, and which handler gets which update."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from telegram import BotCommand, Update
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot import telegram_replies as replies
from bot.telegram_failures import failed
from bot.telegram_link import AnyApplication
from bot.telegram_pace import MessagePace
from config.settings import Telegram

if TYPE_CHECKING:
    from bot.telegram_gate import Gate
    from bot.telegram_handlers import Handlers

log = logging.getLogger(__name__)

# Behind a proxy, or from a country that slows Telegram down, the library's 5 s are too short.
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 20.0


def new_application(settings: Telegram, pace: MessagePace) -> AnyApplication:
    """An Application without handlers. In webhook mode it has no updater: FastAPI listens."""
    assert settings.token is not None, "telegram.token is not set"
    _prepare_library()
    server = settings.base_url.rstrip("/")
    builder = (
        Application.builder()
        .token(settings.token.get_secret_value())
        .base_url(f"{server}/bot")
        .base_file_url(f"{server}/file/bot")
        .rate_limiter(pace)
        .concurrent_updates(True)
        .job_queue(None)
        .connect_timeout(CONNECT_TIMEOUT_S)
        .read_timeout(READ_TIMEOUT_S)
        .get_updates_connect_timeout(CONNECT_TIMEOUT_S)
        .get_updates_read_timeout(READ_TIMEOUT_S)
        .post_init(announce_commands)
    )
    if settings.proxy:
        builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
    return builder.updater(None).build() if settings.mode == "webhook" else builder.build()


def register(application: AnyApplication, gate: Gate, handlers: Handlers) -> None:
    """The gate first; then the first handler that fits."""
    application.add_handler(TypeHandler(Update, gate.check), group=-1)
    commands = {
        "start": handlers.start,
        "help": handlers.help,
        "moi": handlers.new,
        "xoa": handlers.delete,
        "nguon": handlers.sources,
        "hoi": handlers.question,
    }
    for name, handler in commands.items():
        application.add_handler(CommandHandler(name, handler))
    application.add_handlers(
        [
            MessageHandler(filters.COMMAND, handlers.unknown_command),
            MessageHandler(filters.TEXT | filters.CAPTION, handlers.question),
            # Service messages (pinned, joined, ...) are nobody's question.
            MessageHandler(~filters.StatusUpdate.ALL, handlers.without_words),
            CallbackQueryHandler(handlers.press),
        ]
    )
    application.add_error_handler(failed)


async def announce_commands(application: AnyApplication) -> None:
    """Fill the menu, for Vietnamese clients and for all others. No menu is no reason to stop."""
    menu = [BotCommand(name, what) for name, what in replies.COMMANDS]
    try:
        await application.bot.set_my_commands(menu, language_code="vi")
        await application.bot.set_my_commands(menu)
    except TelegramError as error:
        log.warning("the menu of commands was not set: %s", type(error).__name__)


def _prepare_library() -> None:
    # Otherwise each RetryAfter warns that its seconds will become a timedelta.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    # httpx logs whole addresses, which hold the token; the library logs whole updates at DEBUG.
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
