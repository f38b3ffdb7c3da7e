"""How well a statement answers a question: which of its words it covers, and whether it holds a
value of the asked kind. A refusal is decided here, by what is missing, not by a bare score."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corpus.clean import fold
from corpus.sentences import Span
from rag.statements import Scope, Statement
from rag.understand import Term, Understood, cues
from rag.values import Kind, values
from rag.words import canonical

# How much a word counts that stands in the statement itself, its sentence, its passage or headings,
# or only in what the document says of itself.
_LEVELS = (1.0, 0.92, 0.8, 0.65)
_SYNONYM, _FOLDED = 0.85, 0.9
# Kinds of questions that only a value of a kind can answer.
_VALUES: dict[str, tuple[Kind, ...]] = {
    "deadline": ("deadline", "date"),
    "when": ("date", "deadline"),
    "how_many": ("quantity",),
    "money": ("money",),
    "phone": ("phone",),
    "email": ("email",),
    "who": ("person", "body"),
}


@dataclass(frozen=True)
class Judged:
    """A statement with what speaks for it; `missing` are the question's words found nowhere."""

    statement: Statement
    coverage: float  # 0..1, share of the question's words by weight
    own: float  # the same, counting only the statement's own words
    missing: tuple[Term, ...]
    value: Span | None
    score: float
    kind: str = ""
    weights: dict[str, float] = field(default_factory=dict)

    @property
    def heaviest_missing(self) -> float:
        """Weight of the rarest word found nowhere, as a share of all words' weight."""
        total = sum(self.weights.values()) or 1.0
        return max((self.weights[term.text] / total for term in self.missing), default=0.0)


class Judge:
    """Weighs a question's words by their rarity in this library and in the law at large."""

    def __init__(self, scopes: Iterable[Scope]) -> None:
        self._scopes = list(scopes)
        self._rarity: dict[tuple[str, bool], float] = {}

    def weights(self, asked: Understood) -> dict[str, float]:
        return {term.text: self._weight(term, asked.accented) for term in asked.terms}

    def _weight(self, term: Term, accented: bool) -> float:
        """Between .3 and about 3: a word of every document says little, a rare one decides."""
        key = term.text, accented
        if key not in self._rarity:
            having = sum(scope.has(term.text, accented=accented) for scope in self._scopes)
            here = math.log((len(self._scopes) + 1) / (having + 0.5)) / math.log(len(self._scopes) + 2)
            self._rarity[key] = max(0.3, 1.2 * here + 0.15 * min(term.weight, 9.0))
        return self._rarity[key]

    def judge(self, asked: Understood, statement: Statement, relevance: float) -> Judged:
        """`relevance` is the passage's score from retrieval, 0..1."""
        weights = self.weights(asked)
        total = sum(weights.values()) or 1.0
        covered = own = 0.0
        missing = []
        for term in asked.terms:
            level = _found(term.text, statement.scopes, asked.accented)
            covered += weights[term.text] * level
            own += weights[term.text] * (level if level > _LEVELS[1] * _SYNONYM else 0.0)
            if level == 0.0:
                missing.append(term)
        value = asked_value(asked, statement)
        score = (0.62 * covered + 0.38 * own) / total + 0.3 * relevance + _shape_bonus(asked, statement)
        score += 0.25 * (value is not None and needs_value(asked)) - 0.0012 * statement.length
        return Judged(statement, covered / total, own / total, tuple(missing), value, score, asked.kind, weights)


def _found(term: str, scopes: tuple[Scope, ...], accented: bool) -> float:
    """The best level at which a term stands, as written, without its marks, or as a synonym."""
    for scope, level in zip(scopes, _LEVELS, strict=True):
        if scope.has(term, accented=accented):
            return level
    plain = fold(term)
    for scope, level in zip(scopes, _LEVELS, strict=True):
        if accented and scope.has(plain, accented=False):
            return level * _FOLDED
        if any(scope.has(word, accented=w) for word, w in _synonyms(term, accented)):
            return level * _SYNONYM
    return 0.0


def _synonyms(term: str, accented: bool) -> Iterator[tuple[str, bool]]:
    _, _, groups = cues()
    if accented:
        yield from ((word, True) for word in groups.get(canonical(term), ()))
        return
    for word, others in groups.items():
        if fold(word) == term:
            yield from ((fold(other), False) for other in others)


def needs_value(asked: Understood) -> bool:
    return asked.kind in _VALUES or asked.kind in ("number", "which_document")


def asked_value(asked: Understood, statement: Statement) -> Span | None:
    """The first value of the asked kind that the question has not said itself."""
    said = f" {asked.folded} "
    for span in _values(asked, statement):
        words = fold(statement.document.text[slice(*span)])
        if f" {words} " not in said and words not in said:
            return span
    return None


def _values(asked: Understood, statement: Statement) -> Iterator[Span]:
    text, mention = statement.document.text, statement.mention
    if asked.kind == "number":
        if mention and mention.number_span:
            yield mention.number_span
        return
    if asked.kind == "which_document":
        if mention and (mention.number_span or mention.subject_span):
            yield mention.number_span or (mention.start, mention.end)
        return
    if mention is not None and asked.kind in ("when", "who"):
        span = mention.date_span if asked.kind == "when" else mention.issuer_span
        if span:
            yield span
        return
    for kind in _VALUES.get(asked.kind, ()):
        for span in values(kind, text, statement.start, statement.end):
            if kind != "quantity" or _fits_unit(asked, text[slice(*span)]):
                yield span


_COUNTED = re.compile(r"(?:bao nhieu|may)\s+((?:phan tram|%)|[a-z]+(?: [a-z]+)?)")
_PERCENT = re.compile(r"phan tram|%|ty le|ti le")
_NO_UNIT = re.compile(r"^(?:la|thi|vay|the|nhi|a|so|cua|trong|o|tu|den|tro|nam|$)")


def _fits_unit(asked: Understood, value: str) -> bool:
    """`bao nhiêu phần trăm` wants a percentage, `mấy lần` a number of lần, `mấy` any number."""
    percent = "%" in value or "phan tram" in fold(value)
    if _PERCENT.search(asked.folded):
        return percent
    match = _COUNTED.search(asked.folded)
    if match is None or _NO_UNIT.match(match[1]):
        return True
    unit = match[1].split()
    plain = fold(value)
    return not percent and re.search(rf"\b{re.escape(unit[0])}\b", plain) is not None


_CREATION = re.compile(r"\b(?:ban hanh|ky|ra doi|de ngay|ngay nao|hom nao|nam nao|ngay may|ra)\b")


def _shape_bonus(asked: Understood, statement: Statement) -> float:
    """Instruments named answer questions about instruments; sentences answer the rest."""
    if statement.shape == "mention":
        if asked.kind in ("number", "which_document"):
            return 0.1
        if asked.instruments:
            return 0.12
        return -0.15
    if statement.shape == "clause":
        return 0.02
    return 0.0
