"""By when: the words of a deadline or of a rhythm, and the last day that they allow.

`trước ngày 15/10`, `trong quý III/2026`, `chậm nhất 05 ngày làm việc`, `hằng tuần`. Dates of
instruments and dates without a word that makes them a deadline are none.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.letters import compiled
from corpus.references import iso_date

Span = tuple[int, int]

_CLOCK = r"(?:\d{1,2}\s*(?:giờ|h)\s*(?:\d{2}(?:\s*phút)?)?,?\s*)?"
_DAY = r"(?:\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?(?![\d/])|\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?)"
_YEAR_BEHIND = r"(?:\s?[/-]\s?\d{4}|,?\s+năm\s+\d{4})?"
_AND = r"(?:,|\s+và|\s?[-–])\s?"
_MONTH = rf"(?:(?:đầu|giữa|cuối)\s+)?[Tt]háng\s+\d{{1,2}}(?:{_AND}\d{{1,2}}(?=[\d, và–-]{{0,8}}/\s?\d{{4}}))*{_YEAR_BEHIND}(?![\d/])"
_ROMAN = r"(?:IV|I{1,3}|[1-4])(?!\w)"
_QUARTER = rf"(?:cuối\s+)?[Qq]uý\s+{_ROMAN}(?:{_AND}{_ROMAN}(?!\s+\w))*{_YEAR_BEHIND}(?!\w)"
_HALF = r"(?:0?6|sáu)\s+tháng\s+(?:đầu|cuối)\s+năm(?:\s+\d{4})?"
_DATE = rf"(?:{_CLOCK}(?:(?:sáng|chiều|tối|đêm)\s+)?(?:ngày\s+)?{_DAY}|{_MONTH}|{_QUARTER}|{_HALF})"
_BEFORE = (
    r"(?:trước|chậm nhất(?:\s+là)?(?:\s+(?:vào|trong))?|muộn nhất(?:\s+là)?(?:\s+vào)?"
    r"|đến hết|(?:trong|đến|từ|hết|vào|xong)(?:\s+hết)?)"
)
_PERIOD = r"(?:ngày|tuần|tháng|quý|học kỳ|năm học|năm)"
_COUNT = r"(?:\d+|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
_EVERY = rf"(?:hằng|hàng|từng|mỗi)\s+{_PERIOD}"
_WEEKDAY = r"(?:(?:các\s+)?(?:buổi\s+)?(?:sáng|trưa|chiều|tối|đêm)\s+)?(?:ngày\s+)?(?:[Tt]hứ\s+(?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb]ảy)|[Cc]hủ nhật)"
_TIMES = rf"(?:\s+{_COUNT}\s+lần)"
_LAST_DAY = r"(?:trước\s+|chậm nhất(?:\s+là)?\s+|vào\s+)?(?:các\s+)?ngày\s+(?:làm việc\s+)?(?:cuối|đầu)(?:\s+cùng)?(?:\s+(?:của|mỗi|hằng|hàng|từng))*\s+(?:tuần|tháng|quý|năm)"
_SAME_DAY = r"ngay\s+(?:trong\s+(?:ngày|đêm|tuần|tháng|ca trực|(?:buổi|giờ|ngày|quý)\s+[^\W\d]+)|sau\s+(?:giờ|buổi|ca|phiên|kỳ|đợt)(?:\s+[^\W\d]+){1,2})|trong (?:cùng )?ngày(?=\s*(?:[,;.)]|$))"
_DAY_OF_MONTH = r"(?:ngày|mùng)\s+\d{1,2}(?:,?\s+(?:và\s+)?(?:ngày\s+)?\d{1,2})*"
_QUARTERLY = r"(?:của\s+)?tháng\s+(?:cuối|đầu)(?:\s+cùng)?(?:\s+của)?(?:\s+mỗi|\s+hằng|\s+hàng)?\s+quý(?:\s+sau)?"
_RECURRING = (
    rf"{_BEFORE}\s+{_DATE}(?:\s+và\s+{_DATE})?\s+(?:hằng|hàng)\s+năm|"
    rf"(?:(?:trước|chậm nhất(?:\s+là)?|muộn nhất(?:\s+là)?)\s+)?(?:vào\s+)?{_DAY_OF_MONTH}\s+(?:{_EVERY}|{_QUARTERLY}|của\s+tháng\s+sau)"
    rf"|(?:trước|chậm nhất(?:\s+là)?|muộn nhất(?:\s+là)?|vào)\s+(?:vào\s+)?{_DAY_OF_MONTH}(?!\d|\s?[/.-]\s?\d|\s+tháng)"
    rf"|{_WEEKDAY}\s+{_EVERY}"
    rf"|{_LAST_DAY}|{_SAME_DAY}|(?:(?:lúc|trước|vào)\s+)?\d{{1,2}}\s*(?:giờ|h)(?:\s*\d{{2}})?\s+(?:{_WEEKDAY}\s+)?{_EVERY}"
    rf"|(?:định kỳ\s+)?{_COUNT}\s+(?:tuần|tháng|năm|ngày)(?:{_TIMES}|/lần)|định kỳ\s+(?:\d+\s+tháng|{_EVERY}|{_PERIOD})(?:,\s*(?:\d+\s+tháng|{_PERIOD}))*{_TIMES}?"
    rf"|{_EVERY}{_TIMES}?(?!\s+qua)|\d+\s+lần/{_PERIOD}"
)
_LENGTH = (
    r"(?:trong(?:\s+vòng|\s+thời hạn|\s+thời gian)?:?(?:\s+không quá)?|sau thời hạn|chậm nhất(?:\s+là|\s+sau|\s+trong(?:\s+vòng)?)?|không quá"
    r"|muộn nhất(?:\s+là)?|sau|trước)"
    rf"\s+{_COUNT}\s+(?:ngày làm việc|giờ làm việc|ngày|giờ|phút|tuần|tháng|quý|năm)(?![\w/])"
)
_WHOLE_YEAR = r"(?:(?:trong(?:\s+cả)?|đến hết|hết|đến|trước)\s+|(?:đến|vào)\s+cuối\s+)năm(?:\s+\d{4})?(?!\s?\d|\w|\s+(?:trước|qua|tới))"
_EVENT = r"trước khi\s+\w+(?:\s+\w+){1,4}"
_DUE = compiled(
    rf"(?<!\w)(?i:từ\s+{_DATE}\s+đến\s+(?:hết\s+)?{_DATE}|{_RECURRING}|{_BEFORE}\s+{_DATE}|{_WHOLE_YEAR}|{_LENGTH}|{_EVENT})"
)
_AND_DATE = re.compile(rf"(?:,|\s+và|,\s+đợt \d)\s+(?P<date>{_DATE})")
_OPENING_YEAR = re.compile(r"(?:[Tt]rong\s+)?[Nn]ăm\s+\d{4}(?=,)")
_BARE = re.compile(rf"(?i:{_DATE})(?:\s?-\s?(?i:{_DATE}))?")
# What is said of an instrument, of the past or of what begins a term is no deadline.
# `rút xuống còn không quá 05 ngày` is how much.
_NOT_BEFORE = re.compile(
    r"(?:\bcòn|xuống|(?<!dương )(?<!âm )(?<!đặc )(?<!nam )(?<!nữ )\btính|kéo dài|bị|được (?:thành lập|ban hành|ký|sinh ra)|kể|hiệu lực(?: thi hành)?(?: kể)?|so với|lớn hơn|nhỏ hơn)\s+$"
)
# `kế hoạch hằng năm`, `khen thưởng định kỳ hằng năm`: what kind of plan, not how often.
_ADJECTIVE = re.compile(
    r"(?:kế hoạch|chương trình|kinh phí|dự toán|ngân sách|công tác|giám sát|khen thưởng|thi đua|nhiệm vụ|chi tiêu|thu nhập)"
    r"\s+(?:định kỳ\s+)?(?:hằng|hàng)\s+năm$"
)
_NOT_BEHIND = re.compile(r"\s+(?:có hiệu lực|trở lại đây|đến nay)")
# `chi thường xuyên`, `nhiệm vụ thường xuyên`: what kind.
_OFTEN = re.compile(
    r"(?<!chi )(?<!vụ )(?<!tác )(?<!phí )(?<!việc )(?<!tên )(?<!không )(?<!\w)[Tt]hường xuyên(?=,?\s+\w)"
)
_QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}


@dataclass(frozen=True)
class Due:
    """The span of a deadline's words, and its ISO day; None where it recurs or hangs on an event."""

    start: int
    end: int
    on: str | None


def dues(text: str, start: int, end: int, year: int | None) -> list[Due]:
    """The deadlines in `text[start:end]`; a date without a year is of `year`, the plan's own."""
    found = [_due(text, span, year) for span in _spans(text, start, end)]
    return [due for due in found if due is not None]


def month_end(text: str, cell: Span, year: int | None) -> Due:
    """The last day of the month in a cell below `Tháng`; without a year, or with another word there, it
    recurs."""
    match = re.fullmatch(r"\s*(?:[Tt]háng\s+)?(1[0-2]|0?[1-9])\s*", text[slice(*cell)])
    if match is None or year is None:
        return Due(*cell, None)
    month = int(match[1])
    return Due(*cell, f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}")


def bare_dues(text: str, start: int, end: int, year: int | None) -> list[Due]:
    """As `dues`, where the place says that it is one (`Thời hạn`): any date counts, and any words
    of a cell that hold none (`Thường xuyên`) recur."""
    stated = dues(text, start, end, year)
    if stated:
        return stated
    found = [_due(text, m.span(), year) for m in _BARE.finditer(text, start, end)]
    return [due for due in found if due is not None]


def often(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """`thường xuyên` with the words of what is done so behind it."""
    return _OFTEN.finditer(text, start, end)


def _spans(text: str, start: int, end: int) -> Iterator[Span]:
    if opening := _OPENING_YEAR.match(text, start, end):
        yield opening.span()
    for match in _DUE.finditer(text, start, end):
        if _NOT_BEFORE.search(text, max(start, match.start() - 30), match.start()):
            continue
        if _NOT_BEHIND.match(text, match.end(), end):
            continue
        if _ADJECTIVE.search(text, max(start, match.start() - 20), match.end()):
            continue
        yield match.span()
        position = match.end()
        while following := _AND_DATE.match(text, position, end):
            yield following.span("date")
            position = following.end()


def _due(text: str, span: Span, year: int | None) -> Due | None:
    words = text[slice(*span)]
    if re.match(r"(?i:vào|xong|lúc)\s", words):
        span = (span[0] + re.match(r"\w+\s+", words).end(), span[1])  # type: ignore[union-attr]
    return Due(*span, last_day(words, year))


def last_day(words: str, year: int | None) -> str | None:
    """The ISO day of the last date in some words; `trong tháng 4` is 30 April of `year`."""
    if re.search(rf"(?i:{_RECURRING})", words):
        return None
    stated = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", words)
    year = int(stated[-1]) if stated else year
    if year is None:
        return None
    if days := re.findall(
        r"(\d{1,2})\s?(?:[/.-]|tháng)\s?(\d{1,2})(?!\d)(?!\s*(?:giờ|phút))", words
    ):
        day, month = days[-1]
        return iso_date(day, month, str(year))
    if half := re.search(_HALF, words):
        return _end_of_month(year, 6 if "đầu" in half[0] else 12)
    if months := re.findall(rf"(?i:tháng)\s+(\d{{1,2}}(?:{_AND}\d{{1,2}}(?!\d))*)", words):
        return _end_of_month(year, int(re.findall(r"\d+", months[-1])[-1]))
    if quarters := re.findall(rf"(?i:quý)\s+({_ROMAN}(?:{_AND}{_ROMAN})*)", words):
        last = re.findall(r"\w+", quarters[-1].replace("và", " "))[-1]
        return _end_of_month(year, 3 * (_QUARTERS.get(last) or int(last)))
    if re.search(r"(?i:năm)", words) and not re.search(rf"(?i:{_LENGTH})", words):
        return _end_of_month(year, 12)
    return None


def _end_of_month(year: int, month: int) -> str | None:
    if not 1 <= month <= 12:
        return None
    return iso_date(str(calendar.monthrange(year, month)[1]), str(month), str(year))
