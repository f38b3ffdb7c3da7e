"""Whether the facts that a sentence states stand among those of a source: equal, of the same thing,
in the same direction."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal

from rag.facts import Count, Facts, Key
from rag.numerals import UNITS
from rag.words import FUNCTION_WORDS

Ways = dict[Key, frozenset[str | None]]


def lacking(said: Facts, ground: Facts) -> Iterator[object]:
    """The facts said that do not stand in the ground, or stand there in another direction."""
    there = _implied(ground.keys)
    for key, directions in said.keys.items():
        known = there.get(key)
        if known is None and key[0] == "sequence":
            known = frozenset((None,)) if _is_counted(str(key[1]), ground) else None
        if known is None or any(way is not None and way not in known for way in directions):
            yield key
    years = {key[3] for key in there if key[0] == "date" and key[3]}
    yield from (count for count in said.counts if not _stands(count, ground, years))
    yield from (
        chain for chain in said.parts if not any(set(chain) <= set(c) for c in ground.parts)
    )
    labels = {label.split(".")[0].upper() for chain in ground.parts for _, label in chain}
    yield from said.roman - ground.roman - labels


def _implied(keys: dict[Key, frozenset[str | None]]) -> dict[Key, frozenset[str | None]]:
    """A whole date also says its month and its day; a number of a document its sequence."""
    there: dict[Key, frozenset[str | None]] = {}
    for key, ways in keys.items():
        for weaker in (key, *_weaker(key)):
            there[weaker] = there.get(weaker, frozenset()) | ways
    return there


def _weaker(key: Key) -> Iterator[Key]:
    if key[0] == "date":
        _, d, m, y = key
        yield from (
            ("date", d, m, None),
            ("date", None, m, y),
            ("date", None, m, None),
            ("date", d, None, None),
        )
    if key[0] == "quarter":
        yield ("quarter", key[1], None)
    if key[0] == "instrument":
        yield ("sequence", key[1])


def _stands(count: Count, ground: Facts, years: set[Hashable]) -> bool:
    """The same number, of the same thing, in the same direction."""
    if not count.percent and any(value in years for value in count.values):
        return True
    return any(
        count.values & other.values
        and count.percent == other.percent
        and _same_thing(count.behind, other.behind)
        and (count.before is None or count.before == other.before)
        for other in ground.counts
    )


def _same_thing(said: tuple[str, ...], there: tuple[str, ...]) -> bool:
    """`10 ngày` is neither `10 tháng` nor `10 ngày làm việc`; `12 phòng` may be `12 đơn vị, phòng`."""
    if not said or said[0].startswith("·") or said[0] in FUNCTION_WORDS:
        return True
    if said[0] in UNITS:
        worked = "làm" in said[1:2], "làm" in there[1:2]
        return there[:1] == said[:1] and worked[0] == worked[1]
    return said[0] in there


def _is_counted(digits: str, ground: Facts) -> bool:
    return any(Decimal(digits) in count.values for count in ground.counts)
