"""The tickets room."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Consultations and defects."""

    name = "tickets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the engines: what follows a reply; review dates, missing signatures, silence."""
        from engine import registry
        from tickets import due
        from tickets.services import follow_ups

        registry.register(follow_ups.ENGINE, follow_ups.act_on_due, backlog=follow_ups.waiting)
        registry.register(due.ENGINE, due.run_due)
