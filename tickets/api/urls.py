"""Addresses of the tickets room in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from tickets.actions import DEFECT_ACTIONS
from tickets.actions_consultations import CONSULTATION_ACTIONS
from tickets.actions_knowledge import KNOWLEDGE_ACTIONS
from tickets.api import consultations, defects, knowledge
from tickets.api.find import find_consultation, find_defect
from tickets.api.serializers import ConsultationDetailSerializer, DefectDetailSerializer
from workflow.api.actions import RecordApi

DEFECTS = RecordApi("defects", DEFECT_ACTIONS, find_defect, DefectDetailSerializer)
CONSULTATIONS = RecordApi(
    "consultations", CONSULTATION_ACTIONS, find_consultation, ConsultationDetailSerializer
)
KNOWLEDGE = RecordApi(
    "knowledge", KNOWLEDGE_ACTIONS, knowledge.find_article, knowledge.KnowledgeSerializer
)

urlpatterns: list[URLPattern] = [
    path("defects/", defects.DefectListApiView.as_view(), name="defects"),
    path("defects/<str:key>/", defects.DefectApiView.as_view(), name="defect"),
    path(
        "defects/<str:key>/attachments/",
        defects.DefectFilesApiView.as_view(),
        name="defect_attachments",
    ),
    *DEFECTS.routes(),
    path("consultations/", consultations.ConsultationListApiView.as_view(), name="consultations"),
    path(
        "consultations/<str:key>/",
        consultations.ConsultationApiView.as_view(),
        name="consultation",
    ),
    *CONSULTATIONS.routes(),
    path("knowledge/", knowledge.KnowledgeListApiView.as_view(), name="knowledge"),
    path("knowledge/<str:key>/", knowledge.KnowledgeApiView.as_view(), name="knowledge_entry"),
    path(
        "knowledge/<str:key>/opinion/",
        knowledge.KnowledgeOpinionApiView.as_view(),
        name="knowledge_entry_opinion",
    ),
    *KNOWLEDGE.routes(),
]
