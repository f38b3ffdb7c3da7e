"""Duties, targets and dates of a document as data: who does what, how much, by when, reporting to whom.

Every field is a span of the document's text; who may stand in the heading or lead-in above. Rows of
tables are read in `duty_tables`. Not duties: grounds, past results, purposes, definitions, budgets,
dates of instruments and of their effect, closing formulas. Of laws, decrees and circulars only the
sentences that set a named doer a term: the rest of a law is rules, not work of an office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from corpus.amounts import amounts
from corpus.clean import fold
from corpus.doers import (
    addressee,
    begins_with_verb,
    heading_organ,
    listed,
    opening_subject,
    partners,
    subjects,
)
from corpus.due_dates import Due, dues, often
from corpus.letters import compiled
from corpus.model import Document, Part
from corpus.references import mentions
from corpus.sentences import sentences

Span = tuple[int, int]
Kind = Literal["report", "deadline", "target", "task"]
Topic = Literal["plain", "aside", "target", "money"]


@dataclass(frozen=True, eq=False)
class Duty:
    """One duty at `document.text[start:end]`; all spans are offsets into that text."""

    document: Document
    part: Part
    start: int
    end: int
    kind: Kind
    who: tuple[Span, ...]  # may stand in the heading or lead-in above, as may `with_`
    with_: tuple[Span, ...]
    what: Span
    amounts: tuple[Span, ...]
    due: tuple[Span, ...]
    due_on: tuple[str | None, ...]  # beside `due`: ISO, the last day; None: recurs, or hangs on an event
    report_to: Span | None
    context: Span | None  # the heading or lead-in that names the doer

    @property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def url(self) -> str:
        """Address of the document's page, opened at the part with the duty marked."""
        return f"/documents/{self.document.id}?q={self.start}-{self.end}#{self.part.anchor}"


@dataclass(frozen=True)
class Setting:
    """What the headings above say for everything below them."""

    topic: Topic = "plain"
    doers: tuple[Span, ...] = ()
    partners: tuple[Span, ...] = ()
    context: Span | None = None


_MARK = compiled(
    r"\s*(?:(?:Điều|Mục|Chương|Phần)\s+[\dIVXLC]+[a-zđ]?[.:]?|[-–—•+*]|\d{1,3}(?:\.\d{1,3})*[.)/]?(?=\s)|[a-zđ]\d?[.)]|[IVXLC]+[.)/]"
    r"|[A-HĐ][.)])\s*"
)
_LAW_KINDS = frozenset(
    ("Hiến pháp", "Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Thông tư", "Thông tư liên tịch", "Văn bản hợp nhất")
)  # fmt: skip
# They stand until they are replaced: a day without a year comes back every year.
_STANDING_KINDS = _LAW_KINDS | {"Chỉ thị", "Quyết định", "Quy chế", "Quy định", "Nghị quyết"}
_ASIDE = re.compile(
    r"\bmuc dich\b|^yeu cau$|\bket qua (?:nam|thuc hien|dat duoc|cong tac)|^(?:dac diem )?tinh hinh|thuc trang|ton tai|han che"
    r"|^can cu|pham vi|doi tuong (?:ap dung|dieu chinh)|giai thich tu ngu|^nguyen tac|hieu luc|^dia diem|^noi dung doi thoai"
    r"|^y nghia|^quan diem|^khai niem|dieu khoan (?:thi hanh|chuyen tiep)|^thanh phan ho so"
)
_TARGET = re.compile(r"\bchi tieu\b")
_MONEY = re.compile(r"\bkinh phi\b|\bnguon luc tai chinh\b")
_FORMULA = compiled(
    r"(?:Trên đây|Trường hợp|Nếu |Quá thời hạn|(?:Trong )?[Qq]uá trình|Thông tin (?:cần|liên hệ)|Mọi (?:vướng mắc|thông tin)|Kính gửi"
    r"|(?:Kế hoạch|Chỉ thị|Quyết định|Thông báo|Quy chế|Công văn|Hướng dẫn|Nghị quyết)(?: số \S+)? (?:này|có)\b|Địa điểm|Khách mời|Trang phục|Thành phần)"
)
_CLOSING = re.compile(
    r"(?:liên hệ|(?:khó khăn|vướng mắc|phát sinh)[^;.]{0,80}?(?:phản ánh|báo cáo|kịp thời|thông tin)|(?:chịu trách nhiệm )?thi hành (?:Quyết định|Chỉ thị|Kế hoạch|Nghị quyết|Quy chế|Luật|Nghị định) này)"
)
_GENERAL = re.compile(
    r"[\s,]*(?:(?:quan tâm|nghiêm túc|khẩn trương|triển khai|tổ chức|phối hợp|chấp hành|thực hiện|nghiêm|tốt|căn cứ|hiệu quả|có|và)[\s,]*)+(?:(?:các )?nội dung (?:trên|này)|(?:Kế hoạch|Chỉ thị|Công văn) này)?$"
)
_PAST = re.compile(r"(?<!\w)(?:đã|vừa|mới có|là \d)\s")
_ISSUES = compiled(r"(?:ban hành|ký|thông qua)(?: \w+)?\s+[A-ZĐ][\wÀ-ỹ ]{2,24}\s+(?:[Ss]ố\s+)?\d")
_REPORTS = re.compile(r"(?:Báo cáo|Nộp|Gửi)\b|.*(?<!\w)(?:gửi|nộp)(?!\w)")
_TIME = re.compile(r"(?:Thời gian|Thời hạn|Hạn \w+)[^:]{0,30}:\s*")
_DAY = re.compile(r"(?:ngày\s+)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_QUOTED = re.compile(r"“[^”\n]{1,300}”|\"[^\"\n]{1,300}\"")
_SOFT = re.compile(r"(?i:trước khi|thường xuyên)\b")


@lru_cache(maxsize=4096)
def duties(document: Document) -> tuple[Duty, ...]:
    """Every duty of a document, in the order of its text."""
    reader = _Reader(document)
    found = reader.below(_body(document), Setting())
    return tuple(sorted(found, key=lambda duty: (duty.start, duty.end)))


def plan_year(document: Document) -> int | None:
    """The year that the document's title names (the last one), or that of its issue."""
    for meta in (document.about, document.meta):
        if meta and meta.title and (years := re.findall(r"(?:19|20)\d{2}", meta.title)):
            return int(years[-1])
    for meta in (document.about, document.meta):
        when = (meta.issued_on or meta.issued_on_text or "") if meta else ""
        if years := re.findall(r"(?:19|20)\d{2}", when):
            return int(years[-1])
    return None


def _body(document: Document) -> Sequence[Part]:
    """The outline without the grounds above its first marked part; a page of prose is whole."""
    marked = ("part", "chapter", "section", "article", "clause", "appendix")
    first = next((n for n, part in enumerate(document.outline) if part.level in marked), 0)
    return document.outline[first:]


class _Reader:
    """One pass over a document; what all of its sentences share."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        kind = (document.about or document.meta).kind
        self.of_law = kind in _LAW_KINDS
        self.year = plan_year(document)
        standing = kind in _STANDING_KINDS and not re.search(r"năm \d{4}", document.title)
        self.year_if_none = None if standing else self.year
        # What is quoted, and what an instrument is called, sets no date and no amount here.
        self.foreign = [(m.start, m.end) for m in mentions(self.text)]
        self.foreign += [m.span() for m in _QUOTED.finditer(self.text)]

    def below(self, parts: Sequence[Part], setting: Setting) -> Iterator[Duty]:
        here = setting
        for part in parts:
            lead = self._words(part.start, part.lead_end)
            if part.level in ("head", "foot") or lead[0] >= lead[1]:
                continue
            if part.level == "table":
                from corpus.duty_tables import rows

                yield from rows(self, parts, part, here)
            elif _is_heading(part, self.text[slice(*lead)]):
                under = self._under(lead, setting if part.level != "paragraph" else Setting())
                here = under if part.level == "paragraph" else here
                yield from self.below(part.children, under)
            else:
                found = list(self.sentences(part, *lead, here))
                yield from found
                inner = self._led(lead, here)
                here = inner if part.level == "paragraph" and self.text[lead[1] - 1] == ":" else here
                yield from self.below(part.children, inner)

    def _words(self, start: int, end: int) -> Span:
        """A part's own words without its list mark."""
        mark = _MARK.match(self.text, start, end)
        begin = mark.end() if mark else start
        inner = self.text[begin:end]
        return begin + len(inner) - len(inner.lstrip()), begin + len(inner.rstrip())

    def _under(self, lead: Span, above: Setting) -> Setting:
        topic = _topic(self.text[slice(*lead)]) or above.topic
        return replace(self._led(lead, above), topic=topic)

    def _led(self, lead: Span, above: Setting) -> Setting:
        """The setting below a lead-in; it keeps the doers of the one above unless it names some."""
        doers = heading_organ(self.text, *lead)
        if not doers:
            return above
        with_ = tuple(partners(self.text, *lead))
        return Setting(above.topic, tuple(doers), with_, lead)

    def sentences(self, part: Part, start: int, end: int, setting: Setting) -> Iterator[Duty]:
        if setting.topic == "aside":
            return
        running = setting
        for left, right in sentences(self.text, start, end):
            inner = self._words(left, right) if left == start else (left, right)
            right = inner[0] + len(self.text[slice(*inner)].rstrip(" .;:,/…"))
            duty = self._duty(part, inner[0], right, running)
            if duty is not None:
                yield duty
            opener = opening_subject(self.text, inner[0], right)
            if opener and not setting.doers:
                running = replace(setting, doers=duty.who if duty and duty.who else (opener,), partners=())

    def _duty(self, part: Part, start: int, end: int, setting: Setting) -> Duty | None:
        words = self.text[start:end]
        if len(words.split()) < 4 or self._is_aside(start, end):
            return None
        who, inherited = self._who(start, end, setting)
        due = self.dues(start, end)
        taken = [(d.start, d.end) for d in due] + [s for s in self.foreign if s[0] < end and start < s[1]]
        timed = _TIME.match(words)
        much = [] if setting.topic == "money" or timed else amounts(self.text, start, end, taken)
        sent, receiver = addressee(self.text, start, end)
        firm = [d for d in due if not _SOFT.match(self.text[d.start : d.end])]
        kind = self._kind(words, bool(sent), due, firm, much)
        if not self._counts(setting, who, firm, much, sent, words):
            return None
        with_ = partners(self.text, start, end) or (setting.partners if inherited else ())
        return Duty(
            self.document, part, start, end, kind, tuple(listed(self.text, who)),
            tuple(listed(self.text, with_)), (start, end), tuple(much),
            tuple((d.start, d.end) for d in due), tuple(d.on for d in due), receiver,
            setting.context if inherited else None,
        )  # fmt: skip

    def _who(self, start: int, end: int, setting: Setting) -> tuple[Sequence[Span], bool]:
        """The doers, and whether they stand above."""
        own = subjects(self.text, start, end)
        verb = begins_with_verb(self.text, start, end)
        opened = opening_subject(self.text, start, end)
        if own and (not verb or not setting.doers or opened):
            return own, False
        return setting.doers, bool(setting.doers)

    def dues(self, start: int, end: int) -> list[Due]:
        found = dues(self.text, start, end, self.year_if_none)
        if timed := _TIME.match(self.text, start, end):
            days = [] if found else list(_DAY.finditer(self.text, timed.end(), end))
            from corpus.due_dates import last_day

            found += [Due(*m.span(), last_day(m[0], self.year)) for m in days]
        for match in often(self.text, start, end):
            if begins_with_verb(self.text, match.start(1), end):
                found.append(Due(*match.span(), None))
        outside = [d for d in found if not any(a <= d.start < b for a, b in self.foreign)]
        return sorted(outside, key=lambda due: due.start)

    def _is_aside(self, start: int, end: int) -> bool:
        words = self.text[start:end]
        if _FORMULA.match(words) or _CLOSING.search(words) or _ISSUES.search(words[:160]):
            return True
        first = " ".join(words.split()[:9]) + " "
        if _PAST.search(first) or self._is_of_a_past_year(words):
            return True
        if words.startswith("Căn cứ") and self.text[end : end + 1] == ";" and not subjects(self.text, start, end) and "," not in words:
            return True
        opener = [span for span in subjects(self.text, start, end)]
        return bool(opener and _GENERAL.fullmatch(self.text[opener[-1][1] : end]))

    def _is_of_a_past_year(self, words: str) -> bool:
        year = re.match(r"(?:Trong )?[Nn]ăm ((?:19|20)\d{2})\b", words)
        return bool(year and self.year and int(year[1]) < self.year)

    def _kind(self, words: str, sent: bool, due: list[Due], firm: list[Due], much: Sequence[Span]) -> Kind:
        if sent or (firm and _REPORTS.match(words)):
            return "report"
        return "deadline" if due else "target" if much else "task"

    def _counts(
        self, setting: Setting, who: Sequence[Span], firm: list[Due], much: Sequence[Span], sent: bool, words: str
    ) -> bool:  # fmt: skip
        if self.of_law:
            return bool(who and firm)
        if setting.topic == "money":
            return bool(who)
        return bool(setting.topic == "target" or who or firm or much or (sent and who))


def _is_heading(part: Part, words: str) -> bool:
    """A title with something below it, a lead-in, or a line of capitals."""
    if part.level == "paragraph":
        return words.isupper() and len(words.split()) <= 30
    return bool(part.heading) and bool(part.children)


def _topic(heading: str) -> Topic | None:
    folded = fold(heading).strip(" .:;")
    if _ASIDE.search(folded):
        return "aside"
    if _TARGET.search(folded):
        return "target"
    return "money" if _MONEY.search(folded) else None
