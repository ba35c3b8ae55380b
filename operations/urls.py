"""Addresses of the operations room."""

from __future__ import annotations

from django.urls import path

from operations import views

app_name = "operations"
urlpatterns = [
    path("objects/", views.ObjectListView.as_view(), name="object_list"),
    path("objects/<str:code>/", views.ObjectView.as_view(), name="object"),
]
