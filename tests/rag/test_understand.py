"""A question read: kind, numbers, parts, places, years."""

from __future__ import annotations

import pytest

from rag.understand import understand


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Hạn nộp báo cáo quý là khi nào?", "deadline"),
        ("han chot gui bao cao", "deadline"),
        ("Chậm nhất ngày nào phải gửi danh sách?", "deadline"),
        ("Chỉ thị 40 ban hành ngày nào?", "when"),
        ("bao gio hop", "when"),
        ("Tỷ lệ hài lòng là bao nhiêu phần trăm?", "how_many"),
        ("Kế hoạch có mấy nhiệm vụ?", "how_many"),
        ("Kế hoạch này số mấy?", "number"),
        ("Ai chịu trách nhiệm tiếp dân?", "who"),
        ("Cơ quan nào chủ trì?", "who"),
        ("Theo văn bản nào?", "which_document"),
        ("Tiếp công dân là gì?", "define"),
        ("Kế hoạch bao gồm gì?", "list"),
        ("Những nội dung nào được nêu?", "listed"),
        ("Số điện thoại của Văn phòng?", "phone"),
        ("số máy nào để liên hệ", "phone"),
        ("Để làm gì?", "why"),
        ("Tổ chức ở đâu?", "where"),
    ],
)
def test_the_kind_of_a_question_is_told_by_its_words(question: str, kind: str) -> None:
    assert understand(question).kind == kind


@pytest.mark.parametrize(
    "question",
    ["nghị định 59/2023/NĐ-CP", "nd 59/2023", "NĐ 59 năm 2023", "nghị định số 59", "59/2023/nd-cp"],
)
def test_a_document_number_is_read_in_any_spelling(question: str) -> None:
    (reference,) = understand(f"{question} nói gì?").instruments
    assert reference.sequence == "59" and reference.kind == "Nghị định"


@pytest.mark.parametrize(
    ("question", "article", "clause", "point"),
    [
        ("khoản 2 Điều 15 nói gì", "15", "2", None),
        ("dieu 15 khoan 2", "15", "2", None),
        ("K2 Đ15 quy định gì", "15", "2", None),
        ("điểm đ khoản 1 điều 3", "3", "1", "đ"),
    ],
)
def test_a_place_in_a_law_is_read(
    question: str, article: str, clause: str, point: str | None
) -> None:
    part = understand(question).part
    assert (part.article, part.clause, part.point) == (article, clause, point)


@pytest.mark.parametrize(
    ("question", "path"),
    [("mục II.3 nói gì", ("ii", "3")), ("muc iv", ("iv",)), ("nhiệm vụ thứ ba", ("3",)),
     ("điểm 3.2 mục III", ("iii", "3", "2"))],
)  # fmt: skip
def test_a_place_in_a_plan_is_read(question: str, path: tuple[str, ...]) -> None:
    assert understand(question).part.section == path


def test_a_year_is_no_number_and_a_date_no_year() -> None:
    asked = understand("Kế hoạch 2025 thay kế hoạch ngày 3/4/2024 ra sao?")
    assert asked.years == (2025,) and asked.dates == ("2024-04-03",) and not asked.instruments


@pytest.mark.parametrize("question", ["ở Bắc Kạn", "o bac kan", "tinh bac kan co gi"])
def test_a_province_is_found_with_and_without_diacritics(question: str) -> None:
    assert understand(question).places == ("Bắc Kạn",)


def test_slips_are_mended_and_right_words_stay() -> None:
    assert understand("hạn gửi báocáo").text == "hạn gửi báo cáo"
    assert "mặc trang phục" in understand("họp thì măc trang phục gì").text
    right = "Hiệu lực thi hành của đề án có từ bao giờ"
    assert understand(right).text == right


def test_typed_without_diacritics_is_noticed() -> None:
    assert not understand("han nop bao cao ket qua").accented
    assert understand("hạn nộp báo cáo kết quả").accented
