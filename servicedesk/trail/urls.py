"""Addresses of the audit trail. The audit room itself stands below accounts and has no pages."""

from __future__ import annotations

from django.urls import path

from servicedesk.trail import views

app_name = "audit"
urlpatterns = [
    path("audit/", views.TrailView.as_view(), name="events"),
    path("audit/verify/", views.VerifyView.as_view(), name="verify"),
]
