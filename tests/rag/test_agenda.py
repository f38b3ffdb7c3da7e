"""What is due when, and who has to do what."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.agenda import agenda
from rag.compose import Draft
from rag.indexing import Snapshot, snapshot
from rag.refuse import Gap
from rag.understand import understand

PLAN = """KẾ HOẠCH
Cải cách hành chính năm 2026
I. NHIỆM VỤ
1. Phòng Kế hoạch Tài chính:
a) Lập dự toán trước ngày 10/3/2026;
b) Quyết toán trước ngày 20/11/2026.
2. Văn phòng Sở báo cáo UBND tỉnh trước ngày 25/11/2026.
II. PHÂN CÔNG
TT\tNội dung công việc\tChủ trì\tThời gian hoàn thành
1\tTập huấn công chức\tVăn phòng Sở\t15/6/2026
2\tĐánh giá mức độ hài lòng\tVăn phòng Sở\t30/9/2026"""
ON = date(2026, 11, 2)


@pytest.fixture(scope="module")
def state() -> Snapshot:
    text = clean(PLAN)
    meta = Instrument(
        kind="Kế hoạch", number="9/KH-SNV", title="Kế hoạch cải cách hành chính năm 2026"
    )
    return snapshot([Document("plan", "plan.txt", meta, text, outline(text))], k1=1.0, b=0.45)


def told(question: str, state: Snapshot) -> str:
    found = agenda(understand(question), state, ON, None)
    assert isinstance(found, Draft)
    for citation in found.citations:
        assert f"[{citation.marker}]" in found.text
        assert citation.quote in citation.document.text
    return found.text


@pytest.mark.parametrize(
    ("question", "there", "absent"),
    [
        ("Tháng này phải làm gì?", "20/11/2026", "10/3/2026"),
        ("thang 3/2026 co viec gi den han", "10/3/2026", "20/11/2026"),
        ("Quý II năm 2026 có những việc gì?", "Tập huấn công chức", "hài lòng"),
        ("quy iii nam 2026 phai lam gi", "hài lòng", "Tập huấn"),
    ],
)
def test_what_is_due_in_a_period(question: str, there: str, absent: str, state: Snapshot) -> None:
    text = told(question, state)
    assert there in text and absent not in text


def test_who_has_to_do_it_is_told_from_the_heading(state: Snapshot) -> None:
    text = told("Tháng 3/2026 có việc gì đến hạn?", state)
    assert text.startswith("- Phòng Kế hoạch Tài chính: Lập dự toán")


def test_a_row_is_told_with_its_heads(state: Snapshot) -> None:
    assert "Chủ trì: Văn phòng Sở" in told("Tháng 6 năm 2026 có việc gì đến hạn?", state)


def test_where_nothing_is_due_that_is_said_and_what_comes_next(state: Snapshot) -> None:
    found = agenda(understand("Tháng 1/2026 phải làm gì?"), state, ON, None)
    assert isinstance(found, Gap)
    assert "01/01/2026 đến 31/01/2026" in (found.lacking or "")
    assert "10/3/2026" in found.nearest[0].quote


def test_other_questions_are_not_of_the_agenda(state: Snapshot) -> None:
    assert agenda(understand("Hạn lập dự toán là khi nào?"), state, ON, None) is None
    assert agenda(understand("Tháng này trời có mưa không?"), state, ON, None) is None


@pytest.mark.parametrize(
    "question",
    [
        "Kế hoạch 9/KH-SNV giao Phòng Kế hoạch Tài chính làm gì?",
        "ke hoach 9 giao cho phong ke hoach tai chinh nhung viec gi",
        "Phòng Kế hoạch Tài chính phải làm gì?",
        "Kế hoạch yêu cầu Sở có Phòng Kế hoạch Tài chính thực hiện nhiệm vụ gì?",
    ],
)
def test_what_somebody_is_given_to_do_is_told_whole(question: str, state: Snapshot) -> None:
    text = told(question, state)
    assert "Lập dự toán" in text and "Quyết toán" in text and "Tập huấn" not in text
