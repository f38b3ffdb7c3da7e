"""What a chat model is told fits a small context, in an order that keeps the answer."""

from __future__ import annotations

from rag.compose import Draft
from rag.sources import source, told
from tests.rag.test_generate import grown
from tests.rag.told_texts import PLAN, cited
from tests.rag.writers import Says

LONG = "Các phòng chuyên môn " + "tổng hợp số liệu " * 60


def test_passages_fit_a_limit_in_their_order() -> None:
    texts = told([source(cited(f"{n} {LONG}", n)) for n in range(1, 9)], 2500)
    assert len(texts) == 3
    assert sum(len(f"[{n}] {text}\n") for n, text in enumerate(texts, 1)) <= 2500
    assert texts[-1].endswith(" …") and texts[0].endswith("liệu")
    assert told([source(cited(LONG, 1))], -5) == []


def test_neighbours_in_one_document_are_not_introduced_again() -> None:
    first = cited(PLAN, 1)
    texts = told([source(first), source(first), source(cited(PLAN, 2))], 6000)
    assert texts[0].startswith("(Kế hoạch dân vận năm 2024, Tây Ninh, mục II) Trước ngày")
    assert texts[1].startswith("(mục II) Trước ngày")
    assert texts[2] == texts[0]


def test_a_list_of_forty_short_items_is_told_whole() -> None:
    item = cited("Các phòng chuyên môn tổng hợp, báo cáo số liệu hằng tháng về Văn phòng Sở.", 1)
    assert len(told([source(item)] * 40, 6000)) == 40


def test_what_was_not_told_is_not_cited() -> None:
    """The second passage has no room any more, though the sentence would stand in it."""
    long = cited(PLAN + " tổng hợp số liệu" * 500, 1)
    other = cited("Cán bộ không được nhận quà tặng của người dân.", 2)
    found = Draft("Trước ngày 15/10/2024: báo cáo [1].", (long,))
    raw = "Báo cáo kết quả trước ngày 15/10/2024 [1]. Cán bộ không được nhận quà tặng [2]."
    (draft,) = grown(Says(raw), found, [long, other])
    assert draft.text == "Báo cáo kết quả trước ngày 15/10/2024 [1]."
