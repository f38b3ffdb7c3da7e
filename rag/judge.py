"""How well a statement answers a question: which of its words it covers, and whether it holds a
value of the asked kind. A refusal is decided here, by what is missing, not by a bare score."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from corpus.clean import fold
from corpus.sentences import Span
from corpus.references import Mention
from rag.constraints import matches
from rag.statements import Scope, Statement, text_scope
from rag.understand import Term, Understood, cues
from rag.values import Kind, values

# How much a word counts that stands in the statement itself, its sentence, its passage or headings,
# or only in what the document says of itself.
_LEVELS = (1.0, 0.92, 0.8, 0.65)
# Beside an instrument others are named, and the document is not about it: less counts for it.
_MENTION_LEVELS = (1.0, 0.55, 0.5, 0.45)
_LIGHT = 0.15  # the share of its weight that a word keeps that says little of what is asked
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
    "person": ("name",),
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
            weight = max(0.3, 1.2 * here + 0.15 * min(term.weight, 9.0))
            light = fold(term.text) in cues().light
            self._rarity[key] = weight * _LIGHT if light else weight
        return self._rarity[key]

    def judge(self, asked: Understood, statement: Statement, relevance: float) -> Judged:
        """`relevance` is the passage's score from retrieval, 0..1."""
        weights = self.weights(asked)
        total = sum(weights.values()) or 1.0
        covered = own = 0.0
        missing = []
        scopes, levels = scopes_of(statement)
        for term in asked.terms:
            level = _found(term.text, scopes, levels, asked.accented)
            covered += weights[term.text] * level
            own += weights[term.text] * (level if level > _LEVELS[1] * _SYNONYM else 0.0)
            if level == 0.0:
                missing.append(term)
        value = asked_value(asked, statement)
        if asked.kind in ("who", "person") and _signing(asked) and "ký" not in statement.text.lower():
            value, missing = None, [*missing, Term("ký", 0.0)]
            weights = {**weights, "ký": total}
        score = (0.62 * covered + 0.38 * own) / total + 0.3 * relevance + _shape_bonus(asked, statement)
        score += 0.25 * (value is not None and needs_value(asked)) - 0.0012 * statement.length
        return Judged(statement, covered / total, own / total, tuple(missing), value, score, asked.kind, weights)


def scopes_of(statement: Statement) -> tuple[tuple[Scope, ...], tuple[float, ...]]:
    """An instrument that the document is, or reports, may lean on all that the document says."""
    if statement.mention is None:
        return statement.scopes, _LEVELS
    if is_own(statement):
        return (*statement.scopes, text_scope(statement.document)), (*_LEVELS, 0.5)
    return statement.scopes, _MENTION_LEVELS


def is_own(statement: Statement) -> bool:
    """Whether the instrument named is the document itself or the one that it reports."""
    mention, document = statement.mention, statement.document
    known = {k.number for k in (document.meta, document.about) if k}
    return mention is not None and mention.number is not None and mention.number in known


def _found(
    term: str, scopes: tuple[Scope, ...], levels: tuple[float, ...], accented: bool
) -> float:
    """The best level at which a term stands, as written, without its marks, or as a synonym."""
    for scope, level in zip(scopes, levels, strict=True):
        if scope.has(term, accented=accented):
            return level
    plain = fold(term)
    synonyms = cues().synonyms if accented else cues().folded_synonyms
    others = synonyms.get(term, ())
    for scope, level in zip(scopes, levels, strict=True):
        if accented and scope.has(plain, accented=False):
            return level * _FOLDED
        if any(scope.has(other, accented=accented) for other in others):
            return level * _SYNONYM
    return 0.0


def _signing(asked: Understood) -> bool:
    """Who signed is not who issued: only a text that says `ký` tells."""
    return re.search(r"(?<!\w)ky(?!\w)(?! (?:luat|cuong|ket|niem|thuat|su|so))", asked.folded) is not None


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
    if asked.kind in ("number", "which_document"):
        if mention is not None and asked.kind == "which_document" and _tells_other(asked, mention, text):
            yield mention.subject_span or (mention.start, mention.end)
        elif mention is not None and _wanted_kind(asked, mention):
            yield mention.number_span or (mention.start, mention.end)
        return
    if mention is not None and asked.kind in ("when", "who"):
        span = mention.date_span if asked.kind == "when" else mention.issuer_span
        if span:
            yield span
        return
    named = [(m.start, m.end) for m in statement.inner_mentions] if asked.kind in _OF_MENTIONS else []
    for kind in _VALUES.get(asked.kind, ()):
        for span in values(kind, text, statement.start, statement.end):
            inside = any(start <= span[0] < end for start, end in named)
            if not inside and (kind != "quantity" or _fits_unit(asked, text[slice(*span)])):
                yield span


# A date inside an instrument's mention is that instrument's, not the sentence's.
_OF_MENTIONS = ("when", "deadline", "how_many")


def _tells_other(asked: Understood, mention: Mention, text: str) -> bool:
    """`Nghị quyết 18 ... thực hiện Nghị quyết Trung ương 7`: the other is in the named one's subject."""
    if mention.subject_span is None or not any(matches(r, mention) for r in asked.instruments):
        return False
    subject = fold(text[slice(*mention.subject_span)])
    return asked.asked_kind is not None and fold(asked.asked_kind) in subject


def _wanted_kind(asked: Understood, mention: Mention) -> bool:
    """`kết luận nào` wants a Kết luận, and none that the question names itself."""
    if any(matches(reference, mention) for reference in asked.instruments):
        return False
    return asked.asked_kind in (None, mention.kind)


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
        own = 0.1 if is_own(statement) else 0.0
        if asked.kind == "why":
            return -0.3
        if asked.years and all(str(year) in statement.text for year in asked.years):
            own += 0.12
        if asked.kind in ("number", "which_document") or asked.instruments:
            return 0.12 + own
        if asked.kind in ("when", "who") and _CREATION.search(asked.folded):
            return 0.05 + own
        return -0.15
    return _wording_bonus(asked, statement)


# What a sentence that answers a kind of question tends to say.
_WORDINGS = {
    "define": re.compile(r"(?:^|\s)(?:là|được hiểu|nghĩa là|gồm)\s"),
    "why": re.compile(r"(?i)mục đích|(?:^|\s)(?:nhằm|để)\s"),
    "deadline": re.compile(r"trước ngày|chậm nhất|muộn nhất|trước \d|hạn|định kỳ|hằng|hàng|trong \d"),
    "who": re.compile(r"chịu trách nhiệm|chủ trì|phụ trách|đầu mối|phối hợp|yêu cầu|ban hành|giao|ký"),
}


def _wording_bonus(asked: Understood, statement: Statement) -> float:
    wording = _WORDINGS.get(asked.kind)
    bonus = 0.08 if wording and wording.search(statement.text) else 0.0
    if asked.kind == "define" and (defined := _definiendum(asked)):
        match = re.search(rf"(?<!\w){re.escape(defined)}(?: \w+){{0,3}}? (?:la|duoc hieu|gom|nghia la) ", fold(statement.text))
        bonus += 0.0 if match is None else 0.35 if match.start() < 12 else 0.15
    if asked.kind == "why":
        bonus += 0.2 * bool(re.search(r"(?i)mục đích|nhằm", statement.text + statement.part.heading))
    if asked.years and all(str(year) in statement.text for year in asked.years):
        bonus += 0.1
    return bonus


def _definiendum(asked: Understood) -> str:
    """What is to be defined: the words before `là gì`."""
    match = re.match(r"(?:khai niem |the nao la |hieu the nao la )?(.{2,60}?) (?:la gi|duoc hieu|nghia la|la nhu the nao)", asked.folded)
    return match[1] if match else ""
