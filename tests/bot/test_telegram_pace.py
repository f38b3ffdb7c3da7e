"""How often something may happen, and in which order."""

from __future__ import annotations

import asyncio

import pytest

from bot.telegram_pace import Allowance, MessagePace, Turns
from tests.bot.telegram_phone import FakeClock


def test_an_allowance_slides_with_the_clock_and_counts_each_key_apart() -> None:
    clock = FakeClock()
    twice = Allowance(2, 10, clock)
    assert [twice.take("a") for _ in range(3)] == [True, True, False]
    assert twice.take("b") and twice.wait_s("a") == 10
    clock.now += 10
    assert twice.take("a")


def test_quiet_keys_are_forgotten() -> None:
    clock = FakeClock()
    once = Allowance(1, 10, clock)
    for key in range(3000):
        clock.now += 1
        assert once.take(key)
    assert len(once._times) <= 1001
    assert not once.take(2999)


@pytest.mark.asyncio
async def test_turns_are_taken_in_the_order_of_asking_and_leave_nothing_behind() -> None:
    turns, order = Turns(), []

    async def take(key: str, number: int) -> None:
        async with turns.turn(key):
            await asyncio.sleep(0.01 if number == 0 else 0)
            order.append((key, number))

    await asyncio.gather(*(take("a", n) for n in range(4)), take("b", 1))
    assert order == [("b", 1), *(("a", n) for n in range(4))]
    assert not turns._locks


@pytest.mark.asyncio
async def test_thirty_messages_a_second_over_all_chats() -> None:
    clock = FakeClock()
    pace = MessagePace(clock, clock.sleep)

    async def sent() -> bool:
        return True

    for chat in range(61):
        await pace.process_request(sent, (), {}, "sendMessage", {"chat_id": chat + 1}, None)
    assert sum(clock.slept) == pytest.approx(2)
