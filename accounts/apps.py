"""The accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Organisations, people, roles and log-in."""

    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
