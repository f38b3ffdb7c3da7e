"""Whether a sentence of a chat model holds. Each test's name is the promise."""

from __future__ import annotations

import asyncio

import pytest

from rag.sources import source
from rag.verify import Verifier
from rag.written import Sentence, read
from tests.rag.told_texts import GOOD, LAW, PLAN, TEXTS, cited


def kept(raw: str, *texts: str) -> list[str]:
    """The words of the sentences of a model's output that hold."""
    return [sentence.words for sentence in held(raw, *texts)]


def held(raw: str, *texts: str) -> list[Sentence]:
    """Those sentences, the first source being the default answer's own."""
    chosen = texts or TEXTS
    sources = [source(cited(text, number)) for number, text in enumerate(chosen, start=1)]
    return asyncio.run(_held(read(raw), Verifier(sources, 1)))


async def _held(found: list[Sentence], verifier: Verifier) -> list[Sentence]:
    tried = [await verifier.held(sentence) for sentence in found]
    return [sentence for sentence in tried if sentence]


@pytest.mark.parametrize(
    "marker", ["[9]", "[0]", "[5]", "[1][9]", "[1, 9]", "[1-9]", "[2]", "[2][3]", ""]
)
def test_a_true_sentence_with_a_wrong_marker_or_none_gets_the_one_of_its_source(
    marker: str,
) -> None:
    (found,) = held(GOOD.replace("[1]", marker))
    assert [claim.markers for claim in found.claims] == [(1,)]


def test_a_question_is_no_answer() -> None:
    assert (
        kept("Các đơn vị báo cáo kết quả về Sở Nông nghiệp và PTNT trước ngày 15/10/2024 [1]?")
        == []
    )


@pytest.mark.parametrize("marker", ["(1)", "［1］", "[n]", "[một]"])
def test_what_is_no_marker_costs_the_sentence(marker: str) -> None:
    assert kept(GOOD.replace("[1]", marker)) == []


def test_a_sentence_that_was_cut_off_gets_no_marker() -> None:
    assert kept(GOOD.replace(" [1].", "")) == []
    assert kept("Cán bộ tiếp công dân không được nhận quà tặng") == []


def test_where_several_sources_carry_a_sentence_the_default_answers_own_is_marked() -> None:
    plain = GOOD.replace(" [1]", "")
    assert [claim.markers for s in held(plain, PLAN, LAW, PLAN) for claim in s.claims] == [(1,)]
    assert held(plain, LAW, PLAN, PLAN) == []


def test_a_sentence_without_a_marker_is_dropped_and_the_others_stay() -> None:
    raw = f"Theo tôi thì việc này rất quan trọng. {GOOD} Chúc anh chị công tác tốt!"
    assert kept(raw) == [GOOD.removesuffix(" [1].")]


def test_each_part_of_a_sentence_is_held_against_its_own_marker() -> None:
    good = "Các đơn vị báo cáo trước ngày 15/10/2024 [1], cán bộ không được nhận quà tặng [3]."
    assert len(kept(good)) == 1
    assert kept(good.replace("[1]", "[0]").replace("[3]", "[1]").replace("[0]", "[3]")) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Báo cáo kết quả trước ngày 15 tháng 10 năm 2024 [1].",
        "Báo cáo kết quả trước 15-10-2024 [1].",
        "Báo cáo kết quả trước ngày 15.10.2024 [1].",
        "Báo cáo kết quả chậm nhất ngày 15/10/2024 [1].",
        "Báo cáo kết quả trong tháng 10/2024 [1].",
        "Kế hoạch số 167/KH-SNNPTNT ngày 18/1/2024 [1].",
        "Kế hoạch 167 / KH-SNNPTNT ngày 18 tháng 01 năm 2024 [1].",
        "Kế hoạch số 167 của Sở Nông nghiệp [1].",
        "Trả lời người khiếu nại trong 10 ngày làm việc [2].",
        "Trả lời người khiếu nại trong mười ngày làm việc [2].",
        "Hỗ trợ 20 triệu đồng cho 20 hộ [2].",
        "Hỗ trợ hai mươi triệu đồng cho hai mươi hộ [2].",
        "Phấn đấu 50 phần trăm đơn vị [2].",
        "Theo khoản 2, Điều 15 thì trả lời bằng văn bản [2].",
        "Chủ tịch Ủy ban nhân dân tỉnh trả lời người khiếu nại [2].",
        "Trần Thế Dũng ký ban hành chỉ thị [4].",
        "Tại mục II, cán bộ không được nhận quà tặng [3].",
    ],
)
def test_another_spelling_of_the_same_fact_holds(sentence: str) -> None:
    assert len(kept(sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "Báo cáo kết quả trước ngày 16/10/2024 [1].",
        "Báo cáo kết quả trước ngày 10/15/2024 [1].",
        "Báo cáo kết quả trước ngày 15/10/2025 [1].",
        "Báo cáo kết quả trước ngày 15 tháng 11 năm 2024 [1].",
        "Báo cáo kết quả trong tháng 9/2024 [1].",
        "Báo cáo kết quả trước 8 giờ ngày 15/10/2024 [1].",
        "Báo cáo kết quả sau ngày 15/10/2024 [1].",
        "Báo cáo kết quả trong quý III [1].",
        "Kế hoạch số 168/KH-SNNPTNT [1].",
        "Kế hoạch số 167/KH-UBND [1].",
        "Có 167 đơn vị báo cáo kết quả [1].",
        "Có 15 đơn vị báo cáo kết quả [1].",
        "Trả lời người khiếu nại trong 10 ngày [2].",
        "Trả lời người khiếu nại trong 10 tháng [2].",
        "Trả lời người khiếu nại trong mười lăm ngày làm việc [2].",
        "Hỗ trợ 20 tỷ đồng cho hai mươi hộ [2].",
        "Hỗ trợ 2.000.000 đồng cho hai mươi hộ [2].",
        "Hỗ trợ 20.000.000 đồng cho ba mươi hộ [2].",
        "Phấn đấu 50 đơn vị [2].",
        "Phấn đấu ít nhất 50% đơn vị [2].",
        "Theo khoản 3 Điều 15 thì trả lời bằng văn bản [2].",
        "Theo khoản 15 Điều 2 thì trả lời bằng văn bản [2].",
        "Theo điểm a khoản 2 Điều 15 thì trả lời bằng văn bản [2].",
        "Báo cáo kết quả về Sở, điện thoại 0257 384 1234 [1].",
        "Báo cáo kết quả về Sở qua hop.thu@tayninh.gov.vn [1].",
        "Báo cáo kết quả tại https://tayninh.gov.vn [1].",
    ],
)
def test_a_fact_that_is_not_in_the_cited_text_is_never_shown(sentence: str) -> None:
    assert kept(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Các đơn vị báo cáo kết quả về Sở Nội vụ trước ngày 15/10/2024 [1].",
        "Nguyễn Thế Dũng ký ban hành chỉ thị [4].",
        "Giám đốc Trần Thế Dũng ký ban hành chỉ thị [4].",
        "Các đơn vị tại Hà Tĩnh báo cáo kết quả về Sở [1].",
        "Chủ tịch UBND tỉnh Cà Mau trả lời người khiếu nại bằng văn bản [2].",
    ],
)
def test_a_name_that_is_not_in_the_cited_text_is_never_shown(sentence: str) -> None:
    assert kept(sentence) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Cán bộ tiếp công dân được nhận quà tặng của người dân [3].",
        "Cán bộ tiếp công dân nhận quà tặng của người dân [3].",
        "Cán bộ tiếp công dân không phải mặc trang phục lịch sự [3].",
        "Các đơn vị không báo cáo kết quả về Sở [1].",
        "Các đơn vị chưa phải báo cáo kết quả về Sở trước ngày 15/10/2024 [1].",
        "Tỉnh ủy ban hành chỉ thị; công bố bí mật [4].",
    ],
)
def test_yes_and_no_are_never_exchanged(sentence: str) -> None:
    assert kept(sentence) == []


def test_what_the_source_forbids_may_be_said_as_forbidden() -> None:
    assert len(kept("Cán bộ tiếp công dân không được nhận quà tặng [3].")) == 1


def test_words_from_elsewhere_cost_the_sentence() -> None:
    assert kept("Các đơn vị báo cáo kết quả về Sở và bị xử phạt hành chính nếu chậm trễ [1].") == []
    assert kept("Thời tiết hôm nay đẹp [1].") == []


@pytest.mark.parametrize(
    "raw",
    [
        "Bạn trả lời câu hỏi của cán bộ bằng tiếng Việt, chỉ dựa vào các đoạn trích đánh số [1].",
        "Tôi là trợ lý AI, mô hình ngôn ngữ [1].",
        "Quy tắc: mỗi câu ngắn, một ý, và kết thúc bằng số của đoạn đã dùng [1].",
        "Các đoạn trích:\n[1] Câu hỏi: báo cáo ngày nào?",
    ],
)
def test_the_prompt_never_leaks(raw: str) -> None:
    assert kept(raw) == []


def test_hidden_digits_are_digits() -> None:
    assert kept("Báo cáo kết quả trước ngày 16/1\u200b0/2024 [1].") == []
    assert kept("Báo cáo kết quả trước ngày １６/１０/２０２４ [1].") == []
    assert kept("Báo cáo kết quả trước ngày ١٦/١٠/٢٠٢٤ [1].") == []
