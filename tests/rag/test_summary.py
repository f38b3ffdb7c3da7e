"""Summaries: headings with what stands first below them, or the leading sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.clean import clean
from corpus.foot import read_foot
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.compose import Draft
from rag.refuse import Choices
from rag.summary import summary
from rag.understand import understand

PLAN = """KẾ HOẠCH
Phòng chống cháy rừng năm 2025
I. MỤC ĐÍCH
Giảm số vụ cháy rừng so với năm trước.
II. NHIỆM VỤ
1. Các xã phát quang 40 km đường băng cản lửa trước mùa khô.
2. Trạm kiểm lâm trực 24 giờ trong các ngày nắng nóng.
III. TỔ CHỨC THỰC HIỆN
1. Chi cục Kiểm lâm kiểm tra hằng tháng.
2. Các xã báo cáo trước ngày 15 hằng tháng."""
DECISION = """QUYẾT ĐỊNH
Điều 1. Ban hành kèm theo Quyết định này Quy chế trực cháy rừng.
Điều 2. Quyết định này có hiệu lực từ ngày ký.
QUY CHẾ
Trực cháy rừng
(Ban hành kèm theo Quyết định số 5/QĐ-CCKL)
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi
Quy chế này quy định việc trực cháy rừng.
Chương II
CHẾ ĐỘ TRỰC
Điều 2. Ca trực
Mỗi ca trực có 03 người."""
PAGE = """Cháy rừng được kéo giảm
Sau ba năm, số vụ cháy rừng trên địa bàn huyện Mường Lay đã giảm hơn một nửa nhờ tổ tự quản. Nhiều xã không còn vụ nào.
Ảnh: tổ tự quản
Các bản đều lập tổ tự quản, mỗi tổ có mười người và được trang bị máy thổi gió, bàn dập lửa."""


def document(id: str, text: str, **meta: str) -> Document:
    text = clean(text)
    return Document(id, f"{id}.txt", Instrument(**meta), text, outline(text))


LIBRARY = [
    document("plan", PLAN, kind="Kế hoạch", number="8/KH-CCKL", place="Lai Châu",
             title="Kế hoạch phòng chống cháy rừng năm 2025"),
    document("decision", DECISION, kind="Quyết định", number="5/QĐ-CCKL", place="Lai Châu",
             title="Quy chế trực cháy rừng"),
    document("page", PAGE, kind="Tin", place="Điện Biên", title="Cháy rừng được kéo giảm"),
]  # fmt: skip


def told(question: str) -> Draft:
    found = summary(understand(question), LIBRARY)
    assert isinstance(found, Draft)
    for citation in found.citations:
        assert f"[{citation.marker}]" in found.text
    return found


@pytest.mark.parametrize(
    "question", ["Tóm tắt kế hoạch số 8 của Lai Châu", "ke hoach so 8 gom may phan noi ve gi"]
)
def test_a_plan_is_its_headings_with_what_stands_first_below_them(question: str) -> None:
    lines = told(question).text.split("\n")
    assert lines[0] == "I. MỤC ĐÍCH: Giảm số vụ cháy rừng so với năm trước [1]"
    assert lines[1].startswith("II. NHIỆM VỤ: Các xã phát quang 40 km")
    assert lines[2].endswith("… [3]")  # more stands there


def test_a_part_is_summed_up_by_its_heading() -> None:
    found = told("Tóm tắt phần tổ chức thực hiện của kế hoạch số 8")
    assert "Chi cục Kiểm lâm kiểm tra hằng tháng" in found.text
    assert "MỤC ĐÍCH" not in found.text


def test_a_part_that_is_only_named_is_told() -> None:
    found = told("nhiệm vụ của kế hoạch số 8 năm 2025")
    assert found.text.startswith("NHIỆM VỤ [1]")
    assert "40 km" in found.text
    assert summary(understand("đường băng cản lửa Lai Châu"), LIBRARY) is None


def test_of_a_decision_the_regulation_is_summed_up() -> None:
    found = told("Nội dung chính của Quyết định số 5/QĐ-CCKL")
    assert "CHẾ ĐỘ TRỰC" in found.text


def test_a_page_without_headings_gives_its_leading_sentences() -> None:
    found = told("Tóm tắt bài Cháy rừng được kéo giảm của Điện Biên")
    assert [c.quote for c in found.citations] == [
        "Sau ba năm, số vụ cháy rừng trên địa bàn huyện Mường Lay đã giảm hơn một nửa nhờ tổ tự quản.",
        "Các bản đều lập tổ tự quản, mỗi tổ có mười người và được trang bị máy thổi gió, bàn dập lửa.",
    ]


def test_where_several_texts_are_of_the_kind_it_is_asked_which() -> None:
    other = document(
        "other", PLAN, kind="Kế hoạch", number="9/KH-CCKL", place="Sơn La", title="Kế hoạch khác"
    )
    found = summary(understand("Tóm tắt kế hoạch"), [*LIBRARY, other])
    assert isinstance(found, Choices)
    assert len(found.choices) == 2


@pytest.mark.parametrize("question", ["Kế hoạch số 8 giao ai kiểm tra?", "Mỗi ca trực mấy người?"])
def test_other_questions_are_no_summaries(question: str) -> None:
    assert summary(understand(question), LIBRARY) is None


SENT = f"""{PLAN}

Nơi nhận:
- UBND tỉnh (b/c);
- Các xã;
- Lưu: VT.
CHI CỤC TRƯỞNG
Lò Văn Pản"""


@pytest.mark.parametrize(
    "question",
    ["Kế hoạch số 8 của Lai Châu được gửi tới những nơi nào?", "noi nhan ke hoach 8 Lai Chau",
     "Kế hoạch số 8/KH-CCKL gửi cho ai (nơi nhận)?"],
)  # fmt: skip
def test_the_recipients_of_a_text_are_told_without_who_signs_it(question: str) -> None:
    text = clean(SENT)
    parts = outline(text)
    sent = replace(LIBRARY[0], text=text, outline=parts, foot=read_foot(text, parts))
    found = summary(understand(question), [sent, *LIBRARY[1:]])
    assert isinstance(found, Draft)
    assert found.text == "Nơi nhận [1]:\n- UBND tỉnh (b/c) [2]\n- Các xã [3]\n- Lưu: VT [4]"


def test_who_sends_a_plan_to_whom_is_no_question_for_recipients() -> None:
    assert summary(understand("Các xã ở Lai Châu gửi kế hoạch cho ai?"), LIBRARY) is None
