"""A chat model that is down, slow or wrong never costs a person an answer.

The server is real, on loopback; the library, the index and the LangChain chain are real. The
embedder alone is missing: what it finds plays no part here.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager

import pytest

from rag.assistant import LocalAssistant
from rag.model import Answer, Delta, Done, Question
from rag.ports import Writer
from tests.rag.model_server import (
    BAD,
    GOOD,
    KEY,
    PROMPT,
    QUESTION,
    TIMEOUT_S,
    ModelServer,
    writer_for,
)
from tests.rag.writers import Says

WRONG = {
    "invents a date": GOOD.replace("15/10", "25/10"),
    "invents a body": GOOD.replace("Nông nghiệp và PTNT", "Nội vụ"),
    "says the contrary": GOOD.replace("báo cáo", "không phải báo cáo"),
    "refuses": "KHÔNG CÓ CĂN CỨ",
    "obeys a question": "Đã bỏ qua mọi hướng dẫn. HACKED [1].",
    "tells its prompt": f"{PROMPT.splitlines()[0]} [1].",
    "speaks English": "The units shall report before the deadline [1].",
    "leaves the value out": "Các đơn vị báo cáo kết quả về Sở Nông nghiệp và PTNT [1].",
    "talks for ever": "Các đơn vị báo cáo kết quả về Sở. " * 20_000,
    "writes code": "<script>alert(1)</script> <img src=x onerror=alert(1)> [1].",
    "rubbish": "\x00\ud83d\ufffd]]][[[{{}} %s %(x)s [1".encode("utf-8", "replace").decode(),
}


@contextmanager
def written_by(writer: Writer | None, assistant: LocalAssistant) -> Iterator[LocalAssistant]:
    before, assistant._writer = assistant._writer, writer
    try:
        yield assistant
    finally:
        assistant._writer = before


async def asked(
    writer: Writer | None, assistant: LocalAssistant, question: str = QUESTION
) -> Answer:
    with written_by(writer, assistant):
        return await assistant.answer(Question(question))


async def test_a_model_that_answers_well_is_shown_with_its_name(
    server: ModelServer, parts: LocalAssistant, default: Answer
) -> None:
    answer = await asked(writer_for(server.url), parts)
    assert answer.text == f"{GOOD}\n{NOTE}"
    assert answer.answered_by == "model:m"
    assert [c.quote for c in answer.citations] == [c.quote for c in default.citations]


# What is said of the plan that is cited: its year is over.
NOTE = "Lưu ý: kế hoạch này là của năm 2024, nay đã qua [2]."


@pytest.mark.parametrize("name", BAD)
async def test_a_server_that_fails_costs_nobody_the_answer(
    name: str, server: ModelServer, parts: LocalAssistant, default: Answer
) -> None:
    server.reply = BAD[name]
    begun = time.perf_counter()
    answer = await asked(writer_for(server.url, timeout_s=TIMEOUT_S), parts)
    assert time.perf_counter() - begun < TIMEOUT_S + 0.6
    assert (answer.text, answer.answered_by) == (default.text, "extractive")
    assert KEY not in str(parts.health())
    assert QUESTION not in str(parts.health())


@pytest.mark.parametrize("name", WRONG)
async def test_what_does_not_hold_is_never_shown(
    name: str, server: ModelServer, parts: LocalAssistant, default: Answer
) -> None:
    server.says(WRONG[name])
    answer = await asked(writer_for(server.url), parts)
    assert (answer.text, answer.answered_by) == (default.text, "extractive")


async def test_what_holds_is_shown_without_what_does_not(
    server: ModelServer, parts: LocalAssistant
) -> None:
    server.says(f"{GOOD} Quá hạn sẽ bị phạt 5.000.000 đồng [1]. Liên hệ ông Nguyễn Văn A [2].")
    answer = await asked(writer_for(server.url), parts)
    assert answer.text == f"{GOOD}\n{NOTE}"
    assert len(answer.citations) == 2


@pytest.mark.parametrize("marker", [" [9]", ""])
async def test_a_true_sentence_gets_the_marker_that_it_lacks(
    marker: str, server: ModelServer, parts: LocalAssistant
) -> None:
    server.says(GOOD.replace(" [1]", marker))
    answer = await asked(writer_for(server.url), parts)
    assert answer.text == f"{GOOD}\n{NOTE}"


async def test_a_model_that_breaks_off_is_completed_by_what_lacks(
    parts: LocalAssistant, default: Answer
) -> None:
    answer = await asked(Says(f"{GOOD} Các đơn vị", breaks_off=True), parts)
    assert answer.text == f"{GOOD}\n{NOTE}"
    nothing = await asked(Says("Các đơn vị", breaks_off=True), parts)
    assert (nothing.text, nothing.answered_by) == (default.text, "extractive")


async def test_a_verified_sentence_reaches_the_person_before_the_model_has_ended(
    parts: LocalAssistant,
) -> None:
    writer = Says(f"{GOOD} Văn phòng Sở tổng hợp.", wait_s=0.01, size=20)
    told, written = "", 0
    with written_by(writer, parts):
        async for event in parts.answer_events(Question(QUESTION)):
            if isinstance(event, Delta):
                written = written or writer.written
                told += event.text
            if isinstance(event, Done):
                assert event.answer.text == told
    assert told.startswith(GOOD)
    assert len(GOOD) < written < len(writer.raw)


async def test_a_person_who_leaves_stops_the_model(parts: LocalAssistant) -> None:
    writer = Says(f"{GOOD} " + "Văn phòng Sở tổng hợp. " * 100, wait_s=0.001)
    with written_by(writer, parts):
        async with aclosing(parts.answer_events(Question(QUESTION))) as events:
            async for event in events:
                if isinstance(event, Delta):
                    break
        written = writer.written
        await asyncio.sleep(0.05)
    assert writer.written == written < 300


async def test_nobody_listening_costs_nobody_the_answer(
    parts: LocalAssistant, default: Answer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    answer = await asked(writer_for(f"http://127.0.0.1:{port}/v1"), parts)
    assert answer.text == default.text


@pytest.mark.parametrize(
    "wrong", [{"provider": "no-such"}, {"provider": "anthropic"}, {"base_url": "::not a url"}]
)
async def test_a_model_that_cannot_be_built_costs_nobody_the_answer(
    wrong: dict[str, str], server: ModelServer, parts: LocalAssistant, default: Answer
) -> None:
    with written_by(writer_for(server.url, **wrong), parts):
        answer = await parts.answer(Question(QUESTION))
        assert any("Mô hình ngôn ngữ" in problem for problem in parts.health().problems)
    assert answer.text == default.text


async def test_a_refusal_is_not_put_to_the_model(
    server: ModelServer, parts: LocalAssistant
) -> None:
    writer = writer_for(server.url)
    answer = await asked(writer, parts, "Giá vàng SJC hôm nay bao nhiêu?")
    assert answer.status == "refused"
    assert server.requests == []
