"""Input of the acts on an incident."""

from incidents.forms.assessing import DeclareLowerForm, DeclareS1Form, DismissForm
from incidents.forms.documents import DeliverForm, PlanForm, ReleaseForm, ReportForm
from incidents.forms.handling import (
    LoseMitigationForm,
    MitigateForm,
    NoteForm,
    ProtectDataForm,
    WaiveProtectionForm,
)
from incidents.forms.opening import DrillForm, NewIncidentForm
from incidents.forms.resolving import ConfirmForm, RejectRecoveryForm, ResolveForm

__all__ = [
    "ConfirmForm", "DeclareLowerForm", "DeclareS1Form", "DeliverForm", "DismissForm", "DrillForm",
    "LoseMitigationForm", "MitigateForm", "NewIncidentForm", "NoteForm", "PlanForm",
    "ProtectDataForm", "RejectRecoveryForm", "ReleaseForm", "ReportForm", "ResolveForm",
    "WaiveProtectionForm",
]  # fmt: skip
