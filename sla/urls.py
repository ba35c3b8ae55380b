"""Addresses of the sla room."""

from __future__ import annotations

from django.urls import path

from sla import views

app_name = "sla"
urlpatterns = [
    path("clocks/<str:subject>/", views.LedgerView.as_view(), name="ledger"),
    path("clocks/<str:subject>/export/", views.ExportView.as_view(), name="ledger_export"),
]
