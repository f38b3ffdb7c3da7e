"""What a statement must hold to answer: a day, a count, a name, a department."""

from __future__ import annotations

from datetime import date

import pytest

from rag.compose import Draft
from tests.rag.test_nearest import read
from tests.rag.words_only import told_by

PLAN = """KẾ HOẠCH
Nuôi ong năm 2031

1. Hội Nuôi ong ký kết kế hoạch phối hợp nuôi ong với Hội Làm vườn theo Kế hoạch số 280/KH-HNO ngày 30/12/2030 về lập các trại ong mới.
2. Tại Cà Mau, trưởng ban nuôi ong được các cơ sở hoan nghênh.
3. Các ngành, các cấp tuyên truyền về nuôi ong. Sở Thông tin phối hợp tuyên truyền về nuôi ong trên đài.
4. Hội chọn 10 người được khen nhiều nhất để biểu dương.
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Kế hoạch phối hợp nuôi ong với Hội Làm vườn được ký kết vào ngày nào?", None),
        ("Lập mấy trại ong mới?", None),
        ("Trưởng ban nuôi ong là ai?", None),
        ("Sở nào lo tuyên truyền về nuôi ong?", "Sở Thông tin"),
        ("10 người được biểu dương là những ai?", None),
    ],
)
def test_a_statement_without_what_is_asked_tells_nothing(question: str, told: str | None) -> None:
    found = told_by([read(PLAN)], question, on=date(2031, 1, 1))
    if told is None:
        assert not isinstance(found, Draft), found
    else:
        assert isinstance(found, Draft) and found.text.startswith(told)
