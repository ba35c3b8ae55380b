"""Addresses of the incidents room in the API."""

from __future__ import annotations

from django.urls import URLPattern, path

from incidents.actions import INCIDENT_ACTIONS
from incidents.api import views
from incidents.api.serializers import IncidentDetailSerializer
from workflow.api.actions import RecordApi

INCIDENTS = RecordApi("incidents", INCIDENT_ACTIONS, views.find_incident, IncidentDetailSerializer)

urlpatterns: list[URLPattern] = [
    path("incidents/", views.IncidentListApiView.as_view(), name="incidents"),
    path("incidents/<str:key>/", views.IncidentApiView.as_view(), name="incident"),
    *INCIDENTS.routes(),
]
