"""Whether what an answer cites is in force, said with the answer.

What is known to be over, replaced or not yet in force stands in the answer itself, cited; what is
unknown is a notice beside it. A question that names the year of a yearly plan knows which one it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from corpus.clean import fold
from corpus.model import Citation, Document, Part
from corpus.sentences import Span
from corpus.validity import Register, Validity, last_year
from rag.compose import Draft, told_words
from rag.constraints import is_document
from rag.judge import Judged
from rag.understand import Understood

_ENDED = ("replaced", "repealed", "not_yet")
_GONE = ("over", *_ENDED)
_LASTING = ("number", "which_document", "define")  # kinds of questions


def with_standing(asked: Understood, draft: Draft, register: Register, on: date) -> Draft:
    """The draft with what is known of its documents' validity on a day."""
    documents = list(dict.fromkeys(citation.document for citation in draft.citations))
    said: dict[str, list[str]] = {}
    for document in documents:
        validity = register.validity(document, on)
        if validity.is_asked:
            said.setdefault(validity.sentence, []).append(document.name)
        # Asked about another instrument, a text that names it is only a witness.
        if not asked.instruments or any(is_document(r, document) for r in asked.instruments):
            draft = _told(asked, draft, validity)
    known = (f"{'; '.join(names)}: {sentence}" for sentence, names in said.items())
    return replace(draft, notices=(*draft.notices, *known))


def _told(asked: Understood, draft: Draft, known: Validity) -> Draft:
    marker = len(draft.citations) + 1
    if known.state in _ENDED and known.causes:
        cause = known.causes[0]
        span = (cause.start, cause.end)
        if any(c.document is cause.document and c.start == cause.start for c in draft.citations):
            return draft
        words = told_words(cause.document, span, None)
        return _with(
            draft,
            f"Lưu ý: {words} [{marker}].",
            Citation(marker, cause.document, cause.part, *span),
        )
    # What a number or a word stands for does not end with a plan's year.
    if known.state == "over" and asked.kind not in _LASTING:
        year = last_year(known.document.about or known.document.meta)
        place = _titled(known.document, year) if year and year not in asked.years else None
        if place:
            meta = known.document.about or known.document.meta
            first = next(c.marker for c in draft.citations if c.document is known.document)
            alone = all(c.document is known.document for c in draft.citations)
            which = "này" if alone else f"ở [{first}]"  # its number need not stand in what is cited
            kind = (meta.kind or "văn bản").lower()
            words = f"Lưu ý: {kind} {which} là của năm {year}, nay đã qua [{marker}]."
            return _with(draft, words, Citation(marker, known.document, place[0], *place[1]))
    return draft


def _with(draft: Draft, words: str, citation: Citation) -> Draft:
    return replace(draft, text=f"{draft.text}\n{words}", citations=(*draft.citations, citation))


def _titled(document: Document, year: int) -> tuple[Part, Span] | None:
    """The line of the title, or of a page's beginning, that says the year."""
    title = fold(f"{document.title} {document.about.title if document.about else ''}")
    lines = [
        (part, part.start + match.start(), match[0].rstrip())
        for part in document.outline[:12]
        for match in re.finditer(r"[^\n]+", document.text[part.start : part.lead_end])
        if str(year) in match[0]
    ]
    said = [found for found in lines if fold(found[2]) in title] or [
        found for found in lines if len(found[2].split()) >= 8
    ]
    return (said[0][0], (said[0][1], said[0][1] + len(said[0][2]))) if said else None


def is_gone(document: Document, register: Register, on: date) -> bool:
    """Whether a text is known not to be in force on a day, or its year to be over."""
    return register.validity(document, on).state in _GONE


def current_first(fitting: list[Judged], register: Register, on: date) -> list[Judged]:
    """What is known not to be in force gives way to its rival: the text that replaced it, or one of the
    same kind and title of another year."""
    if not fitting:
        return fitting
    best = fitting[0].statement.document
    if not is_gone(best, register, on):
        return fitting
    causes = register.validity(best, on).causes
    successors = {cause.document.id for cause in causes} - {best.id}
    rivals = [
        judged for judged in fitting
        if _is_rival(best, judged.statement.document, successors)
        and not is_gone(judged.statement.document, register, on)
    ]  # fmt: skip
    return [*rivals, *(judged for judged in fitting if judged not in rivals)]


def _is_rival(best: Document, other: Document, successors: set[str]) -> bool:
    if other is best:
        return False
    same = best.meta.kind == other.meta.kind and best.meta.place in (None, other.meta.place)
    return other.id in successors or (same and _timeless(best.title) == _timeless(other.title))


def _timeless(title: str) -> str:
    return " ".join(re.sub(r"\d+", " ", fold(title)).split())


def asked_day(asked: Understood) -> date | None:
    """The day of which a question asks what was in force: `tại thời điểm 01/3/2021`."""
    if not re.search(r"hieu luc|thoi diem|luc do", asked.folded):
        return None
    whole = (day for day in asked.dates if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day))
    return next((date.fromisoformat(day) for day in whole), None)
