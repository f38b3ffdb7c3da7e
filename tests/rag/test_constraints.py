"""What a question insists on: a year, a place in a text, the places that it asks for."""

from __future__ import annotations

import pytest

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.constraints import find_part, satisfies
from rag.must_name import names_what_is_asked
from rag.statements import statements
from rag.understand import understand


def read(raw: str, **meta: str) -> Document:
    text = clean(raw)
    return Document("d", "d.txt", Instrument(**meta), text, outline(text))


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
    raw = "Điều 1. Tài sản\nTài sản là vật, tiền và quyền tài sản."
    law = read(raw, kind="Bộ luật", number=number, title="Bộ luật Dân sự")
    sentence = statements(law, passages(law)[0])[-1]
    assert satisfies(understand(question), sentence) is fits


@pytest.mark.parametrize(
    ("beginning", "fits"),
    [("Năm 2025 đã có", False), ("Năm 2026 phấn đấu", True), ("Giảm 10% so với", True)],
)
def test_a_sentence_about_the_year_before_tells_nothing_of_this_one(
    beginning: str, fits: bool
) -> None:
    raw = (
        "1. Năm 2025 đã có 62% số hộ đăng ký.\n2. Năm 2026 phấn đấu 85% số hộ.\n"
        "3. Giảm 10% so với năm 2025."
    )
    document = read(raw, kind="Kế hoạch", number="5/KH-UBND", title="Kế hoạch năm 2026")
    every = [s for p in passages(document) for s in statements(document, p)]
    sentence = next(s for s in every if beginning in s.text and s.mention is None)
    assert satisfies(understand("Năm 2026 bao nhiêu phần trăm số hộ?"), sentence) is fits


def test_a_place_below_a_section_is_found() -> None:
    document = read(
        "I. CHỈ TIÊU\n- Mở lớp bơi;\n- Trồng cây.\nII. KINH PHÍ\nDo xã cấp.", kind="Kế hoạch"
    )
    for part in document.parts():
        asked = understand(f"{part.locator} nói gì?")
        assert part.level == "paragraph" or find_part(asked.part, document) is part
    assert find_part(understand("mục I, gạch đầu dòng 3").part, document) is None


@pytest.mark.parametrize(
    ("question", "sentence", "fits"),
    [
        ("Kho nằm ở số nhà nào, đường nào?", "Kho đặt tại thành phố Hồ Chí Minh.", False),
        ("Kho nằm ở số nhà nào, đường nào?", "Kho đặt tại số 12 đường Lê Lợi.", True),
        ("Nhà thủ kho ở đường nào?", "Thủ kho phụ trách kho số 2.", False),
        ("Nhà thủ kho ở đường nào?", "Thủ kho ở số 12 Lê Lợi.", True),
        ("Kho nằm ở số nhà nào?", "Kho đặt theo Chỉ thị số 12/CT-UBND.", False),
        ("Cho danh sách 23 xã có kho", "Kho đặt tại 23 xã.", False),
        ("Xã nào đứng đầu bảng xếp hạng kho?", "Công bố bảng xếp hạng kho của các xã.", False),
        ("Xã nào đứng đầu bảng xếp hạng kho?", "Xã Tân Lập đứng đầu bảng xếp hạng kho.", True),
        ("Kho loại II rộng bao nhiêu?", "Kho loại I rộng 300 m2.", False),
        ("Kho loại II rộng bao nhiêu?", "Kho loại 2 rộng 200 m2.", True),
        ("Kho nằm ở đâu?", "Kho đặt tại thành phố Hồ Chí Minh.", True),
        ("Kho đặt ở những thành phố nào?", "Kho gồm kho của tỉnh, thành phố.", False),
        ("Kho đặt ở những thành phố nào?", "Kho đặt tại Hà Nội và Đà Nẵng.", True),
    ],
)
def test_only_what_names_the_place_tells_where(question: str, sentence: str, fits: bool) -> None:
    law = read(f"Điều 1. Kho\n{sentence}", kind="Luật", title="Luật Kho")
    told = statements(law, passages(law)[0])[-1]
    assert names_what_is_asked(understand(question), told) is fits


@pytest.mark.parametrize(
    ("question", "fits"),
    [("6 tháng cuối năm tiếp bao nhiêu lượt", False), ("nửa đầu năm tiếp bao nhiêu lượt", True),
     ("tiếp bao nhiêu lượt", True)],
)  # fmt: skip
def test_a_report_on_half_a_year_tells_nothing_of_the_other(question: str, fits: bool) -> None:
    document = read(
        "1. Ban tiếp công dân đã tiếp 20 lượt người ở xã.\n"
        "2. 6 tháng cuối năm, Ban tiếp công dân tiếp ít nhất 30 lượt người ở xã.",
        kind="Báo cáo", title="Báo cáo 6 tháng đầu năm 2031, phương hướng 6 tháng cuối năm",
    )  # fmt: skip
    every = [s for p in passages(document) for s in statements(document, p)]
    first, second = (next(s for s in every if n in s.text) for n in ("20 lượt", "30 lượt"))
    assert satisfies(understand(question), first) is fits
    assert satisfies(understand("6 tháng cuối năm tiếp bao nhiêu lượt"), second)


def test_a_special_zone_that_a_question_names_must_be_said() -> None:
    assert understand("đặc khu Cồn Vành có mấy chuyến tàu").names == ("con vanh",)
