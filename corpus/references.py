"""Instruments that a text names: kind, number, date, issuer and subject, each where it is said.

`Chỉ thị số 16/CT-TTg ngày 16/5/2016 của Thủ tướng Chính phủ về tăng cường ...` is one mention with
five fields; a field that the text does not give is None. Offsets count from the text's beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import yaml

from corpus.clean import fold
from corpus.letters import compiled

Span = tuple[int, int]

# The kinds of instruments (Law 63/2025 on legal documents; Regulation 66-QĐ/TW of the Party; Decree
# 30/2020 on clerical work) and the codes that stand for them in numbers.
KINDS: dict[str, tuple[str, ...]] = {
    "Hiến pháp": (), "Bộ luật": (), "Luật": ("qh",), "Pháp lệnh": ("pl",),
    "Nghị quyết liên tịch": ("nqlt",), "Nghị quyết": ("nq",), "Nghị định": ("nd",),
    "Quyết định": ("qd",), "Quy định": ("qdi", "qyd"), "Chỉ thị": ("ct",), "Kết luận": ("kl",),
    "Thông tư liên tịch": ("ttlt",), "Thông tư": ("tt",), "Thông báo": ("tb",),
    "Thông tri": ("ttr",), "Công văn": ("cv",), "Công điện": ("cd",), "Kế hoạch": ("kh",),
    "Chương trình": ("ctr", "cth", "ctrph", "ctph"), "Hướng dẫn": ("hd",), "Báo cáo": ("bc",),
    "Tờ trình": ("ttr",), "Đề án": ("da",), "Quy chế": ("qc",), "Lệnh": ("l",),
    "Giấy mời": ("gm",), "Văn bản hợp nhất": ("vbhn",),
}  # fmt: skip

# Folded, as alternatives of a pattern, the longest first.
KIND_WORDS = "|".join(sorted(map(fold, KINDS), key=len, reverse=True))

GO_BY_NAME = ("Luật", "Bộ luật", "Pháp lệnh", "Hiến pháp")  # kinds cited without a number

_NUMBER = (
    r"(?P<number>\d+[a-z]?(?:\s?/\s?\d{4})?\s?[/-]\s?[A-ZĐ][A-Za-zĐđ&]*\d*"
    r"(?:(?:\s?[-/]\s?|\.)[A-ZĐ][A-Za-zĐđ&]*\d*)*)"
)
_DATE = r"(?P<day>\d{1,2})\s?(?:[/.-]|tháng)\s?(?P<month>\d{1,2})\s?(?:[/.-]|năm)\s?(?P<year>(?:19|20)\d{2})"
_KIND_WORDS = "|".join(sorted(KINDS, key=len, reverse=True))
_NUMBERED = compiled(
    rf"(?:(?P<kind>{_KIND_WORDS})(?P<more>(?: (?!số\b)[a-zà-ỹđ]+){{0,3}})\s+)?(?:[Ss]ố\s*:?\s*)?{_NUMBER}"
)
_WHEN = re.compile(rf"\s*,?\s*(?:ng[àầ]y\s+)(?P<date>{_DATE})")
_WHO = compiled(r"\s*,?\s*(?:của|do)\s+(?P<issuer>(?:liên\s+)?[A-ZÀ-ỸĐ][^,;.“”\"()]*?(?:\s*\(khóa [^)]*\))?)"
                  r"(?=\s*(?:[,;.“”\"(]|$|\bvề\b|\bban hành\b|\bquy định\b|\bthông qua\b|\bthực hiện\b|\bđã\b"
                  r"|\bđẩy mạnh\b|\btăng cường\b|\bphê duyệt\b|\bhướng dẫn\b|\bvà các\b))")  # fmt: skip
_BEFORE = compiled(
    rf"(?:[Nn]gày\s+(?P<date>{_DATE}),?\s+)?(?<!\w)(?P<issuer>[A-ZÀ-ỸĐ][^,;.:\n“”\"()]{{2,60}}?)"
    r"\s+(?:đã\s+|vừa\s+)?(?:ký\s+)?ban hành\s+$"
)
_WHAT = re.compile(
    r"\s*,?\s*(?P<subject>(?:[“\"]\s*)?(?:[Vv]ề(?: việc)?|ban hành|[Qq]uy định|thông qua|thực hiện"
    r"|đẩy mạnh|tăng cường|phê duyệt|hướng dẫn|triển khai|giữa)\s[^;\n]*)"
)
_SENTENCE_STOP = compiled(r"[.…](?=\s+[A-ZÀ-ỸĐ]|\s*$|/)")
# A law that the list of names does not have: from its capital to the first word that no name holds.
_UNLISTED = compiled(
    r"\b(?P<kind>Bộ luật|Luật|Pháp lệnh) (?P<name>[A-ZÀ-ỸĐ][^\W\d_]*(?:\s(?!này\b|năm\b|số\b|đã\b|được\b"
    r"|thì\b|là\b|quy định\b|có\b|theo\b|để\b|như\b|nào\b|gì\b|hiện\b|do\b|không\b|hoặc\b|nhưng\b|phải\b)"
    r"[^\W\d_]+){0,8}?)(?=\s*[;.:()“”\"\n,]|\s(?:này|năm|số|đã|được|thì|là|quy định|có|theo|để|như|nào|gì|hiện"
    r"|do|không|hoặc|nhưng|phải|và Luật|và Nghị)\b|\s\d|\s*$)"
)
_AMENDS = r"sửa đổi, bổ sung một số điều của (?:các )?(?:Bộ luật|Luật|Pháp lệnh) "
_LAW_YEAR = re.compile(r"\s(?:năm\s)?(?P<year>(?:19|20)\d{2})(?![\d/])")


@dataclass(frozen=True)
class Mention:
    """One instrument named at `text[start:end]`; each field is the span of its own words."""

    start: int
    end: int
    kind: str | None
    number: str | None
    date: str | None  # ISO
    year: int | None
    number_span: Span | None = None
    date_span: Span | None = None
    issuer_span: Span | None = None
    subject_span: Span | None = None
    name_span: Span | None = None  # of a law that goes by its name: `Tố cáo` of `Luật Tố cáo`


@cache
def _law_names() -> re.Pattern[str]:
    data = yaml.safe_load((Path(__file__).parent / "laws.yaml").read_text(encoding="utf-8"))
    options: list[str] = []
    for kind, names in data.items():
        longest_first = sorted(names, key=len, reverse=True)
        listed = "|".join(re.escape(name) for name in longest_first if name)
        word = f"{kind[0]}(?i:{kind[1:]})"
        named = (
            rf" (?P<name_{len(options)}>(?i:(?:{_AMENDS})?(?:về )?(?:{listed})))" if listed else ""
        )
        options.append(rf"(?P<kind_{len(options)}>{word}){named}")
    return re.compile(rf"(?<!\w)(?:{'|'.join(options)})(?!\w)")


@cache
def _folded_laws() -> re.Pattern[str]:
    data = yaml.safe_load((Path(__file__).parent / "laws.yaml").read_text(encoding="utf-8"))
    names = [fold(f"{kind} {name}").strip() for kind, listed in data.items() for name in listed]
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def law_in(question: str) -> str | None:
    """The first law that a question names, folded: `luat to cao`; typed without diacritics too."""
    match = _folded_laws().search(fold(question))
    return match[0] if match else None


def law_spans(question: str) -> list[tuple[int, int]]:
    """Where a question names laws, typed with diacritics or without, in its folded text."""
    return [match.span() for match in _folded_laws().finditer(fold(question))]


def mentions(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """The instruments named in `text[start:end]`, in their order."""
    end = len(text) if end is None else end
    numbered = [_mention(text, match, start, end) for match in _NUMBERED.finditer(text, start, end)]
    numbered = [m for m in _bounded(text, numbered) if m.kind or m.date]
    named = list(_named_laws(text, start, end))
    numbered = [_with_name(text, m, named) for m in numbered]
    taken = [(m.start, m.date_span[1] if m.date_span else m.end) for m in numbered]
    apart = [m for m in named if not any(left <= m.start < right for left, right in taken)]
    return sorted([*numbered, *apart], key=lambda mention: mention.start)


def _with_name(text: str, mention: Mention, named: Sequence[Mention]) -> Mention:
    """`Luật Tố cáo số 03/2011/QH13` is one mention, with a name and a number."""
    begin = (mention.number_span or (mention.start,))[0]
    for law in named:
        if law.end <= begin and re.fullmatch(r",?\s+(?:[Ss]ố\s*:?\s*)?", text[law.end : begin]):
            return replace(mention, start=min(mention.start, law.start), kind=law.kind,
                           name_span=law.name_span)  # fmt: skip
    return mention


def _mention(text: str, match: re.Match[str], lowest: int, end: int) -> Mention:
    position = match.end()
    when = _WHEN.match(text, position, end)
    position = when.end() if when else position
    who = _WHO.match(text, position, end)
    position = who.end() if who else position
    when = when or _WHEN.match(text, position, end)
    position = max(position, when.end()) if when else position
    what = _WHAT.match(text, position, end)
    position = what.end() if what else position
    before = None if when and who else _before(text, match.start(), lowest)
    if before:
        when = when or (before if before["day"] else None)
        who = who or before
    iso = iso_date(when["day"], when["month"], when["year"]) if when else None
    number = canonical_number(match["number"])
    year = int(when["year"]) if when else _year_of(number)
    start = (
        min(match.start(), before.start() if before["day"] else before.start("issuer"))
        if before
        else match.start()
    )
    return Mention(
        start, max(position, match.end()), match["kind"] or kind_of(number), number, iso, year,
        match.span("number"), when.span("date") if when else None,
        who.span("issuer") if who else None, what.span("subject") if what else None,
    )  # fmt: skip


def _before(text: str, position: int, lowest: int) -> re.Match[str] | None:
    """`Ngày 11/01/2021, UBND tỉnh ban hành`: date and issuer told before the instrument."""
    return _BEFORE.search(text, max(lowest, position - 160), position)


def _bounded(text: str, found: list[Mention]) -> Iterator[Mention]:
    """A subject ends with its sentence, at the latest where the next of a list begins."""
    for number, mention in enumerate(found):
        limit = found[number + 1].start if number + 1 < len(found) else len(text)
        stop = _subject_end(text, mention, limit)
        span = mention.subject_span
        subject = (span[0], stop) if span and stop > span[0] else None
        values = {**mention.__dict__, "end": max(stop, mention.start), "subject_span": subject}
        yield Mention(**values)


def _subject_end(text: str, mention: Mention, limit: int) -> int:
    if mention.subject_span is None:
        return mention.end
    begin, stop = mention.subject_span
    words = text[begin:stop]
    if sentence := _SENTENCE_STOP.search(words):
        stop = begin + sentence.start()
    inside = limit < stop  # `về tiếp tục thực hiện Chỉ thị số 05`: named within the subject
    if inside and re.search(r"(?:;|,|\bvà)\s*$", text[begin:limit]):
        stop = limit
    return stop - len(text[begin:stop]) + len(text[begin:stop].rstrip(' ,;.”"*'))


def _named_laws(text: str, start: int, end: int) -> Iterator[Mention]:
    listed = {m.start(): _listed_law(m) for m in _law_names().finditer(text, start, end)}
    inside = [(m.start, m.end) for m in listed.values()]
    for match in (*_UNLISTED.finditer(text, start, end), *_PARTY.finditer(text, start, end)):
        if not any(left <= match.start() < right for left, right in inside):
            span = match.span("name")
            listed[match.start()] = Mention(*match.span(), match["kind"], None, None, None,
                                            subject_span=span, name_span=span)  # fmt: skip
    for law in listed.values():
        year = _LAW_YEAR.match(text, law.end, end)
        if year:
            law = replace(law, end=year.end(), year=int(year["year"]), date_span=year.span("year"))
        yield law


# Resolutions of Party congresses and plenums go by them, without a number.
_PARTY = compiled(
    r"(?<!\w)(?P<kind>Nghị quyết) (?P<name>(?:Hội nghị )?(?:lần thứ [\w ]{2,12}, )?(?:Ban Chấp hành )?(?:Trung ương|TW)"
    r" ?(?:Đảng )?(?:lần thứ )?(?:\d{1,2}|tư|năm|sáu|bảy|tám|chín|mười)?,? ?\(?[Kk]hóa [IVXL]+\)?"
    r"|Đại hội (?:đại biểu )?(?:toàn quốc |Đảng bộ [\w ]{2,30}?)?(?: ?lần thứ) [IVXL]+(?: của Đảng)?)"
)


def _listed_law(match: re.Match[str]) -> Mention:
    which = next(n for n in range(9) if match[f"kind_{n}"])
    kind = match[f"kind_{which}"].capitalize()
    span = match.span(f"name_{which}") if f"name_{which}" in match.re.groupindex else None
    return Mention(*match.span(), kind, None, None, None, subject_span=span, name_span=span)


def iso_date(day: str, month: str, year: str) -> str | None:
    """`2021-11-26`, or None for a day that no calendar has."""
    d, m = int(day), int(month)
    return f"{int(year):04d}-{m:02d}-{d:02d}" if 1 <= d <= 31 and 1 <= m <= 12 else None


def canonical_number(number: str) -> str:
    """A number without stray spaces: `59 /2023/ NĐ-CP` is `59/2023/NĐ-CP`."""
    return re.sub(r"\s", "", number)


def kind_of(number: str | None) -> str | None:
    """The kind that the code inside a number stands for: `23-QĐ/TW` is a Quyết định."""
    codes = re.split(r"[/-]", fold(number or ""))[1:]
    for code in codes:
        for kind, own in KINDS.items():
            if re.sub(r"\d+$", "", code) in own:
                return kind
    return None


def number_parts(number: str) -> tuple[str, str | None, tuple[str, ...]]:
    """`59/2023/NĐ-CP` as ("59", "2023", ("nd", "cp")): equal whatever the punctuation."""
    pieces = [piece for piece in re.split(r"[\s/.\-–]+", fold(number)) if piece]
    year = pieces[1] if len(pieces) > 1 and re.fullmatch(r"(?:19|20)\d{2}", pieces[1]) else None
    return pieces[0].lstrip("0") or "0", year, tuple(pieces[2 if year else 1 :])


def _year_of(number: str) -> int | None:
    _, year, _ = number_parts(number)
    return int(year) if year else None
