"""Addresses that Twilio calls, as the world sees them."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def public(path: str) -> str:
    """A path of ours with the public base URL in front: signatures are computed over it."""
    base: str = settings.PUBLIC_BASE_URL
    return base.rstrip("/") + path


def callback(kind: str, reference: str) -> str:
    """Address for "voice", "spare", "digit", "status" or "text" of the call named ``reference``."""
    return public(reverse(f"oncall:twilio_{kind}", args=[reference]))
