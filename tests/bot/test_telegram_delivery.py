"""The way to Telegram and back: polling, webhook, order, pace, refusals, failures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken

from bot import replies
from bot.telegram_link import AnyApplication
from rag.errors import EmbedderUnavailable, IndexUnavailable
from rag.model import Answer, Question
from tests.bot.bot_api_server import Json
from tests.bot.telegram_phone import GROUP, USER, Phone, api_server, open_phone, text_update
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.asyncio

REPORT = "Trước ngày nào các đơn vị báo cáo kết quả về Sở?"


class FirstWaits(FakeAssistant):
    """The first question is not answered before that of another chat is."""

    def __init__(self) -> None:
        super().__init__()
        self.other_answered = asyncio.Event()

    async def answer(self, question: Question) -> Answer:
        if question.text == "câu 0":
            await self.other_answered.wait()
            await asyncio.sleep(0.1)  # long enough for the others of this chat to overtake
        if question.text == "câu khác":
            self.other_answered.set()
        return Answer("answered", f"trả lời {question.text}")


@asynccontextmanager
async def running(application: AnyApplication) -> AsyncIterator[None]:
    await application.start()
    yield
    await application.stop()


async def sent_by(phone: Phone, count: int) -> list[Json]:
    """Wait until so many messages have come."""
    async with asyncio.timeout(5):
        while len(phone.api.sent) < count:
            await asyncio.sleep(0.01)
    return phone.api.sent


async def test_polling_answers_what_waits_and_confirms_it() -> None:
    async with open_phone() as phone:
        phone.api.updates = [text_update(REPORT), text_update("/help")]
        updater = phone.application.updater
        assert updater is not None
        async with running(phone.application):
            await updater.start_polling(allowed_updates=Update.ALL_TYPES)
            sent = await sent_by(phone, 2)
            await updater.stop()
        assert phone.api.updates == []
    assert {"15/10/2024" in message["plain"] for message in sent} == {True, False}


async def test_a_second_consumer_of_the_same_token_is_a_conflict() -> None:
    async with open_phone() as phone:
        first = asyncio.create_task(phone.application.bot.get_updates(timeout=3))
        async with Bot(phone.api.token, f"{api_server().url}/bot") as second:
            async with asyncio.timeout(2):
                while not phone.api.pollers:
                    await asyncio.sleep(0.01)
            assert await second.get_updates(timeout=0) == ()
        with pytest.raises(Conflict):
            await first


async def test_a_webhook_feeds_the_same_handlers() -> None:
    async with open_phone(telegram__mode="webhook") as phone:
        assert phone.application.updater is None
        async with running(phone.application):
            update = Update.de_json(text_update(REPORT), phone.application.bot)
            await phone.application.update_queue.put(update)
            [answer] = await sent_by(phone, 1)
    assert "15/10/2024" in answer["plain"]


async def test_a_wrong_token_is_refused_at_the_start() -> None:
    with pytest.raises(InvalidToken):
        async with open_phone(telegram__token="1:wrong"):
            raise AssertionError


async def test_one_chat_is_answered_in_order_while_others_do_not_wait() -> None:
    async with open_phone(FirstWaits()) as phone, running(phone.application):
        for n in range(4):
            update = Update.de_json(text_update(f"câu {n}"), phone.application.bot)
            await phone.application.update_queue.put(update)
        other = text_update("/hoi câu khác", USER, GROUP)
        await phone.application.update_queue.put(Update.de_json(other, phone.application.bot))
        sent = await sent_by(phone, 5)
    private = [message["plain"] for message in sent if message["chat_id"] == USER]
    assert private == [f"trả lời câu {n}" for n in range(4)]


async def test_a_chat_gets_one_message_a_second() -> None:
    async with open_phone() as phone:
        for _ in range(3):
            await phone.write("/help")
        await phone.write("/help", USER, GROUP)
    assert phone.clock.slept == [1.0, 1.0]


async def test_a_group_gets_twenty_messages_a_minute() -> None:
    async with open_phone() as phone:
        for _ in range(21):
            await phone.write("/help", USER, GROUP)
    assert sum(phone.clock.slept) >= 60


async def test_retry_after_is_obeyed_and_the_message_is_sent_once() -> None:
    async with open_phone() as phone:
        for _ in range(2):
            phone.api.refuse_next("sendMessage", 429, "Too Many Requests", retry_after=7)
        sent = await phone.write(REPORT)
    assert len(sent) == 1 and phone.clock.slept.count(7.0) == 2


async def test_a_pause_of_many_minutes_is_not_waited_for() -> None:
    async with open_phone() as phone:
        for _ in range(2):
            phone.api.refuse_next("sendMessage", 429, "Too Many Requests", retry_after=900)
        assert await phone.write(REPORT) == []
        assert 900.0 not in phone.clock.slept
        assert len(await phone.write(REPORT)) == 1


async def test_typing_that_is_refused_does_not_cost_the_answer() -> None:
    async with open_phone() as phone:
        phone.api.refuse_next("sendChatAction", 429, "Too Many Requests", retry_after=7)
        assert len(await phone.write(REPORT)) == 1
    assert 7.0 not in phone.clock.slept


async def test_who_blocked_the_bot_is_left_alone() -> None:
    async with open_phone() as phone:
        phone.api.blocked_by.add(USER)
        assert await phone.write(REPORT) == []
        assert len(phone.api.called("sendMessage")) == 1


async def test_an_answer_follows_a_group_that_moved() -> None:
    async with open_phone() as phone:
        phone.api.moved[GROUP] = -100777
        [answer] = await phone.write(f"/hoi {REPORT}", USER, GROUP)
    assert answer["chat_id"] == -100777 and "reply_parameters" not in answer


@pytest.mark.parametrize(
    "error", [IndexUnavailable("x"), EmbedderUnavailable("x"), RuntimeError("unexpected")]
)
async def test_each_error_has_its_sentence_and_the_next_question_is_answered(
    error: Exception,
) -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        assistant.error = error
        [sorry] = await phone.write(REPORT)
        assistant.error = None
        [answer] = await phone.write(REPORT)
    assert sorry["plain"] == replies.sentence_for(error) and "15/10/2024" in answer["plain"]


async def test_a_failure_that_can_not_be_told_is_only_logged() -> None:
    assistant = FakeAssistant()
    assistant.error = IndexUnavailable("the index")
    async with open_phone(assistant) as phone:
        phone.api.refuse_next("sendMessage", 502, "Bad Gateway")
        assert await phone.write(REPORT) == []


async def test_more_askers_than_the_settings_allow_hear_that_it_is_busy() -> None:
    assistant = FakeAssistant(delay_s=0.2)
    async with open_phone(assistant, server__max_waiting="1") as phone:
        first = asyncio.create_task(phone.write(REPORT))
        await asyncio.sleep(0.05)
        [busy] = await phone.write(f"/hoi {REPORT}", USER, GROUP)
        await first
    assert "nhiều người hỏi" in busy["plain"]


async def test_the_log_holds_neither_the_question_nor_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        await phone.write("câu hỏi kín")
        for error in (RuntimeError("câu hỏi kín"), IndexUnavailable("disk")):
            assistant.error = error
            await phone.write("câu hỏi kín")
    assert "unexpected RuntimeError" in caplog.text and "IndexUnavailable: disk" in caplog.text
    assert "câu hỏi kín" not in caplog.text and phone.api.token not in caplog.text
