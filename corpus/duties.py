"""Duties, targets and dates of a document as data: who does what, how much, by when, reporting to whom.

Every field is a span of the document's text; who may stand in the heading or lead-in above. Rows of
tables are read in `duty_tables`. Not duties: grounds, past results, purposes, definitions, budgets,
dates of instruments and of their effect, closing formulas. Of laws, decrees and circulars only the
sentences that set a named doer a term: the rest of a law is rules, not work of an office.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from corpus.amounts import amounts
from corpus.clean import fold
from corpus.doers import (
    addressee,
    begins_with_verb,
    behind_openings,
    heading_organ,
    holds_verb,
    listed,
    opening_subject,
    partners,
    subjects,
    tells_action,
)
from corpus.due_dates import Due, bare_dues, dues, often
from corpus.duty import Duty, Setting, Span, Topic, kind_of
from corpus.duty_tables import rows
from corpus.letters import compiled
from corpus.model import Document, Part
from corpus.references import mentions
from corpus.sentences import sentences

__all__ = ["Duty", "duties"]

_MARK = compiled(
    r"\s*(?:(?:Điều|Mục|Chương|Phần)\s+[\dIVXLC]+[a-zđ]?[.:]?|[-–—•+*]|\d{1,3}(?:\.\d{1,3})*[.)/]?[-–]?(?=\s)|[a-zđ]\d?[.)-]|[IVXLC]+[.)/-]"
    r"|[A-HĐ][.)])\s*"
)
_LAW_KINDS = frozenset(
    ("Hiến pháp", "Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Thông tư", "Thông tư liên tịch", "Văn bản hợp nhất")
)  # fmt: skip
# They stand until they are replaced: a report's day without a year comes back every year.
_STANDING_KINDS = _LAW_KINDS | {"Chỉ thị", "Quyết định", "Quy chế", "Quy định", "Nghị quyết"}
_ASIDE = re.compile(
    r"\bmuc dich\b|^yeu cau$|\bket qua (?:nam|thuc hien|dat duoc|cong tac)|^(?:dac diem )?tinh hinh|thuc trang|ton tai|han che|^thuan loi|^kho khan|^boi canh|su can thiet|^danh gia chung"
    r"|^can cu|pham vi|doi tuong (?:ap dung|dieu chinh)|giai thich tu ngu|^nguyen tac|hieu luc|^dia diem|^noi dung doi thoai"
    r"|^y nghia|^quan diem|^khai niem|dieu khoan (?:thi hanh|chuyen tiep)|^thanh phan ho so"
)
_SHORTEST = 4  # words of a duty
_LONGEST_TITLE = 18  # words; a longer lead-in states something itself
_TARGET = re.compile(r"\bchi tieu\b")
_BUDGET = re.compile(r"(?:Tổng |Nguồn )?(?:[Kk]inh phí|[Vv]ốn|mức đầu tư)\b")
_MONEY = re.compile(r"\bkinh phi\b|\bnguon luc tai chinh\b")
_FORMULA = compiled(
    r"(?:Trên đây|(?:Trong )?[Qq]uá trình|Thông tin (?:cần|liên hệ)|Mọi (?:vướng mắc|thông tin)|Kính gửi"
    r"|(?:Kế hoạch|Chỉ thị|Quyết định|Thông báo|Quy chế|Công văn|Hướng dẫn|Nghị quyết)(?: số \S+)? (?:này|có)\b|Địa điểm|Khách mời|Trang phục|Thành phần)"
)
_CONDITION = re.compile(r"(?:Trường hợp|Nếu|Quá thời hạn|Quá hạn)\b")
_CLOSING = re.compile(
    r"(?:\bliên hệ\b|(?:nếu|khi) (?:có|gặp|phát sinh|thấy)[^;.]{0,40}(?:khó khăn|vướng mắc|phát sinh)"
    r"|(?:chịu trách nhiệm )?thi hành (?:Quyết định|Chỉ thị|Kế hoạch|Nghị quyết|Quy chế|Luật|Nghị định) này)"
)
_GENERAL = re.compile(
    r"[\s,]*(?:(?:quan tâm|nghiêm túc|khẩn trương|triển khai|tổ chức|phối hợp|chấp hành|thực hiện|nghiêm|tốt|căn cứ|hiệu quả|có|và)[\s,]*)+(?:(?:các )?nội dung (?:trên|này)|(?:Kế hoạch|Chỉ thị|Công văn) này)?$"
)
_PAST = re.compile(r"(?<!\w)(?:đã|vừa|mới có|là \d)\s")
# How things were and are: no work.
_BEFORE_NOW = compiled(
    r"(?:Trước đó|Trước đây|Thời gian qua|Những năm qua|Vừa qua|Nhờ đó|Qua đó|Hiện nay|Hiện|Đến nay|Tính đến|So với|Theo (?:thống kê|đánh giá|số liệu|báo cáo|kết quả))\b"
)
_STATE = compiled(
    r"[^;:“]{3,90}?(?<!\w)(?:(?:hiện|mới|còn) (?:có|còn|đạt|chỉ|thiếu)\b|cho (?:biết|rằng|hay)\b"
    r"|được (?:xét|đề nghị|xem xét)?\s?(?:tặng|thưởng|khen thưởng|biểu dương|tuyên dương)|diễn ra|nhấn mạnh|phát biểu|khẳng định|dự kiến \d|chủ trì (?:hội nghị|buổi|cuộc|lễ)\b[^,]*$)"
)
_IS = compiled(
    r"(?P<what>[^,;:“]{3,60}?)(?<!\w)(?:là (?!đầu mối|ngày|lực lượng|thành viên|thư ký|cơ quan (?:thường trực|chủ trì|đầu mối))|có \d[\d.]* |gồm (?:có )?\d)"
)
# `Kết luận được công bố ...`, `Lượng giống phải đạt ...`: a thing is its subject, nobody is told.
_OF_A_THING = compiled(
    r"(?!(?:Trường hợp|Khi|Nếu|Sau|Trước|Trong|Để)\b)[A-ZĐÀ-Ỹ]\w*(?: \w+){1,5} (?:được \w|phải đạt\b)"
)
_ISSUES = compiled(r"(?:ban hành|ký|thông qua)(?: \w+)?\s+[A-ZĐ][\wÀ-ỹ ]{2,24}\s+(?:[Ss]ố\s+)?\d")
_TIME = re.compile(
    r"(?:[Tt]hời gian|[Tt]hời hạn|[Tt]iến độ|[Hh]ạn)(?! ký| đóng)(?: \w+){0,4}\s*(?::|(?<!\w)là(?!\w))\s*"
)
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
    if document.meta.kind == "Tin":
        return document.outline
    first = next((n for n, part in enumerate(document.outline) if part.level in marked), 0)
    return document.outline[first:]


class _Reader:
    """One pass over a document; what all of its sentences share."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        kind = (document.about or document.meta).kind
        self.of_law = kind in _LAW_KINDS
        # `trong năm` of a law is every year.
        self.year = None if self.of_law else plan_year(document)
        title = document.title
        several = re.search(r"giai đoạn|(?:19|20)\d{2}\s?[-–]\s?(?:19|20)\d{2}", title)
        one_year = re.search(r"năm (?:19|20)\d{2}", title) and not several
        self.standing = bool(kind in _STANDING_KINDS or several) and not one_year

    def below(self, parts: Sequence[Part], setting: Setting) -> Iterator[Duty]:
        here = setting
        for part in parts:
            lead = self._words(part.start, part.lead_end)
            if part.level in ("head", "foot"):
                continue
            if lead[0] >= lead[1]:  # `Chương I`, and nothing more
                yield from self.below(part.children, setting)
            elif part.level == "table":
                yield from rows(self.document, parts, part, here, self.year)
            elif part.level == "appendix" and not part.label[1:].islower():
                # Of an annex (a regulation is named by its kind) only the tables are work: the rest
                # is forms to fill in.
                yield from self.below(part.children, Setting("forms"))
            elif _is_heading(part, self.text[slice(*lead)]):
                anew = part.level == "paragraph" and setting.topic != "forms"
                under = self._under(lead, Setting() if anew else setting)
                here = under if part.level == "paragraph" else here
                yield from self.below(part.children, under)
            else:
                found = list(self.sentences(part, *lead, here))
                yield from found
                inner = self._led(lead, here)
                here = (
                    inner if part.level == "paragraph" and self.text[lead[1] - 1] == ":" else here
                )
                yield from self.below(part.children, inner)

    def _words(self, start: int, end: int) -> Span:
        """A part's own words without its list mark."""
        mark = _MARK.match(self.text, start, end)
        begin = mark.end() if mark else start
        inner = self.text[begin:end]
        return begin + len(inner) - len(inner.lstrip()), begin + len(inner.rstrip())

    def _under(self, lead: Span, above: Setting) -> Setting:
        own = None if above.topic == "forms" else _topic(self.text[slice(*lead)])
        topic = own or above.topic
        return replace(self._led(lead, above), topic=topic)

    def _led(self, lead: Span, above: Setting) -> Setting:
        """The setting below a lead-in; it keeps the doers of the one above unless it names some."""
        doers = heading_organ(self.text, *lead)
        if not doers:
            return above
        with_ = tuple(partners(self.text, *lead))
        return Setting(above.topic, tuple(doers), with_, lead)

    def sentences(self, part: Part, start: int, end: int, setting: Setting) -> Iterator[Duty]:
        """The duties of a part's own words; who opens a sentence also does what the next ones tell."""
        if setting.topic in ("aside", "forms") or (
            self.of_law and not dues(self.text, start, end, None)
        ):
            return
        running = setting
        spans = list(sentences(self.text, start, end))
        for number, (left, right) in enumerate(spans):
            left = self._words(left, right)[0] if left == start else left
            right = left + len(self.text[left:right].rstrip(" .;:,/…"))
            duty = self._duty(part, left, right, running)
            if duty is not None:
                yield duty
            if number + 1 < len(spans) and not setting.doers:
                running = self._after(running, duty, left, right)

    def _after(self, running: Setting, duty: Duty | None, start: int, end: int) -> Setting:
        opener = opening_subject(self.text, start, end)
        if opener is None:
            return running
        return replace(running, doers=duty.who if duty and duty.who else (opener,), partners=())

    def _duty(self, part: Part, start: int, end: int, setting: Setting) -> Duty | None:
        words = self.text[start:end]
        if len(words.split()) < _SHORTEST or self._is_aside(words):
            return None
        foreign = self._foreign(start, end)
        due = self._dues(start, end, foreign)
        firm = any(not _SOFT.match(self.text[d.start : d.end]) for d in due)
        if self.of_law and not firm:
            return None
        if not firm and _CONDITION.match(words):
            return None
        own = subjects(self.text, start, end)
        who, inherited = self._who(own, start, end, setting)
        if own and _GENERAL.fullmatch(self.text[own[-1][1] : end]):
            return None
        taken = [(d.start, d.end) for d in due] + foreign + list(own)
        budget = setting.topic == "money" or _TIME.match(words) or _BUDGET.match(words)
        much = [] if budget else amounts(self.text, start, end, taken)
        receiver = addressee(self.text, start, end)
        ruled = self.of_law or any(step.level == "article" for step in part.path)
        if self.of_law and not who:
            return None
        if not _counts(setting, bool(who), firm, bool(much), ruled):
            return None
        kind = kind_of(words, receiver, due, firm, much)
        if kind == "task" and inherited and self._only_leads(part, start, end):
            return None
        if kind == "report" and self.standing:
            due = [self._every_year(d) for d in due]
        with_ = partners(self.text, start, end) or (setting.partners if inherited else ())
        return Duty(
            self.document, part, start, end, kind,
            tuple(listed(self.text, who)), tuple(listed(self.text, with_)), self._what(start, end, who, due), tuple(much),
            tuple((d.start, d.end) for d in due), tuple(d.on for d in due), receiver,
            setting.context if inherited else None,
        )  # fmt: skip

    def _who(
        self, own: Sequence[Span], start: int, end: int, setting: Setting
    ) -> tuple[Sequence[Span], bool]:
        """The doers, and whether they stand above."""
        of_a_thing = _OF_A_THING.match(self.text, start, end)
        if not own and of_a_thing and not begins_with_verb(self.text, start, end):
            return (), False
        if not own or not setting.doers:
            return own or setting.doers, not own
        acting = not begins_with_verb(self.text, start, end)
        if acting or opening_subject(self.text, start, end):
            return own, False
        if self.text.startswith("Chỉ đạo", start):  # who directs and who is directed
            return (*setting.doers, *own), True
        return setting.doers, True

    def _what(self, start: int, end: int, who: Sequence[Span], due: Sequence[Due]) -> Span:
        """What is done: behind the subject that opens the sentence, before a deadline that ends it."""
        opens = [right for begin, right in who if begin == start]
        left = max(opens, default=start)
        right = due[-1].start if due and due[-1].end == end and due[-1].start > left + 1 else end
        inner = self.text[left:right]
        first = left + len(inner) - len(inner.lstrip(" ,:"))
        return first, max(first, left + len(inner.rstrip(" ,;(")))

    def _dues(self, start: int, end: int, foreign: Sequence[Span]) -> list[Due]:
        found = dues(self.text, start, end, self.year)
        for timed in _TIME.finditer(self.text, start, end):
            clause = re.compile(r"[;.]\s").search(self.text, timed.end(), end)
            stop = clause.start() if clause else end
            if not any(timed.end() <= due.start < stop for due in found):
                found += bare_dues(self.text, timed.end(), stop, self.year)
        for match in often(self.text, start, end):
            found.append(Due(*match.span(), None))
        outside = [d for d in found if not any(a <= d.start < b for a, b in foreign)]
        return sorted(outside, key=lambda due: due.start)

    def _every_year(self, due: Due) -> Due:
        """A report's day without a year comes back as long as the instrument stands."""
        dated = re.search(r"(?:19|20)\d{2}", self.text[due.start : due.end])
        return due if dated else replace(due, on=None)

    def _foreign(self, start: int, end: int) -> list[Span]:
        """What is quoted, and what instruments are called: they set no date and no amount."""
        quoted = [match.span() for match in _QUOTED.finditer(self.text, start, end)]
        return quoted + [(m.start, m.end) for m in mentions(self.text, start, end)]

    def _is_aside(self, words: str) -> bool:
        if _FORMULA.match(words) or _CLOSING.search(words) or _ISSUES.search(words[:160]):
            return True
        told = behind_openings(words)
        first = " ".join(told.split()[:9]) + " "
        if begins_with_verb(told, 0, len(told)):  # `Bảo vệ tài sản của các hộ đã sơ tán`
            first = first.partition(",")[2]
        past = _BEFORE_NOW.match(words) or _PAST.search(first) or _STATE.match(told)
        return bool(past) or _is(told) or self._is_of_a_past_year(words)

    def _is_of_a_past_year(self, words: str) -> bool:
        year = re.match(r"(?:Trong )?[Nn]ăm ((?:19|20)\d{2})\b", words)
        return bool(year and self.year and int(year[1]) < self.year)

    def _only_leads(self, part: Part, start: int, end: int) -> bool:
        """A lead-in, or a paragraph that tells no action, gives the doer above no task."""
        told = part.level != "paragraph" or tells_action(self.text, start, end)
        return not told or self.text[end : end + 1] == ":"


def _is(words: str) -> bool:
    """`X là ...`, `Toàn xã có 12 ...`: what is, unless an action stands before."""
    match = _IS.match(words)
    return bool(match and not holds_verb(match["what"]))


def _counts(setting: Setting, who: bool, firm: bool, much: bool, ruled: bool) -> bool:
    """Whether what was read makes a duty; an amount in a rule is a condition, not a target."""
    if setting.topic == "money":
        return who
    return setting.topic == "target" or who or firm or (much and not ruled)


def _is_heading(part: Part, words: str) -> bool:
    """A title with something below it, a lead-in, or a line of capitals."""
    if part.level == "paragraph":
        return words.isupper() and len(words.split()) <= 30
    return bool(part.heading) and bool(part.children)


def _topic(heading: str) -> Topic | None:
    folded = fold(heading).strip(" .:;")
    if len(folded.split()) > _LONGEST_TITLE:
        return None
    if _ASIDE.search(folded):
        return "aside"
    if _TARGET.search(folded):
        return "target"
    return "money" if _MONEY.search(folded) else None
