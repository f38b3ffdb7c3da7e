"""A chat model's verified sentences reach a person over HTTP while the model still writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.bot.live import STREAM, Live, running, settings_in
from tests.fakes import FakeAssistant
from tests.rag.model_server import GOOD, QUESTION
from tests.rag.words_only import words_only
from tests.rag.writers import Says

RAW = f"{GOOD} Văn phòng Sở tổng hợp kết quả thực hiện. Hạn cuối là ngày 1/1/2030 [1]."


@pytest.fixture
def writer() -> Says:
    return Says(RAW, size=10, wait_s=0.01)


@pytest.fixture
def live(tmp_path: Path, writer: Says) -> Iterator[Live]:
    with words_only(tmp_path / "data") as assistant:
        assistant._writer = writer
        with running(settings_in(tmp_path), cast(FakeAssistant, assistant)) as opened:
            yield opened


def events_of(
    live: Live, writer: Says, path: str, body: dict[str, Any]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each event's data, and how much the model had written when it came."""
    with live.client.stream("POST", path, json=body, headers=STREAM) as reply:
        for line in reply.iter_lines():
            if line.startswith("data: {"):
                yield writer.written, json.loads(line.removeprefix("data: "))


def test_the_first_delta_comes_before_the_last_word(live: Live, writer: Says) -> None:
    events = list(events_of(live, writer, "/v1/ask", {"question": QUESTION}))
    deltas = [(written, data["text"]) for written, data in events if "text" in data]
    body = events[-1][1]
    assert deltas[0][1] == GOOD
    assert deltas[0][0] < len(RAW)
    assert "".join(text for _, text in deltas) == body["answer"]
    assert [data for _, data in events if "marker" in data] == body["citations"]
    assert "2030" not in body["answer"]
    assert body["answered_by"] == "model:m"


def test_the_openai_door_streams_too(live: Live, writer: Says) -> None:
    asked = {
        "model": "danvan", "messages": [{"role": "user", "content": QUESTION}], "stream": True,
    }  # fmt: skip
    events = list(events_of(live, writer, "/v1/chat/completions", asked))
    said = [(written, data["choices"][0]["delta"].get("content")) for written, data in events]
    said = [(written, text) for written, text in said if text]
    assert said[0] == (said[0][0], GOOD)
    assert said[0][0] < len(RAW)
    assert "2030" not in "".join(text for _, text in said)


def test_a_table_is_told_as_it_is(live: Live, writer: Says) -> None:
    question = "So sánh hạn báo cáo của Tây Ninh và Kiên Giang"
    *_, (_, body) = events_of(live, writer, "/v1/ask", {"question": question})
    assert body["answer"].startswith("| Tây Ninh")
    assert body["answered_by"] == "extractive"
    assert not writer.asked
