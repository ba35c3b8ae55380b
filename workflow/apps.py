"""The workflow room."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """How any record moves: actions, decisions, four-eyes, refusals."""

    name = "workflow"
    default_auto_field = "django.db.models.BigAutoField"
