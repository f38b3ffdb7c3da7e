"""Gold questions as people type them: the same file with each question changed in one way.

    python benchmarks/as_typed.py {bare,half,capitals,wrapped,abbreviated,letters,telex,spaces} GOLD.jsonl > OUT.jsonl
    danvan eval answers --questions OUT.jsonl

Only questions with diacritics are kept, so that the ways can be compared; `plain` changes nothing. The
words that `wrapped` puts around a question (`tests/data/gold/wrappers.json`) are others' and in no fit.
"""

from __future__ import annotations

import json
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

from corpus.clean import has_marks
from rag.words import without_diacritics

WRAPPERS = Path(__file__).parents[1] / "tests" / "data" / "gold" / "wrappers.json"
SHORT = {
    "Ủy ban nhân dân": "UBND", "Hội đồng nhân dân": "HĐND", "cán bộ, công chức, viên chức": "CBCCVC",
    "cán bộ, công chức": "CBCC", "Nghị định": "NĐ", "nghị định": "nđ", "Kế hoạch": "KH", "kế hoạch": "kh",
    "Quyết định": "QĐ", "quyết định": "qđ", "thủ tục hành chính": "tthc", "không": "ko", "được": "đc",
    "bao nhiêu": "bn", "cải cách hành chính": "cchc", "quy chế dân chủ": "qcdc", "Chỉ thị": "CT", "với": "vs",
}  # fmt: skip
TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
LETTERS = {"â": "aa", "ă": "aw", "đ": "dd", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw"}
rng = random.Random(7)


def each_word(share: float, change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: " ".join(change(w) if rng.random() < share else w for w in text.split())


def misspelled(word: str) -> str:
    if len(word) < 4 or not word.isalpha() or word[0].isupper():
        return word
    at = rng.randrange(1, len(word) - 1)
    kept = word[at + 1] + word[at] if rng.random() < 0.5 else word[at + 1]
    return word[:at] + kept + word[at + 2 :]


def telex(word: str) -> str:
    marked = unicodedata.normalize("NFD", word)
    tones = "".join(TONES[c] for c in marked if c in TONES)
    letters = unicodedata.normalize("NFC", "".join(c for c in marked if c not in TONES))
    return "".join(LETTERS.get(c, c) for c in letters) + tones


def abbreviated(text: str) -> str:
    for whole, short in SHORT.items():
        text = re.sub(rf"(?<!\w){whole}(?!\w)", short, text)
    return text


def wrapped(text: str) -> str:
    words = json.loads(WRAPPERS.read_text(encoding="utf-8"))
    before = rng.choice(words["before"]) if rng.random() < 0.75 else ""
    after = rng.choice(words["after"]) if rng.random() < 0.75 or not before else ""
    if before and not text[:2].isupper():
        text = text[:1].lower() + text[1:]
    return before + text.rstrip(" ?.") + after


WAYS: dict[str, Callable[[str], str]] = {
    "plain": lambda text: text,
    "bare": without_diacritics,
    "half": each_word(0.4, without_diacritics),
    "capitals": str.upper,
    "wrapped": wrapped,
    "abbreviated": abbreviated,
    "letters": each_word(0.12, misspelled),
    "telex": each_word(0.15, telex),
    "spaces": lambda text: re.sub(" ", lambda _: "" if rng.random() < 0.06 else " ", text),
}


def main() -> None:
    way, gold = WAYS[sys.argv[1]], Path(sys.argv[2])
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        question = unicodedata.normalize("NFC", row["question"])
        if has_marks(question):
            print(json.dumps({**row, "question": way(question)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
