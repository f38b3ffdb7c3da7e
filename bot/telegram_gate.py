"""Who may ask, and which messages of a group are meant for us. Runs before every handler.

Private chats: `telegram.allowed_users`. Groups: `telegram.allowed_groups`, and only on a mention,
a reply to us, or a command of ours. Edited messages are left out on purpose: the first wording was
answered already, and a second answer below the first confuses more than a new question does.
"""

from __future__ import annotations

import logging
import re
import time

from telegram import Bot, CallbackQuery, Chat, Message, Update, User
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import telegram_replies as replies
from bot.telegram_pace import Allowance, Clock
from bot.telegram_send import Place, say
from config.settings import Telegram

log = logging.getLogger(__name__)

TELL_AGAIN_S = 600.0  # a stranger who writes on is told once; the rest is silence
_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?!\S)", re.ASCII)
_OURS = frozenset(name for name, _ in replies.COMMANDS)


class Gate:
    """Lets through what is meant for us, from people who may ask."""

    def __init__(self, settings: Telegram, clock: Clock = time.monotonic) -> None:
        self._users = frozenset(settings.allowed_users)
        self._groups = set(settings.allowed_groups)
        self._telling = Allowance(1, TELL_AGAIN_S, clock)

    async def check(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Raises ApplicationHandlerStop where nobody is to answer. A gate that fails stays shut."""
        try:
            admitted = await self._admits(update, context.bot)
        except TelegramError as error:  # the stranger could not be told
            log.info("a stranger was not told: %s", type(error).__name__)
            admitted = False
        if not admitted:
            raise ApplicationHandlerStop

    async def _admits(self, update: Update, bot: Bot) -> bool:
        if update.callback_query:
            return await self._admits_press(update.callback_query)
        return update.message is not None and await self._admits_message(update.message, bot)

    async def _admits_press(self, query: CallbackQuery) -> bool:
        chat = query.message.chat if query.message else None
        if chat and self._may_ask(chat, query.from_user):
            return True
        await acknowledge(query, replies.NOT_ALLOWED)
        return False

    async def _admits_message(self, message: Message, bot: Bot) -> bool:
        if message.migrate_to_chat_id:
            self._moved(message.chat.id, message.migrate_to_chat_id)
        user = message.from_user
        if user is None or not is_for_us(message, bot):
            return False
        if self._may_ask(message.chat, user):
            return True
        await self._turn_away(message, user, bot)
        return False

    def _may_ask(self, chat: Chat, user: User) -> bool:
        return user.id in self._users if chat.type == Chat.PRIVATE else chat.id in self._groups

    async def _turn_away(self, message: Message, user: User, bot: Bot) -> None:
        if not self._telling.take(message.chat.id):
            return
        private = message.chat.type == Chat.PRIVATE
        sentence = replies.stranger(user.id) if private else replies.strange_group(message.chat.id)
        await say(bot, place_of(message), sentence)

    def _moved(self, old: int, new: int) -> None:
        """A group that became a supergroup has a new id; the settings know only the old one."""
        if old in self._groups:
            self._groups.add(new)
            log.warning("group %d is now %d: change telegram.allowed_groups", old, new)


def is_for_us(message: Message, bot: Bot) -> bool:
    """In a group: a mention, a reply to us, a command of ours. Other bots are never answered."""
    sender = message.from_user
    if sender and sender.is_bot and not message.sender_chat:  # an anonymous admin has both
        return False
    if message.chat.type == Chat.PRIVATE:
        return True
    if message.chat.type == Chat.CHANNEL:
        return False
    words = message.text or message.caption or ""
    answered = message.reply_to_message
    is_reply = bool(answered and answered.from_user and answered.from_user.id == bot.id)
    return is_reply or bool(_mention(bot).search(words)) or _is_our_command(words, bot)


def question_in(message: Message, bot: Bot) -> str:
    """What is asked, without the command and our name."""
    words = message.text or message.caption or ""
    command = _COMMAND.match(words)
    return _mention(bot).sub(" ", words[command.end() :] if command else words)


def place_of(message: Message) -> Place:
    """Where to answer: in a group as a reply, so that everybody sees to what."""
    topic = message.message_thread_id if message.is_topic_message else None
    reply_to = None if message.chat.type == Chat.PRIVATE else message.message_id
    return Place(message.chat.id, topic, reply_to)


async def acknowledge(query: CallbackQuery, alert: str | None = None) -> None:
    """Stop the button's spinner. Telegram refuses where the press is too old: no harm."""
    try:
        await query.answer(alert, show_alert=alert is not None)
    except TelegramError as error:
        log.info("press not acknowledged: %s", type(error).__name__)


def _mention(bot: Bot) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/])@{re.escape(bot.username)}\b", re.IGNORECASE)


def _is_our_command(words: str, bot: Bot) -> bool:
    found = _COMMAND.match(words)
    if not found:
        return False
    name, addressee = found.groups()
    return addressee.lower() == bot.username.lower() if addressee else name.lower() in _OURS
