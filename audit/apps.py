"""The audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only, hash-chained record of who did what to which record."""

    name = "audit"
    default_auto_field = "django.db.models.BigAutoField"
