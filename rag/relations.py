"""Questions about the links between texts: what one rests on, who cites it, since when and whether it
is in force, what replaced it. Answered from `corpus.links` and `corpus.validity`, each line cited."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from corpus.clean import fold
from corpus.effects import Effect, effects, in_force_from
from corpus.model import Citation, Document, Part
from corpus.reference import Named, Reference, references, told_fields
from corpus.references import law_in
from corpus.sentences import Span, clauses, sentences
from rag.compose import Draft, told_words
from rag.constraints import is_document, matches_named, satisfies
from rag.holdings import name_line, told
from rag.indexing import Snapshot
from rag.model import Choice
from rag.naming import kinds_said, named_documents
from rag.refuse import Choices, Gap
from rag.statements import described_as_one
from rag.understand import Understood

_MOST_LINES = 10
_LONGEST_LINE = 45  # words
# The order is the order of trial.
_ASKED: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("guided_by", re.compile(
        r"(?:van ban|tai lieu|nghi dinh|luat|thong tu|quyet dinh) nao (?:\w+ ){0,3}?(?:huong dan|quy dinh chi tiet|chi tiet thi hanh)(?!\w)")),
    ("cited_by", re.compile(
        r"(?:van ban|tai lieu|ke hoach|nghi dinh|luat|thong tu|noi|cho|dau|quyet dinh|chi thi) nao (?:\w+ ){0,3}?"
        r"(?:vien dan|nhac (?:den|toi)|dan chieu|de cap(?: den| toi)?|trich dan|(?<!huong )dan) "
        r"|(?:duoc|bi) (?:vien dan|nhac (?:den|toi)|dan chieu|trich dan) (?:o|tai|trong) (?:dau|nhung|van ban|tai lieu|cho)")),
    ("grounds", re.compile(
        r"can cu (?:vao )?(?:nhung |cac )?(?:van ban|gi\b|dau(?! trong)|nao|co so)|can cu (?:phap ly|ban hanh|xay dung)|co so phap ly"
        r"|(?:dua (?:tren|vao)|theo) (?:nhung|cac) (?:van ban|chi thi|quyet dinh|can cu)|nhung can cu|vien dan (?:nhung|cac) van ban")),
    ("replaces", re.compile(
        r"(?:thay(?: the)?|bai bo|lam het hieu luc) (?:cho )?(?:nhung |cac )?(?:van ban|nghi dinh|luat|quyet dinh|thong tu|chi thi|phap lenh) (?:nao|gi)"
        r"|(?:van ban|nghi dinh|luat|quyet dinh|thong tu|chi thi|phap lenh)(?: cu)? nao (?:\w+ ){0,4}?(?:het hieu luc|bi thay the|bi bai bo)")),
    ("in_force", re.compile(
        r"con (?:hieu luc|ap dung|dung duoc|gia tri)|het hieu luc (?:chua|khi nao|tu)|(?:da |bi )+(?:thay the|bai bo)(?: chua| boi| bang)|co con hieu luc|hieu luc den")),
    ("what_is", re.compile(r"la (?:van ban |chi thi |nghi dinh |quyet dinh |ke hoach |nghi quyet |ket luan |thong tu |cong van |chuong trinh |quy dinh |luat )?(?:gi|nao)\b|(?:noi|ban hanh|quy dinh)? ?ve (?:viec |noi dung |van de |cai )?gi\b|trich yeu")),
    ("since", re.compile(r"(?:co )?hieu luc (?:thi hanh )?(?:tu|ke tu|khi|vao|ngay|nam nao|bao gio|luc nao)|(?:khi nao|bao gio|ngay nao) (?:thi )?(?:co |bat dau co )?hieu luc|ap dung tu (?:ngay|khi|bao)")),
)  # fmt: skip

_GUIDING = re.compile(
    r"(?<!\w)(?:quy dinh chi tiet|huong dan|bien phap (?:to chuc )?thi hanh)(?!\w)"
)
# The same at the head of a text's title or scope, said of the text itself.
_GUIDES = re.compile(
    rf"^(?:\W*dieu \d+\W+)?(?:\w{{1,3}}[.)] )?(?:(?:\w+ ){{1,4}}nay )?(?:ve viec )?(?:quy dinh (?:\w+ ){{0,6}})?{_GUIDING.pattern}"
)


def relation(
    asked: Understood, state: Snapshot, on: date, document_ids: Collection[str] | None
) -> Draft | Gap | Choices | None:
    """The answer to a question about links or validity; None for any other question."""
    kind = next((kind for kind, cue in _ASKED if cue.search(asked.folded)), None)
    if kind is None or asked.part:
        return None
    documents = [
        d for d in state.documents.values() if document_ids is None or d.id in document_ids
    ]
    if kind == "cited_by":
        return _cited_by(asked, documents)
    if kind == "guided_by":
        return _guided_by(asked, documents)
    if kind == "what_is":
        return _known_from_others(asked, documents)
    chosen = _meant(asked, documents)
    if not chosen:
        return None
    if len(chosen) > 1:
        return _which(chosen)
    return _TELL[kind](asked, chosen[0], state, on)


def _meant(asked: Understood, documents: Sequence[Document]) -> list[Document]:
    """The documents that the question is about: named, or of the kind, place and year that it says."""
    named = named_documents(asked, documents)
    if asked.instruments:
        return named
    if any(satisfies(asked, described_as_one(d)) for d in named):
        return named
    kinds = kinds_said(asked)  # a title may be like that of a text of another place
    of_kind = (d for d in documents if d.meta.kind in kinds)
    return [d for d in of_kind if satisfies(asked, described_as_one(d))] or named


def _which(documents: Sequence[Document]) -> Choices:
    found = tuple(Choice(document.name, (document.id,)) for document in documents[:8])
    return Choices("Câu hỏi phù hợp với nhiều văn bản. Anh/chị hỏi về văn bản nào?", found)


def _cited_by(asked: Understood, documents: Sequence[Document]) -> Draft | Gap | None:
    """Each text that names the one asked for, where it first does."""
    law = law_in(asked.text)
    if not asked.instruments and law is None:
        return None
    first: dict[Document, Reference] = {}
    for reference in _naming(asked, law, documents):
        first.setdefault(reference.document, reference)
    if not first:
        return Gap(asked, (), (), "Không văn bản nào trong kho viện dẫn văn bản được hỏi.")
    return _named_by(first.values())


def _guided_by(asked: Understood, documents: Sequence[Document]) -> Draft | Gap | None:
    """Each text that says of itself that it guides the one asked for. None where only a sentence
    about other texts may know, or where no text is named."""
    law, found = law_in(asked.text), dict[Document, Reference]()
    if not asked.instruments and law is None:
        return None
    elsewhere = False
    for reference in _naming(asked, law, documents):
        document, sentence = reference.document, _sentence(reference)
        said = fold(document.text[slice(*sentence)])
        elsewhere = elsewhere or _GUIDING.search(said) is not None
        if document not in found and _GUIDES.search(said):
            found[document] = reference
    if found:
        return _named_by(found.values())
    none = "Không văn bản nào trong kho quy định chi tiết hay hướng dẫn văn bản được hỏi."
    return None if elsewhere else Gap(asked, (), (), none)


def _named_by(found: Iterable[Reference]) -> Draft:
    """Which text it is, and the clause of it that names the one asked for; of each the first."""
    first = islice(found, _MOST_LINES)
    return told({r.document: [name_line(r.document), (r.part, _clause(r))] for r in first})


def _naming(
    asked: Understood, law: str | None, documents: Sequence[Document]
) -> Iterator[Reference]:
    """Where other texts name the one asked for, in their order."""
    for document in documents:
        if not _is_own(asked, document):
            for reference in references(document):
                if reference.named and _is_asked(asked, law, reference.named):
                    yield reference


def _known_from_others(asked: Understood, documents: Sequence[Document]) -> Draft | None:
    """An instrument that the library only knows from those that name it: the mention that tells most."""
    if len(asked.instruments) != 1 or any(_is_own(asked, d) for d in documents):
        return None
    found = [
        r for d in documents for r in references(d)
        if r.named and r.mention and r.mention.subject_span and _is_asked(asked, None, r.named)
    ]  # fmt: skip
    groups: dict[str, Reference] = {}
    for reference in sorted(found, key=lambda r: -told_fields(r.mention)):
        if reference.named:
            groups.setdefault(reference.named.key, reference)
    chosen = [r for r in groups.values() if not _is_vaguer(r, groups.values())]
    return _lines([(r.document, r.part, _mention_span(r)) for r in chosen]) if chosen else None


def _is_vaguer(reference: Reference, others: Collection[Reference]) -> bool:
    """The same number without its date, where another mention gives the date."""
    own = reference.named
    return any(
        own and o.named and own.year is None and o.named.year is not None
        and o.named.number and own.number and fold(o.named.number) == fold(own.number)
        for o in others
    )  # fmt: skip


def _is_own(asked: Understood, document: Document) -> bool:
    return any(is_document(r, document) for r in asked.instruments)


def _is_asked(asked: Understood, law: str | None, named: Named) -> bool:
    if asked.instruments:
        return any(matches_named(r, named) for r in asked.instruments)
    return law is not None and named.name is not None and named.key.startswith(law)


def _sentence(reference: Reference) -> Span:
    text, part = reference.document.text, reference.part
    stop = part.lead_end if part.lead_end > reference.start else part.end
    return next(s for s in sentences(text, part.start, stop) if s[1] > reference.start)


def _clause(reference: Reference) -> Span:
    """The clause of a sentence in which a reference stands, whole where it is short."""
    text, around = reference.document.text, _sentence(reference)
    if len(text[slice(*around)].split()) <= _LONGEST_LINE:
        return around
    return next(s for s in clauses(text, *around) if s[1] > reference.start)


def _grounds(asked: Understood, document: Document, state: Snapshot, on: date) -> Draft | Gap:
    """The instruments that a text names before its first numbered part, and as its aim."""
    body = next((p.start for p in document.parts() if p.level in _NUMBERED), len(document.text))
    found = [
        r for r in references(document)
        if r.named and r.mention and (r.start < body or _is_ground(document, r))
        and r.part.level != "head"
    ]  # fmt: skip
    if not found:
        return Gap(asked, (), (), f"Bản trong kho của {document.name} không nêu căn cứ.")
    return _lines([(document, r.part, _mention_span(r)) for r in found])


_NUMBERED = ("article", "section", "chapter", "part", "subsection", "clause", "item")


def _is_ground(document: Document, reference: Reference) -> bool:
    line = document.text.rfind("\n", 0, reference.start) + 1
    return document.text[line : line + 8].startswith("Căn cứ")


def _mention_span(reference: Reference) -> Span:
    mention = reference.mention
    if mention is None:
        return reference.start, reference.end
    return reference.start, max(reference.end, mention.end)


def _replaces(asked: Understood, document: Document, state: Snapshot, on: date) -> Draft | Gap:
    found = [e for e in effects(document) if e.kind in ("replaces", "repeals")]
    if not found:
        return Gap(
            asked, (), (), f"Bản trong kho của {document.name} không nêu văn bản bị thay thế."
        )
    return _lines([_of_effect(e) for e in found])


def _since(asked: Understood, document: Document, state: Snapshot, on: date) -> Draft | Gap:
    effect = in_force_from(document)
    if effect is None:
        return Gap(asked, (), (), f"Bản trong kho của {document.name} không nêu ngày có hiệu lực.")
    return _lines([_of_effect(effect)])


def _in_force(asked: Understood, document: Document, state: Snapshot, on: date) -> Draft | Gap:
    """What ended it where that is known, else since when, and that the library can't tell more."""
    known = state.register.validity(document, on)
    start = in_force_from(document)
    lines = [_of_effect(e) for e in known.causes or ((start,) if start else ())]
    if not lines:
        return Gap(asked, (), (), f"{document.name}: {known.sentence}")
    draft = _lines(lines)
    if known.state != "unknown":
        return draft
    told = f"Kho không có căn cứ để biết còn hiệu lực hay không; chỉ biết: {draft.text[:1].lower()}{draft.text[1:]}"
    return Draft(told, draft.citations, final=True)


def _of_effect(effect: Effect) -> tuple[Document, Part, Span]:
    return effect.document, effect.part, (effect.start, effect.end)


Place = tuple[Document, Part, Span]
_TELL: dict[str, Callable[[Understood, Document, Snapshot, date], Draft | Gap]] = {
    "grounds": _grounds, "replaces": _replaces, "since": _since, "in_force": _in_force,
}  # fmt: skip


def _lines(places: Sequence[Place]) -> Draft:
    """One line a place, each with its citation; the same words are told once."""
    seen: dict[tuple[str, str], Place] = {}
    for place in places:
        seen.setdefault((told_words(place[0], place[2], None), place[0].id), place)
    told = [(words, place) for (words, _), place in seen.items()][:_MOST_LINES]
    citations = tuple(Citation(n, d, p, *span) for n, (_, (d, p, span)) in enumerate(told, 1))
    if len(told) == 1:
        words = told[0][0]
        return Draft(f"{words[:1].upper()}{words[1:]} [1].", citations)
    lines = [f"- {words} [{n}]" for n, (words, _) in enumerate(told, 1)]
    return Draft("\n".join(lines), citations)
