"""The period that a report is on: a month, a quarter, half a year or a year."""

from __future__ import annotations

import re

_QUARTER = r"quy (?P<quarter>i{1,3}(?!\w)|iv(?!\w)|[1-4])"
_SHORTER = (
    ("half", re.compile(r"(?<!\w)(?:0?6|sau) thang(?!\w)|(?<!\w)so ket(?!\w)")),
    (
        "quarter",
        re.compile(rf"(?<!\w)(?:{_QUARTER}|(?:bao cao|hang|moi|cuoi|dinh ky) quy(?! dinh| che))"),
    ),
    ("month", re.compile(r"(?<!\w)bao cao (?:ket qua |cong tac )?(?:hang |dinh ky )?thang(?! \d)")),
    ("week", re.compile(r"(?<!\w)bao cao (?:ket qua |cong tac )?(?:hang |dinh ky )?tuan(?!\w)")),
    ("sudden", re.compile(r"(?<!\w)bao cao (?:ket qua |cong tac )?dot xuat(?!\w)")),
)
_YEAR = re.compile(
    r"(?<!\w)bao cao [\w ]*?nam(?!\w)|(?<!\w)(?:ca|cuoi|ket qua) nam(?!\w)|tong ket|[,;] nam(?! \d)"
)


def report_period(folded: str) -> str | None:
    """The period said in folded words, `quarter iii` with its number; the shorter one where a year is
    said, too: `báo cáo 6 tháng đầu năm`. None where none is said."""
    for name, pattern in _SHORTER:
        if match := pattern.search(folded):
            number = match["quarter"] if name == "quarter" else None
            return f"{name} {number}" if number else name
    return "year" if _YEAR.search(folded) else None
