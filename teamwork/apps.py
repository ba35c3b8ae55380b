"""The teamwork room."""

from django.apps import AppConfig


class TeamworkConfig(AppConfig):
    """The people around a record: who stands in for whom, who follows, nudges, notes."""

    name = "teamwork"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Followers are told of every public step."""
        from teamwork.services.around import tell_watchers
        from workflow.steps import after_public_step

        after_public_step(tell_watchers)
