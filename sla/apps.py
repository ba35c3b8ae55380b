"""The sla room."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Agreements, clocks and milestones."""

    name = "sla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the engines of contract clocks, alerts and internal targets, and the proof."""
        from engine import registry
        from sla import checking
        from sla.alerts import repeat_due, unrepeated
        from sla.firing import fire_due, untold
        from sla.targets import remind_due, unreminded

        registry.register("clocks", fire_due, backlog=untold)
        registry.register("alerts", repeat_due, backlog=unrepeated)
        registry.register("targets", remind_due, backlog=unreminded)
        registry.register(checking.ENGINE, checking.check_due, backlog=checking.waiting)
