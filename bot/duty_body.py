"""The JSON of duties, and the filters by which they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, cast

from fastapi import Query
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypedDict

from bot.answer_body import DocumentBody, PartBody, document_body, part_body
from bot.errors import UnknownFilter
from corpus.duty import Duty, Kind
from corpus.duty_list import Wanted, wanted_duties
from corpus.model import Document

KINDS: dict[Kind, str] = {
    "report": "báo cáo",
    "deadline": "có thời hạn",
    "target": "chỉ tiêu",
    "task": "nhiệm vụ",
}

# `with` is a word of Python.
DutyBody = TypedDict(
    "DutyBody",
    {
        "document": DocumentBody,
        "locator": str,
        "part": PartBody,
        "quote": str,
        "start": int,
        "end": int,
        "url": str,
        "kind": str,
        "who": list[str],
        "with": list[str],
        "what": str,
        "amounts": list[str],
        "due": list[str],
        "due_on": list[str | None],
        "report_to": str | None,
    },
)


class DutyListBody(TypedDict):
    duties: list[DutyBody]


def _empty_is_none(value: Any) -> Any:
    """A form sends the fields that nobody filled in as empty strings."""
    return None if isinstance(value, str) and not value.strip() else value


def _iso_day(value: Any) -> Any:
    """Only `2026-03-31`: pydantic alone would take `5` for five seconds of 1970."""
    value = _empty_is_none(value)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise PydanticCustomError("iso_day", "not a day") from None
    return value


Text = Annotated[
    Annotated[str, Field(max_length=200)] | None, BeforeValidator(_empty_is_none), Query()
]
KindName = Annotated[Kind | None, BeforeValidator(_empty_is_none), Query()]
FirstDay = Annotated[date | None, BeforeValidator(_iso_day), Query(alias="from")]
LastDay = Annotated[date | None, BeforeValidator(_iso_day), Query(alias="to")]


def wanted_from_query(
    document_id: Text = None,
    who: Text = None,
    kind: KindName = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
) -> Wanted:
    """A FastAPI dependency: `?document_id=…&who=…&kind=…&from=2026-03-01&to=2026-03-31`."""
    first = first_day.isoformat() if first_day else None
    last = last_day.isoformat() if last_day else None
    return Wanted(document_id, who, kind, first, last)


def wanted_from_filters(filters: Mapping[str, str]) -> Wanted:
    """The same from the words of a command, whose form the command line has checked."""
    kind = cast("Kind | None", filters.get("kind"))
    return Wanted(
        filters.get("document_id"), filters.get("who"), kind, filters.get("from"), filters.get("to")
    )


def find_duties(documents: Iterable[Document], wanted: Wanted) -> list[Duty]:
    """The duties that fit. Raises UnknownFilter for a document that is not in the library."""
    known = list(documents)
    if wanted.document_id is not None and wanted.document_id not in {d.id for d in known}:
        raise UnknownFilter(wanted.document_id)
    return wanted_duties(known, wanted)


def duty_body(duty: Duty) -> DutyBody:
    """One duty; `quote == text[start:end]`, the other words are cut out of the text as well."""
    text = duty.document.text
    return {
        "document": document_body(duty.document),
        "locator": duty.part.locator,
        "part": part_body(duty.part),
        "quote": duty.quote,
        "start": duty.start,
        "end": duty.end,
        "url": duty.url,
        "kind": duty.kind,
        "who": duty.names("who"),
        "with": duty.names("with_"),
        "what": text[slice(*duty.what)],
        "amounts": duty.names("amounts"),
        "due": duty.names("due"),
        "due_on": list(duty.due_on),
        "report_to": text[slice(*duty.report_to)] if duty.report_to else None,
    }
