"""A question under the other names of what it names: `Sở Tài nguyên và Môi trường` is today a
`Sở Nông nghiệp và Môi trường`, `Bắc Kạn` a part of `Thái Nguyên`.

A question that finds nothing under its own names is asked again under others, and the answer says
so. What the names are is data (`corpus/renamings.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from corpus.clean import fold
from corpus.gazetteer import spellings_of
from corpus.model import Document
from corpus.renamings import Renaming, names_in, renamings
from rag.compose import Draft
from rag.constraints import headline
from rag.statements import document_scope, text_scope
from rag.understand import Understood, understand
from rag.words import expanded

_MOST = 6  # wordings tried; each costs a search


def told_under_other_names(
    asked: Understood, documents: Sequence[Document], answer: Callable[[Understood], object]
) -> Draft | None:
    """The first answer that a wording with other names finds, with notices of the renamings."""
    for other, used in other_wordings(asked):
        if not any(_speaks_of(other, document) for document in documents):
            continue  # a search is dear, and would find nothing
        found = answer(other)
        if isinstance(found, Draft) and all(_fits(asked, found, renaming) for renaming in used):
            return replace(found, notices=tuple(renaming.told for renaming in used))
    return None


def _speaks_of(asked: Understood, document: Document) -> bool:
    """Whether a text says the places and bodies that a question insists on."""
    said, known = text_scope(document), document_scope(document)
    places = all(
        any(
            s.has(fold(name), accented=False) for name in spellings_of(place) for s in (said, known)
        )
        for place in asked.places
    )
    return places and all(said.has(body.partition(" ")[2], accented=False) for body in asked.bodies)


def with_renamings(asked: Understood, draft: Draft) -> Draft:
    """The draft with a notice of each body or place that the cited documents know by another name."""
    said = names_in(expanded(asked.text)).keys()
    documents = {citation.document.id: citation.document for citation in draft.citations}
    there = [names_in(expanded(_own_words(document))).keys() for document in documents.values()]
    told = [r.told for r in renamings() if any(_differ(r, said, names) for names in there)]
    return replace(draft, notices=tuple(dict.fromkeys((*draft.notices, *told))))


def _own_words(document: Document) -> str:
    known = [k.place for k in (document.meta, document.about) if k and k.place]
    return "\n".join([headline(document), *known])


def _differ(renaming: Renaming, said: Iterable[str], there: Iterable[str]) -> bool:
    names = {renaming.old, renaming.new}
    return len(names & set(said)) == 1 == len(names & set(there)) and names <= {*said, *there}


def other_wordings(asked: Understood) -> list[tuple[Understood, tuple[Renaming, ...]]]:
    """The question with names exchanged, the fewest first, with the renamings that were used."""
    text = expanded(asked.text)
    if len(fold(text)) != len(text):
        return []  # spans of the folded text would be others
    names = names_in(text)
    spans = sorted((span, name) for name, span in names.items())
    choices = [[None, *_others(asked, name)] for _, name in spans]
    ways = sorted(product(*choices), key=lambda way: sum(r is not None for r in way))
    return [
        (_worded(asked, text, [span for span, _ in spans], way), tuple(filter(None, way)))
        for way in ways[1 : _MOST + 1]
    ]


def _others(asked: Understood, name: str) -> Iterator[Renaming]:
    """The renamings of a name; that of a year before them is the older body or place itself."""
    for renaming in renamings():
        before = any(year < int(renaming.since[:4]) for year in asked.years)
        if renaming.old == name or (renaming.new == name and not (renaming.kept and before)):
            yield renaming


def _worded(
    asked: Understood,
    text: str,
    spans: list[tuple[int, int]],
    way: Iterable[Renaming | None],
) -> Understood:
    for (start, end), renaming in reversed(list(zip(spans, way, strict=True))):
        if renaming is not None:
            was_old = renaming.old in names_in(text[start:end])
            name = renaming.new if was_old else renaming.old
            text = text[:start] + (name if asked.accented else fold(name)) + text[end:]
    return understand(text)


def _fits(asked: Understood, draft: Draft, renaming: Renaming) -> bool:
    """A text of today's body answers for the older one only since it is that body's too."""
    if renaming.old not in names_in(expanded(asked.text)):
        return True
    dates = [citation.document.meta.issued_on for citation in draft.citations]
    return all(day is not None and day >= renaming.since for day in dates)
