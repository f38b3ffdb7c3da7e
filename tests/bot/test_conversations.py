"""What was asked and answered, kept in one file."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.conversations import DAY_S, HISTORY_QUESTIONS, Conversations, unguessable_id
from bot.errors import NotDeleted
from rag.model import Topic


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path, clock: Clock) -> Iterator[Conversations]:
    numbers = count(1)
    path = tmp_path / "data" / "danvan.sqlite3"
    store = Conversations(path, expire_days=30, clock=clock, new_id=lambda: f"id{next(numbers)}")
    yield store
    store.close()


def test_only_our_own_ids_are_taken_up(kept: Conversations) -> None:
    ours = kept.open()
    assert kept.open(ours) == ours
    assert kept.open("theirs") not in ("theirs", ours)


def test_ids_cannot_be_guessed() -> None:
    assert len({unguessable_id() for _ in range(1000)}) == 1000
    assert len(unguessable_id()) == 22


def test_turns_come_back_in_order(kept: Conversations) -> None:
    own, other = kept.open(), kept.open()
    for number in range(HISTORY_QUESTIONS + 2):
        kept.add_turn(own, f"a{number}", f"câu {number}", {"n": number})
    kept.add_turn(other, "b", "khác", {})
    assert kept.history(own) == tuple(f"câu {n}" for n in range(2, HISTORY_QUESTIONS + 2))
    assert kept.last_turn(own) == (f"câu {HISTORY_QUESTIONS + 1}", {"n": HISTORY_QUESTIONS + 1})
    assert kept.answer("a3") == {"n": 3}
    assert kept.answer("none") is None
    assert kept.last_turn("none") is None


def test_what_is_spoken_of_is_kept_and_forgotten_with_the_rest(
    kept: Conversations, clock: Clock
) -> None:
    own, other = kept.open(), kept.open()
    first = Topic("Điều 5 nói gì?", ("d1", "d2"), (("article", "5"),))
    kept.add_turn(own, "a1", "điều 5?", {}, first)
    assert kept.topic(own) == first and kept.topic(other) is None
    kept.add_turn(own, "a2", "khoản 2?", {}, Topic("Khoản 2 Điều 5?"))
    assert kept.topic(own) == Topic("Khoản 2 Điều 5?")
    kept.delete(own)
    assert kept.topic(own) is None
    kept.add_turn(other, "b1", "gì?", {}, first)
    clock.now += 31 * DAY_S
    kept.expire()
    assert kept.topic(other) is None


def test_what_is_deleted_is_gone(kept: Conversations, tmp_path: Path) -> None:
    own = kept.open()
    kept.add_turn(own, "a", "điều rất riêng tư", {"x": 1}, Topic("điều rất riêng tư"))
    assert kept.delete(own)
    assert not kept.delete(own)
    kept.add_turn(own, "late", "điều rất riêng tư", {}, Topic("điều rất riêng tư"))  # under way
    assert kept.history(own) == ()
    assert kept.answer("late") is None
    assert kept.answer("a") is None
    assert kept.open(own) != own
    kept.close()  # the last connection folds the WAL into the file
    rest = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())
    assert "riêng tư".encode() not in rest


def test_what_cannot_be_deleted_is_not_said_to_be_gone(kept: Conversations, tmp_path: Path) -> None:
    own = kept.open()
    kept.close()
    for file in (tmp_path / "data").iterdir():
        file.write_bytes(b"no database" * 1000)
    with pytest.raises(NotDeleted):
        kept.delete(own)
    assert kept.failing


def test_silent_conversations_expire(kept: Conversations, clock: Clock) -> None:
    old, fresh = kept.open(), kept.open()
    kept.add_turn(old, "a", "cũ", {})
    kept.add_turn(fresh, "b", "mới", {})
    clock.now += 20 * DAY_S
    kept.add_turn(fresh, "c", "mới hơn", {})
    kept.expire(clock.now + 11 * DAY_S)
    assert kept.answer("a") is None
    assert kept.open(old) != old
    assert kept.history(fresh) == ("mới", "mới hơn")


def test_another_start_finds_what_was_kept(tmp_path: Path) -> None:
    path = tmp_path / "danvan.sqlite3"
    first = Conversations(path)
    own = first.open()
    first.add_turn(own, "a", "câu hỏi", {})
    first.close()
    second = Conversations(path)
    assert second.open(own) == own
    assert second.history(own) == ("câu hỏi",)
    second.close()


def test_nobody_else_may_read_the_file(kept: Conversations, tmp_path: Path) -> None:
    kept.open()
    files = list((tmp_path / "data").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_folder_that_cannot_be_made_costs_only_the_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    kept = Conversations(tmp_path / "file" / "danvan.sqlite3")
    own = kept.open()
    assert own
    assert kept.failing
    kept.add_turn(own, "a", "điều riêng tư", {})
    assert kept.history(own) == ()
    assert kept.answer("a") is None
    assert "can't be read or written" in caplog.text
    assert "riêng tư" not in caplog.text


def test_a_failed_write_never_logs_the_question(
    kept: Conversations, caplog: pytest.LogCaptureFixture
) -> None:
    own = kept.open()
    kept.add_turn(own, "same", "điều riêng tư", {})
    with caplog.at_level(logging.DEBUG):
        kept.add_turn(own, "same", "điều riêng tư khác", {})
    assert kept.failing
    assert "riêng tư" not in caplog.text
    kept.add_turn(own, "other", "câu sau", {})
    assert not kept.failing
    assert kept.history(own) == ("điều riêng tư", "câu sau")
