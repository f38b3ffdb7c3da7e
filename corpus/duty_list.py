"""The duties of several documents that somebody asks for, in the order of their days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.clean import fold
from corpus.duties import duties
from corpus.duty import Duty, Kind
from corpus.model import Document


@dataclass(frozen=True)
class Wanted:
    """Which duties; None wants all. Days are ISO and both belong to the range."""

    document_id: str | None = None
    who: str | None = None  # any part of a doer's name; case and diacritics don't count
    kind: Kind | None = None
    first_day: str | None = None
    last_day: str | None = None

    @property
    def dated(self) -> bool:
        return self.first_day is not None or self.last_day is not None

    def days(self, duty: Duty) -> list[str]:
        """The days of a duty that lie in the range, earliest first."""
        first, last = self.first_day or "", self.last_day or "9999"
        return sorted({day for day in duty.due_on if day is not None and first <= day <= last})


def wanted_duties(documents: Iterable[Document], wanted: Wanted) -> list[Duty]:
    """The duties that fit, by their first day in the range, then in the order of documents and text;
    those without a day come last, and not at all where a range is asked for."""
    chosen = [d for d in documents if wanted.document_id in (None, d.id)]
    found = [duty for d in chosen for duty in duties(d) if _fits(duty, wanted)]
    return sorted(found, key=lambda duty: (wanted.days(duty) or ["9999"])[0])


def _fits(duty: Duty, wanted: Wanted) -> bool:
    if wanted.kind not in (None, duty.kind) or (wanted.dated and not wanted.days(duty)):
        return False
    return wanted.who is None or any(fold(wanted.who) in fold(name) for name in duty.names("who"))
