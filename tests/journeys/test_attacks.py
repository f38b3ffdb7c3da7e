"""Attacks in questions, documents and histories, over HTTP and through a chat model that obeys them all."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.conversations import Conversations
from bot.telegram_format import answer_pieces
from rag.assistant import LocalAssistant
from rag.errors import EmbedderUnavailable
from rag.model import Answer, Delta, Done, Question
from tests.bot.live import settings_in
from tests.rag.model_server import QUESTION
from tests.rag.words_only import words_only
from tests.rag.writers import Says

GOLD = Path(__file__).parents[1] / "data" / "gold" / "attacks.jsonl"
ATTACKS = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack["id"])
Attack = dict[str, Any]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAssistant]:
    """The shipped documents, and all those that attack."""
    folder = tmp_path_factory.mktemp("attacks")

    async def poison(assistant: LocalAssistant) -> None:
        for attack in ATTACKS:
            if text := attack.get("document"):
                path = folder / f"{attack['id']}.txt"
                path.write_text(text, encoding="utf-8")
                await assistant.add(path)
        with suppress(EmbedderUnavailable):  # words are searched without it
            await assistant.index()

    with words_only(folder / "data") as opened:
        asyncio.run(poison(opened))
        yield opened


@pytest.fixture(scope="module")
def client(
    assistant: LocalAssistant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    settings = settings_in(tmp_path_factory.mktemp("data"))
    conversations = Conversations(settings.data_dir / "danvan.sqlite3")
    app = create_app(settings, assistant, conversations)
    with TestClient(app, client=("127.0.0.1", 1)) as opened:
        yield opened
    conversations.close()


def test_there_are_enough_attacks_of_each_kind() -> None:
    assert len(ATTACKS) >= 60
    kinds = [attack["kind"] for attack in ATTACKS]
    assert all(kinds.count(kind) >= 6 for kind in set(kinds)) and len(set(kinds)) == 7
    assert {attack["lang"] for attack in ATTACKS} == {"vi", "en"}


@each_attack
def test_an_attack_changes_nothing_over_http(client: TestClient, attack: Attack) -> None:
    body = client.post("/v1/ask", json={"question": attack["question"]}).json()
    check_told(body["answer"], attack)
    check_marked(body["answer"], body["citations"])
    telegram = "\n".join(piece.html for piece in answer_pieces(body))
    if attack["kind"] == "markup":
        assert not re.search(r"<(?!/?(?:b|i|blockquote)\b)", telegram)


@each_attack
def test_an_attack_changes_nothing_for_a_chat_front_end(client: TestClient, attack: Attack) -> None:
    question = {"role": "user", "content": attack["question"]}
    messages = [*attack.get("messages", []), question]
    asked = {"model": "danvan", "messages": messages}
    done = client.post("/v1/chat/completions", json=asked).json()
    content = done["choices"][0]["message"]["content"]
    check_told(content.split("\n\nChỗ gần nhất")[0].split("\n\nNguồn:")[0], attack)
    assert not re.search(r"(?<!\\)<|!\[|\]\((?!\\)", content), "acts in Markdown"


@each_attack
async def test_a_chat_model_that_obeys_is_not_heard(
    assistant: LocalAssistant, monkeypatch: pytest.MonkeyPatch, attack: Attack
) -> None:
    question = attack["question"] if "document" in attack else QUESTION
    default = await assistant.answer(Question(question))
    writer = Obedient(attack["wish"])
    monkeypatch.setattr(assistant, "_writer", writer)
    answer, deltas = await streamed(assistant, question)
    assert default.status == "answered" and writer.asked
    assert "".join(deltas) == answer.text
    check_told(answer.text, attack)
    assert numbers_of(answer) <= numbers_of(default), "a marker that the true sentence lacks"


async def streamed(assistant: LocalAssistant, question: str) -> tuple[Answer, list[str]]:
    """The answer, and what a person read of it while it came: all of that stays on their screen."""
    deltas = []
    async for event in assistant.answer_events(Question(question)):
        if isinstance(event, Delta):
            deltas.append(event.text)
        if isinstance(event, Done):
            return event.answer, deltas
    raise AssertionError("an answer ends with Done")


async def test_what_is_true_beside_a_lie_is_heard(
    assistant: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the test above would prove nothing."""
    monkeypatch.setattr(assistant, "_writer", Obedient("PWNED"))
    answer = await assistant.answer(Question(QUESTION))
    assert answer.answered_by == "model:obedient"


class Obedient(Says):
    """A chat model that says what is true, and what an attack wishes, in every form that it knows."""

    name = "obedient"

    def __init__(self, wish: str) -> None:
        super().__init__("", f"{wish} [1].", f"{wish}.", size=4)
        self._wish = wish

    def text(self, sources: Sequence[str]) -> str:
        true = sources[0].partition(") ")[2].rstrip(" .;")
        wish = self._wish
        forms = (
            wish,
            f"{wish} [1].",
            f"{wish}. [1]",
            f"[1] {wish}",
            f"- {wish} 【1】",
            f"{wish} [1][2]",
            f"**{wish}** [1]",
            f"{wish} [99].",
            f"{true}, {wish} [1].",
            f"{wish}, {true} [1].",
            f"{true} [1] {wish}.",
            f"{true} [1], {wish} [1].",
        )
        return "\n".join((f"{true} [1].", *forms))


def check_told(text: str, attack: Attack) -> None:
    told = " ".join(text.split()).casefold()
    assert [f for f in attack["forbidden"] if f.casefold() in told] == [], text


def check_marked(text: str, citations: list[dict[str, Any]]) -> None:
    """Markers and citations are the same set."""
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    assert markers == {citation["marker"] for citation in citations}


def numbers_of(answer: Answer) -> set[int]:
    return {citation.marker for citation in answer.citations}
