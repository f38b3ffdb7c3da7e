"""The log holds no questions and no secrets."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from bot.logs import PrivateFormatter, request_id
from tests.bot.live import QUESTION, STREAM, running, settings_in


def formatted(*, questions: bool, error: Exception) -> str:
    try:
        raise error
    except Exception:
        info = sys.exc_info()
    record = logging.LogRecord("bot", logging.ERROR, __file__, 1, "failed", None, info)
    return PrivateFormatter(questions=questions).format(record)


def test_an_exception_is_logged_without_its_message() -> None:
    text = formatted(questions=False, error=ValueError("điều riêng tư"))
    assert "riêng tư" not in text
    assert "ValueError" in text and "test_logs.py" in text


def test_a_file_error_keeps_its_reason() -> None:
    assert "No space" in formatted(questions=False, error=OSError(28, "No space left"))


def test_where_questions_may_be_logged_messages_are_whole() -> None:
    assert "riêng tư" in formatted(questions=True, error=ValueError("điều riêng tư"))


def test_each_line_has_the_request_id() -> None:
    token = request_id.set("abc123")
    record = logging.LogRecord("bot", logging.INFO, __file__, 1, "done", None, None)
    assert "[abc123] done" in PrivateFormatter(questions=False).format(record)
    request_id.reset(token)


def test_personal_data_is_not_written_even_there() -> None:
    assert "0912345678" not in formatted(questions=True, error=ValueError("gọi 0912345678"))


def test_a_question_with_personal_data_is_written_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    asked = f"{QUESTION} CCCD của tôi là 079085012345."
    chat = {"model": "danvan", "messages": [{"role": "user", "content": asked}]}
    with running(settings_in(tmp_path, DANVAN_LOGGING__QUESTIONS="true")) as live:
        body = live.ask(asked)
        live.client.post("/v1/ask", json={"question": asked}, headers=STREAM)
        live.client.post("/v1/chat/completions", json=chat)
        assert body["status"] == "answered" and "thông tin cá nhân" in body["notices"][0]
        assert live.conversations.answer(body["id"]) is None
        later = live.ask("Còn Văn phòng?", conversation_id=body["conversation_id"])
        assert later["conversation_id"] == body["conversation_id"]
        assert live.assistant.asked[-1].history == ()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("danvan.sqlite3*"))
    assert "079085012345" not in caplog.text and b"079085012345" not in stored
    assert "Còn Văn phòng?" in caplog.text


@pytest.mark.parametrize("questions", [False, True])
def test_questions_are_logged_only_where_settings_say_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, questions: bool
) -> None:
    caplog.set_level(logging.INFO)
    settings = settings_in(tmp_path, DANVAN_LOGGING__QUESTIONS=str(questions))
    with running(settings) as live:
        live.ask(QUESTION)
        live.client.post("/v1/ask", json={"question": QUESTION}, headers=STREAM)
        live.client.get("/v1/ask", params={"question": QUESTION})
        live.client.post("/v1/ask", json={"question": [QUESTION]})
    assert ("báo cáo" in caplog.text) is questions
    assert "POST '/v1/ask' 200" in caplog.text
