"""Duties in the rows of tables, read by their columns' heads.

The heads are the table's first row; where that row is work already, they are looked for in the
lines above it. Rows without a doer, a date and an amount (sums, sub-heads) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from corpus.amounts import amounts
from corpus.clean import fold
from corpus.doers import addressee, listed
from corpus.due_dates import Due, bare_dues, month_end
from corpus.duty import Duty, Setting, Span, kind_of
from corpus.model import Document, Part
from corpus.tables import cell_spans, row_cells

Column = Literal["count", "what", "who", "with", "due", "month", "amount", "unit", "to", "other"]

# The first that fits a folded head names its column.
_COLUMNS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    ("count", re.compile(r"^(?:s?tt|so tt|so thu tu|#|ma so)$")),
    ("other", re.compile(r"(?:thuc hien|ket qua|uoc).*nam (?:20\d\d|truoc)|^ghi chu|san pham|ket qua|con ton|hien trang|kinh phi|nam truoc|thuc hien nam")),
    ("unit", re.compile(r"don vi tinh|^dvt$")),
    ("with", re.compile(r"phoi hop")),
    ("month", re.compile(r"^thang$")),
    ("due", re.compile(r"thoi gian|thoi han|thoi diem|tien do|\bhan\b|hoan thanh|tan suat")),
    ("to", re.compile(r"noi nhan|noi gui|bao cao ve|gui ve|co quan nhan|don vi nhan|noi nop")),
    ("who", re.compile(r"chu tri|thuc hien|chiu trach nhiem|phu trach|^don vi$|^co quan|dia phuong|^ten don vi|phan cong|dau moi|nguoi|^don vi\b")),
    ("amount", re.compile(r"ke hoach nam|ke hoach giao|so phai|so luong|^so \w+ (?:\w+ )?(?:can|phai)|khoi luong|^muc (?:phai dat|giao|dat|chi tieu|phan dau)|^dinh muc|^yeu cau dat|^so (?:ho|lop|buoi|cuoc|tin|bai|nguoi|xa)\b|duoc giao|muc tieu nam|chi tieu (?:nam|giao)|^chi tieu 20|^ke hoach|^muc tieu$|^nam 20|phan dau")),
    ("what", re.compile(r"noi dung|nhiem vu|cong viec|chi tieu|hoat dong|muc tieu|^ten\b|\bviec\b|hang muc|loai|linh vuc|bao cao|van ban")),
)  # fmt: skip
_SUM = re.compile(r"^(?:tong(?: cong| so)?|cong)$")


def rows(
    document: Document, siblings: Sequence[Part], table: Part, setting: Setting, year: int | None
) -> Iterator[Duty]:
    """The duties of a table, each at its main cell: what is to be done, else who does it."""
    if setting.topic == "aside":
        return
    text = document.text
    heads = columns(row_cells(text[table.start : table.lead_end]))
    parts = list(table.children)
    if not _are_heads(heads):
        heads = _heads_above(document.text, siblings, table)
        parts = [table, *parts]
    for part in parts if heads else ():
        end = part.lead_end
        duty = _row(document, part, cell_spans(text, part.start, end), heads, setting, year)
        if duty is not None:
            yield duty


def columns(heads: Sequence[str]) -> list[Column]:
    """What each column holds; of two that say what is done the first does."""
    found: list[Column] = []
    for head in heads:
        folded = fold(head)
        kind: Column = next(
            (column for column, pattern in _COLUMNS if pattern.search(folded)), "other"
        )
        if kind in ("what", "who") and kind in found:
            kind = "amount" if re.search(r"chi tieu|so ", folded) else "other"
        found.append(kind)
    return found


def _are_heads(columns: Sequence[Column]) -> bool:
    """A row of work may hold a head's word by chance, hardly two."""
    known = {column for column in columns if column not in ("other", "count")}
    return len(known) >= 2 and bool(known & {"what", "who"})


def _heads_above(text: str, siblings: Sequence[Part], table: Part) -> list[Column]:
    """The heads of an earlier table of the same width, or a line of heads run together."""
    width = len(row_cells(text[table.start : table.lead_end]))
    for part in reversed([p for p in siblings if p.start < table.start]):
        words = text[part.start : part.lead_end]
        if part.level == "table":
            heads = columns(row_cells(words))
            if len(heads) == width and _are_heads(heads):
                return heads
        elif run := _run_together(words, width):
            return run
    return []


def _run_together(words: str, width: int) -> list[Column]:
    """`TT Nội dung Đơn vị chủ trì Thời gian`: heads without borders, told apart by capitals."""
    pieces = re.findall(r"[A-ZĐ][^A-ZĐ]*", re.sub(r"^(?:S?TT)\s", "", words.strip()))
    if not re.match(r"S?TT\b", words.strip()) or len(pieces) != width - 1:
        return []
    return ["count", *columns(pieces)]


def _row(
    document: Document, part: Part, cells: list[Span], heads: Sequence[Column], setting: Setting,
    year: int | None,
) -> Duty | None:  # fmt: skip
    text = document.text
    named = [(h, c) for h, c in zip(heads, cells, strict=False) if c[1] > c[0]]

    def of(kind: Column) -> list[Span]:
        return [cell for head, cell in named if head == kind]

    main = next(iter(of("what") or of("who")), None)
    if main is None or _SUM.match(fold(text[slice(*main)])):
        return None
    due = [d for cell in of("due") for d in _due(text, cell, year)]
    due += [month_end(text, cell, year) for cell in of("month")]
    much = of("amount") or amounts(text, *main, [])
    much = [span for span in much if re.search(r"\d", text[slice(*span)])]
    who = [s for cell in of("who") for s in listed(text, [cell])] or list(setting.doers)
    receiver = next(iter(of("to")), None) or addressee(text, *main)
    if not (who or due or much):
        return None
    kind = kind_of(text[slice(*main)], receiver, due, bool(due), much)
    with_ = [s for cell in of("with") for s in listed(text, [cell])]
    return Duty(
        document, part, *main, kind, tuple(who), tuple(with_), main, tuple(much),
        tuple((d.start, d.end) for d in due), tuple(d.on for d in due), receiver, None,
    )  # fmt: skip


def _due(text: str, cell: Span, year: int | None) -> list[Due]:
    """The dates of a cell, whole where it says nothing else; a cell without a date recurs."""
    found = bare_dues(text, *cell, year)
    if len(found) == 1:
        return [Due(*cell, found[0].on)]
    return found or [Due(*cell, None)]
