"""Tables of plain text: rows typed with tabs or with Markdown's pipes become lines `| a | b | c |`.

A line is a row only beside others of three cells or more, so that a head set in two columns is none. What a cell says is kept; the rule under a Markdown head is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

_RULE_CELL = re.compile(r"^:?-{2,}:?$|^$")
_COUNTS_ROWS = re.compile(r"^(?:S?TT|Số TT|Số thứ tự|#)$", re.I)
_MIN_CELLS = 3  # two columns with a tab between them are the head of an official text


def with_rows(lines: Sequence[str]) -> list[str]:
    """The lines (tabs still in them) with the rows of tables in one form; others as they are."""
    cells = [_cells(line) for line in lines]
    told: list[str] = []
    for row_like, run in groupby(range(len(lines)), key=lambda n: len(cells[n]) >= 2):
        numbers = list(run)
        wide = [n for n in numbers if len(cells[n]) >= _MIN_CELLS]
        for n in numbers:
            is_table = row_like and len(wide) >= 2 and n >= wide[0]
            if not is_table:
                told.append(lines[n])
            elif not all(_RULE_CELL.match(cell) for cell in cells[n]):
                told.append(f"| {' | '.join(cells[n])} |")
    return told


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a line that could be a row, each on one line without outer spaces; a line with one
    tab could be the heading of a group of rows."""
    stripped = line.strip(" ")
    if stripped.startswith("|") and stripped.endswith("|") and stripped.count("|") >= 3:
        return _trimmed(stripped[1:-1].split("|"))
    if "\t" in stripped.strip():
        return _trimmed(stripped.split("\t"))
    if stripped.count(" | ") >= _MIN_CELLS - 1:
        return _trimmed(stripped.split(" | "))
    return ()


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split()) for cell in cells)


def is_row(line: str) -> bool:
    """Whether a line of a cleaned text is a row of a table."""
    return line.startswith("| ") and line.endswith(" |")


def row_cells(row: str) -> tuple[str, ...]:
    """The cells of a row in the form of a cleaned text; an empty one is ''."""
    return _trimmed(row.strip()[1:-1].split("|"))


def in_row(text: str, position: int) -> bool:
    """Whether a position of a cleaned text is inside a table's row."""
    return text.startswith("| ", text.rfind("\n", 0, position) + 1)


def told(heads: str, row: str) -> str:
    """A row as words, each cell behind its column's head: `Chủ trì: Văn phòng; Hạn: 30/3`.

    The column that only counts rows is left out.
    """
    pairs = zip(row_cells(heads), row_cells(row), strict=False)
    named = [(head, cell) for head, cell in pairs if cell and not _COUNTS_ROWS.match(head)]
    return "; ".join(f"{head}: {cell}" if head else cell for head, cell in named)


def cell_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the cells of the row `text[start:end]` stand, trimmed; an empty cell is (n, n)."""
    spans = []
    for match in re.finditer(r"(?<=\|)[^|]*(?=\|)", text[start:end]):
        inner = match[0]
        left = start + match.start() + len(inner) - len(inner.lstrip())
        spans.append((left, left + len(inner.strip())))
    return spans
