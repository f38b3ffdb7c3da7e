"""A question in a private chat: the answer, its sources, its buttons, its conversation."""

from __future__ import annotations

import pytest

from bot import telegram_replies as replies
from bot.telegram_format import MAX_LABEL_CHARS
from corpus.model import Citation, Instrument
from rag.model import Answer, Question
from tests.bot.telegram_phone import (
    USER,
    buttons,
    open_phone,
    press_update,
    text_update,
)
from tests.fakes import DOCUMENTS, FakeAssistant, make_document

pytestmark = pytest.mark.asyncio

REPORT = "Trước ngày nào các đơn vị báo cáo kết quả về Sở?"
BOTH = "Các đơn vị báo cáo kết quả"
NOWHERE = "Giá vé máy bay đi Huế?"
PUBLIC = "https://tro-ly.so.gov.vn"


class SaysThis(FakeAssistant):
    """Answers everything with one text and the plan's first part as its source."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    async def answer(self, question: Question) -> Answer:
        answer = await super().answer(Question(REPORT))
        self.asked[-1] = question
        return Answer("answered", self.text, answer.citations)


class Quotes(FakeAssistant):
    """Answers everything with one citation."""

    def __init__(self, citation: Citation) -> None:
        super().__init__()
        self.citation = citation

    async def answer(self, question: Question) -> Answer:
        return Answer("answered", "Xem [1].", (self.citation,))


async def test_an_answer_comes_with_its_markers_its_sources_and_a_button_for_each() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write(REPORT)
    assert "15/10/2024" in answer["plain"] and "[1]" in answer["plain"]
    line = "[1] gạch đầu dòng 1 mục II, Kế hoạch thực hiện công tác dân vận chính quyền năm 2024"
    assert line in answer["plain"]
    assert [button["text"] for button in buttons(answer)] == ["[1] gạch đầu dòng 1 mục II"]
    assert answer["link_preview_options"] == {"is_disabled": True}


async def test_typing_is_shown_before_the_answer() -> None:
    async with open_phone() as phone:
        await phone.write(REPORT)
    names = [name for name, _ in phone.api.calls]
    assert names.index("sendChatAction") < names.index("sendMessage")
    assert phone.api.called("sendChatAction")[0] == {"chat_id": USER, "action": "typing"}


async def test_a_source_button_shows_title_place_and_the_quote_folded() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write(REPORT)
        [source] = await phone.press(buttons(answer)[0])
        [press] = phone.api.called("answerCallbackQuery")
    assert source["text"].startswith("<b>Kế hoạch thực hiện công tác dân vận")
    assert "Kế hoạch · Sở Nông nghiệp và PTNT · tháng 4 năm 2024" in source["plain"]
    assert "gạch đầu dòng 1 mục II" in source["plain"]
    assert "<blockquote expandable>- Trước ngày 15/10/2024" in source["text"]
    assert not buttons(source) and press["callback_query_id"].startswith("press-")


@pytest.mark.parametrize(
    ("public_url", "linked"),
    [(PUBLIC, True), (f"{PUBLIC}/", True), ("http://localhost:8000", False), ("", False)],
)
async def test_a_link_is_offered_only_where_telegram_takes_it(
    public_url: str, linked: bool
) -> None:
    async with open_phone(server__public_url=public_url) as phone:
        [answer] = await phone.write(REPORT)
        [source] = await phone.press(buttons(answer)[0])
    urls = [button["url"] for button in buttons(source)]
    assert bool(urls) == linked
    assert all(url.startswith(f"{PUBLIC}/documents/ke-hoach-2024?q=") for url in urls)


async def test_hostile_quotes_and_answers_are_shown_as_they_are() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write("Tệp có script alert xss img src onerror chỉ là chữ?")
        [source] = await phone.press(buttons(answer)[0])
    for message in (answer, source):
        assert '<script>alert("xss")</script> và <img src=x onerror=alert(1)>' in message["plain"]


async def test_a_long_answer_is_cut_into_messages_with_the_buttons_under_the_last() -> None:
    text = "\n\n".join(f"Đoạn {n}: {'lời văn ' * 60}[1]." for n in range(30))
    async with open_phone(SaysThis(text)) as phone:
        sent = await phone.write("Kể hết đi")
    assert len(sent) > 3
    assert [len(buttons(message)) for message in sent] == [0] * (len(sent) - 1) + [1]
    assert "".join(m["plain"] for m in sent).count("[1]") == 31  # 30 in the text, 1 in the list
    assert all(message["plain"].startswith("Đoạn ") for message in sent)


async def test_a_long_source_is_cut_with_its_quote_folded_in_each_message() -> None:
    law = "Điều 1. " + "Cơ quan <phải> công khai & minh bạch. " * 400
    document = make_document("luat", "luat.txt", law, Instrument(title="Luật " + "dài " * 50))
    citation = Citation(1, document, document.outline[0], 0, len(law))
    async with open_phone(Quotes(citation)) as phone:
        [answer] = await phone.write("Hỏi")
        sent = await phone.press(buttons(answer)[0])
    assert len(sent) == 4
    assert all(message["text"].count("<blockquote expandable>") == 1 for message in sent)
    assert "".join(m["plain"] for m in sent).count("minh bạch.") == 400
    assert len(buttons(answer)[0]["text"]) <= MAX_LABEL_CHARS


async def test_our_html_refused_is_sent_again_as_plain_text() -> None:
    async with open_phone() as phone:
        phone.api.refuse_next("sendMessage", 400, "Bad Request: can't parse entities: so there")
        [answer] = await phone.write(REPORT)
    assert "parse_mode" not in answer and "15/10/2024" in answer["text"]
    assert "<i>" not in answer["text"] and buttons(answer)


async def test_refused_buttons_do_not_cost_the_answer() -> None:
    async with open_phone() as phone:
        phone.api.refuse_next("sendMessage", 400, "Bad Request: BUTTON_DATA_INVALID")
        [answer] = await phone.write(REPORT)
    assert "15/10/2024" in answer["plain"] and not buttons(answer)


@pytest.mark.parametrize("text", [NOWHERE, "/", "😀😀", "?"])
async def test_a_refusal_says_so_and_names_what_is_nearest(text: str) -> None:
    async with open_phone() as phone:
        [answer] = await phone.write(text)
    assert answer["plain"].startswith("Các văn bản trong kho không nêu")


async def test_the_nearest_part_of_a_refusal_can_be_read() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write("Văn phòng tiếp khách?")
        first = buttons(answer)[0]
        [source] = await phone.press(first)
    assert first["text"].startswith("Xem: ") and "<blockquote expandable>" in source["text"]


async def test_a_choice_pressed_answers_the_first_question_from_that_document() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        [which] = await phone.write(BOTH)
        labels = [button["text"] for button in buttons(which)]
        [answer] = await phone.press(buttons(which)[1])
    assert labels[1] == "Luật Tiếp công dân" and all(len(t) <= MAX_LABEL_CHARS for t in labels)
    assert DOCUMENTS[0].title in which["plain"]
    assert assistant.asked[-1].document_ids == frozenset({"luat-tiep-cong-dan"})
    assert "42/2013/QH13" in answer["plain"]


async def test_a_choice_typed_does_the_same_and_one_of_an_older_question_has_expired() -> None:
    async with open_phone() as phone:
        [which] = await phone.write(BOTH)
        [typed] = await phone.write("Luật Tiếp công dân")
        [late] = await phone.press(buttons(which)[0])
    assert "42/2013/QH13" in typed["plain"] and late["plain"] == replies.EXPIRED_CHOICE


@pytest.mark.parametrize("data", ["s:unknown:1", "x", "s:a:b:1", "c:unknown:0", "s::1", "s:ệ:1"])
async def test_a_button_that_nobody_remembers_says_so(data: str) -> None:
    async with open_phone() as phone:
        [sent] = await phone.give(press_update(data))
    assert sent["plain"] == replies.EXPIRED_BUTTON


async def test_a_changed_number_in_a_button_shows_nothing() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write(REPORT)
        data = buttons(answer)[0]["callback_data"]
        for wrong in (data[:-1] + "9", "n" + data[1:], "c" + data[1:]):
            [sent] = await phone.give(press_update(wrong))
            assert sent["plain"] in (replies.EXPIRED_BUTTON, replies.EXPIRED_CHOICE)


async def test_a_press_that_is_too_old_still_shows_its_source() -> None:
    async with open_phone() as phone:
        [answer] = await phone.write(REPORT)
        press = press_update(buttons(answer)[0]["callback_data"])
        query = press["callback_query"]
        query["message"] = {"chat": query["message"]["chat"], "message_id": 1, "date": 0}
        phone.api.old_presses.add(query["id"])
        [source] = await phone.give(press)
    assert "15/10/2024" in source["plain"]


async def test_a_follow_up_knows_what_was_asked_and_moi_forgets_it() -> None:
    assistant = FakeAssistant()
    async with open_phone(assistant) as phone:
        await phone.write(REPORT)
        await phone.write("Còn Văn phòng Sở thì sao?")
        [new] = await phone.write("/moi")
        await phone.write(REPORT)
        await phone.give(text_update(REPORT, USER))
    assert new["plain"] == replies.NEW_CONVERSATION
    histories = [question.history for question in assistant.asked]
    assert histories == [(), (REPORT,), (), (REPORT,)]
