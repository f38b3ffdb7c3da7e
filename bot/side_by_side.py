"""The rows of a comparison for doors that draw no tables: `| Tây Ninh | … [1] |` is `- Tây Ninh: … [1]`."""

from __future__ import annotations

import re

_ROW = re.compile(r"^\| (.+?) \| (.+) \|$", re.M)


def in_lines(text: str) -> str:
    """An answer's text with each row as one line of a list; other lines stay as they are."""
    return _ROW.sub(r"- \1: \2", text)
