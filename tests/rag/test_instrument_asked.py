"""The number or date of an instrument is told of that instrument, or said to be missing."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.answer import Extractive
from rag.compose import Draft
from rag.indexing import snapshot
from rag.judge import Judge
from rag.model import Topic
from rag.refuse import Gap
from rag.statements import scope
from rag.turn import TurnReader
from tests.rag.words_only import told_by, words_only_retriever

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


def test_a_follow_up_learns_that_the_text_spoken_of_does_not_say_it(page: Document) -> None:
    state = snapshot([page], k1=1.0, b=0.45)
    judge = Judge([scope(p.searchable(page)) for p in state.passages])
    reader = TurnReader(Extractive(words_only_retriever()), state, judge, date(2026, 1, 1))
    meant = reader.meant("số mấy vậy?", Topic("Chỉ thị về nuôi ong yêu cầu gì?", (page.id,)))
    found = reader.answer(meant)
    assert isinstance(found, Gap)
    assert found.lacking is not None and "không nêu số, ký hiệu" in found.lacking


LETTER = """ỦY BAN NHÂN DÂN TỈNH HÀ TĨNH
Số: 8/UBND-NN
CÔNG VĂN
Về nuôi ong
Các huyện lập sổ theo dõi đàn ong.
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Văn Ong"""


def test_who_signed_a_letter_did_not_sign_the_directive() -> None:
    text = clean(LETTER)
    letter = Document(
        "l", "l.txt", Instrument(title="Công văn về nuôi ong", kind="Công văn"), text, outline(text)
    )
    told = told_by([letter], "Ai ký chỉ thị về nuôi ong?", on=date(2026, 1, 2))
    assert not (isinstance(told, Draft) and "Trần Văn Ong" in told.text)
    told = told_by([letter], "Ai ký công văn về nuôi ong?", on=date(2026, 1, 2))
    assert isinstance(told, Draft) and "Trần Văn Ong" in told.text


def test_an_office_of_a_place_is_nobody_who_signs() -> None:
    text = clean(
        "Chỉ thị này có hiệu lực từ ngày ký, thay thế Chỉ thị của Chủ tịch UBND tỉnh Hà Nam."
    )
    directive = Document(
        "d", "d.txt", Instrument(title="Chỉ thị về nuôi ong", kind="Chỉ thị"), text, outline(text)
    )
    assert not isinstance(told_by([directive], "Ai ký chỉ thị này?", on=date(2026, 1, 2)), Draft)


def test_of_one_text_of_a_kind_and_place_it_is_said_that_it_names_no_signer() -> None:
    text = clean("KẾ HOẠCH\nNuôi ong năm 2031\nCác xã lập sổ.\nKT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC")
    own = Instrument(title="Kế hoạch nuôi ong năm 2031", kind="Kế hoạch", place="Hà Tĩnh")
    plan = Document("p", "p.txt", own, text, outline(text))
    other = Instrument(title="Kế hoạch nuôi cá năm 2031", kind="Kế hoạch", place="Lai Châu")
    library = [plan, Document("o", "o.txt", other, text, outline(text))]
    told = told_by(library, "Ai ký kế hoạch nuôi ong của Hà Tĩnh?", on=date(2031, 1, 2))
    assert isinstance(told, Gap) and told.lacking is not None
    assert "không ghi tên người ký" in told.lacking


BASES = """KẾ HOẠCH
Nuôi ong năm 2031

1. Phổ biến Quyết định số 23-QĐ/TW, ngày 30/7/2030 của Ban Chấp hành Trung ương về việc ban hành Quy chế nuôi ong; Quyết định số 16-QĐ/TU, ngày 29/9/2030 của Ban Thường vụ Tỉnh ủy về việc ban hành Quy chế nuôi ong trên địa bàn tỉnh.
"""


def test_the_regulation_of_the_province_comes_before_that_of_the_country() -> None:
    text = clean(BASES)
    meta = Instrument(title="Kế hoạch nuôi ong năm 2031", kind="Kế hoạch", place="Hà Tĩnh")
    plan = Document("plan", "plan.txt", meta, text, outline(text))
    question = "Quy chế nuôi ong của tỉnh Hà Tĩnh ban hành kèm quyết định nào?"
    found = told_by([plan], question, on=date(2031, 1, 1))
    assert isinstance(found, Draft) and found.text.startswith("16-QĐ/TU")
