"""A yes or no is said only where one sentence settles it."""

from __future__ import annotations

import pytest

from rag.understand import understand
from rag.verdict import verdict


@pytest.mark.parametrize(
    ("question", "sentence", "told"),
    [
        (
            "Người dân có phải trả phí khi xem hồ sơ không?",
            "Người dân không phải trả phí khi xem hồ sơ.",
            "Không",
        ),
        (
            "Công dân có được ghi âm buổi tiếp không?",
            "Công dân được ghi âm buổi tiếp công dân.",
            "Có",
        ),
        (
            "Công dân có được ghi âm buổi tiếp hay không?",
            "Công dân được ghi âm buổi tiếp, trừ nơi có biển cấm.",
            None,  # an exception: the words are told, the person judges
        ),
        (
            "Công dân có được ghi âm buổi tiếp không?",
            "Công dân được ghi âm buổi tiếp nếu người tiếp đồng ý.",
            None,  # a condition that the question does not name
        ),
        (
            "Công dân có được ghi âm nếu người tiếp đồng ý không?",
            "Công dân được ghi âm khi người tiếp đồng ý.",
            "Có",
        ),
        (
            "Công dân có được ghi âm buổi tiếp không?",
            "Công dân được mời dự buổi tiếp.",
            None,  # of something else
        ),
        ("Công dân được ghi âm khi nào?", "Công dân không được ghi âm.", None),
        (
            "Việc tuy có lỗi nhỏ thì có phải là vi phạm không?",
            "Việc tuy có lỗi nhỏ thì không phải là vi phạm.",
            "Không",
        ),
        ("cong dan co duoc ghi am khong", "Công dân không được ghi âm.", None),
    ],
)
def test_yes_and_no_only_where_the_sentence_settles_it(
    question: str, sentence: str, told: str | None
) -> None:
    assert verdict(understand(question), sentence) == told


def test_what_holds_of_others_gets_no_verdict() -> None:
    asked = understand("Kế toán viên của phường có được bầu vào Ban Thanh tra không?")
    assert verdict(asked, "Thành viên được bầu vào Ban Thanh tra tại cuộc họp.") is None
    assert verdict(asked, "Kế toán viên của phường được bầu vào Ban Thanh tra.") == "Có"


def test_an_item_settles_it_together_with_what_leads_in_to_it() -> None:
    asked = understand("Người bỏ họp ba lần có được dự bình xét thi đua không?")
    lead = "Điều 3. Xử lý người bỏ họp ba lần"
    assert verdict(asked, "không được dự bình xét thi đua", lead=lead) == "Không"
    lead = "Người bỏ họp ba lần, nếu không có lý do"
    assert verdict(asked, "không được dự bình xét thi đua", lead=lead) is None
