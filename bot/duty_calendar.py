"""Dated duties as a calendar (RFC 5545) that a calendar program can take in or subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from textwrap import shorten

from icalendar import Calendar, Event

from corpus.duty import Duty
from corpus.duty_list import Wanted

MEDIA_TYPE = "text/calendar"
SUMMARY_CHARS = 120  # what a month's view can show; the whole quote is in the description


def duty_calendar(
    duties: Iterable[Duty], wanted: Wanted, *, public_url: str | None, now: datetime
) -> bytes:
    """One all-day event for each day of each duty in the wanted range; `now` is in UTC."""
    calendar = Calendar()
    calendar.add("prodid", "-//danvan//duties//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Việc đến hạn")
    for duty in duties:
        for day in wanted.days(duty):
            calendar.add_component(_event(duty, day, public_url, now))
    content: bytes = calendar.to_ical()
    return content


def _event(duty: Duty, day: str, public_url: str | None, now: datetime) -> Event:
    event = Event()
    begin = date.fromisoformat(day)
    # The same place and day is the same event whenever it is fetched.
    event.add("uid", f"{duty.document.id}.{duty.start}-{duty.end}.{day}@danvan")
    event.add("dtstamp", now)
    event.add("dtstart", begin)
    event.add("dtend", begin + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", shorten(f"Hạn: {duty.quote}", SUMMARY_CHARS, placeholder="…"))
    event.add("description", _description(duty, public_url))
    if public_url:
        event.add("url", _address(duty, public_url))
    return event


def _description(duty: Duty, public_url: str | None) -> str:
    text, meta = duty.document.text, duty.document.meta
    receiver = text[slice(*duty.report_to)] if duty.report_to else ""
    number = f" ({meta.number})" if meta.number else ""
    lines = [
        duty.quote,
        f"Thực hiện: {'; '.join(duty.names('who'))}" if duty.who else "",
        f"Phối hợp: {'; '.join(duty.names('with_'))}" if duty.with_ else "",
        f"Báo cáo cho: {receiver}" if receiver else "",
        f"Nguồn: {duty.document.title}{number}, {duty.part.locator}",
        _address(duty, public_url) if public_url else "",
    ]
    return "\n".join(line for line in lines if line)


def _address(duty: Duty, public_url: str) -> str:
    return public_url.rstrip("/") + duty.url
