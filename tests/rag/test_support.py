"""A sentence is carried by what it cites only where its numbers, names and words stand there."""

from __future__ import annotations

from typing import Any

import pytest

from rag.support import Stated, holds, stated, supports

TEXT = "Các đơn vị báo cáo kết quả về Sở Nội vụ trước ngày 15/10/2024 theo Quyết định số 217-QĐ/TW."


def cited(marker: int, quote: str) -> dict[str, Any]:
    document = {"kind": None, "title": "Kế hoạch dân vận", "number": None, "issuer": None,
                "issued_on_text": None, "about": None}  # fmt: skip
    return {"marker": marker, "quote": quote, "context": None, "locator": "mục I", "document": document}  # fmt: skip


def test_an_answer_is_cut_behind_its_markers() -> None:
    answer = "Gồm [1]:\n- Báo cáo quý. Báo cáo năm [2]\n- Họp [3][4]. Hết"
    assert stated(answer) == [
        Stated("Gồm", (1,)),
        Stated("Báo cáo quý. Báo cáo năm", (2,)),
        Stated("Họp", (3, 4)),
        Stated("Hết", ()),
    ]


@pytest.mark.parametrize(
    ("sentence", "carried"),
    [
        ("Trước ngày 15/10/2024: các đơn vị báo cáo về Sở Nội vụ", True),
        ("217-QĐ/TW: theo Quyết định số 217-QĐ/TW", True),
        ("Các đơn vị báo cáo kết quả về Sở Nội vụ trước ngày 16/10/2024", False),  # another day
        ("Các đơn vị báo cáo kết quả về Sở Tài chính", False),  # another body
        ("Các đơn vị được khen thưởng đột xuất hằng quý", False),  # other words
    ],
)
def test_numbers_names_and_words_must_stand_there(sentence: str, carried: bool) -> None:
    assert holds(TEXT, sentence) is carried


def test_a_sentence_that_cites_nothing_is_not_carried() -> None:
    (support,) = supports("Các đơn vị báo cáo kết quả.", [cited(1, TEXT)])
    assert (support.recalled, support.precise) == (False, ())


def test_a_passage_that_is_not_needed_is_not_precise() -> None:
    answer = "Các đơn vị báo cáo kết quả về Sở Nội vụ [1][2]."
    (support,) = supports(answer, [cited(1, TEXT), cited(2, "Kinh phí do ngân sách bảo đảm.")])
    assert (support.recalled, support.precise) == (True, (True, False))


def test_passages_that_carry_a_sentence_only_together_are_both_precise() -> None:
    answer = "Các đơn vị báo cáo kết quả; kinh phí do ngân sách bảo đảm [1][2]."
    (support,) = supports(answer, [cited(1, TEXT), cited(2, "Kinh phí do ngân sách bảo đảm.")])
    assert (support.recalled, support.precise) == (True, (True, True))


def test_that_a_year_is_over_is_the_products_own_word() -> None:
    answer = "Lưu ý: kế hoạch này là của năm 2024, nay đã qua [1]."
    assert supports(answer, [cited(1, "KẾ HOẠCH NĂM 2024")])[0].recalled
    assert not supports(answer, [cited(1, "KẾ HOẠCH NĂM 2023")])[0].recalled
