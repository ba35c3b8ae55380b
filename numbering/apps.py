"""The numbering room."""

from django.apps import AppConfig


class NumberingConfig(AppConfig):
    """Record numbers: unique, never reused, allocated by day."""

    name = "numbering"
    default_auto_field = "django.db.models.BigAutoField"
