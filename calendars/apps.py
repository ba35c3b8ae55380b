"""The calendars room."""

from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    """Holidays, make-up workdays and working hours; pure time arithmetic."""

    name = "calendars"
    default_auto_field = "django.db.models.BigAutoField"
