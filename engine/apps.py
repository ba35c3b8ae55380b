"""The engine room."""

from django.apps import AppConfig


class EngineConfig(AppConfig):
    """Due rows: claiming them, running the engines, their heartbeats."""

    name = "engine"
    default_auto_field = "django.db.models.BigAutoField"
