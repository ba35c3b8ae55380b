"""The reports room."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Dashboards and figures."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
