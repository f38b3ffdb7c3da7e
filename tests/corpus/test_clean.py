"""Cleaning: the page goes, the document stays."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from corpus.clean import clean, fold

SHIPPED = Path(__file__).parents[2] / "corpus" / "documents"

PAGE = """Trang chủ
Tăng cỡ chữ Giảm cỡ chữ
Sở Tư pháp tổ chức hội nghị đối thoại với người dân năm 2025

Sáng nay, Sở Tư pháp đã tổ chức hội nghị đối thoại với người dân trên địa bàn tỉnh.

Sở Tư pháp tổ chức hội nghị đối thoại với người dân năm 2025

Hội nghị đã giải đáp 25 ý kiến về hộ tịch, chứng thực và trợ giúp pháp lý cho người dân.

Tin liên quan
Một bài báo khác hoàn toàn không thuộc về văn bản này và cũng không được giữ lại ở đây.
Tổng truy cập 1.234.567
"""


def test_menus_related_news_and_counters_are_left_out() -> None:
    text = clean(PAGE)
    for gone in ("Trang chủ", "Tăng cỡ chữ", "Tin liên quan", "bài báo khác", "1.234.567"):
        assert gone not in text
    assert "25 ý kiến" in text


def test_a_title_repeated_between_paragraphs_stays_once() -> None:
    assert clean(PAGE).count("Sở Tư pháp tổ chức hội nghị đối thoại") == 1


def test_related_news_in_the_middle_does_not_end_an_official_text() -> None:
    text = clean("Tin chính\n\nĐiều 1. Phạm vi\n\nTin liên quan\nMột tin\n\nĐiều 2. Đối tượng\n")
    assert "Điều 2. Đối tượng" in text


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        (
            "Thực hiện Quyết định số 12 của Ủy ban nhân dân tỉnh về việc\n\nban hành Quy chế.",
            "về việc ban hành Quy chế.",
        ),
        (
            "- Các đơn vị báo cáo kết quả thực hiện kế hoạch,\nkèm theo danh sách.",
            "kế hoạch, kèm theo danh sách.",
        ),
    ],
)
def test_lines_that_the_source_broke_are_joined(broken: str, whole: str) -> None:
    assert whole in clean(broken)


def test_a_title_is_not_joined_with_the_grounds_below_it() -> None:
    text = clean("KẾ HOẠCH\nThực hiện công tác văn thư năm 2025\n\nCăn cứ Luật Lưu trữ;\n")
    assert text.split("\n") == [
        "KẾ HOẠCH", "Thực hiện công tác văn thư năm 2025", "Căn cứ Luật Lưu trữ;",
    ]  # fmt: skip


def test_markup_is_taken_off() -> None:
    text = clean("**trước ngày 20/4** và *“lời nói”*, VP._{HN}, <b>đậm</b>, chữ\u200b dính")
    assert text == "trước ngày 20/4 và “lời nói”, VP.HN, đậm, chữ dính"


def test_page_numbers_and_rules_are_left_out() -> None:
    assert clean("Dòng đầu tiên.\n2\n-----\n- 3 -\nDòng cuối cùng.") == (
        "Dòng đầu tiên.\nDòng cuối cùng."
    )


def test_decomposed_letters_are_composed() -> None:
    text = clean(unicodedata.normalize("NFD", "Ủy ban nhân dân tỉnh quyết định."))
    assert text == "Ủy ban nhân dân tỉnh quyết định."


def test_no_sentence_of_a_shipped_document_before_its_end_is_lost() -> None:
    ends = tuple(fold(m) for m in ("Đọc thêm", "Ý kiến bạn đọc", "Tin cùng nhóm"))
    for path in SHIPPED.glob("*.txt"):
        kept = fold(clean(path.read_text(encoding="utf-8")).replace("\n", " "))
        for line in path.read_text(encoding="utf-8").splitlines():
            if fold(line).startswith(ends):
                break
            bare = fold(line.replace("*", "").strip())
            if len(bare.split()) >= 12:
                assert bare in kept, (path.name, line)


def test_hostile_input_is_cleaned_quickly() -> None:
    assert clean("(" * 50_000)
    assert clean("*" * 20_000 + "a") is not None


def test_a_title_that_ends_with_a_part_of_a_year_is_one() -> None:
    title = "Kết quả nuôi ong 6 tháng đầu năm 2031, phương hướng 6 tháng cuối năm"
    raw = f"BÁO CÁO\n{title}\n\nThực hiện Công văn số 8/SNV ngày 1/5/2031, xã báo cáo như sau:\n"
    assert title in clean(raw).split("\n")
