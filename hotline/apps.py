"""The hotline room."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """The front door: calls and machine-room reports."""

    name = "hotline"
    default_auto_field = "django.db.models.BigAutoField"
