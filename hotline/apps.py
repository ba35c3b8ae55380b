"""The hotline room."""

from django.apps import AppConfig


class HotlineConfig(AppConfig):
    """Contacts, the call console and machine-room reports."""

    name = "hotline"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to answered pages and to consultations that come to their end."""
        from hotline.services.calls import contact_of_consultation
        from hotline.services.emergencies import incident_for_consultation
        from hotline.services.machine_room import page_acknowledged
        from incidents.hooks import register_panel
        from oncall.handlers import on_acknowledged
        from tickets.consultation_handlers import on_consultation_ended
        from tickets.escalation import opens_incident_for_consultations

        on_acknowledged("machine-room", page_acknowledged)
        on_acknowledged("incident", page_acknowledged)
        register_panel("hotline:incident_contacts", poll_seconds=30)
        on_consultation_ended(contact_of_consultation)
        opens_incident_for_consultations(incident_for_consultation)
