"""Typed values that stand in a text: dates, deadlines, numbers, people and bodies.

Each is a span of the text, so that what is shown first is cut out of the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from corpus.letters import compiled

Span = tuple[int, int]
Kind = Literal[
    "date",
    "deadline",
    "moment",
    "quantity",
    "person",
    "body",
    "phone",
    "email",
    "money",
    "name",
    "duration",
    "range",
]

_CLOCK = r"(?:\d{1,2}\s*(?:giờ|h)\s*(?:\d{2})?(?:\s*phút)?[,\s]*(?:(?:sáng|chiều|tối|thứ\s+\w+|chủ nhật)[,\s]*)*(?:ngày\s+)?)?"
_DAY = r"\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4}|\d{1,2}\s+tháng\s+\d{1,2}(?:\s+năm\s+\d{4})?"
_DATE = re.compile(
    rf"{_CLOCK}(?:(?:ngày|Ngày)\s+)?(?:{_DAY})|(?:tháng|quý)\s+(?:\d{{1,2}}|I{{1,3}}|IV)\s?(?:[/-]|năm\s)\s?\d{{4}}"
    r"|\d{1,2}\s*(?:giờ|h)\s*\d{2}(?:\s*phút)?(?:[,\s]+(?:sáng|chiều|tối|thứ\s+\w+|[Cc]hủ nhật|hằng\s+\w+|hàng\s+\w+))*"
    r"|ngày\s+\d{1,2}(?:(?:,|\s+và)\s+(?:ngày\s+)?\d{1,2})*\s+(?:hằng|hàng)\s+tháng"
    r"|(?:ngày\s+)?\d{1,2}/\d{1,2}(?![/\d])|(?:[Nn]ăm|giai đoạn|nhiệm kỳ)\s+\d{4}(?:\s?[-–]\s?\d{4})?"
)
_DEADLINE = re.compile(
    rf"(?:trước|chậm nhất(?:\s+là)?(?:\s+vào)?|đến hết|hết|xong trước|muộn nhất(?:\s+là)?|vào|từ|kể từ|đến)\s+"
    rf"{_CLOCK}(?:ngày\s+)?(?:{_DAY}|\d{{1,2}}/\d{{1,2}}|\d{{1,2}}(?=\s+(?:hằng|hàng|của|tháng))"
    r"(?:\s+(?:hằng|hàng|của)?\s*(?:tháng|quý|năm)(?:\s+(?:cuối|đầu)\s+quý)?)?|tháng\s+\d{1,2}(?!\d)(?:(?:/\d{4})|(?:(?:,|\s+và)\s+tháng\s+\d{1,2}(?!\d))+)?|quý\s+\w+(?:/\d{4})?)"
    r"|(?<!\d )(?<!giờ )(?:[Đđ]ịnh kỳ|[Hh]ằng|[Hh]àng)\s+(?:\d+\s+)?(?:ngày|tuần|tháng|quý|năm|6 tháng)"
)
_DURATION = re.compile(
    r"(?:trong\s+(?:thời hạn\s+|vòng\s+)?|từ\s+|sau\s+|không quá\s+|không ít hơn\s+|không nhiều hơn\s+|tối đa\s+|ít nhất\s+|chậm nhất\s+(?:là\s+)?)?"
    r"\d+\s+(?:\([^()\d]{2,20}\)\s+)?(?:ngày làm việc|ngày|giờ làm việc|giờ|phút|tháng|năm|tuần)"
    r"(?!\s+\d)(?!/)(?:\s+trở\s+(?:lên|xuống))?"
)
# `trước khi ra kết luận`: a law often names an event in place of a day.
_MOMENT = re.compile(
    r"(?:[Cc]hậm nhất (?:là )?)?(?:[Nn]gay )?trong ngày làm việc(?: tiếp theo| hoặc (?:\w+ ){0,2}đầu giờ ngày làm việc tiếp theo)?(?! \d)|"
    r"(?:[Tt]rước|[Nn]gay sau|[Nn]gay|[Ss]au|[Kk]ể từ)\s+khi\s+[^,.;:()“”\n]{4,90}?(?=[,.;:()]|\s+(?:thì|phải)\s|$)",
    re.M,
)
NUMBER_WORDS = "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
_SPELLED_UNIT = r"(?:người|lần|bản|thành viên|đại biểu|hòa giải viên|ủy viên|hộ|ngày|tháng|tuần|giờ|tuổi|nhiệm kỳ|đơn vị|phiếu)"
# `mỗi năm một lần` and `một năm hai lần` are no fifty-one, no hundred and fifty-two times.
YEARLY = r"(?:(?<!mỗi )(?<!hằng )(?<!hàng )(?<!trong )(?<!một )|(?!năm))(?!(?:một|hai|ba) năm (?:một|hai|ba))"
_SPELLED_COUNT = rf"{YEARLY}(?:{NUMBER_WORDS})(?:\s+(?:{NUMBER_WORDS}|lăm|mốt|tư|mươi|trăm|nghìn))*\s+{_SPELLED_UNIT}(?!\w)(?:\s+trở lên)?"
_SPELLED = rf"(?:{NUMBER_WORDS})\s+phần\s+(?:{NUMBER_WORDS}|tư|trăm)|quá nửa|\d\s?/\s?\d(?!\d)(?=\s+(?:tổng số|số))"
# `trên 50%` is not 50%.
_AT_MOST = r"không\s+(?:quá|nhiều hơn|vượt quá)|tối đa"
_AT_LEAST = r"không\s+(?:ít hơn|dưới)|ít nhất|tối thiểu"
_BOUND = (
    rf"(?:(?:{_AT_MOST}|{_AT_LEAST}|trên|(?<!ít )(?<!nhiều )hơn|(?<!không )dưới|từ)(?:\s+là)?\s+)?"
)
_UP_TO = r"(?:từ\s+)?\d+(?:[.,]\d+)*\s+đến\s+\d+(?:[.,]\d+)*(?:\s+(?!tháng|năm|ngày\s+\d|và|của|trở)[^\W\d_]+){1,2}"
_QUANTITY = re.compile(
    rf"{_UP_TO}|{_BOUND}(?:{_SPELLED}|{_SPELLED_COUNT})|{_BOUND}"
    r"(?<![\d/.-])(?:\d+(?:[.,]\d+)*)\s?(?:%|phần trăm|triệu đồng|tỷ đồng|đồng|nghìn đồng)"
    rf"|{_BOUND}"
    r"(?<![\w/.-])(?!(?:19|20)\d{2}(?!\d))\d+(?:[.,]\d+)*(?![\d/]|-[A-ZĐ]|\.\s*\w*/|\s+(?:tháng|năm)(?!\w))"
    rf"(?:\s+(?:hòa giải viên|giám sát viên)|(?:\s+(?!tháng|năm|ngày\s+\d|và|của|trở|-)[^\W\d_]+){{0,2}})(?:\s+trở\s+(?:lên|xuống))?"
)
_MONEY = re.compile(r"\d+(?:[.,]\d+)*\s*(?:triệu|tỷ|nghìn|ngàn)?\s*đồng(?:/[^\W\d_]+)?")
_AMOUNT = rf"(?:\d+(?:[.,]\d+)*|(?:{NUMBER_WORDS})(?!\w))"
_RANGE = re.compile(
    rf"[Tt]ừ\s+(?:trên\s+|đủ\s+)?{_AMOUNT}(?:\s+[^\W\d_]+){{0,2}}?\s+đến\s+(?:dưới\s+)?{_AMOUNT}\s*"
    r"(?:%|(?:triệu |tỷ |nghìn )?đồng|ngày làm việc|[^\W\d_]+)"
)
_PHONE = re.compile(
    r"(?<!\d)(?:\+84|0)(?:[\s.()-]*\d){8,10}(?!\d)|\b1[89]00[\s.]?\d{2,6}\b|(?<=[Tt]ổng đài )\d{3,5}"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# `hoặc Phó Chủ tịch` names nobody.
_NAME = (
    r"(?!(?:Phó|Chủ|Bí|Giám|Trưởng|Hội|Ủy|Ban|Bộ|Sở|Tỉnh|Quốc)\s)"
    r"[A-ZÀ-ỸĐ][a-zà-ỹđ]+(?:\s+[A-ZÀ-ỸĐ][a-zà-ỹđ]+){1,4}"
)
_ROLE = (
    r"(?:(?:Phó\s+)?(?:Bí thư|Chủ tịch|Giám đốc|Thủ tướng|Bộ trưởng|Chánh \w+|Trưởng \w+|Thứ trưởng"
    r"|Tổng Bí thư|Cục trưởng|Thủ trưởng|Chủ nhiệm|Tổng Giám đốc)(?:\s+(?:Thường trực|thứ nhất))?)"
)
_PERSON_NAME = compiled(
    rf"(?:{_ROLE}[^,.;:()“”\n]{{0,40}}?\s+|(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|Đ/c|đ/c)\s+|^){_NAME}", re.M
)
_PERSON = compiled(
    rf"(?:{_ROLE}[^,.;:()“”]{{0,40}}?\s+|(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|Đ/c|đ/c)\s+){_NAME}|{_ROLE}(?:\s+[^\W\d_]+){{0,4}}"
)
_BODY = re.compile(
    r"(?:Ban Thường vụ|Ban Bí thư|Ban Chấp hành|Ban [Cc]án sự|Ban [Cc]hỉ đạo|Ban Dân vận|Ban [A-ZĐ]\w+|Bộ Chính trị"
    r"|Bộ [A-ZĐ]\w+|Chính phủ|Quốc hội|Thủ tướng(?: Chính phủ)?|Sở [A-ZĐ]\w+|UBND|Ủy ban [Nn]hân dân|Ủy ban|HĐND"
    r"|Hội đồng|Văn phòng|Phòng [A-ZĐ]\w+|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Huyện ủy|[Cc]ác (?:cơ quan|đơn vị|phòng|sở|cấp)"
    r"|Thanh tra|Trung tâm|Mặt trận|MTTQ|Đảng đoàn|Thủ trưởng|Lãnh đạo|Tổ \w+|[Cc]ơ quan|[Đđ]ơn vị|Công an|Chi cục)"
)
_PATTERNS: dict[Kind, re.Pattern[str]] = {
    "date": _DATE, "deadline": _DEADLINE, "moment": _MOMENT, "quantity": _QUANTITY, "person": _PERSON,
    "name": _PERSON_NAME, "duration": _DURATION, "body": _BODY, "phone": _PHONE, "email": _EMAIL, "money": _MONEY,
    "range": _RANGE,
}  # fmt: skip


def values(kind: Kind, text: str, start: int, end: int) -> Iterator[Span]:
    """The spans of a kind of value inside `text[start:end]`, trimmed, in their order."""
    for match in _PATTERNS[kind].finditer(text, start, end):
        inner = match[0].rstrip(" ,;.")
        if inner:
            yield match.start(), match.start() + len(inner)
