"""Questions that ask two things at once."""

from __future__ import annotations

from typing import Any

import pytest

from corpus.model import Citation
from rag.compose import Draft
from rag.refuse import Gap
from rag.twofold import _halves, asks_two, both_answered
from rag.understand import Understood, understand
from tests.rag.test_see_also import law

ASKED = "Tổ bảo vệ rừng do ai bầu, một tháng trực mấy ngày?"


def told_by(**words: str) -> Any:
    """Answers with the clause that has the words, where a question has their key."""
    document = law()

    def answer(asked: Understood) -> Draft | Gap:
        for key, said in words.items():
            if key in asked.folded:
                start = document.text.index(said)
                citation = Citation(1, document, document.outline[0], start, start + len(said))
                return Draft(f"{said} [1].", (citation,))
        return Gap(asked, (), ())

    return answer


def test_both_answers_are_told_each_with_its_citation() -> None:
    draft = both_answered(understand(ASKED), told_by(truc="05 ngày mỗi tháng", bau="do thôn bầu"))
    assert draft is not None
    assert draft.text == "do thôn bầu [1].\n05 ngày mỗi tháng [2]."
    assert [c.quote for c in draft.citations] == ["do thôn bầu", "05 ngày mỗi tháng"]


def test_half_an_answer_is_none() -> None:
    assert both_answered(understand(ASKED), told_by(truc="05 ngày mỗi tháng")) is None
    assert both_answered(understand("Ai ký, ký ngày nào?"), told_by(ai="do thôn bầu")) is None


def test_a_question_of_many_commas_is_not_asked_for_each_of_them() -> None:
    asked: list[str] = []

    def refuse(half: Understood) -> Gap:
        asked.append(half.text)
        return Gap(half, (), ())

    assert both_answered(understand("Ai ký, ngày nào ký, " * 90), refuse) is None
    assert len(asked) <= 2


def test_what_tells_both_is_told_once() -> None:
    draft = both_answered(understand(ASKED), told_by(o="do thôn bầu"))
    assert draft is not None and draft.text == "do thôn bầu [1]."


@pytest.mark.parametrize(
    ("question", "halves"),
    [
        ("kinh phi lay o dau, bao nhieu", ("kinh phi lay o dau", "kinh phi lay bao nhieu")),
        (
            "phòng nào khảo sát người bệnh, bao lâu một lần",
            ("phòng nào khảo sát người bệnh", "khảo sát người bệnh bao lâu một lần"),
        ),
        (
            "đi lấy kết quả mang gì, nhờ người khác lấy thay thì cần thêm gì",
            ("đi lấy kết quả mang gì", "nhờ người khác lấy thay thì cần thêm gì"),
        ),
    ],
)
def test_the_second_half_gets_the_subject_it_lacks(question: str, halves: tuple[str, str]) -> None:
    assert list(_halves(question)) == [halves]


@pytest.mark.parametrize(
    "question",
    ["ai ký và đóng dấu", "góp tiền, góp công thì mấy hộ tán thành", "báo cáo gửi về đâu"],
)
def test_what_asks_one_thing_is_left_whole(question: str) -> None:
    assert list(_halves(question)) == []


@pytest.mark.parametrize(
    ("question", "two"),
    [
        ("Thời hạn cho mượn là bao lâu, được gia hạn không?", True),
        ("Ai ký, ký ngày nào?", True),
        ("Theo quy chế, có được gia hạn không?", False),
        ("Ai ký phiếu mượn?", False),
    ],
)
def test_two_things_are_asked(question: str, two: bool) -> None:
    assert asks_two(understand(question)) == two
