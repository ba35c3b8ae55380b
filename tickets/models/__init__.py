"""Consultations, defects and what belongs to them."""

from tickets.models.afterwards import Correction, Objection
from tickets.models.attachments import Attachment
from tickets.models.consultations import Consultation
from tickets.models.defects import Defect
from tickets.models.outcomes import Implementation, Reply, SuperiorReport, Verification
from tickets.models.solutions import SignOff, Solution, Triage

__all__ = [
    "Attachment",
    "Consultation",
    "Correction",
    "Defect",
    "Implementation",
    "Objection",
    "Reply",
    "SignOff",
    "Solution",
    "SuperiorReport",
    "Triage",
    "Verification",
]
