"""The incidents room."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """System-down incidents and drills."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
