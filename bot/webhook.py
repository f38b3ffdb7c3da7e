"""The door for Telegram's webhook. It opens to the secret only."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header
from fastapi.responses import Response

from bot.errors import ManagementRefused
from bot.telegram_link import SECRET_HEADER, WEBHOOK_PATH, TelegramLink


def webhook_routes(telegram: TelegramLink) -> APIRouter:
    """All routes of this module, on the given link."""
    router = APIRouter()

    @router.post(WEBHOOK_PATH, include_in_schema=False)
    async def webhook(
        update: Annotated[dict[str, Any], Body()],
        secret: Annotated[str, Header(alias=SECRET_HEADER)] = "",
    ) -> Response:
        if not telegram.accepts(secret):
            raise ManagementRefused("webhook secret")
        await telegram.take(update)
        return Response(status_code=200)

    return router
