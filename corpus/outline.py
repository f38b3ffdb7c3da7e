"""From a cleaned text to its outline: the tree of places that a person would cite.

Covered: Phần, Chương, Mục, Tiểu mục, Điều, khoản, điểm of laws; I, 1, 1.1, a), dash and plus items
of plans; head and foot; plain paragraphs. Articles quoted inside an amending text are content.
The spans of the leaves and lead-ins tile the text: nothing is lost, nothing stands twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.clean import fold
from corpus.letters import compiled
from corpus.locators import locator
from corpus.marks import (
    APPENDIX,
    LEADER,
    Block,
    blocks_of,
    candidates,
    followed,
    foreign,
    rank,
    style,
)  # fmt: skip
from corpus.model import Level, Part, Step
from corpus.references import KINDS
from corpus.tables import is_row, row_cells

_DEPTH: dict[Level, int] = {
    "appendix": 0, "part": 1, "chapter": 2, "section": 3, "subsection": 4,
    "article": 5, "clause": 6, "point": 7, "item": 8, "subitem": 9, "paragraph": 10,
    "table": 11, "row": 12,
}  # fmt: skip
_ATTACHED = re.compile(r"kèm theo|Ban hành theo", re.I)
_KIND_NAMES = frozenset(fold(kind) for kind in KINDS)
_TERMINAL = re.compile(r"[.;,…!?][\"”’)\]]*$")
_GROUND = re.compile(r"(?:[-–]\s*)?Căn cứ\b")  # below the office that decides
_FOOT = re.compile(r"^(?:Nơi nhận\s*:?|NƠI NHẬN\s*:?)")
_SIGNATURE = re.compile(
    r"^(?:(?:TM|KT|TL|TUQ|Q|T/M|K/T)\s*\.?\s|(?:PHÓ\s+)?(?:GIÁM ĐỐC|CHỦ TỊCH|BÍ THƯ|CỤC TRƯỞNG"
    r"|TRƯỞNG BAN|THỦ TƯỚNG|BỘ TRƯỞNG|CHÁNH VĂN PHÒNG|HIỆU TRƯỞNG|TRƯỞNG PHÒNG)\b)"
)


@dataclass(slots=True)
class _Node:
    level: Level
    label: str
    start: int
    heading_end: int  # the end of the marked block and of the heading taken from the next one
    heading: str
    title_like: bool  # paragraphs behind it belong to it
    children: list[_Node] = field(default_factory=list)
    counts: dict[Level, int] = field(default_factory=dict)  # labels given to unnumbered children
    depth: float = field(init=False)

    def __post_init__(self) -> None:
        self.depth = _depth(self.level, self.label)

    def next_label(self, level: Level) -> str:
        """`3` for the third child of its level that has no mark of its own."""
        self.counts[level] = self.counts.get(level, 0) + 1
        return str(self.counts[level])


def _depth(level: Level, label: str) -> float:
    return _DEPTH.get(level, 10) + label.count(".") * 0.1


def outline(text: str) -> tuple[Part, ...]:
    """The parts of a cleaned text (`clean`), in order; offsets into `text`."""
    return _freeze(_roots(text), len(text), (), 0)


_ARTICLE = "Điều 1. Điều\n"


def article_parts(body: str, article: Step, start: int) -> tuple[Part, ...]:
    """The parts of an article whose words below its heading, `body`, stand at `start` of a document.

    () where there is none, or where it quotes articles that can't be told from the text's own.
    """
    roots = _roots(_ARTICLE + body)
    nodes = roots[0].children if len(roots) == 1 else []
    return _freeze(nodes, len(_ARTICLE) + len(body), (article,), start - len(_ARTICLE))


def _roots(text: str) -> list[_Node]:
    blocks = blocks_of(text)
    roots: list[_Node] = []
    in_articles = any(level == "article" for b in blocks for level, _, _ in candidates(b.text))
    for piece in _split_attachments(blocks):
        attached = bool(roots) or APPENDIX.match(piece[0].text) is not None
        roots.extend(_piece(piece, in_articles, attached))
    return roots


def _split_attachments(blocks: list[Block]) -> list[list[Block]]:
    """The text itself, then each regulation or appendix that it promulgates: numbers begin anew."""
    cuts = [n for n in range(2, len(blocks)) if _begins_attachment(blocks, n)]
    borders = [0, *cuts, len(blocks)]
    return [blocks[a:b] for a, b in pairwise(borders) if a < b]


def _begins_attachment(blocks: list[Block], number: int) -> bool:
    text = blocks[number].text
    if APPENDIX.match(text):
        return not LEADER.search(text)
    kind = text.isupper() and fold(text.split("\n")[0]) in _KIND_NAMES
    return kind and any(_ATTACHED.search(block.text) for block in blocks[number + 1 : number + 5])


def _piece(blocks: list[Block], in_articles: bool, attached: bool) -> list[_Node]:
    foot = _foot_begins(blocks)
    root = _Node("head", "", blocks[0].start, blocks[0].end, "", True)
    body = blocks[:foot]
    if attached:
        match = APPENDIX.match(blocks[0].text)
        label = match[1] or "" if match else blocks[0].text.capitalize()
        heading = blocks[0].text[match.end() :].strip() if match else ""
        root = _Node("appendix", label, blocks[0].start, blocks[0].end, heading, True)
        body = body[1:]
        if _is_form(heading or (body[0].text if body else "")):
            in_articles, body = False, _as_one(root, body)
    _grow(root, body, in_articles, attached)
    if foot < len(blocks):
        root.children.append(_foot(blocks[foot:]))
    return [root] if attached else root.children


# `Điều 1. Công nhận ông ....` of a form to be filled in is no article of the text.
_FORM = compiled(
    r"^(?:Mẫu|MẪU|PHIẾU|ĐƠN|BIÊN BẢN|TỜ KHAI|GIẤY (?:MỜI|XÁC NHẬN|ĐỀ NGHỊ))(?![a-zà-ỹđ])"
)


def _is_form(heading: str) -> bool:
    return _FORM.match(heading) is not None


def _as_one(root: _Node, blocks: list[Block]) -> list[Block]:
    """A form's lines stay paragraphs of its appendix; nothing is left to be outlined."""
    for number, block in enumerate(blocks, start=1):
        root.children.append(_Node("paragraph", str(number), block.start, block.end, "", False))
    return []


def _grow(root: _Node, blocks: list[Block], in_articles: bool, body: bool) -> None:
    stack = [root]
    outside = foreign(blocks)
    for number, block in enumerate(blocks):
        if is_row(block.text):
            _add_row(stack, block)
            body = True
            continue
        found = None if number in outside else _accepted(blocks, number, stack, in_articles)
        if found is None:
            if not _takes_heading(stack[-1], block):
                _add_paragraph(stack, block, body)
        else:
            _open(stack, block, *found)
        body = body or found is not None or _is_prose(block.text)


def _accepted(
    blocks: list[Block], number: int, stack: list[_Node], in_articles: bool
) -> tuple[Level, str, str] | None:
    for level, label, words in candidates(blocks[number].text):
        here = _here(level, label, stack, in_articles)
        if _in_sequence(here, label, stack) or (
            _begins_row(here, label, stack)
            and (
                _is_keyword(blocks[number].text)
                or words.isupper()
                or followed(blocks, number, level, label)
            )
        ):
            return here, label, words
    return None


def _is_keyword(block: str) -> bool:
    return block.startswith(("Phần", "PHẦN", "Chương", "CHƯƠNG", "Mục", "MỤC", "Tiểu", "TIỂU"))


def _begins_row(level: Level, label: str, stack: list[_Node]) -> bool:
    """Half a text, or one that lost a line, begins with 3: what follows must go on with it."""
    parent = _parent(level, label, stack)
    siblings = [n for n in parent.children if n.level == level and style(n.label) == style(label)]
    return not siblings and "." not in label and rank(label) > 0


def _here(level: Level, label: str, stack: list[_Node], in_articles: bool) -> Level:
    """A numbered block is a khoản inside an article and a mục anywhere else."""
    if level != "clause" or _open_node(stack, "article"):
        return level
    section = _open_node(stack, "section")
    nested = "." in label or (section is not None and not section.label.isdigit())
    return "subsection" if nested or in_articles else "section"


def _open_node(stack: list[_Node], level: Level) -> _Node | None:
    return next((node for node in reversed(stack) if node.level == level), None)


def _in_sequence(level: Level, label: str, stack: list[_Node]) -> bool:
    """The number follows the one before it, so that a year or a reference makes no part."""
    if level in ("item", "subitem"):
        return True
    parent = _parent(level, label, stack)
    siblings = [n for n in parent.children if n.level == level and style(n.label) == style(label)]
    if level == "article":
        last = _last_article(stack[0])
        return last is None or rank(label) > rank(last) or label.startswith(last)
    if "." in label:
        return _dotted(label, parent, siblings)
    previous = rank(siblings[-1].label) if siblings else 0
    return previous < rank(label) <= previous + (3 if siblings else 1)


def _dotted(label: str, parent: _Node, siblings: list[_Node]) -> bool:
    head, _, last = label.rpartition(".")
    above = parent.label == head or bool(siblings and siblings[-1].label.rpartition(".")[0] == head)
    previous = int(siblings[-1].label.rpartition(".")[2]) if siblings else 0
    return (above or int(last) == 1) and previous < int(last) <= previous + 2


def _last_article(root: _Node) -> str | None:
    found, todo = None, list(root.children)
    while todo:
        node = todo.pop(0)
        found = node.label if node.level == "article" else found
        todo = node.children + todo
    return found


def _parent(level: Level, label: str, stack: list[_Node]) -> _Node:
    depth = _depth(level, label)
    return next(node for node in reversed(stack) if node is stack[0] or node.depth < depth)


def _open(stack: list[_Node], block: Block, level: Level, label: str, words: str) -> None:
    parent = _parent(level, label, stack)
    while stack[-1] is not parent:
        stack.pop()
    if level in ("item", "subitem"):
        label = parent.next_label(level)
    node = _Node(level, label, block.start, block.end, "", _is_title(level, words))
    node.heading = words if node.title_like else ""
    parent.children.append(node)
    stack.append(node)


_LONGEST_LEAD_IN = 60  # words


def _is_title(level: Level, words: str) -> bool:
    """A heading has no end of a sentence; a short numbered one may end in a full stop."""
    if level in ("appendix", "part", "chapter", "article"):
        return True
    count = len(words.split(maxsplit=_LONGEST_LEAD_IN))  # the rest is not counted
    lead_in = words.endswith(":") and count <= _LONGEST_LEAD_IN
    if level in ("item", "subitem"):
        return lead_in
    short = count <= 9 and not words.endswith(";") and level != "point"
    return lead_in or not words or (count <= 50 and not _TERMINAL.search(words)) or short


def _takes_heading(node: _Node, block: Block) -> bool:
    """`Chương II` and its name stand on two lines."""
    named = node.level in ("part", "chapter", "section", "appendix")
    if not named or not node.title_like or node.heading or node.children:
        return False
    if len(block.text.split()) > 30 or _TERMINAL.search(block.text):
        return False
    node.heading, node.heading_end = block.text, block.end
    return True


def _add_paragraph(stack: list[_Node], block: Block, body: bool) -> None:
    # In a law a paragraph goes on with the khoản or điểm above it; in a plan an item that ended
    # its sentence is over.
    while len(stack) > 1 and not (stack[-1].title_like or _open_node(stack, "article")):
        stack.pop()
    parent = stack[-1]
    if parent is stack[0] and not body and not _is_prose(block.text):
        label = parent.next_label("head")
        parent.children.append(_Node("head", label, block.start, block.end, "", False))
        return
    label = parent.next_label("paragraph")
    parent.children.append(_Node("paragraph", label, block.start, block.end, "", False))


def _add_row(stack: list[_Node], block: Block) -> None:
    """The first row of a run holds the heads of the columns: it is the table's lead-in."""
    while len(stack) > 1 and stack[-1].level in ("item", "subitem") and not stack[-1].title_like:
        stack.pop()
    parent = stack[-1]
    last = parent.children[-1] if parent.children else None
    if last is not None and last.level == "table" and _as_wide(last.heading, block.text):
        label = str(len(last.children) + 1)
        last.children.append(_Node("row", label, block.start, block.end, "", False))
        return
    label = parent.next_label("table")
    parent.children.append(_Node("table", label, block.start, block.end, block.text, False))


def _as_wide(heads: str, row: str) -> bool:
    """A row may lack its last cells, or have one that no head names."""
    return len(row_cells(row)) <= len(row_cells(heads)) + 1


def _is_prose(block: str) -> bool:
    return bool(_TERMINAL.search(block) or block.endswith(":")) and len(block.split()) >= 8


def _foot_begins(blocks: list[Block]) -> int:
    """Recipients and signature: the last third of the text, behind its last sentence."""
    for number in range(len(blocks) // 3, len(blocks)):
        begins = _FOOT.match(blocks[number].text) or _SIGNATURE.match(blocks[number].text)
        grounds = (_GROUND.match(after.text) for after in blocks[number + 1 : number + 3])
        if begins and not any(grounds):
            return number
    return len(blocks)


def _foot(blocks: list[Block]) -> _Node:
    foot = _Node("foot", "", blocks[0].start, blocks[0].end, "", True)
    for number, block in enumerate(blocks[1:], start=1):
        foot.children.append(_Node("item", str(number), block.start, block.end, "", False))
    return foot


def _freeze(nodes: list[_Node], end: int, path: tuple[Step, ...], shift: int) -> tuple[Part, ...]:
    """Parts below `path`; offsets are moved by `shift`."""
    if not nodes:
        return ()
    ends = [node.start for node in nodes[1:]] + [end]
    only = len(nodes) == 1
    taken: dict[Step, int] = {}
    parts = []
    for node, stop in zip(nodes, ends, strict=True):
        step = Step(node.level, node.label)
        taken[step] = taken.get(step, 0) + 1
        if taken[step] > 1:  # two lists under one heading both begin with 1
            step = Step(node.level, f"{node.label}~{taken[step]}")
        here = (*path, step)
        lead_end = node.children[0].start if node.children else stop
        parts.append(
            Part(
                here,
                locator(here, only=only),
                node.heading,
                node.start + shift,
                lead_end + shift,
                stop + shift,
                _freeze(node.children, stop, here, shift),
            )  # fmt: skip
        )
    return tuple(parts)
