"""The tickets room."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Consultations and defects."""

    name = "tickets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the engine of review dates, missing signatures and silence."""
        from engine import registry
        from tickets import due

        registry.register(due.ENGINE, due.run_due)
