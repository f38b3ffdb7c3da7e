"""Plain text and Markdown: from bytes to raw words. Other formats have readers of their own."""

from __future__ import annotations

from corpus.errors import UnreadableDocument

SUFFIXES = (".txt", ".md")
# Signatures of files that are often named .txt by mistake.
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"{\\rtf",
    b"GIF8",
)


def read_text(content: bytes, name: str) -> str:
    """The words of a text file: UTF-8 or UTF-16 with its mark, else the old Windows code page.

    Raises UnreadableDocument for an empty or binary file.
    """
    if not content.strip():
        raise UnreadableDocument(f"{name}: empty")
    if content.startswith(_BINARY) or _looks_binary(content):
        raise UnreadableDocument(f"{name}: not a text file")
    for encoding in _encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDocument(f"{name}: unknown encoding")


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    return ("utf-8-sig", "cp1258")  # Windows' Vietnamese page, before Unicode


def _looks_binary(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    sample = content[:8192]
    strange = sum(byte < 9 or 13 < byte < 32 for byte in sample)
    return b"\x00" in sample or strange > len(sample) * 0.05
