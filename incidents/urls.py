"""Addresses of the incidents room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from incidents import views

app_name = "incidents"
urlpatterns: list[URLPattern | URLResolver] = [
    path("incidents/", views.IncidentListView.as_view(), name="list"),
    path("incidents/new/", views.NewIncidentView.as_view(), name="new"),
    path("incidents/<str:number>/", views.RoomView.as_view(), name="room"),
    path("incidents/<str:number>/live/", views.LiveView.as_view(), name="live"),
    path("incidents/<str:key>/do/<str:action>/", views.IncidentActionView.as_view(), name="act"),
    path(
        "incidents/<str:number>/<str:kind>/<int:version>/print/",
        views.PrintView.as_view(),
        name="print",
    ),
    path("recovery-files/<uuid:key>/", views.FileView.as_view(), name="file"),
    path("drills/new/", views.DrillNewView.as_view(), name="drill_new"),
]
