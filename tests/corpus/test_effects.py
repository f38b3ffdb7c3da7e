"""What a text states of its validity, as final articles are worded."""

from __future__ import annotations

import pytest

from corpus.clean import clean
from corpus.effects import Effect, effects
from corpus.model import Document, Instrument
from corpus.outline import outline


def document(text: str, **meta: str) -> Document:
    text = clean(text)
    known = {"kind": "Nghị định", "number": "1/2024/NĐ-CP", "issued_on": "2024-03-10", **meta}
    return Document("d", "d.txt", Instrument(**known), text, outline(text))


def last_article(words: str, **meta: str) -> Document:
    head = "Điều 1. Phạm vi điều chỉnh\nNghị định này quy định việc tiếp công dân.\n"
    return document(f"{head}Điều 2. Hiệu lực thi hành\n{words}", **meta)


def target(effect: Effect) -> str:
    named = effect.named.number or effect.named.name or "" if effect.named else ""
    places = [" ".join(f"{level}={label}" for level, label in p.labels) for p in effect.places]
    return " ".join(filter(None, (named, *places)))


def told(document: Document) -> list[tuple[str, str | None, str]]:
    return [(e.kind, e.date, target(e)) for e in effects(document)]


START = "in_force_from"
SENTENCES = [
    ("Nghị định này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2024.", [(START, "2024-07-01", "")]),
    ("Luật này có hiệu lực kể từ ngày 01/01/2025, trừ quy định tại khoản 2 Điều này.", [(START, "2025-01-01", "")]),
    ("Quyết định này có hiệu lực kể từ ngày ký.", [(START, "2024-03-10", "")]),
    ("Quyết định có hiệu lực thi hành kể từ ngày ký ban hành.", [(START, "2024-03-10", "")]),
    ("Thông tư này có hiệu lực thi hành sau 45 ngày, kể từ ngày ký.", [(START, "2024-04-24", "")]),
    ("Thông tư này có hiệu lực sau 15 (mười lăm) ngày kể từ ngày ký ban hành.", [(START, "2024-03-25", "")]),
    ("Nghị định này có hiệu lực thi hành sau 15 ngày, kể từ ngày đăng Công báo.", [(START, None, "")]),
    ("Nghị quyết này có hiệu lực từ ngày được Quốc hội thông qua.", [(START, None, "")]),
    ("Thông tư này có hiệu lực thi hành từ năm học 2024 - 2025.", [(START, None, "")]),
    ("Nghị định này có hiệu lực thi hành ngày 15 tháng 8 năm 2024.", [(START, "2024-08-15", "")]),
    ("Quy chế này được thực hiện kể từ ngày ký.", [(START, "2024-03-10", "")]),
    ("Nghị quyết này có hiệu lực từ ngày 01/8/2024 đến hết ngày 31/12/2026.",
     [(START, "2024-08-01", ""), ("in_force_until", "2026-12-31", "")]),
    ("Nghị quyết này có hiệu lực từ ngày 01/8/2024 và được thực hiện đến hết năm 2026.",
     [(START, "2024-08-01", ""), ("in_force_until", "2026-12-31", "")]),
    ("Nghị định này hết hiệu lực kể từ ngày 01 tháng 3 năm 2027.", [("in_force_until", "2027-02-28", "")]),
    ("Nghị định này có hiệu lực thi hành từ ngày 01/7/2024 và thay thế Nghị định số 5/2010/NĐ-CP ngày 02/3/2010 của Chính phủ.",
     [(START, "2024-07-01", ""), ("replaces", "2024-07-01", "5/2010/NĐ-CP")]),
    ("Quyết định này có hiệu lực từ ngày ký, thay thế Quyết định số 12/QĐ-UBND ngày 04/02/2015 và Quyết định số 13/QĐ-UBND ngày 05/02/2016 của Ủy ban nhân dân tỉnh.",
     [(START, "2024-03-10", ""), ("replaces", "2024-03-10", "12/QĐ-UBND"), ("replaces", "2024-03-10", "13/QĐ-UBND")]),
    ("Quy định này có hiệu lực kể từ ngày ký; thay thế Quy định số 76-QĐ/TW ngày 15/6/2000 của Bộ Chính trị.",
     [(START, "2024-03-10", ""), ("replaces", "2024-03-10", "76-QĐ/TW")]),
    ("1. Nghị định này có hiệu lực thi hành từ ngày 01/7/2024.\n2. Nghị định này thay thế Nghị định số 5/2010/NĐ-CP.",
     [(START, "2024-07-01", ""), ("replaces", None, "5/2010/NĐ-CP")]),
    ("Nghị định này thay thế Nghị định số 5/2010/NĐ-CP và bãi bỏ khoản 2 Điều 5 Nghị định số 6/2011/NĐ-CP.",
     [("replaces", None, "5/2010/NĐ-CP"), ("repeals", None, "6/2011/NĐ-CP clause=2 article=5")]),
    ("1. Luật này có hiệu lực từ ngày 01/7/2024.\n2. Luật Tố cáo số 03/2011/QH13 đã được sửa đổi, bổ sung theo Luật số 26/2014/QH13 và Luật số 58/2015/QH13 hết hiệu lực kể từ ngày Luật này có hiệu lực thi hành.",
     [(START, "2024-07-01", ""), ("repeals", "2024-07-01", "03/2011/QH13")]),
    ("Kể từ ngày 01/9/2024, Nghị định số 5/2010/NĐ-CP và Nghị định số 6/2011/NĐ-CP hết hiệu lực.",
     [("repeals", "2024-09-01", "5/2010/NĐ-CP"), ("repeals", "2024-09-01", "6/2011/NĐ-CP")]),
    ("1. Nghị định này có hiệu lực từ ngày 01/7/2024.\n2. Các văn bản sau đây hết hiệu lực kể từ ngày Nghị định này có hiệu lực:\na) Nghị định số 5/2010/NĐ-CP ngày 02/3/2010 của Chính phủ quy định chi tiết Luật Khiếu nại;\nb) Khoản 3 Điều 7 Nghị định số 6/2011/NĐ-CP.",
     [(START, "2024-07-01", ""), ("repeals", "2024-07-01", "5/2010/NĐ-CP"), ("repeals", "2024-07-01", "6/2011/NĐ-CP clause=3 article=7")]),
    ("Bãi bỏ các quyết định sau đây:\n- Quyết định số 12/QĐ-UBND ngày 04/02/2015;\n- Quyết định số 13/QĐ-UBND ngày 05/02/2016.",
     [("repeals", None, "12/QĐ-UBND"), ("repeals", None, "13/QĐ-UBND")]),
    ("Các văn bản sau hết hiệu lực từ ngày 01/9/2024: Nghị định số 5/2010/NĐ-CP; Nghị định số 6/2011/NĐ-CP.",
     [("repeals", "2024-09-01", "5/2010/NĐ-CP"), ("repeals", "2024-09-01", "6/2011/NĐ-CP")]),
    ("Quyết định số 12/QĐ-UBND ngày 04/02/2015 bị bãi bỏ kể từ ngày 01/9/2024.", [("repeals", "2024-09-01", "12/QĐ-UBND")]),
    ("Các quy định trước đây trái với Quyết định này đều bị bãi bỏ.", [("repeals", None, "")]),
    ("Bãi bỏ các quy định trước đây trái với Quyết định này.", [("repeals", None, "")]),
    ("Bãi bỏ Điều 3, Điều 4 và khoản 2 Điều 5 của Nghị định số 6/2011/NĐ-CP.",
     [("repeals", None, "6/2011/NĐ-CP article=3 article=4 clause=2 article=5")]),
    ("Nghị định số 5/2010/NĐ-CP hết hiệu lực từ ngày 01/7/2024; Nghị định số 6/2011/NĐ-CP hết hiệu lực từ ngày 01/9/2024.",
     [("repeals", "2024-07-01", "5/2010/NĐ-CP"), ("repeals", "2024-09-01", "6/2011/NĐ-CP")]),
    ("1. Luật này có hiệu lực từ ngày 01/7/2024, trừ Điều 8 của Luật này có hiệu lực từ ngày 01/01/2026.",
     [(START, "2024-07-01", ""), (START, "2026-01-01", "article=8")]),
    ("1. Luật này có hiệu lực từ ngày 01/7/2024, trừ trường hợp quy định tại khoản 2 Điều này.\n2. Quy định tại khoản 3 Điều 8 và Điều 9 của Luật này có hiệu lực thi hành từ ngày 01/01/2026.",
     [(START, "2024-07-01", ""), (START, "2026-01-01", "clause=3 article=8 article=9")]),
    ("Sửa đổi, bổ sung Điều 3 của Luật Quy hoạch số 21/2017/QH14 như sau:\n“Điều 3. Hiệu lực\n1. Luật này có hiệu lực từ ngày 01/01/2019.\n2. Bãi bỏ Luật Xây dựng số 50/2014/QH13.”",
     [("amends", None, "21/2017/QH14 article=3")]),
    ("Thay thế cụm từ “huyện” bằng cụm từ “xã” tại khoản 2 Điều 3 Nghị định số 6/2011/NĐ-CP.",
     [("amends", None, "6/2011/NĐ-CP clause=2 article=3")]),
    ("Quy chế ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 04/02/2015 được thay thế bằng Quy chế này.",
     [("replaces", None, "12/QĐ-UBND")]),
    ("Quyết định này có hiệu lực kể từ ngày ký và thay thế Quyết định số 12/QĐ-UBND ngày 04/02/2015 của Ủy ban nhân dân tỉnh ban hành Quy chế thực hiện Nghị định số 4/2015/NĐ-CP.",
     [(START, "2024-03-10", ""), ("replaces", "2024-03-10", "12/QĐ-UBND")]),
    ("Quy định này thay thế Quy định số 76-QĐ/TW, ngày 15/6/2000 của Bộ Chính trị, có hiệu lực từ ngày ký và được phổ biến đến chi bộ.",
     [("replaces", "2024-03-10", "76-QĐ/TW"), (START, "2024-03-10", "")]),
    ("Nghị định này thay thế Nghị định số 5/2010/NĐ-CP và Nghị định số 6/2011/NĐ-CP ngày 02/3/2011 sửa đổi, bổ sung một số điều của Nghị định số 5/2010/NĐ-CP.",
     [("replaces", None, "5/2010/NĐ-CP"), ("replaces", None, "6/2011/NĐ-CP")]),
    ("Bãi bỏ một số điều của Nghị định số 6/2011/NĐ-CP như sau:\na) Điều 3;\nb) Khoản 2 Điều 7.",
     [("repeals", None, "6/2011/NĐ-CP article=3"), ("repeals", None, "6/2011/NĐ-CP clause=2 article=7")]),
    ("Luật số 5/2010/QH12 hết hiệu lực từ ngày 01/7/2024, trừ Điều 6 tiếp tục có hiệu lực đến hết ngày 31/12/2025.",
     [("repeals", "2024-07-01", "5/2010/QH12")]),
    ("Quyết định này và Quy chế ban hành kèm theo có hiệu lực kể từ ngày 01/8/2024.", [(START, "2024-08-01", "")]),
    ("Thay thế Phụ lục I ban hành kèm theo Nghị định số 6/2011/NĐ-CP bằng Phụ lục I ban hành kèm theo Nghị định này.",
     [("amends", None, "6/2011/NĐ-CP appendix=I")]),
    ("Khoản 3 Điều 8 của Luật Tố cáo số 25/2018/QH14 được sửa đổi, bổ sung như sau:\n“3. Công khai.”",
     [("amends", None, "25/2018/QH14 clause=3 article=8")]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), SENTENCES)
def test_a_final_article_is_understood(
    words: str, expected: list[tuple[str, str | None, str]]
) -> None:
    assert told(last_article(words)) == expected


NOTHING = [
    "Vụ việc đã thụ lý trước ngày Luật này có hiệu lực thì thực hiện theo Luật Tố cáo số 03/2011/QH13.",
    "Trường hợp các văn bản dẫn chiếu tại Nghị định này được sửa đổi, bổ sung hoặc thay thế thì thực hiện theo văn bản mới.",
    "Trường hợp Nghị định số 5/2010/NĐ-CP hết hiệu lực thì áp dụng văn bản thay thế.",
    "Nghị định số 5/2010/NĐ-CP tiếp tục có hiệu lực cho đến khi bị bãi bỏ.",
    "Nghị định này không có hiệu lực hồi tố.",
    "Văn bản hết hiệu lực là văn bản không còn được áp dụng theo Luật Ban hành văn bản quy phạm pháp luật.",
    "Quyết định giải quyết khiếu nại có hiệu lực sau 30 ngày kể từ ngày ban hành.",
    "Nghị định số 5/2010/NĐ-CP không hết hiệu lực khi Nghị định này được ban hành.",
    "Các văn bản quy định chi tiết Luật Tố cáo số 03/2011/QH13 vẫn được áp dụng trước khi bị thay thế.",
    "Sở Nội vụ tham mưu sửa đổi, bổ sung, thay thế Quyết định số 12/QĐ-UBND.",
    "Hết thời hạn quy định mà không giải quyết thì khiếu nại theo Luật Khiếu nại.",
    "Thông tư số 5/2012/TT-BNV đã được thay thế bằng Thông tư số 6/2015/TT-BNV.",
]


@pytest.mark.parametrize("words", NOTHING)
def test_old_rules_conditions_and_reports_state_nothing(words: str) -> None:
    assert told(last_article(words)) == []


def test_a_plan_has_tasks_and_no_effects_on_others() -> None:
    plan = document(
        "KẾ HOẠCH\nNăm 2024\nI. NHIỆM VỤ\n- Sửa đổi, bổ sung Quyết định số 12/QĐ-UBND ngày 04/02/2015.\n"
        "- Bãi bỏ Quyết định số 13/QĐ-UBND.\nII. TỔ CHỨC\nKế hoạch này thay thế Kế hoạch số 9/KH-UBND ngày 05/01/2024.",
        kind="Kế hoạch",
    )
    assert told(plan) == [("replaces", None, "9/KH-UBND")]


def test_parts_of_an_amending_text_belong_to_the_instrument_of_its_heading() -> None:
    amending = document(
        "Điều 1. Sửa đổi, bổ sung một số điều của Nghị định số 6/2011/NĐ-CP\n"
        "1. Sửa đổi, bổ sung khoản 2 Điều 3 như sau:\n“2. Thời hạn là 10 ngày.”\n"
        "2. Bổ sung khoản 4a vào sau khoản 4 Điều 9 như sau:\n“4a. Công khai.”\n3. Bãi bỏ Điều 12.\n"
        "Điều 2. Hiệu lực thi hành\nNghị định này có hiệu lực từ ngày 01/7/2024."
    )
    number = "6/2011/NĐ-CP"
    assert told(amending) == [
        ("amends", None, f"{number} clause=2 article=3"),
        ("amends", None, f"{number} clause=4a article=9"),
        ("repeals", None, f"{number} article=12"),
        ("in_force_from", "2024-07-01", ""),
    ]


def test_rules_on_one_subject_are_no_whole_instrument() -> None:
    (effect,) = effects(
        last_article("Nghị định này thay thế các quy định về khiếu nại trong Nghị định số 136/2006/NĐ-CP.")
    )  # fmt: skip
    assert (effect.scope, effect.whole) == ("các quy định về khiếu nại", False)


def test_a_subject_with_its_chapter_limits_only_the_first_of_two_instruments() -> None:
    first, second = effects(
        last_article("Quy định về tiếp dân tại Chương V của Nghị định số 5/2010/NĐ-CP và Nghị định số 89/CP hết hiệu lực.")
    )  # fmt: skip
    assert [first.whole, second.whole, target(second)] == [False, True, "89/CP"]


def test_a_news_page_tells_of_the_instrument_that_it_reports() -> None:
    text = "Chỉ thị có hiệu lực kể từ ngày ký và thay thế Chỉ thị số 04/CT-UBND ngày 05/3/2019."
    about = Instrument(kind="Chỉ thị", number="09/CT-UBND", issued_on="2024-08-12")
    page = Document("p", "p.txt", Instrument(kind="Tin", issued_on="2024-08-16"), text, outline(text), about)  # fmt: skip
    assert told(page) == [
        ("in_force_from", "2024-08-12", ""),
        ("replaces", "2024-08-12", "04/CT-UBND"),
    ]


def test_an_exception_is_kept_and_is_no_target() -> None:
    (effect,) = effects(
        last_article("Luật Tố cáo số 03/2011/QH13 hết hiệu lực từ ngày 01/7/2024, trừ trường hợp quy định tại Điều 8.")
    )  # fmt: skip
    assert effect.whole and effect.exception == "trừ trường hợp quy định tại Điều 8"


def test_the_span_is_the_sentence_that_says_it() -> None:
    text = last_article("Nghị định này có hiệu lực từ ngày 01/7/2024. Bộ trưởng chịu trách nhiệm.")
    (effect,) = effects(text)
    assert text.text[effect.start : effect.end] == "Nghị định này có hiệu lực từ ngày 01/7/2024."


def test_a_word_on_validity_in_the_middle_of_a_law_is_not_about_the_law() -> None:
    articles = "\n".join(f"Điều {n}. Nội dung\nCông khai." for n in range(2, 12))
    law = document(
        f"Điều 1. Thẩm quyền\nBãi bỏ Nghị định số 5/2010/NĐ-CP.\n{articles}", kind="Luật"
    )
    assert told(law) == []


def test_a_point_of_two_numbers_replaces_a_text_too() -> None:
    words = (
        "I. NỘI DUNG\n1. Chung\n1.1. Hướng dẫn này thay thế Hướng dẫn số 9/HD-SNV ngày 1/2/2023."
    )
    found = effects(document(words, kind="Hướng dẫn", number="7/HD-SNV"))
    assert [(e.kind, target(e)) for e in found] == [("replaces", "9/HD-SNV")]
