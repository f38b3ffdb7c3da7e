"""What can go wrong while reading documents.

CorpusError
├── UnreadableDocument   the file holds no text that we can read
├── SecretDocument       stamped MẬT, TỐI MẬT or TUYỆT MẬT, and the settings don't allow it
├── DocumentTooLarge     more characters than the settings allow
├── BrokenCatalogue      catalogue.yaml can't be understood
├── UnknownField         a correction of something that documents don't have
├── UnknownDocument      no document with that id
└── ShippedDocument      a document of the program itself can't be removed
"""

from __future__ import annotations


class CorpusError(Exception):
    """Base of this room; `detail` names the file, line or id, never the text of a document."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class UnreadableDocument(CorpusError):
    """The file is missing, unreadable, empty, binary, or of a kind not read yet."""


class SecretDocument(CorpusError):
    """The text bears a secrecy stamp; `library.allow_secret` is off."""


class DocumentTooLarge(CorpusError):
    """The file is larger than `library.max_file_bytes`."""


class BrokenCatalogue(CorpusError):
    """`catalogue.yaml` is not valid YAML, or an entry lacks what it needs."""


class UnknownField(CorpusError):
    """`danvan documents set` knows no such field."""


class UnknownDocument(CorpusError):
    """No document in the library has that id."""


class ShippedDocument(CorpusError):
    """Documents that came with the program are only read: they can't be removed."""
