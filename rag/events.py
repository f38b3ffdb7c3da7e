"""An answer that grows, told as events."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.model import Answer, Cited, Delta


def growth(before: Answer, after: Answer) -> Iterator[Delta | Cited]:
    """What an answer has more than its beginning: line by line, each with the citations it needs."""
    new = {citation.marker: citation for citation in after.citations[len(before.citations) :]}
    for line in after.text[len(before.text) :].splitlines(keepends=True):
        yield Delta(line)
        for marker in re.findall(r"\[(\d+)\]", line):
            if citation := new.pop(int(marker), None):
                yield Cited(citation)
