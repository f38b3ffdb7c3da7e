"""What the library holds, what it has in place of a text that is missing, and whose text is meant."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.answer import Extractive
from rag.compose import Draft
from rag.holdings import called, held, missing
from rag.indexing import snapshot
from rag.refuse import Choices, Gap, refuse
from rag.understand import understand
from tests.rag.words_only import told_by, words_only_retriever

PLAN = """ỦY BAN NHÂN DÂN
TỈNH {capitals}
Số: {number}
KẾ HOẠCH
Trồng rừng ven biển năm {year}
I. CHỈ TIÊU
1. Toàn tỉnh trồng mới {area} ha rừng ngập mặn.
II. CHẾ ĐỘ BÁO CÁO
Các xã báo cáo kết quả trồng rừng trước ngày {day}."""


def plan(place: str, number: str, year: int, area: int, day: str) -> Document:
    text = clean(PLAN.format(capitals=place.upper(), number=number, year=year, area=area, day=day))
    title = f"Kế hoạch trồng rừng ven biển năm {year}"
    meta = Instrument(
        kind="Kế hoạch", number=number, title=title, place=place, issuer=f"UBND tỉnh {place}"
    )
    return Document(number, f"{number}.txt", meta, text, outline(text))  # fmt: skip


LIBRARY = [
    plan("Bến Tre", "31/KH-UBND", 2024, 250, "05/11/2024"),
    plan("Trà Vinh", "47/KH-UBND", 2024, 310, "20/11/2024"),
]


@pytest.mark.parametrize(
    "question",
    ["kho có những gì?", "bạn có những văn bản nào", "danh sach ke hoach trong kho", "Kho đang có bao nhiêu kế hoạch?"],
)  # fmt: skip
def test_the_library_itself_is_told_text_by_text(question: str) -> None:
    found = held(understand(question), LIBRARY)
    assert isinstance(found, Draft)
    assert [line.split(" [")[0] for line in found.text.splitlines()] == [
        "- Kế hoạch số 31/KH-UBND",
        "- Kế hoạch số 47/KH-UBND",
    ]


def test_a_large_library_is_told_in_part_and_says_so() -> None:
    many = [plan("Huế", f"{n}/KH-UBND", 2024, n, "01/11/2024") for n in range(1, 13)]
    found = held(understand("trong kho có những kế hoạch nào"), many)
    assert isinstance(found, Draft) and "và 4 văn bản khác" in found.text


def test_a_kind_that_the_library_lacks_is_said_to_be_missing() -> None:
    found = held(understand("kho có những thông tư nào"), LIBRARY)
    assert isinstance(found, Gap) and "thông tư" in refuse(found).text


@pytest.mark.parametrize("question", ["kho bạc có những gì", "ban có những nhiệm vụ gì"])
def test_what_others_have_is_not_the_library(question: str) -> None:
    assert held(understand(question), LIBRARY) is None


@pytest.mark.parametrize(
    "question", ["Bến Tre có kế hoạch trồng rừng nào không?", "ben tre da co ke hoach trong rung chua"]
)  # fmt: skip
def test_a_text_that_there_is_is_told_by_its_own_lines(question: str) -> None:
    found = held(understand(question), LIBRARY)
    assert isinstance(found, Draft)
    assert found.text == (
        "Có: Kế hoạch số 31/KH-UBND [1] (Bến Tre [2]): Trồng rừng ven biển năm 2024 [3]."
    )
    assert [c.quote for c in found.citations] == [
        "Số: 31/KH-UBND",
        "TỈNH BẾN TRE",
        "Trồng rừng ven biển năm 2024",
    ]


def test_every_text_of_a_kind_has_a_line() -> None:
    found = held(understand("Có những kế hoạch nào về trồng rừng ven biển?"), LIBRARY)
    assert isinstance(found, Draft)
    assert len(found.text.split("\n")) == 2


@pytest.mark.parametrize(
    "question",
    ["Kế hoạch của Bến Tre có nêu kinh phí không?", "Kế hoạch trồng rừng giao ai chủ trì?"],
)
def test_what_a_text_says_is_no_question_of_whether_there_is_one(question: str) -> None:
    assert held(understand(question), LIBRARY) is None


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("Kế hoạch trồng rừng năm 2025 của Bến Tre hạn báo cáo ngày nào?", "không có kế hoạch năm 2025"),
        ("Kế hoạch trồng rừng ven biển của Cà Mau trồng bao nhiêu ha?", "không có văn bản của Cà Mau về nội dung này"),
        ("Kế hoạch số 99/KH-UBND của Bến Tre về trồng rừng nói gì?", "không có Kế hoạch số 99/KH-UBND"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_there_is_in_place_of_what_is_missing(
    question: str, lacking: str
) -> None:
    said = missing(understand(question), LIBRARY)
    assert said is not None
    assert said.endswith(f"{lacking}.")
    assert said.startswith("Kho có Kế hoạch số 31/KH-UBND")


def test_nothing_is_missing_where_a_text_fits() -> None:
    assert (
        missing(understand("Kế hoạch trồng rừng của Bến Tre hạn báo cáo ngày nào?"), LIBRARY)
        is None
    )


def test_a_text_is_called_by_number_office_and_year() -> None:
    assert called(LIBRARY[0]) == "Kế hoạch số 31/KH-UBND của UBND tỉnh Bến Tre (năm 2024)"


def told(question: str) -> Draft | Gap | Choices:
    return told_by(LIBRARY, question, on=date(2024, 6, 1))


def test_a_question_that_two_offices_answer_otherwise_is_asked_back() -> None:
    found = told("Các xã báo cáo kết quả trồng rừng trước ngày nào?")
    assert isinstance(found, Choices)
    assert {choice.label for choice in found.choices} == {called(d) for d in LIBRARY}


def test_a_question_that_says_whose_is_answered() -> None:
    found = told("Ở Trà Vinh các xã báo cáo kết quả trồng rừng trước ngày nào?")
    assert isinstance(found, Draft)
    assert "20/11/2024" in found.text


def test_the_refusal_carries_it() -> None:
    asked = understand("Kế hoạch trồng rừng năm 2025 của Bến Tre hạn báo cáo ngày nào?")
    answer = refuse(Gap(asked, (), (), missing(asked, LIBRARY)))
    assert answer.refusal is not None
    assert answer.refusal.reason == "no_source"
    assert "31/KH-UBND" in answer.text


def test_a_refusal_proposes_the_question_that_can_be_answered() -> None:
    found = told("Ở Bến Tre năm 2025 các xã báo cáo kết quả trồng rừng trước ngày nào?")
    assert isinstance(found, Gap)
    (suggestion,) = found.suggestions
    assert suggestion == "Ở Bến Tre năm 2024 các xã báo cáo kết quả trồng rừng trước ngày nào?"
    assert suggestion in refuse(found).text
    answered = told(suggestion)
    assert isinstance(answered, Draft)
    assert "05/11/2024" in answered.text


def test_the_named_provinces_texts_are_looked_at_though_many_others_fit_better() -> None:
    many = [
        plan(f"Tỉnh {n}", f"{n}/KH-UBND", 2024, n, f"{n % 28 + 1}/10/2024") for n in range(100, 160)
    ]
    state = snapshot([*many, *LIBRARY], k1=1.0, b=0.45)
    asked = understand("Hạn báo cáo kết quả trồng rừng của Trà Vinh là ngày nào?")
    hits = Extractive(words_only_retriever()).retrieve(asked, state, None)
    first = {state.document(hit.passage).meta.place for hit in hits[:3]}
    assert first == {"Trà Vinh"}
