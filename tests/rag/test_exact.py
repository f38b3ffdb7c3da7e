"""A place that a question names: told whole, or by the statement of it that is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from rag.compose import Draft
from tests.rag.test_nearest import read
from tests.rag.words_only import told_by

LAW = """QUỐC HỘI
Luật số: 77/2031/QH20

LUẬT
KHO THÓC

Điều 1. Nhập kho
1. Người gửi thóc phải phơi thóc cho khô trước khi nhập kho và tự chở đến cửa kho trong giờ làm việc.
2. Thủ kho cân thóc, ghi sổ và giao cho người gửi một phiếu có dấu của hợp tác xã ngay trong ngày nhập.
3. Thóc bị mốc thì không được nhập kho; người gửi phải chở về và chịu tiền bốc vác cả hai chiều.
Điều 2. Hiệu lực
Luật này có hiệu lực từ ngày 01/01/2032.
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Theo Điều 1 Luật Kho thóc, thóc bị mốc thì người gửi phải chịu tiền bốc vác thế nào?",
            ["Thóc bị mốc thì không được nhập kho"],
        ),
        ("Điều 1 Luật Kho thóc nói gì?", ["Điều 1.", "- Người gửi", "- Thủ kho", "- Thóc bị mốc"]),
        ("Khoản 2 Điều 1 Luật Kho thóc quy định gì?", ["Thủ kho cân thóc"]),
    ],
)
def test_of_an_article_what_is_asked_is_told(question: str, told: list[str]) -> None:
    law = read(LAW, kind="Luật", title="Luật Kho thóc")
    draft = told_by([law], question, on=date(2032, 5, 1))
    assert isinstance(draft, Draft)
    lines = draft.text.split("\n")
    assert len(lines) == len(told), draft.text
    assert all(line.startswith(words) for line, words in zip(lines, told, strict=True))
