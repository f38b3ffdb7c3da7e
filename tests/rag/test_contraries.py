"""Of two things that texts tell apart, what is said of the other is no answer."""

from __future__ import annotations

import pytest

from corpus.passages import passages
from rag.contraries import contradicts
from rag.statements import statements
from rag.understand import understand
from tests.rag.test_nearest import read

LAW = """LUẬT
NUÔI ONG

Điều 1. Khiếu nại
1. Thời hạn giải quyết khiếu nại lần đầu là 30 ngày.
Điều 2. Tố cáo
1. Thời hạn giải quyết tố cáo là 40 ngày.
Điều 3. Giám sát
1. Đại biểu Quốc hội gửi đề nghị trước ngày 01 tháng 3.
2. Người khiếu nại, người tố cáo được nhận mật.
"""


@pytest.mark.parametrize(
    ("question", "begins", "against"),
    [
        ("Theo Luật Nuôi ong, tố cáo phải giải quyết xong trong mấy ngày?", "1. Thời hạn giải quyết khiếu", True),
        ("to cao giai quyet trong may ngay", "1. Thời hạn giải quyết khiếu", True),
        ("Khiếu nại giải quyết trong mấy ngày?", "1. Thời hạn giải quyết khiếu", False),
        ("Khiếu nại lần hai giải quyết trong mấy ngày?", "1. Thời hạn giải quyết khiếu", True),
        ("Khiếu nại hay tố cáo giải quyết nhanh hơn?", "1. Thời hạn giải quyết khiếu", False),
        ("Đề nghị giám sát của HĐND gửi trước ngày nào?", "1. Đại biểu Quốc hội", True),
        ("Đề nghị giám sát của ĐBQH gửi trước ngày nào?", "1. Đại biểu Quốc hội", False),
        ("Trưởng thôn gửi đề nghị trước ngày nào?", "1. Đại biểu Quốc hội", True),
        ("Người tố cáo được gì?", "2. Người khiếu nại", False),
    ],
)  # fmt: skip
def test_what_is_said_of_the_other_is_no_answer(question: str, begins: str, against: bool) -> None:
    document = read(LAW, kind="Luật", title="Luật Nuôi ong")
    every = (s for p in passages(document) for s in statements(document, p))
    statement = next(s for s in every if s.text.startswith(begins))
    assert contradicts(understand(question), statement) == against
