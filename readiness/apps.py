"""The readiness room."""

from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    """What is prepared before an emergency: emergency plans, drills, risks."""

    name = "readiness"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the engine that reminds of reviews and measures."""
        from engine import registry
        from readiness import reminders

        registry.register(
            reminders.ENGINE, reminders.remind_due, backlog=reminders.reminders_waiting
        )
