"""Vietnamese letters in patterns: Unicode has no range of capitals only, for `À-Ỹ` holds `à` too.

A pattern given to `compiled` writes `À-ỸĐ` for the accented capitals and `à-ỹđ` for the small ones.
"""

from __future__ import annotations

import re

_VOWELS = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
_SMALL, _CAPITAL = _VOWELS, _VOWELS.upper()


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile` with the two ranges above spelled out."""
    return re.compile(pattern.replace("À-ỸĐ", _CAPITAL).replace("à-ỹđ", _SMALL), flags)
