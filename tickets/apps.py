"""The tickets room."""

from django.apps import AppConfig


class TicketsConfig(AppConfig):
    """Consultations and defects."""

    name = "tickets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start the engines of due dates; follow every step; tell who is around a record."""
        from engine import registry
        from sla.handlers import on_target
        from sla.scope import records_of
        from tickets import due, targets
        from tickets.services import follow_ups
        from workflow.steps import after_step

        registry.register(follow_ups.ENGINE, follow_ups.act_on_due, backlog=follow_ups.waiting)
        registry.register(due.ENGINE, due.run_due, backlog=due.waiting)
        after_step("tickets.defect", targets.after_step)
        on_target(targets.KIND, targets.remind)
        records_of(targets.KIND, targets.may_see_clocks)

        from accounts import open_work
        from tickets.open_work import ConsultationWork, DefectWork

        open_work.register(DefectWork())
        open_work.register(ConsultationWork())

        from teamwork import records
        from tickets.record_kinds import CONSULTATION, DEFECT

        records.register(DEFECT)
        records.register(CONSULTATION)

        from accounts import in_use
        from tickets.open_work import naming

        in_use.register(naming)

        from oncall import open_items
        from tickets.handing_on import due_soon

        open_items.register("tickets", due_soon)
