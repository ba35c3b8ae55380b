"""Acts while the fault lasts (E8–E10)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from incidents import forms, policies, services
from incidents.actions.pages import PAGE
from workflow.actions import Action

HANDLING: list[Action] = [
    Action(
        "note", "E8", _("Add an entry"),
        policies.can_note, services.add_entry, forms.NoteForm,
        help=_("One row of the recovery document: time, what, result."),
        done=_("entry added"), icon="timeline-event-plus", template=PAGE,
    ),
    Action(
        "see_alert", "R20", _("Alert seen"),
        policies.can_see_alert, services.see_alert, forms.SeeAlertForm,
        help=_("Says that you have seen the alert. It is not repeated; nothing else stops."),
        done=_("alert seen"), icon="eye", template=PAGE,
    ),
    Action(
        "protect_data", "E8", _("Record data protection"),
        policies.can_protect_data, services.protect_data, forms.ProtectDataForm,
        help=_("Before the fix touches data: what was backed up, where, verified by whom."),
        done=_("data protection recorded"), icon="database-export", template=PAGE,
    ),
    Action(
        "waive_protection", "E8", _("Sign a data-protection exception"),
        policies.can_waive_protection, services.waive_protection, forms.WaiveProtectionForm,
        help=_("Only when data cannot be touched by the fix, or cannot be protected."),
        done=_("exception signed"), icon="shield-off", template=PAGE,
    ),
    Action(
        "mitigate", "E9", _("Record temporary restoration"),
        policies.can_mitigate, services.mitigate, forms.MitigateForm,
        help=_("A workaround carries the business. The 12-hour clock goes on."),
        done=_("business temporarily restored"), icon="lifebuoy", template=PAGE,
    ),
    Action(
        "lose_mitigation", "E10", _("Workaround failed"),
        policies.can_lose_mitigation, services.lose_mitigation, forms.LoseMitigationForm,
        done=_("the workaround no longer holds"), tone="danger", icon="unlink", template=PAGE,
    ),
]  # fmt: skip
