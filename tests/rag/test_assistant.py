"""Corrections and links on the assistant's library."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from corpus.errors import UnknownDocument, UnknownField
from rag.assistant import STILL_READING, LocalAssistant
from rag.errors import EmbedderUnavailable
from rag.model import Question, Topic
from tests.rag.test_lanes import HashEmbedder
from tests.rag.words_only import words_only

PLAN = "ke-hoach-dan-van-chinh-quyen-tay-ninh-2024"
DEADLINE = "Hạn báo cáo kết quả dân vận chính quyền 2024 về Sở Nông nghiệp Tây Ninh là khi nào?"


async def test_a_correction_is_seen_at_once_and_can_be_taken_back(parts: LocalAssistant) -> None:
    read = parts.document(PLAN).meta.number
    corrected = await parts.correct(PLAN, {"number": "99/KH-SNN"})
    assert parts.document(PLAN) is corrected
    *_, state, _ = parts.looked_up(Question("Kế hoạch số 99/KH-SNN nói gì?"))
    assert corrected in state.documents.values()
    await parts.correct(PLAN, {"number": None})
    assert parts.document(PLAN).meta.number == read


async def test_a_correction_that_cannot_be_is_refused(parts: LocalAssistant) -> None:
    with pytest.raises(UnknownDocument):
        await parts.correct("khong-co", {"number": "1"})
    with pytest.raises(UnknownField):
        await parts.correct(PLAN, {"color": "red"})


async def test_links_are_kept_until_the_library_changes(parts: LocalAssistant) -> None:
    first = parts.links()
    assert parts.links() is first
    assert "Chỉ thị số 16/CT-TTg" in [missing.label for missing in first.missing]
    await parts.correct(PLAN, {"number": "16/CT-TTg", "place": "Hà Nội"})
    second = parts.links()
    assert second is not first
    assert "Chỉ thị số 16/CT-TTg" not in [missing.label for missing in second.missing]
    await parts.correct(PLAN, {"number": None})


async def test_thanks_are_answered_at_once_and_leave_the_conversation_as_it_was(
    parts: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_replayed", None)  # earlier questions are not read again for it
    topic = Topic("Kinh phí là bao nhiêu?", (PLAN,))
    for question in (
        Question("cảm ơn nhé", topic=topic),
        Question("xin chào", history=("Kinh phí?",)),
    ):
        answer = await parts.answer(question)
        assert answer.refusal is not None and not answer.refusal.nearest
        assert answer.topic is question.topic
        assert set(answer.timings_ms) == {"total", "retrieve", "answer"}


def test_an_answer_given_while_documents_are_read_says_so(tmp_path: Path) -> None:
    with words_only(tmp_path, HashEmbedder()) as assistant:

        def told() -> bool:
            asked = (Question(DEADLINE), Question("Giá vàng?"))
            last = {asyncio.run(assistant.answer(question)).notices[-1:] for question in asked}
            indexing = assistant.health().indexing
            assert indexing == (last == {(STILL_READING,)})
            return indexing

        assert told() and assistant.health().embedded == 0
        asyncio.run(assistant.index())
        assert not told()
        assert assistant.health().embedded == assistant.health().passages
        (tmp_path / "moi.txt").write_text("Phòng một cửa mở cửa lúc 7 giờ.", encoding="utf-8")
        asyncio.run(assistant.add(tmp_path / "moi.txt"))
        assert told()
        asyncio.run(assistant.index())
        assert not told()


def test_what_cannot_be_embedded_is_a_problem_and_not_awaited(tmp_path: Path) -> None:
    with words_only(tmp_path) as assistant:
        with pytest.raises(EmbedderUnavailable):
            asyncio.run(assistant.index())
        health = assistant.health()
        assert health.problems and not health.indexing
        assert STILL_READING not in asyncio.run(assistant.answer(Question(DEADLINE))).notices
