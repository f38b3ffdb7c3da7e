"""What a document, or a part of it, says in short: its own headings and leading sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.clean import fold
from corpus.model import Citation, Document, Part
from corpus.sentences import sentences
from rag.compose import Draft, compose_list, compose_part, first_clause, list_mark, told_words
from rag.constraints import satisfies
from rag.holdings import called, is_of
from rag.model import Choice
from rag.naming import kinds_said, named_documents
from rag.recipients import asks_recipients, recipients
from rag.refuse import Choices
from rag.statements import described_as_one, document_scope, items, lists, scope
from rag.understand import KIND_NAMES, Term, Understood

# Asks for a summary; of a text that it names, a question may just ask what it says.
_SUMMED_UP = re.compile(
    r"(?<!\w)(?:tom tat|tom luoc|tong quan|noi dung chinh|y chinh|khai quat)(?!\w)"
)
_SAYS = re.compile(
    r"(?<!\w)(?:noi (?:ve )?(?:gi|nhung gi)|co (?:nhung )?(?:noi dung )?gi|gom (?:may|nhung|cac)? ?(?:phan|muc|chuong|noi dung)(?: lon| chinh| nao)?"
    r"|co (?:may|bao nhieu|nhung) (?:phan|muc|chuong)(?: lon| chinh| nao)?|gom nhung gi|quy dinh nhung gi|may (?:phan|muc)(?: lon| chinh)?)(?!\w)"
)
_WORDS = 110  # of a summary
_LONGEST_HEADING = 20  # words
_LEAST_LEAD = 8  # words of what stands below a heading; fewer tell nothing
_LEAST_PARAGRAPH = 10  # words; shorter ones are titles, captions, names
_NUMBERED = frozenset(("part", "chapter", "section", "subsection", "article"))
_MOST_LEFT = 2  # words of the question that the text's title and head may lack
_MOST = 8  # texts to choose from
_COVERED = 0.6  # of the question's words, by weight, that tell which text is meant


def summary(asked: Understood, documents: Sequence[Document]) -> Draft | Choices | None:
    """The summary or the recipients that a question asks for, or which text it may mean; None for any
    other question.

    `documents` are those in which the caller looks, the likeliest first.
    """
    wanted = _SUMMED_UP.search(asked.folded)
    says = wanted or _SAYS.search(asked.folded)
    named = kinds_said(asked) and (asked.places or asked.instruments or asked.bodies)
    if sent := asks_recipients(asked):
        found = [d for d in _meant(sent, documents) if not _inside(sent, d)]
        if len(found) == 1 and (told := recipients(found[0])):
            return told
    if not says and (asked.kinds or not named):
        return None  # `chỉ tiêu của kế hoạch Tây Ninh` names a part and asks nothing of it
    found = _meant(asked, documents)
    if len(found) > 1 and wanted and not _subject(asked):
        choices = tuple(Choice(called(document), (document.id,)) for document in found[:_MOST])
        return Choices("Anh/chị muốn tóm tắt văn bản nào?", choices)
    if len(found) != 1:
        return None
    (document,) = found
    left = _inside(asked, document)
    words = left or ([] if says else [t.text for t in _subject(asked)])
    if part := _headed(asked, document, words):
        return compose_part(document, part)
    if not says:
        return None
    return _of_document(document) if not left or wanted and len(left) <= _MOST_LEFT else None


def _meant(asked: Understood, documents: Sequence[Document]) -> list[Document]:
    """The one text that the question names, or those of the kind, place, year and subject that it says."""
    if len(documents) == 1:
        return list(documents)
    fitting = [d for d in documents if satisfies(asked, described_as_one(d))]
    if named := [d for d in named_documents(asked, documents) if d in fitting]:
        return named[:1]
    kinds = kinds_said(asked)
    found = [d for d in fitting if not kinds or any(is_of(kind, d) for kind in kinds)]
    if len(found) > 1 and _subject(asked):
        best = max(found, key=lambda d: _covered(asked, d))
        return [best] if _covered(asked, best) >= _COVERED else []
    return found if kinds or asked.places or asked.instruments or asked.bodies else []


def _subject(asked: Understood) -> list[Term]:
    """The question's words that are of its subject: no kinds, no words that ask for a summary."""
    asking = f"{_SUMMED_UP.pattern}|{_SAYS.pattern}"
    own = " ".join(m[0] for m in re.finditer(asking, asked.folded)).split()
    kinds = {word for name in KIND_NAMES for word in (name, *name.split())}
    return [
        t for t in asked.content
        if fold(t.text) not in kinds
        and not set(fold(t.text).split()) <= {*own, "phan", "muc", "lon", "bai", "bao", "van", "ban"}
    ]  # fmt: skip


def _covered(asked: Understood, document: Document) -> float:
    weights = {t.text: t.weight for t in _subject(asked)}
    return document_scope(document).share(weights, accented=asked.accented)


def _inside(asked: Understood, document: Document) -> list[str]:
    """The words that are of something inside the document, not of the document."""
    own = document_scope(document)
    return [t.text for t in _subject(asked) if not own.has(t.text, accented=asked.accented)]


def _headed(asked: Understood, document: Document, words: Sequence[str]) -> Part | None:
    """The part whose heading the question says, else the one whose heading holds the words."""
    headed = [p for p in document.parts() if len(p.heading.split()) >= 2]
    said = [p for p in headed if fold(p.heading) in asked.folded]
    if said:
        return max(said, key=lambda p: len(p.heading))
    found = [p for p in headed if words and all(scope(p.heading).has(w, accented=asked.accented) for w in words)]  # fmt: skip
    return min(found, key=lambda p: len(p.heading), default=None)


def _of_document(document: Document) -> Draft:
    """The headings with what stands first below them; of a text without, its longest list, or its
    leading sentences."""
    heads = _headings(document)
    if len(heads) >= 2:
        return _of_headings(document, heads)
    whole = max(lists(document), key=lambda s: len(items(document, s)), default=None)
    if whole is not None and len(items(document, whole)) >= 3:
        return compose_list(whole)
    return _of_sentences(document)


def _headings(document: Document) -> list[Part]:
    """The outermost numbered parts; of a decision those of the regulation that it promulgates."""
    attached = [p for p in document.outline if p.level == "appendix"]
    for outer in attached[:1]:
        inside = [p for p in outer.children if p.level in _NUMBERED]
        if len(inside) >= 2:
            return inside
    return [p for p in document.outline if p.level in _NUMBERED]


def _of_headings(document: Document, heads: Sequence[Part]) -> Draft:
    """A line a heading, with the beginning of what stands below it where there is room."""
    spans = [first_clause(document, part, _LONGEST_HEADING) for part in heads]
    said = sum(len(document.text[slice(*span)].split()) for span in spans)
    room = max(0, _WORDS - said) // len(heads)
    citations, lines = [], []
    for number, (part, span) in enumerate(zip(heads, spans, strict=True), start=1):
        line = told_words(document, span, None)
        below = next((p for p in part.walk() if p is not part), None)
        lead = first_clause(document, below, room) if below and room >= _LEAST_LEAD else None
        if lead and len(document.text[slice(*lead)].split()) <= room + 10:
            line, span = f"{line}: {told_words(document, lead, None)}", (span[0], lead[1])
        more = " …" if document.text[span[1] : part.end].strip(" .;,:\n") else ""
        citations.append(Citation(number, document, part, *span))
        mark = list_mark(document.text[slice(*span)])
        lines.append(f"{mark} {line}{more} [{number}]")
    return Draft("\n".join(lines), tuple(citations))


def _of_sentences(document: Document) -> Draft:
    """The first sentence of each paragraph, as many as a summary holds."""
    citations: list[Citation] = []
    lines: list[str] = []
    left = _WORDS
    for part in document.outline:
        if part.level in ("head", "foot"):
            continue
        span = next(iter(sentences(document.text, part.start, part.end)), None)
        size = len(document.text[slice(*span)].split()) if span else 0
        if span is None or size < _LEAST_PARAGRAPH or size > left:
            continue
        left -= size
        citations.append(Citation(len(citations) + 1, document, part, *span))
        lines.append(f"- {told_words(document, span, None)} [{len(citations)}]")
    return Draft("\n".join(lines), tuple(citations))
