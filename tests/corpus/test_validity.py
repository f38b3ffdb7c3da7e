"""Whether a document is in force on a day: by corrections, by the library's texts, or unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.validity import Register, Validity, last_year


def document(number: str, words: str, **meta: str | None) -> Document:
    text = clean(
        f"Điều 1. Phạm vi\nNghị định này quy định việc tiếp dân.\nĐiều 2. Hiệu lực\n{words}"
    )
    known = Instrument(kind="Nghị định", number=number)
    return Document(number, f"{number}.txt", replace(known, **meta), text, outline(text))


def titled(kind: str, title: str, about: Instrument | None = None, **meta: str) -> Document:
    return Document(title, "t.txt", Instrument(title, kind=kind, **meta), "Chữ.", outline("Chữ."), about)  # fmt: skip


OLD = document(
    "5/2010/NĐ-CP", "Nghị định này có hiệu lực từ ngày 01/5/2010.", issued_on="2010-03-01"
)
NEW = document(
    "8/2025/NĐ-CP",
    "Nghị định này có hiệu lực từ ngày 01/7/2025 và thay thế Nghị định số 5/2010/NĐ-CP.\n"
    "Bãi bỏ khoản 2 Điều 5 Nghị định số 6/2011/NĐ-CP.",
    issued_on="2025-05-10",
)  # fmt: skip
PARTLY = document("6/2011/NĐ-CP", "Nghị định này có hiệu lực từ ngày 15/8/2011.")
TRIAL = document("7/2020/NĐ-CP", "Nghị định này có hiệu lực từ ngày 01/01/2021 đến hết ngày 31/12/2024.")  # fmt: skip
SILENT = document("9/2012/NĐ-CP", "Bộ trưởng chịu trách nhiệm.")
LIBRARY = [OLD, NEW, PARTLY, TRIAL, SILENT]


def on(document: Document, day: str, *others: Document) -> Validity:
    return Register([document, *others]).validity(document, date.fromisoformat(day))


@pytest.mark.parametrize(
    ("told", "day", "state", "sentence"),
    [
        (OLD, "2010-04-30", "not_yet", "Chưa có hiệu lực (từ 01/5/2010)."),
        (OLD, "2025-06-30", "unknown", "Có hiệu lực từ 01/5/2010; kho không cho biết còn hiệu lực hay không."),
        (OLD, "2025-07-01", "replaced", "Đã bị thay thế bởi Nghị định số 8/2025/NĐ-CP từ 01/7/2025."),
        (NEW, "2026-01-01", "unknown", "Có hiệu lực từ 01/7/2025; kho không cho biết còn hiệu lực hay không."),
        (TRIAL, "2023-01-01", "in_force", "Đang có hiệu lực (từ 01/01/2021 đến hết 31/12/2024)."),
        (TRIAL, "2025-01-01", "over", "Đã hết hiệu lực sau ngày 31/12/2024."),
        (SILENT, "2025-01-01", "unknown", "Chưa rõ hiệu lực."),
    ],
)  # fmt: skip
def test_what_the_texts_state_is_told_for_the_day(
    told: Document, day: str, state: str, sentence: str
) -> None:
    validity = Register(LIBRARY).validity(told, date.fromisoformat(day))
    assert (validity.state, validity.sentence) == (state, sentence)


def test_the_cause_is_the_sentence_of_the_new_text() -> None:
    told = Register(LIBRARY).validity(OLD, date(2026, 1, 1))
    assert [(e.document, e.kind) for e in told.causes] == [(NEW, "replaces")]
    assert (told.since, told.until) == ("2010-05-01", "2025-06-30")


def test_a_repealed_clause_leaves_the_rest_as_it_was() -> None:
    register = Register(LIBRARY)
    told = register.validity(PARTLY, date(2026, 1, 1))
    assert told.state == "unknown"
    assert [(dict(p.labels), e.document) for p, e in told.parts if p] == [
        ({"clause": "2", "article": "5"}, NEW)
    ]
    assert register.validity(PARTLY, date(2025, 6, 30)).parts == ()


def test_a_text_that_repeals_is_said_with_its_exception() -> None:
    law = document(
        "1/2016/NĐ-CP",
        "1. Nghị định này có hiệu lực từ ngày 01/01/2016.\n2. Nghị định số 5/2010/NĐ-CP hết hiệu lực"
        " kể từ ngày Nghị định này có hiệu lực, trừ trường hợp quy định tại Điều 1.",
    )
    told = on(OLD, "2016-01-01", law)
    assert told.state == "repealed"
    assert told.sentence == "Đã hết hiệu lực theo Nghị định số 1/2016/NĐ-CP từ 01/01/2016 (có ngoại lệ)."  # fmt: skip


def test_what_has_ended_stays_so_when_its_successor_is_replaced() -> None:
    newest = document("3/2026/NĐ-CP", "Nghị định này có hiệu lực từ ngày 01/02/2026 và thay thế Nghị định số 8/2025/NĐ-CP.")  # fmt: skip
    assert on(OLD, "2026-03-01", NEW, newest).by == "Nghị định số 8/2025/NĐ-CP"


def test_a_replacement_without_a_day_holds_from_the_issue_of_its_text() -> None:
    new = document("4/2020/NĐ-CP", "Nghị định này thay thế Nghị định số 5/2010/NĐ-CP.", issued_on="2020-01-02")  # fmt: skip
    assert on(OLD, "2020-01-01", new).state == "unknown"
    assert on(OLD, "2020-01-02", new).sentence == "Đã bị thay thế bởi Nghị định số 4/2020/NĐ-CP."


def test_own_parts_that_come_later_are_told() -> None:
    law = document("2/2024/NĐ-CP", "Nghị định này có hiệu lực từ ngày 01/7/2024, trừ Điều 1 có hiệu lực từ ngày 01/01/2026.")  # fmt: skip
    assert [e.date for _, e in on(law, "2025-01-01").parts] == ["2026-01-01"]
    assert on(law, "2026-01-01").parts == ()


def corrected(document: Document, **meta: str) -> Document:
    return replace(document, meta=replace(document.meta, **meta))


def test_a_person_who_made_sure_is_believed_till_that_day() -> None:
    sure = corrected(OLD, confirmed_on="2026-02-01")
    assert on(sure, "2026-02-01", NEW).state == "in_force"
    assert on(sure, "2026-02-02", NEW).state == "replaced"
    assert on(corrected(SILENT, confirmed_on="2026-02-01"), "2026-02-01").sentence == "Đang có hiệu lực."  # fmt: skip


def test_corrected_days_win_over_the_text() -> None:
    late = corrected(OLD, in_force_from="2010-06-01", in_force_until="2012-12-31")
    assert on(late, "2010-05-15").state == "not_yet"
    assert on(late, "2011-01-01").state == "in_force"
    assert on(late, "2013-01-01").sentence == "Đã hết hiệu lực sau ngày 31/12/2012."


def test_a_corrected_successor_holds_from_its_own_day_or_always() -> None:
    known = corrected(SILENT, replaced_by="8/2025/NĐ-CP")
    assert on(known, "2025-06-30", NEW).state == "unknown"
    assert on(known, "2025-07-01", NEW).sentence == "Đã bị thay thế bởi Nghị định số 8/2025/NĐ-CP từ 01/7/2025."  # fmt: skip
    assert on(known, "2020-01-01").sentence == "Đã bị thay thế bởi Nghị định số 8/2025/NĐ-CP."


@pytest.mark.parametrize(
    ("kind", "title", "year"),
    [
        ("Kế hoạch", "Kế hoạch công tác dân vận năm 2024", 2024),
        ("Chương trình", "Chương trình phối hợp giai đoạn 2021 - 2025", 2025),
        ("Kế hoạch", "Kế hoạch cải cách hành chính 2021-2025", 2025),
        ("Kế hoạch", "Kế hoạch chuyển đổi số đến năm 2025, định hướng đến năm 2030", 2030),
        ("Kế hoạch", "Kế hoạch triển khai thi hành Luật Đất đai năm 2024", None),
        ("Kế hoạch", "Kế hoạch thực hiện Nghị quyết số 12/2021/NQ-HĐND ngày 5/7/2021", None),
        ("Kế hoạch", "Kế hoạch tiếp tục thực hiện phong trào Dân vận khéo", None),
        ("Quyết định", "Quyết định giao biên chế năm 2024", None),
    ],
)
def test_the_last_year_of_a_plan_is_that_of_its_title(
    kind: str, title: str, year: int | None
) -> None:
    assert last_year(Instrument(title, kind=kind)) == year


def test_a_plan_on_the_past_is_not_over_when_it_is_issued() -> None:
    plan = Instrument("Kế hoạch khắc phục hạn chế năm 2023", kind="Kế hoạch", issued_on="2024-02-01")  # fmt: skip
    assert last_year(plan) is None


def test_a_yearly_plan_and_the_news_of_it_are_over_with_the_year() -> None:
    title = "Kế hoạch công tác dân vận năm 2024"
    plan = titled("Kế hoạch", title)
    news = titled("Tin", "Thực hiện công tác dân vận", about=Instrument(title, kind="Kế hoạch"))
    assert on(plan, "2024-12-31").state == "unknown"
    assert on(plan, "2025-01-01").sentence == "Kế hoạch của năm 2024, nay đã qua."
    assert on(news, "2025-01-01").sentence == "Tin về kế hoạch của năm 2024, nay đã qua."
    span = titled("Chương trình", "Chương trình phối hợp giai đoạn 2021 - 2025")
    assert on(span, "2026-01-01").sentence == "Chương trình đến hết năm 2025, nay đã qua."


def test_the_validity_of_a_page_that_is_no_instrument_is_not_asked() -> None:
    reported = Instrument("Chỉ thị", kind="Chỉ thị")
    day = "2025-01-01"
    assert not on(titled("Tin", "Hội nghị"), day).is_asked
    assert on(titled("Tin", "Ban hành Chỉ thị", reported), day).is_asked
    assert on(SILENT, day).is_asked
    assert on(titled("Tin", "Hội nghị", in_force_until="2024-06-30"), day).is_asked
