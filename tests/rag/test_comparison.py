"""Questions that compare: their sides, and the table of what answers each."""

from __future__ import annotations

import pytest

from corpus.clean import clean
from corpus.model import Citation, Document, Instrument
from corpus.outline import outline
from rag.comparison import compares, comparison, sides
from rag.compose import Draft
from rag.refuse import Gap
from rag.understand import Understood, understand


@pytest.mark.parametrize(
    ("question", "labels", "asked"),
    [
        (
            "So sánh hạn nộp hồ sơ trong kế hoạch của Lào Cai và Bến Tre",
            ["Lào Cai", "Bến Tre"],
            "hạn nộp hồ sơ trong kế hoạch của Bến Tre",
        ),
        (
            "Kế hoạch 12 của Lào Cai và Chỉ thị 7 của Bến Tre: ai ký?",
            ["Kế hoạch 12 của Lào Cai", "Chỉ thị 7 của Bến Tre"],
            "Chỉ thị 7 của Bến Tre: ai ký",
        ),
        (
            "chi tieu nam 2023 va nam 2024 khac nhau the nao",
            ["Năm 2023", "Năm 2024"],
            "chi tieu nam 2024",
        ),
        (
            "Khoản 1 và khoản 3 Điều 9 Luật Tố cáo khác gì nhau?",
            ["Khoản 1", "Khoản 3"],
            "khoản 3 Điều 9 Luật Tố cáo",
        ),
        (
            "thời hạn thẩm định lần đầu và lần hai khác nhau ra sao",
            ["Lần đầu", "Lần hai"],
            "thời hạn thẩm định lần hai",
        ),
        (
            "Số buổi họp của trưởng thôn, trưởng ban và trưởng phòng khác nhau chỗ nào?",
            ["Trưởng thôn", "Trưởng ban", "Trưởng phòng"],
            "Số buổi họp của trưởng phòng",
        ),
        ("phiếu chi khác phiếu thu ở chỗ nào?", ["Phiếu chi", "Phiếu thu"], "phiếu thu là gì"),
        ("phieu chi va phieu thu khac nhau the nao", ["Phieu chi", "Phieu thu"], "phieu thu là gì"),
        (
            "Mức đạt năm 2026: Sở Khoa học và Công nghệ Lào Cai so với Sở Nội vụ Bến Tre?",
            ["Lào Cai", "Bến Tre"],
            "Mức đạt năm 2026: Sở Nội vụ Bến Tre",
        ),
    ],
)
def test_each_side_is_asked_for_itself(question: str, labels: list[str], asked: str) -> None:
    found = sides(understand(question))
    assert [side.label for side in found] == labels
    assert found[-1].question.replace(" :", ":") == asked


@pytest.mark.parametrize(
    "question",
    [
        "Hai nhà ở hai thôn khác nhau cãi cọ thì ai giải quyết?",
        "Mỗi năm họp mấy kỳ và ai chủ trì?",
        "Nghị định 75/2012/NĐ-CP quy định chi tiết Luật Khiếu nại nói gì?",
        "Kế hoạch của Lào Cai giao ai chủ trì?",
    ],
)
def test_a_question_of_one_thing_has_no_sides(question: str) -> None:
    assert sides(understand(question)) == []
    assert not compares(understand(question))


def document(id: str, place: str, day: str) -> Document:
    text = clean(f"KẾ HOẠCH\nTrồng cây tỉnh {place}\nI. BÁO CÁO\nCác xã báo cáo trước ngày {day}.")
    return Document(id, f"{id}.txt", Instrument(kind="Kế hoạch", title="Kế hoạch trồng cây", place=place),
                    text, outline(text))  # fmt: skip


PLANS = {place: document(place, place, day) for place, day in (("Lào Cai", "05/9"), ("Bến Tre", "10/9"))}  # fmt: skip


def told(asked: Understood) -> Draft | Gap:
    """The one sentence of the plan whose province is asked for."""
    plan = PLANS.get(asked.places[0]) if len(asked.places) == 1 else None
    if plan is None:
        return Gap(asked, (), ())
    start = plan.text.index("Các xã")
    part = next(p for p in plan.parts() if p.start <= start < p.end and not p.children)
    return Draft(f"{plan.text[start:]} [1]", (Citation(1, plan, part, start, len(plan.text)),))


def test_every_cell_has_its_citation_and_a_missing_side_says_so() -> None:
    found = comparison(understand("Lào Cai, Bến Tre và Kiên Giang báo cáo trước ngày nào?"), told)
    assert found is not None
    rows = found.text.split("\n")
    assert rows[0] == "| Lào Cai [1] | Các xã báo cáo trước ngày 05/9. [2] |"
    assert rows[1] == "| Bến Tre [3] | Các xã báo cáo trước ngày 10/9. [4] |"
    assert rows[2] == "| Kiên Giang | Không tìm thấy căn cứ trong kho tài liệu |"
    assert [c.marker for c in found.citations] == [1, 2, 3, 4]
    assert found.citations[2].quote == "Trồng cây tỉnh Bến Tre"  # says whose the sentence is


def test_where_no_side_is_answered_there_is_no_table() -> None:
    assert comparison(understand("So sánh Cà Mau và Kiên Giang về hạn báo cáo"), told) is None


def test_a_text_and_its_place_are_no_two_sides() -> None:
    assert sides(understand("Theo kế hoạch 167, Sở Y tế Huế xử lý đơn thư ra sao?")) == []
