"""A place that a question names (`khoản 2 Điều 15 Luật ...`): an exact path, no search.

What resolves is told; what does not is refused with what the copy in the library has; what fits
several documents is asked back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from corpus.clean import fold
from corpus.locators import PART_WORDS
from corpus.model import Citation, Document, Part
from corpus.sentences import sentences
from rag.compose import Draft, compose_item, compose_part
from rag.constraints import find_part, satisfies
from rag.definition import defined_term
from rag.holdings import called
from rag.indexing import Snapshot
from rag.judge import Judge, Judged
from rag.model import Choice, Hit
from rag.naming import named_documents
from rag.nearest import Item
from rag.refuse import Choices, Gap
from rag.statements import described_as_one, scope
from rag.understand import PartReference, Understood

_TOLD_WHOLE_WORDS = 110  # a longer part is told by the statement that answers, where one does
_SHORT_WORDS = 50  # a part that is told whole whatever is asked of it
_OWN_WORDS = 3  # content words, beside the title's, of a question about something inside
_SAID = 0.6  # of the question's words, by weight, that the statement told for it must say
_SURE = 0.8  # or its chance, where a yes or no is asked
_MOST_CHOICES = 6
_LONGEST_LEAD = 60  # words of what leads in to a point
_MEANT = 0.6  # of the question's words, by weight, that what a document says of itself must hold
_CLEARLY = 0.12  # of coverage, by which one document must fit better than the next
_WHOLE_KINDS = frozenset(("what", "list", "listed", "title", "how", "define"))
Answering = Callable[[Sequence[Hit]], Judged | None]
Composing = Callable[[Judged], Draft]


def exact(
    asked: Understood,
    hits: Sequence[Hit],
    state: Snapshot,
    judge: Judge,
    document_ids: Collection[str] | None,
    answering: Answering,
    composed: Composing,
) -> Draft | Gap | Choices:
    """The answer to a question that names a part: its words, or the statement of its passages that is
    `answering` the question, as it is `composed`.
    """
    documents = [
        d for d in _by_relevance(hits, state) if document_ids is None or d.id in document_ids
    ]
    named = named_documents(asked, documents)
    if asked.instruments and not named:
        return Gap(asked, (), ())
    candidates = named
    if not asked.instruments:
        fitting = [d for d in documents if satisfies(asked, described_as_one(d))]
        if fitting:  # a title may be like that of a text of another place
            named = [d for d in named if d in fitting]
        candidates = named or fitting
    having = [(d, p) for d in candidates if (p := find_part(asked.part, d, asked.folded))]
    if not having:
        return _missing(asked, named or candidates, judge)
    document, part = _best(asked, having, judge)
    if not named and len(having) > 1 and not _says_which(asked, having, judge):
        return _choices(asked, having)
    best = _inside(asked, document, part, _within(part, document, hits, state), answering)
    return composed(best) if best else _with_lead_in(document, part) or compose_part(document, part)


def _with_lead_in(document: Document, part: Part) -> Draft | None:
    """A point with what it completes: `Thời hạn trả lời [1]: 15 phút đối với phản ánh khẩn [2].`"""
    above = next((p for p in document.parts() if part in p.children), None)
    if part.level != "point" or part.children or above is None:
        return None
    *_, lead = sentences(document.text, above.start, above.lead_end)
    words = document.text[slice(*lead)].split()
    if not words[-1].endswith(":") or len(words) > _LONGEST_LEAD:
        return None
    span = part.start, part.start + len(document.text[part.start : part.end].rstrip())
    if len(document.text[slice(*span)].split()) > _TOLD_WHOLE_WORDS:
        return None
    return compose_item(Item(document, above, lead, part, None, span))


def _by_relevance(hits: Sequence[Hit], state: Snapshot) -> list[Document]:
    """Every document of the library, those that the search found first."""
    found = dict.fromkeys(hit.passage.document_id for hit in hits)
    return [state.documents[i] for i in dict.fromkeys((*found, *state.documents))]


def _coverage(asked: Understood, document: Document, judge: Judge) -> float:
    return judge.judge(asked, described_as_one(document), judge.weights(asked), None).coverage


def _best(
    asked: Understood, having: Sequence[tuple[Document, Part]], judge: Judge
) -> tuple[Document, Part]:
    return max(having, key=lambda pair: _coverage(asked, pair[0], judge))  # the first of equals


def _says_which(asked: Understood, having: Sequence[tuple[Document, Part]], judge: Judge) -> bool:
    """Whether the question's other words tell the document: its title, its place, its subject."""
    if not asked.content:
        return False
    fits = sorted((_coverage(asked, document, judge) for document, _ in having), reverse=True)
    return fits[0] > 0 and (fits[0] - fits[1] >= _CLEARLY or len(asked.terms) >= 3)


def _choices(asked: Understood, having: Sequence[tuple[Document, Part]]) -> Choices:
    place = having[0][1].locator
    found = tuple(Choice(document.name, (document.id,)) for document, _ in having[:_MOST_CHOICES])
    return Choices(f"Nhiều văn bản trong kho có {place}. Anh/chị hỏi về văn bản nào?", found)


def _within(part: Part, document: Document, hits: Sequence[Hit], state: Snapshot) -> list[Hit]:
    """The part's passages, those first that the search found."""
    found = {hit.passage.id: hit for hit in hits}
    own = [
        p for p in state.passages
        if p.document_id == document.id and part.start <= p.start and p.end <= part.end
    ]  # fmt: skip
    return sorted((found.get(p.id, Hit(p, 0.0)) for p in own), key=lambda hit: -hit.score)


def _inside(
    asked: Understood, document: Document, part: Part, hits: Sequence[Hit], answering: Answering
) -> Judged | None:
    """The statement that answers; None where the part is told whole."""
    words = len(document.text[part.start : part.end].split())
    term = defined_term(asked)  # `nhiệm vụ 3 là gì` asks for the part itself
    inside = _asks_inside(asked, document) or term is not None and not term[-1].isdigit()
    if words <= (_SHORT_WORDS if inside else _TOLD_WHOLE_WORDS):
        return None
    if asked.kind in _WHOLE_KINDS and not inside:
        return None
    best = answering(hits)
    if best is None or best.statement.part == part and best.statement.shape == "list":
        return None
    if not part.start <= best.statement.start < part.end:
        return None  # the list that the part is an item of
    return best if _answers(best, inside=inside) else None


def _asks_inside(asked: Understood, document: Document) -> bool:
    """Whether a question says more than the place and its text: `Theo Điều 21 ..., người dưới 6 tuổi thì ai
    ký thay?` and not `Điều 21 nói gì?`"""
    title = scope(document.title)
    name = scope(asked.part.list_name or "")  # `nhiệm vụ 3`
    own = [
        t for t in asked.content
        if not title.has(t.text, accented=asked.accented) and not name.has(fold(t.text), accented=False)
    ]  # fmt: skip
    return len(own) >= _OWN_WORDS


def _answers(best: Judged, *, inside: bool) -> bool:
    features = best.features
    if features["value"] > 0 and features["itself"] >= 0.5:
        return True
    sure = best.kind == "yes_no" and best.probability >= _SURE
    return inside and (best.coverage >= _SAID or sure)


def _missing(asked: Understood, candidates: Sequence[Document], judge: Judge) -> Gap:
    """The refusal of a place that the copy does not have."""
    if not candidates:
        return Gap(asked, (), (), f"Không văn bản nào trong kho có {asked.part.told}.")
    document = max(candidates, key=lambda d: _coverage(asked, d, judge))
    if len(candidates) > 1 and _coverage(asked, document, judge) < _MEANT:
        return Gap(asked, (), (), f"Không văn bản nào trong kho có {asked.part.told}.")
    message, nearest = _what_exists(asked.part, document, asked.folded)
    return Gap(asked, (), (), message, nearest)


def _what_exists(
    asked: PartReference, document: Document, question: str
) -> tuple[str, tuple[Citation, ...]]:
    name = called(document)
    above = find_part(replace(asked, listed=()), document, question) if asked.listed else None
    if above is not None:
        rows = [c for c in above.children if c.level == asked.listed[0].level]
        word = PART_WORDS[asked.listed[0].level]
        return f"Bản trong kho của {name}: {above.locator} {_row(word, word, rows)}, không có {asked.told}.", _near(document, [above])  # fmt: skip
    if asked.article:
        article = find_part(PartReference(article=asked.article), document)
        if article is None:
            every = [p for p in document.parts() if p.level == "article"]
            own = [p for p in every if p.step_label("appendix") is None] or every
            own = [p for p in every if fold(p.step_label("appendix") or "\0") in question] or own
            return f"Bản trong kho của {name} {_row('điều', 'Điều', own)}, không có Điều {asked.article}.", _near(document, own[-1:])  # fmt: skip
        clause = find_part(PartReference(article=asked.article, clause=asked.clause), document) if asked.clause else article  # fmt: skip
        if clause is None:
            rows = [p for p in article.children if p.level == "clause"]
            return f"Bản trong kho của {name}: Điều {asked.article} {_row('khoản', 'khoản', rows)}, không có khoản {asked.clause}.", _near(document, [article])  # fmt: skip
        rows = [p for p in clause.children if p.level == "point"]
        return f"Bản trong kho của {name}: {clause.locator} {_row('điểm', 'điểm', rows)}, không có điểm {asked.point}.", _near(document, [clause])  # fmt: skip
    level, word = ("chapter", "Chương") if asked.chapter else ("section", "mục")
    rows = [p for p in document.parts() if p.level == level]
    return f"Bản trong kho của {name} {_row(word.lower(), word, rows)}, không có {asked.told}.", _near(document, rows[-1:])  # fmt: skip


def _row(noun: str, word: str, parts: Sequence[Part]) -> str:
    """`có 8 khoản (khoản 1 đến khoản 8)`, `không chia điểm`."""
    labels = [part.label.partition("~")[0] for part in parts]
    if not labels:
        return f"không chia {noun}"
    span = f"{word} {labels[0]}" + (f" đến {word} {labels[-1]}" if len(labels) > 1 else "")
    return f"có {len(labels)} {noun} ({span})"


def _near(document: Document, parts: Sequence[Part]) -> tuple[Citation, ...]:
    return tuple(
        Citation(number, document, part, part.start, part.start + len(document.text[part.start : part.lead_end].rstrip()))
        for number, part in enumerate(parts, start=1)
    )  # fmt: skip
