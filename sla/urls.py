"""Addresses of the sla room."""

from __future__ import annotations

from django.urls import URLPattern, path

from sla import views, views_settings

app_name = "sla"
urlpatterns: list[URLPattern] = [
    path("agreements/", views.AgreementListView.as_view(), name="agreements"),
    path("agreements/new/", views.ProposeView.as_view(), name="propose"),
    path("agreements/targets/", views_settings.TargetsView.as_view(), name="targets"),
    path("agreements/regulator/", views_settings.RegulatorView.as_view(), name="regulator"),
    path("agreements/<int:version>/", views.AgreementView.as_view(), name="agreement"),
    path(
        "agreements/<str:key>/do/<slug:action>/",
        views.AgreementActionView.as_view(),
        name="agreement_action",
    ),
]
