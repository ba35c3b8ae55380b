"""Twilio: voice with keypad, and text messages.

Twilio has no idempotency token. A request whose answer was lost is looked for by number, time and
the ids we know of before it is made again, and every callback carries our own reference in its
address. Twilio places no calls to mainland-China numbers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from oncall.providers.base import (
    CallRequest,
    Found,
    Inquiry,
    LineState,
    PermanentFailure,
    Placed,
    TransientFailure,
    Undecided,
)
from oncall.providers.twilio_addresses import callback

API = "https://api.twilio.com"
# The number does not exist, cannot be called, or may not be called by this account.
PERMANENT = {13224, 13227, 21211, 21215, 21217, 21610, 21614}
TOO_MANY = 20429
# The call is over already.
NOT_IN_PROGRESS = 21220
RING_SECONDS = 30
# Clocks of two houses differ a little.
SKEW = timedelta(seconds=5)
EVENTS = ["initiated", "ringing", "answered", "completed"]

CALL_STATES = {
    "queued": LineState.PLACED,
    "initiated": LineState.PLACED,
    "ringing": LineState.RINGING,
    "in-progress": LineState.ANSWERED,
    "answered": LineState.ANSWERED,
    "completed": LineState.COMPLETED,
    "busy": LineState.BUSY,
    "no-answer": LineState.NO_ANSWER,
    "failed": LineState.FAILED,
    "canceled": LineState.CANCELLED,
}
TEXT_STATES = {
    "accepted": LineState.PLACED,
    "scheduled": LineState.PLACED,
    "queued": LineState.PLACED,
    "sending": LineState.PLACED,
    "sent": LineState.PLACED,
    "delivered": LineState.DELIVERED,
    "read": LineState.DELIVERED,
    "undelivered": LineState.FAILED,
    "failed": LineState.FAILED,
    "canceled": LineState.CANCELLED,
}


class _Line(HTTPAdapter):
    """Two time-outs for every request: the library has one, and none by default."""

    def __init__(self, timeouts: tuple[float, float]) -> None:
        super().__init__(pool_maxsize=32)
        self.timeouts = timeouts

    def send(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Never wait for longer than the time-outs."""
        kwargs["timeout"] = self.timeouts
        return super().send(request, *args, **kwargs)


class _Library(TwilioHttpClient):  # type: ignore[misc] # published untyped
    """The library's client, at another address when one is set."""

    def __init__(self, base_url: str, timeouts: tuple[float, float]) -> None:
        super().__init__()
        self.base_url = base_url.rstrip("/")
        for scheme in ("http://", "https://"):
            self.session.mount(scheme, _Line(timeouts))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """Send it to the configured address."""
        if self.base_url:
            url = url.replace(API, self.base_url, 1)
        return super().request(method, url, *args, **kwargs)


class Twilio:
    """Calls through Twilio's REST API; callbacks come to ``oncall.views.twilio``."""

    name = "twilio"

    def __init__(self) -> None:
        missing = [
            name
            for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM")
            if not getattr(settings, name)
        ]
        if missing:
            raise ImproperlyConfigured(f"PHONE_PROVIDER=twilio needs {', '.join(missing)}")
        line = _Library(
            settings.TWILIO_BASE_URL,
            (settings.PHONE_CONNECT_SECONDS, settings.PHONE_READ_SECONDS),
        )
        self._client = Client(
            settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=line
        )

    def place_call(self, request: CallRequest) -> Placed:
        """Ask for a call that fetches its words from us when it is picked up."""
        made = _attempted(
            lambda: self._client.calls.create(
                to=request.number,
                from_=settings.TWILIO_FROM,
                url=callback("voice", request.reference),
                method="POST",
                fallback_url=callback("spare", request.reference),
                fallback_method="POST",
                status_callback=callback("status", request.reference),
                status_callback_event=EVENTS,
                status_callback_method="POST",
                timeout=RING_SECONDS,
            )
        )
        return Placed(made.sid, CALL_STATES.get(str(made.status), LineState.PLACED))

    def send_text(self, request: CallRequest) -> Placed:
        """Ask for a text message."""
        made = _attempted(
            lambda: self._client.messages.create(
                to=request.number,
                from_=settings.TWILIO_FROM,
                body=request.text,
                status_callback=callback("text", request.reference),
            )
        )
        return Placed(made.sid, TEXT_STATES.get(str(made.status), LineState.PLACED))

    def lookup(self, inquiry: Inquiry) -> Found | None:
        """By its id; without one, the call to that number which none of our others is."""
        states = TEXT_STATES if inquiry.is_text else CALL_STATES
        found = self._by_id(inquiry) if inquiry.provider_id else self._by_number(inquiry)
        if found is None:
            return None
        return Found(found.sid, states.get(str(found.status), LineState.PLACED))

    def cancel(self, inquiry: Inquiry) -> None:
        """Hang up; a text message that was sent cannot be taken back."""
        if inquiry.is_text:
            return
        sid = inquiry.provider_id
        if not sid:
            found = self._by_number(inquiry)
            if found is None:
                return
            sid = found.sid
        try:
            self._client.calls(sid).update(status="completed")
        except TwilioRestException as failure:
            if failure.status != 404 and failure.code != NOT_IN_PROGRESS:
                raise

    def _by_id(self, inquiry: Inquiry) -> Any:
        kind = self._client.messages if inquiry.is_text else self._client.calls
        try:
            return kind(inquiry.provider_id).fetch()
        except TwilioRestException as failure:
            if failure.status == 404:
                return None
            raise

    def _by_number(self, inquiry: Inquiry) -> Any:
        """The oldest one to the number since we asked that is not one of our others.

        A text message is known by its words. Raises ``Undecided`` when fewer calls are found than
        requests of ours wait for an answer.
        """
        asked = {"to": inquiry.number, "from_": settings.TWILIO_FROM, "limit": 50}
        kind = self._client.messages if inquiry.is_text else self._client.calls
        since = inquiry.since - SKEW
        rows = [
            row
            for row in kind.list(**asked)
            if row.sid not in inquiry.known and _created(row) >= since
        ]
        if inquiry.is_text:
            rows = [row for row in rows if inquiry.text in str(row.body)]
        elif rows and len(rows) <= inquiry.rivals:
            raise Undecided(f"{len(rows)} found, {inquiry.rivals + 1} waiting")
        return min(rows, key=_created, default=None)


def _created(row: Any) -> datetime:
    created: datetime = row.date_created
    return created


def _attempted(ask: Any) -> Any:
    """Run a request and say whether a failure means that it was surely not taken.

    What is raised as it came, a read time-out or an error 5xx, leaves that open.
    """
    try:
        return ask()
    except TwilioRestException as failure:
        told = f"{failure.code}: {failure.msg}"[:180]
        if failure.status == 429 or failure.code == TOO_MANY:
            raise TransientFailure(told) from None
        if failure.code in PERMANENT or 400 <= failure.status < 500:
            raise PermanentFailure(told) from None
        raise
    except requests.ConnectTimeout:
        raise TransientFailure("no connection within the time-out") from None
    except requests.ConnectionError as failure:
        if isinstance(getattr(failure.args[0], "reason", None), NewConnectionError):
            raise TransientFailure("no connection") from None
        raise
