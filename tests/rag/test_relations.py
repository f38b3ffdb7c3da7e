"""Links between texts and their validity, asked in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.compose import Draft
from rag.indexing import Snapshot, snapshot
from rag.refuse import Choices, Gap
from rag.relations import relation
from rag.standing import with_standing
from rag.understand import understand

LAW = """LUẬT
TIẾT KIỆM ĐIỆN
Điều 1. Phạm vi
Luật này quy định việc tiết kiệm điện.
Điều 2. Hiệu lực thi hành
1. Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2019.
2. Nghị định số 3/2010/NĐ-CP hết hiệu lực kể từ ngày Luật này có hiệu lực."""
NEW_LAW = """LUẬT
TIẾT KIỆM NĂNG LƯỢNG
Điều 1. Hiệu lực thi hành
Luật này có hiệu lực từ ngày 01 tháng 01 năm 2025 và thay thế Luật Tiết kiệm điện số 8/2018/QH14."""
PLAN = """KẾ HOẠCH
Tiết kiệm điện năm 2024
Căn cứ Luật Tiết kiệm điện số 8/2018/QH14;
Thực hiện Chỉ thị số 20/CT-TTg ngày 08/6/2023 của Thủ tướng Chính phủ về tăng cường tiết kiệm điện.
I. NHIỆM VỤ
1. Các phòng tắt đèn trước 17 giờ 30 phút."""


def document(id: str, text: str, **meta: str) -> Document:
    text = clean(text)
    return Document(id, f"{id}.txt", Instrument(**meta), text, outline(text))


LIBRARY = [
    document("law", LAW, kind="Luật", number="8/2018/QH14", title="Luật Tiết kiệm điện", issued_on="2018-06-12"),
    document("new", NEW_LAW, kind="Luật", number="9/2024/QH15", title="Luật Tiết kiệm năng lượng", issued_on="2024-06-12"),
    document("plan", PLAN, kind="Kế hoạch", number="5/KH-SCT", title="Kế hoạch tiết kiệm điện năm 2024", place="Huế", issued_on="2024-01-12"),
    document("other", PLAN.replace("2024", "2023"), kind="Kế hoạch", title="Kế hoạch tiết kiệm điện năm 2023", place="Huế"),
]  # fmt: skip


@pytest.fixture(scope="module")
def state() -> Snapshot:
    return snapshot(LIBRARY, k1=1.0, b=0.45)


def told(
    question: str, state: Snapshot, on: date = date(2024, 6, 1)
) -> Draft | Gap | Choices | None:
    return relation(understand(question), state, on, None)


def draft(question: str, state: Snapshot) -> Draft:
    found = told(question, state)
    assert isinstance(found, Draft)
    for citation in found.citations:
        assert f"[{citation.marker}]" in found.text
    return found


def test_what_a_plan_rests_on_is_told_ground_by_ground(state: Snapshot) -> None:
    found = draft("Kế hoạch 5/KH-SCT căn cứ vào những văn bản nào?", state)
    assert "Luật Tiết kiệm điện số 8/2018/QH14" in found.text and "20/CT-TTg" in found.text
    assert {c.document.id for c in found.citations} == {"plan"}


def test_a_plan_that_could_be_several_is_asked_back(state: Snapshot) -> None:
    found = told("Kế hoạch này căn cứ vào văn bản nào?", state)
    assert isinstance(found, Choices)
    assert [choice.document_ids for choice in found.choices] == [("plan",), ("other",)]


def test_who_cites_an_instrument_is_told_with_the_places(state: Snapshot) -> None:
    found = draft("Văn bản nào viện dẫn Luật số 8/2018/QH14?", state)
    assert {"plan", "other", "new"} == {c.document.id for c in found.citations}


def test_each_text_that_cites_is_told_once(state: Snapshot) -> None:
    twice = document(
        "twice", f"{PLAN}\n2. Thực hiện Luật Tiết kiệm điện số 8/2018/QH14.", title="Kế hoạch hè"
    )
    found = draft(
        "Văn bản nào viện dẫn Luật số 8/2018/QH14?", snapshot([LIBRARY[0], twice], k1=1.0, b=0.45)
    )
    assert found.text.count("Luật Tiết kiệm điện số 8/2018/QH14") == 1


DECREE = """CHÍNH PHỦ
Số: 7/2019/NĐ-CP
Hà Nội, ngày 10 tháng 4 năm 2019
NGHỊ ĐỊNH
Quy định chi tiết một số điều của Luật Tố cáo
Điều 1. Phạm vi
Nghị định này quy định thời hạn theo Luật Tố cáo."""


def test_a_text_that_says_it_guides_another_is_told_by_its_number_and_those_words() -> None:
    decree = document(
        "decree",
        DECREE,
        kind="Nghị định",
        number="7/2019/NĐ-CP",
        title="Quy định chi tiết một số điều của Luật Tố cáo",
    )
    found = draft(
        "Nghị định nào hướng dẫn Luật Tố cáo?", snapshot([*LIBRARY, decree], k1=1.0, b=0.45)
    )
    assert found.text.startswith("Nghị định số 7/2019/NĐ-CP [1]: Quy định chi tiết")
    assert {c.document.id for c in found.citations} == {"decree"}


def test_a_law_that_no_text_guides_is_not_answered_with_the_guide_of_another(
    state: Snapshot,
) -> None:
    assert isinstance(told("Thông tư nào hướng dẫn Luật Tiếp công dân?", state), Gap)


def test_an_instrument_known_only_from_others_is_told_from_them(state: Snapshot) -> None:
    found = draft("chi thi 20 la chi thi gi", state)
    assert "về tăng cường tiết kiệm điện" in found.text


def test_nothing_is_told_of_what_nobody_cites(state: Snapshot) -> None:
    assert isinstance(told("Văn bản nào nhắc đến Nghị định 77/2020/NĐ-CP?", state), Gap)


def test_since_when_and_what_it_replaces(state: Snapshot) -> None:
    for since in ("từ ngày nào", "năm nào"):
        found = draft(f"Luật Tiết kiệm điện có hiệu lực {since}?", state)
        assert "01 tháng 7 năm 2019" in found.text
    assert "3/2010/NĐ-CP" in draft("Luật Tiết kiệm điện thay thế văn bản nào?", state).text


def test_a_law_that_another_replaced_is_said_to_be_so(state: Snapshot) -> None:
    question = understand("Luật Tiết kiệm điện quy định gì?")
    article = next(p for p in LIBRARY[0].parts() if p.label == "1")
    from rag.compose import compose_part

    said = compose_part(LIBRARY[0], article)
    before = with_standing(question, said, state.register, date(2024, 6, 1))
    after = with_standing(question, said, state.register, date(2025, 6, 1))
    assert before.text == said.text and "không cho biết" in before.notices[0]
    assert "thay thế Luật Tiết kiệm điện" in after.text
    assert after.citations[-1].document.id == "new"


def test_a_plan_of_a_past_year_is_said_to_be_over_unless_the_question_names_the_year(
    state: Snapshot,
) -> None:
    from rag.compose import compose_part

    task = next(p for p in LIBRARY[2].parts() if p.locator == "mục I.1")
    said = compose_part(LIBRARY[2], task)
    on = date(2026, 1, 1)
    told = with_standing(understand("Mấy giờ tắt đèn?"), said, state.register, on)
    assert "năm 2024, nay đã qua [2]" in told.text
    assert "2024" in told.citations[-1].quote
    named = with_standing(understand("Năm 2024 mấy giờ tắt đèn?"), said, state.register, on)
    assert named.text == said.text and "nay đã qua" in named.notices[0]
    # What a word or a number stands for outlives the plan that says it.
    defined = with_standing(understand("Tắt đèn là gì?"), said, state.register, on)
    assert defined.text == said.text and "nay đã qua" in defined.notices[0]


def test_a_news_page_is_cited_without_a_word_on_its_validity(state: Snapshot) -> None:
    from rag.compose import compose_part

    plan = LIBRARY[2]
    news = replace(plan, meta=Instrument("Tắt đèn", kind="Tin"))
    said = compose_part(news, news.outline[-1])
    question = understand("Mấy giờ tắt đèn?")
    assert with_standing(question, said, state.register, date(2026, 1, 1)).notices == ()


def test_an_unknown_validity_is_never_guessed(state: Snapshot) -> None:
    found = draft("Luật Tiết kiệm điện còn hiệu lực không?", state)
    assert "không có căn cứ để biết" in found.text


def test_what_is_over_gives_way_to_the_same_plan_of_this_year(state: Snapshot) -> None:
    from rag.judge import Judge
    from rag.standing import current_first
    from rag.statements import scope, statements

    asked = understand("Các phòng tắt đèn lúc mấy giờ?")
    judge = Judge([scope(p.searchable(state.document(p))) for p in state.passages])
    weights = judge.weights(asked)
    judged = sorted(
        (
            judge.judge(asked, statement, weights, None)
            for passage in state.passages
            if passage.document_id in ("plan", "other") and passage.part.locator == "mục I.1"
            for statement in statements(state.document(passage), passage)
        ),
        key=lambda found: found.statement.document.id != "other",
    )
    first = {
        on.year: current_first(judged, state.register, on)[0].statement.document.id
        for on in (date(2023, 5, 1), date(2024, 5, 1), date(2026, 5, 1))
    }
    assert first == {2023: "other", 2024: "plan", 2026: "other"}


def test_the_day_of_a_question_is_the_day_of_its_answer(state: Snapshot) -> None:
    from rag.standing import asked_day

    assert asked_day(understand("Tại thời điểm 01/3/2021 luật nào có hiệu lực?")) == date(
        2021, 3, 1
    )
    assert asked_day(understand("Báo cáo trước ngày 01/3/2021 gửi ai?")) is None
