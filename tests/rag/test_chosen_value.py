"""Of several values in a sentence the one that is meant stands first, or none."""

from __future__ import annotations

import pytest

from rag.report_period import report_period
from tests.rag.test_compose import told_of

RULES = """QUY CHẾ
MƯỢN XUỒNG
Điều 1. Thời hạn
1. Phiếu mượn xuồng được duyệt trong 03 ngày; đối với xuồng máy thì có thể duyệt lâu hơn, nhưng không quá 08 ngày.
2. Khi có tin báo, đội cứu hộ của xã phải có mặt tại bến trong 20 phút và báo tin về trạm trong 45 phút.
3. Báo cáo quý gửi trạm trước ngày 05/4/2031, báo cáo năm gửi trạm trước ngày 12/12/2031.
Điều 2. Mức
1. Tỷ lệ phao còn tốt của bến trên đạt từ 91% trở lên, của bến dưới đạt từ 84% trở lên.
2. Thưởng bơi giỏi: hạng nhất 700.000 đồng, hạng nhì 400.000 đồng.
3. Bến mua mới 40 áo phao, trong đó có 12 áo phao trẻ em.
4. Trong mùa nước nổi, mỗi tổ trực bến của xã phải có từ hai người trở lên.
5. Chủ xuồng được vắng phiên trực không ít hơn 02 ngày và không nhiều hơn 06 ngày.
"""


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Phiếu mượn xuồng được duyệt trong bao lâu?", "Trong 03 ngày: "),
        ("Phiếu mượn xuồng máy được duyệt chậm nhất trong bao nhiêu ngày?", "Không quá 08 ngày: "),
        ("Sau mấy phút đội cứu hộ có mặt tại bến?", "Trong 20 phút: "),
        ("Báo cáo năm gửi trạm trước ngày nào?", "Trước ngày 12/12/2031: "),
        ("Bến mua mới bao nhiêu áo phao?", "40 áo phao: "),
        ("Mùa nước nổi tổ trực bến có mấy người?", "Từ hai người trở lên: "),
    ],
)
def test_the_value_of_the_case_that_is_asked_stands_first(question: str, first: str) -> None:
    assert told_of(RULES, question, kind="Quy chế", title="Quy chế Mượn xuồng").text.startswith(
        first
    )


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Thưởng bơi giỏi bao nhiêu tiền?", "Thưởng bơi giỏi: hạng nhất"),
        ("Tỷ lệ phao còn tốt của bến dưới là bao nhiêu phần trăm?", "Tỷ lệ phao còn tốt"),
        ("Báo cáo gửi trạm trước ngày nào?", "Báo cáo quý gửi trạm"),
        ("Chủ xuồng được vắng phiên trực tối thiểu, tối đa mấy ngày?", "Chủ xuồng được vắng"),
    ],
)
def test_none_stands_first_where_another_may_as_well_be_meant(question: str, sentence: str) -> None:
    told = told_of(RULES, question, kind="Quy chế", title="Quy chế Mượn xuồng").text
    assert told.startswith(sentence)


@pytest.mark.parametrize(
    ("said", "period"),
    [
        ("bao cao 6 thang dau nam", "half"),
        ("bao cao ket qua quy iii", "quarter iii"),
        ("dinh ky quy", "quarter"),
        ("theo quy dinh", None),
        ("bao cao thang 5", None),
        ("bao cao dot xuat", "sudden"),
        ("bao cao dan van nam 2031", "year"),
        ("tong ket mo hinh", "year"),
        ("moi nam", None),
    ],
)
def test_the_period_of_a_report(said: str, period: str | None) -> None:
    assert report_period(said) == period
