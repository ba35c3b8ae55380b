"""Consultations, defects and what belongs to them."""

from tickets.models.afterwards import Correction, Objection
from tickets.models.attachments import Attachment
from tickets.models.consultations import Consultation
from tickets.models.defects import Defect
from tickets.models.endings import DefectCorrection, DefectLink, EndRequest, FollowUp
from tickets.models.groups import GroupOpinion, ProjectGroup
from tickets.models.knowledge import (
    KnowledgeArticle,
    KnowledgeGram,
    KnowledgeOpinion,
    KnowledgeVersion,
)
from tickets.models.outcomes import Implementation, Reply, SuperiorReport, Verification
from tickets.models.record_templates import RecordTemplate
from tickets.models.rulings import (
    EmergencyRelease,
    Reclassification,
    SolutionDraft,
    SuperiorDecision,
    Unsolvable,
)
from tickets.models.solutions import SignOff, Solution, Triage

__all__ = [
    "Attachment",
    "Consultation",
    "Correction",
    "Defect",
    "DefectCorrection",
    "DefectLink",
    "EmergencyRelease",
    "EndRequest",
    "FollowUp",
    "GroupOpinion",
    "Implementation",
    "KnowledgeArticle",
    "KnowledgeGram",
    "KnowledgeOpinion",
    "KnowledgeVersion",
    "Objection",
    "ProjectGroup",
    "Reclassification",
    "RecordTemplate",
    "Reply",
    "SignOff",
    "Solution",
    "SolutionDraft",
    "SuperiorDecision",
    "SuperiorReport",
    "Triage",
    "Unsolvable",
    "Verification",
]
