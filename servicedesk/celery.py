"""The worker: one beat entry per engine, and a beat inside the worker when there is no broker."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery, bootsteps
from celery.beat import EmbeddedService
from celery.schedules import schedule
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")


class EmbeddedBeat(bootsteps.StartStopStep):
    """Runs beat as a thread of the worker when the broker lives in this process's memory.

    ``memory://`` doesn't cross processes, so a separate beat (also ``worker --beat``, which forks)
    would fill a queue nobody reads.
    """

    requires = ("celery.worker.components:Pool",)

    def include_if(self, parent: Any) -> bool:
        """Only where messages can't leave this process."""
        return bool(parent.app.conf.broker_url.startswith("memory:"))

    def create(self, parent: Any) -> Any:
        """Build the thread; it starts and stops together with the worker."""
        return EmbeddedService(parent.app, thread=True)


def add_engine_ticks(sender: Celery, **_kwargs: object) -> None:
    """Ask beat to run every registered engine each ``ENGINE_TICK_SECONDS``.

    A tick that has waited for longer than a few periods expires: the next one does its work.
    """
    from django.conf import settings

    from engine import registry

    period = settings.ENGINE_TICK_SECONDS
    for name in registry.names():
        sender.add_periodic_task(
            schedule(run_every=period),
            sender.signature("engine.tasks.run_engine", args=(name,)),
            name=f"engine {name}",
            expires=max(5.0, 3 * period),
        )


def know_addresses(**_kwargs: object) -> None:
    """Read all addresses before the first tick: letters name pages, and a burst must not wait."""
    from django.urls import get_resolver

    get_resolver().url_patterns  # noqa: B018


app = Celery("servicedesk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(EmbeddedBeat)
app.on_after_finalize.connect(add_engine_ticks)
worker_init.connect(know_addresses)
