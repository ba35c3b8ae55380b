"""The incidents room."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """System-down incidents and drills."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to clocks and to answered pages."""
        from engine import registry
        from incidents.emergency import running_for
        from incidents.milestones import reached
        from incidents.reminders import remind_due
        from incidents.services import page_answered
        from oncall.handlers import on_acknowledged
        from sla.handlers import on_milestone
        from tickets.emergencies import on_live_emergency

        registry.register("improvements", remind_due)
        on_live_emergency(running_for)
        on_milestone("incident", reached)
        on_acknowledged("incident", page_answered)
