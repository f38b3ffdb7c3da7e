"""Time `POST /v1/ask` on a running server, alone and with many askers at once, and its memory.

    python benchmarks/http_load.py http://127.0.0.1:8000 QUESTIONS.jsonl [PID]

Prints one dated row: p50 and p95 in milliseconds, errors, resident megabytes of the process PID.
The questions of one asker follow each other; a crowd asks all of its questions at the same moment.
"""

from __future__ import annotations

import asyncio
import datetime
import sys
import time
from pathlib import Path

import httpx

from rag.evaluation import read_gold

CROWD, ROUNDS = 20, 5


async def ask(client: httpx.AsyncClient, question: str) -> tuple[float, bool]:
    begun = time.perf_counter()
    reply = await client.post("/v1/ask", json={"question": question})
    return (time.perf_counter() - begun) * 1000, reply.status_code == 200


def row(name: str, results: list[tuple[float, bool]]) -> str:
    times = sorted(ms for ms, _ in results)
    errors = sum(not good for _, good in results)
    p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
    return (
        f"{name}: n={len(times)} p50={times[len(times) // 2]:.0f} p95={p95:.0f} ms errors={errors}"
    )


def resident_mb(pid: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM"))
    return int(peak.split()[1]) / 1024


async def main(url: str, questions: list[str], pid: str | None) -> None:
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        alone = [await ask(client, question) for question in questions]
        crowd: list[tuple[float, bool]] = []
        for number in range(ROUNDS):
            chosen = questions[number * CROWD : (number + 1) * CROWD]
            crowd.extend(await asyncio.gather(*(ask(client, question) for question in chosen)))
    memory = f"; peak memory {resident_mb(pid):.0f} MB" if pid else ""
    today = datetime.date.today().isoformat()
    print(f"{today} {row('alone', alone)}; {row(f'{CROWD} at once', crowd)}{memory}")


if __name__ == "__main__":
    asked = [gold["question"] for gold in read_gold(Path(sys.argv[2]))]
    asyncio.run(main(sys.argv[1], asked, sys.argv[3] if len(sys.argv) > 3 else None))
