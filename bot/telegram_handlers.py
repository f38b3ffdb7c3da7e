"""The Telegram bot: what each command, message and button does.

Starting and stopping is `telegram_link`; who gets through at all is `telegram_gate`.
"""

from __future__ import annotations

import time
from typing import cast

from telegram import CallbackQuery, Message, Update
from telegram.ext import ContextTypes

from bot import telegram_replies as replies
from bot.conversations import Conversations
from bot.limits import Waiting
from bot.telegram_application import new_application, register
from bot.telegram_asking import Asking, who_wrote
from bot.telegram_format import Press, find_citation, source_button, source_pieces
from bot.telegram_gate import Gate, acknowledge, place_of, question_in
from bot.telegram_link import AnyApplication
from bot.telegram_pace import Allowance, Clock, MessagePace
from bot.telegram_send import Place, say, send
from config.settings import Settings
from rag.assistant import Assistant

Context = ContextTypes.DEFAULT_TYPE
ALBUM_S = 10.0  # the photos of an album come as messages of their own, within this time


def build_telegram(
    settings: Settings,
    assistant: Assistant,
    conversations: Conversations,
    *,
    waiting: Waiting | None = None,
    pace: MessagePace | None = None,
    clock: Clock = time.monotonic,
) -> AnyApplication:
    """The bot, ready to be initialized; `settings.telegram.token` must be set.

    `waiting` may be shared with HTTP, so that `server.max_waiting` counts all askers.
    """
    application = new_application(settings.telegram, pace or MessagePace())
    waiting = waiting or Waiting(settings.server.max_waiting)
    asking = Asking(settings, assistant, conversations, waiting, clock)
    handlers = Handlers(asking, assistant, settings.server.public_url, clock)
    register(application, Gate(settings.telegram, clock), handlers)
    return application


class Handlers:
    """One method for each thing that a person can do. Errors go to `telegram_failures`."""

    def __init__(
        self, asking: Asking, assistant: Assistant, public_url: str | None, clock: Clock
    ) -> None:
        self._asking = asking
        self._assistant = assistant
        self._public_url = public_url
        self._albums = Allowance(1, ALBUM_S, clock)

    async def start(self, update: Update, context: Context) -> None:
        """/start; with a payload (t.me/bot?start=dieu_5) its words are the question."""
        message = _message(update)
        words = question_in(message, context.bot).replace("_", " ").strip()
        if words:
            await self._asking.ask(context.bot, place_of(message), who_wrote(message), words)
        else:
            examples = await self._assistant.examples()
            greeting = replies.start(examples, len(self._assistant.documents()))
            await say(context.bot, place_of(message), greeting)

    async def help(self, update: Update, context: Context) -> None:
        """/help: how to ask, and where the words go."""
        sentence = replies.HELP.format(username=context.bot.username)
        if self._assistant.health().questions_leave_machine:
            sentence = f"{sentence}\n{replies.QUESTIONS_LEAVE}"
        await say(context.bot, place_of(_message(update)), sentence)

    async def new(self, update: Update, context: Context) -> None:
        """/moi: a new conversation."""
        message = _message(update)
        await self._asking.begin_anew(who_wrote(message))
        await say(context.bot, place_of(message), replies.NEW_CONVERSATION)

    async def delete(self, update: Update, context: Context) -> None:
        """/xoa: nothing of the conversation is kept."""
        message = _message(update)
        deleted = await self._asking.forget(who_wrote(message))
        sentence = replies.DELETED if deleted else replies.NOTHING_TO_DELETE
        await say(context.bot, place_of(message), sentence)

    async def sources(self, update: Update, context: Context) -> None:
        """/nguon: the sources of the last answer, in full."""
        message = _message(update)
        body = await self._asking.last_answer(who_wrote(message))
        citations = body["citations"] if body else []
        if not citations:
            sentence = replies.NO_SOURCES if body else replies.NO_ANSWER_YET
            await say(context.bot, place_of(message), sentence)
        for citation in citations:
            button = source_button(citation, self._public_url)
            await send(context.bot, place_of(message), source_pieces(citation), button)

    async def question(self, update: Update, context: Context) -> None:
        """A text, a caption, or /hoi."""
        message = _message(update)
        words = question_in(message, context.bot)
        if words.strip():
            await self._asking.ask(context.bot, place_of(message), who_wrote(message), words)
        else:
            await say(context.bot, place_of(message), replies.QUESTION_MISSING)

    async def without_words(self, update: Update, context: Context) -> None:
        """A photo, a voice message, a sticker: we read text only. An album is told once."""
        message = _message(update)
        if message.media_group_id is None or self._albums.take(message.media_group_id):
            await say(context.bot, place_of(message), replies.TEXT_ONLY)

    async def unknown_command(self, update: Update, context: Context) -> None:
        """A command that we don't have."""
        await say(context.bot, place_of(_message(update)), replies.UNKNOWN_COMMAND)

    async def press(self, update: Update, context: Context) -> None:
        """A button under an answer: a source, or one of several documents."""
        query = cast(CallbackQuery, update.callback_query)
        await acknowledge(query)
        press, place = Press.read(query.data), _place_of_press(query)
        body = await self._asking.stored_answer(press.answer_id) if press else None
        citation = find_citation(body, press) if body and press else None
        if body and press and press.kind == "c":
            who = (place.chat_id, query.from_user.id)
            if not await self._asking.choose(context.bot, place, who, body, press.number):
                await say(context.bot, place, replies.EXPIRED_CHOICE)
        elif citation:
            button = source_button(citation, self._public_url)
            await send(context.bot, place, source_pieces(citation), button)
        else:
            await say(context.bot, place, replies.EXPIRED_BUTTON)


def _message(update: Update) -> Message:
    """The gate lets only messages through to these handlers."""
    return cast(Message, update.message)


def _place_of_press(query: CallbackQuery) -> Place:
    """The chat and topic of the button; of a message that is too old only the chat is known."""
    message = query.message
    assert message is not None  # the gate turned away presses without one
    topic = None
    if isinstance(message, Message) and message.is_topic_message:
        topic = message.message_thread_id
    return Place(message.chat.id, topic)
