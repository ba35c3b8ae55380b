"""Addresses of the sla room in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from sla.actions import AGREEMENT_ACTIONS
from sla.agreements_api import views
from sla.agreements_api.serializers import AgreementSerializer
from workflow.api.actions import RecordApi

AGREEMENTS = RecordApi("agreements", AGREEMENT_ACTIONS, views.find_agreement, AgreementSerializer)

urlpatterns: list[URLPattern] = [
    path("agreements/", views.AgreementListApiView.as_view(), name="agreements"),
    path("agreements/preview/", views.PreviewApiView.as_view(), name="preview_agreement"),
    path("agreements/<str:key>/", views.AgreementApiView.as_view(), name="agreement"),
    *AGREEMENTS.routes(),
]
