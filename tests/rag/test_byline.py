"""Who wrote a page of news is told by the name below it, or not at all."""

from __future__ import annotations

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.byline import author, byline
from rag.compose import Draft
from rag.refuse import Gap
from rag.understand import understand

PAGE = "Hội nghị ở {place}\nNgày 05/3/2025, tỉnh {place} họp bàn việc giữ rừng với 12 xã.\n{last}"


def page(place: str, last: str, kind: str = "Tin") -> Document:
    text = clean(PAGE.format(place=place, last=last))
    meta = Instrument(kind=kind, title=f"Hội nghị ở {place}", place=place)
    return Document(place, f"{place}.txt", meta, text, outline(text))


@pytest.mark.parametrize(
    ("last", "named"),
    [
        ("Hà Lựu", True),
        ("LÊ AN - VPS", True),
        ("Rừng được giữ tốt", False),
        ("Theo Tin Tức.", False),
    ],
)
def test_a_line_of_nothing_but_names_is_a_byline(last: str, named: bool) -> None:
    assert (byline(page("Lào Cai", last)) is not None) == named
    assert byline(page("Lào Cai", last, kind="Kế hoạch")) is None


def test_the_writer_of_the_one_page_that_is_meant_is_told() -> None:
    pages = [page("Lào Cai", "Hà Lựu"), page("Bến Tre", "Rừng được giữ tốt.")]
    told = author(understand("Ai viết bài về hội nghị ở Lào Cai?"), pages)
    assert isinstance(told, Draft) and told.text == "Hà Lựu [1]."
    unsigned = author(understand("Tác giả bài báo ở Bến Tre là ai?"), pages)
    assert isinstance(unsigned, Gap) and "không ghi tên người viết" in (unsigned.lacking or "")
    elsewhere = author(understand("Ai viết bài ở Cà Mau?"), pages)
    assert isinstance(elsewhere, Gap) and elsewhere.lacking is None
    assert author(understand("Ai viết bài ở Cà Mau?"), []) is None
    open_choice = author(understand("Bài này do ai viết?"), pages)
    assert isinstance(open_choice, Gap) and "2 bản tin" in (open_choice.lacking or "")


@pytest.mark.parametrize(
    "question",
    [
        "Ai viết báo cáo dân vận?",
        "Ai chủ trì hội nghị?",
        "Tác giả sáng kiến được thưởng gì?",
        "Cung cấp thông tin là trách nhiệm của ai?",
        "Thông tin của xã do ai đăng tải?",
    ],
)
def test_who_does_another_thing_is_no_writer(question: str) -> None:
    assert author(understand(question), [page("Lào Cai", "Hà Lựu")]) is None
