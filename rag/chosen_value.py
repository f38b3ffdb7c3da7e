"""Which of several values in a statement a question asks for: the one with its bound, beside its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

from corpus.clean import fold
from corpus.sentences import Span
from rag.statements import Scope, Statement, scope
from rag.understand import Understood
from rag.words import folded, syllables

_SAME = 2  # syllables that name what an amount is of: `phạt tiền`, `trả lời`


def chosen(asked: Understood, statement: Statement, found: Sequence[Span]) -> Span:
    """The value meant, of one or more in their order; of equals the first."""
    if len(found) == 1:
        return found[0]  # most statements: nothing to choose
    beside = _said_behind if _stand_first(statement, found) else _said_beside

    def fit(span: Span) -> tuple[bool, bool, float, int]:
        """Bounded as asked, behind the question's own words, beside them."""
        bounded = _bounded(asked, statement.document.text[slice(*span)])
        same = _same_before(asked, statement, span)
        return (
            bounded or _is_end(asked, statement, span),
            same >= _SAME,
            beside(asked, statement, span),
            same,
        )

    return max(found, key=fit)


# `tối đa mấy người`: the highest number, not the one from which it holds.
_BOUNDS = tuple(
    (re.compile(rf"(?<!\w)(?:{question})(?!\w)"), re.compile(own))
    for question, own in (
        ("toi da|nhieu nhat|khong qua", "khong qua|toi da|nhieu nhat|khong nhieu hon|khong vuot"),
        ("toi thieu|it nhat", "it nhat|toi thieu|khong it hon|khong duoi|tu "),
    )
)


def bounded_otherwise(asked: Understood, value: str) -> bool:
    """Whether a value is a highest number where the lowest is asked, or the other way round."""
    most, least = (question.search(asked.folded) is not None for question, _ in _BOUNDS)
    if most == least:
        return False
    other = _BOUNDS[1 if most else 0][1]
    return other.match(fold(value)) is not None


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
    text = statement.document.text
    before = [m.end() for m in _BORDER.finditer(text, statement.start, span[0])]
    after = _BORDER.search(text, span[1], statement.end)
    start, end = max(before, default=statement.start), after.start() if after else statement.end
    return scope(text[start:end])


def _stand_first(statement: Statement, every: Sequence[Span]) -> bool:
    """`10 ngày … của Bộ trưởng; 05 ngày … của Chủ tịch`: what each value is of stands behind it."""
    text = statement.document.text
    return any(re.search(r";\s+$", text[statement.start : span[0]]) for span in every[1:])


def _said_behind(asked: Understood, statement: Statement, span: Span) -> float:
    """How much of the question, by rarity, is said between the value and the next semicolon."""
    text = statement.document.text
    stop = text.find(";", span[1], statement.end)
    own = scope(text[span[0] : stop if stop > 0 else statement.end])
    return _said(asked, statement, own)


_CASE_SAID = 0.6  # of a further case's syllables, that the question must say
_FURTHER_CASE = re.compile(r";\s+(?:đối với|trường hợp|nếu)(?!\w)")


def _said_beside(asked: Understood, statement: Statement, span: Span) -> float:
    """`phản ánh … 07 ngày; về ô nhiễm trong 48 giờ`: how much of the question, by rarity, is said beside
    the value. What stands behind `; đối với vụ việc phức tạp` holds of what was said before it, too."""
    said = _said(asked, statement, clause_around(statement, span))
    text = statement.document.text
    led = list(_FURTHER_CASE.finditer(text, statement.start, span[0]))
    if not said or not led or ";" in text[led[-1].end() : span[0]]:
        return said
    words = syllables(re.split(r"\s(?:thì|là)\s|,", text[led[-1].end() : span[0]])[0])
    words = words if asked.accented else folded(words)
    if sum(word in asked.spoken for word in words) < _CASE_SAID * len(words):
        return said
    return said + _said(asked, statement, scope(text[statement.start : led[-1].start()]))


def _said(asked: Understood, statement: Statement, own: Scope) -> float:
    """The question's words there, by rarity; what the headings say holds of every value."""
    accented, above = asked.accented, (statement.headings, statement.scopes[-1])
    return sum(
        t.weight
        for t in asked.content
        if own.has(t.text, accented=accented)
        and not any(said.has(t.text, accented=accented) for said in above)
    )


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
