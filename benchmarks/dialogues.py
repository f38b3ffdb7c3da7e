"""Conversations of a gold set against the same questions asked whole; prints a dated row.

    python benchmarks/dialogues.py [--split dev|test] [--show] [--json] [FILE]

Each dialogue runs through the code that HTTP and Telegram use, in a conversation of its own. A turn is
right where it gets the answer that its `whole` question gets alone: the same status, and each cited
span overlaps one of the other's. First turns are asked whole, so the share is told of the others.
Where a turn has `facts` it is also told whether they stand in its answer (no answer where it has none to
give), beside the same for its `whole` question: what the reading of the turn costs, and what the rest.
Dialogues whose documents the data folder lacks are left out and counted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.answer_body import AnswerBody
from bot.conversations import Conversations
from bot.dialogue import begin_turn, end_turn
from config.settings import load_settings
from rag.assistant import Assistant
from rag.evaluation import Judgement, read_gold
from rag.see_also import LED_BY
from rag.wiring import open_assistant

GOLD = Path("tests/data/gold/dialogues.jsonl")
RESAMPLES = 2000


@dataclass(frozen=True)
class Measured:
    dialogue: str
    kind: str
    asked: str
    understood: str
    whole: str
    right: bool
    got: str
    wanted: str
    told: bool | None = None  # the facts, or rightly nothing; None without facts
    told_whole: bool | None = None


async def measure(assistant: Assistant, gold: Sequence[dict[str, Any]]) -> list[Measured]:
    """Every turn of every dialogue, in its order."""
    with tempfile.TemporaryDirectory() as folder:
        conversations = Conversations(Path(folder) / "dialogues.sqlite3")
        found = [m for d in gold for m in await _dialogue(assistant, conversations, d)]
        conversations.close()
    return found


async def _dialogue(
    assistant: Assistant, conversations: Conversations, dialogue: dict[str, Any]
) -> list[Measured]:
    measured, conversation_id = [], None
    for row in dialogue["turns"]:
        body, understood = await _said(assistant, conversations, row["asked"], conversation_id)
        conversation_id = body["conversation_id"]
        alone, _ = await _said(assistant, conversations, row["whole"], None)
        right = same_answer(body, alone)
        measured.append(
            Measured(dialogue["id"], row["kind"], row["asked"], understood, row["whole"], right,
                     _told(body), _told(alone), facts_told(row, body), facts_told(row, alone))
        )  # fmt: skip
    return measured


def facts_told(row: dict[str, Any], body: AnswerBody) -> bool | None:
    """Whether an answer holds the facts of a turn, or rightly is none; None for a turn without."""
    return Judgement(row, body).right if "facts" in row and row["kind"] != "courtesy" else None


async def _said(
    assistant: Assistant, conversations: Conversations, text: str, within: str | None
) -> tuple[AnswerBody, str]:
    turn = await begin_turn(assistant, conversations, text, within)
    answer = await assistant.answer(turn.question)
    understood = answer.topic.question if answer.topic else ""
    return await end_turn(conversations, turn, answer), understood


def same_answer(left: AnswerBody, right: AnswerBody) -> bool:
    """Equal status; each citation of one side overlaps one of the other's."""
    a, b = _spans(left), _spans(right)
    return (
        left["status"] == right["status"]
        and left["choices"] == right["choices"]
        and all(any(_overlap(x, y) for y in b) for x in a)
        and all(any(_overlap(x, y) for y in a) for x in b)
    )


def _spans(body: AnswerBody) -> list[tuple[str, int, int]]:
    """What is cited for the answer itself; a note on validity depends on how the year was said, and
    what else may answer on how the others compare."""
    beside = ("Lưu ý:", LED_BY)
    told = [line for line in body["answer"].splitlines() if not line.startswith(beside)]
    return [
        (c["document"]["id"], c["start"], c["end"])
        for c in body["citations"]
        if any(f"[{c['marker']}]" in line for line in told)
    ]


def _overlap(x: tuple[str, int, int], y: tuple[str, int, int]) -> bool:
    return x[0] == y[0] and x[1] < y[2] and y[1] < x[2]


def _told(body: AnswerBody) -> str:
    places = ", ".join(f"{d[:12]}:{a}-{b}" for d, a, b in _spans(body)[:4])
    return f"{body['status']} [{places}] {' '.join(body['answer'].split())[:160]}"


def share(measured: Sequence[Measured], of: str = "right") -> dict[str, Any]:
    """The share of turns of which that holds with a 95 % bootstrap interval over dialogues."""
    groups: dict[str, list[bool]] = {}
    for m in measured:
        groups.setdefault(m.dialogue, []).append(getattr(m, of))
    chance, own = random.Random(5), list(groups.values())
    means = sorted(
        sum(map(sum, drawn)) / sum(map(len, drawn))
        for drawn in (chance.choices(own, k=len(own)) for _ in range(RESAMPLES))
    )
    low, high = means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES)]
    n = len(measured)
    mean = sum(map(sum, own)) / n
    return {"share": round(mean, 3), "n": n, "low": round(low, 3), "high": round(high, 3)}


def report(measured: Sequence[Measured]) -> dict[str, Any]:
    """All follow-ups, all turns, and each kind of turn."""
    kinds = sorted({m.kind for m in measured})
    further = [m for m in measured if m.kind != "first"]
    facts = [m for m in further if m.told is not None]
    told = {name: share(facts, name) for name in ("told", "told_whole")} if facts else {}
    return {
        "dialogues": len({m.dialogue for m in measured}),
        "follow_ups": share(further),
        **told,
        "turns": share(measured),
        "kinds": {kind: share([m for m in measured if m.kind == kind]) for kind in kinds},
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=GOLD)
    parser.add_argument("--split", choices=("dev", "test"))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", action="store_true", help="the turns that differ")
    given = parser.parse_args()
    if given.show and given.split != "dev":
        parser.error("--show is for the dev half only")
    gold = [d for d in read_gold(given.file) if given.split in (None, d["split"])]
    async with open_assistant(load_settings()) as assistant:
        await assistant.index()
        known = {document.source for document in assistant.documents()}
        having = [d for d in gold if set(d["documents"]) <= known]
        if not having:
            sys.exit("the data folder has the documents of no dialogue: danvan add …")
        measured = await measure(assistant, having)
    told = {"date": date.today().isoformat(), "split": given.split, "left_out": len(gold) - len(having)}  # fmt: skip
    told |= report(measured)
    wrong = (
        [m for m in measured if not (m.right and m.told in (None, m.told_whole))]
        if given.show
        else []
    )
    if given.json:
        print(json.dumps(told | ({"wrong": [asdict(m) for m in wrong]} if given.show else {}), ensure_ascii=False, indent=1))  # fmt: skip
        return
    for m in wrong:
        facts = "" if m.told is None else f" facts {m.told:d}, whole {m.told_whole:d}"
        print(f"{m.dialogue} [{m.kind}] {m.asked}{facts}\n    understood: {m.understood}\n    whole:      {m.whole}\n    got:    {m.got}\n    wanted: {m.wanted}")  # fmt: skip
    for name, value in told.items():
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}")


if __name__ == "__main__":
    asyncio.run(main())
