"""Addresses of the sla room."""

from __future__ import annotations

from django.urls import URLPattern, path

from sla import views, views_agreements, views_settings

app_name = "sla"
urlpatterns: list[URLPattern] = [
    path("clocks/<str:subject>/", views.LedgerView.as_view(), name="ledger"),
    path("clocks/<str:subject>/export/", views.ExportView.as_view(), name="ledger_export"),
    path("agreements/", views_agreements.AgreementListView.as_view(), name="agreements"),
    path("agreements/new/", views_agreements.ProposeView.as_view(), name="propose"),
    path("agreements/targets/", views_settings.TargetsView.as_view(), name="targets"),
    path("agreements/regulator/", views_settings.RegulatorView.as_view(), name="regulator"),
    path("agreements/<int:version>/", views_agreements.AgreementView.as_view(), name="agreement"),
    path(
        "agreements/<str:key>/do/<slug:action>/",
        views_agreements.AgreementActionView.as_view(),
        name="agreement_action",
    ),
]
