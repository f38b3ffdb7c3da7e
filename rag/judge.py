"""How well a statement answers a question: which of its words it covers, and whether it holds a
value of the asked kind. A small logistic model over readable features ranks the statements and
decides on a refusal; `benchmarks/fit_judge.py` fits its weights."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from corpus.clean import fold
from corpus.sentences import Span
from rag.asked_value import asked_value, needs_value
from rag.constraints import matches
from rag.model import Hit
from rag.statements import Scope, Statement, text_scope
from rag.understand import Term, Understood, cues

# How much a word counts that stands in the statement itself, its sentence, its passage or headings,
# or only in what the document says of itself.
_LEVELS = (1.0, 0.92, 0.8, 0.65)
# Beside an instrument others are named, and the document is not about it: less counts for it.
_MENTION_LEVELS = (1.0, 0.55, 0.5, 0.45)
_SYNONYM, _FOLDED = 0.85, 0.9
_LIGHT = 0.15  # the share of its weight that a word keeps that says little of what is asked
_OWN = 0.75  # from this level on a word counts as the statement's own or its headings'


@dataclass(frozen=True)
class Judged:
    """A statement with what speaks for it."""

    statement: Statement
    features: Mapping[str, float]
    value: Span | None
    weights: Mapping[str, float]  # of the question's words
    kind: str

    @property
    def coverage(self) -> float:
        """Share of the question's words, by weight, that stand in some scope, 0..1."""
        return self.features["coverage"]

    @property
    def probability(self) -> float:
        """That the statement answers the question, 0..1, as far as the features tell."""
        return probability(self.features)


def probability(features: Mapping[str, float]) -> float:
    weights = _model()
    z = weights["bias"] + sum(weights.get(name, 0.0) * x for name, x in features.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


@cache
def _model() -> dict[str, float]:
    path = Path(__file__).parent / "data" / "judge.yaml"
    loaded: dict[str, float] = yaml.safe_load(path.read_text(encoding="utf-8"))["weights"]
    return loaded


class Judge:
    """Weighs a question's words by their rarity in this library and in the law at large."""

    def __init__(self, scopes: Iterable[Scope]) -> None:
        self._scopes = list(scopes)
        self._rarity: dict[tuple[str, bool], float] = {}

    def weights(self, asked: Understood) -> dict[str, float]:
        """Each content word's weight, about .05 to 3."""
        return {term.text: self._weight(term, asked.accented) for term in asked.terms}

    def _weight(self, term: Term, accented: bool) -> float:
        """A word of every document says little, a rare one decides."""
        key = term.text, accented
        if key not in self._rarity:
            having = sum(scope.has(term.text, accented=accented) for scope in self._scopes)
            size = len(self._scopes)
            here = math.log((size + 1) / (having + 0.5)) / math.log(size + 2)
            weight = max(0.3, 1.2 * here + 0.15 * min(term.weight, 9.0))
            self._rarity[key] = weight * _LIGHT if fold(term.text) in cues().light else weight
        return self._rarity[key]

    def judge(
        self, asked: Understood, statement: Statement, weights: Mapping[str, float], hit: Hit | None
    ) -> Judged:
        """`hit` is the passage's place in retrieval; None where it was not searched for."""
        levels = _levels(asked, statement)
        value = asked_value(asked, statement)
        features = {
            **_covered(asked, statement, weights, levels),
            "value": float(value is not None and needs_value(asked)),
            "no_value": float(value is None and needs_value(asked)),
            "relevance": hit.score if hit else 0.5,
            "cosine": 10 * (hit.lanes["dense"] - 0.85) if hit and hit.lanes["dense"] else 0.0,
            "length": min(statement.length, 120) / 100,
            **_shape(asked, statement),
            **_wording(asked, statement),
        }
        return Judged(statement, features, value, weights, asked.kind)


def _levels(asked: Understood, statement: Statement) -> list[float]:
    """For each content word of the question the best level at which it stands, 0 for nowhere."""
    scopes, levels = _scopes(statement)
    return [_found(term.text, scopes, levels, asked.accented) for term in asked.terms]


def _scopes(statement: Statement) -> tuple[tuple[Scope, ...], tuple[float, ...]]:
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
    term: str, scopes: Sequence[Scope], levels: Sequence[float], accented: bool
) -> float:
    """The best level at which a term stands, as written, without its marks, or as a synonym."""
    for scope, level in zip(scopes, levels, strict=True):
        if scope.has(term, accented=accented):
            return level
    plain = fold(term)
    others = (cues().synonyms if accented else cues().folded_synonyms).get(term, ())
    for scope, level in zip(scopes, levels, strict=True):
        if accented and scope.has(plain, accented=False):
            return level * _FOLDED
        if any(scope.has(other, accented=accented) for other in others):
            return level * _SYNONYM
    return 0.0


def _covered(
    asked: Understood, statement: Statement, weights: Mapping[str, float], levels: Sequence[float]
) -> dict[str, float]:
    """Shares by weight. Details are the words that do not merely tell which document is meant."""
    heavy = [weights[term.text] for term in asked.terms]
    total = sum(heavy) or 1.0
    whole = statement.scopes[-1]
    detail = [w for w, t in zip(heavy, asked.terms, strict=True) if not whole.has(t.text, accented=asked.accented)]
    in_detail = [
        w * level
        for w, level, t in zip(heavy, levels, asked.terms, strict=True)
        if not whole.has(t.text, accented=asked.accented)
    ]
    pairs = list(zip(heavy, levels, strict=True))
    missing = [w for w, level in pairs if level == 0]
    return {
        "coverage": sum(w * level for w, level in pairs) / total,
        "own": sum(w for w, level in pairs if level >= _OWN) / total,
        "itself": sum(w for w, level in pairs if level >= 0.95) / total,
        "detail": sum(in_detail) / sum(detail) if detail else 1.0,
        "missing": sum(missing) / total,
        "heaviest_missing": max(missing, default=0.0) / 3.0,
        "no_words": float(not pairs),
    }


def _shape(asked: Understood, statement: Statement) -> dict[str, float]:
    """Instruments named answer questions about instruments; heads and feet seldom answer."""
    mention = statement.mention
    about = asked.kind in ("number", "which_document") or bool(asked.instruments)
    named = mention is not None and any(matches(r, mention) for r in asked.instruments)
    own = mention is not None and is_own(statement)
    margin = statement.part.path[0].level in ("head", "foot")
    return {
        "mention_wanted": float(mention is not None and about),
        "mention_unwanted": float(mention is not None and not about),
        "mention_named": float(named),
        "mention_named_title": float(named and asked.kind in ("title", "what") and mention is not None and mention.subject_span is not None),
        "mention_own": float(own),
        "clause": float(statement.shape == "clause"),
        "margin": float(margin and statement.shape != "signature" and mention is None),
        "year_in_words": float(bool(asked.years) and all(str(y) in statement.text for y in asked.years)),
    }


# What a sentence that answers a kind of question tends to say.
_WORDINGS = {
    "define": re.compile(r"(?:^|\s)(?:là|được hiểu|nghĩa là|gồm)\s"),
    "why": re.compile(r"(?i)mục đích|(?:^|\s)(?:nhằm|để)\s"),
    "deadline": re.compile(r"trước (?:ngày|\d)|chậm nhất|muộn nhất|hạn|định kỳ|trong \d"),
    "who": re.compile(r"chịu trách nhiệm|chủ trì|phụ trách|đầu mối|phối hợp|yêu cầu|ban hành|giao|ký"),
    "where": re.compile(r"(?i)địa điểm|địa chỉ|\btại\b"),
    "list": re.compile(r"gồm|như:|sau:|:"),
}
_DEFINED = re.compile(
    r"(?:khai niem |the nao la |hieu the nao la )?(.{2,60}?) (?:la gi|duoc hieu|nghia la|la nhu the nao|la the nao)"
)


def _wording(asked: Understood, statement: Statement) -> dict[str, float]:
    kind = "list" if asked.kind == "listed" else asked.kind
    wording = _WORDINGS.get(kind)
    text = f"{statement.part.heading} {statement.text}" if kind == "why" else statement.text
    return {
        "wording": float(wording is not None and wording.search(text) is not None),
        "defines": _defines(asked, statement) if kind == "define" else 0.0,
    }


def _defines(asked: Understood, statement: Statement) -> float:
    """1 where the statement begins with the defined words and `là`, .4 where it has them inside."""
    match = _DEFINED.match(asked.folded)
    if match is None:
        return 0.0
    words = rf"(?<!\w){re.escape(match[1])}(?: \w+){{0,3}}? (?:la|duoc hieu|gom|nghia la) "
    found = re.search(words, fold(statement.text))
    return 0.0 if found is None else 1.0 if found.start() < 14 else 0.4
