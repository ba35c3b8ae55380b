"""Is the product alive and ready? (I17)"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View
from django.views.decorators.cache import never_cache

from accounts.mixins import SignedInMixin
from accounts.roles import ADMIN_ROLES, DESK_ROLES
from engine.health import EngineHealth, engine_health


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
        "engines": {engine.name: _as_json(engine) for engine in engines},
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


def _as_json(engine: EngineHealth) -> dict[str, object]:
    return {
        "last_run_at": engine.last_run_at.isoformat() if engine.last_run_at else None,
        "stale": engine.stale,
        "error": bool(engine.last_error),
    }


class HealthView(SignedInMixin, View):
    """The same for people: engines' last run, queues."""

    roles = tuple(DESK_ROLES | ADMIN_ROLES)

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the health page."""
        page = {"engines": engine_health(timezone.now()), "checks": readiness(timezone.now())}
        return render(request, "home/health.html", page)
