"""Whose failures are counted together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def account_named(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """The account an attempt is about, upper and lower case alike, as the log-in reads it (I02)."""
    given = credentials or (request.POST if request is not None else {})
    return str(given.get("username") or "").strip().lower()
