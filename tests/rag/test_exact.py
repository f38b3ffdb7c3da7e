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
Điều 3. Xuất kho
1. Thủ kho được từ chối giao hàng cho người nhận trong trường hợp sau đây:
a) Người nhận không có phiếu của hợp tác xã hoặc phiếu đã bị tẩy xóa, rách nát;
b) Kho đang kiểm kê, đang phun thuốc trừ mọt hoặc cửa kho bị hỏng khóa.
2. Xuất kho là việc thủ kho giao thóc cho người có phiếu và ghi vào sổ. Mọi lần giao phải có hai người chứng kiến.
3. Thóc đã xuất thì không được trả lại kho, trừ khi cân thiếu so với phiếu đã ghi.
"""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Theo Điều 1 Luật Kho thóc, thóc bị mốc thì người gửi phải chịu tiền bốc vác thế nào?",
            ["Thóc bị mốc thì không được nhập kho"],
        ),
        (
            "Theo Điều 3 Luật Kho thóc, thủ kho được từ chối giao hàng cho người nhận trong trường hợp nào?",
            [
                "Thủ kho được từ chối giao hàng",
                "a) Người nhận không có phiếu",
                "b) Kho đang kiểm kê",
            ],
        ),
        ("Theo Điều 3, Luật Kho thóc, xuất kho là gì?", ["Xuất kho là việc thủ kho giao thóc"]),
        (
            "Điều 1 Luật Kho thóc nói gì?",
            ["Điều 1.", "1. Người gửi", "2. Thủ kho", "3. Thóc bị mốc"],
        ),
        ("Khoản 2 Điều 1 Luật Kho thóc quy định gì?", ["Thủ kho cân thóc"]),
        (
            "Điểm b khoản 1 Điều 3 Luật Kho thóc nói gì?",
            [
                "Thủ kho được từ chối giao hàng cho người nhận trong trường hợp sau đây [1]: kho đang"
                " kiểm kê, đang phun thuốc trừ mọt hoặc cửa kho bị hỏng khóa [2]."
            ],
        ),
    ],
)
def test_of_an_article_what_is_asked_is_told(question: str, told: list[str]) -> None:
    law = read(LAW, kind="Luật", title="Luật Kho thóc")
    draft = told_by([law], question, on=date(2032, 5, 1))
    assert isinstance(draft, Draft)
    lines = draft.text.split("\n")
    assert len(lines) == len(told), draft.text
    assert all(line.startswith(words) for line, words in zip(lines, told, strict=True))
