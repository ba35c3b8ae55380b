"""Addresses of the reports room."""

from __future__ import annotations

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("dashboard/", views.DashboardView.as_view(), name="dashboard"),
    path("availability/", views.AvailabilityView.as_view(), name="availability"),
    path("dashboard/<slug:code>/", views.FigureView.as_view(), name="figure"),
]
