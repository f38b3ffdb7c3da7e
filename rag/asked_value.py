"""The value that a kind of question asks for, found in a statement: a date for `khi nào`, a number
with the right unit for `mấy lần`, the number of an instrument for `kế hoạch số mấy`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.clean import fold
from corpus.references import Mention
from corpus.sentences import Span
from rag.constraints import matches
from rag.statements import Statement
from rag.understand import Understood
from rag.values import Kind, values

_VALUES: dict[str, tuple[Kind, ...]] = {
    "deadline": ("deadline", "duration", "date"),
    "when": ("date", "deadline"),
    "how_many": ("quantity",),
    "money": ("money",),
    "phone": ("phone",),
    "email": ("email",),
    "who": ("person", "body"),
}
_INSTRUMENT_KINDS = ("number", "which_document")
# A date inside an instrument's mention is that instrument's, not the sentence's.
_NOT_OF_MENTIONS = ("when", "deadline", "how_many")
_SIGNING = re.compile(r"(?<!\w)ky(?!\w)(?! (?:luat|cuong|ket|niem|thuat|su|so|cam))")
_COUNTED = re.compile(r"(?:bao nhieu|may|bn)\s+((?:phan tram|%)|[a-z]+(?: [a-z]+)?)")
_PERCENT = re.compile(r"phan tram|%|ty le|ti le")
_NO_UNIT = re.compile(r"^(?:la|thi|vay|the|nhi|a|so|cua|trong|o|tu|den|tro|nam|theo|$)")


def needs_value(asked: Understood) -> bool:
    """Whether only a value of a kind can answer."""
    return asked.kind in _VALUES or asked.kind in _INSTRUMENT_KINDS or asks_signer(asked)


def asks_signer(asked: Understood) -> bool:
    """Who signed is not who issued: only a signature, or a text that says `ký`, tells."""
    return asked.kind in ("who", "title", "person") and _SIGNING.search(asked.folded) is not None


def asked_value(asked: Understood, statement: Statement) -> Span | None:
    """The first value of the asked kind that the question has not said itself."""
    if asks_signer(asked):
        return _signer(statement)
    said = asked.folded
    for span in _values(asked, statement):
        if fold(statement.document.text[slice(*span)]) not in said:
            return span
    return None


def _signer(statement: Statement) -> Span | None:
    signs = statement.shape == "signature" or re.search(r"\bký\b", statement.text)
    names = values("name", statement.document.text, statement.start, statement.end)
    return next(names, None) if signs else None


def _values(asked: Understood, statement: Statement) -> Iterator[Span]:
    text, mention = statement.document.text, statement.mention
    if asked.kind in _INSTRUMENT_KINDS:
        if mention is not None:
            yield from _instrument(asked, mention, text)
        return
    if mention is not None and asked.kind in ("when", "who"):
        span = mention.date_span if asked.kind == "when" else mention.issuer_span
        if span:
            yield span
        return
    outside = asked.kind in _NOT_OF_MENTIONS
    named = [(m.start, m.end) for m in statement.inner_mentions] if outside else []
    for kind in _VALUES.get(asked.kind, ()):
        for span in values(kind, text, statement.start, statement.end):
            inside = any(start <= span[0] < end for start, end in named)
            if not inside and (kind != "quantity" or _fits_unit(asked, text[slice(*span)])):
                yield span


def _instrument(asked: Understood, mention: Mention, text: str) -> Iterator[Span]:
    """`kết luận nào` wants a Kết luận, and none that the question names itself, unless what the
    named one is about tells the other: `Nghị quyết 18 ... thực hiện Nghị quyết Trung ương 7`."""
    wanted = asked.asked_kind
    if not any(matches(reference, mention) for reference in asked.instruments):
        if wanted in (None, mention.kind):
            yield mention.number_span or (mention.start, mention.end)
    elif asked.kind == "which_document" and mention.subject_span and wanted:
        if fold(wanted) in fold(text[slice(*mention.subject_span)]):
            yield mention.subject_span


def _fits_unit(asked: Understood, value: str) -> bool:
    """`bao nhiêu phần trăm` wants a percentage, `mấy lần` a number of lần, `bao nhiêu` any number."""
    plain = fold(value)
    percent = "%" in value or "phan tram" in plain
    if _PERCENT.search(asked.folded):
        return percent
    match = _COUNTED.search(asked.folded)
    if match is None or _NO_UNIT.match(match[1]):
        return True
    return not percent and any(re.search(rf"\b{re.escape(word)}\b", plain) for word in match[1].split())
