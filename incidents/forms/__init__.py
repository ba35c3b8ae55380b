"""Input of the acts on an incident."""

from incidents.forms.assessing import DeclareLowerForm, DeclareS1Form, DismissForm
from incidents.forms.documents import (
    AcceptForm,
    DeliverForm,
    PlanForm,
    RecoveryForm,
    ReleaseForm,
    ReportForm,
    ReturnForm,
)
from incidents.forms.handling import (
    LoseMitigationForm,
    MitigateForm,
    NoteForm,
    ProtectDataForm,
    WaiveProtectionForm,
)
from incidents.forms.impact import (
    GradeForm,
    ImpactForm,
    OutsideTimeForm,
    UpwardForm,
    UpwardReceiptForm,
)
from incidents.forms.merging import MergeForm, RecurForm
from incidents.forms.opening import DrillForm, NewIncidentForm
from incidents.forms.origin import T0DecisionForm, T0EarlierForm, T0LaterForm
from incidents.forms.resolving import ConfirmForm, RejectRecoveryForm, ResolveForm
from incidents.forms.reviewing import CloseForm, FinishImprovementForm, ImprovementForm, ReviewForm
from incidents.forms.seeing import SeeAlertForm
from incidents.forms.severity import DowngradeForm, RaiseForm

__all__ = [
    "AcceptForm",
    "CloseForm",
    "ConfirmForm",
    "DeclareLowerForm",
    "DeclareS1Form",
    "DeliverForm",
    "DismissForm",
    "DowngradeForm",
    "DrillForm",
    "FinishImprovementForm",
    "GradeForm",
    "ImpactForm",
    "ImprovementForm",
    "LoseMitigationForm",
    "MergeForm",
    "MitigateForm",
    "NewIncidentForm",
    "NoteForm",
    "OutsideTimeForm",
    "PlanForm",
    "ProtectDataForm",
    "RaiseForm",
    "RecoveryForm",
    "RecurForm",
    "RejectRecoveryForm",
    "ReleaseForm",
    "ReportForm",
    "ResolveForm",
    "ReturnForm",
    "ReviewForm",
    "SeeAlertForm",
    "T0DecisionForm",
    "T0EarlierForm",
    "T0LaterForm",
    "UpwardForm",
    "UpwardReceiptForm",
    "WaiveProtectionForm",
]
