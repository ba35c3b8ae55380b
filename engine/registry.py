"""The engines: named functions that do what is due. Registered in ``AppConfig.ready``."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction

from engine import lag
from engine.models import Heartbeat

# Does at most one batch of due work at ``now`` and returns how many rows it handled.
Engine = Callable[[datetime], int]
# How many rows are due at an instant and not yet taken.
Backlog = Callable[[datetime], int]

_engines: dict[str, Engine] = {}
_backlogs: dict[str, Backlog] = {}
log = logging.getLogger(__name__)

IDLE_HEARTBEAT = timedelta(seconds=5)
MAX_BATCHES = 200


def register(name: str, run: Engine, *, backlog: Backlog | None = None) -> None:
    """Make ``run`` an engine called ``name``; registering the same name twice is an error.

    ``backlog`` counts what is due and not yet done, for the health page.
    """
    if name in _engines and _engines[name] is not run:
        raise ValueError(f"engine {name} is already registered")
    _engines[name] = run
    if backlog is not None:
        _backlogs[name] = backlog


def names() -> list[str]:
    """Names of all engines, sorted."""
    return sorted(_engines)


def backlog(name: str, now: datetime) -> int | None:
    """Rows due at ``now`` (UTC) that the engine has not done; None when it does not say."""
    count = _backlogs.get(name)
    return count(now) if count else None


def run_unheard(name: str, now: datetime) -> int:
    """One batch of an engine without a heartbeat: for whoever steps in while workers are silent."""
    return _engines[name](now) if name in _engines else 0


def run(name: str, now: datetime) -> int:
    """Run one engine until nothing is due at ``now``; return the number of rows handled.

    Time goes on between batches, in whole seconds: a lease must not begin in the past.
    Errors of a whole batch are recorded in the heartbeat and raised again for the log.
    """
    total = 0
    error = ""
    started = monotonic()
    with lag.measured() as worst:
        try:
            for _batch in range(MAX_BATCHES):
                done = _engines[name](now + timedelta(seconds=int(monotonic() - started)))
                total += done
                if not done:
                    break
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"[:500]
            raise
        finally:
            _beat(name, now, total, error, worst.milliseconds)
    return total


def _beat(name: str, now: datetime, count: int, error: str, lag_ms: int | None) -> None:
    """Write the heartbeat; an idle engine writes only every few seconds to spare the database."""
    values: dict[str, object] = {"last_run_at": now, "last_count": count, "last_error": error}
    if count:
        values["last_work_at"] = now
    if lag_ms is not None:
        values["last_lag_ms"] = lag_ms
    quiet = not count and not error
    rows = Heartbeat.objects.filter(engine=name)
    if quiet and rows.filter(last_run_at__gt=now - IDLE_HEARTBEAT, last_error="").exists():
        return
    if not rows.update(**values):
        Heartbeat.objects.get_or_create(engine=name, defaults=values)


def sign_of_life(name: str, now: datetime) -> None:
    """A part of the product that is no engine, such as the watchdog, is alive at ``now`` (UTC)."""
    _beat(name, now, 0, "", None)


def nudge(name: str) -> None:
    """After the present transaction commits, ask a worker to run ``name`` at once.

    Only a hint: the tick finds the rows anyway. Without a shared broker the web process cannot
    reach the worker, and a failing broker must never fail the person's request.
    """
    if not settings.REDIS_URL or any(
        getattr(each[1], "nudges", "") == name
        for each in transaction.get_connection().run_on_commit
    ):
        return

    def send() -> None:
        from engine.tasks import run_engine

        try:
            run_engine.apply_async(args=(name,), expires=30, retry=False)
        except Exception:
            log.warning("nudge of %s failed; the tick will find the rows", name)

    send.nudges = name  # type: ignore[attr-defined] # one for each engine and transaction
    transaction.on_commit(send)
