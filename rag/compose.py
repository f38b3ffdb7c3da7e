"""From judged statements to the answer's text: the asked value first, then the words themselves.

Everything shown is cut out of the stored text; numbers of citations are given here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.clean import fold
from corpus.model import Citation, Document, Part
from corpus.sentences import Span, clauses, sentences
from corpus.tables import is_row, told
from rag.asked_value import goes_first
from rag.judge import Judged
from rag.nearest import Item, says_as_much
from rag.statements import Statement, items, scope
from rag.understand import Understood
from rag.values import Kind, values
from rag.verdict import verdict
from rag.words import FUNCTION_WORDS, lexicon

MAX_QUOTE_WORDS = 100
MAX_TOLD_WORDS = 120  # of one statement, in two pieces
MAX_LIST_WORDS = 360
_WORTH_MORE = 0.15  # of the question's words, by weight, that a second piece must add
_LONG_QUOTE_WORDS = 70  # a longer one ends behind the last clause that has to do with the question
_LONG_VERDICT_WORDS = 80  # the same where a yes or no is asked
_TOLD_WHOLE = frozenset(("define", "list", "listed", "title", "why"))
_MARKER = re.compile(r"\[(\d+)\]")
_LIST_MARK = re.compile(r"^(?:[-–—•+*]|\d{1,3}(?:\.\d{1,3})*[.)]|[a-zđ][.)]|[IVXLC]+\.)\s+")
_FILE = re.compile(r".{1,80}\.(?:docx?|pdf|xlsx?|rar|zip)")  # attached to a page, no sentence of it
_POINT = re.compile(r"[^.;,]([.;,])(?:/\.)?$")  # that ends an item; none of `...`


@dataclass(frozen=True)
class Draft:
    """An answer's text with `[n]` markers and the citations behind them, in order."""

    text: str
    citations: tuple[Citation, ...]
    notices: tuple[str, ...] = ()  # on validity and other names of what is cited
    final: bool = False  # says more than its quotes do (a table, `Có`): no chat model rewrites it
    second: Draft | None = None  # what answers about as well, not yet part of the text

    @property
    def spans(self) -> set[tuple[str, int, int]]:
        """What it cites: document, start, end."""
        return {(c.document.id, c.start, c.end) for c in self.citations}


def counted_on(draft: Draft, by: int) -> Draft:
    """The draft with its markers counted on, to stand behind so many citations."""
    return replace(
        draft,
        text=_MARKER.sub(lambda m: f"[{int(m[1]) + by}]", draft.text),
        citations=tuple(replace(c, marker=c.marker + by) for c in draft.citations),
    )


def below(first: Draft, second: Draft, led_by: str = "") -> Draft:
    """One draft with another below it, its markers counted on; `led_by` stands before the second."""
    second = counted_on(second, len(first.citations))
    return Draft(
        f"{first.text}\n{led_by}{second.text}",
        (*first.citations, *second.citations),
        tuple(dict.fromkeys((*first.notices, *second.notices))),
        final=first.final or second.final,
    )


def beside(first: Draft, second: Draft) -> Draft | None:
    """Two items of one list behind their common lead-in; None where they have none."""
    if len(first.citations) != 2 or len(second.citations) != 2:
        return None
    lead, other = first.citations[0], second.citations[0]
    head, _, own = first.text.partition("[1]: ")
    other_head, _, more = second.text.partition("[1]: ")
    same = (lead.document, lead.start, lead.end) == (other.document, other.start, other.end)
    if not (same and own and more and head == other_head):
        return None
    text = f"{first.text.removesuffix('.')}; {more.replace('[2]', '[3]')}"
    citations = (*first.citations, replace(second.citations[1], marker=3))
    return replace(first, text=text, citations=citations, second=None)


def shown(quote: str) -> str:
    """A quote as a person reads it: one line, a literal `[1]` of the source as ［1］."""
    return _MARKER.sub(r"［\1］", " ".join(quote.split()))


def told_words(document: Document, span: Span, heads: Span | None) -> str:
    """A span as it is told: without its list mark; a table's row with the heads of its columns."""
    words = shown(document.text[slice(*span)])
    if is_row(words) and heads:
        words = told(shown(document.text[slice(*heads)]), words)
    return _closed(_LIST_MARK.sub("", words))


def listed(document: Document, part: Part, span: Span, heads: Span | None, number: int) -> str:
    """A part's beginning as the line of a list, between the source's own mark and closing point, for
    people name an item by its mark: `b) Theo ý kiến của đa số [3];`."""
    quote = shown(document.text[slice(*span)])
    rest = _rest(document, span[1], part.end)
    point = None if rest or is_row(quote) else _POINT.search(quote)
    told = f"{list_mark(quote)} {told_words(document, span, heads)}{rest} [{number}]"
    return told + point[1] if point else told


def list_mark(quote: str) -> str:
    """A number or letter that a part begins with, else a dash."""
    mark = _LIST_MARK.match(quote)
    return mark[0].strip() if mark and mark[0][0].isalnum() else "-"


def compose(asked: Understood, chosen: Sequence[Judged]) -> Draft:
    """One sentence for each statement chosen, each with its marker."""
    lines: list[str] = []
    citations: list[Citation] = []
    for judged in chosen:
        if _asks_each(asked, judged.statement):
            judged = replace(judged, value=None)  # no one of them goes first
        span = _to_the_point(asked, judged.statement.document, quoted(judged), judged.value)
        citations.append(_citation(len(citations) + 1, judged.statement, *span))
        lines.append(_line(asked, judged, span, len(citations)))
        if more := _further(asked, judged, span):
            citations.append(_citation(len(citations) + 1, judged.statement, *more))
            lines[-1] = f"{lines[-1].removesuffix('.')}; {_more(judged, more, len(citations))}"
    if said := verdict(asked, citations[0].quote, chosen[0].statement.headings):
        lines[0] = f"{said}: {lines[0]}"
    return Draft("\n".join(lines), tuple(citations), final=said is not None)


# `mỗi nguồn bao nhiêu`, `từng đợt mấy ngày`.
_EACH = re.compile(
    r"(?<!\w)(?:moi|tung) (?!nam|thang|quy|tuan|ngay|lan)\w+ (?:\w+ ){0,3}?(?:bao nhieu|may)(?!\w)"
)
_COUNTED: dict[str, Kind] = {"money": "money", "how_many": "quantity", "deadline": "duration"}


def _asks_each(asked: Understood, statement: Statement) -> bool:
    """Whether the value of each of several is asked, and a statement has more than one."""
    kind = _COUNTED.get(asked.kind)
    if kind is None or not _EACH.search(asked.folded):
        return False
    text, start, end = statement.document.text, statement.start, statement.end
    return len(list(values(kind, text, start, end))) > 1


def _citation(number: int, statement: Statement, start: int, end: int) -> Citation:
    return Citation(number, statement.document, statement.part, start, end, statement.context)


def _line(asked: Understood, judged: Judged, span: Span, number: int) -> str:
    text = judged.statement.document.text
    quote = told_words(judged.statement.document, span, judged.statement.context)
    quote += _rest(judged.statement.document, span[1], judged.statement.end)
    if judged.value is None or not _is_put_first(asked, judged, judged.value, text):
        return f"{quote[:1].upper()}{quote[1:]} [{number}]."
    value = shown(text[slice(*told_value(text, judged.value))])
    beginning = fold(" ".join(quote.split()[: len(value.split()) + 2]))
    if fold(value) in beginning:
        return f"{quote[:1].upper()}{quote[1:]} [{number}]."
    return f"{value[:1].upper()}{value[1:]}: {quote} [{number}]."


def _is_put_first(asked: Understood, judged: Judged, value: Span, text: str) -> bool:
    """Who is told by the sentence: an office's name is cut too easily. A person's stands first."""
    if judged.kind != "person":
        return judged.kind != "who" and goes_first(asked, judged.statement, value)
    names = values("name", text, judged.statement.start, judged.statement.end)
    return value in names


def _more(judged: Judged, span: Span, number: int) -> str:
    document = judged.statement.document
    words = told_words(document, span, judged.statement.context)
    return f"{words}{_rest(document, span[1], judged.statement.end)} [{number}]."


_AMOUNT = re.compile(r"(.*\d\S*(?: [^\W\d_]+)?)( [^\W\d_]+)$", re.S)


def told_value(text: str, span: Span) -> Span:
    """A value without the word behind its unit that only leads on or is half of the next one: `03 lần` of
    `03 lần trong một năm`, `10 người` of `10 người khiếu nại`."""
    match = _AMOUNT.match(text[slice(*span)])
    if match is None or not re.search(r"(?:%|[^\W\d_])$", match[1]):
        return span  # `60 ngày` of `60 ngày kể từ`: without its unit a number says nothing
    last = match[2].strip().lower()
    behind = re.match(r"\s+([^\W\d_]+)", text[span[1] :])
    halved = behind is not None and f"{last} {behind[1].lower()}" in lexicon().idf
    return (span[0], span[0] + len(match[1])) if halved or last in FUNCTION_WORDS else span


def _closed(quote: str) -> str:
    """Without the punctuation of the sentence that it was cut from."""
    quote = re.sub(r"(?:\./\.|[.,;:]|\.\.\.)+$", "", quote).rstrip()
    for opening, closing in (("“", "”"), ("(", ")")):
        if quote.count(closing) > quote.count(opening) and quote.endswith(closing):
            quote = quote[:-1].rstrip()
        if quote.count(opening) > quote.count(closing):
            quote += closing
    return quote + '"' if quote.count('"') % 2 else quote


def quoted(judged: Judged) -> Span:
    """The whole statement where it has no more than so many words, else the pieces around its value
    and words."""
    statement, most = judged.statement, MAX_QUOTE_WORDS
    if statement.length <= most:
        return statement.start, statement.end
    text = statement.document.text
    pieces = _pieces(text, statement.start, statement.end, most)
    best = max(range(len(pieces)), key=lambda n: _weight_of(judged, text, pieces[n]))
    start, end = pieces[best]
    left, right = best, best
    while True:
        grown = [
            (n, s) for n, s in ((left - 1, "left"), (right + 1, "right")) if 0 <= n < len(pieces)
        ]
        grown.sort(key=lambda g: -_weight_of(judged, text, pieces[g[0]]))
        for n, side in grown:
            a, b = (pieces[n][0], end) if side == "left" else (start, pieces[n][1])
            if len(text[a:b].split()) <= most:
                start, end = a, b
                left, right = (n, right) if side == "left" else (left, n)
                break
        else:
            return start, end


def _to_the_point(
    asked: Understood, document: Document, span: Span, value: Span | None, beside: int = 0
) -> Span:
    """A span that is long with the words beside it, up to the last of its clauses that says the value or
    words of the question; all of a short one. Its beginning, which tells of whom it speaks, stays.
    """
    text, (start, end) = document.text, span
    whole = text[start:end]
    # What is allowed or not may stand behind the clause that says the question's words.
    longest = _LONG_VERDICT_WORDS if asked.kind == "yes_no" else _LONG_QUOTE_WORDS
    if asked.kind in _TOLD_WHOLE or len(whole.split()) + beside <= longest:
        return span
    of_value = value is not None and start <= value[0] < end
    for _, stop in clauses(text, start, end):
        if value is not None and of_value and stop < value[1]:
            continue
        if says_as_much(asked, text[start:stop], whole):
            return start, stop
    return span


def _further(asked: Understood, judged: Judged, span: Span) -> Span | None:
    """Of a statement that is too long to be told whole, the clause behind `span` that says most of the
    question's words that neither the span nor a heading does; None where that is little."""
    statement, text = judged.statement, judged.statement.document.text
    told = (scope(text[slice(*span)]), statement.headings, statement.scopes[-1])
    lacking = {
        term: weight
        for term, weight in judged.weights.items()
        if not any(own.has(term, accented=asked.accented) for own in told)
    }

    def found(piece: Span) -> float:
        own = scope(text[slice(*piece)])
        return sum(w for term, w in lacking.items() if own.has(term, accented=asked.accented))

    room = MAX_TOLD_WORDS - len(text[slice(*span)].split())
    behind = [
        piece
        for piece in _pieces(text, span[1], statement.end, room)
        if len(text[slice(*piece)].split()) <= room
    ]
    best = max(behind, key=found, default=None)
    enough = best is not None and found(best) >= _WORTH_MORE * sum(judged.weights.values())
    return best if enough else None


def _pieces(text: str, start: int, end: int, most: int) -> list[Span]:
    """Clauses; a clause that is too long itself is cut at its commas."""
    pieces: list[Span] = []
    for left, right in clauses(text, start, end):
        if len(text[left:right].split()) <= most:
            pieces.append((left, right))
            continue
        begin = left
        for comma in re.finditer(r"[,:](?=\s)(?!\s(?:ngày|số)\s\d)", text[left:right]):
            stop = left + comma.end()
            if len(text[begin:stop].split()) >= 12:
                pieces.append((begin, stop))
                begin = stop + 1
        if begin < right:
            pieces.append((begin, right))
    return pieces


def _weight_of(judged: Judged, text: str, piece: Span) -> float:
    words = f" {fold(text[slice(*piece)])} "
    found = sum(w for term, w in judged.weights.items() if fold(term) in words)
    inside = judged.value is not None and piece[0] <= judged.value[0] < piece[1]
    return found + 5.0 * inside


def compose_list(statement: Statement) -> Draft:
    """The lead-in and every item, each with its own citation; long items give their first clause."""
    document = statement.document
    last = _lead(statement)
    citations = [_citation(1, statement, *last)]
    lines = [f"{told_words(document, last, None)} [1]:"]
    for number, (part, span, heads) in enumerate(_items_told(statement), start=2):
        citations.append(Citation(number, document, part, *span, heads))
        lines.append(listed(document, part, span, heads, number))
    return Draft("\n".join(lines), tuple(citations))


def list_words(statement: Statement) -> str:
    """The words of the list alone: marks, points and citations left out."""
    document = statement.document
    lines = [f"{told_words(document, _lead(statement), None)}:"]
    for part, span, heads in _items_told(statement):
        lines.append(f"- {told_words(document, span, heads)}{_rest(document, span[1], part.end)}")
    return "\n".join(lines)


def _lead(statement: Statement) -> Span:
    return list(sentences(statement.document.text, statement.start, statement.end))[-1]


def _items_told(statement: Statement) -> Iterator[tuple[Part, Span, Span | None]]:
    """Each item with what is told of it, and the heads of its columns if it is a table's row."""
    parts = items(statement.document, statement)
    budget = max(18, MAX_LIST_WORDS // max(1, len(parts)))
    for part in parts:
        heads = (statement.start, statement.end) if part.level == "row" else None
        yield part, first_clause(statement.document, part, budget), heads


def compose_count(asked: Understood, judged: Judged) -> Draft:
    """The lead-in of a list with the count that was asked, without its items."""
    statement, last = judged.statement, _lead(judged.statement)
    return _cited(_line(asked, judged, last, 1), statement.document, (statement.part, last))


def compose_item(item: Item, asked: Understood | None = None) -> Draft:
    """What the lead-in says, its value first, then the item for which it holds; where it is known what
    was asked, not more of a long item than that.
    """
    document, text = item.document, item.document.text
    lead, own = told_words(document, item.lead, None), _own_words(item)
    if asked is not None:
        own = _to_the_point(asked, document, own, item.value, beside=len(lead.split()))
    told = told_words(document, own, None)
    held = f"{told[:1].lower()}{told[1:]}{_rest(document, own[1], item.part.end)}"
    places = ((item.lead_part, item.lead), (item.part, own))
    if item.value is None:
        said = verdict(asked, told, lead=lead) if asked is not None else None
        draft = _cited(f"{_capital(lead)} [1]: {held} [2].", document, *places)
        return replace(draft, text=f"{said}: {draft.text}", final=True) if said else draft
    value = _capital(shown(text[slice(*told_value(text, item.value))]))
    if item.lead[0] <= item.value[0] < item.lead[1]:
        return _cited(f"{value}: {_capital(lead)} [1]: {held} [2].", document, *places)
    # A value of the item is told with the item's marker.
    return _cited(f"{value} [1]: {_capital(lead)} [2]: {held} [1].", document, *reversed(places))


def compose_words(document: Document, part: Part, spans: Sequence[Span]) -> Draft:
    """Sentences of a part as they stand there."""
    words = (f"{told_words(document, span, None)} [{n}]." for n, span in enumerate(spans, start=1))
    return _cited(" ".join(words), document, *((part, span) for span in spans))


def _cited(text: str, document: Document, *places: tuple[Part, Span]) -> Draft:
    found = (Citation(n, document, part, *span) for n, (part, span) in enumerate(places, start=1))
    return Draft(text, tuple(found))


def _own_words(item: Item) -> Span:
    """The item's beginning, or its sentence that has the value."""
    document, part, value = item.document, item.part, item.value
    if item.own:
        return item.own
    own = first_clause(document, part, MAX_QUOTE_WORDS)
    if value is None or value[1] <= own[1] or value[0] >= part.end:
        return own
    every = sentences(document.text, part.start, part.end)
    return next((s for s in every if s[0] <= value[0] < s[1]), own)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def first_clause(document: Document, part: Part, budget: int) -> Span:
    """The part's own words up to `budget`, cut behind a sentence, a clause or a comma."""
    text = document.text
    stop = part.lead_end if part.children else part.end
    whole = next(iter(sentences(text, part.start, stop)), (part.start, stop))
    full = (part.start, part.start + len(text[part.start : stop].rstrip()))
    for start, end in (full, whole, clauses(text, *whole)[0]):
        if len(text[start:end].split()) <= budget:
            return start, end
    start, end = clauses(text, *whole)[0]
    cuts = [start + m.start() for m in re.finditer(r",(?=\s)", text[start:end])]
    fitting = [cut for cut in cuts if len(text[start:cut].split()) <= budget + 10]
    return (start, fitting[-1]) if fitting else (start, end)


def _rest(document: Document, told: int, end: int) -> str:
    """An ellipsis where what ends at `end` says more than what is told of it."""
    return " …" if document.text[told:end].strip(" .;,:\n") else ""


def compose_definition(statement: Statement) -> Draft:
    """The part that defines, for what follows belongs to the definition; of a long one in prose, which
    goes on to other things, the sentence."""
    document, part = statement.document, statement.part
    words = len(document.text[part.start : part.end].split())
    prose = all(child.level == "paragraph" for child in part.children)
    if words <= _LONG_QUOTE_WORDS or part.level != "article" or not prose:
        return compose_part(document, part)
    span = statement.start, statement.end
    words_told = told_words(document, span, None)
    return _cited(f"{words_told}{_rest(document, span[1], part.end)} [1].", document, (part, span))


def compose_part(document: Document, part: Part) -> Draft:
    """What a part says: all of it where it is short, else its heading and its items."""
    text = document.text
    end = part.start + len(text[part.start : part.end].rstrip())
    prose = all(child.level == "paragraph" for child in part.children)
    if len(text[part.start : end].split()) <= 150 and prose:
        lines, citations = [], []
        every = list(sentences(text, part.start, end))
        said = [span for span in every if not _FILE.fullmatch(text[slice(*span)])]
        for number, span in enumerate(said or every, start=1):
            citations.append(Citation(number, document, part, *span))
            lines.append(f"{told_words(document, span, None)} [{number}].")
        return Draft(" ".join(lines), tuple(citations))
    if not part.children:
        span = first_clause(document, part, 120)
        return Draft(
            f"{told_words(document, span, None)} [1].",
            (Citation(1, document, part, *span),),
        )
    start, stop = first_clause(document, part, 60)
    citations = [Citation(1, document, part, start, stop)]
    lines = [f"{told_words(document, (start, stop), None)} [1]:"]
    budget = max(18, MAX_LIST_WORDS // len(part.children))
    for number, child in enumerate(part.children, start=2):
        span = first_clause(document, child, budget)
        heads = (start, stop) if child.level == "row" else None
        citations.append(Citation(number, document, child, *span, heads))
        lines.append(listed(document, child, span, heads, number))
    return Draft("\n".join(lines), tuple(citations))
