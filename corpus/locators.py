"""How a person cites a part: `điểm b khoản 2 Điều 15`, `mục II.3, gạch đầu dòng 2`."""

from __future__ import annotations

from functools import lru_cache

from corpus.model import Level, Step

PART_WORDS: dict[Level, str] = {
    "part": "Phần", "chapter": "Chương", "section": "Mục",
    "subsection": "Tiểu mục", "article": "Điều", "clause": "khoản", "point": "điểm",
    "item": "gạch đầu dòng", "subitem": "dấu cộng", "paragraph": "đoạn",
    "table": "bảng", "row": "dòng",
}  # fmt: skip


@lru_cache(maxsize=16_384)  # most laws have a `khoản 1 Điều 5`
def locator(path: tuple[Step, ...], *, only: bool = False) -> str:
    """The words for a path; `only`: the part is its parent's single child, so a plain paragraph
    needs no number of its own."""
    if path[-1].level == "paragraph" and only and len(path) > 1:
        path = path[:-1]
    if path[0].level == "head":
        return "phần đầu văn bản"
    if path[-1].level == "foot" or path[0].level == "foot":
        return "phần nơi nhận, chữ ký"
    if any(step.level == "article" for step in path):
        return _of_law(path)
    return _of_plan(path)


def _of_law(path: tuple[Step, ...]) -> str:
    """From the article inwards; the chapter is not cited. Items follow behind a comma."""
    begin = next(n for n, step in enumerate(path) if step.level == "article")
    inner = [s for s in path[begin:] if s.level in ("article", "clause", "point")]
    words = " ".join(f"{PART_WORDS[step.level]} {_plain(step)}" for step in reversed(inner))
    appendix = [_attachment(step) for step in path if step.level == "appendix"]
    return ", ".join([words, *_listed(path[begin:]), *appendix])


def _of_plan(path: tuple[Step, ...]) -> str:
    numbered = [s for s in path if s.level in ("section", "subsection", "clause")]
    points = [f"điểm {_plain(s)}" for s in reversed(path) if s.level == "point"]
    outer = [
        f"{PART_WORDS[s.level]} {_plain(s)}"
        for s in reversed(path)
        if s.level in ("chapter", "part")
    ]
    outer += [_attachment(step) for step in path if step.level == "appendix"]
    inner = [*points, f"mục {_section_label(numbered)}"] if numbered else points
    if inner:
        return ", ".join([" ".join(inner), *_listed(path), *outer])
    if outer:
        return ", ".join([*_listed(path), *outer])
    return ", ".join(_listed(path))


def _attachment(step: Step) -> str:
    """`Phụ lục II`; a regulation that the text promulgates goes by its kind: `Quy chế kèm theo`."""
    label = _plain(step)
    named = label[:1].isalpha() and not set(label) <= set("IVXLC")
    return f"{label} kèm theo" if named else f"Phụ lục {label}".strip()


def _section_label(steps: list[Step]) -> str:
    """II then 3 is `II.3`; 1 then 1.2 is `1.2`: a dotted number holds its parent's."""
    label = ""
    for step in steps:
        own = _plain(step)
        held = label and own.startswith(label.rpartition(".")[2] + ".")
        label = (
            own if not label else (label.rpartition(".")[0] + "." if held else label + ".") + own
        )
        label = label.lstrip(".")
    return label


def _listed(path: tuple[Step, ...]) -> list[str]:
    listed = [s for s in path if s.level in ("item", "subitem", "paragraph", "table", "row")]
    return [f"{PART_WORDS[step.level]} {_plain(step)}" for step in listed]


def _plain(step: Step) -> str:
    return step.label.partition("~")[0]
