"""The value that a kind of question asks for, found in a statement: a date for `khi nào`, a number
with the right unit for `mấy lần`, the number of an instrument for `kế hoạch số mấy`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from corpus.clean import fold
from corpus.gazetteer import find_places
from corpus.references import KIND_WORDS, KINDS, Mention
from corpus.sentences import Span
from rag.chosen_value import bounded_otherwise, chosen, stands_out
from rag.constraints import is_document, matches, own_words
from rag.statements import Statement
from rag.understand import Understood
from rag.values import NUMBER_WORDS, YEARLY, Kind, values

_VALUES: dict[str, tuple[Kind, ...]] = {
    "deadline": ("deadline", "duration", "date", "moment"),
    "when": ("date", "deadline", "moment"),
    "how_many": ("quantity",),
    "money": ("money",),
    "phone": ("phone",),
    "email": ("email",),
    "who": ("person", "body"),
    "person": ("name",),
}
_INSTRUMENT_KINDS = ("number", "which_document")
# A date inside an instrument's mention is that instrument's, not the sentence's.
_NOT_OF_MENTIONS = ("when", "deadline", "how_many")
# `ai ký`, `ai ký kế hoạch này`; `ký thư xin lỗi` is a duty of somebody, no signature of the text.
_SIGNED = (
    rf"(?: (?:ban hanh|duyet|ten|phat hanh|ra|cai|ban|nhan))?(?: *$| *[?.,]|(?: {'| '.join(map(fold, KINDS))}"
    r"| van ban| so| nay| do| vay| the| khong| va| la| kh| qd| nq| ct| cv| tb| hd| vb| bc)(?!\w))"
)
_SIGNS = re.compile(rf"(?<!\w)ky{_SIGNED}")
_DISCIPLINE = re.compile(r"(?<!\w)(?:kỷ luật|ky luat)(?!\w)")
_WITH_WHOM = re.compile(r"(?<!\w)voi (?:ai|(?:ben|co quan|don vi|to chuc|nganh) nao)(?!\w)")
_COUNTED = re.compile(r"(?:bao nhieu|may|bn)\s+((?:phan tram|%)|[a-z]+(?: [a-z]+)?)")
_PERCENT = re.compile(r"phan tram|%|ty le|ti le")
_VOTING = re.compile(
    r"(?:ho|nguoi|dai bieu|cu tri|thanh vien|phieu|dan|can bo|cong chuc|nha|phan|y kien|hoi vien|lao dong|dai dien|so|cong dan)\b"
)
_PERSONS = re.compile(
    r"\b(?:thanh vien|hoa giai vien|uy vien|dai bieu|can bo|cong chuc|vien chuc|nhan vien|giam sat vien)\b"
)
_NO_UNIT = re.compile(
    r"^(?:(?:la|thi|vay|the|nhi|a|so|cua|trong|o|tu|den|tro|nam|theo|moi|duoc)(?!\w)|$)"
)


def needs_value(asked: Understood) -> bool:
    """Whether only a value of a kind can answer."""
    return asked.kind in _VALUES or asked.kind in _INSTRUMENT_KINDS or asks_signer(asked)


# Kinds that nothing but a value answers; for the others a sentence may say it otherwise.
_STRICT = frozenset(
    (
        "number",
        "money",
        "phone",
        "email",
        "person",
    )
)


def value_is_missing(asked: Understood, value: Span | None) -> bool:
    """Whether a statement without a value of the asked kind can't answer."""
    strict = asked.kind in _STRICT or asks_signer(asked) or _names_asked(asked)
    return value is None and strict


def says_no_time(asked: Understood, statement: Statement) -> bool:
    """Whether `ngày nào` is asked and no word of a statement tells a time; of `năm nào`, a year."""
    if asked.kind not in ("when", "deadline"):
        return False
    if _WEEKDAY_ASKED.search(asked.folded) and not _WEEKDAY.search(statement.text.casefold()):
        return True
    if _YEAR_ASKED.search(asked.folded) and not re.search(r"\d{4}|năm", statement.text.casefold()):
        return True
    # Instruments that are named have dates of their own.
    said = (statement.text if asked.instruments else own_words(statement)).casefold()
    return _DAY_ASKED.search(asked.folded) is not None and not _TIME.search(said)


_TIME = re.compile(
    r"\d{1,2}[/.-]\d{1,2}|(?<!\w)(?:ngày|hôm|tháng \d|quý|tuần|thứ (?:hai|ba|tư|năm|sáu|bảy)|khi|sau|trước|ngay|hằng|hàng|định kỳ|đầu|giữa|cuối|chủ nhật)(?!\w)"
)


_ROLE = r"(?:pho )?(?:truong (?:ban|phong|doan|thon|tieu ban)|giam doc|chu tich|bi thu|chanh (?:van phong|thanh tra)|thu truong|cuc truong|to truong)"
_NAMES_ASKED = re.compile(
    rf"la nhung ai(?!\w)|(?<!\w)ten (?:la )?(?:gi|ai)(?!\w)|^\W*(?:dong chi |ong |ba )?{_ROLE}(?!\w).* la ai(?!\w)"
)


def _names_asked(asked: Understood) -> bool:
    """`Trưởng Ban … là ai`, `… là những ai`: people, and no body that goes without them."""
    return asked.kind == "who" and _NAMES_ASKED.search(asked.folded) is not None


def counts_nothing(asked: Understood, statement: Statement) -> bool:
    """Whether `mấy bản` is asked and no number stands in the statement."""
    match = _COUNTED.search(asked.folded)
    if asked.kind != "how_many" or match is None or _NO_UNIT.match(match[1]):
        return False
    return statement.shape != "list" and not _NUMBER.search(
        _WRITTEN_ON.sub("", statement.text.casefold())
    )


# Numbers of instruments, of their places and dates count nothing.
_WRITTEN_ON = re.compile(
    r"\d+(?:/\d{4})?[/-][a-zđ][\w-]*(?:/[a-zđ][\w-]*)*|(?:ngày|năm|tháng|điều|khoản|mục|chương)\s+\d[\d/.-]*|\d{1,2}[/.]\d{1,2}[/.]\d{4}"
)
_NUMBER = re.compile(rf"\d|(?<!\w)(?:{NUMBER_WORDS}|mỗi|toàn|tất cả|quá nửa)(?!\w)")


def asks_signer(asked: Understood) -> bool:
    """Who signed is not who issued: only a signature, or a text that says `ký`, tells."""
    return asked.kind in ("who", "title", "person") and _signs(asked.text, accented=asked.accented)


@lru_cache(maxsize=256)
def _signs(question: str, *, accented: bool) -> bool:
    """Whether a question says `ký`, of a text and not with whom; asked again for each statement."""
    said = _DISCIPLINE.sub(" ", question.casefold())
    if accented and "ký" not in said:
        return False
    plain = fold(said)
    return _WITH_WHOM.search(plain) is None and _SIGNS.search(plain) is not None


def asked_value(asked: Understood, statement: Statement) -> Span | None:
    """The first value of the asked kind that the question has not said itself."""
    if asks_signer(asked):
        return _signer(statement)
    if asked.kind == "deadline" and not _of_period(asked, statement):
        return None
    if asked.kind == "person" and not _role_fits(asked, statement):
        return None
    if asked.kind == "money" and not _is_price(asked, statement):
        return None
    if asked.kind in ("phone", "email") and not _is_of_line(asked, statement):
        return None
    found = list(_fitting(asked, statement))
    if not found:
        return None
    best = chosen(asked, statement, found)
    return _with_preposition(statement, best) if asked.kind == "when" else best


# Kinds of which several stand in a sentence, each of something else.
_OF_SEVERAL = ("deadline", "when", "how_many", "money", "phone")


# `sau khi thống nhất với …` is half of a condition: the sentence tells it.
_EVENT = re.compile(r"(?<!\w)(?:khi)(?!\w)")
_VALUE_ASKED = re.compile(
    r"(?<!\w)(?:bao (?:nhieu|lau|gio)|may|khi nao|(?:ngay|thang|nam|gio|luc|hom) nao)(?!\w)"
)


_WHETHER_BEHIND = re.compile(r"[,;] [^,;]*(?<!\w)(?:khong|ko)\W*$")


def _asks_two_values(asked: Understood) -> bool:
    """`hiến bao nhiêu đất, góp mấy tỷ`, `là bao lâu, được gia hạn không`: a value first would look like
    the whole answer."""
    found = list(_VALUE_ASKED.finditer(asked.folded))
    if found and _WHETHER_BEHIND.search(asked.folded, found[-1].end()):
        return True
    return any(
        re.search(r"[,;]|(?<!\w)(?:va|con|moi)(?!\w)", asked.folded[a.end() : b.start()])
        for a, b in zip(found, found[1:], strict=False)
    )


def goes_first(asked: Understood, statement: Statement, value: Span) -> bool:
    """Whether a value may stand before its sentence: no other one there may as well be meant."""
    if asked.kind not in _OF_SEVERAL or not statement.start <= value[0] < statement.end:
        return True
    text = statement.document.text
    if _EVENT.search(text[slice(*value)]) or _asks_two_values(asked):
        return False
    return stands_out(asked, statement, value, list(_fitting(asked, statement)))


def tells_only_who_is_named(asked: Understood, statement: Statement) -> bool:
    """Whether a statement names bodies or people, and none that the question does not name itself; `do`
    may bring in somebody whom no list of bodies knows."""
    if asked.kind != "who" or re.search(r"(?<!\w)do(?! mình)(?!\w)", statement.text):
        return False
    named = any(True for _ in _values(asked, statement))
    return named and not any(True for _ in _fitting(asked, statement))


def _fitting(asked: Understood, statement: Statement) -> Iterator[Span]:
    """The values that the question has not said itself, in their order."""
    said, begin = asked.folded, statement.start + _list_mark(statement.text)
    timed = asked.kind in ("when", "deadline") or _TIME_ASKED.search(asked.folded)
    offices = _shortened(said) if asked.kind == "who" else ""
    rated, text = _EVERY_ASKED.search(said), statement.document.text
    asks_denied = re.search(r"(?<!\w)(?:khong|chua) (?:co )?(?:du|dat)(?!\w)", said)
    for span in _values(asked, statement):
        words = text[slice(*span)]
        plain = fold(words)
        if span[0] < begin or plain in said or bounded_otherwise(asked, words):
            continue
        if not asks_denied and _DENIED.search(text[max(0, span[0] - 20) : span[0]]):
            continue  # `chưa có đủ 10% số hộ`
        if offices and _office(text, span) in offices:
            continue  # `tố cáo chủ tịch xã thì ai giải quyết` asks for another
        if rated and not _is_rate(text, span) or _says_how_often(said, plain):
            continue
        if not timed or _granular(asked, words):
            yield span


_DENIED = re.compile(r"(?<!\w)(?:chưa|không) (?:có )?(?:đủ|đạt)\s+$")
_OFTEN = re.compile(r"(?:dinh ky|hang) (?:\d+ )?(ngay|tuan|thang|quy|nam)")


def _says_how_often(question: str, value: str) -> bool:
    """Whether a question says itself how often: `mỗi năm … vào dịp nào` is not answered by `hằng năm`."""
    match = _OFTEN.fullmatch(value)
    return match is not None and (
        re.search(rf"(?<!\w)(?:moi|hang|trong)(?: mot)? {match[1]}(?!\w)", question) is not None
    )


# `bao lâu một lần` is asked of `01 ngày trong tuần`, not of `trước 02 ngày`.
_EVERY_ASKED = re.compile(r"(?:bao lau|may (?:ngay|thang|tuan|nam)) .*(?:mot|1) lan(?!\w)")
_RATE = re.compile(
    r"hằng|hàng|mỗi|định kỳ|trong\s+(?:một |01 )?(?:ngày|tuần|tháng|quý|năm)(?!\w)", re.I
)


def _is_rate(text: str, span: Span) -> bool:
    return _RATE.search(text[max(0, span[0] - 10) : span[1] + 20]) is not None


_LEVEL_BEHIND = re.compile(r"\s+(?:cấp\s+)?(?:xã|huyện|tỉnh)(?!\w)")


def _office(text: str, span: Span) -> str:
    """A body or its head with the level behind it, as people say it: `chu tich xa`."""
    behind = _LEVEL_BEHIND.match(text, span[1])
    return _shortened(fold(text[span[0] : behind.end() if behind else span[1]]))


def _shortened(folded: str) -> str:
    return re.sub(r"(?<!\w)(?:uy ban nhan dan|cap) ", "", folded)


_UNIT = re.compile(
    r"(?:may|bao nhieu|bn) (?:(ngay|hom|tieng|phut|thang|tuan|nam)(?! (?:nao|may))|(gio)(?! (?:nao|may|thi)))"
)
_DAY_ASKED = re.compile(
    r"\b(?:ngay|hom) (?:nao|may|bao nhieu|thang)|\bngay .{0,20}la ngay|\bngay ban hanh|\bngay ky"
)
_WEEKDAY_ASKED = re.compile(r"(?<!\w)(?<!lan )(?<!buoi )thu may(?!\w)")
_WEEKDAY = re.compile(r"(?<!\w)(?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật)(?!\w)")
_YEAR_ASKED = re.compile(r"(?<!\w)(?<!moi )(?<!hang )nam (?:nao|may|bao nhieu)(?!\w)(?! cung)")
_DAY = re.compile(
    r"(?<!\d)\d{1,2}\s?[/.-]\s?\d{1,2}(?!\d)|ngày\s+\d|\d\s+tháng|(?:hằng|hàng) (?:ngày|tuần)"
)
_PERIOD = re.compile(
    r"bao cao (?:ket qua |tong ket |cong tac )?(thang|quy|6 thang|sau thang|tuan|dot xuat|so ket)(?! \d)"
)


def _granular(asked: Understood, words: str) -> bool:
    """`mấy ngày` wants a number of days and `ngày nào` a day: a month or a year is no answer."""
    if match := _UNIT.search(asked.folded):
        said = match[1] or match[2]
        unit = {"tieng": "gio", "hom": "ngay"}.get(said, said)
        return re.search(rf"\d+ (?:\([^)]*\) )?{unit}\b", fold(words)) is not None
    if _YEAR_ASKED.search(asked.folded) and not re.search(r"\d{4}|năm", words):
        return False
    if _WEEKDAY_ASKED.search(asked.folded) and not _WEEKDAY.search(words.casefold()):
        return False
    return not _DAY_ASKED.search(asked.folded) or _DAY.search(words) is not None


def _of_period(asked: Understood, statement: Statement) -> bool:
    """The deadline of the quarterly report is not that of the yearly one."""
    match = _PERIOD.search(asked.folded)
    return match is None or fold(match[1]).replace("sau", "6") in fold(statement.text).replace(
        "sau thang", "6 thang"
    )


def _role_fits(asked: Understood, statement: Statement) -> bool:
    """Who signs for a director is not the director."""
    if statement.part.path[0].level == "foot" and statement.shape != "signature":
        return False
    match = re.search(
        r"(pho )?(giam doc|chu tich|bi thu|truong phong|chanh van phong)", asked.folded
    )
    return match is None or match[1] is not None or f"pho {match[2]}" not in fold(statement.text)


_PRICE_ASKED = re.compile(r"^gia(?! (?:tri|dinh))(?!\w)|(?<!\w)gia (?:ban|ca)(?!\w)")
_PRICE = re.compile(r"(?<!\w)(?:giá|(?<!chi )phí)(?!\w)")


def _is_price(asked: Understood, statement: Statement) -> bool:
    """What a thing costs is told where a price or fee is spoken of, no sum spent on something else."""
    return (
        not _PRICE_ASKED.search(asked.folded)
        or _PRICE.search(statement.scopes[2].written) is not None
    )


_LINES = (
    (re.compile(r"duong day nong|hotline"), re.compile(r"đường dây nóng|hotline|tổng đài")),
    (re.compile(r"tong dai"), re.compile(r"tổng đài|đường dây nóng|hotline")),
    (re.compile(r"(?<!\w)fax(?!\w)"), re.compile(r"(?<!\w)fax(?!\w)")),
)


_OFFICER = re.compile(r"(?<!\w)(?:đồng chí|đ/c|ông|bà|anh|chị|cô|chú|thầy) ([A-ZÀ-ỸĐ][a-zà-ỹđ]+)")


def _is_of_line(asked: Understood, statement: Statement) -> bool:
    """The number of a hotline is that of no officer, that of `đồng chí Hùng` of nobody else."""
    said = statement.text.casefold()
    named = (f" {m[1].casefold()} " for m in _OFFICER.finditer(asked.text))
    return all(own.search(said) for line, own in _LINES if line.search(asked.folded)) and all(
        name in statement.scopes[0].written for name in named
    )


def _with_preposition(statement: Statement, span: Span) -> Span:
    """`trước ngày 20/4/2024` says more than `ngày 20/4/2024`."""
    longer = values("deadline", statement.document.text, statement.start, statement.end)
    return next((d for d in longer if d[0] <= span[0] and span[1] <= d[1]), span)


def _list_mark(text: str) -> int:
    """The length of `3. ` or `b) `: the number of an item is no value."""
    match = re.match(r"(?:\d{1,3}(?:\.\d{1,3})*[.)/]|[a-zđ]\)|[IVXLC]+\.|[-–+•])\s*", text)
    return match.end() if match else 0


_OFFICE_OF_PLACE = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|huyện|xã|phường)\s+[A-ZÀ-ỸĐ]\S*(?:\s+[A-ZÀ-ỸĐ]\S*)*$"
)


def _signer(statement: Statement) -> Span | None:
    signs = statement.shape == "signature" or re.search(r"\bký\b", statement.text)
    text = statement.document.text
    names = values("name", text, statement.start, statement.end)
    # `Chủ tịch UBND tỉnh Hà Nam` is an office.
    people = (span for span in names if not _OFFICE_OF_PLACE.search(text[slice(*span)]))
    return next(people, None) if signs else None


def _values(asked: Understood, statement: Statement) -> Iterator[Span]:
    text, mention = statement.document.text, statement.mention
    if asked.kind in _INSTRUMENT_KINDS:
        if mention is not None:
            yield from _instrument(asked, statement, mention, text)
        return
    if mention is not None and asked.kind in ("when", "who"):
        of_force = asked.kind == "when" and "hieu luc" in asked.folded
        if of_force or not _is_of(asked, statement, mention):
            return  # its date is that of its issue
        span = mention.date_span if asked.kind == "when" else mention.issuer_span
        if span:
            yield span
        return
    if asked.kind == "when" and asked.instruments and not _about_named(asked, statement):
        if not _says_force_of_named(asked, statement):
            return
    if (
        asked.kind == "when"
        and _ISSUED.search(asked.folded)
        and not _SAYS_ISSUED.search(statement.text)
    ):
        return  # a date in a sentence about something else
    outside = asked.kind in _NOT_OF_MENTIONS
    named = [(m.start, m.end) for m in statement.inner_mentions] if outside else []
    if asked.kind == "how_many":
        yield from _spelled(asked, statement)
    for kind in _kinds_of_value(asked):
        for span in values(kind, text, statement.start, statement.end):
            if asked.kind == "money" and kind == "range" and "đồng" not in text[slice(*span)]:
                continue  # years in prison are no fine
            if kind == "name" and _is_place(text[slice(*span)]):
                continue
            inside = _of_place(text, span) or any(start <= span[0] < end for start, end in named)
            fits = kind != "quantity" or _fits_unit(asked, text[slice(*span)])
            if not inside and (fits or _is_of_row(asked, statement, span)):
                yield span


_AT = frozenset(("", "tại", "ở", "từ", "tỉnh", "riêng", "thành phố", "tại tỉnh", "ở tỉnh"))


def _is_place(words: str) -> bool:
    """`Tại Cà Mau` is nobody."""
    places = find_places(words, accented=True)
    rest = words
    for place in places:
        rest = rest.replace(place, "")
    return bool(places) and " ".join(rest.casefold().split()) in _AT


_PLACE = re.compile(r"(?<!\w)(?:điều|khoản|điểm|chương|mục|phụ lục|mẫu số)\s+$", re.I)


def _of_place(text: str, span: Span) -> bool:
    """Whether a number is a place's: that of `Điều 15`."""
    return _PLACE.search(text[max(0, span[0] - 12) : span[0]]) is not None


def _is_of_row(asked: Understood, statement: Statement, span: Span) -> bool:
    """`420` in a cell of its own, behind the first: its unit stands in another cell."""
    match = _COUNTED.search(asked.folded)
    if statement.part.level != "row" or match is None:
        return False
    text = statement.document.text
    alone = text[: span[0]].rstrip()[-1:] == "|" == text[span[1] :].lstrip()[:1]
    first = text.count("|", statement.start, span[0]) < 2
    return alone and not first and f" {match[1].split()[0]} " in statement.scopes[0].folded


def _spelled(asked: Understood, statement: Statement) -> Iterator[Span]:
    """`hai kỳ` of a law for `mấy kỳ`."""
    match = _COUNTED.search(asked.folded)
    if match is None or _NO_UNIT.match(match[1]) or not match[1][0].isalpha():
        return
    unit = match[1].split()[0]
    if unit == "phan":  # `hai phần ba` is more than `hai phần`
        return
    text = statement.text
    # `lần hai` counts nothing.
    number = rf"(?<!\w)(?<!lần )(?<!thứ ){YEARLY}(?:{NUMBER_WORDS})(?: (?:{NUMBER_WORDS}))?"
    for found in re.finditer(rf"{number} (\w+)", text):
        if fold(found[1]) == unit:
            yield statement.start + found.start(), statement.start + found.end()


_TIME_ASKED = re.compile(
    r"(?:may|bao nhieu|bn) (?:(?:ngay|hom|phut|thang|nam|tuan)\b(?! (?:nao|may))|gio\b(?! (?:nao|may|thi)))"
)


_NAME_ASKED = re.compile(r"(?<!\w)(?:ho (?:va )?ten|ten|la ai)(?!\w)")
_RANGE_ASKED = re.compile(
    r"\btu (?:bao nhieu|bao lau|may)\b.{0,20}? den (?:bao nhieu|bao lau|may)\b"
)


def _kinds_of_value(asked: Understood) -> tuple[Kind, ...]:
    """`từ mấy đến mấy` asks for both ends; `mấy năm` for a duration, though it counts."""
    if _RANGE_ASKED.search(asked.folded):
        return ("range",)
    if asked.kind == "how_many" and _TIME_ASKED.search(asked.folded):
        return ("duration",)
    if _names_asked(asked):
        return ("name",) if _NAME_ASKED.search(asked.folded) else ("person", "name")
    if asked.kind == "person" and not _NAME_ASKED.search(asked.folded):
        return ("name", "person")  # `ai làm trưởng đoàn`: an office is an answer
    return _VALUES.get(asked.kind, ())


def _is_of(asked: Understood, statement: Statement, mention: Mention) -> bool:
    """A date or issuer is asked of an instrument of the kind that the question says."""
    if any(matches(reference, mention) for reference in asked.instruments):
        return True
    if mention.kind is None or asked.instruments or fold(mention.kind) not in asked.folded:
        return False
    return asked.kind != "when" or _issuer_fits(asked, statement, mention)


_ISSUED = re.compile(rf"(?:{KIND_WORDS})\b.*\b(?:ban hanh|ky|ra doi|de ngay|ra ngay|ngay ra)\b")
_SAYS_ISSUED = re.compile(
    r"\b(?:ban hành|ký|ra|có hiệu lực|cập nhật)\b|^\W*(?:Ngày|[A-ZĐ]\S+(?: \S+)?, ngày)"
)


def _about_named(asked: Understood, statement: Statement) -> bool:
    """The document is the instrument that the question names: its sentences may tell its dates."""
    return all(is_document(reference, statement.document) for reference in asked.instruments)


def _says_force_of_named(asked: Understood, statement: Statement) -> bool:
    """`Nghị định số 3 hết hiệu lực kể từ …` in another text."""
    named = (m for m in statement.inner_mentions for r in asked.instruments if matches(r, m))
    return "hieu luc" in asked.folded and "hiệu lực" in statement.text and any(named)


_RESTS_ON = re.compile(
    r"\b(?:can cu|theo|dua|thuc hien|cu the hoa|trien khai|kem|thay the|thay cho)\b"
)


def _instrument(
    asked: Understood, statement: Statement, mention: Mention, text: str
) -> Iterator[Span]:
    """`kết luận nào` wants a Kết luận, and none that the question names itself, unless what the
    named one is about tells the other: `Nghị quyết 18 ... thực hiện Nghị quyết Trung ương 7`."""
    wanted = asked.asked_kind
    if asked.kind == "which_document" and is_own(statement) and _RESTS_ON.search(asked.folded):
        return  # what a document rests on is another
    if not any(matches(reference, mention) for reference in asked.instruments):
        if _kind_fits(asked, mention) and _issuer_fits(asked, statement, mention):
            yield mention.number_span or (mention.start, mention.end)
    elif asked.kind == "which_document" and mention.subject_span and wanted:
        if fold(wanted) in fold(text[slice(*mention.subject_span)]):
            yield mention.subject_span


def _kind_fits(asked: Understood, mention: Mention) -> bool:
    """`quyết định số nào`, or the first kind that `Kế hoạch ... mang số bao nhiêu` names."""
    if asked.asked_kind or asked.kind != "number":
        return asked.asked_kind in (None, mention.kind)
    if re.search(r"van ban (?:mang )?so", asked.folded):
        return True
    named = [(asked.folded.find(fold(kind)), kind) for kind in KINDS if fold(kind) in asked.folded]
    return not named or mention.kind == min(named)[1]


def _issuer_fits(asked: Understood, statement: Statement, mention: Mention) -> bool:
    """The number of the plan of Sở A is not that of the plan of the province which it names."""
    if not asked.bodies or is_own(statement) or _RESTS_ON.search(asked.folded):
        return True
    words = fold(statement.document.text[mention.start : mention.end])
    return any(body in words for body in asked.bodies)


def is_own(statement: Statement) -> bool:
    """Whether the instrument named is the document itself or the one that it reports."""
    mention, document = statement.mention, statement.document
    known = {k.number for k in (document.meta, document.about) if k}
    return mention is not None and mention.number is not None and mention.number in known


def _fits_unit(asked: Understood, value: str) -> bool:
    """`bao nhiêu phần trăm` wants a percentage, `mấy lần` a number of lần, `bao nhiêu` any number."""
    plain = fold(value)
    percent = "%" in value or " phan " in plain or plain == "qua nua"
    if _PERCENT.search(asked.folded):
        return percent
    match = _COUNTED.search(asked.folded)
    if match is None or _NO_UNIT.match(match[1]):
        return True
    if match[1].split()[0] == "nguoi" and _PERSONS.search(plain):
        return True
    # `bao nhiêu hộ đồng ý` may be told as a share of them.
    return (percent and _VOTING.match(match[1]) is not None) or any(
        re.search(rf"\b{re.escape(word)}\b", plain) for word in match[1].split()
    )
