"""Which of several values in a statement a question asks for: the one with its bound, beside its words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile, takewhile

from corpus.clean import fold
from corpus.sentences import Span
from rag.report_period import report_period
from rag.statements import Scope, Statement, opening, scope
from rag.understand import Term, Understood
from rag.values import values
from rag.words import FUNCTION_WORDS, syllables

_SAME = 2  # syllables that name what an amount is of: `phạt tiền`, `trả lời`


def chosen(asked: Understood, statement: Statement, found: Sequence[Span]) -> Span:
    """The value meant, of one or more in their order; of equals the first."""
    if len(found) == 1:
        return found[0]  # most statements: nothing to choose
    every = _outermost(found)
    return max(every, key=lambda span: _fit(asked, statement, span, every))


_UNITS = "ngày tháng quý năm tuần giờ lần bao nhiêu mấy lâu".split()
_DATED = re.compile(r"(?<!\w)(?:ngay|thang|quy) (\d{1,2}|iv|i{1,3})(?!\w)")
_SAYS_NOTHING = FUNCTION_WORDS | frozenset(_UNITS)


def stands_out(asked: Understood, statement: Statement, value: Span, found: Sequence[Span]) -> bool:
    """Whether no other value of a statement may as well be meant: `giải A 5 triệu đồng, giải B 3 triệu
    đồng` has none for `thưởng bao nhiêu`. Another may be where the question says words of its clause that
    the value's own has not, where it is of another period, and where nothing tells the two apart."""
    every = _outermost(found)
    value = next((s for s in every if s[0] < value[1] and value[0] < s[1]), value)
    others = _rivals(asked, statement, value, every)
    if not others:
        return True
    periods = {_period(statement, s, every) for s in (value, *others)}
    if all(_bounds_asked(asked)) or len(periods) > 1:
        return False
    own, *theirs = (_beside(asked, statement, s, every) for s in (value, *others))
    # `giữa tháng 7` lies in the time of one of them; of which, is not reckoned here.
    if not all(own.has(number, accented=False) for number in _DATED.findall(asked.folded)):
        return False
    said = [term.text for term in _terms(asked, statement, own)]
    told_apart = any(
        not any(other.has(term, accented=asked.accented) for other in theirs) for term in said
    )
    nothing = _SAYS_NOTHING if asked.accented else frozenset(map(fold, _SAYS_NOTHING))
    lead = scope(statement.document.text[statement.start : every[0][0]])  # holds of all of them
    known = (own, lead, statement.headings)
    new = [
        word
        for word in set(asked.spoken) - nothing
        if not any(words.has(word, accented=asked.accented) for words in known)
    ]
    return told_apart and not any(
        other.has(word, accented=asked.accented) for other in theirs for word in new
    )


def _rivals(
    asked: Understood, statement: Statement, value: Span, every: Sequence[Span]
) -> list[Span]:
    """Other values, none of them an event or of a part or case that is not asked for, which are bounded
    and of a period as asked, as the value is."""
    text = statement.document.text
    same, case = fold(text[slice(*value)]), _said_case(asked, statement, value)
    begin = case[0] if case else statement.start  # what holds without the case stands before it
    events = set(values("moment", text, statement.start, statement.end))
    fits = _fit(asked, statement, value, every)[:_AS_ASKED]
    return [
        s
        for s in every
        if s[0] >= begin
        and s not in events
        and fold(text[slice(*s)]) not in same
        and not _is_lesser(asked, statement, s)
        and _fit(asked, statement, s, every)[:_AS_ASKED] >= fits
    ]


def _outermost(found: Sequence[Span]) -> list[Span]:
    """Without what stands in another: `hai người` in `từ hai người trở lên`."""
    return [
        s
        for n, s in enumerate(found)
        if s not in found[:n] and not any(o[0] <= s[0] and s[1] <= o[1] and o != s for o in found)
    ]


_AS_ASKED = 3  # of what fits: bound, period and case are said, words may lie beside by chance


def _fit(
    asked: Understood, statement: Statement, span: Span, every: Sequence[Span]
) -> tuple[bool, int, bool, bool, float, int]:
    """Bounded as asked, of the period and the case asked, behind the question's own words, beside them."""
    bounded = _bounded(asked, statement.document.text[slice(*span)])
    same = _same_before(asked, statement, span)
    wanted, period = report_period(asked.folded), _period(statement, span, every)
    return (
        bounded or _is_end(asked, statement, span),
        0 if wanted is None or period is None else 1 if wanted == period else -1,
        _said_case(asked, statement, span) is not None,
        same >= _SAME,
        _said(asked, statement, _beside(asked, statement, span, every)),
        same,
    )


def _period(statement: Statement, span: Span, every: Sequence[Span]) -> str | None:
    """The period of a report that is said between a value and the one before it."""
    before = max((s[1] for s in every if s[1] <= span[0]), default=statement.start)
    return report_period(fold(statement.document.text[before : span[0]]))


# `tối đa mấy người`: the highest number, not the one from which it holds.
_BOUNDS = tuple(
    (re.compile(rf"(?<!\w)(?:{question})(?!\w)"), re.compile(own))
    for question, own in (
        (
            "toi da|nhieu nhat|dai nhat|lau nhat|khong qua",
            "khong qua|toi da|nhieu nhat|khong nhieu hon|khong vuot",
        ),
        ("toi thieu|it nhat|ngan nhat", "it nhat|toi thieu|khong it hon|khong duoi|tu "),
    )
)


def bounded_otherwise(asked: Understood, value: str) -> bool:
    """Whether a value is a highest number where the lowest is asked, or the other way round."""
    most, least = _bounds_asked(asked)
    if most == least:
        return False
    other = _BOUNDS[1 if most else 0][1]
    return other.match(fold(value)) is not None


def _bounds_asked(asked: Understood) -> tuple[bool, bool]:
    """Whether the highest number is asked, whether the lowest is."""
    most, least = (question.search(asked.folded) is not None for question, _ in _BOUNDS)
    return most, least


def _bounded(asked: Understood, value: str) -> bool:
    return any(
        question.search(asked.folded) and own.match(fold(value)) for question, own in _BOUNDS
    )


_ENDS = re.compile(
    r"(?<!\w)(?:xuong|con|len|thanh)(?: con| den| toi| thanh)? (?:bao nhieu|may)(?!\w)"
)
_TO = re.compile(r"(?:xuống|còn|lên|đến|tới|thành)(?:\s+(?:còn|đến|tới))?\s+$")


def _is_end(asked: Understood, statement: Statement, span: Span) -> bool:
    """`giảm xuống còn bao nhiêu` of `từ 1.870 xuống dưới 300`."""
    before = statement.document.text[statement.start : span[0]]
    return _ENDS.search(asked.folded) is not None and _TO.search(before) is not None


_BORDER = re.compile(r"[,;.:()]\s|\n")


def clause_around(statement: Statement, span: Span) -> Scope:
    """What stands between the same commas as a span of the statement."""
    start, end = _clause(statement, span)
    return scope(statement.document.text[start:end])


def _clause(statement: Statement, span: Span) -> Span:
    text = statement.document.text
    before = [m.end() for m in _BORDER.finditer(text, statement.start, span[0])]
    after = _BORDER.search(text, span[1], statement.end)
    return max(before, default=statement.start), after.start() if after else statement.end


_JOINED = re.compile(r"\s(?:và|hoặc)\s")


def _own(statement: Statement, span: Span, every: Sequence[Span]) -> Span:
    """The clause of a value, without that of another value in it: `có mặt trong 02 giờ và báo kết quả
    trong 12 giờ`."""
    text, (start, end) = statement.document.text, _clause(statement, span)
    before = [s[1] for s in every if start <= s[0] and s[1] <= span[0]]
    behind = [s[0] for s in every if span[1] <= s[0] < end]
    if before:
        joined = list(_JOINED.finditer(text, before[-1], span[0]))
        start = joined[-1].end() if joined else before[-1]
    if behind:
        joined = list(_JOINED.finditer(text, span[1], behind[0]))
        end = joined[-1].start() if joined else behind[0]
    return start, end


def _stand_first(statement: Statement, every: Sequence[Span]) -> bool:
    """`10 ngày … của Bộ trưởng; 05 ngày … của Chủ tịch`: what each value is of stands behind it."""
    text = statement.document.text
    return any(re.search(r";\s+$", text[statement.start : span[0]]) for span in every[1:])


_CASE_SAID = 0.6  # of a further case's syllables, that the question must say
_FURTHER_CASE = re.compile(r";\s+(?:đối với|trường hợp|nếu)(?!\w)")
_CASE_ENDS = (re.compile(r"\s(?:thì|là)\s"), re.compile(","))
_OF_THEM = re.compile(r"(?<!\w)(?:trong đó|bình quân)(?!\w)")


def _case_before(statement: Statement, span: Span) -> Span | None:
    """The further case in which a value holds: `vụ việc phức tạp` before `70 ngày`."""
    text = statement.document.text
    led = list(_FURTHER_CASE.finditer(text, statement.start, span[0]))
    if not led or ";" in text[led[-1].end() : span[0]]:
        return None
    start = led[-1].end()
    ends = (m.start() for end in _CASE_ENDS if (m := end.search(text, start, span[0])))
    return start, next(ends, span[0])


def _said_case(asked: Understood, statement: Statement, span: Span) -> Span | None:
    """That case where the question says it."""
    case = _case_before(statement, span)
    if case is None:
        return None
    own = scope(statement.document.text[slice(*case)])
    words = (own.written if asked.accented else own.folded).split()
    said = sum(word in asked.spoken for word in words) >= _CASE_SAID * len(words)
    return case if said else None


def _is_lesser(asked: Understood, statement: Statement, span: Span) -> bool:
    """A value of a case that is not said, or of a part: `15 mô hình, trong đó 05 ở xã biên giới`."""
    if _case_before(statement, span) is not None:
        return _said_case(asked, statement, span) is None
    text, (start, end) = statement.document.text, _clause(statement, span)
    led = _OF_THEM.search(text, start, end)
    return led is not None and not _said(asked, statement, scope(text[led.end() : end]))


def _beside(asked: Understood, statement: Statement, span: Span, every: Sequence[Span]) -> Scope:
    """What is said of a value: `phản ánh … 07 ngày; về ô nhiễm trong 48 giờ`. What stands behind `; đối
    với vụ việc phức tạp` holds of what was said before it, too."""
    text = statement.document.text
    if _stand_first(statement, every):
        stop = text.find(";", span[1], statement.end)
        return scope(text[span[0] : stop if stop > 0 else statement.end])
    if _said_case(asked, statement, span):
        return scope(text[statement.start : span[1]])
    return scope(text[slice(*_own(statement, span, every))])


def _said(asked: Understood, statement: Statement, own: Scope) -> float:
    """The question's words there, by rarity; what the headings say holds of every value."""
    return sum(t.weight for t in _terms(asked, statement, own))


def _terms(asked: Understood, statement: Statement, own: Scope) -> Iterator[Term]:
    accented, above = asked.accented, _above(statement)
    for term in asked.content:
        if own.has(term.text, accented=accented) and not any(
            said.has(term.text, accented=accented) for said in above
        ):
            yield term


def _above(statement: Statement) -> tuple[Scope, ...]:
    """What is said of all its values: by headings, by the document of itself where that is elsewhere."""
    headings, document = statement.headings, statement.scopes[-1]
    inside = statement.start < len(opening(statement.document))
    return (headings,) if inside else (headings, document)


_AMOUNT_ASKED = re.compile(r"(?<!\w)(?:bao nhiêu|bao lâu|mấy)(?!\w)")
_LEADING_IN = frozenset("từ đến tới lên là trong khoảng".split())


def _same_before(asked: Understood, statement: Statement, span: Span) -> int:
    """`phạt tù bao nhiêu năm` asks for the years behind `phạt tù`, not behind `cải tạo`: how many
    syllables before the asked amount are those before this one."""
    match = _AMOUNT_ASKED.search(asked.text.casefold())
    if match is None:
        return 0
    wanted = _before(asked.text[: match.start()])
    there = _before(statement.document.text[statement.start : span[0]])
    pairs = zip(wanted, there, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _before(text: str) -> list[str]:
    """The last syllables, the nearest first, without what only leads in to an amount."""
    words = syllables(text[-80:])[::-1]
    return list(dropwhile(lambda word: word in _LEADING_IN, words))
