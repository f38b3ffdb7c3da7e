"""From a question to its answer, on one screen: understand, retrieve, judge, compose or refuse."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import pairwise

from corpus.clean import fold
from corpus.model import Document, Part
from rag.agenda import agenda
from rag.compose import Draft, compose, compose_item, compose_list, compose_part
from rag.constraints import is_document, satisfies
from rag.definition import definition
from rag.exact import exact
from rag.indexing import Snapshot
from rag.instructions import addresses_a_model
from rag.judge import Judge, Judged
from rag.model import Hit
from rag.nearest import Item, nearest_first, nearest_item
from rag.refuse import Choices, Gap
from rag.relations import relation
from rag.renamed import told_under_other_names, with_renamings
from rag.retrieve import Retriever
from rag.standing import asked_day, current_first
from rag.statements import (
    Statement,
    abbreviations,
    lists,
    statements,
    text_scope,
)
from rag.understand import Understood, cues
from rag.words import folded, syllables

ANSWERS = 0.25  # the probability from which a statement is told
MIN_COVERAGE = 0.33  # of the question's words, by weight
MAX_UNKNOWN = 0.6  # share of one word that no document of the library has
SURE_ARTICLE = 0.6  # chance of the article
_JUDGED_HITS = 24  # passages whose statements are judged, best first
_COUNTS_PARTS = re.compile(
    r"(?:may|bao nhieu) (?:muc|nhiem vu|noi dung|chi tieu|phan|nhom|yeu cau|giai phap|dieu|chuong|van de|viec"
    r"|nguyen tac)"
)


class Extractive:
    """The default answerer: the sources' own sentences, no language model."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def retrieve(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None
    ) -> list[Hit]:
        """The passages found, best first, without those that are meant for a language model."""
        hits = self._retriever.retrieve(asked, state, document_ids)
        return [hit for hit in hits if not addresses_a_model(_text_of(hit, state))]

    def answer(
        self,
        asked: Understood,
        hits: Sequence[Hit],
        state: Snapshot,
        judge: Judge,
        document_ids: Collection[str] | None = None,
        *,
        on: date,
    ) -> Draft | Gap | Choices:
        """The draft of an answer, what is missing for one, or what must be asked back.

        `on` is the day for which it must hold, unless the question names one.
        """
        on = asked_day(asked) or on
        found = self._found(asked, hits, state, judge, document_ids, on)
        if isinstance(found, Gap):
            return told_under_other_names(
                asked,
                lambda other: self._found(
                    other, self.retrieve(other, state, document_ids), state, judge, document_ids, on
                ),
            ) or found  # fmt: skip
        return with_renamings(asked, found) if isinstance(found, Draft) else found

    def _found(
        self,
        asked: Understood,
        hits: Sequence[Hit],
        state: Snapshot,
        judge: Judge,
        document_ids: Collection[str] | None,
        on: date,
    ) -> Draft | Gap | Choices:
        return (
            relation(asked, state, on, document_ids)
            or agenda(asked, state, on, document_ids)
            or self._told(asked, hits, state, judge, document_ids, on)
        )

    def _told(
        self,
        asked: Understood,
        hits: Sequence[Hit],
        state: Snapshot,
        judge: Judge,
        document_ids: Collection[str] | None,
        on: date,
    ) -> Draft | Gap | Choices:
        documents = list(dict.fromkeys(state.document(hit.passage) for hit in hits))
        if asked.part:
            return exact(asked, hits, state, judge, document_ids)
        if written_out := _written_out(asked, documents, judge):
            return compose(asked, written_out)
        judged = judged_statements(asked, hits, state, judge)
        if titled := _own_title(asked, documents):
            return titled
        fitting = [j for j in judged if j.possible and satisfies(asked, j.statement)]
        if not _is_about_something(asked, state):
            fitting = []
        fitting = _aims_first(asked, fitting)
        telling = [j for j in fitting if answers(j)] if fitting and answers(fitting[0]) else []
        telling = nearest_first(asked, current_first(telling, state.register, on))
        best = telling[0] if telling else None
        defined = definition(asked, telling)
        if defined and not addresses_a_model(_words(defined.document, defined.part)):
            return compose_part(defined.document, defined.part)
        if item := _item(asked, best):
            return compose_item(item)
        told = (
            _list(asked, documents, hits, judge, best)
            or _introduced(asked, best)
            or _around(asked, best)
        )
        if told and not addresses_a_model(_words(told.document, told.part)):
            return compose_list(told)
        if best is not None:
            return compose(asked, [best])
        return Gap(asked, tuple(judged[:6]), tuple(fitting[:3]))


def _text_of(hit: Hit, state: Snapshot) -> str:
    return state.document(hit.passage).text[hit.passage.start : hit.passage.end]


def _is_about_something(asked: Understood, state: Snapshot) -> bool:
    """`thời tiết` is none of the library's words, though `thời gian` and `tiết kiệm` are.

    A question that names no place, year, body or instrument must share two neighbouring syllables
    with some document.
    """
    if asked.places or asked.years or asked.bodies or asked.instruments or asked.dates:
        return True
    content = {
        word for term in asked.terms for word in term.text.split() if fold(word) not in cues().light
    }
    words = syllables(asked.text) if asked.accented else folded(syllables(asked.text))
    pairs = [f"{a} {b}" for a, b in pairwise(words) if {a, b} <= content]
    known = [text_scope(document) for document in state.documents.values()]
    said = [fold(pair) for pair in pairs]
    return not said or any(scope.has(pair, accented=False) for scope in known for pair in said)


def answers(judged: Judged) -> bool:
    """Whether a statement may be told: likely enough, and not about something else altogether."""
    features = judged.features
    strange = features["coverage"] < MIN_COVERAGE or features["unknown"] > MAX_UNKNOWN
    # A person tells a story; where one article is by far the likeliest the story's words don't count.
    strange = strange and features["article_share"] < SURE_ARTICLE
    return judged.probability >= ANSWERS and (not strange or features["named_bare"] > 0)


def judged_statements(
    asked: Understood, hits: Sequence[Hit], state: Snapshot, judge: Judge
) -> list[Judged]:
    """Every statement of the best passages, the likeliest answer first."""
    weights = judge.weights(asked)
    found = [
        judge.judge(asked, statement, weights, hit)
        for hit in (*hits[:_JUDGED_HITS], *_margins(asked, hits, state))
        for statement in statements(state.document(hit.passage), hit.passage)
    ]
    return sorted(found, key=lambda judged: -judged.rank)


# Asked of heads and feet, whose few words no search brings up.
_OF_MARGINS = frozenset(("number", "when", "who", "person", "title", "which_document"))


def _margins(asked: Understood, hits: Sequence[Hit], state: Snapshot) -> list[Hit]:
    """Head and foot of the likeliest documents, where they were not among the best passages."""
    if asked.kind not in _OF_MARGINS:
        return []
    documents = {hit.passage.document_id: None for hit in hits[:8]}
    documents |= {
        d.id: None
        for d in state.documents.values()
        if any(is_document(r, d) for r in asked.instruments)
    }
    judged = {hit.passage.id for hit in hits[:_JUDGED_HITS]}
    return [
        Hit(passage, 0.3, {"lexical": 0.0, "dense": 0.0})
        for document_id in documents
        for passage in state.margins[document_id]
        if passage.id not in judged
    ]


def _written_out(asked: Understood, documents: Iterable[Document], judge: Judge) -> list[Judged]:
    """What the capitals stand for that `viết tắt của gì`, `nghĩa là gì` ask about."""
    if asked.kind != "define":
        return []
    shorts = re.findall(r"(?<!\w)[A-ZĐ]{2,}[a-z]?[A-ZĐ]*(?!\w)", asked.text)
    spelled = re.match(r"(\w{2,12}) (?:la |co )?(?:viet tat|nghia la)", asked.folded)
    if not shorts and spelled:
        shorts = [spelled[1]]
    found = [
        next((s for d in documents for s in abbreviations(d, short)), None) for short in shorts
    ]
    weights = judge.weights(asked)
    return [judge.judge(asked, s, weights, None) for s in found if s is not None]


def _own_title(asked: Understood, documents: Iterable[Document]) -> Draft | None:
    """The title lines of a document that the question names and asks the title of."""
    if asked.kind != "title" or not asked.instruments:
        return None
    for document in documents:
        if all(is_document(r, document) for r in asked.instruments) and document.meta.kind != "Tin":
            title = fold(document.title)
            lines = [p for p in document.outline if p.level == "head"]
            said = [p for p in lines if len(t := fold(_words(document, p))) > 12 and t in title]
            if said:
                return compose_part(document, said[0])
    return None


def _words(document: Document, part: Part) -> str:
    return document.text[part.start : part.end].strip()


def _list(
    asked: Understood,
    documents: Sequence[Document],
    hits: Sequence[Hit],
    judge: Judge,
    best: Judged | None,
) -> Statement | None:
    """The list that the question asks for, where its lead-in or heading covers the details."""
    counts = asked.kind == "how_many" and _COUNTS_PARTS.search(asked.folded)
    if asked.kind not in ("list", "listed", "what", "title", "why") and not counts:
        return None
    weights = judge.weights(asked)
    found = [
        judge.judge(asked, statement, weights, _hit_of(statement, hits))
        for number, document in enumerate(documents[:10])
        for statement in lists(document)
        if number < 4 or _hit_of(statement, hits)
    ]
    fitting = [j for j in found if satisfies(asked, j.statement) and j.features["detail"] >= 0.6]
    aims = [j for j in fitting if asked.kind == "why" and "muc dich" in fold(j.statement.text)]
    if aims:
        return max(aims, key=lambda j: len(j.statement.part.path)).statement
    fitting = [j for j in fitting if j.coverage >= 0.65 and j.features["own"] >= 0.2]
    top = max(fitting, key=lambda j: (round(j.features["detail"], 1), j.rank), default=None)
    if top is None:
        return None
    wanted = asked.kind in ("list", "listed") or bool(counts)
    beaten = best is None or top.features["detail"] >= best.features["detail"] - 0.1 * wanted
    return (
        top.statement
        if beaten and (wanted or top.coverage > (best.coverage if best else 0))
        else None
    )


def _item(asked: Understood, best: Judged | None) -> Item | None:
    """One item of a list where the question is about that one."""
    if best is None or asked.kind in ("list", "listed", "why", "title", "define"):
        return None
    return nearest_item(asked, best)


def _hit_of(statement: Statement, hits: Sequence[Hit]) -> Hit | None:
    """The best passage that stands in the list, None where the search found none."""
    part, document = statement.part, statement.document
    return next(
        (
            hit
            for hit in hits[:_JUDGED_HITS]
            if hit.passage.document_id == document.id and part.start <= hit.passage.start < part.end
        ),
        None,
    )


def _aims_first(asked: Understood, fitting: list[Judged]) -> list[Judged]:
    """`để làm gì` is answered by what says an aim, where anything likely does."""
    if asked.kind != "why":
        return fitting
    telling = [j for j in fitting if j.features["wording"] and answers(j)]
    return [*telling, *(j for j in fitting if j not in telling)]


def _around(asked: Understood, best: Judged | None) -> Statement | None:
    """The whole list of which the best statement is an item, where a list is asked for."""
    if asked.kind not in ("list", "listed") or best is None:
        return None
    document, part = best.statement.document, best.statement.part
    if part.level not in ("point", "item", "subitem"):
        return None
    above = (s for s in lists(document) if s.part.path == part.path[:-1])
    return next((s for s in above if s.text.rstrip().endswith(":")), None)


def _introduced(asked: Understood, best: Judged | None) -> Statement | None:
    """The list that a lead-in introduces: `... cần làm ngay:` alone says nothing."""
    if asked.kind in ("why", "title", "define") or best is None:
        return None
    if not best.statement.text.rstrip().endswith(":"):
        return None
    document, at = best.statement.document, best.statement.start
    return next((s for s in lists(document) if s.start <= at < s.end), None)
