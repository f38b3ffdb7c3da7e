"""How fast one person may ask, and how many may wait at once."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import TooBusy, TooManyQuestions

WINDOW_S = 60.0
BUSY_RETRY_S = 5


class PersonLimit:
    """At most `per_minute` questions of one person in any minute."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}
        self._swept_at = clock()

    def count(self, person: str) -> None:
        """Count one question. Raises TooManyQuestions with the seconds to wait."""
        now = self._clock()
        self._sweep(now)
        asked = self._asked.setdefault(person, deque())
        while asked and asked[0] <= now - WINDOW_S:
            asked.popleft()
        if len(asked) >= self._per_minute:
            wait = math.ceil(asked[0] + WINDOW_S - now)
            raise TooManyQuestions(retry_after_s=max(wait, 1))
        asked.append(now)

    def _sweep(self, now: float) -> None:
        """Once a minute forget who is gone: addresses must not pile up."""
        if now - self._swept_at < WINDOW_S:
            return
        self._swept_at = now
        limit = now - WINDOW_S
        self._asked = {who: times for who, times in self._asked.items() if times[-1] > limit}


class Waiting:
    """At most `limit` questions in work at once."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.now = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one place. Raises TooBusy where none is free."""
        if self.now >= self._limit:
            raise TooBusy(retry_after_s=BUSY_RETRY_S)
        self.now += 1
        try:
            yield
        finally:
            self.now -= 1
