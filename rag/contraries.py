"""Words of which a text speaks of one or of the other: a statement about a complaint answers no question about
a denunciation, however alike the two laws are. No model.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.statements import Statement
from rag.understand import Understood


def _alternatives(*sides: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"(?<!\w)(?:{side})(?!\w)") for side in sides)


# Folded. Each side is told apart from all others of its line.
_CONTRARIES = (
    _alternatives("khieu nai", "to cao"),
    _alternatives(
        "quoc hoi|qh|dbqh", "hoi dong nhan dan|hdnd", "(?:truong|pho) thon|to truong to dan pho"
    ),
    _alternatives("lan dau|lan 1|lan mot", "lan hai|lan 2|lan thu hai"),
    _alternatives("bat dau|khai mac", "ket thuc|be mac"),
)


def contradicts(asked: Understood, statement: Statement) -> bool:
    """Whether a statement, with its passage and headings, says only the other one of two things of which
    the question says one."""
    around = f"{statement.scopes[2].folded} {statement.headings.folded}"
    return any(
        not side.search(around) and any(other.search(around) for other in others)
        for side, others in _asked_sides(asked.folded)
    )


@lru_cache(maxsize=256)
def _asked_sides(
    question: str,
) -> tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...]], ...]:
    """Each side that a question says alone of its line, with the others."""
    found = []
    for line in _CONTRARIES:
        said = [side for side in line if side.search(question)]
        if len(said) == 1:
            found.append((said[0], tuple(other for other in line if other is not said[0])))
    return tuple(found)
