"""The teamwork room."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    """The people around a record: who stands in for whom, who follows, nudges, notes."""

    name = "teamwork"
    default_auto_field = "django.db.models.BigAutoField"
