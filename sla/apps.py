"""The sla room."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Agreements, clocks and milestones."""

    name = "sla"
    default_auto_field = "django.db.models.BigAutoField"
