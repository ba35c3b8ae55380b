"""The operations room."""

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """What we operate and what we did to it."""

    name = "operations"
    default_auto_field = "django.db.models.BigAutoField"
