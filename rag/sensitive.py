"""What should not stand in a question: personal data, a mark of secrecy. Rules, no model.

A question that holds any is answered with a caution, kept nowhere, and never sent to another machine.
Numbers of documents, amounts and days of the calendar look alike and are told apart here. Not here:
names alone, addresses, health; they can't be told from what offices ask about every day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from corpus.clean import fold
from corpus.gazetteer import find_places

Kind = Literal["identity", "phone", "account", "email", "birth", "secret"]

PERSONAL = (
    "Câu hỏi có thông tin cá nhân nên không được lưu lại. "
    "Khi không cần thiết, xin lược bỏ thông tin đó trước khi hỏi."
)
SECRET = (
    "Câu hỏi có dấu hiệu chỉ độ mật nên không được lưu lại. "
    "Xin không đưa nội dung bí mật nhà nước vào trợ lý."
)

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,4}")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.I)
# Digits in one piece or in groups. What leans on `/`, `,` or letters is a number of a document.
_NUMBER = re.compile(r"(?<![\w/.,+-])\(?\+?\d(?:[ .()-]{0,2}\d){6,23}(?![\w/%]|[.,-]\d)")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_UNIT = re.compile(r"(?:dong|vnd|d|usd|nghin|ngan|trieu|ty|nguoi|m2|m3)(?!\w)")
_OF_AMOUNTS = re.compile(r"kinh phi|so tien|du toan|tong|muc|gia|von|dien tich|dan so|ma |thue|mst")
_OF_TAXES = re.compile(r"ma so thue|mst")
_OF_ACCOUNTS = re.compile(r"tai khoan|(?<!\w)(?:stk|so tk|tk|the atm|account)(?!\w)")
_OF_PEOPLE = re.compile(
    r"cmnd|cmt|cccd|chung minh|can cuoc|dinh danh|ho chieu|bhxh|bao hiem|bhyt|giay to"
)
_PASSPORT = re.compile(r"ho chieu\D{0,20}(?<!\w)[a-z]\d{7,8}(?!\w)")
_CUE_CHARS = 30  # how far before a number the word that says what it is may stand

_SURNAMES = frozenset(
    "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong lam mai trinh dao doan "
    "ha luong cao chau ta to tong quach thai luu la phung vuong kieu giang nghiem tang thach danh ksor".split()
)
_BORN = re.compile(
    r"(?P<before>.{1,60}?)[ ,(:–-]{1,3}(?:ngày sinh|ngay sinh|sinh(?: ngày| ngay| năm| nam)?|sn)[ :]{1,2}"
    r"(?:ngày |ngay )?(?:\d{1,2}(?:[/.-]| tháng | thang )\d{1,2}(?:[/.-]| năm | nam ))?(?P<year>\d{4})(?!\d)",
    re.I | re.S,
)
_LIVING_SINCE = 1920  # who was born before belongs to history
_TITLED = re.compile(r"(?<!\w)(?:ong|ba|anh|chi|co|chau|em|dong chi|cong dan|ho ten|ten) :?(\w+)")

_STAMP = re.compile(r"(?<!\w)(?:(?:TUYỆT|TỐI) )?MẬT(?!\w)")
_WORD_BEFORE = re.compile(r"(\w+) $")
_WORD_BEHIND = re.compile(r" (\w+)")
_SECRET_PAPER = re.compile(
    r"(?:tài liệu|văn bản|công văn|hồ sơ|báo cáo|kế hoạch|thông tin|tin|điện) (?:tối |tuyệt )?mật"
    r"(?! (?:khẩu|độ|mã|thiết|thư|ong))(?!\w)"
)


def cautions(text: str) -> tuple[str, ...]:
    """What a person is told, none for a question that holds nothing of the kind."""
    found = kinds(text)
    said = ((PERSONAL, bool(found - {"secret"})), (SECRET, "secret" in found))
    return tuple(sentence for sentence, holds in said if holds)


def kinds(text: str) -> set[Kind]:
    """What a text in NFC holds that should not stand in a question."""
    text = _ADDRESS.sub(" ", text)
    found: set[Kind] = set(_numbers(text))
    if _EMAIL.search(text):
        found.add("email")
    if _PASSPORT.search(fold(text)):
        found.add("identity")
    if any(_is_birth(match) for match in _BORN.finditer(text)):
        found.add("birth")
    if _SECRET_PAPER.search(text.casefold()) or any(
        _is_stamp(match) for match in _STAMP.finditer(text)
    ):
        found.add("secret")
    return found


def _numbers(text: str) -> Iterator[Kind]:
    for match in _NUMBER.finditer(text):
        # A word behind another number says what that one is.
        before = re.split(r"\d", text[max(0, match.start() - _CUE_CHARS) : match.start()])[-1]
        if not _UNIT.match(fold(text[match.end() : match.end() + 12])):
            if kind := _kind_of(match[0], fold(before)):
                yield kind


def _kind_of(number: str, before: str) -> Kind | None:
    """What a number is, by its form and by what is said before it."""
    digits = re.sub(r"\D", "", number)
    if _OF_ACCOUNTS.search(before):
        return "account"
    if _OF_TAXES.search(before):
        return None
    if len(digits) == 12 and digits[0] == "0":
        return "identity"
    if len(digits) in (9, 10, 12) and _OF_PEOPLE.search(before):
        return "identity"
    if _is_phone(number, digits):
        return "phone"
    if _AMOUNT.fullmatch(number) or _OF_AMOUNTS.search(before):
        return None
    if len(digits) == 9 and number.isdigit():
        return "identity"
    return "account" if 13 <= len(digits) <= 19 and number.isdigit() else None


def _is_phone(number: str, digits: str) -> bool:
    """Mobile or landline; the first group of a date is shorter."""
    abroad = number.lstrip("(").startswith(("+84", "84")) and digits[2:3] != "0"
    national = f"0{digits[2:]}" if abroad else digits
    first = re.match(r"\(?\+?(\d+)", number)
    whole = abroad or first is not None and len(first[1]) >= 3
    return whole and re.fullmatch(r"0[35789]\d{8}|02\d{8,9}", national) is not None


def _is_birth(match: re.Match[str]) -> bool:
    """A day or year of birth with somebody's name before it."""
    if int(match["year"]) < _LIVING_SINCE:
        return False
    before = match["before"]
    titled = any(found[1] in _SURNAMES for found in _TITLED.finditer(fold(before)))
    for place in find_places(before, accented=True):  # `Người Hà Tĩnh sinh năm 1990` is nobody
        before = before.replace(place, "")
    words = re.findall(r"\w+|[^\w\s]", before)
    return titled or any(
        first[0].isupper() and second[0].isupper() and fold(first) in _SURNAMES
        for first, second in pairwise(words)
    )


def _is_stamp(match: re.Match[str]) -> bool:
    """A mark stands by itself; `BÍ MẬT NHÀ NƯỚC`, `MẬT ĐỘ DÂN SỐ` are words among capitals."""
    text = match.string
    before = _WORD_BEFORE.search(text[: match.start()])
    behind = _WORD_BEHIND.match(text[match.end() :])
    return not any(word is not None and word[1].isupper() for word in (before, behind))
