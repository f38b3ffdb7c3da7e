"""Commands, messages without words, and questions that can't be asked."""

from __future__ import annotations

from typing import Any

import pytest

from bot import replies as sentences
from bot import telegram_replies as replies
from bot.errors import TooManyQuestions
from rag.errors import InvalidQuestion
from tests.bot.telegram_phone import message_update, open_phone, text_update
from tests.fakes import FakeAssistant

pytestmark = pytest.mark.asyncio

REPORT = "Trước ngày nào các đơn vị báo cáo kết quả về Sở?"
PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}]
VOICE = {"file_id": "f", "file_unique_id": "u", "duration": 2}
STICKER = {
    **{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9},
    **{"type": "regular", "is_animated": False, "is_video": False},
}


async def test_the_menu_is_set_in_vietnamese_and_for_all() -> None:
    async with open_phone() as phone:
        menus = phone.api.called("setMyCommands")
    assert [menu.get("language_code") for menu in menus] == ["vi", None]
    names = [command["command"] for command in menus[0]["commands"]]
    assert names == ["hoi", "nguon", "moi", "xoa", "help", "start"]


async def test_a_menu_that_can_not_be_set_stops_nothing() -> None:
    async with open_phone() as phone:
        phone.api.refuse_next("setMyCommands", 400, "Bad Request: no")
        assert phone.application.post_init is not None
        await phone.application.post_init(phone.application)
        assert await phone.write("/help")


async def test_start_greets_and_help_tells_how_and_warns() -> None:
    async with open_phone() as phone:
        [start], [help_text] = await phone.write("/start"), await phone.write("/help")
    assert start["plain"].startswith(replies.START)
    assert start["plain"].endswith("• Tóm tắt Luật Tiếp công dân")
    assert "@danvan_bot" in help_text["plain"] and "bí mật nhà nước" in help_text["plain"]
    assert "máy chủ này" not in help_text["plain"]


async def test_start_says_kindly_that_there_is_no_document_yet() -> None:
    async with open_phone(FakeAssistant(documents=())) as phone:
        [start] = await phone.write("/start")
    assert start["plain"] == f"{replies.START}\n\n{replies.EMPTY}"


async def test_a_deep_link_asks_its_words() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        assert len(await phone.write("/start dieu_5")) == 1
    assert [question.text for question in assistant.asked] == ["dieu 5"]


async def test_nguon_shows_the_sources_of_the_last_answer() -> None:
    async with open_phone(server__public_url="https://tro-ly.so.gov.vn") as phone:
        [nothing] = await phone.write("/nguon")
        await phone.write(REPORT)
        [source] = await phone.write("/nguon")
        await phone.write("Giá vé máy bay?")
        [none] = await phone.write("/nguon")
    assert nothing["plain"] == replies.NO_ANSWER_YET and none["plain"] == replies.NO_SOURCES
    assert "<blockquote expandable>" in source["text"] and "inline_keyboard" in str(source)


async def test_xoa_deletes_what_was_kept_and_only_once() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        [answer] = await phone.write(REPORT)
        [deleted], [again] = await phone.write("/xoa"), await phone.write("/xoa")
        button = answer["reply_markup"]["inline_keyboard"][0][0]
        [expired] = await phone.press(button)
        await phone.write("Còn Văn phòng theo dõi?")
    assert (deleted["plain"], again["plain"]) == (replies.DELETED, replies.NOTHING_TO_DELETE)
    assert expired["plain"] == replies.EXPIRED_BUTTON
    assert assistant.asked[-1].history == ()


async def test_personal_data_brings_a_caution_and_no_buttons_to_what_is_not_kept() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write(f"{REPORT} Gọi tôi: 0912 345 678")
        [nothing] = await phone.write("/nguon")
    assert "15/10/2024" in answer["plain"] and "thông tin cá nhân" in answer["plain"]
    assert "reply_markup" not in answer
    assert nothing["plain"] == replies.NO_ANSWER_YET


async def test_hoi_asks_what_follows_it() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        await phone.write(f"/hoi {REPORT}")
        [missing] = await phone.write("/hoi")
    assert [question.text for question in assistant.asked] == [REPORT]
    assert missing["plain"] == replies.QUESTION_MISSING


@pytest.mark.parametrize("text", ["/ hỏi /help gì", "/khoản 2 Điều 5", "a /moi b"])
async def test_a_slash_alone_makes_no_command(text: str) -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        update = text_update(text)
        update["message"]["entities"] = []
        await phone.give(update)
    assert [question.text for question in assistant.asked] == [text]


async def test_an_unknown_command_says_so() -> None:
    async with open_phone() as phone:
        [sent] = await phone.write("/settings x")
    assert sent["plain"] == replies.UNKNOWN_COMMAND


@pytest.mark.parametrize("content", [{"photo": PHOTO}, {"voice": VOICE}, {"sticker": STICKER}])
async def test_without_words_there_is_a_clear_sentence(content: dict[str, Any]) -> None:
    async with open_phone() as phone:
        [sent] = await phone.give(message_update(**content))
    assert sent["plain"] == replies.TEXT_ONLY


async def test_an_album_is_told_once() -> None:
    async with open_phone() as phone:
        album = [message_update(photo=PHOTO, media_group_id="7") for _ in range(3)]
        assert [len(await phone.give(photo)) for photo in album] == [1, 0, 0]


async def test_a_caption_is_a_question() -> None:
    async with open_phone() as phone:
        [answer] = await phone.give(message_update(photo=PHOTO, caption=REPORT))
    assert "15/10/2024" in answer["plain"]


async def test_edited_messages_channel_posts_and_service_messages_are_left_alone() -> None:
    async with open_phone() as phone:
        edited = text_update(REPORT)
        edited["edited_message"] = edited.pop("message")
        post = text_update(REPORT)
        post["channel_post"] = post.pop("message")
        service = message_update(pinned_message=text_update("x")["message"])
        for update in (edited, post, service):
            assert await phone.give(update) == []


@pytest.mark.parametrize("text", ["dài " * 600, "\u200b\u200b"])
async def test_too_long_or_nothing_visible_is_told_clearly(text: str) -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        [sent] = await phone.write(text)
    assert sent["plain"] == sentences.sentence_for(InvalidQuestion()) and not assistant.asked


async def test_two_thousand_characters_are_not_too_long() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        await phone.write("😀" * 2000)
    assert len(assistant.asked[0].text) == 2000


async def test_who_asks_too_fast_is_told_once_and_answered_again_a_minute_later() -> None:
    async with open_phone(server__questions_per_minute="2") as phone:
        counts = [len(await phone.write(REPORT)) for _ in range(5)]
        assert phone.api.sent[2]["plain"] == sentences.sentence_for(TooManyQuestions())
        phone.clock.now += 61
        [answer] = await phone.write(REPORT)
    assert counts == [1, 1, 1, 0, 0] and "15/10/2024" in answer["plain"]
