"""The watchdog: rings on-call when the engines that usually ring are silent themselves (I17).

It runs in a process of its own and speaks to the database and the telephone provider, never to the
broker. While an engine is silent it also does the work of the engines that call, so that neither
its own page nor anybody else's stays where it was; rows are leased, so that a worker that lives
after all and the watchdog never place the same call twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from engine import registry
from engine.health import EngineHealth, engine_health
from oncall.models import Page
from oncall.services.pages import close_pages, start_page
from workflow.durations import stamp

NAME = "watchdog"
SILENCE = timedelta(seconds=60)
# Somebody took the page and the engine is still silent: ring once more.
RING_AGAIN = timedelta(minutes=15)
SUBJECT = "ENGINE"
KEY = "watchdog:engine"
CALLING = ("pages", "calls", "simulator")
MOST_BATCHES = 20


def watch(now: datetime, *, since: datetime, silence: timedelta = SILENCE) -> bool:
    """Look once at ``now``; True while an engine is silent. Instants UTC.

    ``since`` is when the watchdog began to look: a product that has just been started gets
    ``silence`` to run its engines for the first time.
    """
    registry.sign_of_life(NAME, now)
    silent = [each for each in engine_health(now) if not _heard(each, now - silence)]
    if not silent:
        close_pages(subject=SUBJECT, now=now)
        return False
    if now - since < silence:
        return False
    quiet_since = min(each.last_run_at or since for each in silent)
    if not _is_being_looked_after(quiet_since, now):
        _ring(quiet_since, now)
    for name in CALLING:
        _stand_in(name, now)
    return True


def _heard(engine: EngineHealth, earliest: datetime) -> bool:
    return engine.last_run_at is not None and engine.last_run_at >= earliest


def _is_being_looked_after(quiet_since: datetime, now: datetime) -> bool:
    """One page per outage: it calls, or somebody has taken it lately."""
    last = Page.objects.filter(subject=SUBJECT).order_by("-started_at").first()
    if last is None or last.started_at < quiet_since:
        return False
    if last.state == Page.State.OPEN:
        return True
    return last.acknowledged_at is not None and last.acknowledged_at > now - RING_AGAIN


def _ring(quiet_since: datetime, now: datetime) -> None:
    def write() -> str:
        return _(
            "The engine of the service desk has been silent since %(time)s. Reminders and calls "
            "are not sent. Restart worker and beat, then look at the health page."
        ) % {"time": stamp(quiet_since, "s")}

    start_page(
        key=KEY,
        subject=SUBJECT,
        title=_("The engine is silent"),
        write=write,
        url=reverse("health"),
        now=now,
    )


def _stand_in(name: str, now: datetime) -> None:
    for _batch in range(MOST_BATCHES):
        if not registry.run_unheard(name, now):
            return
