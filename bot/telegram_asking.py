"""Asking from a chat: who may ask now, whose turn it is, which conversation it belongs to.

What was said is kept in `Conversations`; only which conversation a person is in is kept here, so
after a restart everybody begins a new one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from telegram import Bot, Message

from bot.answer_body import AnswerBody
from bot.conversations import Conversations
from bot.dialogue import begin_turn, end_turn
from bot.errors import TooManyQuestions
from bot.limits import PersonLimit, Waiting
from bot.telegram_format import answer_buttons, answer_pieces
from bot.telegram_pace import Allowance, Clock, Turns
from bot.telegram_send import Place, send, typing
from config.settings import Settings
from rag.assistant import Assistant

SLOW_DOWN_AGAIN_S = 10.0  # who floods is told this often; a sentence each would feed the flood

Who = tuple[int, int]  # a conversation belongs to one person (user id) in one chat (chat id)


class Asking:
    """The questions of all chats. One chat's are answered one after the other."""

    def __init__(
        self,
        settings: Settings,
        assistant: Assistant,
        conversations: Conversations,
        waiting: Waiting,
        clock: Clock,
    ) -> None:
        self._assistant = assistant
        self._conversations = conversations
        self._waiting = waiting
        self._turns = Turns()
        self._limit = PersonLimit(settings.server.questions_per_minute, clock)
        self._slow_down = Allowance(1, SLOW_DOWN_AGAIN_S, clock)
        self._open: dict[Who, str] = {}

    async def ask(self, bot: Bot, place: Place, who: Who, words: str) -> None:
        """Answer a question. Raises TooManyQuestions, TooBusy, InvalidQuestion and rag's errors."""
        async with self._counted_turn(who) as may_ask:
            if may_ask:
                body = await self._answer(bot, place, words, self._open.get(who))
                self._open[who] = body["conversation_id"]

    async def choose(self, bot: Bot, place: Place, who: Who, body: AnswerBody, number: int) -> bool:
        """Taking a choice is replying with its label, as `dialogue` reads it; False if too late."""
        async with self._counted_turn(who) as may_ask:
            last = await self._last_turn(body["conversation_id"])
            choices = body["choices"] or []
            if not last or last["id"] != body["id"] or number >= len(choices):
                return False
            if may_ask:
                label = choices[number]["label"]
                await self._answer(bot, place, label, body["conversation_id"])
            return True

    async def begin_anew(self, who: Who) -> None:
        """What was said before no longer counts."""
        async with self._turns.turn(who[0]):
            self._open[who] = await asyncio.to_thread(self._conversations.open)

    async def forget(self, who: Who) -> bool:
        """Delete the person's conversation here; False where none is open. Raises NotDeleted."""
        async with self._turns.turn(who[0]):
            if (own := self._open.get(who)) is None:
                return False
            deleted = await asyncio.to_thread(self._conversations.delete, own)
            del self._open[who]  # only now: after a failure the person can try again
            return deleted

    async def last_answer(self, who: Who) -> AnswerBody | None:
        """The body of the last answer that the person got here; waits for one under way."""
        async with self._turns.turn(who[0]):
            return await self._last_turn(self._open.get(who))

    async def stored_answer(self, answer_id: str) -> AnswerBody | None:
        """An answer by its id, as long as it is kept."""
        body = await asyncio.to_thread(self._conversations.answer, answer_id)
        return cast(AnswerBody, body) if body else None

    @asynccontextmanager
    async def _counted_turn(self, who: Who) -> AsyncIterator[bool]:
        """The chat's turn; False for who floods and was told so a moment ago.

        Counted when a question comes, not when its turn comes: waiting must not hide a flood.
        """
        try:
            self._limit.count(str(who[1]))
            may_ask = True
        except TooManyQuestions:
            if self._slow_down.take(who[1]):
                raise
            may_ask = False
        async with self._turns.turn(who[0]):
            yield may_ask

    async def _answer(self, bot: Bot, place: Place, words: str, within: str | None) -> AnswerBody:
        with self._waiting.place():
            async with typing(bot, place):
                turn = await begin_turn(self._assistant, self._conversations, words, within)
                answer = await self._assistant.answer(turn.question)
                body = await end_turn(self._conversations, turn, answer)
        kept = await self.stored_answer(body["id"])  # what a button leads to; else it has expired
        await send(bot, place, answer_pieces(body), answer_buttons(body) if kept else None)
        return body

    async def _last_turn(self, conversation_id: str | None) -> AnswerBody | None:
        if conversation_id is None:
            return None
        turn = await asyncio.to_thread(self._conversations.last_turn, conversation_id)
        return cast(AnswerBody, turn[1]) if turn else None


def who_wrote(message: Message) -> Who:
    """The person in the chat; an anonymous admin of a group is one person there."""
    return message.chat.id, message.from_user.id if message.from_user else 0
