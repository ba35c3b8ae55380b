"""Addresses of the tickets room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from tickets import urls_consultations, urls_defects

app_name = "tickets"
urlpatterns: list[URLPattern | URLResolver] = [
    *urls_defects.urlpatterns,
    *urls_consultations.urlpatterns,
]
