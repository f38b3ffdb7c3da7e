"""Of several values in a sentence the one that is meant stands first, or none."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.compose import Draft
from rag.report_period import report_period
from tests.rag.test_compose import told_of
from tests.rag.words_only import told_by

DAY = date(2031, 1, 1)

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
6. Trên mỗi chuyến tuần tra đêm của xã phải có từ 6 đến 9 dân quân.
7. Xuồng đóng trước ngày 30/6/2031 được hỗ trợ 12 triệu đồng; đóng từ ngày 01/7 đến ngày 31/8/2031 được hỗ trợ 5 triệu đồng.
8. Bến trên lắp đèn từ ngày 01/3/2031, mở rộng ra các bến nhỏ từ quý III/2031.
9. Dân góp 30 công đóng bến, góp 7 triệu đồng mua tre.
10. Bến họp tổ vào tháng 5 và tháng 11.
11. Xuồng hỏng được đổi sau khi thống nhất với trạm, tổ trực ghi sổ.
"""


def document_of(raw: str, **meta: str) -> Document:
    text = clean(raw)
    return Document("d", "d.txt", Instrument(**meta), text, outline(text))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Phiếu mượn xuồng được duyệt trong bao lâu?", "Trong 03 ngày: "),
        ("Phiếu mượn xuồng máy được duyệt chậm nhất trong bao nhiêu ngày?", "Không quá 08 ngày: "),
        ("Sau mấy phút đội cứu hộ có mặt tại bến?", "Trong 20 phút: "),
        ("Báo cáo năm gửi trạm trước ngày nào?", "Trước ngày 12/12/2031: "),
        ("Bến mua mới bao nhiêu áo phao?", "40 áo phao: "),
        ("Đóng xuồng giữa tháng 7 được hỗ trợ bao nhiêu tiền?", "5 triệu đồng: "),
        ("Chuyến tuần tra đêm có mấy dân quân?", "Từ 6 đến 9 dân quân: "),
        ("Mùa nước nổi tổ trực bến có mấy người?", "Từ hai người trở lên: "),
        ("Đèn lắp ở bến trên khi nào mới mở rộng ra bến nhỏ?", "Từ quý III/2031: "),
        ("Bến họp tổ vào tháng nào?", "Vào tháng 5 và tháng 11: "),
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
        ("Đóng xuồng giữa tháng 4 được hỗ trợ bao nhiêu tiền?", "Xuồng đóng trước ngày"),
        ("Báo cáo gửi trạm trước ngày nào?", "Báo cáo quý gửi trạm"),
        ("Chủ xuồng được vắng phiên trực tối thiểu, tối đa mấy ngày?", "Chủ xuồng được vắng"),
        ("Dân góp bao nhiêu công đóng bến, mua tre mấy triệu?", "Dân góp 30 công"),
        ("Xuồng hỏng được đổi khi nào?", "Xuồng hỏng được đổi"),
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


def test_a_number_from_which_it_holds_is_not_the_highest() -> None:
    text = "Điều 1. Trực\n1. Chủ xuồng được nghỉ trực khi nằm viện từ 15 ngày trở lên."
    told = told_by([document_of(text)], "Chủ xuồng được nghỉ trực tối đa mấy ngày?", on=DAY)
    assert not isinstance(told, Draft) or not told.text.startswith(("15", "Từ 15"))


def test_what_a_text_is_about_is_its_title() -> None:
    text = "THÔNG BÁO\nVề việc sửa bến xuồng trước mùa nước nổi\n\nBến đóng cửa hai tuần.\n"
    notice = document_of(
        text,
        kind="Thông báo",
        number="31/TB-BX",
        title="Thông báo về việc sửa bến xuồng trước mùa nước nổi",
    )
    told = told_by([notice], "Thông báo 31/TB-BX nói về việc gì?", on=DAY)
    assert isinstance(told, Draft) and told.text.startswith("Về việc sửa bến xuồng")
