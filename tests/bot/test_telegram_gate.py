"""Who may ask, and what a group is answered."""

from __future__ import annotations

import logging

import pytest

from bot import telegram_replies as replies
from bot.replies import UNEXPECTED
from bot.telegram_gate import Gate
from tests.bot.telegram_phone import (
    GROUP,
    STRANGE_GROUP,
    STRANGER,
    USER,
    buttons,
    from_bot,
    message_update,
    open_phone,
    press_update,
    text_update,
)
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.asyncio

REPORT = "Trước ngày nào các đơn vị báo cáo kết quả về Sở?"


async def test_a_stranger_is_told_the_id_once_in_ten_minutes_and_nothing_else() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        [told] = await phone.write(REPORT, STRANGER)
        for text in (REPORT, "/help", "/start dieu_5"):
            assert await phone.write(text, STRANGER) == []
        phone.clock.now += 601
        [again] = await phone.write("/start", STRANGER)
    assert told["plain"] == again["plain"] == replies.stranger(STRANGER)
    assert str(STRANGER) in told["plain"] and not assistant.asked


@pytest.mark.parametrize("code", [400, 403, 502])
async def test_a_stranger_who_can_not_be_told_is_not_answered_either(code: int) -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        phone.api.refuse_next("sendMessage", code, "no")
        assert await phone.write(REPORT, STRANGER) == []
    assert not assistant.asked


async def test_a_gate_that_fails_stays_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bool:
        raise RuntimeError

    monkeypatch.setattr(Gate, "_may_ask", fail)
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        [sorry] = await phone.write(REPORT)
    assert sorry["plain"] == UNEXPECTED and not assistant.asked


async def test_nobody_is_allowed_where_nobody_is_named() -> None:
    async with open_phone(telegram__allowed_users="[]") as phone:
        [told] = await phone.write(REPORT)
    assert told["plain"] == replies.stranger(USER)


async def test_a_stranger_can_not_press_a_button() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write(REPORT)
        assert await phone.press(buttons(answer)[0], STRANGER) == []
        assert await phone.press(buttons(answer)[0], USER, STRANGE_GROUP) == []
        alerts = phone.api.called("answerCallbackQuery")
    assert [alert["text"] for alert in alerts] == [replies.NOT_ALLOWED] * 2


async def test_a_press_without_a_message_is_turned_away() -> None:
    async with open_phone() as phone:
        press = press_update("s:a:1")
        del press["callback_query"]["message"]
        press["callback_query"]["inline_message_id"] = "7"
        assert await phone.give(press) == []


async def test_a_group_is_answered_on_mention_reply_and_command_only() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        bot_says = from_bot(phone.api, GROUP)
        answered = [
            text_update(f"@danvan_bot {REPORT}", USER, GROUP),
            text_update(f"😀 {REPORT} @Danvan_Bot", USER, GROUP),
            text_update(REPORT, USER, GROUP, reply_to_message=bot_says),
            text_update(f"/hoi {REPORT}", USER, GROUP),
            text_update(f"/hoi@danvan_bot {REPORT}", USER, GROUP),
        ]
        for update in answered:
            [answer] = await phone.give(update)
            assert "15/10/2024" in answer["plain"]
            reply = answer["reply_parameters"]
            assert reply["message_id"] == update["message"]["message_id"]
    assert {question.text.strip("😀 ") for question in assistant.asked} == {REPORT}


@pytest.mark.parametrize(
    "text",
    [
        *(
            REPORT,
            "@another_bot xin chào",
            "mail@danvan_bot",
            "@danvan_bot2 chào",
            "/hoi@another_bot x",
        ),
        *("/settings", "/helpme", "http://x/@danvan_bot"),
    ],
)
async def test_what_is_not_meant_for_us_is_left_alone(text: str) -> None:
    async with open_phone() as phone:
        assert await phone.write(text, USER, GROUP) == []
        assert await phone.write(text, USER, STRANGE_GROUP) == []


async def test_a_mention_alone_asks_for_the_question() -> None:
    async with open_phone() as phone:
        [sent] = await phone.write("@danvan_bot", USER, GROUP)
    assert sent["plain"] == replies.QUESTION_MISSING


async def test_a_strange_group_is_told_its_id_once_whoever_asks() -> None:
    async with open_phone() as phone:
        [told] = await phone.write("/help", USER, STRANGE_GROUP)
        assert await phone.write("@danvan_bot ơi", STRANGER, STRANGE_GROUP) == []
    assert told["plain"] == replies.strange_group(STRANGE_GROUP)


async def test_in_an_allowed_group_everybody_may_ask_and_each_has_a_conversation() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        for user in (USER, STRANGER, USER):
            await phone.write(f"/hoi {REPORT}", user, GROUP)
    assert [len(question.history) for question in assistant.asked] == [0, 0, 1]


async def test_a_topic_of_a_forum_is_answered_in_that_topic() -> None:
    async with open_phone() as phone:
        topic = {"message_thread_id": 5, "is_topic_message": True}
        update = text_update(f"/hoi {REPORT}", USER, GROUP, **topic)
        [answer] = await phone.give(update)
        data = buttons(answer)[0]["callback_data"]
        [source] = await phone.give(press_update(data, USER, GROUP, **topic))
        [typing] = phone.api.called("sendChatAction")
    assert answer["message_thread_id"] == source["message_thread_id"] == 5
    assert typing["message_thread_id"] == 5


async def test_bots_are_not_answered_but_anonymous_admins_are() -> None:
    async with open_phone() as phone:
        update = text_update(f"@danvan_bot {REPORT}", USER, GROUP)
        update["message"]["from"]["is_bot"] = True
        assert await phone.give(update) == []
        update["message"]["sender_chat"] = update["message"]["chat"]
        assert len(await phone.give(update)) == 1


async def test_a_group_that_moved_goes_on_and_the_operator_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    new = -100777
    async with open_phone() as phone:
        assert await phone.give(message_update(USER, GROUP, migrate_to_chat_id=new)) == []
        [answer] = await phone.write(f"/hoi {REPORT}", USER, new)
        assert await phone.give(message_update(USER, STRANGE_GROUP, migrate_to_chat_id=-5)) == []
        [told] = await phone.write("/help", USER, -5)
    assert "15/10/2024" in answer["plain"] and told["plain"] == replies.strange_group(-5)
    assert f"group {GROUP} is now {new}" in caplog.text
