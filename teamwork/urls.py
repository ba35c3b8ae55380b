"""Addresses of the teamwork room."""

from __future__ import annotations

from django.urls import URLPattern, path

from teamwork.views import delegation, handing_over

app_name = "teamwork"
urlpatterns: list[URLPattern] = [
    path("colleagues/", handing_over.ColleaguesView.as_view(), name="colleagues"),
    path("people/<int:pk>/work/", handing_over.HandOverView.as_view(), name="hand_over"),
    path("delegations/", delegation.DelegationsView.as_view(), name="delegations"),
    path(
        "delegations/of/<int:pk>/",
        delegation.DelegationPanelView.as_view(),
        name="delegation_panel",
    ),
    path("delegations/<int:pk>/end/", delegation.EndView.as_view(), name="delegation_end"),
]
