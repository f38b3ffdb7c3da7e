"""The clause that defines what a question asks the meaning of: `X là gì`, `thế nào là X`, `định nghĩa của X`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from corpus.clean import fold
from corpus.model import Document
from rag.constraints import satisfies
from rag.indexing import Snapshot
from rag.judge import Judged
from rag.statements import Statement, statements
from rag.understand import Understood

_WHOSE = re.compile(r"^(?:(?:theo|trong|tai|can cu) [^,]{2,80}?(?:, ?| thi ))+")
_ASKED = (
    re.compile(
        r"^(?:hieu )?(?:nhu )?the nao (?:thi )?(?:la|(?:duoc )?goi la|duoc coi la) (?P<term>[^?.!]{2,80})"
    ),
    re.compile(
        r"^(?P<term>.{2,80}?),? (?:la (?:(?:co quan|to chuc|viec|hanh vi|van ban|nguoi|hinh thuc|hoat dong) )?(?:gi|ai|nao)"
        r"|duoc hieu|(?:co )?nghia la|la (?:(?:nguoi|viec|hanh vi|hoat dong) )?(?:nhu )?the nao)\b"
    ),
    re.compile(r"^(?:khai niem|dinh nghia)(?: cua| ve)? (?P<term>[^?.!]{2,80})"),
)
_GLOSSARY = "giai thich tu ngu"  # the article in which laws define; elsewhere `là` often says less
_MOST_WORDS = 120  # of a clause that is told whole
_LONGEST_TERM = 8  # syllables
_MARK = r"(?:\d{1,3}[.)]|[a-zđ][.)]|[-–+•])?\s*"  # of a list


def definition(
    asked: Understood, telling: Sequence[Judged], others: Iterable[Statement] = ()
) -> Statement | None:
    """The first statement that begins with the term and `là`, one of a glossary before others, where its
    part is short enough to be told whole: what follows belongs to the definition."""
    term = defined_term(asked)
    if term is None:
        return None
    spelled = "|".join(map(re.escape, _terms(term)))
    begins = re.compile(
        rf"{_MARK}[“\"]?(?:{spelled})[”\"]?(?:, [^,.;:]{{2,30}})? (?:la|duoc hieu|gom|bao gom) "
    )
    found = [s for s in (*(j.statement for j in telling), *others) if begins.match(fold(s.text))]
    told = [s for s in found if _is_told_whole(s)]
    return min(told, key=lambda s: not s.headings.has(_GLOSSARY, accented=False), default=None)


def defining(
    asked: Understood, state: Snapshot, documents: Collection[Document]
) -> Iterator[Statement]:
    """Statements of the passages that define the term whose meaning is asked, wherever they stand."""
    every = (state.defined.places(term) for term in _terms(defined_term(asked) or ""))
    for place in next(filter(None, every), []):
        passage = state.passages[place]
        if (document := state.document(passage)) in documents:
            yield from (s for s in statements(document, passage) if satisfies(asked, s))


_DEFINES = re.compile(rf"{_MARK}[“\"](?P<term>[^”\"]{{2,80}})[”\"] (?:la|duoc hieu) ")


def defines_another(asked: Understood, statement: Statement) -> bool:
    """Whether a statement says what another term means than the one whose meaning is asked."""
    term = defined_term(asked)
    if term is None or len(term.split()) > _LONGEST_TERM:
        return False  # `bản sao khác bản gốc ở chỗ nào, định nghĩa bản sao là gì`
    match = _DEFINES.match(fold(statement.text))
    return match is not None and not any(t in match["term"] for t in _terms(term))


def _terms(term: str) -> tuple[str, ...]:
    """A term, and without what it is about: `kiến nghị về quy định hành chính`."""
    bare = term.partition(" ve ")[0]
    return (term,) if bare == term else (term, bare)


def defined_term(asked: Understood) -> str | None:
    """Folded, without the law that it is asked of; None where no definition is asked."""
    plain = _WHOSE.sub("", asked.folded)
    match = next((m for pattern in _ASKED if (m := pattern.match(plain))), None)
    if match is None:
        return None
    return re.split(r" (?:trong|theo) |, (?:khac|va) ", match["term"])[0].strip(" \"“”'")


def _is_told_whole(statement: Statement) -> bool:
    part, text = statement.part, statement.document.text
    return len(text[part.start : part.end].split()) <= _MOST_WORDS
