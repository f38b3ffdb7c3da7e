"""How much: the amounts that a sentence sets as a target, each with its comparison and its unit.

`ít nhất 30%`, `từ 3,60 trở lên`, `12/12`, `02 mô hình`. Dates, numbers of instruments and of
places, hours of the day, and thresholds for an award are none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.letters import compiled

Span = tuple[int, int]

_NUMBER = r"\d+(?:\.\d{3})*(?:,\d+)?"
_COMPARED = (
    r"(?:từ|[íi]t nhất(?: là)?|tối thiểu(?: là)?|trên|dưới|không dưới|không (?:để )?quá|không vượt quá"
    r"|không thấp hơn|tối đa(?: là)?|hơn|đủ|nhóm)"
)
_WORDS = r"(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười)"
_UNIT = r"(?:\s+(?!(?:của|và|tháng|quý|trở|tại|trong|cho|là|với|theo|từ|đến|về|được|nêu|thì|chậm|muộn|sớm|hằng|hàng|đang|đã|sẽ|phải|cần|này|đó|nằm|ven|ngay|kể|các|so|tham|kiểm|còn|đạt|có|để|vào|trên|mỗi|trước|xong)\b)[a-zà-ỹđ-]+)"
# A word of one syllable that counts by itself; any other unit has two.
_MEASURE = (
    r"(?:\s+(?:người|lần|cuộc|lớp|phút|buổi|hộ|câu|vụ|phiếu|tổ|đợt|bậc|lượt|kỳ|nữ|xã|tin|bài|km|ha|giờ|ngày"
    r"|mét|m|m2|kg|tạ|cặp|nhà|tàu|em|máy|trường|thôn|chiếc|bộ|xe|cơ sở|tiết|ca|mẫu|điểm cầu|bản|suất|đội|đoàn|căn|cây|tấn|triệu đồng|tỷ đồng|đồng|điểm|lít)(?!\w)(?!\s+làm việc\s+kể))"
)
_MONEY = r"\s*(?:(?:nghìn|ngàn|triệu|tỷ)\s+)?đồng"
_AMOUNT = compiled(
    rf"(?<![\w/.,-])(?P<compared>(?i:{_COMPARED})\s+)?"
    rf"(?:(?P<share>{_NUMBER}\s?%)|(?P<of>\d+)/(?P=of)(?=\s+\w)|(?P<number>{_NUMBER})(?![\d/.%-]\d)(?P<unit>{_MONEY}|{_MEASURE}|{_UNIT}{{1,2}})?"
    rf"|(?P<word>{_WORDS})(?P<word_unit>{_MEASURE}))"
    r"(?P<up>\s+trở lên)?"
)
# A number behind one of these is the name of something.
_NAMES = re.compile(
    r"(?:số|[Đđ]iều|[Kk]hoản|[Đđ]iểm|[Mm]ục|[Mm]ức|[Qq]uý|[Tt]háng|[Nn]ăm|[Nn]gày|[Pp]hòng|[Tt]hứ|[Ll]ần|[Đđ]ợt|tầng|khóa"
    r"|[Gg]iai đoạn|[Pp]hụ lục|[Mm]ẫu|[Pp]hần|[Bb]ước|loại|cấp|cấp độ|vụ|thôn|ấp|tổ|khu phố|phường|quận|hạng|lớp|khối|\d\S*(?:\s\w+)? đến|giờ|ISO|(?<!không )(?<!để )(?<!vượt )quá|chưa đầy|vực|cơ sở|đoàn|đội|tuần|chi nhánh)\s+$"
)
# Lengths of time need a comparison to be a target; levels of government are never one.
_CLOCK = re.compile(r"\s*(?:(?:giờ|ngày)(?! công| dạy| học| làm thêm)|phút|tuần|tháng|năm|quý|h)\b")
_CHANGED = re.compile(r"(?:[Gg]iảm|[Rr]út ngắn|[Tt]ăng|[Tt]iết kiệm|[Tt]hêm)(?: thêm| được)?\s+$")
_LEVELS = re.compile(r"\s*(?:cấp|bên|chiều|mặt|con số)\b")
_NO_NAME = re.compile(
    r"(?:(?:mỗi|từng|phân)\s+\w+|(?:tổng|trong) số)\s+$"
)  # `mỗi lớp 50 người`, `phân loại 20 hồ sơ`
# `đơn vị chấm dưới 60 điểm thì ...`, `đạt từ 85 điểm trở lên được đề nghị khen thưởng`
_CONDITION = re.compile(
    r"^[^;.]{0,80}?(?:\bthì\b|được (?:đề nghị |xem xét |xét )?(?:khen|tặng|công nhận|xếp))"
)


def amounts(text: str, start: int, end: int, taken: Sequence[Span] = ()) -> list[Span]:
    """The amounts in `text[start:end]`, in their order, outside of the `taken` spans."""
    found = []
    for match in _AMOUNT.finditer(text, start, end):
        inside = any(left < match.end() and match.start() < right for left, right in taken)
        if not inside and _counts(text, match, start, end):
            found.append(_span(match))
    return found


def _span(match: re.Match[str]) -> Span:
    return match.start(), match.end()


def _counts(text: str, match: re.Match[str], start: int, end: int) -> bool:
    if _CONDITION.match(text[match.end() : end]):
        return False
    if match["share"]:
        return True
    number = next(n for n in (match["of"], match["number"], match["word"]) if n)
    begin = match.end("compared") if match["compared"] else match.start()
    here = text[max(start, begin - 16) : begin]
    if _NAMES.search(here) and not _NO_NAME.search(here):
        return False
    if match["of"]:
        return not _CLOCK.match(text, match.end(), end)
    if match["word"]:
        return bool(match["compared"])
    if _LEVELS.match(text, match.end("number"), end):
        return False
    if not match["compared"]:
        unit = bool(match["unit"])
        return (
            unit
            and not _looks_like_a_year(number)
            and (not _CLOCK.match(text, match.end("number"), end) or bool(_CHANGED.search(here)))
        )
    clock = re.match(r"\s*(?:giờ|h)\s*\d|\s*giờ\s+đến", text[match.end("number") : end])
    return bool(match["unit"] or match["up"]) and not clock


def _looks_like_a_year(number: str) -> bool:
    return bool(re.fullmatch(r"(?:19|20)\d{2}|0\d{3,}|\d{5,}", number))
