"""Among the likely statements of one article the one nearest to the question's own words, and an item
together with the lead-in that says what holds for it.

The judge finds the article by words that stand anywhere in it; which of its clauses is meant often
hangs on their order (`biết được địa chỉ`, `không biết địa chỉ`). No model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Document, Part
from corpus.sentences import Span, sentences
from rag.asked_value import asked_value, goes_first, needs_value, tells_only_who_is_named
from rag.judge import Judged
from rag.statements import Statement, closes_list, doer_heading, lead_in, scope, section_of_doer
from rag.understand import Understood

# What such a lead-in is about says the first clause of its article.
_OF_FIRST = re.compile(
    r"^(?:\d+[.)] *)?(?:Trường hợp )?[Pp]hạm tội(?! phạm)|quy định tại khoản 1 Điều này"
)
_LONGEST_RUN = 4  # syllables in a row that are compared
_BEHIND = 2.0  # of rank: what a statement may lack behind the likeliest and still be meant
_WORTH = 4.0  # of rank: all of the question's runs
_SAID = 0.2  # share of runs from which a question is taken to use the text's own words
_BETTER = 0.1  # of coverage and runs, by which an item with its lead-in must be nearer


@dataclass(frozen=True)
class Item:
    """An item with the sentence that leads in to it; `value` is the asked one, in the lead-in."""

    document: Document
    lead_part: Part
    lead: Span
    part: Part
    value: Span | None
    own: Span | None = None  # of the item, what is told; else its beginning


def runs(asked: Understood) -> frozenset[str]:
    """Two to four of the question's syllables in a row."""
    words = asked.spoken
    lengths = range(2, _LONGEST_RUN + 1)
    return frozenset(" ".join(words[i : i + n]) for n in lengths for i in range(len(words) - n + 1))


def share_of_runs(asked: Understood, text: str) -> float:
    """How much of the question stands in a text word by word, 0..1."""
    said, own = scope(text), runs(asked)
    return sum(said.has(run, accented=asked.accented) for run in own) / max(1, len(own))


def says_as_much(asked: Understood, text: str, whole: str) -> bool:
    """Whether a part of a text says every word and run of the question that the whole says."""
    own = {*runs(asked), *(term.text for term in asked.terms)}
    part, every = scope(text), scope(whole)
    told = (run for run in own if every.has(run, accented=asked.accented))
    return all(part.has(run, accented=asked.accented) for run in told)


def nearest_first(asked: Understood, telling: Sequence[Judged]) -> list[Judged]:
    """The statements of the likeliest one's article in the order of how near they say it."""
    if not telling or not asked.accented:
        return list(telling)
    best = telling[0]
    near = [
        j
        for j in telling
        if _same_unit(j, best)
        and j.rank >= best.rank - _BEHIND
        and (j is best or not tells_only_who_is_named(asked, j.statement))
    ]
    near.sort(key=lambda j: -j.rank - _WORTH * share_of_runs(asked, j.statement.text))
    if share_of_runs(asked, near[0].statement.text) < _SAID:
        return list(telling)
    return [*near, *(j for j in telling if j not in near)]


def _same_unit(one: Judged, other: Judged) -> bool:
    """Statements of one article; sections of plans stand too far apart to be set against each other."""
    a, b = one.statement, other.statement
    article = _article(a.part)
    together = article is not None and a.document is b.document and article == _article(b.part)
    # A mention answers by what it names, not by its words.
    return one is other or together and (a.mention is None) == (b.mention is None)


def _article(part: Part) -> str | None:
    return part.step_label("article")


def nearest_item(asked: Understood, best: Judged) -> Item | None:
    """The item of the likeliest statement's article that says, with its lead-in, more of the question
    than that statement; where a value is asked the lead-in must have it. None where there is none."""
    statement = best.statement
    article = article_around(statement.document, statement.part)
    if article is None or statement.mention is not None:
        return None
    own = statement.text
    if own.rstrip().endswith(":") and statement.shape != "list":
        own = ""  # a lead-in alone says nothing
    found = [
        (_nearness(asked, _said_of(item, article), best.weights), item)
        for item in _items(asked, statement.document, article)
        if not _holds(item, statement)
    ]
    found.sort(key=lambda pair: -pair[0])
    least = _nearness(asked, own, best.weights) + _BETTER
    if not found or found[0][0] < least or len(found) > 1 and found[1][0] == found[0][0]:
        return None
    return found[0][1]


def _holds(item: Item, statement: Statement) -> bool:
    """Whether a statement is a later sentence of an item, or the list in it: the item's beginning is less."""
    part = item.part
    own_list = statement.shape == "list" and part is statement.part
    return own_list or part.start < statement.start < part.end


def led_item(asked: Understood, best: Judged) -> Item | None:
    """A point of an article with the lead-in that it completes, an item of a plan with the heading that
    says whose it is; None for anything else."""
    part, document = best.statement.part, best.statement.document
    lead = lead_in(best.statement) or doer_heading(best.statement)
    if lead is None:
        return _below_heading(asked, best)
    if _is_later_sentence(best.statement) or _adds_nothing(asked, document, lead, best):
        return None
    holding = (p for p in document.parts() if p.start <= lead[0] and part in p.children)
    above = next(holding, None)
    if above is None:
        return None
    value = best.value if asked.kind != "who" else None
    first = value is not None and goes_first(asked, best.statement, value)
    return Item(document, above, lead, part, value if first else None)


_AS_FOLLOWS = re.compile(r"quy định (?:cụ thể )?như sau(?: đây)?\s*:$")


def _adds_nothing(asked: Understood, document: Document, lead: Span, best: Judged) -> bool:
    """`… được quy định như sau:` above a point that says by itself all that is asked."""
    words = _words(document, lead).rstrip()
    if not _AS_FOLLOWS.search(words):
        return False
    own, led = best.statement.scopes[0], scope(words)
    said = (t.text for t in asked.terms if led.has(t.text, accented=asked.accented))
    return all(own.has(term, accented=asked.accented) for term in said)


def _is_later_sentence(statement: Statement) -> bool:
    """The second sentence of a point does not go on with what leads in to it."""
    before = statement.document.text[statement.part.start : statement.start].rstrip()
    return statement.shape == "sentence" and len(before.split()) > 1 and before.endswith(".")


def _below_heading(asked: Understood, best: Judged) -> Item | None:
    """A sentence of a plan's section with the heading that says whose it is."""
    statement = best.statement
    lead = section_of_doer(statement) if asked.kind == "who" else None
    if lead is None:
        return None
    part, own = statement.part, (statement.start, statement.end)
    return Item(statement.document, part, lead, part, None, own)


def _nearness(asked: Understood, text: str, weights: Mapping[str, float]) -> float:
    """Share of the question's words by weight, and of its runs, each 0..1."""
    said = scope(text)
    held = sum(w for term, w in weights.items() if said.has(term, accented=asked.accented))
    return held / (sum(weights.values()) or 1.0) + share_of_runs(asked, text)


def article_around(document: Document, part: Part) -> Part | None:
    """The article around a part."""
    return next(
        (p for p in document.parts() if p.level == "article" and p.start <= part.start < p.end),
        None,
    )


def _items(asked: Understood, document: Document, article: Part) -> Iterator[Item]:
    for part in (article, *article.children):
        lead = list(sentences(document.text, part.start, part.lead_end))
        points = [child for child in part.children if child.level in ("point", "item")]
        if not lead or not points:
            continue
        value = asked_value(asked, _led(document, part, lead[-1]))
        if value is None and needs_value(asked):
            continue
        if asked.kind == "who":
            value = None  # the lead-in says it
        items = (Item(document, part, lead[-1], point, value) for point in points)
        yield from (item for item in items if not closes_list(item.part, _item_words(item)))


def _said_of(item: Item, article: Part) -> str:
    """An item with its lead-in, and with the first clause where that is what it speaks of."""
    document, first = item.document, article.children[0]
    lead = _words(document, item.lead)
    about = _words(document, (first.start, first.lead_end)) if _OF_FIRST.search(lead) else ""
    return f"{about} {lead} {_item_words(item)}"


def _led(document: Document, part: Part, span: Span) -> Statement:
    own = scope(_words(document, span))
    return Statement(document, part, *span, "sentence", None, (own, own, own, own))


def _item_words(item: Item) -> str:
    return item.document.text[item.part.start : item.part.end]


def _words(document: Document, span: Span) -> str:
    return document.text[slice(*span)]
