"""What people wrap a question in."""

from __future__ import annotations

import pytest

from rag.courtesies import as_meant, without_courtesies
from tests.rag.words_only import lexical_index

EMPTY = lexical_index("văn bản")


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Cho em hỏi hạn nộp báo cáo là khi nào ạ?", "hạn nộp báo cáo là khi nào?"),
        (
            "Anh chị ơi cho em hỏi với, ai ký kế hoạch năm 2024 vậy ạ, em cảm ơn",
            "ai ký kế hoạch năm 2024",
        ),
        ("Sếp mình hỏi là kinh phí lấy từ đâu nhỉ?", "kinh phí lấy từ đâu?"),
        (
            "Dạ em chào anh chị, em muốn hỏi trưởng thôn do ai bầu thế anh chị ơi?",
            "trưởng thôn do ai bầu?",
        ),
        (
            "Thời hạn giải quyết khiếu nại là mấy ngày ạ? Em cần gấp, mong anh chị giúp em với.",
            "Thời hạn giải quyết khiếu nại là mấy ngày?",
        ),
        ("Nhờ trợ lý tra giúp em: khoản 2 Điều 5 nói gì", "khoản 2 Điều 5 nói gì"),
        (
            "Thôn em có 20 hộ đi vắng. Vậy cho em hỏi họp thôn cần bao nhiêu hộ dự?",
            "Thôn em có 20 hộ đi vắng. họp thôn cần bao nhiêu hộ dự?",
        ),
        ("nhờ trợ lý tóm tắt giúp Kế hoạch 167 với", "tóm tắt giúp Kế hoạch 167 với"),
        ("Anh chị so sánh giúp em hai kế hoạch ạ", "so sánh giúp em hai kế hoạch"),
        ("ad ơi ban thanh tra nhân dân có mấy người thế, tks ad", "ban thanh tra nhân dân có mấy người"),
    ],
)  # fmt: skip
def test_the_question_is_left(typed: str, asked: str) -> None:
    assert without_courtesies(typed, EMPTY) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Chủ tịch Hội Nông dân có trách nhiệm gì?",
        "Tôi muốn khiếu nại thì gửi đơn cho ai?",
        "Tôi cần những giấy tờ gì để được cung cấp thông tin?",
        "Khoản 2 Điều 5, điểm a?",
        "Hướng dẫn 25 nói gì?",
        "Trưởng thôn xin thôi thì ai cho thôi?",
        "59/2023/NĐ-CP",
        "còn mục tiêu thì sao",
        "ai ký",
        "Bà con được giúp đỡ, hỗ trợ những gì?",
    ],
)
def test_a_question_alone_stays(text: str) -> None:
    assert without_courtesies(text, EMPTY) == text


@pytest.mark.parametrize(
    "text", ["Xin chào", "cảm ơn nhiều nhé", "Em chào anh chị ạ", "?", "", "🙏"]
)
def test_something_is_always_left(text: str) -> None:
    assert without_courtesies(text, EMPTY) == text


def test_inside_a_sentence_nothing_is_taken_out() -> None:
    told = "Ông Nam bị đe dọa vì đi tố cáo, nhờ anh chị ơi công an bảo vệ thì ai quyết định?"
    assert without_courtesies(told, EMPTY) == told


def test_names_that_only_the_library_knows_are_of_the_question() -> None:
    named = lexical_index("Bản Xiềng Moong họp ngày 5", "họ Xiềng ở bản Moong", "Xiềng Moong")
    assert without_courtesies("dạ cho em hỏi Xiềng Moong ạ", named) == "Xiềng Moong"


def test_a_follow_up_keeps_the_few_words_that_join_it() -> None:
    assert as_meant("the ai ky a", EMPTY, follows=True) == "thế ai ký ạ"
    assert as_meant("the ai ky a", EMPTY, follows=False) == "ai ký"
    wrapped = "dạ em cảm ơn anh chị nhiều lắm ạ, cho em hỏi thêm là ai ký"
    assert as_meant(wrapped, EMPTY, follows=True) == "ai ký"
