"""Questions that the library answers, for people who don't know yet what they may ask.

Each is made from a document and then tried: only what is answered from that document alone is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import islice

from corpus.duties import duties
from corpus.effects import in_force_from, instrument
from corpus.model import Document
from corpus.references import GO_BY_NAME
from corpus.validity import Register
from rag.holdings import called
from rag.standing import is_gone

_MOST = 3
_LOOKED_AT = 40  # documents; what a large library asks beyond them costs more than it tells
_TRIED = 4  # questions of one form; each costs a search
_LONGEST = 140  # characters that still read as one question


def examples(
    documents: Iterable[Document],
    register: Register,
    on: date,
    answered: Callable[[str, Document], bool],
) -> tuple[str, ...]:
    """Up to three questions of different forms, of different documents where there are so many.

    What holds today comes first, what the office added before what came along, then the newest.
    """
    likely = sorted(documents, key=lambda d: d.meta.issued_on or "", reverse=True)
    likely = sorted(likely, key=lambda d: d.shipped)[:_LOOKED_AT]
    likely.sort(key=lambda d: is_gone(d, register, on))
    found: list[str] = []
    for form in (_report, _article, _in_force, _summary, _basis):
        if len(found) == _MOST:
            break
        asked = ((question, d) for d in likely for question in form(d) if len(question) <= _LONGEST)
        told = next((pair for pair in islice(asked, _TRIED) if answered(*pair)), None)
        if told is not None:
            found.append(told[0])
            likely.remove(told[1])
            likely.append(told[1])  # asked of again only where there is no other
    return tuple(found)


def _report(document: Document) -> Iterator[str]:
    lawlike = any(part.level == "article" for part in document.parts())
    if not lawlike and any(duty.kind == "report" and duty.due for duty in duties(document)):
        yield f"Hạn báo cáo theo {called(document)} là khi nào?"


def _article(document: Document) -> Iterator[str]:
    if document.meta.kind in GO_BY_NAME:
        articles = [part for part in document.parts() if part.level == "article" and part.heading]
        # The first ones say what every law says of itself.
        for part in articles[len(articles) // 2 :][:1]:
            yield f"Điều {part.label} {called(document)} quy định gì?"


def _in_force(document: Document) -> Iterator[str]:
    if in_force_from(document):
        yield f"{called(document)} có hiệu lực từ ngày nào?"


def _summary(document: Document) -> Iterator[str]:
    yield f"Tóm tắt {called(document)}"


def _basis(document: Document) -> Iterator[str]:
    if instrument(document).kind != "Tin":
        yield f"{called(document)} căn cứ vào văn bản nào?"
