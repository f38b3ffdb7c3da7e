"""Messages and the typing sign on their way out; what to do where Telegram refuses a message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.telegram_text import Piece, Run, pieces

log = logging.getLogger(__name__)

TYPING_S = 4.0  # Telegram shows it for 5 seconds
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True)
class Place:
    """Where something is said: a chat, a topic of it, and the message that it replies to."""

    chat_id: int
    topic_id: int | None = None
    reply_to: int | None = None


async def say(bot: Bot, place: Place, sentence: str) -> None:
    """Send a sentence of our own."""
    await send(bot, place, pieces([Run(sentence)]))


async def send(
    bot: Bot, place: Place, parts: Sequence[Piece], buttons: InlineKeyboardMarkup | None = None
) -> None:
    """Send all parts in order; the buttons stand under the last one."""
    for number, part in enumerate(parts, start=1):
        under = buttons if number == len(parts) else None
        try:
            await _send_one(bot, place, part, under)
        except ChatMigrated as moved:  # the group became a supergroup; its messages stay behind
            place = replace(place, chat_id=moved.new_chat_id, reply_to=None)
            await _send_one(bot, place, part, under)


async def _send_one(
    bot: Bot, place: Place, part: Piece, buttons: InlineKeyboardMarkup | None
) -> None:
    """As HTML with buttons; without what Telegram objects to, rather than not at all."""
    try:
        await _message(bot, place, part.html, ParseMode.HTML, buttons)
    except BadRequest as refused:
        reason = refused.message.lower()
        if "parse entities" in reason:
            log.warning("Telegram can't parse our HTML; sent as plain text")
            await _message(bot, place, part.plain, None, buttons)
        elif buttons and ("button" in reason or "http url" in reason):
            log.warning("Telegram refused the buttons: %s", refused.message)
            await _message(bot, place, part.html, ParseMode.HTML, None)
        else:
            raise


async def _message(bot: Bot, place: Place, text: str, mode: str | None, buttons: Any) -> None:
    reply = None
    if place.reply_to is not None:
        # The question may have been deleted meanwhile; the answer is for the others too.
        reply = ReplyParameters(place.reply_to, allow_sending_without_reply=True)
    await bot.send_message(
        place.chat_id,
        text,
        parse_mode=mode,
        message_thread_id=place.topic_id,
        reply_parameters=reply,
        reply_markup=buttons,
        link_preview_options=_NO_PREVIEW,
    )


@asynccontextmanager
async def typing(bot: Bot, place: Place) -> AsyncIterator[None]:
    """Show "typing" until the work inside is done; never in the way of it."""
    done = asyncio.Event()
    task = asyncio.create_task(_keep_typing(bot, place, done))
    try:
        yield
    finally:
        # Waited for, not cancelled: a sign that arrives after the answer would stay 5 seconds.
        done.set()
        await task


async def _keep_typing(bot: Bot, place: Place, done: asyncio.Event) -> None:
    while not done.is_set():
        with suppress(TelegramError):
            await bot.send_chat_action(
                place.chat_id,
                ChatAction.TYPING,
                message_thread_id=place.topic_id,
                read_timeout=TYPING_S,
                connect_timeout=TYPING_S,
            )
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), TYPING_S)
