"""Instruments that a text names, in their parts."""

from __future__ import annotations

import time

import pytest

from corpus.head import read_head
from corpus.references import canonical_number, kind_of, mentions, number_parts

SENTENCE = (
    "Thực hiện Chỉ thị số 9/CT-TTg, ngày 05/3/2020 của Thủ tướng Chính phủ về nâng cao đạo đức công vụ;"
    " Quyết định số 12-QĐ/TU ngày 1/2/2021 của Ban Thường vụ Tỉnh ủy ban hành Quy chế tiếp dân."
)


def test_a_mention_has_number_date_issuer_and_subject() -> None:
    first, second = mentions(SENTENCE)
    assert (first.kind, first.number, first.date) == ("Chỉ thị", "9/CT-TTg", "2020-03-05")
    assert first.issuer_span and SENTENCE[slice(*first.issuer_span)] == "Thủ tướng Chính phủ"
    assert first.subject_span
    assert SENTENCE[slice(*first.subject_span)] == "về nâng cao đạo đức công vụ"
    assert (second.number, second.date) == ("12-QĐ/TU", "2021-02-01")


def test_a_date_told_before_the_instrument_is_its_own() -> None:
    text = "Ngày 11/01/2021, UBND tỉnh ban hành Kế hoạch số 05/KH-UBND về công tác dân vận."
    (mention,) = mentions(text)
    assert (mention.date, text[mention.start : mention.start + 4]) == ("2021-01-11", "Ngày")


def test_what_is_not_given_is_none() -> None:
    (mention,) = mentions("theo Nghị định số 7/2024/NĐ-CP.")
    assert (mention.date, mention.issuer_span, mention.subject_span) == (None, None, None)


@pytest.mark.parametrize(
    "number", ["59/2023/NĐ-CP", "59 / 2023 / NĐ-CP", "59-2023-nd-cp", "059/2023/NĐ-CP"]
)
def test_a_number_is_equal_whatever_its_punctuation(number: str) -> None:
    assert number_parts(canonical_number(number)) == ("59", "2023", ("nd", "cp"))


def test_the_code_in_a_number_tells_the_kind() -> None:
    assert kind_of("392-CV/TU") == "Công văn"
    assert kind_of("1/XX-YY") is None


@pytest.mark.parametrize("text", ["số 1/" * 20_000, "Luật " * 20_000, "ngày 1/" * 20_000])
def test_hostile_texts_take_no_time(text: str) -> None:
    begun = time.perf_counter()
    mentions(text)
    assert time.perf_counter() - begun < 5


def test_the_head_of_an_official_text_is_read_and_nothing_is_guessed() -> None:
    own, about = read_head(
        "UBND TỈNH X\nSỞ TÀI CHÍNH\nSố:      /KH-STC\nTây Đô, ngày    tháng 4 năm 2025\nKẾ HOẠCH\nTiết kiệm năm 2025\n"
        "Căn cứ Luật Thực hành tiết kiệm;"
    )
    assert about is None
    assert (own.kind, own.number, own.issued_on) == ("Kế hoạch", None, None)
    assert (own.issuer, own.issued_on_text) == ("SỞ TÀI CHÍNH", "tháng 4 năm 2025")
    assert own.title == "Kế hoạch tiết kiệm năm 2025"


def test_a_text_in_articles_without_its_head_is_no_news_page() -> None:
    own, about = read_head(
        "QUỐC HỘI\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐiều 1. Phạm vi\nLuật này quy định."
    )
    assert (own.kind, own.title, about) == (None, None, None)


def test_a_regulation_has_the_number_of_the_decision_that_promulgates_it() -> None:
    own, _ = read_head(
        "UBND TỈNH X\nSỞ XÂY DỰNG\nQUY CHẾ\nThực hiện dân chủ trong cơ quan Sở\n"
        "(Ban hành kèm theo Quyết định số 12/QĐ-SXD ngày 06 tháng 3 năm 2026 của Giám đốc Sở)\n"
        "Điều 1. Phạm vi"
    )
    assert (own.kind, own.number, own.issued_on) == ("Quy chế", "12/QĐ-SXD", "2026-03-06")


def test_the_two_halves_of_a_head_may_stand_on_one_line() -> None:
    own, _ = read_head(
        "ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ A        Độc lập - Tự do - Hạnh phúc\n"
        "Số: 34/BC-UBND               Tây Đô, ngày 18 tháng 6 năm 2026\nBÁO CÁO\nKết quả 6 tháng đầu năm\n"
    )
    assert (own.number, own.issued_on) == ("34/BC-UBND", "2026-06-18")


def test_the_province_below_a_commune_does_not_issue_its_texts() -> None:
    head = (
        "ỦY BAN NHÂN DÂN\nXÃ SÔNG ĐÀO\nTỈNH HÀ NAM\nSố: 5/KH-UBND\n\nKẾ HOẠCH\nNuôi ong năm 2031\n"
    )
    own, _ = read_head(head)
    assert own.issuer == "ỦY BAN NHÂN DÂN XÃ SÔNG ĐÀO"
