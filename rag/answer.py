"""From a question to its answer, on one screen: understand, retrieve, judge, compose or refuse."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from corpus.model import Document
from rag.compose import Draft, compose, compose_list, compose_part
from rag.constraints import find_part, is_document, satisfies
from rag.indexing import Snapshot
from rag.judge import Judge, Judged, needs_value
from rag.model import Hit
from rag.refuse import Gap
from rag.retrieve import Retriever
from rag.statements import lists, statements
from rag.understand import Understood

_JUDGED_HITS = 24  # passages whose statements are judged, best first


class Extractive:
    """The default answerer: the sources' own sentences, no language model."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def retrieve(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None
    ) -> list[Hit]:
        return self._retriever.retrieve(asked, state, document_ids)

    def answer(
        self, asked: Understood, hits: Sequence[Hit], state: Snapshot, judge: Judge
    ) -> Draft | Gap:
        """The draft of an answer, or what is missing for one."""
        documents = _documents(hits, state)
        if asked.part:
            return _named_part(asked, documents)
        judged = _judged(asked, hits, state, judge)
        fitting = [j for j in judged if satisfies(asked, j.statement)]
        listed = _list(asked, documents, judge, fitting)
        if listed is not None:
            return listed
        chosen = [j for j in fitting if answers(asked, j)]
        if chosen:
            return compose(asked, chosen[:1])
        return Gap(asked, tuple(judged[:6]), tuple(fitting[:3]))


def _documents(hits: Sequence[Hit], state: Snapshot) -> list[Document]:
    return list(dict.fromkeys(state.document(hit.passage) for hit in hits))


def _judged(
    asked: Understood, hits: Sequence[Hit], state: Snapshot, judge: Judge
) -> list[Judged]:
    found = [
        judge.judge(asked, statement, hit.score)
        for hit in hits[:_JUDGED_HITS]
        for statement in statements(state.document(hit.passage), hit.passage)
    ]
    return sorted(found, key=lambda judged: -judged.score)


def answers(asked: Understood, judged: Judged) -> bool:
    """Whether a statement holds the asked fact: the kind of value, and the words that matter."""
    if needs_value(asked) and judged.value is None:
        return False
    return judged.coverage >= 0.62 and judged.heaviest_missing <= 0.2


def _named_part(asked: Understood, documents: Sequence[Document]) -> Draft | Gap:
    for document in _asked_first(asked, documents):
        part = find_part(asked.part, document)
        if part is not None:
            return compose_part(document, part)
    return Gap(asked, (), ())


def _asked_first(asked: Understood, documents: Sequence[Document]) -> list[Document]:
    """Documents that the question names by number or place, else all, nearest first."""
    named = [d for d in documents if all(is_document(i, d) for i in asked.instruments)]
    return named if asked.instruments else list(documents)


def _list(
    asked: Understood, documents: Sequence[Document], judge: Judge, fitting: Sequence[Judged]
) -> Draft | None:
    if asked.kind not in ("list", "how_many", "what", "why"):
        return None
    best = max((j.score for j in fitting if answers(asked, j)), default=0.0)
    found = [
        judge.judge(asked, statement, 0.5)
        for document in documents[:4]
        for statement in lists(document)
    ]
    found = [j for j in found if satisfies(asked, j.statement) and j.coverage >= 0.75 and j.own >= 0.3]
    top = max(found, key=lambda j: j.score, default=None)
    if top is None or (asked.kind != "list" and top.score < best):
        return None
    return compose_list(top.statement)
