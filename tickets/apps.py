"""The tickets room."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Consultations and defects."""

    name = "tickets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
<<<<<<< HEAD
        """Internal targets follow every step of a defect, and remind its holder."""
        from sla.handlers import on_target
        from tickets.targets import KIND, follow, remind
        from workflow.steps import after_step

        after_step("tickets.defect", follow)
        on_target(KIND, remind)
=======
        """Start the engine of review dates, missing signatures and silence."""
        from engine import registry
        from tickets import due

        registry.register(due.ENGINE, due.run_due)
>>>>>>> main
