"""What happens when a handler fails: one line for the log, one sentence for the person.

Nobody's words reach the log: of an exception only its class and its frames are written.
"""

from __future__ import annotations

import logging
import traceback

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import replies
from bot.errors import EdgeError
from bot.telegram_gate import place_of
from bot.telegram_send import Place, say
from corpus.errors import CorpusError
from rag.errors import InvalidQuestion, RagError

log = logging.getLogger(__name__)


async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The library's error handler. Raises nothing but ApplicationHandlerStop.

    Without that the library would go on to the next group of handlers, past a gate that failed.
    """
    error = context.error
    assert error is not None
    _log(error)
    place = _place(update)
    # Forbidden: the person blocked us, or we were thrown out of the group.
    if place and not isinstance(error, Forbidden):
        try:
            await say(context.bot, place, replies.sentence_for(error))
        except TelegramError as second:
            log.warning("the person could not be told either: %s", type(second).__name__)
    raise ApplicationHandlerStop


def _log(error: BaseException) -> None:
    name = type(error).__name__
    if isinstance(error, BadRequest):  # what Telegram objects to; it does not repeat the text
        log.error("Telegram refused a message: %s", error.message)
    elif isinstance(error, NetworkError):
        log.warning("Telegram can't be reached: %s", name)
    elif isinstance(error, InvalidQuestion | EdgeError | Forbidden):
        log.info("%s", name)
    elif isinstance(error, RagError | CorpusError):
        log.error("%s: %s", name, error.detail)
    else:
        log.error("unexpected %s\n%s", name, "".join(traceback.format_tb(error.__traceback__)))


def _place(update: object) -> Place | None:
    if not isinstance(update, Update):
        return None
    if update.message:
        return place_of(update.message)
    return Place(update.effective_chat.id) if update.effective_chat else None
