"""Which documents of the library a question names: by number, or by the words of their titles.

`luat dan chu co so` names `Luật Thực hiện dân chủ ở cơ sở`: a kind, then words that stand in one
title of that kind in this order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from corpus.clean import fold
from corpus.model import Document
from corpus.references import KIND_WORDS, KINDS
from rag.constraints import is_document, satisfies
from rag.statements import described_as_one
from rag.understand import Understood
from rag.words import canonical

_NAMES = {fold(kind): kind for kind in KINDS}
_KIND = re.compile(rf"(?<!\w)({KIND_WORDS})(?!\w)")
# Words that a title has and a person leaves out, or the other way round.
_SKIPPED = frozenset(
    "ve cua va o cac nhung mot so dieu quy dinh viec thi hanh nam nay do thuc hien".split()
)
_LONGEST = 14  # words of a title said in a question


def named_documents(asked: Understood, documents: Iterable[Document]) -> list[Document]:
    """Those that the question names, the best match only; empty where it names none."""
    found = list(documents)
    if asked.instruments:
        return [d for d in found if any(is_document(r, d) for r in asked.instruments)]
    scores = [(_named_words(_runs(asked.text), document), document) for document in found]
    best = max((score for score, _ in scores), default=0)
    named = [document for score, document in scores if score == best] if best >= 2 else []
    # `Kế hoạch dân vận` of several offices is that of the place, body and year that is said.
    fitting = [d for d in named if len(named) > 1 and satisfies(asked, described_as_one(d))]
    return fitting or named


def kinds_said(asked: Understood) -> set[str]:
    """The kinds of documents that a question says: `kế hoạch này` is a Kế hoạch."""
    return {_NAMES[match[1]] for match in _KIND.finditer(asked.folded)}


@lru_cache(maxsize=256)
def _runs(question: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each kind that a question says, with the content words behind it."""
    plain = " ".join(re.findall(r"\w+", fold(canonical(question))))
    return tuple(
        (match[1], tuple(_content(plain[match.end() :].split()))[:_LONGEST])
        for match in _KIND.finditer(plain)
    )


def _content(words: Iterable[str]) -> list[str]:
    return [word for word in words if word not in _SKIPPED and not word.isdigit()]


def _named_words(runs: Sequence[tuple[str, tuple[str, ...]]], document: Document) -> int:
    """How many words behind a kind stand in the title, in its order from the first on; a title of
    one word counts where it is said whole."""
    kind, title = fold(document.meta.kind or ""), _title(document)
    longest = 0
    for said, words in runs:
        if said != kind:
            continue
        length = max((_common(words, title[n:]) for n in range(len(title))), default=0)
        whole = len(title) == length == 1
        longest = max(longest, 2 if whole else length)
    return longest


@lru_cache(maxsize=4096)
def _title(document: Document) -> tuple[str, ...]:
    words = re.findall(r"\w+", fold(canonical(document.meta.title or "")))
    kind = fold(document.meta.kind or "").split()
    return tuple(_content(words[len(kind) :] if words[: len(kind)] == kind else words))


def _common(words: Sequence[str], title: Sequence[str]) -> int:
    """The length of the beginning that both share."""
    return next((n for n, (a, b) in enumerate(zip(words, title, strict=False)) if a != b),
                min(len(words), len(title)))  # fmt: skip
