"""Input of moving T0."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import Instant, rows
from workflow.forms import ActionForm, RequiredText


class T0EarlierForm(ActionForm):
    """Earlier: one person, with a reason."""

    t0 = Instant(label=_("First reported at (T0)"))
    occurred_at = Instant(
        label=_("Occurred at"),
        required=False,
        help_text=_("Needed when it is on record as having occurred after the new T0."),
    )
    reason = RequiredText(label=_("Who reported it then, and why it was not known"), widget=rows(3))


class T0LaterForm(ActionForm):
    """Later: asked by one person, decided by another."""

    t0 = Instant(label=_("First reported at (T0)"))
    reason = RequiredText(label=_("Why the earlier report does not count"), widget=rows(3))


class T0DecisionForm(ActionForm):
    """The supervisor's word on it."""

    opinion = RequiredText(label=_("Opinion"), widget=rows(3))
