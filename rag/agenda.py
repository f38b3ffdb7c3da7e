"""Questions answered from the duties of the documents: what is due in a month, what somebody has to do,
which targets a document sets. Each line is a sentence of a document, cited."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from corpus.clean import fold
from corpus.duties import duties
from corpus.duty import Duty
from corpus.duty_list import Wanted, wanted_duties
from corpus.model import Citation, Document
from corpus.tables import in_row
from rag.compose import Draft, shown, told_words
from rag.constraints import satisfies
from rag.indexing import Snapshot
from rag.naming import named_documents
from rag.refuse import Gap
from rag.statements import described_as_one, document_scope
from rag.understand import Understood

_MOST = 12
_DESCRIBED = 0.6  # share of the words from which a question is about certain documents
_WORK = r"(?:phai lam|can lam|phai bao cao|bao cao nao|(?:nhung )?(?:viec|nhiem vu|bao cao|nhung) (?:gi|nao)|lam (?:nhung )?gi|den han|han nao|deadline|co (?:viec|han))"
_PERIOD = re.compile(
    r"(?P<now>(?:thang|quy|tuan|nam) nay|hom nay)|(?P<next>(?:thang|quy|tuan) (?:sau|toi))"
    r"|thang (?P<month>\d{1,2})(?:(?:/| nam )(?P<year>20\d{2}))?(?![/\d])|quy (?P<quarter>[1-4]|iv|i{1,3})(?:(?:/| nam )(?P<qyear>20\d{2}))?\b"
)
_ASKED = re.compile(rf"{_WORK}.*(?:{_PERIOD.pattern.replace('?P<', '?P<x')})|(?:{_PERIOD.pattern.replace('?P<', '?P<y')}).*{_WORK}")  # fmt: skip
_GIVEN = re.compile(
    r"(?:giao|yeu cau|de nghi)(?: cho)? (?P<who>[a-z][a-z ]{3,60}?)"
    r" (?:phai )?(?:lam|thuc hien|(?:nhung |cac )?(?:nhiem vu|viec|trach nhiem)) ?(?:nhung |cac )?(?:nhiem vu |viec )?(?:gi|nao)\b"
)
_DOER = re.compile(
    r"(?P<who>[a-z][a-z ]{3,60}?) (?:co (?:nhung )?(?:nhiem vu|trach nhiem)|phai (?:lam|thuc hien)|chiu trach nhiem|duoc giao|can lam)"
    r" (?:lam |nhung |ve |thuc hien |cac )*(?:nhiem vu |viec |trach nhiem )?(?:gi|nao)\b"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def agenda(
    asked: Understood, state: Snapshot, on: date, document_ids: Collection[str] | None
) -> Draft | Gap | None:
    """The answer to a question about duties of a period or of a doer; None for any other question."""
    period = _period(asked, on) if _ASKED.search(asked.folded) else None
    doer = _GIVEN.search(asked.folded) or _DOER.search(asked.folded)
    if period is None and doer is None:
        return None  # most questions: no document is looked at
    documents = [
        d for d in _meant(asked, state)
        if document_ids is None or d.id in document_ids
    ]  # fmt: skip
    if period:
        found = wanted_duties(documents, Wanted(first_day=period[0], last_day=period[1]))
        return _told(found) if found else _nothing_due(asked, documents, period)
    own = _of_doer(doer["who"], documents) if doer else []
    return _told(own) if own else None


def _meant(asked: Understood, state: Snapshot) -> list[Document]:
    """The documents that the question names or describes, or all that nothing in it speaks against."""
    documents = list(state.documents.values())
    if asked.instruments:
        return named_documents(asked, documents)
    fitting = [d for d in documents if satisfies(asked, described_as_one(d))]
    shares = {d.id: _described(asked, d) for d in fitting}
    best = max(shares.values(), default=0.0)
    return [d for d in fitting if shares[d.id] == best] if best >= _DESCRIBED else fitting


def _described(asked: Understood, document: Document) -> float:
    """The share of the question's content words in what a document says of itself."""
    words = dict.fromkeys((t.text for t in asked.content), 1.0)
    own = document_scope(document)
    return own.share(words, accented=asked.accented) if len(words) >= 2 else 0.0


def _of_doer(said: str, documents: Sequence[Document]) -> list[Duty]:
    """The duties of the doer whose whole name the question ends with, in one document only."""
    found = [
        duty for d in documents for duty in duties(d)
        if any(_is_called(said, name) for name in duty.names("who"))
    ]  # fmt: skip
    one = len({duty.document.id for duty in found}) == 1
    return found if one and len(found) >= 2 else []


def _is_called(said: str, name: str) -> bool:
    """Either may be longer: `Ban Chỉ huy Bộ đội Biên phòng tỉnh` is the Bộ đội Biên phòng tỉnh."""
    words = fold(name)
    shorter, longer = sorted((words, said), key=len)
    least = 2 if shorter == words else 3
    return len(shorter.split()) >= least and f" {longer}".endswith(f" {shorter}")


def _period(asked: Understood, on: date) -> tuple[str, str] | None:
    match = _PERIOD.search(asked.folded)
    if match is None:
        return None
    if match["month"] and 1 <= int(match["month"]) <= 12:
        return _months(int(match["year"] or _year(asked, on)), int(match["month"]), 1)
    if match["quarter"]:
        quarter = _QUARTERS.get(match["quarter"]) or int(match["quarter"])
        return _months(int(match["qyear"] or _year(asked, on)), 3 * quarter - 2, 3)
    words = match["now"] or match["next"] or ""
    ahead = match["next"] is not None
    if words.startswith("tuan"):
        monday = on - timedelta(days=on.weekday()) + timedelta(weeks=ahead)
        return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    if words.startswith("hom"):
        return on.isoformat(), on.isoformat()
    if words.startswith("nam"):
        return _months(on.year, 1, 12)
    length = 3 if words.startswith("quy") else 1
    first = (on.month - 1) // length * length + 1 + length * ahead
    return _months(on.year, first, length)


def _year(asked: Understood, on: date) -> int:
    return asked.years[0] if asked.years else on.year


def _months(year: int, first: int, length: int) -> tuple[str, str]:
    """The first and the last day of some months; a month past December is next year's."""
    start = date(year + (first - 1) // 12, (first - 1) % 12 + 1, 1)
    behind = first - 1 + length
    end = date(year + behind // 12, behind % 12 + 1, 1) - timedelta(days=1)
    return start.isoformat(), end.isoformat()


def _nothing_due(asked: Understood, documents: Sequence[Document], period: tuple[str, str]) -> Gap:
    first, last = (date.fromisoformat(day).strftime("%d/%m/%Y") for day in period)
    coming = wanted_duties(documents, Wanted(first_day=period[1]))[:3]
    message = f"Các văn bản trong kho không có việc nào đến hạn từ {first} đến {last}."
    return Gap(asked, (), (), message, tuple(_citation(n, d) for n, d in enumerate(coming, 1)))


def _told(found: Sequence[Duty]) -> Draft:
    told = found[:_MOST]
    citations = tuple(_citation(n, duty) for n, duty in enumerate(told, 1))
    lines = [
        f"- {_doer(duty)}{_words(citation)} [{citation.marker}]"
        for duty, citation in zip(told, citations, strict=True)
    ]
    return Draft("\n".join(lines), citations)


def _words(citation: Citation) -> str:
    in_table = in_row(citation.document.text, citation.start)
    span = citation.start, citation.end
    return told_words(citation.document, span, citation.context if in_table else None)


def _doer(duty: Duty) -> str:
    """Who has to do it, where only the heading says so."""
    text = duty.document.text
    if duty.part.level == "row" or not duty.who or duty.context is None:
        return ""
    left, right = duty.who[0]
    above = duty.context[0] <= left and right <= duty.context[1]
    return f"{shown(text[left:right])}: " if above else ""


def _citation(number: int, duty: Duty) -> Citation:
    """A row of a table is cited whole, with the heads of its columns."""
    if duty.part.level != "row":
        return Citation(number, duty.document, duty.part, duty.start, duty.end, duty.context)
    part, text = duty.part, duty.document.text
    end = part.start + len(text[part.start : part.end].rstrip())
    table = next(p for p in duty.document.parts() if p.path == part.path[:-1])
    heads = (table.start, table.start + len(text[table.start : table.lead_end].rstrip()))
    return Citation(number, duty.document, part, part.start, end, heads)
