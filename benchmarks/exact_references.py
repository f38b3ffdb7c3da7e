"""Whether a place that a question names is found: places of the library's outlines, in many spellings,
and places that no copy has.

    python benchmarks/exact_references.py [--n 400] [--seed 7] [--show]

Asks the running code on the library of `DANVAN_DATA_DIR`. A real place is right where the first
citation is from it; an impossible one where it is refused and the refusal says what the copy has.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from config.settings import load_settings
from corpus.clean import fold
from corpus.model import Document, Part
from rag.evaluation import share
from rag.model import Answer, Question
from rag.wiring import open_assistant

SHORT = {"Nghị định": "NĐ", "Thông tư": "TT", "Quyết định": "QĐ", "Luật": "Luật"}
TAILS = (" quy định gì?", " nói gì", " là gì?", "", " quy định như thế nào?", " ghi thế nào ạ")


@dataclass(frozen=True)
class Asked:
    text: str
    document: Document
    labels: tuple[str | None, str | None, str | None]  # article, clause, point
    possible: bool


def names(document: Document) -> Iterator[str]:
    """How people name an instrument."""
    meta = document.meta
    number, kind = meta.number or "", meta.kind or ""
    sequence, year = re.match(r"(\d+)(?:/(\d{4}))?", number).groups()  # type: ignore[union-attr]
    yield f"{kind} {number}"
    yield f"{kind} số {number}"
    yield f"{SHORT.get(kind, kind)} {number}"
    yield f"{SHORT.get(kind, kind)} {sequence}/{year}"
    yield number.lower()
    if kind == "Luật" and meta.title:
        yield meta.title
        yield f"{meta.title} năm {year}"
        yield meta.title.replace("Luật", "luật")


def spellings(article: str, clause: str | None, point: str | None, chance: random.Random) -> str:
    """`điểm a khoản 2 Điều 15` as people type it."""
    inner = [f"điểm {point}"] * bool(point) + [f"khoản {clause}"] * bool(clause)
    outward = [*inner, f"Điều {article}"]
    inward = outward[::-1]
    forms = [" ".join(outward), " ".join(outward).lower(), ", ".join(outward), " ".join(inward), ", ".join(inward)]  # fmt: skip
    if clause and not point:
        forms += [f"K{clause} Đ{article}", f"k.{clause} đ.{article}"]
    return chance.choice(forms)


def questions(documents: list[Document], n: int, chance: random.Random) -> list[Asked]:
    laws = [d for d in documents if d.meta.number and any(p.level == "article" for p in d.parts())]
    made: list[Asked] = []
    while len(made) < n:
        document = chance.choice(laws)
        part = chance.choice(
            [p for p in document.parts() if p.level in ("article", "clause", "point")]
        )
        labels = tuple(part.step_label(level) for level in ("article", "clause", "point"))
        if part.step_label("appendix") or any(step.label.count("~") for step in part.path):
            continue
        possible = len(made) % 5 != 4
        if not possible:
            labels = _impossible(document, part, chance)
        article, clause, point = labels
        name = chance.choice(list(names(document)))
        place = spellings(article or "", clause, point, chance)
        text = chance.choice((f"{place} {name}", f"{place} của {name}", f"{name} {place}"))
        text += chance.choice(TAILS)
        bare = chance.random() < 0.3 and point != "đ"
        made.append(
            Asked(fold(text) if bare else text, document, (article, clause, point), possible)
        )
    return made


def _impossible(
    document: Document, part: Part, chance: random.Random
) -> tuple[str | None, str | None, str | None]:
    """An article past the last, a clause past an article's last, a point where there is none."""
    article = part.step_label("article")
    last = max(int(re.sub(r"\D", "", p.label)) for p in document.parts() if p.level == "article")
    if chance.random() < 0.5:
        return str(last + chance.randint(1, 40)), None, None
    own = next(p for p in document.parts() if p.level == "article" and p.label == article)
    clauses = [p for p in own.children if p.level == "clause"]
    return article, str(len(clauses) + chance.randint(5, 20)), None


def is_right(asked: Asked, answer: Answer) -> bool:
    if not asked.possible:
        told = answer.text + " ".join(
            c.quote for c in (answer.refusal.nearest if answer.refusal else ())
        )
        return answer.status == "refused" and "Bản trong kho" in told
    if answer.status != "answered":
        return False
    first = answer.citations[0]
    labels = tuple(first.part.step_label(level) for level in ("article", "clause", "point"))
    same = labels[: 1 + bool(asked.labels[1]) + bool(asked.labels[2])]
    return first.document.id == asked.document.id and same == tuple(x for x in asked.labels if x)


async def measure(n: int, seed: int, show: bool) -> None:
    async with open_assistant(load_settings()) as assistant:
        asked = questions(list(assistant.documents()), n, random.Random(seed))
        judged = [(a, await assistant.answer(Question(a.text))) for a in asked]
    for possible in (True, False):
        right = [is_right(a, answer) for a, answer in judged if a.possible == possible]
        print("real      " if possible else "impossible", share(right))
    for a, answer in judged if show else ():
        if not is_right(a, answer):
            print(
                f"\n{a.text}\n   {a.document.meta.number} {a.labels}\n   {answer.status}: {answer.text[:200]}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    asyncio.run(measure(given.n, given.seed, given.show))


if __name__ == "__main__":
    main()
