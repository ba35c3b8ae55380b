"""Addresses of defects, their files and the sign-off inbox."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
