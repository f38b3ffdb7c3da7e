"""Numbers as Vietnamese writes them: digits with separators and scales, or words.

`20 triệu`, `20.000.000` and `hai mươi triệu` are the same number. Not here: dates, numbers of
documents, articles; `facts.py` takes those out first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_ONES = {
    word: value
    for value, words in enumerate(
        ("không", "một mốt", "hai", "ba", "bốn tư", "năm lăm nhăm", "sáu", "bảy bẩy", "tám", "chín")
    )
    for word in words.split()
}
_SCALES = {"trăm": 2, "nghìn": 3, "ngàn": 3, "triệu": 6, "tỷ": 9, "tỉ": 9}
# The words that make a single `năm` (also: year) or `một` (also: a) a number.
UNITS = frozenset(
    "ngày tháng năm tuần giờ phút giây quý lần đồng người hộ suất xã phường huyện tỉnh km ha m mét"
    " kg tấn bản bộ điểm buổi kỳ đợt".split()
)
_WORDS = "|".join(sorted({*_ONES, *_SCALES, "mười", "mươi", "linh", "lẻ"}, key=len, reverse=True))
# Words that a number or a date may be written with or without.
NUMERAL_WORDS = frozenset(
    {*_ONES, *_SCALES, *"mười mươi linh lẻ phần ngày tháng năm quý giờ phút".split()}
)
_RUN = re.compile(rf"(?<!\w)(?<!phần )(?:{_WORDS})(?: (?:{_WORDS}))*(?!\w)")
_DIGITS = re.compile(
    r"(?<!\d)(?:\d{1,3}(?: \d{3})+(?![\d.,/])|\d+(?:[.,]\d+)*)"
    r"(?P<percent> ?%| phần trăm)?(?P<scale>(?: (?:trăm|nghìn|ngàn|triệu|tỷ|tỉ)(?!\w)){0,2})"
)
_AMBIGUOUS = frozenset(("một", "năm", "tư", "lăm", "nhăm", "mốt", "không"))
_DENIES = "không"  # `không` begins no number: it says no


class Number(NamedTuple):
    """A number at `text[start:end]`; `values` has two where the separator can be read both ways."""

    start: int
    end: int
    values: frozenset[Decimal]
    percent: bool


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a text in lower case with single spaces."""
    for match in _DIGITS.finditer(text):
        scale = Decimal(10) ** sum(_SCALES[word] for word in match["scale"].split())
        digits = (
            match[0][: match.start("percent") - match.start()] if match["percent"] else match[0]
        )
        digits = re.sub(r"[^\d.,]", "", digits)
        values = frozenset(value * scale for value in _readings(digits))
        yield Number(match.start(), match.end(), values, bool(match["percent"]))
    for match in _RUN.finditer(text):
        yield from _spoken(text, match)


def _readings(digits: str) -> Iterator[Decimal]:
    """`1.500` is 1500 (a point parts thousands); `1,500` may be 1500 or 1.5."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits):
        yield Decimal(digits.replace(".", "").replace(",", "."))
        return
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        yield Decimal(digits.replace(",", ""))
    if re.fullmatch(r"\d+(?:[.,]\d+)?", digits):
        yield Decimal(digits.replace(",", "."))
    elif not re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        yield from (Decimal(piece) for piece in re.split(r"[.,]", digits) if piece)


def _spoken(text: str, match: re.Match[str]) -> Iterator[Number]:
    words = match[0].split()
    start = match.start()
    while words and words[0] in (
        _DENIES,
        "linh",
        "lẻ",
        "nghìn",
        "ngàn",
        "triệu",
        "tỷ",
        "tỉ",
        "mươi",
    ):
        start += len(words.pop(0)) + 1
    if not words or text[max(0, start - 2) : start - 1].isdigit():
        return  # the scale of a number in digits
    following = re.match(r" (\w+)", text[match.end() : match.end() + 12])
    if len(words) == 1 and words[0] in _AMBIGUOUS and (not following or following[1] not in UNITS):
        return
    percent = text.startswith(" phần trăm", match.end())
    yield Number(start, match.end(), frozenset((Decimal(_value(words)),)), percent)


def _value(words: list[str]) -> int:
    """`một trăm hai mươi lăm` is 125; `hai nghìn không trăm hai mươi bốn` is 2024."""
    total, group = 0, 0
    ones: int | None = None
    for word in words:
        if word in _ONES:
            group, ones = group + (ones or 0), _ONES[word]
        elif word == "mười":
            group, ones = group + (ones or 0) + 10, None
        elif word in ("mươi", "trăm"):
            group += (1 if ones is None else ones) * (10 if word == "mươi" else 100)
            ones = None
        elif word in _SCALES:
            total += (group + (ones or 0) or 1) * 10 ** _SCALES[word]
            group, ones = 0, None
    return total + group + (ones or 0)
