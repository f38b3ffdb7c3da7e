"""The number or date of an instrument is told of that instrument, or said to be missing."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.compose import Draft
from rag.refuse import Gap
from tests.rag.words_only import told_by

PAGE = """Tỉnh ủy Hà Tĩnh ra chỉ thị về nuôi ong
Chỉ thị yêu cầu các huyện lập sổ theo dõi đàn ong, báo cáo mỗi quý.
Các cấp ủy tiếp tục thực hiện Chỉ thị số 12-CT/TW ngày 05/6/2015 của Ban Bí thư về bảo vệ rừng đầu nguồn."""


@pytest.fixture
def page() -> Document:
    text = clean(PAGE)
    about = Instrument(title="Chỉ thị về nuôi ong", kind="Chỉ thị", place="Hà Tĩnh")
    meta = Instrument(title="Tỉnh ủy Hà Tĩnh ra chỉ thị về nuôi ong", kind="Tin")
    return Document("page", "page.txt", meta, text, outline(text), about=about)


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("Chỉ thị của Hà Tĩnh về nuôi ong mang số mấy?", "không nêu số, ký hiệu"),
        ("Chỉ thị của Hà Tĩnh về nuôi ong ban hành ngày nào?", "không nêu ngày ban hành"),
    ],
)
def test_another_instruments_number_and_date_are_no_answer(
    page: Document, question: str, lacking: str
) -> None:
    found = told_by([page], question, on=date(2026, 1, 1))
    assert isinstance(found, Gap)
    assert found.lacking is not None and found.lacking.endswith(f"{lacking}.")


def test_the_one_that_the_words_describe_is_told(page: Document) -> None:
    found = told_by([page], "Chỉ thị về bảo vệ rừng đầu nguồn số mấy?", on=date(2026, 1, 1))
    assert isinstance(found, Draft) and "12-CT/TW" in found.text
