"""Which law or decree regulates something: `... được quy định ở luật nào?`, `làm theo nghị định nào?`.

Told is the text, by its number, with the article that regulates; a sentence alone would not say whose
it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.model import Document, Part
from corpus.sentences import Span
from rag.compose import Draft, quoted
from rag.holdings import identity, name_line, told
from rag.judge import Judged
from rag.nearest import article_around
from rag.statements import scope
from rag.understand import KIND_NAMES, Understood, understand

_LAWS = "bo luat|luat|phap lenh|nghi dinh|thong tu(?: lien tich)?"
_TEXTS = rf"{_LAWS}|van ban(?: quy pham phap luat| phap luat)?"
_WHICH = r"(?:nao|gi|so may|so bao nhieu)"
_ASKED = re.compile(
    rf"(?<!\w)(?:(?:duoc |do )?(?:quy dinh|nam|neu|ghi) (?:o|tai|trong|theo) (?:nhung |cac )?(?P<at>{_TEXTS}) {_WHICH}"
    rf"|(?:thi )?(?:bay gio |hien nay )?(?:phai )?(?:(?:lam|thuc hien|ap dung|tien hanh|giai quyet|xu ly) )?theo (?P<by>{_LAWS}) {_WHICH}(?=\W*(?:vay|the|a|nhi)?\W*$))"
    rf"|^\W*(?:nhung |cac )?(?P<about>{_LAWS}) nao (?:noi )?ve(?: viec)?(?!\w)"
    rf"|^\W*(?:nhung |cac )?(?P<of>{_TEXTS}) nao (?:hien nay )?(?:quy dinh|dieu chinh)(?: chi tiet)?(?: ve)?(?: viec)?(?!\w)"
)
_KINDS = ("Luật", "Bộ luật", "Pháp lệnh", "Nghị quyết", "Nghị định", "Thông tư", "Quyết định")
_OWN = (
    0.6  # of the question's words, by weight, that stand in the statement or in headings above it
)
_TITLED = 0.8  # of the question's words, by weight, that a title holds which says it all


def asks_which_text(asked: Understood) -> tuple[Understood, tuple[str, ...]] | None:
    """What is regulated, and of which kinds the text may be; None for any other question."""
    match = _ASKED.search(asked.folded)
    if match is None or asked.instruments or asked.part or len(asked.folded) != len(asked.text):
        return None
    word = next(filter(None, match.groups())).removesuffix(" lien tich")
    kind = KIND_NAMES.get(word)
    rest = f"{asked.text[: match.start()]} {asked.text[match.end() :]}".strip(" ,.?!")
    other = understand(f"{rest}?")
    return (other, (kind,) if kind in _KINDS else _KINDS) if other.content else None


def which_text(
    asked: Understood,
    judged: Callable[[Understood], Sequence[Judged]],
    documents: Sequence[Document],
) -> Draft | None:
    """The text, by its title where that says it all, else with the article; None for any other question
    or where no law says it.

    `judged` gives what may answer a question, the likeliest first.
    """
    if (wanted := asks_which_text(asked)) is None:
        return None
    other, kinds = wanted
    weights = {t.text: t.weight for t in other.content}

    def titled(document: Document) -> float:
        return scope(document.title).share(weights, accented=other.accented)

    laws = [d for d in documents if d.meta.kind in kinds]
    closest = max(laws, key=titled, default=None)
    if closest and titled(closest) >= _TITLED:
        places = identity(closest)
        return told({closest: [places[0], *places[1:][-1:]]})  # its number and its title
    found = [j for j in judged(other) if j.statement.document in laws]
    if not found or found[0].features["own"] < _OWN:
        return None
    document = found[0].statement.document
    return told({document: [name_line(document), _article(document, found[0])]})


def where_told(document: Document, part: Part, span: Span) -> Draft:
    """Which text and which of its articles or sections a place is of; without a heading, the words."""
    named = name_line(document)
    headed = [p for p in document.parts() if p.heading and p.start <= part.start < p.end]
    above = article_around(document, part) or (headed[-1] if headed else None)
    place = _heading(document, above) if above else None
    return told({document: [named, *([place] if place else [(part, span)])]})


def _heading(document: Document, part: Part) -> tuple[Part, Span] | None:
    end = document.text.find("\n", part.start, part.end)
    return (part, (part.start, end)) if part.heading and end > 0 else None


def _article(document: Document, best: Judged) -> tuple[Part, Span]:
    """The heading of the article, or the statement where it has none."""
    article = article_around(document, best.statement.part)
    heading = _heading(document, article) if article else None
    return heading or (best.statement.part, quoted(best))
