"""Tables of plain text: a row reads on its own with its column heads, and nothing else is a row."""

from __future__ import annotations

from corpus.clean import clean
from corpus.model import Part
from corpus.outline import outline
from corpus.sentences import sentences
from corpus.tables import cell_spans, in_row, is_row, row_cells, told

PLAN = """KẾ HOẠCH
Công tác năm 2026
I. CHỈ TIÊU
TT\tChỉ tiêu\tĐơn vị
1\tHộ nghèo giảm\t%
2\tMô hình. Mới\tmô hình
II. PHÂN CÔNG
| STT | Nội dung | Hạn |
|---|:---|---|
| 1 | Báo cáo | 15/11/2026 |
| 2 | Báo cáo | 15/11/2026 |
III. TỔ CHỨC THỰC HIỆN
Các phòng thực hiện kế hoạch này."""


def parts(text: str) -> dict[str, Part]:
    return {part.locator: part for root in outline(text) for part in root.walk()}


def test_tabs_and_pipes_become_rows_with_their_place() -> None:
    text = clean(PLAN)
    found = parts(text)
    row = found["mục I, bảng 1, dòng 2"]
    assert text[row.start : row.end].strip() == "| 2 | Mô hình. Mới | mô hình |"
    assert found["mục I, bảng 1"].heading == "| TT | Chỉ tiêu | Đơn vị |"
    assert "mục II, bảng 1, dòng 2" in found, "two rows may say the same"
    assert "mục III" in found


def test_the_rule_under_a_markdown_head_is_left_out() -> None:
    assert "---" not in clean(PLAN)


def test_a_head_in_two_columns_is_no_table() -> None:
    text = clean("UBND TỈNH A\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1/KH\tĐộc lập - Tự do")
    assert not any(is_row(line) for line in text.split("\n"))


def test_a_line_with_one_pipe_is_no_table() -> None:
    assert not any(is_row(line) for line in clean("Trang chủ | Tin tức\nA | B").split("\n"))


def test_a_row_is_one_sentence() -> None:
    text = clean(PLAN)
    start = text.index("| 2 | Mô hình")
    end = text.index("\n", start)
    assert [text[slice(*s)] for s in sentences(text, start, end)] == [text[start:end]]
    assert in_row(text, start + 5)


def test_cells_stand_where_they_are_said_to() -> None:
    row = "| 1 |  | Báo cáo |"
    assert [row[slice(*span)] for span in cell_spans(row, 0, len(row))] == ["1", "", "Báo cáo"]
    assert row_cells(row) == ("1", "", "Báo cáo")


def test_a_row_is_told_with_the_heads_of_its_columns() -> None:
    assert told("| TT | Nội dung | Hạn |", "| 1 | Báo cáo | |") == "Nội dung: Báo cáo"


def test_the_heading_of_a_group_of_rows_does_not_end_the_table() -> None:
    text = clean(
        "PHỤ LỤC I\nTT\tNội dung\tChủ trì\tHạn\nI\tCẢI CÁCH THỂ CHẾ\n1\tRà soát\tVăn phòng\t30/6\n"
        "II\tTHỦ TỤC\n2\tNiêm yết\tPhòng Một cửa\t"
    )
    rows = [line for line in text.split("\n") if is_row(line)]
    assert len(rows) == 5 and rows[0] == "| TT | Nội dung | Chủ trì | Hạn |"
    assert {"bảng 1, dòng 4, Phụ lục I"} <= set(parts(text))
