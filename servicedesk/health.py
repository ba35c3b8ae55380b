"""Is the product alive and ready? (I17)"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.mixins import SignedInMixin
from accounts.roles import ADMIN_ROLES, DESK_ROLES
from audit.models import Event
from calendars.services import missing_years
from engine import registry
from engine.health import STALE_AFTER, EngineHealth, engine_health, heard_of
from notifications.models import Message
from oncall import watchdog
from oncall.models import Attempt, Page
from oncall.services.trials import latest_trial
from servicedesk.engine_names import engine_label
from servicedesk.trail.views import last_verified
from sla.checking import CHECK_IS_OLD, last_check
from sla.models import Clock, ClockCheck

# After this long an undelivered message is shown in red.
OUTBOX_LATE = timedelta(minutes=5)


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Live: the process answers. No database is asked."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: 200 when database and broker answer and every engine has run lately, else 503."""
    checks = readiness(timezone.now())
    return JsonResponse(checks, status=200 if checks["ready"] else 503)


def readiness(now: datetime) -> dict[str, object]:
    """``{"ready": bool, "database": "ok"|error, "broker": …, "engines": {name: {…}}}``."""
    database = _database()
    broker = _broker()
    engines = engine_health(now) if database == "ok" else []
    alive = bool(engines) and not any(engine.stale for engine in engines)
    return {
        "ready": database == "ok" and broker == "ok" and alive,
        "database": database,
        "broker": broker,
        "engines": {engine.name: _as_json(engine, now) for engine in engines},
        "watchdog": _watchdog(now) if database == "ok" else None,
    }


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as failure:
        return type(failure).__name__
    return "ok"


def _broker() -> str:
    if not settings.REDIS_URL:
        return "ok"  # embedded: the worker's own memory
    import redis

    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping()
    except redis.RedisError as failure:
        return type(failure).__name__
    return "ok"


def _as_json(engine: EngineHealth, now: datetime) -> dict[str, object]:
    return {
        "last_run_at": engine.last_run_at.isoformat() if engine.last_run_at else None,
        "stale": engine.stale,
        "error": bool(engine.last_error),
        "lag_seconds": engine.lag.total_seconds() if engine.lag is not None else None,
        "backlog": registry.backlog(engine.name, now),
    }


def _watchdog(now: datetime) -> dict[str, object]:
    """The process that rings when the engines are silent; readiness does not depend on it."""
    heard = heard_of(watchdog.NAME)
    return {
        "last_run_at": heard.isoformat() if heard else None,
        "stale": heard is None or heard < now - STALE_AFTER,
    }


class HealthView(SignedInMixin, View):
    """The same for people: engines' last run, queues."""

    roles = tuple(DESK_ROLES | ADMIN_ROLES)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the health page."""
        now = timezone.now()
        missing = missing_years(now)
        page = {
            "now": now,
            "checks": readiness(now),
            "engines": [_for_people(engine, now) for engine in engine_health(now)],
            "queues": queues(now),
            "missing_years": missing,
            "this_year_missing": timezone.localdate(now).year in missing,
            "watchdog_at": (heard := heard_of(watchdog.NAME)),
            "watchdog_is_late": heard is None or heard < now - STALE_AFTER,
            "proof": (check := last_check()),
            "proof_is_old": check is None or _ended(check) < now - CHECK_IS_OLD,
            "trial": latest_trial(now),
            "audit_rows": Event.objects.count(),
            "verified": last_verified(),
        }
        return render(request, "home/health.html", page)


def queues(now: datetime) -> dict[str, Any]:
    """What waits in the outbox, on the ladder and for a milestone at ``now`` (UTC)."""
    waiting = Message.objects.filter(next_try_at__isnull=False)
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    late = Clock.objects.filter(state=Clock.State.RUNNING, next_milestone_at__lte=now)
    return {
        "messages_waiting": waiting.count(),
        "messages_due": waiting.filter(next_try_at__lte=now).count(),
        "messages_failed": Message.objects.filter(state=Message.State.FAILED).count(),
        "oldest_message": oldest,
        "oldest_is_late": oldest is not None and oldest < now - OUTBOX_LATE,
        "pages_open": Page.objects.filter(state=Page.State.OPEN).count(),
        "calls_waiting": Attempt.objects.filter(next_try_at__isnull=False).count(),
        "milestones_late": late.count(),
    }


def _ended(check: ClockCheck) -> datetime:
    return check.finished_at or check.due_at


def _for_people(engine: EngineHealth, now: datetime) -> dict[str, Any]:
    """One engine with its name in words, how long ago it ran, and what it has not done yet."""
    silent_for = (now - engine.last_run_at).total_seconds() if engine.last_run_at else None
    return {
        "engine": engine,
        "label": engine_label(engine.name),
        "silent_for": silent_for,
        "backlog": registry.backlog(engine.name, now),
    }
