"""Addresses of the tickets room in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from tickets.actions import DEFECT_ACTIONS
from tickets.actions_consultations import CONSULTATION_ACTIONS
from tickets.api import consultations, defects, internal_clocks
from tickets.api.find import find_consultation, find_defect
from tickets.api.serializers import ConsultationDetailSerializer, DefectDetailSerializer
from tickets.api.urls_knowledge import urlpatterns as knowledge_urls
from workflow.api.actions import RecordApi

DEFECTS = RecordApi("defects", DEFECT_ACTIONS, find_defect, DefectDetailSerializer)
CONSULTATIONS = RecordApi(
    "consultations", CONSULTATION_ACTIONS, find_consultation, ConsultationDetailSerializer
)

urlpatterns: list[URLPattern] = [
    *knowledge_urls,
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
    path(
        "internal-clocks/",
        internal_clocks.InternalClockListApiView.as_view(),
        name="internal_clocks",
    ),
]
