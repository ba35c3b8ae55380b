"""The tickets room."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Consultations and defects."""

    name = "tickets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the engine of due dates; internal targets follow every step of a defect."""
        from engine import registry
        from sla.handlers import on_target
        from tickets import due, targets
        from workflow.steps import after_step

        registry.register(due.ENGINE, due.run_due)
        after_step("tickets.defect", targets.follow)
        on_target(targets.KIND, targets.remind)
