"""Acts of the review and the end (E17, E18)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from incidents.actions.pages import PAGE
from workflow.actions import Action

REVIEWING: list[Action] = [
    Action(
        "begin_review", "E17", _("Hold the review"),
        policies.can_begin_review, services.begin_review, forms.ReviewForm,
        help=_("You chair it. Improvement items are entered next, each with owner and day."),
        done=_("in review"), icon="users-group", template=PAGE,
    ),
    Action(
        "add_improvement", "E17", _("Add an improvement item"),
        policies.can_add_improvement, services.add_improvement, forms.ImprovementForm,
        done=_("improvement item added"), icon="list-check", template=PAGE,
    ),
    Action(
        "finish_improvement", "E17", _("Improvement item is done"),
        policies.can_finish_improvement, services.finish_improvement, forms.FinishImprovementForm,
        done=_("improvement item done"), icon="checkbox", template=PAGE,
    ),
    Action(
        "close", "E18", _("Close the incident"),
        policies.can_close, services.close, forms.CloseForm,
        help=_("Everything owed has been delivered and acknowledged."),
        done=_("closed"), icon="lock-check", template=PAGE,
    ),
]  # fmt: skip
