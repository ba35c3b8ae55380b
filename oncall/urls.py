"""Addresses of the oncall room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "oncall"
urlpatterns: list[URLPattern | URLResolver] = []
