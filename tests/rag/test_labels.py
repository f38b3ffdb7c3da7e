"""What stands before a colon speaks for a line whose label says what is asked."""

from __future__ import annotations

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.labels import label_features
from rag.statements import Statement, statements
from rag.understand import understand

NOTICE = """Sở Tư pháp thông báo hội nghị như sau:
1. Thời gian: 8 giờ ngày 12/6/2025.
2. Địa điểm: Hội trường tầng 2, trụ sở Sở.
3. Trang phục: lễ phục.
4. Đại biểu đến trước giờ khai mạc.
| TT | Việc | Đơn vị thực hiện |
| 1 | In tài liệu | Văn phòng Sở |"""


def line(beginning: str) -> Statement:
    text = clean(NOTICE)
    document = Document("n", "n.txt", Instrument(title="Thông báo"), text, outline(text))
    every = [s for p in passages(document) for s in statements(document, p)]
    return next(s for s in every if beginning in s.text)


def features(question: str, beginning: str) -> dict[str, float]:
    return label_features(understand(question), line(beginning))


def test_a_label_of_the_asked_kind_fits_and_another_does_not() -> None:
    place, time = "Hội nghị tổ chức ở đâu?", "Hội nghị tổ chức ngày nào?"
    assert features(place, "Địa điểm")["label_fits"] == 1.0
    assert features(place, "Địa điểm")["place"] == 1.0
    assert features(place, "Thời gian") == {
        "place": 0.0, "label_fits": 0.0, "label_other": 1.0, "label_asked": 0.0,
    }  # fmt: skip
    assert features(time, "Thời gian")["label_fits"] == 1.0
    assert features(time, "Địa điểm")["label_other"] == 1.0


def test_a_label_that_the_question_says_is_asked_for() -> None:
    assert features("Trang phục dự hội nghị?", "Trang phục")["label_asked"] == 1.0
    assert features("Trang phục dự hội nghị?", "Thời gian")["label_asked"] == 0.0


def test_a_sentence_without_a_label_has_no_such_feature() -> None:
    assert features("Ai thông báo hội nghị?", "Sở Tư pháp thông báo") == {}
