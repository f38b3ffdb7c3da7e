"""An answer's text is put together from spans, and says where it left something out."""

from __future__ import annotations

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from rag.compose import compose_part

LAW = """Điều 1. Biểu quyết
1. Việc thu tiền cần hai phần ba số hộ tán thành.
Việc khác cần quá nửa số hộ tán thành.
2. Kết quả được niêm yết trong 05 ngày.
Điều 2. Hiệu lực
Luật này có hiệu lực từ năm 2030."""


def document() -> Document:
    text = clean(LAW)
    return Document("law", "law.txt", Instrument(kind="Luật", title="Luật A"), text, outline(text))


def test_an_item_that_says_more_than_is_told_ends_in_an_ellipsis() -> None:
    law = document()
    lines = compose_part(law, law.outline[0]).text.split("\n")
    assert lines[1].endswith("hai phần ba số hộ tán thành … [2]")
    assert lines[2] == "- Kết quả được niêm yết trong 05 ngày [3]"


def test_a_part_of_plain_sentences_is_told_whole_each_cited() -> None:
    law = document()
    clause = law.outline[0].children[0]
    draft = compose_part(law, clause)
    assert draft.text.count("[") == len(draft.citations) == 2
    assert "quá nửa số hộ" in draft.text
