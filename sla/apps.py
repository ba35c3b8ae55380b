"""The sla room."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Agreements, clocks and milestones."""

    name = "sla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the engines of contract clocks, of alerts and of internal targets."""
        from engine import registry
        from sla.alerts import repeat_due
        from sla.firing import fire_due
        from sla.targets import remind_due

        registry.register("clocks", fire_due)
        registry.register("alerts", repeat_due)
        registry.register("targets", remind_due)
