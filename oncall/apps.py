"""The oncall room."""

from django.apps import AppConfig


class OncallConfig(AppConfig):
    """Rosters, escalation ladders, pages and phone providers."""

    name = "oncall"
    default_auto_field = "django.db.models.BigAutoField"
