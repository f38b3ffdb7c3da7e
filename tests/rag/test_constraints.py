"""A year behind a law's name is that law's."""

from __future__ import annotations

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.constraints import satisfies
from rag.statements import statements
from rag.understand import understand


@pytest.mark.parametrize(
    ("number", "question", "fits"),
    [
        ("91/2015/QH13", "Theo Bộ luật Dân sự 2015, tài sản là gì?", True),
        ("91/2015/QH13", "Theo Bộ luật Dân sự năm 2005, tài sản là gì?", False),
        ("01/VBHN-VPQH", "Theo Bộ luật Dân sự năm 2015, tài sản là gì?", True),
        ("91/2015/QH13", "Kế hoạch năm 2015 nói tài sản là gì?", False),
    ],
)
def test_the_year_of_a_law_is_that_of_its_number(number: str, question: str, fits: bool) -> None:
    text = clean("Điều 1. Tài sản\nTài sản là vật, tiền và quyền tài sản.")
    known = Instrument(kind="Bộ luật", number=number, title="Bộ luật Dân sự")
    document = Document("d", "d.txt", known, text, outline(text))
    sentence = statements(document, passages(document)[0])[-1]
    assert satisfies(understand(question), sentence) is fits
