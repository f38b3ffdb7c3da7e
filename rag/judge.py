"""How well a statement answers a question: which of its words it covers, and whether it holds a
value of the asked kind. One small linear model over readable features ranks the statements, another
decides whether the first answers at all; `benchmarks/fit_judge.py` fits both."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import yaml

from corpus.clean import fold
from corpus.sentences import Span
from rag.asked_value import (
    asked_value,
    asks_signer,
    counts_nothing,
    is_own,
    needs_value,
    says_no_time,
    value_is_missing,
)
from rag.chosen_value import clause_around
from rag.constraints import is_issued_on, matches, own_words, says_date
from rag.labels import label_features
from rag.model import Hit
from rag.statements import Scope, Statement, items, lead_in, list_span, scope, text_scope
from rag.understand import LIGHT, Term, Understood, alike, cues
from rag.word_order import word_order

# How much a word counts that stands in the statement itself, its sentence, its passage or headings,
# or only in what the document says of itself.
_LEVELS = (1.0, 0.92, 0.8, 0.65)
# Beside an instrument others are named, and the document is not about it: less counts for it.
_MENTION_LEVELS = (1.0, 0.55, 0.5, 0.45)
_SYNONYM, _FOLDED = 0.85, 0.9
_OWN = 0.75  # from this level on a word counts as the statement's own or its headings'
_ITSELF = 0.95  # from this one, as the statement's own
_FAR = 5.0  # of rank: what lies farther ahead or behind is no rival


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
    def possible(self) -> bool:
        """False where only a value could answer and there is none."""
        return not self.features["value_missing"]

    @cached_property
    def rank(self) -> float:
        """Higher is likelier to answer, comparable within one question only."""
        return _weighted("pair_rank" if self._is_read else "rank", self.features)

    @cached_property
    def probability(self) -> float:
        """That the statement answers the question at all, 0..1, as far as the features tell."""
        odds = _weighted("pair_gate" if self._is_read else "gate", self.features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))

    @property
    def _is_read(self) -> bool:
        return "pair_rank" in self.features  # `pair_scores`


def _weighted(part: str, features: Mapping[str, float]) -> float:
    weights = _model()[part]
    return weights.get("bias", 0.0) + sum(
        weights.get(name, 0.0) * x for name, x in features.items()
    )


@cache
def _model() -> dict[str, dict[str, float]]:
    path = Path(__file__).parent / "data" / "judge.yaml"
    loaded: dict[str, dict[str, float]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


class Judge:
    """Weighs a question's words by their rarity in this library and in the law at large."""

    def __init__(self, scopes: Iterable[Scope]) -> None:
        self._scopes = list(scopes)
        self._rarity: dict[tuple[str, bool], float] = {}
        self._nowhere: set[tuple[str, bool]] = set()  # words that no passage has

    def weights(self, asked: Understood) -> dict[str, float]:
        """Each content word's weight, about .05 to 3."""
        return {term.text: self._weight(term, asked.accented) for term in asked.terms}

    def _weight(self, term: Term, accented: bool) -> float:
        """A word of every document says little, a rare one decides."""
        key = term.text, accented
        if key not in self._rarity:
            having = sum(own.has(term.text, accented=accented) for own in self._scopes)
            size = len(self._scopes)
            if not having:
                self._nowhere.add(key)
            here = math.log((size + 1) / (having + 0.5)) / math.log(size + 2)
            weight = max(0.3, 1.2 * here + 0.15 * min(term.weight, 9.0))
            self._rarity[key] = weight * LIGHT if fold(term.text) in cues().light else weight
        return self._rarity[key]

    def _unknown_share(self, asked: Understood, weights: Mapping[str, float]) -> float:
        """The heaviest of the question's words that no document of the library has, as a share."""
        heavy = [weights[t.text] for t in asked.terms if (t.text, asked.accented) in self._nowhere]
        return max(heavy, default=0.0) / (sum(weights.values()) or 1.0)

    def judge(
        self, asked: Understood, statement: Statement, weights: Mapping[str, float], hit: Hit | None
    ) -> Judged:
        """`hit` is the passage's place in retrieval; None where it was not searched for."""
        levels = _levels(asked, statement)
        details = _details(asked, statement, weights)
        value = _value(asked, statement)
        features = {
            **_covered(asked, statement, weights, levels),
            "value": float(value is not None and needs_value(asked)),
            "no_value": float(value is None and needs_value(asked)),
            "value_missing": float(
                value_is_missing(asked, value)
                or (value is None and counts_nothing(asked, statement))
                or (value is None and says_no_time(asked, statement))
                or (_says_name_only(statement) and asked.kind not in _FIELDS)
                or (value is None and asked.asked_kind and _is_another_kind(asked, statement))
                or (statement.shape == "list" and value is None and _counts_no_parts(asked))
                or (statement.shape == "list" and _lists_ways_only(asked, statement))
            ),
            "unknown": self._unknown_share(asked, weights),
            "relevance": hit.score if hit else 0.5,
            "cosine": 10 * (hit.lanes["dense"] - 0.85) if hit and hit.lanes.get("dense") else 0.0,
            "length": min(statement.length, 120) / 100,
            **_unit_shares(statement, hit),
            **_shape(asked, statement, details),
            **_wording(asked, statement),
            **_said_as_asked(asked, statement),
            **_listing(asked, statement),
            "heading": _share(asked, weights, statement.headings),
            **_side_by_side(asked, statement),
            "around_value": _around_value(asked, statement, weights, value),
            **word_order(asked, statement),
            **label_features(asked, statement),
        }
        return Judged(statement, features, value, weights, asked.kind)


def among_rivals(judged: Sequence[Judged]) -> list[Judged]:
    """The statements that may answer one question, likeliest first, each with what the others and the
    kind of question say of it: whether one stands out tells much about whether any answers."""
    ordered = sorted(judged, key=lambda j: -j.rank)
    standings = rivalry([j.rank for j in ordered])
    return [
        replace(j, features={**j.features, **own, f"asks_{j.kind}": 1.0})
        for j, own in zip(ordered, standings, strict=True)
    ]


def rivalry(ranks: Sequence[float]) -> list[dict[str, float]]:
    """For ranks, highest first: each one's chance, its lead, and how open the choice is among all."""
    powers = [math.exp(rank - ranks[0]) for rank in ranks]
    total = sum(powers)
    chances = [power / total for power in powers]
    doubt = -sum(c * math.log(c) for c in chances if c > 0)
    standings = []
    for n, (rank, chance) in enumerate(zip(ranks, chances, strict=True)):
        rival = ranks[0] if n else ranks[1] if len(ranks) > 1 else -math.inf
        lead = max(-_FAR, min(_FAR, rank - rival))
        standings.append({"chance": chance, "doubt": doubt, "lead": lead})
    return standings


def _share(asked: Understood, weights: Mapping[str, float], where: Scope) -> float:
    """The share of the question's words, by weight, that a scope says, 0..1."""
    said = sum(
        weights[t.text] for t in asked.terms if _found(t.text, (where,), (1.0,), asked.accented)
    )
    return said / (sum(weights.values()) or 1.0)


def _side_by_side(asked: Understood, statement: Statement) -> dict[str, float]:
    """The share of the question's neighbouring syllables that are neighbours in the statement; once
    more without those that only tell which document is meant."""
    pairs = asked.neighbours
    own, whole = statement.scopes[0], statement.scopes[-1]
    said = {pair for pair in pairs if own.has(pair, accented=asked.accented)}
    telling = {pair for pair in pairs if not whole.has(pair, accented=asked.accented)}
    return {
        "beside": len(said) / max(1, len(pairs)),
        "beside_detail": len(said & telling) / max(1, len(telling)),
    }


def _around_value(
    asked: Understood, statement: Statement, weights: Mapping[str, float], value: Span | None
) -> float:
    """The share of the question's words that stand between the same commas as the value."""
    if value is None or not needs_value(asked) or value[0] < statement.start:
        return 0.0
    return _share(asked, weights, clause_around(statement, value))


def _is_another_kind(asked: Understood, statement: Statement) -> bool:
    """`nghị định nào` is not answered by the name of a law."""
    mention = statement.mention
    return mention is not None and mention.kind not in (None, asked.asked_kind)


def _says_name_only(statement: Statement) -> bool:
    """`Số: 12/CT-UBND`: an instrument without what it is about."""
    return statement.mention is not None and statement.mention.subject_span is None


_PARTS_COUNTED = re.compile(
    r"(?:may|bao nhieu) (?:muc|nhiem vu|noi dung|chi tieu|phan|nhom|yeu cau|giai phap|dieu|chuong|van de|viec"
    r"|nguyen tac|buoc|cach|loai|truong hop|hinh thuc|quyen|nghia vu|tieu chi|giai doan)(?! tram)"
)


def _counts_no_parts(asked: Understood) -> bool:
    """A number is asked, and not that of a list's items: a list without it in its lead-in tells none."""
    return asked.kind in ("deadline", "how_many") and not _PARTS_COUNTED.search(asked.folded)


_MATTERS_ASKED = re.compile(
    r"(?<!\w)(?:nhung|cac|cai) (?:cong viec|viec|noi dung|van de)(?!\w)|(?<!\w)(?:viec|noi dung) (?:gi|nao)(?!\w)"
)
_WAYS_LISTED = re.compile(r"(?:hinh thuc|phuong thuc|cach thuc)(?: sau(?: day)?)?\W*$")


def _lists_ways_only(asked: Understood, statement: Statement) -> bool:
    """`bàn những việc gì` is not answered by `bàn bằng một trong các hình thức sau đây`."""
    ways = _WAYS_LISTED.search(fold(statement.text))
    return (
        ways is not None
        and _MATTERS_ASKED.search(asked.folded) is not None
        and ways[0].split(" sau")[0] not in asked.folded
    )


# Of a question: it wants every item.
_LISTED = frozenset(("list", "listed"))


def _listing(asked: Understood, statement: Statement) -> dict[str, float]:
    """A list for who asks for one; a long one says much that was not asked."""
    if statement.shape != "list":
        return {}
    start, end = list_span(statement)
    parts = items(statement.document, statement)
    return {
        "list_wanted": float(
            not _LISTED.isdisjoint(asked.kinds) or _PARTS_COUNTED.search(asked.folded) is not None
        ),
        "list_open": float(asked.kind in ("what", "title", "how", "why", "define")),
        "list_words": min(end - start, 4000) / 1000,
        "list_items": min(len(parts), 20) / 10,
        "list_leads": float(statement.text.rstrip().endswith(":")),
        "list_whole": float(statement.part.level == "paragraph"),
        "list_margin": float(statement.part.path[0].level in ("head", "foot")),
        "list_outer": float(
            statement.part.level in ("chapter", "section", "part", "appendix", "head")
        ),
    }


def _value(asked: Understood, statement: Statement) -> Span | None:
    """The asked value of a statement, or of the lead-in with which it is told."""
    found, lead = asked_value(asked, statement), lead_in(statement)
    if found or not lead:
        return found
    return asked_value(asked, replace(statement, start=lead[0], end=lead[1]))


def _unit_shares(statement: Statement, hit: Hit | None) -> dict[str, float]:
    """The chance of the statement's article, as the ranking of units gives it; plans apart, for the
    ranking is fitted on articles."""
    share = hit.lanes.get("unit_share", 0.0) if hit else 0.0
    in_article = statement.part.step_label("article") is not None
    return {
        "article_share": share * in_article,
        "section_share": share * (not in_article),
        "in_article": float(in_article),
    }


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


def _found(term: str, scopes: Sequence[Scope], levels: Sequence[float], accented: bool) -> float:
    """The best level at which a term stands, as written, without its marks, or as a synonym."""
    for said, level in zip(scopes, levels, strict=True):
        if said.has(term, accented=accented):
            return level
    plain = fold(term)
    others = alike(term, accented=accented)[1:]
    for said, level in zip(scopes, levels, strict=True):
        if accented and said.has(plain, accented=False):
            return level * _FOLDED
        if any(said.has(other, accented=accented) for other in others):
            return level * _SYNONYM
    return 0.0


def _details(asked: Understood, statement: Statement, weights: Mapping[str, float]) -> float:
    """Share of the weight, light words left out, of what tells more than which document is meant."""
    if statement.mention is None:
        return 0.0  # used of mentions only
    whole, light = statement.scopes[-1], cues().light
    counted = [t.text for t in asked.terms if fold(t.text) not in light]
    total = sum(weights[term] for term in counted)
    inside = sum(
        weights[term] for term in counted if not _found(term, (whole,), (1.0,), asked.accented)
    )
    return inside / total if total else 0.0


def _covered(
    asked: Understood, statement: Statement, weights: Mapping[str, float], levels: Sequence[float]
) -> dict[str, float]:
    """Shares by weight. Details are the words that do not merely tell which document is meant."""
    heavy = [weights[term.text] for term in asked.terms]
    total = sum(heavy) or 1.0
    whole = statement.scopes[-1]
    pairs = list(zip(heavy, levels, strict=True))
    said = [whole.has(term.text, accented=asked.accented) for term in asked.terms]
    details = [pair for pair, of_document in zip(pairs, said, strict=True) if not of_document]
    missing = [w for w, level in pairs if level == 0]
    lost = [(w, t) for w, level, t in zip(heavy, levels, asked.terms, strict=True) if level == 0]
    return {
        "missing_compounds": sum(w for w, t in lost if " " in t.text) / total,
        "coverage": sum(w * level for w, level in pairs) / total,
        "own": _share_at(_OWN, pairs),
        "itself": _share_at(_ITSELF, pairs),
        "own_detail": _share_at(_OWN, details),
        "itself_detail": _share_at(_ITSELF, details),
        "detail": sum(w * level for w, level in details) / sum(w for w, _ in details)
        if details
        else 1.0,
        "missing": sum(missing) / total,
        "heaviest_missing": max(missing, default=0.0) / 3.0,
        "no_words": float(not pairs),
    }


def _share_at(least: float, pairs: Sequence[tuple[float, float]]) -> float:
    """Of weights and levels the share of the weight at a level or better; 0 where there is none."""
    found = sum(w for w, level in pairs if level >= least)
    return found / (sum(w for w, _ in pairs) or 1.0)


# What the mention of an instrument itself can tell.
_FIELDS = frozenset(
    ("when", "who", "number", "which_document", "what", "title", "define", "how_many")
)


# What heads and feet do not tell.
_NOT_OF_MARGINS = frozenset(
    ("where", "deadline", "how_many", "money", "why", "how", "list", "listed")
)


def _shape(asked: Understood, statement: Statement, details: float) -> dict[str, float]:
    """Instruments named answer questions about instruments; heads and feet seldom answer.

    `details` is the share of the question's weight that asks for more than which document is meant.
    """
    mention = statement.mention
    named = mention is not None and any(matches(r, mention) for r in asked.instruments)
    field = mention is not None and asked.kind in _FIELDS
    titled = mention is not None and mention.subject_span is not None
    margin = statement.part.path[0].level in ("head", "foot")
    lists_parts = statement.shape == "list"
    return {
        "mention_wanted": float(mention is not None and asked.kind in ("number", "which_document")),
        "mention_unwanted": float(mention is not None and not field),
        "named_bare": float(named and field) * (1 - details),
        "named_detailed": float(named) * details,
        "named_title": float(named and titled and asked.kind in ("title", "what")) * (1 - details),
        "own_instrument": float(mention is not None and is_own(statement)),
        "clause": float(statement.shape == "clause"),
        "list": float(lists_parts),
        "margin": float(
            margin and statement.shape not in ("signature", "list") and mention is None
        ),
        "margin_unfit": float(margin and mention is None and asked.kind in _NOT_OF_MARGINS),
        "signature": float(statement.shape == "signature" and asks_signer(asked)),
        "year_in_words": float(
            bool(asked.years) and all(str(y) in own_words(statement) for y in asked.years)
        ),
    }


# What a sentence that answers a kind of question tends to say.
_WORDINGS = {
    "define": re.compile(r"(?:^|\s)(?:là|được hiểu|nghĩa là|gồm)\s"),
    "why": re.compile(r"(?i)mục đích|(?:^|\s)(?:nhằm|để)\s"),
    "deadline": re.compile(r"trước (?:ngày|\d)|chậm nhất|muộn nhất|hạn|định kỳ|trong \d"),
    "who": re.compile(
        r"chịu trách nhiệm|chủ trì|phụ trách|đầu mối|phối hợp|yêu cầu|ban hành|giao|ký"
    ),
    "where": re.compile(r"(?i)địa điểm|địa chỉ|\btại\b"),
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
        "enumerates": float(kind == "list" and len(re.findall(r"[,;]\s", statement.text)) >= 3),
        "defines": _defines(asked, statement) if kind == "define" else 0.0,
    }


# What is asked for by its name: a statement that says the name tells that, and no neighbour.
_ASKED_FOR = re.compile(
    r"(?<!\w)(?:muc dich|muc tieu|yeu cau|nguyen nhan|ly do|dia diem|dia chi|kinh phi|thoi han|thoi gian|ty le|so luong"
    r"|chi tieu|nguon|thanh phan|han che|ket qua|trach nhiem|nhiem vu|quyen han|quyen|nghia vu|dieu kien|tieu chuan"
    r"|tieu chi|thu tuc|trinh tu|hinh thuc|doi tuong|pham vi|linh vuc|nguyen tac|tham quyen)(?!\w)"
)


def _said_as_asked(asked: Understood, statement: Statement) -> dict[str, float]:
    """How much a statement, with its heading, leaves unsaid of the names of what is asked for, and of
    the dates of the question that tell more than which document is meant."""
    found: dict[str, float] = {}
    # Where a value is asked for, the value tells; `theo chỉ tiêu 2024, ... bao nhiêu`.
    if not needs_value(asked) and (names := set(_ASKED_FOR.findall(asked.folded))):
        said = statement.scopes[0].folded + scope(statement.part.heading).folded
        share = sum(f" {name} " in said for name in names) / len(names)
        found["name_unsaid"] = 1 - share
    if days := [d for d in asked.dates if not is_issued_on(d, statement.document)]:
        share = sum(says_date(day, statement.text) for day in days) / len(days)
        found["date_unsaid"] = 1 - share
    return found


def _defines(asked: Understood, statement: Statement) -> float:
    """1 where the statement begins with the defined words and `là`, .4 where it has them inside."""
    match = _DEFINED.match(asked.folded)
    if match is None:
        return 0.0
    defined = re.split(r" (?:trong|theo|cua|o|tai) ", match[1])[0]
    words = rf"(?<!\w){re.escape(defined)}(?: \w+){{0,3}}? (?:la|duoc hieu|gom|nghia la) "
    found = re.search(words, fold(statement.text))
    return 0.0 if found is None else 1.0 if found.start() < 14 else 0.4
