"""An answer's text is put together from spans, and says where it left something out."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.compose import Draft, compose_part
from tests.rag.words_only import told_by

LAW = """Điều 1. Biểu quyết
1. Việc thu tiền cần hai phần ba số hộ tán thành.
Việc khác cần quá nửa số hộ tán thành.
2. Kết quả được niêm yết trong 05 ngày.
Điều 2. Hiệu lực
Luật này có hiệu lực từ năm 2030."""


def document() -> Document:
    text = clean(LAW)
    return Document("law", "law.txt", Instrument(kind="Luật", title="Luật A"), text, outline(text))


def told_of(raw: str, question: str, **meta: str) -> Draft:
    """The answer to a question of one document."""
    text = clean(raw)
    own = Document("d", "d.txt", Instrument(**meta), text, outline(text))
    draft = told_by([own], question, on=date(2030, 1, 1))
    assert isinstance(draft, Draft)
    return draft


def test_an_item_that_says_more_than_is_told_ends_in_an_ellipsis() -> None:
    law = document()
    lines = compose_part(law, law.outline[0]).text.split("\n")
    assert lines[1].endswith("hai phần ba số hộ tán thành … [2]")
    assert lines[2] == "2. Kết quả được niêm yết trong 05 ngày [3]."


def test_a_list_keeps_the_marks_and_points_of_its_source() -> None:
    text = (
        "Điều 1. Ghế được mượn khi:\na) Có phiếu mượn;\nb) Kho còn ghế...\nc) Có người ký nhận./.\n"
    )
    law = Document("l", "l.txt", Instrument(title="Luật Ghế"), text, outline(text))
    assert compose_part(law, law.outline[0]).text.split("\n")[1:] == [
        "a) Có phiếu mượn [2];",
        "b) Kho còn ghế [3]",
        "c) Có người ký nhận [4].",
    ]


def test_a_file_attached_to_a_page_is_no_sentence() -> None:
    text = "Điều 1. Ghế gãy được sửa.\nMau so 9.docx\n"
    law = Document("l", "l.txt", Instrument(title="Luật Ghế"), text, outline(text))
    assert compose_part(law, law.outline[0]).text == "Điều 1. Ghế gãy được sửa [1]."


def test_a_part_of_plain_sentences_is_told_whole_each_cited() -> None:
    law = document()
    clause = law.outline[0].children[0]
    draft = compose_part(law, clause)
    assert draft.text.count("[") == len(draft.citations) == 2
    assert "quá nửa số hộ" in draft.text


TAIL = "cán bộ đang chờ kết quả thì ghi tên vào sổ riêng và báo trưởng phòng biết trong ngày"
LONG = f"""QUY CHẾ
SỔ TRỰC
Điều 1. Bàn giao
Cán bộ trực đêm phải bàn giao sổ trực cho người trực sau vào lúc 7 giờ sáng, ghi rõ số người đến, số việc đã làm, \
số việc còn lại và tình trạng của từng chiếc chìa khóa trong tủ tại phòng bảo vệ; {TAIL}; người trực sau phát \
hiện thiếu chìa khóa thì không nhận sổ, lập biên bản có chữ ký của hai bên và báo ngay cho chánh văn phòng để xử lý."""


@pytest.mark.parametrize(
    ("question", "end"),
    [
        ("Cán bộ trực đêm phải bàn giao sổ trực lúc mấy giờ?", "tại phòng bảo vệ … [1]."),
        (
            "Người trực sau phát hiện thiếu chìa khóa thì phải làm gì?",
            "chánh văn phòng để xử lý [1].",
        ),
    ],
)
def test_a_long_sentence_ends_behind_the_last_clause_that_has_to_do_with_the_question(
    question: str, end: str
) -> None:
    assert told_of(LONG, question, kind="Quy chế", title="Quy chế Sổ trực").text.endswith(end)


ONE_MATTER = "kiểm tra phao bơi, biển báo và hàng rào quanh từng hồ, ao, hố công trình trên địa bàn phường mỗi tuần một lần"
DUTIES = f"""KẾ HOẠCH
PHÒNG ĐUỐI NƯỚC
Điều 1. Phân công
Tổ trưởng dân phố tuyên truyền tới từng gia đình có trẻ nhỏ về cách trông trẻ gần ao hồ và cách gọi cấp cứu; {ONE_MATTER}; \
{ONE_MATTER}; {ONE_MATTER}; vận động chủ ao nuôi cá lắp thang dây ở bốn góc; báo ngay cho trạm y tế khi có người bị nạn."""


def test_of_a_very_long_sentence_the_clause_that_is_asked_is_told_too() -> None:
    question = "Tổ trưởng dân phố tuyên truyền gì và vận động chủ ao nuôi cá lắp thang dây thế nào?"
    draft = told_of(DUTIES, question, kind="Kế hoạch", title="Kế hoạch phòng đuối nước")
    assert draft.text.startswith("Tổ trưởng dân phố tuyên truyền")
    assert "; vận động chủ ao nuôi cá lắp thang dây ở bốn góc … [2]." in draft.text
    assert draft.citations[1].quote.startswith("vận động chủ ao")


MEETING = """QUY CHẾ
HỘI NGHỊ
Điều 1. Hội nghị
1. Thành phần dự hội nghị được quy định như sau:
a) Hội nghị hợp lệ khi có ít nhất hai phần ba số người có mặt;
b) Tổ trưởng có trách nhiệm mời khách.
2. Kinh phí hội nghị của các nguồn là 268 triệu đồng, gồm: 180 triệu đồng của Văn phòng và 88 triệu đồng của nhà tài trợ."""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Hội nghị có mặt bao nhiêu phần thì hợp lệ?",
            "Ít nhất hai phần ba: Hội nghị hợp lệ khi có ít nhất hai phần ba số người có mặt [1].",
        ),
        (
            "Kinh phí hội nghị của mỗi nguồn là bao nhiêu tiền?",
            "Kinh phí hội nghị của các nguồn là 268 triệu đồng, gồm: 180 triệu đồng của Văn phòng và 88 triệu đồng của nhà tài trợ [1].",
        ),
    ],
)
def test_neither_a_lead_in_that_adds_nothing_nor_one_value_of_many_stands_first(
    question: str, told: str
) -> None:
    draft = told_of(MEETING, question, kind="Quy chế", title="Quy chế Hội nghị")
    assert draft.text.startswith(told)
