"""Chat models of a test: what they write, in which pieces, how long they wait between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from rag.errors import ChatModelUnavailable


class Says:
    """Writes one text in small pieces; mends a sentence into the next of `repairs`."""

    name = "m"
    timeout_s = 5.0
    available = True

    def __init__(
        self, raw: str, *repairs: str, size: int = 3, wait_s: float = 0.0, breaks_off: bool = False
    ) -> None:
        self.raw, self._repairs = raw, list(repairs)
        self._size, self._wait_s, self._breaks_off = size, wait_s, breaks_off
        self.asked: list[str] = []
        self.to_mend: list[str] = []
        self.written = 0  # characters

    async def write(self, question: str, sources: Sequence[str]) -> AsyncGenerator[str, None]:
        self.asked.append(question)
        raw = self.text(sources)
        for begin in range(0, len(raw), self._size):
            if self._wait_s:
                await asyncio.sleep(self._wait_s)
            self.written = begin + self._size
            yield raw[begin : begin + self._size]
        if self._breaks_off:
            raise ChatModelUnavailable("broke off")

    def text(self, sources: Sequence[str]) -> str:
        """What it writes from these passages."""
        return self.raw

    async def repair(
        self, question: str, sources: Sequence[str], sentence: str, within_s: float
    ) -> str:
        self.to_mend.append(sentence)
        if not self._repairs:
            raise ChatModelUnavailable("no more")
        return self._repairs.pop(0)
