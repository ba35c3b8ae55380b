"""Where the present request comes from, for the events it causes."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class RequestContext:
    """Address of the client as the web server saw it."""

    ip: str = ""


current: ContextVar[RequestContext] = ContextVar("audit_request", default=RequestContext())
