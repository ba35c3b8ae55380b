"""The project room: settings, addresses, home, health."""

from django.apps import AppConfig


class ServicedeskConfig(AppConfig):
    """Holds what belongs to the whole product."""

    name = "servicedesk"
