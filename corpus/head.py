"""What a document says of itself: kind, number, date, issuer, place, title, secrecy. Unknown is None.

Covered: the head of an official text (state and Party form), the first lines of a page that reports
an instrument. The foot is read by `foot`.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.clean import fold
from corpus.gazetteer import find_place, provinces
from corpus.letters import compiled
from corpus.model import Instrument
from corpus.references import KINDS, Mention, canonical_number, iso_date, kind_of, mentions

_HEAD_LINES = 25
_NUMBER_LINE = re.compile(
    r"^(?:(?:Luật|Bộ luật|Nghị quyết|Pháp lệnh)\s+)?Số\s*:?\s*(?P<number>\S[^\n]*)", re.I
)
_REAL_NUMBER = re.compile(r"\d+\S*\s?[/-]\s?[A-ZĐ]\S*")
_PLACE_DATE = compiled(
    r"^(?P<place>[A-ZÀ-ỸĐ][^,\d]{1,40}),\s*(?:ngày\s*(?P<day>\d{1,2})?\s*)?tháng\s*(?P<month>\d{1,2})?"
    r"\s*năm\s*(?P<year>\d{4})\s*$"
)
_MOTTO = re.compile(r"^(?:CỘNG H\w+ XÃ HỘI|ĐỘC LẬP|ĐẢNG CỘNG SẢN)", re.I)
_KIND_LINE = {
    fold(kind): kind for kind in (*KINDS, "Quy chế", "Thông báo", "Chương trình phối hợp")
}
_COLUMNS = compiled(r"\s{3,}(?=[A-ZÀ-ỸĐ])")  # the two halves of a head on one line
_PAGE_DATE = re.compile(
    r"(?:^|\b)(?:[Nn]gày\s+(?:cập nhật|đăng)\s*:?\s*)?(?P<day>\d{1,2})[/-](?P<month>\d{1,2})[/-](?P<year>\d{4})\b"
)
_PHONE = re.compile(r"\b0\d{2,3}[. ]?\d{3,4}[. ]?\d{3}\b")  # a line of contacts above the title
_PAGE_DATE_LINE = re.compile(r"^(?:ngày|thứ|chủ nhật|cập nhật|đăng|\d|\W)", re.I)


def read_head(text: str) -> tuple[Instrument, Instrument | None]:
    """The document's own metadata, and those of the instrument that a news page reports."""
    columns = (piece.strip() for line in text.split("\n") for piece in _COLUMNS.split(line))
    lines = [piece for piece in columns if piece][:_HEAD_LINES]
    kind_at = next((n for n, line in enumerate(lines) if _kind_of_line(line)), None)
    numbered = any(_NUMBER_LINE.match(line) for line in lines)
    if kind_at is not None and kind_at <= 14:
        return _official(lines, kind_at), None
    if numbered:
        return _letter(lines), None
    if _ARTICLES.search(text):  # an official text that lost its head
        return _numbered(lines), None
    return _page(lines, text)


_ARTICLES = re.compile(r"^Điều 1\s*[.:]", re.M)


def _kind_of_line(line: str) -> str | None:
    """`KẾ HOẠCH`, `NGHỊ ĐỊNH`: a line of capitals that is no more than a kind."""
    kind = _KIND_LINE.get(fold(line.strip(" :*")))
    return kind if kind and line.strip(" :*").isupper() else None


def _official(lines: list[str], kind_at: int) -> Instrument:
    kind = _kind_of_line(lines[kind_at])
    subject = _subject(lines[kind_at + 1 :]) or ""
    if subject and subject.isupper():
        subject = _in_sentence_case(subject)
    law = kind in ("Luật", "Bộ luật", "Pháp lệnh")  # their names keep the capital: Luật Thanh tra
    keeps = law or subject[1:2].isupper()  # a name of a law, an abbreviation
    first = subject[:1] if keeps else subject[:1].lower()
    title = f"{kind} {first}{subject[1:]}" if subject and kind else kind
    found = replace(_numbered(lines), kind=kind, title=title)
    if found.number is None:
        found = _promulgated(found, lines[kind_at + 1 :])
    return found if found.issuer else replace(found, issuer=_issues_it(lines[kind_at:], kind))


_PROMULGATED = re.compile(r"^\(?(?:được )?ban hành (?:kèm )?theo\s", re.I)


def _promulgated(found: Instrument, lines: list[str]) -> Instrument:
    """`(Ban hành kèm theo Quyết định số 12/QĐ-UBND ...)` under the title gives the number and date."""
    line = next((line for line in lines if _PROMULGATED.match(line)), "")
    named = next((m for m in mentions(line) if m.number), None)
    if named is None:
        return found
    return replace(found, number=named.number, issued_on=found.issued_on or named.date)


def _issues_it(lines: list[str], kind: str | None) -> str | None:
    """`Sở Y tế xây dựng Kế hoạch ...`: the issuer of a text whose head does not name it."""
    told = compiled(rf"^([A-ZÀ-ỸĐ][^,.;:\n]{{3,70}}?) (?:xây dựng|ban hành) {kind}\b")
    match = next((m for line in lines if (m := told.match(line))), None)
    return match[1] if match else None


_STAMP = re.compile(r"^(?:TUYỆT |TỐI )?MẬT$")


def secrecy_of(text: str) -> str | None:
    """The secrecy stamp above the text, None where there is none."""
    lines = [line.strip(" |*-") for line in text.split("\n") if line][:_HEAD_LINES]
    return next((line for line in lines if _STAMP.match(line)), None)


# Names that keep their capitals where a title in capitals is written as a sentence.
_PROPER = {
    fold(name): name
    for name in (
        "Việt Nam", "Quốc hội", "Chính phủ", "Đảng", "Nhà nước", "Nhân dân", "Hội đồng nhân dân", "Mặt trận Tổ quốc",
        "Ủy ban nhân dân", "Ủy ban Mặt trận Tổ quốc", "Thủ tướng Chính phủ", "Bộ Chính trị", "Ban Bí thư", "Trung ương",
        "MTTQ", "VN", "UBND", "HĐND", "CCHC", "TTHC", "NĐ", "QĐ", *provinces(),
    )
}  # fmt: skip


def _in_sentence_case(capitals: str) -> str:
    """`LUẬT HOẠT ĐỘNG CỦA QUỐC HỘI` as `Luật hoạt động của Quốc hội`."""
    words = capitals.lower().split()
    told: list[str] = []
    while words:
        taken = next(
            (
                n
                for n in (6, 5, 4, 3, 2, 1)
                if fold(" ".join(words[:n])) in _PROPER and n <= len(words)
            ),
            0,
        )
        told.append(_PROPER[fold(" ".join(words[:taken]))] if taken else words[0])
        words = words[taken or 1 :]
    sentence = " ".join(told)
    return sentence[:1].upper() + sentence[1:]


def _subject(lines: list[str]) -> str | None:
    """The lines under the kind, up to the first that is no title any more."""
    taken: list[str] = []
    for line in lines[:4]:
        ends = re.search(r"[.;:]$", line) or re.match(
            r"(?:Căn cứ|Thực hiện (?:Kế|Chỉ|Nghị|Quyết|Công)|Điều \d|[IVX]+\.|Chương|CHƯƠNG|Kính gửi|QUỐC HỘI|THỦ TƯỚNG|CHÍNH PHỦ)",
            line,
        )
        if ends or (taken and len(" ".join(taken)) > 60 and not line[:1].islower()):
            break
        if not re.fullmatch(r"[\W_]+", line):
            taken.append(line)
    return " ".join(taken) or None


def _letter(lines: list[str]) -> Instrument:
    """A công văn has no line with its kind; its subject stands behind `V/v`."""
    found = _numbered(lines)
    subject = next((line for line in lines if re.match(r"V/v|Về việc", line)), None)
    kind = found.kind or ("Công văn" if subject else None)
    return replace(
        found, kind=kind, title=subject and re.sub(r"^V/v:?", "Công văn về việc", subject)
    )


def _numbered(lines: list[str]) -> Instrument:
    number = _number(lines)
    day = next((m for line in lines if (m := _PLACE_DATE.match(line))), None)
    place = day["place"].strip() if day else None
    whole = day and day["day"] and day["month"]
    date = iso_date(day["day"], day["month"], day["year"]) if day and whole else None
    part = (
        day
        and not date
        and (f"tháng {day['month']} năm {day['year']}" if day["month"] else f"năm {day['year']}")
    )
    return Instrument(number=number, kind=kind_of(number), issued_on=date, issuer=_issuer(lines),
                      issued_on_text=part or None, place=place)  # fmt: skip


def _number(lines: list[str]) -> str | None:
    for line in lines:
        if match := _NUMBER_LINE.match(line):
            found = _REAL_NUMBER.search(match["number"])
            return canonical_number(found[0]).rstrip(".,;") if found else None
    return None


def _issuer(lines: list[str]) -> str | None:
    """The lines of capitals above the number, without the state's own name and motto."""
    above: list[str] = []
    for line in lines:
        if _NUMBER_LINE.match(line) or _kind_of_line(line) or _PLACE_DATE.match(line):
            break
        if line.isupper() and len(line) > 3 and not _MOTTO.match(line):
            above.append(re.split(r"\s{2,}|CỘNG H", line)[0].strip())
    return _joined(above)


_COUNCIL = re.compile(r"^(?:ỦY BAN|UỶ BAN|UBND|HỘI ĐỒNG|HĐND|ĐOÀN ĐẠI BIỂU|THƯỜNG TRỰC)")
_GOES_ON = re.compile(r"^(?:VÀ|TỈNH|THÀNH PHỐ|XÃ|PHƯỜNG|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|ĐẶC KHU)\s")


def _joined(above: list[str]) -> str | None:
    """The lowest organ; its name may stand on two lines: `ỦY BAN NHÂN DÂN`, `TỈNH LÂM ĐỒNG`."""
    named = [line for line in above if line]
    if not named:
        return None
    if len(named) > 2 and _COUNCIL.match(named[-3]) and all(map(_GOES_ON.match, named[-2:])):
        named.pop()  # `ỦY BAN NHÂN DÂN`, `XÃ MỎ CÀY`, and the province that it lies in
    goes_on = len(named) > 1 and _GOES_ON.match(named[-1])
    whole = goes_on and (named[-1].startswith("VÀ") or _COUNCIL.match(named[-2]) and not _GOES_ON.search(f"{named[-2]} "))  # fmt: skip
    return " ".join(named[-2:]) if whole else named[-1]


def _page(lines: list[str], text: str) -> tuple[Instrument, Instrument | None]:
    day = _page_date(lines[:4])
    titles = [
        line
        for line in lines[:6]
        if (not _PAGE_DATE_LINE.match(line) or line[:1] in '“"') and not _PHONE.search(line)
    ]
    title = next((line for line in titles if len(line.split()) >= 4), None)
    lead = "\n".join(lines[:5])
    place = find_place(lead) or find_place(text)
    own = Instrument(title=title, kind="Tin", issued_on=day, place=place)
    return own, _reported(lead, place)


def _page_date(lines: list[str]) -> str | None:
    for line in lines:
        match = _PAGE_DATE.search(line)
        if match and len(line) < 60:
            return iso_date(match["day"], match["month"], match["year"])
    return None


def _reported(lead: str, place: str | None) -> Instrument | None:
    """The instrument whose issue the page's first lines tell."""
    found = next((m for m in mentions(lead) if _is_issued(lead, m)), None)
    if found is None:
        return None
    issuer = lead[slice(*found.issuer_span)] if found.issuer_span else None
    subject = lead[slice(*found.subject_span)] if found.subject_span else None
    title = f"{found.kind} {subject}" if subject and found.kind else None
    return Instrument(title, found.number, found.kind, issuer, found.date, None, place)


def _is_issued(lead: str, mention: Mention) -> bool:
    told = lead[max(0, mention.start - 40) : (mention.number_span or (mention.start,))[0]]
    return bool(re.search(r"ban hành\s+(?:[A-ZĐ]\w*\s+\w+\s+)?(?:số\s*)?$", told))
