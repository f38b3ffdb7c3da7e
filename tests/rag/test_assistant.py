"""Corrections and links on the assistant's library."""

from __future__ import annotations

import pytest

from corpus.errors import UnknownDocument, UnknownField
from rag.assistant import LocalAssistant
from rag.model import Question, Topic

PLAN = "ke-hoach-dan-van-chinh-quyen-tay-ninh-2024"


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
