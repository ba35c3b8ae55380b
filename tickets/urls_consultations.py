"""Addresses of consultations."""

from __future__ import annotations

from django.urls import URLPattern, path

from tickets.views import consultations as views

urlpatterns: list[URLPattern] = [
    path("consultations/", views.ConsultationListView.as_view(), name="consultation_list"),
    path("consultations/<str:number>/", views.ConsultationView.as_view(), name="consultation"),
    path(
        "consultations/<str:key>/do/<slug:action>/",
        views.ConsultationActionView.as_view(),
        name="consultation_action",
    ),
]
