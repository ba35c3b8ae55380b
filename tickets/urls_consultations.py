"""Addresses of consultations."""

from __future__ import annotations

from django.urls import URLPattern, path

from tickets.views import consultations as views
from tickets.views import knowledge, record_forms

urlpatterns: list[URLPattern] = [
    path("consultations/", views.ConsultationListView.as_view(), name="consultation_list"),
    path("consultations/<str:number>/", views.ConsultationView.as_view(), name="consultation"),
    path(
        "consultations/<str:key>/do/<slug:action>/",
        views.ConsultationActionView.as_view(),
        name="consultation_action",
    ),
    path(
        "consultations/<str:number>/print/",
        record_forms.ConsultationPrintView.as_view(),
        name="consultation_print",
    ),
    path("consultation-form/", record_forms.RecordFormView.as_view(), name="record_form"),
    path("knowledge/", knowledge.KnowledgeListView.as_view(), name="knowledge_list"),
    path("knowledge/new/", knowledge.KnowledgeNewView.as_view(), name="knowledge_new"),
    path("knowledge/<str:number>/", knowledge.KnowledgeView.as_view(), name="knowledge"),
    path(
        "knowledge/<str:number>/opinion/",
        knowledge.KnowledgeOpinionView.as_view(),
        name="knowledge_opinion",
    ),
    path(
        "knowledge/<str:key>/do/<slug:action>/",
        knowledge.KnowledgeActionView.as_view(),
        name="knowledge_action",
    ),
]
