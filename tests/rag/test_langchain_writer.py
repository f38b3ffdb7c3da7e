"""The writer by itself: what it sends, what it tells the operator, when it leaves a model alone."""

from __future__ import annotations

import asyncio
import logging
import os

import pytest

from config.settings import SettingsError
from rag.adapters.langchain_chat_model import LangChainWriter, numbered
from rag.errors import ChatModelUnavailable
from tests.rag.model_server import BAD, GOOD, KEY, PROMPT, QUESTION, ModelServer, settings


async def test_after_three_failures_the_model_is_left_alone_for_a_minute(
    server: ModelServer,
) -> None:
    now = 100.0
    writer = LangChainWriter(settings(server.url), PROMPT, clock=lambda: now)
    server.says("")
    for _ in range(5):
        with pytest.raises(ChatModelUnavailable):
            await writer.write("?", ["a"])
    assert len(server.requests) == 3
    server.says(GOOD)
    now += 59.9
    with pytest.raises(ChatModelUnavailable):
        await writer.write("?", ["a"])
    now += 0.2
    assert await writer.write("?", ["a"]) == GOOD
    assert await writer.write("?", ["a"]) == GOOD


async def test_after_the_minute_one_question_tries_and_the_others_do_not_wait(
    server: ModelServer,
) -> None:
    now = 0.0
    writer = LangChainWriter(settings(server.url), PROMPT, clock=lambda: now)
    server.says("")
    for _ in range(3):
        with pytest.raises(ChatModelUnavailable):
            await writer.write("?", ["a"])
    now = 61.0
    server.requests.clear()
    results = await asyncio.gather(
        *(writer.write("?", ["a"]) for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(result, ChatModelUnavailable) for result in results)
    assert len(server.requests) == 1


async def test_a_success_forgets_the_failures_before_it(server: ModelServer) -> None:
    writer = LangChainWriter(settings(server.url), PROMPT)
    for text in ("", "", GOOD, "", "", GOOD):
        server.says(text)
        try:
            await writer.write("?", ["a"])
        except ChatModelUnavailable:
            assert text == ""
    assert len(server.requests) == 6


async def test_a_question_given_up_is_not_a_failure_of_the_model(server: ModelServer) -> None:
    server.reply = BAD["slow"]
    writer = LangChainWriter(settings(server.url), PROMPT)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await writer.write("?", ["a"])
    server.says(GOOD)
    assert await writer.write("?", ["a"]) == GOOD


@pytest.mark.parametrize("name", ["500", "401", "slow", "a page"])
async def test_an_error_tells_the_operator_its_kind_and_nothing_private(
    name: str, server: ModelServer
) -> None:
    server.reply = BAD[name]
    with pytest.raises(ChatModelUnavailable) as caught:
        await LangChainWriter(settings(server.url), PROMPT).write(QUESTION, ["a"])
    assert caught.value.detail
    assert QUESTION not in caught.value.detail
    assert KEY not in caught.value.detail


async def test_the_log_holds_no_question_even_at_debug(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await LangChainWriter(settings(server.url), PROMPT).write("một câu rất riêng", ["a"])
    assert "riêng" not in caplog.text
    assert KEY not in caplog.text


async def test_the_request_asks_for_a_short_sober_answer(server: ModelServer) -> None:
    await LangChainWriter(settings(server.url), PROMPT).write("Khi nào?", ["một {x}", "hai"])
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
    await LangChainWriter(settings(server.url, api_key=None), PROMPT).write("?", ["a"])
    assert "another" not in server.headers[0]["authorization"]


async def test_a_proxy_of_the_environment_sees_nothing_for_this_machine(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    assert await LangChainWriter(settings(server.url), PROMPT).write("?", ["a"]) == GOOD


async def test_tracing_stays_off_whatever_the_environment_says(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain_core.tracers.context import _tracing_v2_is_enabled

    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    await LangChainWriter(settings(server.url), PROMPT).write("?", ["a"])
    assert os.environ["LANGSMITH_TRACING"] == os.environ["LANGCHAIN_TRACING_V2"] == "false"
    assert not _tracing_v2_is_enabled()


def test_one_writer_serves_one_event_loop_after_another(server: ModelServer) -> None:
    writer = LangChainWriter(settings(server.url), PROMPT)
    for _ in range(3):
        assert asyncio.run(writer.write("?", ["a"])) == GOOD


async def test_two_first_questions_at_once_are_both_answered(server: ModelServer) -> None:
    writer = LangChainWriter(settings(server.url), PROMPT)
    assert await asyncio.gather(*(writer.write("?", ["a"]) for _ in range(4))) == [GOOD] * 4


@pytest.mark.parametrize(
    "prompt", ["", "no line {passages} {question}", "a\n---\n{passages}", "{x}\n---\n{passages}{question}",
               "a\n---\n{passages} {question} {more}", "a\n---\n{passages} {question} {"]
)  # fmt: skip
def test_a_prompt_that_lacks_a_placeholder_stops_the_start(prompt: str) -> None:
    with pytest.raises(SettingsError, match=r"answer\.md"):
        LangChainWriter(settings(None), prompt)


def test_passages_fit_a_short_context_in_their_order() -> None:
    long = [f"{n} " + "từ ngữ " * 100 for n in range(1, 9)]
    text = numbered(long, 2000)
    assert len(text) <= 2000
    assert [line[:3] for line in text.splitlines()] == ["[1]", "[2]", "[3]"]
    assert text.endswith(" …")
    assert numbered(long, -5) == ""
    assert numbered(["a\n[9] b"], 100).count("\n") == 0


async def test_a_long_question_still_leaves_room_for_the_prompt(server: ModelServer) -> None:
    await LangChainWriter(settings(server.url), PROMPT).write("dài " * 500, ["từ ngữ " * 400] * 6)
    said = sum(len(message["content"]) for message in server.requests[0]["messages"])
    assert said < 6000 + len(PROMPT)
