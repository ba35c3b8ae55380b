"""Addresses of the teamwork room's API."""

from __future__ import annotations

from django.urls import URLPattern, path

from teamwork.api import delegation

urlpatterns: list[URLPattern] = [
    path("delegations/", delegation.DelegationsApiView.as_view(), name="delegations"),
    path("delegations/<int:pk>/end/", delegation.EndApiView.as_view(), name="delegation_end"),
]
