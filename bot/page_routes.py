"""Routes for people with a browser: the assistant's page, the library, the API's description."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.requests import Request

from bot import pages
from bot.desk import Desk

ASSETS = {
    "/widget.js": ("widget.js", "text/javascript"),
    "/page.js": ("page.js", "text/javascript"),
    "/page.css": ("page.css", "text/css"),
}


def page_routes(desk: Desk, openapi: Callable[[], dict[str, Any]]) -> APIRouter:
    """All routes of this module, on the given parts."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get("/")
    async def home() -> str:
        return pages.home_page()

    @router.get("/documents")
    async def documents() -> str:
        return pages.documents_page(desk.assistant.documents())

    @router.get("/documents/{document_id}")
    async def document(document_id: str, q: str | None = None) -> str:
        found = desk.assistant.document(document_id)

        def page() -> str:
            validity = desk.assistant.validity(found)
            standing = validity.sentence if validity.is_asked else ""
            return pages.document_page(found, q, desk.assistant.links(), standing)

        # A law of 1 MB takes a third of a second, links more: others must not wait for it.
        return await asyncio.to_thread(page)

    @router.get("/missing")
    async def missing() -> str:
        return await asyncio.to_thread(lambda: pages.missing_page(desk.assistant.links()))

    @router.get("/docs")
    async def docs() -> str:
        return pages.api_page(openapi())

    for path, (name, media_type) in ASSETS.items():
        router.add_api_route(path, _asset_route(name, media_type))
    return router


def _asset_route(name: str, media_type: str) -> Callable[[Request], Response]:
    def serve_asset(request: Request) -> Response:
        data, etag = pages.asset(name)
        # Always asked again, seldom sent again: a new version must reach every embedding page.
        headers = {
            "ETag": etag,
            "Cache-Control": "no-cache",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(data, media_type=media_type, headers=headers)

    return serve_asset
