"""Personal data and marks of secrecy in a question, and what only looks like them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.assistant import LocalAssistant
from rag.model import Question
from rag.sensitive import PERSONAL, SECRET, cautions, kinds
from tests.rag.model_server import QUESTION
from tests.rag.writers import Says

GOLD = Path(__file__).parents[1] / "data" / "gold"
PHONE = f"{QUESTION} 0912 345 678"


def rows(name: str) -> list[dict[str, Any]]:
    lines = (GOLD / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


ROWS = rows("personal_data.jsonl")


def test_half_of_the_questions_are_innocent() -> None:
    innocent = sum(not row["kinds"] for row in ROWS)
    assert len(ROWS) >= 60 and innocent * 2 >= len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_what_a_question_holds_is_seen_and_nothing_else(row: dict[str, Any]) -> None:
    assert kinds(row["question"]) == set(row["kinds"])


@pytest.mark.parametrize("name", ["seeds", "offices", "regulations"])
def test_questions_of_an_office_hold_nothing_of_the_kind(name: str) -> None:
    questions = [row["question"] for row in rows(f"{name}.jsonl")]
    assert [question for question in questions if kinds(question)] == []


@pytest.mark.parametrize(
    "question",
    [
        "Người Hà Tĩnh sinh năm 1990 có phải đi nghĩa vụ không?",
        "Từ 03-10-2024 15 giờ 30 làm gì?",
        "Các năm 2023 2024 2025 2026 có kế hoạch không?",
    ],
)
def test_places_and_rows_of_years_are_nobody(question: str) -> None:
    assert kinds(question) == set()


async def test_the_caution_stands_first_and_the_answer_is_given(parts: LocalAssistant) -> None:
    answer = await parts.answer(Question(PHONE))
    assert "15/10/2024" in answer.text
    assert answer.notices[0] == PERSONAL and len(answer.notices) > 1
    assert cautions("(MẬT) gọi 0912345678") == (PERSONAL, SECRET)


@pytest.mark.parametrize(("leaves", "told"), [(True, []), (False, [PHONE])])
async def test_another_machine_is_not_told(
    parts: LocalAssistant, monkeypatch: pytest.MonkeyPatch, leaves: bool, told: list[str]
) -> None:
    writer = Says("")
    monkeypatch.setattr(parts, "_writer", writer)
    monkeypatch.setattr(parts, "_leaves_machine", leaves)
    await parts.answer(Question(PHONE))
    assert writer.asked == told


async def test_nor_what_is_left_of_a_question_without_its_courtesies(
    parts: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Says("")
    monkeypatch.setattr(parts, "_writer", writer)
    monkeypatch.setattr(parts, "_leaves_machine", True)
    wrapped = f"{QUESTION} Có gì gọi em số 0912345678 nhé, em cảm ơn"
    answer = await parts.answer(Question(wrapped))
    assert answer.notices[0] == PERSONAL and "15/10/2024" in answer.text
    assert writer.asked == []
