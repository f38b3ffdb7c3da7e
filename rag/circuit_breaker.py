"""A service that failed several times in a row is left alone for a while, so that people don't wait
for it with every question."""

from __future__ import annotations

import time
from collections.abc import Callable


class CircuitBreaker:
    """Closed while the service answers; open for `pause_s` after `limit` failures in a row; then
    one call tries it again."""

    def __init__(
        self, *, limit: int = 3, pause_s: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._pause_s, self._clock = limit, pause_s, clock
        self._failures = 0
        self._open_until = 0.0

    def lets_through(self) -> bool:
        """Whether a call may be made now."""
        if self._failures < self._limit:
            return True
        if self._clock() < self._open_until:
            return False
        self._open_until = self._clock() + self._pause_s  # the others wait for what this call finds
        return True

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        self._open_until = self._clock() + self._pause_s
