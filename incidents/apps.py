"""The incidents room."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """System-down incidents and drills."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to clocks and to answered pages; serve the tickets room."""
        from accounts import open_work
        from engine import registry
        from incidents.emergency import running_for
        from incidents.for_defects import IncidentsForDefects
        from incidents.milestones import reached, together
        from incidents.open_work import IncidentWork
        from incidents.reminders import overdue, remind_due
        from incidents.repeats import repeated, seen
        from incidents.scope import may_see
        from incidents.services import page_answered
        from oncall.handlers import on_acknowledged
        from sla.handlers import milestones_together, on_alert, on_milestone
        from sla.scope import records_of
        from tickets.emergencies import on_live_emergency
        from tickets.incident_desk import register_incident_desk

        registry.register("improvements", remind_due, backlog=overdue)
        on_live_emergency(running_for)
        records_of("incident", may_see)
        on_milestone("incident", reached)
        on_alert("incident", repeated)
        milestones_together("incident", together)
        on_acknowledged("incident", page_answered)
        open_work.register(IncidentWork())

        from incidents.record_kind import INCIDENT
        from teamwork import records

        records.register(INCIDENT)

        from accounts import in_use
        from incidents.open_work import naming

        in_use.register(naming)
        on_acknowledged("incident", seen)
        register_incident_desk(IncidentsForDefects())

        from incidents.handing_on import live_incidents
        from oncall import open_items

        open_items.register("incidents", live_incidents)
