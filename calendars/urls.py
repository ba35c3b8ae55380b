"""Addresses of the calendars room."""

from __future__ import annotations

from django.urls import path

from calendars import views

app_name = "calendars"
urlpatterns = [
    path("calendar/", views.IndexView.as_view(), name="index"),
    path("calendar/<int:year>/", views.YearView.as_view(), name="year"),
]
