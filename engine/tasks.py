"""Celery's way into the engines."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from engine import registry


@shared_task(name="engine.tasks.run_engine")
def run_engine(name: str) -> int:
    """Run the engine ``name`` now; any number of workers may do so side by side."""
    return registry.run(name, timezone.now())
