"""How often something may happen, and the pace at which messages leave. Clock and sleep are given.

Telegram's limits (Bots FAQ): 1 message a second in a chat, 20 a minute in a group, 30 a second
over all. The library's own limiter knows no limit for a private chat, does not repeat a refused
message by default, and needs another package.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]
Json = bool | dict[str, Any] | list[dict[str, Any]]

_MANY_KEYS = 1000  # then those that have been quiet are forgotten


class Allowance:
    """At most `count` times in any `seconds`, for each key apart."""

    def __init__(self, count: int, seconds: float, clock: Clock = time.monotonic) -> None:
        self._count = count
        self._seconds = seconds
        self._clock = clock
        self._times: dict[Hashable, deque[float]] = {}

    def wait_s(self, key: Hashable) -> float:
        """Seconds until it may happen again; 0 for now."""
        times = self._times.get(key)
        if not times or len(times) < self._count:
            return 0.0
        return max(0.0, times[0] + self._seconds - self._clock())

    def record(self, key: Hashable) -> None:
        """It happens now."""
        if len(self._times) > _MANY_KEYS:
            self._forget_quiet_ones()
        self._times.setdefault(key, deque(maxlen=self._count)).append(self._clock())

    def take(self, key: Hashable) -> bool:
        """True and recorded where it may happen now."""
        if self.wait_s(key) > 0:
            return False
        self.record(key)
        return True

    def _forget_quiet_ones(self) -> None:
        oldest = self._clock() - self._seconds
        self._times = {key: times for key, times in self._times.items() if times[-1] > oldest}


class Turns:
    """One after the other within a key, in the order in which they came."""

    def __init__(self) -> None:
        # A lock lives as long as somebody holds it or waits for it.
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for those who came before. asyncio.Lock is fair: first come, first served."""
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock:
            yield


class MessagePace(BaseRateLimiter[int]):
    """Keeps messages below Telegram's limits, and repeats one that came too early."""

    RETRIES = 5
    LONGEST_WAIT_S = 60.0  # a longer pause than this helps nobody who waits, nor a shutdown

    def __init__(self, clock: Clock = time.monotonic, sleep: Sleep = asyncio.sleep) -> None:
        self._sleep = sleep
        self._everywhere = Allowance(30, 1.0, clock)
        self._chat = Allowance(1, 1.0, clock)
        self._group = Allowance(20, 60.0, clock)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to clear."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Json]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Json:
        """Call `callback` when it may be; RetryAfter is obeyed, any other error is the caller's."""
        if endpoint == "sendChatAction":  # a courtesy: dropped rather than repeated
            return await callback(*args, **kwargs)
        for _ in range(self.RETRIES):
            await self._my_slot(endpoint, data.get("chat_id"))
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as refused:
                wait = _seconds(refused.retry_after)
                if wait > self.LONGEST_WAIT_S:
                    raise
                await self._sleep(wait)
        return await callback(*args, **kwargs)

    async def _my_slot(self, endpoint: str, chat_id: int | str | None) -> None:
        """Wait until one more message may leave for this chat; other calls pass."""
        if chat_id is None or not endpoint.startswith(("send", "edit")):
            return
        limits = [(self._chat, chat_id), (self._everywhere, None)]
        if isinstance(chat_id, int) and chat_id < 0:  # groups have negative ids
            limits.append((self._group, chat_id))
        while (wait := max(limit.wait_s(key) for limit, key in limits)) > 0:
            await self._sleep(wait)
        for limit, key in limits:
            limit.record(key)


def _seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
