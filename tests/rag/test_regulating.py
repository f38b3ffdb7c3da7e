"""Which law or decree regulates something is told by its number and its article."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.compose import Draft
from rag.regulating import asks_which_text
from rag.understand import understand
from tests.rag.words_only import told_by

FERRIES = """NGHỊ ĐỊNH
Số: 15/2021/NĐ-CP
Quản lý bến khách ngang sông
Điều 1. Phạm vi điều chỉnh
Nghị định này quy định việc quản lý bến khách ngang sông.
Điều 2. Thời hạn cấp phép bến
Thời hạn cấp phép mở bến khách ngang sông là 10 ngày."""
PLAN = """KẾ HOẠCH
Số: 9/KH-UBND
Kiểm tra bến khách năm 2024
I. NHIỆM VỤ
1. Các xã kiểm tra thời hạn cấp phép mở bến khách ngang sông theo Nghị định 15/2021/NĐ-CP."""


def document(id: str, text: str, **meta: str) -> Document:
    text = clean(text)
    return Document(id, f"{id}.txt", Instrument(**meta), text, outline(text))


LIBRARY = [
    document("decree", FERRIES, kind="Nghị định", number="15/2021/NĐ-CP", title="Quản lý bến khách ngang sông"),
    document("plan", PLAN, kind="Kế hoạch", number="9/KH-UBND", title="Kiểm tra bến khách năm 2024"),
]  # fmt: skip


def told(question: str) -> str:
    found = told_by(LIBRARY, question, on=date(2024, 5, 1))
    assert isinstance(found, Draft)
    return found.text


def test_the_text_is_told_with_the_article_that_regulates() -> None:
    said = told("Thời hạn cấp phép mở bến khách ngang sông được quy định ở nghị định nào?")
    assert said == "Nghị định số 15/2021/NĐ-CP [1]: Điều 2. Thời hạn cấp phép bến [2]."


def test_a_text_whose_title_says_it_all_is_told_by_its_title() -> None:
    said = told("Văn bản nào quy định về quản lý bến khách ngang sông?")
    assert said == "Nghị định số 15/2021/NĐ-CP [1]: Quản lý bến khách ngang sông [2]."


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Mở bến khách thì làm theo luật nào?", True),
        ("mo ben khach theo nghi dinh so may", True),
        ("Luật nào quy định về bến khách?", True),
        ("Kế hoạch 9 được xây dựng theo chương trình nào?", False),
        ("Nghị định 15/2021/NĐ-CP quy định ở điều nào?", False),
        ("Văn bản nào giao các xã kiểm tra bến khách?", False),
    ],
)
def test_only_a_question_for_the_regulating_text_is_one(question: str, asks: bool) -> None:
    assert (asks_which_text(understand(question)) is not None) == asks
