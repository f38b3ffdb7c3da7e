"""Routes of duties: JSON and a calendar for programs, a page for people."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.requests import Request

from bot import pages
from bot.desk import Desk
from bot.duty_body import DutyListBody, duty_body, find_duties, wanted_from_query
from bot.duty_calendar import MEDIA_TYPE, duty_calendar
from corpus.duty import Duty
from corpus.duty_list import Wanted

Asked = Annotated[Wanted, Depends(wanted_from_query)]


def duty_routes(desk: Desk) -> APIRouter:
    """All routes of this module, on the given parts."""
    router = APIRouter()
    router.include_router(_program_routes(desk))

    @router.get("/duties", include_in_schema=False, response_class=HTMLResponse)
    async def page(request: Request, wanted: Asked) -> str:
        found = await _found(desk, wanted)
        query = request.url.query
        return pages.duties_page(found, wanted, desk.assistant.documents(), query)

    return router


def _program_routes(desk: Desk) -> APIRouter:
    router = APIRouter(prefix="/v1", dependencies=[Depends(desk.require_key)])

    @router.get(
        "/duties",
        summary="Việc phải làm, chỉ tiêu và thời hạn trong kho văn bản",
        description="`from` and `to` are days (2026-03-31); with them only dated duties come.",
        response_model=DutyListBody,
    )
    async def duties(wanted: Asked) -> Response:
        found = await _found(desk, wanted)
        return JSONResponse({"duties": [duty_body(duty) for duty in found]})

    @router.get(
        "/duties.ics",
        summary="Các việc có ngày hạn, dạng lịch (RFC 5545)",
        description="The same filters as `/v1/duties`; one all-day event for each day.",
        responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
        response_class=Response,
    )
    async def calendar(wanted: Asked) -> Response:
        found = await _found(desk, wanted)
        public_url = desk.settings.server.public_url
        content = duty_calendar(found, wanted, public_url=public_url, now=datetime.now(UTC))
        headers = {"Content-Disposition": 'inline; filename="duties.ics"'}
        return Response(content, media_type=MEDIA_TYPE, headers=headers)

    return router


async def _found(desk: Desk, wanted: Wanted) -> list[Duty]:
    """The first reading of a library takes a second or two: others must not wait for it."""
    return await asyncio.to_thread(find_duties, desk.assistant.documents(), wanted)
