"""The writer by itself: what it sends, what it tells the operator, when it leaves a model alone."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from contextlib import aclosing

import pytest
from fastapi.responses import JSONResponse

from config.settings import SettingsError
from rag.adapters.langchain_chat_model import LangChainWriter, numbered
from rag.errors import ChatModelUnavailable
from tests.rag.model_server import (
    BAD,
    GOOD,
    KEY,
    PROMPT,
    QUESTION,
    REPAIR,
    TIMEOUT_S,
    ModelServer,
    answering,
    said,
    saying,
    settings,
    writer_for,
)


async def test_after_three_failures_the_model_is_left_alone_for_a_minute(
    server: ModelServer,
) -> None:
    now = 100.0
    writer = LangChainWriter(settings(server.url), PROMPT, REPAIR, clock=lambda: now)
    server.says("")
    for _ in range(5):
        with pytest.raises(ChatModelUnavailable):
            await said(writer, "?", ["a"])
    assert len(server.requests) == 3
    server.says(GOOD)
    now += 59.9
    with pytest.raises(ChatModelUnavailable):
        await said(writer, "?", ["a"])
    now += 0.2
    assert await said(writer, "?", ["a"]) == GOOD
    assert await said(writer, "?", ["a"]) == GOOD


async def test_after_the_minute_one_question_tries_and_the_others_do_not_wait(
    server: ModelServer,
) -> None:
    now = 0.0
    writer = LangChainWriter(settings(server.url), PROMPT, REPAIR, clock=lambda: now)
    server.says("")
    for _ in range(3):
        with pytest.raises(ChatModelUnavailable):
            await said(writer, "?", ["a"])
    now = 61.0
    server.requests.clear()
    results = await asyncio.gather(
        *(said(writer, "?", ["a"]) for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(result, ChatModelUnavailable) for result in results)
    assert len(server.requests) == 1


async def test_a_success_forgets_the_failures_before_it(server: ModelServer) -> None:
    writer = writer_for(server.url)
    for text in ("", "", GOOD, "", "", GOOD):
        server.says(text)
        try:
            await said(writer, "?", ["a"])
        except ChatModelUnavailable:
            assert text == ""
    assert len(server.requests) == 6


async def test_a_question_given_up_is_not_a_failure_of_the_model(server: ModelServer) -> None:
    server.reply = BAD["slow"]
    writer = writer_for(server.url)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await said(writer, "?", ["a"])
    server.says(GOOD)
    assert await said(writer, "?", ["a"]) == GOOD


@pytest.mark.parametrize("name", ["500", "401", "slow", "a page"])
async def test_an_error_tells_the_operator_its_kind_and_nothing_private(
    name: str, server: ModelServer
) -> None:
    server.reply = BAD[name]
    with pytest.raises(ChatModelUnavailable) as caught:
        await said(writer_for(server.url, timeout_s=TIMEOUT_S), QUESTION, ["a"])
    assert caught.value.detail
    assert QUESTION not in caught.value.detail
    assert KEY not in caught.value.detail


async def test_the_log_holds_no_question_even_at_debug(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await said(writer_for(server.url), "một câu rất riêng", ["a"])
    assert "riêng" not in caplog.text
    assert KEY not in caplog.text


async def test_the_request_asks_for_a_short_sober_answer(server: ModelServer) -> None:
    await said(writer_for(server.url), "Khi nào?", ["một {x}", "hai"])
    (request,) = server.requests
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("m", 0, 400)
    system, human = (message["content"] for message in request["messages"])
    assert "KHÔNG CÓ CĂN CỨ" in system
    assert "[1] một {x}\n[2] hai" in human
    assert "Câu hỏi: Khi nào?" in human
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


async def test_a_key_from_the_environment_goes_to_no_other_server(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-service")
    await said(writer_for(server.url, api_key=None), "?", ["a"])
    assert "another" not in server.headers[0]["authorization"]


async def test_a_proxy_of_the_environment_sees_nothing_for_this_machine(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    assert await said(writer_for(server.url), "?", ["a"]) == GOOD


async def test_tracing_stays_off_whatever_the_environment_says(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain_core.tracers.context import _tracing_v2_is_enabled

    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    await said(writer_for(server.url), "?", ["a"])
    assert os.environ["LANGSMITH_TRACING"] == os.environ["LANGCHAIN_TRACING_V2"] == "false"
    assert not _tracing_v2_is_enabled()


def test_one_writer_serves_one_event_loop_after_another(server: ModelServer) -> None:
    writer = writer_for(server.url)
    for _ in range(3):
        assert asyncio.run(said(writer, "?", ["a"])) == GOOD


async def test_two_first_questions_at_once_are_both_answered(server: ModelServer) -> None:
    writer = writer_for(server.url)
    assert await asyncio.gather(*(said(writer, "?", ["a"]) for _ in range(4))) == [GOOD] * 4


@pytest.mark.parametrize(
    "prompt", ["", "no line {passages} {question}", "a\n---\n{passages}", "{x}\n---\n{passages}{question}",
               "a\n---\n{passages} {question} {more}", "a\n---\n{passages} {question} {"]
)  # fmt: skip
def test_a_prompt_that_lacks_a_placeholder_stops_the_start(prompt: str) -> None:
    with pytest.raises(SettingsError, match=r"answer\.md"):
        LangChainWriter(settings(None), prompt, REPAIR)


@pytest.mark.parametrize("prompt", ["", " \n", "Viết lại {sentence}", "{"])
def test_the_prompt_of_repairs_is_checked_too(prompt: str) -> None:
    with pytest.raises(SettingsError, match=r"repair\.md"):
        LangChainWriter(settings(None), PROMPT, prompt)


def test_a_passage_is_one_line_behind_its_number() -> None:
    assert numbered(["a\n[9] b", "c"]) == "[1] a [9] b\n[2] c"


async def test_a_repair_is_a_second_turn_so_that_nothing_is_read_twice(server: ModelServer) -> None:
    writer = writer_for(server.url)
    await said(writer, "Khi nào?", ["Báo cáo ngày 2/1"])
    assert await writer.repair("Khi nào?", ["Báo cáo ngày 2/1"], "Ngày {1}/1 [1].", 1.0) == GOOD
    first, second = (request["messages"] for request in server.requests)
    assert second[: len(first)] == first
    assert [message["role"] for message in second[len(first) :]] == ["assistant", "user"]
    assert second[len(first)]["content"] == "Ngày {1}/1 [1]."


async def test_a_repair_takes_no_longer_than_it_may(server: ModelServer) -> None:
    server.reply = saying(GOOD, wait_s=0.05)
    with pytest.raises(ChatModelUnavailable, match="Timeout"):
        await writer_for(server.url, timeout_s=5).repair("?", ["a"], "b", 0.1)


async def test_pieces_come_as_the_model_writes_them(server: ModelServer) -> None:
    server.reply = saying(GOOD, wait_s=0.02)
    begun = time.monotonic()
    async with aclosing(writer_for(server.url, timeout_s=5).write("?", ["a"])) as pieces:
        times = [time.monotonic() - begun async for _ in pieces]
    assert len(times) >= len(GOOD.split())
    assert times[-1] - times[0] > 0.2


async def test_a_passing_error_is_tried_again_and_a_lasting_one_is_not(
    server: ModelServer,
) -> None:
    for status, tries in ((500, 3), (401, 1)):
        server.reply = answering(lambda status=status: JSONResponse({}, status))  # type: ignore[misc]
        server.requests.clear()
        with pytest.raises(ChatModelUnavailable):
            await said(writer_for(server.url, timeout_s=10))
        assert len(server.requests) == tries


async def test_what_broke_off_in_the_middle_is_not_begun_anew(server: ModelServer) -> None:
    server.reply = BAD["an error in the middle"]
    writer = writer_for(server.url, timeout_s=5)
    heard = []
    with pytest.raises(ChatModelUnavailable):
        async for piece in writer.write("?", ["a"]):
            heard.append(piece)
    assert heard == ["Các"]
    assert len(server.requests) == 1
    assert not writer.available


async def test_a_stream_that_is_left_is_a_success(server: ModelServer) -> None:
    writer = writer_for(server.url)
    async with aclosing(writer.write("?", ["a"])) as pieces:
        assert await anext(pieces)
    assert writer.available
