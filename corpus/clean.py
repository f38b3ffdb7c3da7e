"""From the words of a file to the text of a document: whole lines, NFC, nothing of the web page.

Covered: invisible characters, leftovers of markup, site menus, counters, related news, publisher's
footers, captions said twice, lines broken by the source. Not covered: what the words mean.
No sentence of the document itself may be lost: when in doubt a line stays.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import yaml

from corpus.tables import is_row, with_rows

_EMPHASIS = re.compile(r"(\*{1,3}|__)(?=\S)(.+?)(?<=\S)\1", re.S)
_SUBSCRIPT = re.compile(r"[_^]\{([^{}]*)\}")
_TAG = re.compile(r"</?(?:p|br|b|i|u|em|strong|span|div|a|font|sup|sub)(?:\s[^<>]*)?/?>", re.I)
_VIEWS = re.compile(
    r"[ \t|]*(?:Số lượt xem|Lượt xem|Lượt đọc|Đã xem)\s*:?\s*[\d.,]+[ \t]*$", re.M | re.I
)
_RULE = re.compile(r"^[\s\-–—_=*.]+$")
_PAGE_NUMBER = re.compile(r"^(?:[Tt]rang\s+)?[-–]?\s*\d{1,3}(?:\s*/\s*\d{1,3})?\s*[-–]?$")
_IDENTIFIER = re.compile(r"^[A-Za-z]+(?:\s*-\s*)?(?:[A-Za-z]+_)+[A-Za-z_]+$")
_SENTENCE_END = re.compile(r"[.!?…;:][\"”’)\]]*\s*$|/\.\s*$")
_MARKER = re.compile(
    r"^(?:[-–—•+*]\s|\d{1,3}(?:\.\d{1,3})*[.)/]\s|[IVXLC]{1,6}[.)/]\s|[a-zđ]{1,2}[.)]\s"
    r"|(?:Điều|Chương|Mục|Phần|Tiểu mục|Phụ lục)\s+(?:thứ\s+)?[\dIVXLC]|(?:CHƯƠNG|MỤC|PHẦN|PHỤ LỤC)\b)"
)
_BARE_MARKER = re.compile(r"^(?:\d{1,2}\.|[a-zđ]\)|[IVX]{1,4}\.)$")
# The grounds of a decision each begin a line of their own.
_BEGINS = re.compile(r"^(?:Căn cứ|Xét|Theo đề nghị|Nơi nhận|Kính gửi)\b")
_OFFICIAL = re.compile(r"^(?:Điều \d+|[IVX]+\.\s|Nơi nhận)|\./\.")
_OPEN_END = re.compile(
    r"(?:,|\b(?:và|của|các|những|trên|về|về việc|với|cho|theo|tại|từ|đến|do|là|để|hoặc|trong"
    r"|ngày|tháng|(?<!đầu )(?<!cuối )(?<!giữa )(?<!hằng )(?<!hàng )(?<!mỗi )(?<!cả )năm|số|Điều|khoản|điểm|theo|được|bằng))$"
)


def clean(raw: str) -> str:
    """The document's own words, one block a line, NFC.

    A block is a heading, a paragraph or a list item; blank lines of the source are not kept.
    """
    lines = _without_page(_without_markup(raw).split("\n"))
    return "\n".join(_without_repeats(_joined(lines)))


class _Folds(dict[int, str]):
    """Code point -> itself in lower case and without its mark; looked up once for each letter."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code).casefold().replace("đ", "d"))
        self[code] = "".join(c for c in base if not unicodedata.combining(c))
        return self[code]


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Compare without case, diacritics and double spaces: `Tìm  kiếm` equals `tim kiem`."""
    return " ".join(text.translate(_FOLDS).split())


def has_marks(text: str) -> bool:
    """Whether it is written with diacritics: `bàn giao`, not `ban giao`."""
    return fold(text) != " ".join(text.casefold().split())


def _without_markup(raw: str) -> str:
    text = unicodedata.normalize("NFC", raw)
    # Zero widths, soft hyphens, and marks that turn the direction of what a person reads.
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    text = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    text = _VIEWS.sub("", text)
    text = _TAG.sub("", text).replace("\\_", "_")
    text = _SUBSCRIPT.sub(r"\1", text)
    for _ in range(2):  # emphasis inside emphasis
        text = _EMPHASIS.sub(r"\2", text)
    text = re.sub(r"^#{1,6}\s+", "", text, flags=re.M)
    text = "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else " " for c in text)
    return "\n".join(" ".join(line.split()) for line in with_rows(text.split("\n")))


@cache
def _chrome() -> dict[str, frozenset[str]]:
    words = yaml.safe_load((Path(__file__).parent / "chrome.yaml").read_text(encoding="utf-8"))
    return {name: frozenset(fold(line) for line in lines) for name, lines in words.items()}


def _without_page(lines: list[str]) -> list[str]:
    """Leave out what the web page put around the document; blank lines stay as borders."""
    kept: list[str] = []
    related = False
    for number, line in enumerate(lines):
        if _ends_document(line, lines[number + 1 :], any(kept)):
            if not _document_goes_on(lines[number + 1 :]):
                break
            related = True
            continue
        related = related and not _is_sentence(line)
        if not _is_chrome(line) and not (related and line and not _MARKER.match(line)):
            kept.append(line)
    return _without_imprint(kept)


def _ends_document(line: str, rest: list[str], begun: bool) -> bool:
    words = fold(re.sub(r"[\s:()\d.…»>]+$", "", line))
    return begun and words in _chrome()["ends"] and not (line.endswith(":") and not any(rest))


def _document_goes_on(rest: list[str]) -> bool:
    """A box of related news in the middle of a page is followed by the document's own structure."""
    return any(_OFFICIAL.search(line) for line in rest)


def _is_sentence(line: str) -> bool:
    return len(line.split()) >= 12 and bool(_SENTENCE_END.search(line))


def _is_chrome(line: str) -> bool:
    if is_row(line):
        return False
    if _BARE_MARKER.match(line):
        return False
    if _RULE.match(line) or _IDENTIFIER.match(line):
        return bool(line)
    words = fold(line.strip(" :|»>•-"))
    if line and (_PAGE_NUMBER.match(line) or not _beside_buttons(words)):
        return True
    crumbs = [fold(crumb) for crumb in re.split(r"\s*[|»>]\s*", line) if crumb]
    if len(crumbs) > 2 and crumbs[0] == "trang chu":
        return True
    if len(crumbs) > 1 and sum(crumb in _chrome()["lines"] for crumb in crumbs) * 2 >= len(crumbs):
        return True
    if words.startswith(tuple(_chrome()["banners"])) and not _is_sentence(line):
        return True
    bare = re.sub(r"[\d.,:;()\s|]+$", "", words).strip()
    return bare != words and bare in _chrome()["counters"]


@cache
def _buttons() -> re.Pattern[str]:
    phrases = sorted(_chrome()["lines"] | _chrome()["ends"], key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))}|chon|a[+-]?)(?!\w)")


def _beside_buttons(words: str) -> str:
    """What a line says beside the labels of buttons and menus; empty for a toolbar."""
    return re.sub(r"[\W_]+", "", _buttons().sub("", words)) if len(words) < 120 else words


def _without_imprint(lines: list[str]) -> list[str]:
    """A publisher's imprint stands behind the last sentence; the recipients of a plan don't."""
    end = len(lines)
    imprint = tuple(_chrome()["imprint"])
    first = end
    while end and len(lines) - end < 40:
        line = fold(lines[end - 1].strip(" •*-–"))
        if line.startswith(imprint):
            first = end - 1
        elif _is_sentence(lines[end - 1]) or line.startswith("noi nhan"):
            break
        end -= 1
    while first and first < len(lines) and lines[first - 1].startswith("•"):
        first -= 1
    return lines[:first]


def _joined(lines: list[str]) -> list[str]:
    """Join the lines that the source broke, also across a page's blank lines."""
    width = _wrap_width(lines)
    blocks: list[str] = []
    gap = False
    for line in lines:
        if not line:
            gap = True
            continue
        if blocks and _continues(blocks[-1], line, gap, width, lines):
            blocks[-1] = f"{blocks[-1]} {line}"
        else:
            blocks.append(line)
        gap = False
    return blocks


def _wrap_width(lines: list[str]) -> int | None:
    """The width at which the source wraps its lines, or None where a line is a paragraph."""
    lengths = sorted(len(line) for line in lines if line)
    if len(lengths) < 8 or lengths[-1] > 160:
        return None
    return lengths[int(len(lengths) * 0.9)]


# `... trước ngày` / `10 tháng 6`: words that want a number, and numbers that no list has.
_WANTS_NUMBER = re.compile(
    r"(?:\b(?:quý|ngày|khoản|các điểm|tại điểm|điều|Điều|tại|chương|số|(?:khoản|điểm) [\da-zđ]{1,2}))$"
)
_WANTS_QUANTITY = re.compile(
    r"(?:\b(?:tháng|năm|đạt|giảm|tăng|có|gọi|hơn|quá|góp|tổng đài|điện thoại|bình quân|trước|sau|điểm))$"
)
_REFERENCE_LINE = re.compile(
    r"^(?:\d{1,3}(?![.)/]\s)[\d./ ]|Điều \d|[Kk]hoản \d|[Mm]ục [IVX\d]|Chương [IVX\d]|[IVX]+\.\s|[a-zđ]\) (?:và|hoặc|,))"
)
_QUANTITY_LINE = re.compile(r"^\d+(?:[.,]\d+)*(?:\s?%|\s[^\W\d_]|[.,;]?$)|^\d{1,3}[.,]\s\d")


def _is_torn(block: str, line: str) -> bool:
    """A line break inside a number, a date or a reference, whatever the next line looks like."""
    wanted = _WANTS_NUMBER.search(block) and _REFERENCE_LINE.match(line)
    quantity = (_WANTS_QUANTITY.search(block) or _WANTS_NUMBER.search(block)) and _QUANTITY_LINE.match(line)  # fmt: skip
    return bool(wanted or quantity) and len(block.split()) > 3


def _continues(block: str, line: str, gap: bool, width: int | None, lines: list[str]) -> bool:
    if is_row(line) or is_row(block):
        return False
    if _BARE_MARKER.match(block) or _is_torn(block, line):
        return not _MARKER.match(line) or not _BARE_MARKER.match(block)
    if _MARKER.match(line) or _BEGINS.match(line) or _SENTENCE_END.search(block):
        return False
    if block.isupper():
        return False
    if line[0].islower() or line[0] in ",;)":
        return len(block.split()) > 3
    if _OPEN_END.search(block) and len(block.split()) > 6:
        return not line.isupper()
    last = block if width is None else _last_line(block, lines)
    full = width is not None and len(last) >= 0.8 * width
    return full and not gap and not line.isupper()


def _last_line(block: str, lines: list[str]) -> str:
    return next((line for line in reversed(lines) if line and block.endswith(line)), block)


def _without_repeats(blocks: list[str]) -> list[str]:
    """A title or caption that the page repeats between paragraphs is said once."""
    kept: list[str] = []
    seen: set[str] = set()
    for block in blocks:
        if is_row(block):  # two rows may well say the same
            kept.append(block)
            continue
        key = fold(block)
        near = any(fold(previous) == key for previous in kept[-2:])
        headline = len(key.split()) >= 6 and not _SENTENCE_END.search(block)
        if key in seen and not _MARKER.match(block) and (headline or near and len(key) > 20):
            continue
        seen.add(key)
        kept.append(block)
    return kept
