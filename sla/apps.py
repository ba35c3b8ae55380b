"""The sla room."""

from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Agreements, clocks and milestones."""

    name = "sla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the clock engine."""
        from engine import registry
        from sla import checking
        from sla.firing import fire_due, untold

        registry.register("clocks", fire_due, backlog=untold)
        registry.register(checking.ENGINE, checking.check_due, backlog=checking.waiting)
