"""The documents kept: those that came with the program and those that an office added.

Shipped files are only read. Added files and corrections live in one SQLite file of the data folder;
a correction wins over the catalogue and over what was read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from corpus.clean import clean, fold
from corpus.errors import (
    BrokenCatalogue,
    CorpusError,
    DocumentTooLarge,
    SecretDocument,
    ShippedDocument,
    UnknownDocument,
    UnknownField,
    UnreadableDocument,
)
from corpus.foot import read_foot
from corpus.head import read_head, secrecy_of
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.readers import text as text_reader

SHIPPED = Path(__file__).parent / "documents"
FIELDS = tuple(field.name for field in fields(Instrument))

_schema = sa.MetaData()
_added = sa.Table(
    "documents",
    _schema,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
_corrections = sa.Table(
    "corrections",
    _schema,
    sa.Column("document_id", sa.String, primary_key=True),
    sa.Column("fields", sa.JSON, nullable=False),
)


class Library:
    """All documents, read once at the start; `problems` names files that could not be read."""

    def __init__(
        self,
        engine: sa.Engine,
        shipped_dir: Path | None,
        max_file_bytes: int,
        *,
        allow_secret: bool = False,
    ) -> None:
        """Raises BrokenCatalogue; a single unreadable file becomes a problem, not an error."""
        self._engine = engine
        self._max_bytes = max_file_bytes
        self._allow_secret = allow_secret
        self.problems: list[str] = []
        self._documents: dict[str, Document] = {}
        self._as_read: dict[str, Document] = {}  # without corrections
        _schema.create_all(engine)
        self._load_shipped(shipped_dir or SHIPPED)
        self._load_added()

    def documents(self) -> list[Document]:
        """Shipped ones first, then in the order in which they were added."""
        return list(self._documents.values())

    def document(self, document_id: str) -> Document:
        """One document. Raises UnknownDocument."""
        try:
            return self._documents[document_id]
        except KeyError:
            raise UnknownDocument(document_id) from None

    def add(self, source: str, content: bytes, corrections: Mapping[str, str]) -> Document:
        """Take a file in; the same words added twice are one document.

        Raises UnreadableDocument, DocumentTooLarge, SecretDocument, UnknownField.
        """
        document = self._read(source, content)
        values = _checked(corrections)
        row = {"id": document.id, "source": document.source, "content": content}
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_added).where(_added.c.id == document.id))
            connection.execute(sa.insert(_added).values(row))
            if values:
                self._keep_correction(connection, document.id, values)
        self._keep(document)
        return self._documents[document.id]

    def correct(self, document_id: str, corrections: Mapping[str, str | None]) -> Document:
        """Say what a text leaves open or what was read wrongly; None takes a correction back.

        A correction wins over the text and over the catalogue. Raises UnknownDocument, UnknownField.
        """
        self.document(document_id)
        values = {**self._corrections_of(document_id), **_checked(corrections)}
        kept = {name: value for name, value in values.items() if value is not None}
        with self._engine.begin() as connection:
            self._keep_correction(connection, document_id, kept)
        self._documents[document_id] = self._corrected(self._as_read[document_id])
        return self._documents[document_id]

    def remove(self, document_id: str) -> None:
        """Forget an added document. Raises UnknownDocument, ShippedDocument."""
        if self.document(document_id).shipped:
            raise ShippedDocument(document_id)
        with self._engine.begin() as connection:
            connection.execute(sa.delete(_added).where(_added.c.id == document_id))
            connection.execute(
                sa.delete(_corrections).where(_corrections.c.document_id == document_id)
            )
        del self._documents[document_id], self._as_read[document_id]

    def _keep_correction(
        self, connection: sa.Connection, document_id: str, values: dict[str, Any]
    ) -> None:
        own = _corrections.c.document_id == document_id
        connection.execute(sa.delete(_corrections).where(own))
        row = {"document_id": document_id, "fields": values}
        connection.execute(sa.insert(_corrections).values(row))

    def _read(self, source: str, content: bytes) -> Document:
        name = Path(source).name
        if len(content) > self._max_bytes:
            raise DocumentTooLarge(name)
        if Path(name).suffix.lower() not in text_reader.SUFFIXES:
            raise UnreadableDocument(f"{name}: kind of file not read yet")
        text = clean(text_reader.read_text(content, name))
        if not text:
            raise UnreadableDocument(f"{name}: no words")
        secrecy = secrecy_of(text)
        if secrecy and not self._allow_secret:
            raise SecretDocument(f"{name}: {secrecy}")
        digest = hashlib.sha256(text.encode()).hexdigest()[:8]
        own, about = read_head(text)
        parts = outline(text)
        return Document(f"{_slug(name)}-{digest}", name, own, text, parts, about,
                        foot=read_foot(text, parts), secrecy=secrecy)  # fmt: skip

    def _load_shipped(self, folder: Path) -> None:
        for entry in _catalogue(folder):
            try:
                content = (folder / entry["file"]).read_bytes()
                document = self._read(entry["file"], content)
            except (OSError, CorpusError) as exc:
                self.problems.append(f"{entry['file']}: {type(exc).__name__}")
                continue
            about = Instrument(**entry["about"]) if entry.get("about") else None
            meta = Instrument(**{name: entry[name] for name in FIELDS if name in entry})
            document = replace(document, id=entry["id"], meta=meta, about=about, shipped=True)
            self._keep(document)

    def _load_added(self) -> None:
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select(_added)).all()
        for row in rows:
            try:
                document = replace(self._read(row.source, row.content), id=row.id)
            except CorpusError as exc:
                self.problems.append(f"{row.source}: {type(exc).__name__}")
                continue
            self._keep(document)

    def _keep(self, document: Document) -> None:
        self._as_read[document.id] = document
        self._documents[document.id] = self._corrected(document)

    def _corrected(self, document: Document) -> Document:
        values = self._corrections_of(document.id)
        return replace(document, meta=replace(document.meta, **values)) if values else document

    def _corrections_of(self, document_id: str) -> dict[str, Any]:
        own = _corrections.c.document_id == document_id
        with self._engine.connect() as connection:
            values = connection.execute(sa.select(_corrections.c.fields).where(own)).scalar()
        return dict(values or {})


def fingerprint(document: Document) -> str:
    """Changes when the words, the outline's rules or the metadata of a document change."""
    anchors = " ".join(part.anchor for part in document.parts())
    said = json.dumps([document.text, anchors, asdict(document.meta)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _checked(corrections: Mapping[str, str | None]) -> dict[str, Any]:
    unknown = set(corrections) - set(FIELDS)
    if unknown:
        raise UnknownField(", ".join(sorted(unknown)))
    return dict(corrections)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(Path(name).stem)).strip("-")[:60] or "van-ban"


def _catalogue(folder: Path) -> list[dict[str, Any]]:
    path = folder / "catalogue.yaml"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = [_entry(entry) for entry in data["documents"]]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError, ValueError) as exc:
        raise BrokenCatalogue(f"{path.name}: {exc}") from exc
    if len({entry["id"] for entry in entries}) != len(entries):
        raise BrokenCatalogue(f"{path.name}: an id stands twice")
    return entries


def _entry(entry: dict[str, Any]) -> dict[str, Any]:
    unknown = set(entry) - {*FIELDS, "id", "file", "about"}
    unknown |= set(entry.get("about") or {}) - set(FIELDS)
    if unknown:
        raise ValueError(f"unknown key: {', '.join(sorted(unknown))}")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", str(entry["id"])) or "/" in str(entry["file"]):
        raise ValueError(f"bad id or file: {entry['id']}")
    return {key: _plain(value) for key, value in entry.items()}


def _plain(value: Any) -> Any:
    """YAML reads 2024-02-04 as a date; the model keeps ISO text."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else value
