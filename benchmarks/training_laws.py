"""Write the laws and decrees that `data/training/pairs/laws_*.jsonl` ask about, one file each.

    python benchmarks/training_laws.py CORPUS.jsonl[.gz] FOLDER

CORPUS holds the codified law (Bộ pháp điển) as the public benchmark of Zalo's legal questions cuts it: a
line an article, with `law_id`, `article_id`, `title`, `chapter`, `topic`, `source` and `text`, those of a
law in their order.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from corpus.clean import fold

LABELS = Path(__file__).parent / "data/training/pairs"
Article = Mapping[str, str]
_KIND = re.compile(
    r"\(Điều \S+ (Bộ luật|Luật|Nghị định|Nghị quyết|Pháp lệnh|Quyết định|Thông tư(?: liên tịch)?)"
)
_CHAPTER = re.compile(r"((?:Phần|Chương|Mục) \S+) ?(.*)")
_CODE = re.compile(r"^Điều \S+\.\s*")  # `Điều 36.3.LQ.1. Thanh niên`: its place in the code


def file_name(law_id: str) -> str:
    return f"{fold(law_id).replace('/', '-')}.txt"


def text_of(articles: list[Article]) -> str:
    """A law as its own articles make it; its preamble and signature are not in the code."""
    first, lines, chapter = articles[0], [], None
    kind = _KIND.search(first["source"])
    lines += [f"Số: {first['law_id']}", (kind[1] if kind else "Văn bản").upper(), first["topic"]]
    for article in articles:
        if article["chapter"] != chapter:
            chapter = article["chapter"]
            named = _CHAPTER.match(chapter or "")
            lines += named.groups() if named else ()
        lines += [
            f"Điều {article['article_id']}. {_CODE.sub('', article['title'])}",
            article["text"],
        ]
    return unicodedata.normalize("NFC", "\n".join(filter(None, lines))) + "\n"


def laws(corpus: Iterable[str], wanted: set[str]) -> dict[str, list[Article]]:
    """The articles of each law wanted, by its file's name."""
    found: dict[str, list[Article]] = {}
    for article in map(json.loads, corpus):
        name = file_name(article["law_id"] or "")
        if name in wanted:
            found.setdefault(name, []).append(article)
    return found


def _asked_about() -> Iterator[str]:
    for file in LABELS.glob("laws_*.jsonl"):
        yield from (json.loads(line)["document"] for line in file.open(encoding="utf-8"))


def main() -> None:
    corpus, folder = map(Path, sys.argv[1:])
    read = gzip.open if corpus.suffix == ".gz" else open
    with read(corpus, "rt", encoding="utf-8") as lines:
        found = laws(lines, set(_asked_about()))
    folder.mkdir(parents=True, exist_ok=True)
    for name, articles in found.items():
        (folder / name).write_text(text_of(articles), encoding="utf-8")
    print(f"{len(found)} texts")


if __name__ == "__main__":
    main()
