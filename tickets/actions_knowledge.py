"""What can be done to a knowledge article."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tickets import policies_knowledge as policies
from tickets.forms.knowledge import KnowledgeReasonForm, ReviseForm
from tickets.services import knowledge as services
from workflow.actions import Action, ActionSet
from workflow.forms import BareForm

PAGE = "tickets/knowledge_action.html"

KNOWLEDGE_ACTIONS = ActionSet(
    "knowledge",
    [
        Action(
            "publish", "C8", _("Publish"), policies.can_decide, services.publish, BareForm,
            icon="book", template=PAGE, done=_("Published."),
            help=_("From now on it is suggested in the call console."),
        ),
        Action(
            "decline", "C8", _("Do not publish"), policies.can_decide, services.decline,
            KnowledgeReasonForm, icon="arrow-back", template=PAGE,
            help=_("The author reads the reason and may write another version."),
            done=_("The author has been told."),
        ),
        Action(
            "revise", "C8", _("Write a new version"), policies.can_revise, services.revise,
            ReviseForm, icon="edit", template=PAGE,
            help=_("The present version counts until somebody else publishes the new one."),
            done=_("The version waits to be published."),
        ),
        Action(
            "retire", "C8", _("Retire"), policies.can_retire, services.retire,
            KnowledgeReasonForm, tone="danger", icon="archive", template=PAGE,
            help=_("It is suggested no more; records that name it keep it."),
            done=_("It has been retired."),
        ),
    ],
)  # fmt: skip

KNOWLEDGE_MOMENTS = {
    "knowledge.propose": _("Proposed"),
    "knowledge.publish": _("Published"),
    "knowledge.decline": _("Not published"),
    "knowledge.revise": _("New version written"),
    "knowledge.retire": _("Retired"),
}
