"""From a question to its answer, on one screen: understand, retrieve, judge, compose or refuse."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from corpus.model import Document
from rag.compose import Draft, compose, compose_list, compose_part
from rag.constraints import find_part, matches, satisfies
from rag.indexing import Snapshot
from rag.judge import Judge, Judged, needs_value
from rag.model import Hit
from rag.refuse import Gap
from rag.retrieve import Retriever
from rag.statements import Statement, abbreviations, document_scope, lists, opening, statements
from rag.understand import Understood

MIN_COVERAGE, MAX_MISSING = 0.62, 0.22
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
            return _named_part(asked, documents, judge)
        if short := _abbreviation(asked):
            found = [s for d in state.documents.values() for s in abbreviations(d, short)]
            if found:
                return compose(asked, [judge.judge(asked, found[0], 1.0)])
        judged = _judged(asked, hits, state, judge)
        fitting = [j for j in judged if satisfies(asked, j.statement)]
        listed = _list(asked, documents, judge, fitting)
        if listed is not None:
            return listed
        chosen = [j for j in fitting if answers(asked, j)]
        if chosen:
            return compose(asked, chosen[:1])
        return Gap(asked, tuple(judged[:6]), tuple(fitting[:3]))


def _abbreviation(asked: Understood) -> str | None:
    """The capitals that `là viết tắt của gì`, `nghĩa là gì` ask about."""
    match = re.search(r"(?<!\w)[A-ZĐ]{2,}[a-z]?[A-ZĐ]*(?!\w)", asked.text)
    if match and asked.kind == "define":
        return match[0]
    spelled = re.match(r"(\w{2,12}) (?:la |co )?(?:viet tat|nghia la)", asked.folded)
    return spelled[1] if spelled else None


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
        return asked.kind == "who" and judged.coverage >= 0.85 and judged.heaviest_missing == 0
    if _asks_of_instrument(asked, judged):
        return True
    return judged.coverage >= MIN_COVERAGE and judged.heaviest_missing <= MAX_MISSING


def _asks_of_instrument(asked: Understood, judged: Judged) -> bool:
    """An instrument named by number, asked for what its mention says: nothing else must fit."""
    mention = judged.statement.mention
    if mention is None or not any(matches(r, mention) for r in asked.instruments):
        return False
    if asked.kind not in _FIELDS:
        return False
    if asked.kind in ("what", "define") and mention.subject_span is None:
        return False
    return judged.coverage >= 0.5 or judged.heaviest_missing <= 0.3


# What the mention of an instrument itself can tell.
_FIELDS = ("when", "who", "number", "which_document", "what", "define")


def _named_part(asked: Understood, documents: Sequence[Document], judge: Judge) -> Draft | Gap:
    fitting = [d for d in documents if satisfies(asked, _whole(d))]
    fitting.sort(key=lambda d: -judge.judge(asked, _whole(d), 0.0).coverage)
    for document in fitting[:1]:
        part = find_part(asked.part, document)
        if part is not None:
            return compose_part(document, part)
    return Gap(asked, (), ())


def _whole(document: Document) -> Statement:
    """The document as one statement: only what it says of itself counts."""
    own = document_scope(document)
    part = document.outline[0]
    return Statement(document, part, 0, len(opening(document)), "part", None, (own, own, own, own))


_COUNTS_PARTS = re.compile(
    r"(?:may|bao nhieu) (?:muc|nhiem vu|noi dung|chi tieu|phan|nhom|yeu cau|giai phap|dieu|chuong|van de|viec|nguyen tac)"
)


def _list(
    asked: Understood, documents: Sequence[Document], judge: Judge, fitting: Sequence[Judged]
) -> Draft | None:
    if asked.kind not in ("list", "listed", "how_many", "what", "why"):
        return None
    if asked.kind == "how_many" and not _COUNTS_PARTS.search(asked.folded):
        return None
    best = max((j.score for j in fitting if answers(asked, j)), default=0.0)
    found = [
        judge.judge(asked, statement, 0.5)
        for document in documents[:4]
        for statement in lists(document)
    ]
    found = [j for j in found if satisfies(asked, j.statement) and j.coverage >= 0.75 and j.own >= 0.5 * (asked.kind != "why")]
    top = max(found, key=lambda j: j.score, default=None)
    if top is None or (asked.kind not in ("list", "listed") and top.score < best):
        return None
    return compose_list(top.statement)
