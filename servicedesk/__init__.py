"""The project: settings, addresses, workers, home page, health."""

from servicedesk.celery import app as celery_app

__all__ = ["celery_app"]
