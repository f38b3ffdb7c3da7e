"""A turn that can be read in several ways is read the way the documents answer best."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.answer import Extractive
from rag.follow_ups import Whole, whole
from rag.indexing import Snapshot, snapshot
from rag.judge import Judge
from rag.model import Topic
from rag.readings import _beside
from rag.statements import scope
from rag.turn import TurnReader
from rag.understand import understand
from tests.rag.words_only import words_only_retriever

LAW = """LUẬT
THƯ VIỆN
Điều 1. Tiêu chuẩn của thủ thư
Thủ thư phải có bằng trung cấp trở lên.
Điều 2. Quyền của thủ thư
Thủ thư có quyền từ chối cho mượn sách quý hiếm.
Điều 3. Thời hạn mượn sách
Bạn đọc được mượn sách trong thời hạn 15 ngày.
Thủ thư chưa có đủ sách thì ghi vào sổ chờ."""
OTHER = """LUẬT
BẢO TÀNG
Điều 1. Giá vé
Giá vé tham quan bảo tàng là 20.000 đồng."""


def document(id: str, text: str, title: str) -> Document:
    text = clean(text)
    return Document(id, f"{id}.txt", Instrument(kind="Luật", title=title), text, outline(text))


LIBRARY = [document("law", LAW, "Luật Thư viện"), document("other", OTHER, "Luật Bảo tàng")]
TOPIC = Topic("Thủ thư phải có tiêu chuẩn gì?", ("law",), (("article", "1"),))


@pytest.fixture(scope="module")
def state() -> Snapshot:
    return snapshot(LIBRARY, k1=1.0, b=0.45)


def read(turn: str, state: Snapshot) -> Whole:
    judge = Judge([scope(p.searchable(state.document(p))) for p in state.passages])
    answerer = Extractive(words_only_retriever())
    return TurnReader(answerer, state, judge, date(2026, 11, 30)).meant(turn, TOPIC)


def test_they_are_who_was_spoken_of(state: Snapshot) -> None:
    found = read("họ có quyền gì?", state)
    assert found.text.startswith("Thủ thư")
    assert "họ" not in found.text
    assert found.document_ids == ("law",)


def test_a_turn_that_another_text_answers_is_of_that_text(state: Snapshot) -> None:
    found = read("giá vé tham quan bảo tàng bao nhiêu?", state)
    assert found.document_ids is None


def test_what_no_text_speaks_of_stays_as_it_was_typed(state: Snapshot) -> None:
    strange = "bóng đá tối qua thế nào?"
    assert whole(strange, TOPIC, state) == Whole(strange, thanks=True)


def test_syllables_that_stand_apart_in_the_text_are_found(state: Snapshot) -> None:
    found = read("chưa đủ thì sao?", state)
    assert found.text != "chưa đủ?"


def test_a_law_that_is_named_is_asked_about_its_own_matter(state: Snapshot) -> None:
    topic = Topic("Giờ mở cửa thư viện là mấy giờ?", ("law",), (("article", "3"),))
    found = whole("quay lại Luật Bảo tàng thì sao?", topic, state)
    assert found.text == "Luật Bảo tàng: Giờ mở cửa bảo tàng là mấy giờ?"
    assert found.document_ids == ("other",)


def test_of_what_no_text_speaks_the_old_subject_tells_nothing(state: Snapshot) -> None:
    assert read("còn kinh phí thì sao?", state).text == "kinh phí?"


def test_what_the_subject_means_already_is_nothing_new() -> None:
    subject = understand("gửi báo cáo kết quả")
    assert [t.text for t in _beside(understand("bao gio nop"), subject)] == []
    assert [t.text for t in _beside(understand("bao giờ nộp kinh phí"), subject)] == ["kinh phí"]
